#include "assays/descriptors.hpp"

namespace stroma::assays {

// Measured data only: nothing simulates it yet.
Descriptor survival_assay() {
  Descriptor a;
  a.name = a.analysis = "survival";
  a.title = "survival";
  return a;
}

}  // namespace stroma::assays

#include "assays/descriptors.hpp"

namespace stroma::assays {

// Measured data only: nothing simulates it yet.
Descriptor pk_assay() {
  Descriptor a;
  a.name = a.analysis = "pk";
  a.title = "concentrations in plasma";
  return a;
}

}  // namespace stroma::assays

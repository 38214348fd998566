#include "assays/descriptors.hpp"

namespace stroma::assays {

// Measured data only: nothing simulates it yet.
Descriptor growth_assay() {
  Descriptor a;
  a.name = a.analysis = "growth";
  a.title = "tumour growth by calipers";
  return a;
}

}  // namespace stroma::assays

#include "assays/descriptors.hpp"

namespace stroma::assays {

// Measured data only: nothing simulates it yet.
Descriptor ihc_assay() {
  Descriptor a;
  a.name = a.analysis = "ihc";
  a.title = "immunohistochemistry";
  return a;
}

}  // namespace stroma::assays

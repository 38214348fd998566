#include "assays/descriptors.hpp"

namespace stroma::assays {

// Measured data only: nothing simulates it yet.
Descriptor dose_response_assay() {
  Descriptor a;
  a.name = a.analysis = "dose-response";
  a.title = "dose responses as long tables";
  return a;
}

}  // namespace stroma::assays

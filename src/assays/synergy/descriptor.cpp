#include "assays/descriptors.hpp"

namespace stroma::assays {

// Measured data only: nothing simulates it yet.
Descriptor synergy_assay() {
  Descriptor a;
  a.name = a.analysis = "synergy";
  a.title = "combinations of drugs";
  return a;
}

}  // namespace stroma::assays

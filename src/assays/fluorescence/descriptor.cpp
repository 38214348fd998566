#include "assays/descriptors.hpp"

namespace stroma::assays {

// Measured data only: nothing simulates it yet.
Descriptor fluorescence_assay() {
  Descriptor a;
  a.name = a.analysis = "fluorescence";
  a.title = "immunofluorescence";
  return a;
}

}  // namespace stroma::assays

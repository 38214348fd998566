// LDH release: what dying cells spill into the medium turns a dye over, read at 490 nm.
#pragma once

#include "assays/descriptor.hpp"

namespace outsider {

stroma::assays::Descriptor ldh_assay();

}  // namespace outsider

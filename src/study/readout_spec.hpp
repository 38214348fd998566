// What an experiment asks of an assay, in the words of its [[readout]].
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace stroma::assays {
struct Descriptor;
}

namespace stroma::study {

struct ReadoutSpec {
  std::shared_ptr<const assays::Descriptor> assay;  ///< one that can be simulated; never null once read
  core::Tick at;
  std::vector<std::string> targets;  ///< nodes or substances, as the assay's TargetKind says
  std::string reference;             ///< arm to which a relative assay's others are
  double dilution = 1.0;
};

}  // namespace stroma::study

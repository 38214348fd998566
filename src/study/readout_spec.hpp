// What an experiment asks of an assay, in the words of its [[readout]].
#pragma once

#include <string>
#include <vector>

#include "core/time.hpp"

namespace stroma::study {

enum class Assay { cck8, colonies, annexin, elisa, qpcr, blot };
std::string to_string(Assay assay);

struct ReadoutSpec {
  Assay assay = Assay::cck8;
  core::Tick at;
  std::vector<std::string> targets;  ///< nodes (qpcr, blot) or substances (elisa)
  std::string reference;             ///< arm to which qpcr and blot are relative
  double dilution = 1.0;             ///< elisa
};

}  // namespace stroma::study

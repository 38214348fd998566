// The arms of tubes by the names of their files: ARM_NUMBER, where the number counts the experiments of the
// arm. Names that an acquisition program gave (Specimen_001_Tube_003) say nothing of arms, and a number may
// be a dose; where the rule is doubtful it says why, and nothing is pooled in silence.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace stroma::assays {

struct TubeName {
  std::string arm;
  int replicate = 1, technical = 1;
};

/// "CAF-SN_2" is the second experiment of CAF-SN; a name without such an end is an arm of its own.
TubeName tube_name(const std::string& stem);

/// Why the rule cannot be trusted for these names (without endings), in words; nothing where it can: two
/// files of one arm whose name is an acquisition program's, numbers of one arm that do not count, the same
/// arm and number twice.
std::optional<std::string> doubt_in_names(const std::vector<std::string>& stems);

}  // namespace stroma::assays

// What has to be known about a pharmacokinetic study before its curves mean anything: who was sampled when,
// how the drug was given, which doses. What the samples or the user say is taken, what can be seen is found,
// what neither says is asked where the curves could be read in two ways.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "assays/pk/pk_curve.hpp"

namespace stroma::assays {

struct PkArm {
  std::string name;
  std::vector<PkSample> samples;  ///< one per subject and time, none before time 0
  std::size_t repeats = 0;        ///< measurements of one sample that were averaged
  std::size_t before = 0;         ///< samples before the dose that stand at time 0
  double carried = 0.0;           ///< mean concentration before or at time 0 over the peak's
  PkShape shape;
  double dose = 0.0;  ///< of all; 0: not said, or of each subject its own
  PkDesign design = PkDesign::destructive;

  std::vector<const PkSample*> pointers() const;
  std::vector<std::string> subjects() const;  ///< in order
};

/// The arms of a table, ready for analysis. Throws InputError with every problem and question.
std::vector<PkArm> arrange_arms(std::span<const PkSample> samples, const PkOptions& options,
                                core::Understanding& understanding, core::Diagnostics& warnings);

/// "by mouth or another way that has to be absorbed (extravascular)".
std::string words_of(Route route);

}  // namespace stroma::assays

// Reports of animals and of tubes: survival, growth of tumours, flow cytometry.
#pragma once

#include <string>
#include <vector>

#include "assays/flow.hpp"
#include "assays/survival.hpp"
#include "assays/tumour_growth.hpp"
#include "report/laboratory.hpp"

namespace stroma::report {

/// Curves with numbers at risk, medians and mean times, tests between arms, hazard ratios.
Section survival_section(const assays::SurvivalAnalysis& analysis, const std::string& time_unit);

/// Volumes of every animal and their means, growth rates, inhibition, time to a volume. `target`: the volume
/// in words, such as "4 times the first volume".
Section growth_section(const assays::GrowthAnalysis& analysis, const std::string& target,
                       core::Diagnostics& warnings);

struct AnalysedTube {
  std::string name;  ///< of the file
  assays::FlowSample sample;
  assays::Quadrants quadrants;
  assays::QuadrantGate gate;
  std::string annexin, pi;  ///< channels
  bool simulated = false;
};
/// Cytograms of the first replicate with its gates, fractions of every tube, arms with tests. Tubes of one
/// replicate are averaged.
Section flow_section(const std::vector<AnalysedTube>& tubes, const std::string& reference,
                     core::Diagnostics& warnings);

}  // namespace stroma::report

// Reports of animals and of tubes: survival, growth of tumours, flow cytometry.
#pragma once

#include <string>
#include <vector>

#include "assays/flow/flow.hpp"
#include "assays/growth/tumour_growth.hpp"
#include "assays/survival/survival.hpp"
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
  std::string dye = "PI";       ///< that dead cells take up
  std::string forward, side;    ///< channels of scatter; empty where there are none
  std::vector<float> fsc, ssc;  ///< of an evenly spaced part of the events, debris among them
  double least_fsc = missing;   ///< events below were taken for debris and left out
  std::size_t acquired = 0;     ///< events of the file, those left out among them
};
/// Cytograms and scatter of the first replicate with their gates, fractions of every tube, arms with tests.
/// Tubes of one replicate are averaged.
Section flow_section(const std::vector<AnalysedTube>& tubes, const std::string& reference,
                     core::Diagnostics& warnings);

/// Scatter of the events of a tube, at most as many as a figure draws; call it before debris is removed.
void keep_scatter(AnalysedTube& tube, std::size_t forward_channel, std::size_t side_channel);

}  // namespace stroma::report

// Reports of animals and of tubes: survival, growth of tumours, flow cytometry.
#pragma once

#include <string>
#include <vector>

#include "assays/survival.hpp"
#include "report/laboratory.hpp"

namespace stroma::report {

/// Curves with numbers at risk, medians and mean times, tests between arms, hazard ratios.
Section survival_section(const assays::SurvivalAnalysis& analysis, const std::string& time_unit);

}  // namespace stroma::report

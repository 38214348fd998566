// Stars of a p value: the field's, and those of Zhao et al. 2023 (doi:10.1186/s12885-023-11613-8, the CAF /
// CXCL12 / FOLR1 paper, its section on statistics), which are one star stricter and belong to its own figures
// alone.
#pragma once

#include <string_view>

namespace stroma::stats {

/// What most journals print: * p < 0.05, ** p < 0.01, *** p < 0.001, **** p < 0.0001, else "N.S.". Throws
/// StatisticsError for p outside [0, 1].
std::string_view stars(double p);

/// Those of Zhao et al.: * p < 0.01, ** p < 0.001, *** p < 0.0001, **** p < 0.00001. That paper calls p <
/// 0.05 significant but has no star for it, so a p in [0.01, 0.05) gives the label "p<0.05"; everything else
/// is "N.S.".
std::string_view stars_of_zhao(double p);

/// p < 0.05; a number in [0, 1].
bool significant(double p);

}  // namespace stroma::stats

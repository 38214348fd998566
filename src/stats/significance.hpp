// Stars of a p value in the convention of Zhao et al. 2023 (the CAF / CXCL12 / FOLR1 paper, its section on
// statistics):
// * p < 0.01, ** p < 0.001, *** p < 0.0001, **** p < 0.00001. This is one star stricter than what most
// journals print.
#pragma once

#include <string_view>

namespace stroma::stats {

/// "****", "***", "**", "*" by the limits above. That paper calls p < 0.05 significant but has no star for
/// it, so a p in [0.01, 0.05) gives the label "p<0.05"; everything else is "N.S.". Throws StatisticsError for
/// p outside [0, 1].
std::string_view stars(double p);

/// p < 0.05, what that paper calls statistically significant; a number in [0, 1].
bool significant(double p);

}  // namespace stroma::stats

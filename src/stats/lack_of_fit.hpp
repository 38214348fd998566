// Whether a curve goes through its data: what it misses of the means of repeated observations against how the
// repeats scatter (Fisher's lack-of-fit test; Bates and Watts 1988, 1.3.2). R: anova(nls fit, lm(y ~
// factor(x))).
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "stats/anova.hpp"

namespace stroma::stats {

/// H0: the mean at every x lies on the curve. `weights` as in the fit (or none), `residual_sum` its weighted
/// sum of squares, `parameters` what was fitted. Nothing where no x is repeated, the repeats do not differ at
/// all, or there are no more distinct x than parameters.
std::optional<FTest> lack_of_fit(std::span<const double> x, std::span<const double> y,
                                 std::span<const double> weights, double residual_sum,
                                 std::size_t parameters);

}  // namespace stroma::stats

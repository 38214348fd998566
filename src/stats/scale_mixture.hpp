// The tail of a statistic whose error was estimated: P(X / S >= q) = E[ upper(q S) ] with upper(w) = P(X >=
// w) and S^2 an independent chi-square over its degrees of freedom. Shared by Tukey's and Dunnett's laws.
#pragma once

#include <functional>

namespace stroma::stats {

/// E[upper(q S)], q > 0, df >= 1 (infinity: upper(q)). `upper` is smooth and decreasing on the scale of 1,
/// from 1 at 0. Relative accuracy about 1e-9, also in the far tail.
double scale_mixture_upper(double q, double df, const std::function<double(double)>& upper);

}  // namespace stroma::stats

// Tukey's studentized range: Q = (max - min of k standard normals) / S, with S^2 an independent chi-square
// over its degrees of freedom. P(Q >= q) = integral of f_S(s) R(q s) ds, R(w) = P(range >= w); Tukey 1953,
// and Copenhaver and Holland, J. Stat. Comput. Simul. 30 (1988). Both integrals are over analytic integrands,
// see the .cpp.
#pragma once

namespace stroma::stats {

/// P(Q >= q) for k >= 2 groups, df >= 1 (infinity allowed), q >= 0. Relative accuracy about 1e-9, also in the
/// far tail, where a complement of the cdf would have lost it.
double studentized_range_upper(double q, int groups, double df);

/// P(Q <= q); absolute accuracy about 1e-9.
double studentized_range_cdf(double q, int groups, double df);

/// The q with P(Q >= q) = upper, upper in (0, 1): the critical value of Tukey's test. Relative accuracy about
/// 1e-9.
double studentized_range_critical(double upper, int groups, double df);

}  // namespace stroma::stats

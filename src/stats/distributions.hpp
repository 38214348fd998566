// Tail areas and quantiles of the reference distributions, from Boost.Math behind plain functions, so that no
// other file includes it. Upper tails are computed as such and not as 1 - cdf: a p value of 1e-30 keeps its
// digits.
#pragma once

namespace stroma::stats {

/// P(|T| >= |t|) for Student's t with df > 0 degrees of freedom (need not be whole).
double student_t_two_sided(double t, double df);

/// P(T >= t) for Student's t with df > 0.
double student_t_upper(double t, double df);

/// The t with P(T >= t) = upper, upper in (0, 1); df may be infinite (the normal law).
double student_t_upper_quantile(double upper, double df);

/// The t with P(|T| <= t) = level: 12.706 for level 0.95 and df 1.
double student_t_critical(double level, double df);

/// P(F >= f), f >= 0 (infinity gives 0), degrees of freedom > 0.
double f_upper(double f, double df1, double df2);

/// The f with P(F >= f) = upper, upper in (0, 1), degrees of freedom > 0.
double f_upper_quantile(double upper, double df1, double df2);

/// P(T >= t) for the noncentral t law: (Z + noncentrality) / sqrt(chi-square / df), df > 0.
double noncentral_t_upper(double t, double df, double noncentrality);

/// P(F >= f) for the noncentral F law with noncentrality >= 0, f >= 0.
double noncentral_f_upper(double f, double df1, double df2, double noncentrality);

/// P(X >= x) for chi-square with df > 0, x >= 0.
double chi_square_upper(double x, double df);

/// x with P(X <= x) = p, p in (0, 1), df > 0.
double chi_square_quantile(double p, double df);

/// Standard normal P(Z <= z).
double normal_cdf(double z);

/// P(|Z| >= |z|).
double normal_two_sided(double z);

/// The z with P(Z <= z) = p, p in (0, 1).
double normal_quantile(double p);

}  // namespace stroma::stats

// Exponentials, logarithms, powers and angles that give the same bits on every processor. The C library picks
// its versions by processor (with and without fused multiply-add) and by release; these are made of IEEE 754
// additions, products, quotients and square roots alone, in a written order, and are what the engine uses.
// Errors are against exact arithmetic, in units of the last place (ulp), and are measured by tests.
#pragma once

#include <cstdint>

namespace stroma::core::maths {

/// e^x, error below 0.75 ulp; infinity beyond 709.78, 0 below -745.2.
double exp(double x);
/// e^x - 1, error below 1.75 ulp, also where x is small.
double expm1(double x);
/// 2^x, error below 1 ulp; exact for whole x.
double exp2(double x);
/// 10^x, error below 1 ulp.
double exp10(double x);

/// ln x, error below 1 ulp; -infinity at 0, not a number below.
double log(double x);
/// ln(1 + x), error below 1.25 ulp, also where x is small.
double log1p(double x);
/// log2 x, error below 1.75 ulp; exact for powers of two.
double log2(double x);
/// log10 x, error below 2 ulp; not exact for powers of ten.
double log10(double x);

/// x^y, error below 1 ulp while |y ln x| < 16 and 4 beyond; the conventions of C where x <= 0 or y = 0.
double pow(double x, double y);
/// x^y of a single-precision x >= 0, error below 0.51 ulp while |y log2 x| < 30 and 0.6 beyond.
float pow(float x, float y);
/// x^n by multiplication; error below |n| ulp. 1 at n = 0.
double power(double x, int n);

/// Cubic root, error below 1 ulp; of a single-precision number correctly rounded but for ties within 1e-13.
double cbrt(double x);
float cbrt(float x);

/// Cosine and sine of an angle given in turns: error below 2 ulp, exact at whole quarters.
struct OnCircle {
  double cosine = 1.0, sine = 0.0;
};
OnCircle on_circle(double turns);

/// The x that a standard normal variable stays below with probability p in (0, 1): relative error 1e-15.
/// Wichura, Applied Statistics 37, 477 (1988), algorithm AS 241.
double normal_quantile(double p);

/// ln of the probability of k for a Poisson variable of mean > 0, and for a binomial one of n trials with
/// probability p in (0, 1) each: saddle-point form of Loader (2000), which loses nothing where k and the mean
/// are large.
double log_poisson(std::int64_t k, double mean);
double log_binomial(std::int64_t k, std::int64_t n, double p);

}  // namespace stroma::core::maths

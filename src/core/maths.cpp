// See maths.hpp. Arguments are reduced to a small interval with a constant in two parts, series are Taylor's
// with as many terms as a double holds, and the rounding error of the leading sum is carried along.
#include "core/maths.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace stroma::core::maths {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// ln 2 in two parts; the first ends in zeros, so that its product with an exponent is exact.
constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
constexpr double log2_e = 0x1.71547652b82fep+0;

// The nearest whole number of |x| < 2^51, by the rounding of the addition itself.
double nearest(double x) {
  constexpr double shift = 0x1.8p52;
  return (x + shift) - shift;
}

// x 2^k of a normal x in [1/2, 4), also where the result is subnormal or too large.
double scaled(double x, int k) {
  const auto power_of_two = [](int e) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(e + 1023) << 52);
  };
  if (k > 1020) return x * 0x1p1020 * power_of_two(k - 1020);
  if (k < -1020) return x * power_of_two(k + 1020) * 0x1p-1020;
  return x * power_of_two(k);
}

// (e^r - 1 - r) / r^2 for |r| <= 0.35: the terms up to r^13 leave less than 2^-57 of e^r.
double exp_series(double r) {
  constexpr double c0 = 1.0 / 2, c1 = 1.0 / 6, c2 = 1.0 / 24, c3 = 1.0 / 120, c4 = 1.0 / 720, c5 = 1.0 / 5040,
                   c6 = 1.0 / 40320, c7 = 1.0 / 362880, c8 = 1.0 / 3628800, c9 = 1.0 / 39916800,
                   c10 = 1.0 / 479001600, c11 = 1.0 / 6227020800;
  const double r2 = r * r, r4 = r2 * r2;
  const double low = (c0 + c1 * r) + (c2 + c3 * r) * r2;
  const double middle = (c4 + c5 * r) + (c6 + c7 * r) * r2;
  const double high = (c8 + c9 * r) + (c10 + c11 * r) * r2;
  return low + (middle + high * r4) * r4;
}

// x = k ln 2 + r + rest with |r| <= 0.35.
struct Reduced {
  int k;
  double r, rest;
};

Reduced reduce(double x) {
  const double k = nearest(x * log2_e);
  const double high = x - k * ln2_high, low = k * ln2_low;
  const double r = high - low;
  return {static_cast<int>(k), r, (high - r) - low};
}

// e^(x + correction) for a correction far below x.
double exp_of(double x, double correction) {
  if (!(x < 709.79)) return x > 0.0 ? infinity : x;
  if (x < -745.14) return 0.0;
  const Reduced to = reduce(x);
  const double more = to.rest + correction, r = to.r + more, rest = (to.r - r) + more;
  const double tail = r * r * exp_series(r) + rest;
  const double sum = 1.0 + r;
  return scaled(sum + ((1.0 - sum) + r + tail), to.k);
}

// x = 2^k m with m in [sqrt(1/2), sqrt(2)), of a positive finite x.
struct Parts {
  int k;
  double m;
};

Parts split(double x) {
  constexpr std::uint64_t root_half = 0x3fe6a09e667f3bcdu, one = 0x3ff0000000000000u;
  int k = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= 0x1p54;
    k = -54;
  }
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(x) + (one - root_half);
  return {k + static_cast<int>(bits >> 52) - 1023,
          std::bit_cast<double>((bits & 0x000fffffffffffffu) + root_half)};
}

// sum over j >= 1 of 2 z^j / (2 j + 1): ln((1 + s)/(1 - s)) is s (2 + that) with z = s^2 <= 0.0295. Eleven
// terms leave less than 2^-60 of it.
double log_series(double z) {
  constexpr double c1 = 2.0 / 3, c2 = 2.0 / 5, c3 = 2.0 / 7, c4 = 2.0 / 9, c5 = 2.0 / 11, c6 = 2.0 / 13,
                   c7 = 2.0 / 15, c8 = 2.0 / 17, c9 = 2.0 / 19, c10 = 2.0 / 21, c11 = 2.0 / 23;
  const double z2 = z * z, z4 = z2 * z2;
  const double low = (c1 + c2 * z) + (c3 + c4 * z) * z2;
  const double middle = (c5 + c6 * z) + (c7 + c8 * z) * z2;
  const double high = (c9 + c10 * z) + c11 * z2;
  return z * (low + (middle + high * z4) * z4);
}

// ln(2^k (1 + f)) + correction for |f| <= 0.42: f - f^2/2 + s (f^2/2 + R), whose leading term is exact.
double log_of(double f, int k, double correction) {
  const double s = f / (2.0 + f), half_square = 0.5 * f * f;
  const double tail = s * (half_square + log_series(s * s)) + (k * ln2_low + correction);
  return k * ln2_high - ((half_square - tail) - f);
}

// A number as the sum of two, the second below half a unit of the first's last place.
struct Pair {
  double high, low;
};

Pair sum_of(double a, double b) {
  const double high = a + b, part = high - a;
  return {high, (a - (high - part)) + (b - part)};
}

// Dekker's product, for |a|, |b| < 2^970.
Pair product_of(double a, double b) {
  constexpr double splitter = 0x1p27 + 1.0;
  const double ca = splitter * a, cb = splitter * b;
  const double ah = ca - (ca - a), al = a - ah, bh = cb - (cb - b), bl = b - bh;
  const double high = a * b;
  return {high, ((ah * bh - high) + ah * bl + al * bh) + al * bl};
}

// ln x with a relative error below 2^-58.
Pair log_in_two(double x) {
  const auto [k, m] = split(x);
  const double f = m - 1.0;
  const double d = 2.0 + f, d_rest = (2.0 - d) + f;
  const double s = f / d;
  const Pair back = product_of(s, d);
  const double s_rest = (((f - back.high) - back.low) - s * d_rest) / d;
  const Pair sum = sum_of(k * ln2_high, 2.0 * s);
  return sum_of(sum.high, sum.low + (2.0 * s_rest + (s * log_series(s * s) + k * ln2_low)));
}

bool is_whole(double y) {
  return std::abs(y) >= 0x1p52 || std::floor(y) == y;
}
bool is_odd(double y) {
  return std::abs(y) < 0x1p53 && std::fmod(y, 2.0) != 0.0;
}

}  // namespace

double exp(double x) {
  return exp_of(x, 0.0);
}

double expm1(double x) {
  if (std::abs(x) < 0.34) return x + x * x * exp_series(x);
  if (!(x < 709.79)) return x > 0.0 ? infinity : x;
  if (x < -45.0) return -1.0;
  const Reduced to = reduce(x);
  if (to.k > 55) return exp_of(x, 0.0);
  const double e = to.r + (to.r * to.r * exp_series(to.r) + to.rest);
  if (to.k < 0) {
    const double part = scaled(1.0, to.k);
    return (part - 1.0) + part * e;
  }
  return scaled((1.0 - scaled(1.0, -to.k)) + e, to.k);
}

double exp2(double x) {
  if (!(std::abs(x) < 1100.0)) return x > 0.0 ? infinity : x < 0.0 ? 0.0 : x;
  const double k = nearest(x);
  constexpr double ln2 = 0x1.62e42fefa39efp-1, ln2_rest = 0x1.abc9e3b39803fp-56;
  const Pair product = product_of(x - k, ln2);
  const double tail =
      product.high * product.high * exp_series(product.high) + (product.low + (x - k) * ln2_rest);
  const double sum = 1.0 + product.high;
  if (k < -1080.0) return 0.0;
  if (k > 1030.0) return infinity;
  return scaled(sum + ((1.0 - sum) + product.high + tail), static_cast<int>(k));
}

double exp10(double x) {
  if (!(std::abs(x) < 400.0)) return x > 0.0 ? infinity : x < 0.0 ? 0.0 : x;
  constexpr double ln10 = 0x1.26bb1bbb55516p+1, ln10_rest = -2.1707562233822494e-16;
  const Pair product = product_of(x, ln10);
  return exp_of(product.high, product.low + x * ln10_rest);
}

double log(double x) {
  if (!(x > 0.0)) return x == 0.0 ? -infinity : not_a_number;
  if (x == infinity) return x;
  const auto [k, m] = split(x);
  return log_of(m - 1.0, k, 0.0);
}

double log1p(double x) {
  if (!(x > -1.0)) return x == -1.0 ? -infinity : not_a_number;
  if (x > -0.29 && x < 0.41) return std::abs(x) < 0x1p-54 ? x : log_of(x, 0, 0.0);
  if (x == infinity) return x;
  const double sum = 1.0 + x;
  const double lost = x >= 1.0 ? 1.0 - (sum - x) : x - (sum - 1.0);
  const auto [k, m] = split(sum);
  return log_of(m - 1.0, k, lost / sum);
}

double log2(double x) {
  if (!(x > 0.0)) return x == 0.0 ? -infinity : not_a_number;
  if (x == infinity) return x;
  const auto [k, m] = split(x);
  constexpr double rest = 0x1.777d0ffda0d24p-56;  // of log2(e)
  const double f = m - 1.0, natural = log_of(f, 0, 0.0);
  const Pair product = product_of(natural, log2_e);
  const Pair sum = sum_of(k, product.high);
  return sum.high + (sum.low + (product.low + natural * rest));
}

double log10(double x) {
  constexpr double log10_e = 0x1.bcb7b1526e50ep-2;
  return log(x) * log10_e;
}

double pow(double x, double y) {
  if (y == 0.0 || x == 1.0) return 1.0;
  if (std::isnan(x) || std::isnan(y)) return not_a_number;
  if (x < 0.0) {
    if (!is_whole(y)) return x == -infinity ? (y > 0.0 ? infinity : 0.0) : not_a_number;
    const double size = pow(-x, y);
    return is_odd(y) ? -size : size;
  }
  if (x == 0.0) return y > 0.0 ? 0.0 : infinity;
  if (x == infinity) return y > 0.0 ? infinity : 0.0;
  const Pair natural = log_in_two(x);
  if (!(std::abs(y * natural.high) < 800.0)) return (y > 0.0) == (natural.high > 0.0) ? infinity : 0.0;
  if (std::abs(y) > 0x1p900) return exp(y * natural.high);
  const Pair product = product_of(y, natural.high);
  return exp_of(product.high, product.low + y * natural.low);
}

float pow(float x, float y) {
  if (y == 0.0f) return 1.0f;
  if (!(x > 0.0f))
    return x < 0.0f || x != x ? std::numeric_limits<float>::quiet_NaN() : y > 0.0f ? 0.0f : HUGE_VALF;
  if (x > std::numeric_limits<float>::max()) return y > 0.0f ? x : 0.0f;
  // In double, with the terms that single precision needs: 2^-34 of log2 x, 2^-36 of 2^g.
  const auto [k, m] = split(static_cast<double>(x));
  const double s = (m - 1.0) / (m + 1.0), z = s * s, z2 = z * z;
  constexpr double d0 = 2.0 * log2_e, d1 = d0 / 3, d2 = d0 / 5, d3 = d0 / 7, d4 = d0 / 9, d5 = d0 / 11;
  const double log2_m = s * (((d0 + d1 * z) + (d2 + d3 * z) * z2) + (d4 + d5 * z) * (z2 * z2));
  const double t = static_cast<double>(y) * (k + log2_m);
  if (!(std::abs(t) < 300.0)) return t > 0.0 ? HUGE_VALF : 0.0f;
  const double whole = nearest(t), g = (t - whole) * 0x1.62e42fefa39efp-1, g2 = g * g;
  constexpr double c3 = 1.0 / 6, c4 = 1.0 / 24, c5 = 1.0 / 120, c6 = 1.0 / 720, c7 = 1.0 / 5040,
                   c8 = 1.0 / 40320, c9 = 1.0 / 362880;
  const double low = (1.0 + g) + (0.5 + c3 * g) * g2;
  const double high = ((c4 + c5 * g) + (c6 + c7 * g) * g2) + (c8 + c9 * g) * (g2 * g2);
  return static_cast<float>(scaled(low + high * (g2 * g2), static_cast<int>(whole)));
}

double power(double x, int n) {
  double result = 1.0;
  for (int k = n < 0 ? -n : n; k > 0; --k) result *= x;
  return n < 0 ? 1.0 / result : result;
}

double cbrt(double x) {
  const double a = std::abs(x);
  if (a == 0.0 || !(a < infinity)) return x;
  if (a < std::numeric_limits<double>::min()) return cbrt(x * 0x1p54) * 0x1p-18;
  // A third of the exponent, 5 % off at most; Halley's iteration triples the digits each time.
  double t = std::bit_cast<double>(std::bit_cast<std::uint64_t>(a) / 3 + 0x2a9f7893782da1ceu);
  for (int k = 0; k < 3; ++k) {
    const double cube = t * t * t;
    t = t * ((cube + (a + a)) / (cube + cube + a));
  }
  const Pair square = product_of(t, t), cube = product_of(square.high, t);
  t -= ((cube.high - a) + (cube.low + square.low * t)) / (3.0 * square.high);  // what rounding has left
  return x < 0.0 ? -t : t;
}

float cbrt(float x) {
  const double a = std::abs(static_cast<double>(x));
  if (a == 0.0 || !(a < infinity)) return x;
  double t = std::bit_cast<double>(std::bit_cast<std::uint64_t>(a) / 3 + 0x2a9f7893782da1ceu);
  for (int k = 0; k < 2; ++k) {
    const double cube = t * t * t;
    t = t * ((cube + (a + a)) / (cube + cube + a));
  }
  return static_cast<float>(x < 0.0f ? -t : t);
}

OnCircle on_circle(double turns) {
  const double quarter = nearest(4.0 * turns);
  const double r = turns - 0.25 * quarter;  // exact: both are multiples of the last place of `turns`
  constexpr double two_pi = 0x1.921fb54442d18p+2, two_pi_rest = 0x1.1a62633145c07p-52;
  const double x = r * two_pi + r * two_pi_rest, z = x * x;
  double s = 1.0 / 355687428096000.0;  // 1/17!
  for (const double c : {1.0 / 1307674368000.0, 1.0 / 6227020800.0, 1.0 / 39916800.0, 1.0 / 362880.0,
                         1.0 / 5040.0, 1.0 / 120.0, 1.0 / 6.0})
    s = c - s * z;
  s = x - x * z * s;
  double c = 1.0 / 20922789888000.0;  // 1/16!
  for (const double d :
       {1.0 / 87178291200.0, 1.0 / 479001600.0, 1.0 / 3628800.0, 1.0 / 40320.0, 1.0 / 720.0, 1.0 / 24.0})
    c = d - c * z;
  const double half = 0.5 * z, lead = 1.0 - half;
  c = lead + (((1.0 - lead) - half) + z * z * c);
  switch (static_cast<std::int64_t>(quarter) & 3) {
    case 0:
      return {c, s};
    case 1:
      return {-s, c};
    case 2:
      return {-c, -s};
    default:
      return {s, -c};
  }
}

}  // namespace stroma::core::maths

#include "stats/distributions.hpp"

#include <fmt/format.h>

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/non_central_f.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "stats/error.hpp"

namespace stroma::stats {
namespace {

namespace bm = boost::math;

void require_df(double df) {
  if (!(df > 0.0))
    throw StatisticsError(fmt::format("degrees of freedom: {} given, a positive number is needed", df));
}

void require_number(double x, const char* what) {
  if (std::isnan(x)) throw StatisticsError(fmt::format("{}: not a number", what));
}

void require_probability(double p) {
  if (!(p > 0.0 && p < 1.0))
    throw StatisticsError(fmt::format("probability: {} given, a number in (0, 1) is needed", p));
}

}  // namespace

double student_t_upper(double t, double df) {
  require_number(t, "t statistic");
  require_df(df);
  if (std::isinf(t)) return t > 0 ? 0.0 : 1.0;
  return bm::cdf(bm::complement(bm::students_t(df), t));
}

double student_t_two_sided(double t, double df) {
  return 2.0 * student_t_upper(std::abs(t), df);
}

double student_t_upper_quantile(double upper, double df) {
  require_probability(upper);
  require_df(df);
  if (std::isinf(df)) return bm::quantile(bm::complement(bm::normal(), upper));
  return bm::quantile(bm::complement(bm::students_t(df), upper));
}

double student_t_critical(double level, double df) {
  require_level(level);
  return student_t_upper_quantile(0.5 * (1.0 - level), df);
}

double f_upper(double f, double df1, double df2) {
  require_number(f, "F statistic");
  require_df(df1);
  require_df(df2);
  if (f < 0.0) throw StatisticsError(fmt::format("F statistic: {} given, a number not below 0 is needed", f));
  if (std::isinf(f)) return 0.0;
  return bm::cdf(bm::complement(bm::fisher_f(df1, df2), f));
}

double f_upper_quantile(double upper, double df1, double df2) {
  require_probability(upper);
  require_df(df1);
  require_df(df2);
  return bm::quantile(bm::complement(bm::fisher_f(df1, df2), upper));
}

double noncentral_t_upper(double t, double df, double noncentrality) {
  require_number(t, "t statistic");
  require_number(noncentrality, "noncentrality");
  require_df(df);
  if (noncentrality == 0.0) return student_t_upper(t, df);
  return bm::cdf(bm::complement(bm::non_central_t(df, noncentrality), t));
}

double noncentral_f_upper(double f, double df1, double df2, double noncentrality) {
  require_df(df1);
  require_df(df2);
  if (!(f >= 0.0))
    throw StatisticsError(fmt::format("F statistic: {} given, a number not below 0 is needed", f));
  if (!(noncentrality >= 0.0)) {
    throw StatisticsError(
        fmt::format("noncentrality: {} given, a number not below 0 is needed", noncentrality));
  }
  if (noncentrality == 0.0) return f_upper(f, df1, df2);
  return bm::cdf(bm::complement(bm::non_central_f(df1, df2, noncentrality), f));
}

double chi_square_upper(double x, double df) {
  require_number(x, "chi-square statistic");
  require_df(df);
  if (x < 0.0)
    throw StatisticsError(fmt::format("chi-square statistic: {} given, a number not below 0 is needed", x));
  if (std::isinf(x)) return 0.0;
  return bm::cdf(bm::complement(bm::chi_squared(df), x));
}

double chi_square_quantile(double p, double df) {
  require_probability(p);
  require_df(df);
  return bm::quantile(bm::chi_squared(df), p);
}

double normal_cdf(double z) {
  require_number(z, "z");
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

double normal_two_sided(double z) {
  require_number(z, "z");
  return std::erfc(std::abs(z) / std::sqrt(2.0));
}

double normal_quantile(double p) {
  require_probability(p);
  return bm::quantile(bm::normal(), p);
}

}  // namespace stroma::stats

#include "stats/power.hpp"

#include <fmt/format.h>

#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>

#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

void require(bool holds, const char* what, double value, const char* needed) {
  if (!holds) throw StatisticsError(fmt::format("power: {} {} given, {} is needed", what, value, needed));
}

void require_share(double value, const char* what) {
  require(value > 0.0 && value < 1.0, what, value, "a number in (0, 1)");
}

void require_log_rank(double hazard_ratio, double share, double alpha) {
  require(hazard_ratio > 0.0 && hazard_ratio != 1.0 && std::isfinite(hazard_ratio), "hazard ratio",
          hazard_ratio, "a positive number other than 1");
  require_share(share, "share of the first arm");
  require_share(alpha, "alpha");
}

}  // namespace

double sd_upper_limit(double sd, double df, double confidence) {
  require(sd >= 0.0 && std::isfinite(sd), "standard deviation", sd, "a number of 0 or more");
  require(df > 0.0, "degrees of freedom", df, "a positive number");
  require_share(confidence, "confidence");
  return sd * std::sqrt(df / chi_square_quantile(1.0 - confidence, df));
}

double power_t_test(const TPower& d) {
  require(d.n >= 2.0, "n", d.n, "2 or more");
  require(d.sd > 0.0 && std::isfinite(d.sd), "standard deviation", d.sd, "a positive number");
  require(std::isfinite(d.delta), "difference", d.delta, "a finite number");
  require_share(d.alpha, "alpha");
  const double samples = d.design == TDesign::two_sample ? 2.0 : 1.0;
  const double df = samples * (d.n - 1.0);
  const double noncentrality = std::sqrt(d.n / samples) * (d.two_sided ? std::abs(d.delta) : d.delta) / d.sd;
  const double limit = student_t_upper_quantile(d.two_sided ? 0.5 * d.alpha : d.alpha, df);
  const double right = noncentral_t_upper(limit, df, noncentrality);
  const bool both = d.strict && d.two_sided;
  return both ? right + noncentral_t_upper(limit, df, -noncentrality) : right;
}

double power_anova(const AnovaPower& d) {
  require(d.groups >= 2.0, "number of groups", d.groups, "2 or more");
  require(d.n >= 2.0, "n", d.n, "2 or more");
  require(d.between_var >= 0.0, "variance between groups", d.between_var, "a number of 0 or more");
  require(d.within_var > 0.0, "variance within groups", d.within_var, "a positive number");
  require_share(d.alpha, "alpha");
  const double df1 = d.groups - 1.0;
  const double df2 = d.groups * (d.n - 1.0);
  return noncentral_f_upper(f_upper_quantile(d.alpha, df1, df2), df1, df2,
                            df1 * d.n * d.between_var / d.within_var);
}

double power_proportions(const ProportionPower& d) {
  require(d.n >= 1.0, "n", d.n, "1 or more");
  require_share(d.p1, "proportion");
  require_share(d.p2, "proportion");
  require_share(d.alpha, "alpha");
  const double pooled = 0.5 * (d.p1 + d.p2);
  const double z = -normal_quantile(d.two_sided ? 0.5 * d.alpha : d.alpha);
  const double null_sd = std::sqrt(2.0 * pooled * (1.0 - pooled));
  const double sd = std::sqrt(d.p1 * (1.0 - d.p1) + d.p2 * (1.0 - d.p2));
  const double distance = std::sqrt(d.n) * std::abs(d.p1 - d.p2);
  const double right = normal_cdf((distance - z * null_sd) / sd);
  return d.strict && d.two_sided ? right + normal_cdf((-distance - z * null_sd) / sd) : right;
}

LogRankSize log_rank_size(double hazard_ratio, double power, double event_chance, double share,
                          double alpha) {
  require_log_rank(hazard_ratio, share, alpha);
  require(power > 0.5 * alpha && power < 1.0, "power", power, "a number between alpha / 2 and 1");
  require(event_chance > 0.0 && event_chance <= 1.0, "chance of an event", event_chance,
          "a number in (0, 1]");
  const double z = -normal_quantile(0.5 * alpha) + normal_quantile(power);
  const double effect = std::log(hazard_ratio);
  LogRankSize s;
  s.events = z * z / (share * (1.0 - share) * effect * effect);
  s.subjects = s.events / event_chance;
  return s;
}

double power_log_rank(double hazard_ratio, double events, double share, double alpha) {
  require_log_rank(hazard_ratio, share, alpha);
  require(events > 0.0, "number of events", events, "a positive number");
  return normal_cdf(std::sqrt(events * share * (1.0 - share)) * std::abs(std::log(hazard_ratio)) +
                    normal_quantile(0.5 * alpha));
}

double solve_power(const std::function<double(double)>& power, double wanted, double low, double high,
                   const char* what) {
  require_share(wanted, "power");
  const double least = power(low), most = power(high);
  if (!(least <= wanted && wanted <= most)) {
    throw StatisticsError(fmt::format(
        "power: no {} between {:.6g} and {:.6g} gives a power of {:.6g}; there it runs from {:.6g} to {:.6g}",
        what, low, high, wanted, least, most));
  }
  std::uintmax_t iterations = 300;
  const auto bracket = boost::math::tools::toms748_solve(
      [&](double v) { return power(v) - wanted; }, low, high, least - wanted, most - wanted,
      boost::math::tools::eps_tolerance<double>(42), iterations);
  return 0.5 * (bracket.first + bracket.second);
}

}  // namespace stroma::stats

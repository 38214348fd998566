// The one-compartment model with first-order absorption: its closed forms, and its fit to samples.
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "assays/pk/pk_curve.hpp"
#include "stats/distributions.hpp"
#include "stats/nonlinear_fit.hpp"

namespace stroma::assays {
namespace {

// ln amount, ln ke, ln(ka - ke): ka > ke, because the two give the same curve when exchanged.
double model_at(double t, std::span<const double> p) {
  const double ke = std::exp(p[1]);
  return one_compartment_oral(t, std::exp(p[0]), ke + std::exp(p[2]), ke);
}

}  // namespace

std::optional<OneCompartment> fit_one_compartment(std::span<const PkSample* const> samples,
                                                  const std::vector<PkPoint>& points, double dose) {
  std::vector<double> times, values, weights;
  for (const PkSample* s : samples)
    for (const PkPoint& point : points)
      if (point.time == s->time && s->concentration && point.mean > 0.0 && s->time > 0.0) {
        times.push_back(s->time);
        values.push_back(*s->concentration);
        weights.push_back(1.0 / (point.mean * point.mean));  // the error is a percentage of the concentration
      }
  std::set<double> distinct(times.begin(), times.end());
  if (distinct.size() < 4) return std::nullopt;
  const double peak = *std::max_element(values.begin(), values.end());
  const double last = *distinct.rbegin();
  stats::NonlinearOptions options;
  options.weights = weights;
  std::optional<stats::NonlinearFit> best;
  for (const double ke : {0.3 / last, 1.0 / last, 3.0 / last})
    for (const double ratio : {1.5, 5.0, 20.0}) {
      const std::vector<double> start{std::log(1.5 * peak), std::log(ke), std::log(ratio * ke)};
      stats::NonlinearFit fit = stats::fit_nonlinear(model_at, times, values, start, options);
      if (!best || fit.residual_sum_of_squares < best->residual_sum_of_squares * (1.0 - 1e-9))
        best = std::move(fit);
    }
  OneCompartment out;
  const std::vector<double>& p = best->estimates;
  out.ke = std::exp(p[1]);
  out.ka = out.ke + std::exp(p[2]);
  const double amount = std::exp(p[0]);
  out.half_life = std::log(2.0) / out.ke;
  out.tmax = one_compartment_tmax(out.ka, out.ke);
  out.cmax = one_compartment_oral(out.tmax, amount, out.ka, out.ke);
  out.auc = amount / out.ke;
  out.volume = dose > 0.0 ? dose / amount : std::numeric_limits<double>::quiet_NaN();
  out.clearance = out.volume * out.ke;
  out.usable = best->converged() && best->dof > 0;
  if (!best->converged())
    out.message =
        best->status == stats::FitStatus::not_determined
            ? "the samples do not tell absorption and elimination apart (too few early or late ones)"
            : best->message;
  else if (best->dof == 0)
    out.message = "as many samples as parameters: the curve passes through them and has no interval";
  if (!out.usable) return out;
  const double t = stats::student_t_critical(0.95, static_cast<double>(best->dof));
  const auto interval = [&](double value, double log_se) {
    return stats::Interval{value * std::exp(-t * log_se), value * std::exp(t * log_se)};
  };
  out.ke_ci = interval(out.ke, best->standard_errors[1]);
  const auto log_ka = [](std::span<const double> q) { return std::log(std::exp(q[1]) + std::exp(q[2])); };
  out.ka_ci = interval(out.ka, std::sqrt(stats::delta_variance(*best, stats::gradient(log_ka, p))));
  out.volume_ci = interval(out.volume, best->standard_errors[0]);
  return out;
}

double one_compartment_oral(double t, double amount, double ka, double ke) {
  const double d = ka - ke;
  if (std::abs(d) * t < 1e-9 || d == 0.0) return amount * ka * t * std::exp(-ke * t);
  return amount * ka / d * std::exp(-ke * t) * -std::expm1(-d * t);
}

double one_compartment_tmax(double ka, double ke) {
  const double d = (ka - ke) / ke;
  return std::abs(d) < 1e-9 ? 1.0 / ke : std::log1p(d) / (ka - ke);
}

double one_compartment_steady(double t, double amount, double ka, double ke, double interval) {
  return amount * ka / (ka - ke) *
         (std::exp(-ke * t) / -std::expm1(-ke * interval) - std::exp(-ka * t) / -std::expm1(-ka * interval));
}

}  // namespace stroma::assays

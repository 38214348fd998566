#include "stats/growth_inhibition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/dose_area.hpp"
#include "stats/dose_models.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr Interval kSlope{0.1, 5.0};
constexpr Interval kFloor{-1.0, 1.0};
constexpr double kReach = 4.6;  // ln 100: how far beyond the doses a GEC50 may lie

LogisticCurve curve_from(std::span<const double> p) {
  return {p[0], p[1], 1.0, std::exp(p[2]), 1.0};
}

/// The start from a grid of slopes and locations, for each of which the floor is linear.
std::vector<double> start_of(std::span<const double> doses, std::span<const double> gr, double low,
                             double high) {
  std::vector<double> best;
  double least = kInfinity;
  for (const double slope : {0.5, 1.0, 2.0, 4.0}) {
    for (int k = 0; k <= 12; ++k) {
      const double location = low + (high - low) * k / 12.0;
      const LogisticCurve shape{slope, 0.0, 1.0, std::exp(location), 1.0};
      double products = 0.0, squares = 0.0;
      for (std::size_t i = 0; i < doses.size(); ++i) {
        const double s = 1.0 - shape.at(doses[i]);  // GR = 1 - (1 - floor) s
        products += s * (1.0 - gr[i]);
        squares += s * s;
      }
      if (!(squares > 0.0)) continue;
      const double floor = std::clamp(1.0 - products / squares, -0.99, 0.99);
      const LogisticCurve c{slope, floor, 1.0, std::exp(location), 1.0};
      double sum = 0.0;
      for (std::size_t i = 0; i < doses.size(); ++i) sum += std::pow(gr[i] - c.at(doses[i]), 2);
      if (sum < least) {
        least = sum;
        best = {slope, floor, location};
      }
    }
  }
  return best;
}

Ic50 gr50_of(const GrowthInhibitionFit& f, double level) {
  Ic50 ic;
  ic.response = 0.5;
  ic.ci = {0.0, kInfinity};
  ic.log_se = kInfinity;
  const auto log_dose = [](std::span<const double> p) { return curve_from(p).log_dose_at(0.5); };
  const double value = log_dose(f.fit.estimates);
  ic.defined = std::isfinite(value);
  ic.value = std::exp(value);
  if (!ic.defined || !f.fit.converged()) return ic;
  const double se = std::sqrt(delta_variance(f.fit, gradient(log_dose, f.fit.estimates)));
  if (!std::isfinite(se)) return ic;
  ic.log_se = se;
  const double half = student_t_critical(level, static_cast<double>(f.fit.dof)) * se;
  ic.ci = {std::exp(value - half), std::exp(value + half)};
  return ic;
}

double mean_at(std::span<const double> doses, std::span<const double> gr, double dose) {
  std::vector<double> there;
  for (std::size_t i = 0; i < doses.size(); ++i)
    if (doses[i] == dose) there.push_back(gr[i]);
  return mean(there);
}

void judge(GrowthInhibitionFit& f, std::span<const double> gr, double low, double high) {
  if (f.p_no_response >= 0.05) {
    f.status = DoseStatus::no_response;
    f.gr_inf = mean(gr);
    f.gr50 = {};
    f.message = fmt::format("growth does not change with dose beyond chance (p = {:.2g} against a constant)",
                            f.p_no_response);
  } else if (!f.fit.converged()) {
    f.status =
        f.fit.status == FitStatus::did_not_converge ? DoseStatus::not_converged : DoseStatus::not_determined;
    f.message = f.fit.message;
  } else if (!f.gr50.defined) {
    f.status = DoseStatus::ok;
    f.message = fmt::format("growth never falls to half: GRinf is {:.3g}", f.gr_inf);
  } else if (f.gr50.value < low || f.gr50.value > high) {
    f.status = DoseStatus::outside_doses;
    f.message =
        fmt::format("the GR50, {:.4g}, lies outside the tested doses ({:.4g} to {:.4g}): an extrapolation",
                    f.gr50.value, low, high);
  } else {
    f.status = DoseStatus::ok;
  }
}

}  // namespace

double growth_rate_inhibition(double treated, double control, double at_start) {
  const std::array counts{treated, control, at_start};
  require_sample(counts, 3, "growth-rate inhibition");
  if (!(treated > 0.0 && at_start > 0.0 && control > at_start)) {
    throw StatisticsError(
        fmt::format("growth-rate inhibition: treated {:.6g}, control {:.6g}, beginning {:.6g}; counts above "
                    "0 and a control that grew are "
                    "needed",
                    treated, control, at_start));
  }
  return std::exp2(std::log2(treated / at_start) / std::log2(control / at_start)) - 1.0;
}

GrowthInhibitionFit fit_growth_inhibition(std::span<const double> doses, std::span<const double> gr,
                                          double level) {
  require_level(level);
  require_sample(doses, 1, "growth-rate inhibition, doses");
  require_sample(gr, 1, "growth-rate inhibition, GR values");
  if (doses.size() != gr.size())
    throw StatisticsError(fmt::format("growth-rate inhibition: {} doses and {} values, as many are needed",
                                      doses.size(), gr.size()));
  for (const double dose : doses)
    if (!(dose > 0.0))
      throw StatisticsError(
          fmt::format("growth-rate inhibition: dose {} given, positive doses are needed", dose));
  GrowthInhibitionFit f;
  const std::set<double> distinct(doses.begin(), doses.end());
  if (distinct.size() < 4) {
    f.message = fmt::format("{} distinct doses given; the curve needs at least 4", distinct.size());
    return f;
  }
  const double low = *distinct.begin(), high = *distinct.rbegin();
  f.gr_max = mean_at(doses, gr, high);
  f.area_over_curve = 1.0 - area_under_responses(doses, gr, 1.0);
  const Moments m = moments(gr);
  if (m.sum_of_squares <= 0.0L) {
    f.status = DoseStatus::no_response;
    f.gr_inf = gr.front();
    f.message = "all GR values are the same";
    return f;
  }
  const double from = std::log(low) - kReach, to = std::log(high) + kReach;
  const std::vector<double> start = start_of(doses, gr, std::log(low) - 1.0, std::log(high) + 1.0);
  NonlinearOptions o;
  o.bounds = {kSlope, kFloor, {from, to}};
  f.fit = fit_nonlinear([](double dose, std::span<const double> p) { return curve_from(p).at(dose); }, doses,
                        gr, start, o);
  f.curve = curve_from(f.fit.estimates);
  f.gr_inf = f.curve.lower;
  f.gr50 = gr50_of(f, level);
  const double constant = static_cast<double>(m.sum_of_squares);
  // The constant has one parameter; the curve, which starts at 1, could fit worse than it.
  f.p_no_response =
      f.fit.residual_sum_of_squares > 0.0
          ? extra_sum_of_squares(constant, gr.size() - 1, f.fit.residual_sum_of_squares, f.fit.dof).p
          : 0.0;
  judge(f, gr, low, high);
  return f;
}

}  // namespace stroma::stats

#include "stats/dose_inference.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Variance of the fitted mean response at a dose; infinite where the fit has no covariance.
double curve_variance(const DoseResponseFit& f, double dose) {
  if (!f.fit.converged() || f.fit.dof == 0) return kInfinity;
  return delta_variance(
      f.fit, gradient([&](std::span<const double> p) { return f.curve_of(p).at(dose); }, f.fit.estimates));
}

std::string obstacle(const DoseResponseFit& f, const Ic50& ic, const char* which) {
  if (!f.usable()) return fmt::format("{} curve: {}", which, f.message);
  if (!ic.defined) return fmt::format("{} curve never takes the response {:.4g}", which, ic.response);
  if (!std::isfinite(ic.log_se))
    return fmt::format("{} curve: the error of its IC50 is not determined", which);
  return {};
}

}  // namespace

std::variant<Ic50Ratio, RatioUndefined> ic50_ratio(const DoseResponseFit& first,
                                                   const DoseResponseFit& second, Ic50Kind kind,
                                                   double level) {
  require_level(level);
  const auto pick = [&](const DoseResponseFit& f) -> const Ic50& {
    return kind == Ic50Kind::relative ? f.relative_ic50 : f.absolute_ic50;
  };
  const Ic50& a = pick(first);
  const Ic50& b = pick(second);
  if (std::string why = obstacle(first, a, "first"); !why.empty()) return RatioUndefined{why};
  if (std::string why = obstacle(second, b, "second"); !why.empty()) return RatioUndefined{why};
  const double va = a.log_se * a.log_se;
  const double vb = b.log_se * b.log_se;
  if (va + vb <= 0.0)
    return RatioUndefined{"both curves pass exactly through their data, so their error is unknown"};
  Ic50Ratio r;
  const double log_ratio = std::log(a.value) - std::log(b.value);
  const double share = va / (va + vb);
  r.ratio = std::exp(log_ratio);
  r.log_se = std::sqrt(va + vb);
  r.df = 1.0 / (share * share / static_cast<double>(first.fit.dof) +
                (1.0 - share) * (1.0 - share) / static_cast<double>(second.fit.dof));
  const double half = student_t_critical(level, r.df) * r.log_se;
  r.ci = {std::exp(log_ratio - half), std::exp(log_ratio + half)};
  r.p = student_t_two_sided(log_ratio / r.log_se, r.df);
  const auto extrapolated = [](const DoseResponseFit& f, const Ic50& ic) {
    return ic.value < f.lowest_dose || ic.value > f.highest_dose;
  };
  r.extrapolated = extrapolated(first, a) || extrapolated(second, b);
  return r;
}

std::vector<BandPoint> confidence_band(const DoseResponseFit& fit, std::span<const double> doses,
                                       double level) {
  require_level(level);
  if (fit.fit.estimates.empty())
    throw StatisticsError(fmt::format("confidence band: there is no curve; {}", fit.message));
  std::vector<BandPoint> band;
  for (const double dose : doses) {
    if (!(dose >= 0.0) || !std::isfinite(dose)) {
      throw StatisticsError(
          fmt::format("confidence band: dose {} given, a finite dose of 0 or more is needed", dose));
    }
    BandPoint point{dose, fit.curve.at(dose), {-kInfinity, kInfinity}};
    const double variance = curve_variance(fit, dose);
    if (std::isfinite(variance)) {
      const double half = student_t_critical(level, static_cast<double>(fit.fit.dof)) * std::sqrt(variance);
      point.ci = {point.response - half, point.response + half};
    }
    band.push_back(point);
  }
  return band;
}

BackCalculation back_calculate(const DoseResponseFit& fit, std::span<const double> responses, double level,
                               double weight) {
  require_level(level);
  require_sample(responses, 1, "back-calculation, responses");
  if (!(weight > 0.0) || !std::isfinite(weight)) {
    throw StatisticsError(
        fmt::format("back-calculation: weight {} given, a positive number is needed", weight));
  }
  if (!fit.usable())
    throw StatisticsError(fmt::format("back-calculation: the standard curve is not usable; {}", fit.message));
  BackCalculation b;
  b.response = mean(responses);
  b.ci = {0.0, kInfinity};
  const LogisticCurve& c = fit.curve;
  const double log_dose = c.log_dose_at(b.response);
  b.defined = std::isfinite(log_dose);
  if (!b.defined) {
    // Beyond the asymptote of dose 0 there is less than any standard, beyond the other more.
    const bool beyond_lower = b.response <= c.lower;
    b.range = beyond_lower == (c.slope < 0.0) ? DoseRange::below : DoseRange::above;
    b.dose = std::numeric_limits<double>::quiet_NaN();
    return b;
  }
  b.dose = std::exp(log_dose);
  b.range = b.dose < fit.lowest_dose    ? DoseRange::below
            : b.dose > fit.highest_dose ? DoseRange::above
                                        : DoseRange::inside;
  const double variance = curve_variance(fit, b.dose);
  const double h = 1e-4;
  const double steepness = (c.at(b.dose * std::exp(h)) - c.at(b.dose * std::exp(-h))) / (2.0 * h);
  const double noise =
      fit.fit.residual_sd * fit.fit.residual_sd / (weight * static_cast<double>(responses.size()));
  b.curve_log_se = std::sqrt(variance) / std::abs(steepness);
  b.noise_log_se = std::sqrt(noise) / std::abs(steepness);
  const double half = student_t_critical(level, static_cast<double>(fit.fit.dof)) *
                      std::sqrt(variance + noise) / std::abs(steepness);
  if (std::isfinite(half)) b.ci = {b.dose * std::exp(-half), b.dose * std::exp(half)};
  return b;
}

}  // namespace stroma::stats

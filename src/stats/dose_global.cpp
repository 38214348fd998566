#include "stats/dose_global.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "stats/distributions.hpp"
#include "stats/dose_models.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
enum Kind : std::size_t { slope, lower, upper, location, asymmetry, kinds };

/// Slope, lower, upper, ln location, ln asymmetry of a curve.
std::array<double, kinds> values_of(const LogisticCurve& c) {
  return {c.slope, c.lower, c.upper, std::log(c.location), std::log(c.asymmetry)};
}

LogisticCurve curve_at(const GlobalDoseResponse& g, std::size_t i, std::span<const double> p,
                       double fixed_lower) {
  const auto& at = g.parameter[i];
  LogisticCurve c;
  c.slope = p[at[slope]];
  c.lower = g.model == LogisticModel::three_parameter ? fixed_lower : p[at[lower]];
  c.upper = p[at[upper]];
  c.location = std::exp(p[at[location]]);
  c.asymmetry = g.model == LogisticModel::five_parameter ? std::exp(p[at[asymmetry]]) : 1.0;
  return c;
}

bool is_fitted(LogisticModel model, std::size_t kind) {
  if (kind == lower) return model != LogisticModel::three_parameter;
  return kind != asymmetry || model == LogisticModel::five_parameter;
}

/// Numbers the parameters, and starts each at the mean of the separate fits that share it.
std::vector<double> lay_out(GlobalDoseResponse& g, std::span<const DoseResponseFit> separate,
                            const SharedParameters& shared) {
  const std::array<bool, kinds> common{shared.slope, shared.lower, shared.upper, false, shared.asymmetry};
  g.parameter.assign(separate.size(), std::vector<std::size_t>(kinds, 0));
  std::vector<double> start;
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    if (!is_fitted(g.model, kind)) continue;
    double mean = 0.0;
    for (const DoseResponseFit& f : separate)
      mean += values_of(f.curve)[kind] / static_cast<double>(separate.size());
    for (std::size_t i = 0; i < separate.size(); ++i) {
      g.parameter[i][kind] = start.size();
      if (!common[kind]) start.push_back(values_of(separate[i].curve)[kind]);
    }
    if (common[kind]) start.push_back(mean);
  }
  return start;
}

Ic50 ic50_of(const GlobalDoseResponse& g, std::size_t i, double fixed_lower, double level) {
  const auto log_dose = [&](std::span<const double> p) {
    const LogisticCurve c = curve_at(g, i, p, fixed_lower);
    return c.log_dose_at(0.5 * (c.lower + c.upper));
  };
  Ic50 ic;
  const double value = log_dose(g.fit.estimates);
  ic.defined = std::isfinite(value);
  ic.value = std::exp(value);
  ic.response = 0.5 * (g.curves[i].lower + g.curves[i].upper);
  ic.log_se = kInfinity;
  ic.ci = {0.0, kInfinity};
  if (!ic.defined || !g.fit.converged() || g.fit.dof == 0) return ic;
  ic.log_se = std::sqrt(delta_variance(g.fit, gradient(log_dose, g.fit.estimates)));
  const double half = student_t_critical(level, static_cast<double>(g.fit.dof)) * ic.log_se;
  ic.ci = {std::exp(value - half), std::exp(value + half)};
  return ic;
}

void test_parallelism(GlobalDoseResponse& g, std::span<const DoseResponseFit> separate) {
  double sum = 0.0;
  std::size_t dof = 0;
  for (const DoseResponseFit& f : separate) {
    sum += f.fit.residual_sum_of_squares;
    dof += f.fit.dof;
  }
  if (dof < g.fit.dof && sum > 0.0)
    g.parallelism = extra_sum_of_squares(g.fit.residual_sum_of_squares, g.fit.dof, sum, dof);
}

}  // namespace

GlobalDoseResponse fit_dose_responses(std::span<const DoseSeries> series, const SharedParameters& shared,
                                      const DoseResponseOptions& options) {
  if (series.size() < 2)
    throw StatisticsError(
        fmt::format("curves with common parameters: {} series given, at least 2 needed", series.size()));
  if (!options.weights.empty() || options.robust)
    throw StatisticsError("curves with common parameters: neither weights nor robust fits are possible");
  GlobalDoseResponse g;
  g.model = options.model;
  std::vector<DoseResponseFit> separate;
  std::vector<double> y;
  for (std::size_t i = 0; i < series.size(); ++i) {
    separate.push_back(fit_dose_response(series[i].doses, series[i].responses, options));
    y.insert(y.end(), series[i].responses.begin(), series[i].responses.end());
    if (separate.back().fit.estimates.empty()) {
      g.message = fmt::format("curve {}: {}", i + 1, separate.back().message);
      return g;
    }
    if (separate[i].curve.slope * separate[0].curve.slope < 0.0) {
      g.message = fmt::format("curve {} {} with dose and curve 1 {}, so they cannot share parameters", i + 1,
                              separate[i].curve.slope > 0.0 ? "falls" : "rises",
                              separate[0].curve.slope > 0.0 ? "falls" : "rises");
      return g;
    }
  }
  const std::vector<double> start = lay_out(g, separate, shared);
  NonlinearOptions o;
  o.max_iterations = 500;
  const auto curve = [&](std::size_t i, std::span<const double> p) {
    return curve_at(g, i, p, options.fixed_lower);
  };
  o.derivatives = [&](std::span<const double> p, std::span<double> out) {
    std::fill(out.begin(), out.end(), 0.0);
    std::size_t row = 0;
    for (std::size_t i = 0; i < series.size(); ++i) {
      const LogisticCurve c = curve(i, p);
      for (const double dose : series[i].doses) {
        const auto d = c.derivatives(dose);
        for (std::size_t kind = 0; kind < kinds; ++kind)
          if (is_fitted(g.model, kind)) out[row * p.size() + g.parameter[i][kind]] = d[kind];
        ++row;
      }
    }
  };
  const Prediction predict = [&](std::span<const double> p, std::span<double> out) {
    std::size_t row = 0;
    for (std::size_t i = 0; i < series.size(); ++i) {
      const LogisticCurve c = curve(i, p);
      for (const double dose : series[i].doses) out[row++] = c.at(dose);
    }
  };
  g.fit = fit_nonlinear(predict, y, start, o);
  if (!g.fit.converged()) g.message = g.fit.message;
  for (std::size_t i = 0; i < series.size(); ++i) g.curves.push_back(curve(i, g.fit.estimates));
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (!(g.curves[i].lower < g.curves[i].upper)) {
      g.fit.status = FitStatus::did_not_converge;
      g.message = fmt::format("curve {}: its asymptotes changed places", i + 1);
    }
    g.relative_ic50.push_back(ic50_of(g, i, options.fixed_lower, options.level));
  }
  test_parallelism(g, separate);
  return g;
}

std::variant<Ic50Ratio, RatioUndefined> relative_potency(const GlobalDoseResponse& g, std::size_t first,
                                                         std::size_t second, double level) {
  require_level(level);
  if (first >= g.parameter.size() || second >= g.parameter.size() || g.curves.empty())
    return RatioUndefined{g.message.empty() ? "there is no such curve" : g.message};
  const Ic50 &a = g.relative_ic50[first], &b = g.relative_ic50[second];
  if (!std::isfinite(a.log_se) || !std::isfinite(b.log_se))
    return RatioUndefined{g.message.empty() ? "the error of an IC50 is not determined" : g.message};
  const auto log_ratio = [&](std::span<const double> p) {
    const auto log_dose = [&](std::size_t i) {
      const LogisticCurve c = curve_at(g, i, p, g.curves[i].lower);
      return c.log_dose_at(0.5 * (c.lower + c.upper));
    };
    return log_dose(first) - log_dose(second);
  };
  Ic50Ratio r;
  const double value = log_ratio(g.fit.estimates);
  r.ratio = std::exp(value);
  r.log_se = std::sqrt(delta_variance(g.fit, gradient(log_ratio, g.fit.estimates)));
  r.df = static_cast<double>(g.fit.dof);
  if (!(r.log_se > 0.0))
    return RatioUndefined{"the curves pass exactly through their data, so their error is unknown"};
  const double half = student_t_critical(level, r.df) * r.log_se;
  r.ci = {std::exp(value - half), std::exp(value + half)};
  r.p = student_t_two_sided(value / r.log_se, r.df);
  return r;
}

}  // namespace stroma::stats

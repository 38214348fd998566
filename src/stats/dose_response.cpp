#include "stats/dose_response.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "stats/distributions.hpp"
#include "stats/dose_response_parts.hpp"
#include "stats/error.hpp"
#include "stats/lack_of_fit.hpp"

namespace stroma::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Bounds of the search. A slope below the first is no descent within any plate, one above the second a step
// between two neighbouring doses; a location 10^4-fold beyond the doses is not a measurement.
constexpr double kLeastSlope = 0.01;
constexpr double kGreatestSlope = 50.0;
constexpr double kLocationReach = 9.2;   // ln 1e4
constexpr double kAsymmetryReach = 6.9;  // ln 1e3

struct Data {
  std::span<const double> doses;
  std::span<const double> responses;
  std::vector<double> weights;
  double log_lowest = 0.0;
  double log_highest = 0.0;
  double range = 0.0;
};

std::vector<double> parameters_of(const LogisticCurve& c, LogisticModel model) {
  std::vector<double> p{c.slope};
  if (model != LogisticModel::three_parameter) p.push_back(c.lower);
  p.push_back(c.upper);
  p.push_back(std::log(c.location));
  if (model == LogisticModel::five_parameter) p.push_back(std::log(c.asymmetry));
  return p;
}

LogisticCurve curve_from(std::span<const double> p, LogisticModel model, double fixed_lower) {
  LogisticCurve c;
  std::size_t i = 0;
  c.slope = p[i++];
  c.lower = model == LogisticModel::three_parameter ? fixed_lower : p[i++];
  c.upper = p[i++];
  c.location = std::exp(p[i++]);
  c.asymmetry = model == LogisticModel::five_parameter ? std::exp(p[i]) : 1.0;
  return c;
}

std::size_t parameter_count(LogisticModel model) {
  return model == LogisticModel::three_parameter ? 3 : model == LogisticModel::four_parameter ? 4 : 5;
}

struct Candidate {
  LogisticCurve curve;
  double sum = kInfinity;
};

/// The asymptotes that fit best for given slope, location and asymmetry: a line in the shape's values.
Candidate with_best_asymptotes(const Data& data, LogisticCurve c, const DoseResponseOptions& options) {
  c.lower = 0.0;
  c.upper = 1.0;
  double w = 0.0, ws = 0.0, wy = 0.0, wss = 0.0, wsy = 0.0;
  std::vector<double> shape(data.doses.size());
  const double origin = options.model == LogisticModel::three_parameter ? options.fixed_lower : 0.0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const double s = shape[i] = c.at(data.doses[i]);
    const double y = data.responses[i] - origin;
    w += data.weights[i];
    ws += data.weights[i] * s;
    wy += data.weights[i] * y;
    wss += data.weights[i] * s * s;
    wsy += data.weights[i] * s * y;
  }
  double span = 0.0;
  if (options.model == LogisticModel::three_parameter) {
    if (wss <= 0.0) return {};
    span = wsy / wss;
    c.lower = origin;
  } else {
    const double determinant = w * wss - ws * ws;
    if (determinant <= 1e-12 * w * wss) return {};
    span = (w * wsy - ws * wy) / determinant;
    c.lower = (wy - span * ws) / w;
  }
  if (!(span > 0.0)) return {};
  c.upper = c.lower + span;
  Candidate candidate{c, 0.0};
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const double r = data.responses[i] - c.lower - span * shape[i];
    candidate.sum += data.weights[i] * r * r;
  }
  return candidate;
}

/// The best few starting curves that differ from each other.
std::vector<Candidate> starts(const Data& data, const DoseResponseOptions& options) {
  std::vector<Candidate> all;
  const std::vector<double> asymmetries = options.model == LogisticModel::five_parameter
                                              ? std::vector<double>{0.2, 0.5, 1.0, 2.0, 5.0}
                                              : std::vector<double>{1.0};
  for (const double sign : {1.0, -1.0}) {
    if (options.direction == Direction::descending && sign < 0.0) continue;
    if (options.direction == Direction::ascending && sign > 0.0) continue;
    for (const double slope : {0.3, 0.6, 1.0, 1.5, 2.5, 4.0, 8.0}) {
      for (int k = 0; k <= 16; ++k) {
        const double from = data.log_lowest - 1.0;
        const double to = data.log_highest + 1.0;
        for (const double asymmetry : asymmetries) {
          Candidate c = with_best_asymptotes(
              data, {sign * slope, 0.0, 1.0, std::exp(from + (to - from) * k / 16.0), asymmetry}, options);
          if (std::isfinite(c.sum)) all.push_back(c);
        }
      }
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Candidate& a, const Candidate& b) { return a.sum < b.sum; });
  std::vector<Candidate> chosen;
  const double apart = (data.log_highest - data.log_lowest + 2.0) / 6.0;
  for (const Candidate& c : all) {
    const bool fresh = std::all_of(chosen.begin(), chosen.end(), [&](const Candidate& o) {
      return std::abs(std::log(c.curve.location / o.curve.location)) > apart ||
             c.curve.slope * o.curve.slope < 0.0 || std::abs(std::log(c.curve.slope / o.curve.slope)) > 0.8;
    });
    if (fresh) chosen.push_back(c);
    if (chosen.size() == 4) break;
  }
  return chosen;
}

NonlinearFit fit_from(const Data& data, const Candidate& start, const DoseResponseOptions& options) {
  LogisticCurve c = start.curve;
  // A parameter's start sets its scale in the search; an asymptote of exactly 0 would have none.
  if (options.model != LogisticModel::three_parameter && std::abs(c.lower) < 0.01 * data.range)
    c.lower = -0.01 * data.range;
  if (std::abs(c.upper) < 0.01 * data.range) c.upper = 0.01 * data.range;
  NonlinearOptions o;
  o.weights = options.weights;
  o.max_iterations = 300;
  const bool descends = c.slope > 0.0;
  o.bounds.push_back({descends ? kLeastSlope : -kGreatestSlope, descends ? kGreatestSlope : -kLeastSlope});
  if (options.model != LogisticModel::three_parameter) o.bounds.push_back({-kInfinity, kInfinity});
  o.bounds.push_back({-kInfinity, kInfinity});
  o.bounds.push_back({data.log_lowest - kLocationReach, data.log_highest + kLocationReach});
  if (options.model == LogisticModel::five_parameter) o.bounds.push_back({-kAsymmetryReach, kAsymmetryReach});
  const Curve curve = [&](double dose, std::span<const double> p) {
    return curve_from(p, options.model, options.fixed_lower).at(dose);
  };
  o.derivatives = [&](std::span<const double> p, std::span<double> out) {
    const LogisticCurve at = curve_from(p, options.model, options.fixed_lower);
    for (std::size_t i = 0; i < data.doses.size(); ++i) {
      const std::array<double, 5> d = at.derivatives(data.doses[i]);
      for (std::size_t j = 0, k = 0; j < p.size(); ++j, ++k) {
        if (k == 1 && options.model == LogisticModel::three_parameter) ++k;  // its lower asymptote is given
        out[i * p.size() + j] = d[k];
      }
    }
  };
  return fit_nonlinear(curve, data.doses, data.responses, parameters_of(c, options.model), o);
}

/// A 4-parameter curve whose asymptotes changed places is the same curve with the other sign of its slope.
void restore_order(NonlinearFit& fit, LogisticModel model) {
  if (model != LogisticModel::four_parameter || fit.estimates[1] <= fit.estimates[2]) return;
  fit.estimates[0] = -fit.estimates[0];
  std::swap(fit.estimates[1], fit.estimates[2]);
  std::swap(fit.standard_errors[1], fit.standard_errors[2]);
  constexpr std::size_t source[] = {0, 2, 1, 3};
  std::vector<double> v(16);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      v[i * 4 + j] =
          fit.covariance[source[i] * 4 + source[j]] * (i == 0 ? -1.0 : 1.0) * (j == 0 ? -1.0 : 1.0);
    }
  }
  fit.covariance = v;
}

template <class ResponseOf>
Ic50 dose_of(const DoseResponseFit& f, const ResponseOf& response_of) {
  Ic50 ic;
  ic.response = response_of(f.curve);
  const double log_dose = f.curve.log_dose_at(ic.response);
  ic.defined = std::isfinite(log_dose);
  ic.log_se = kInfinity;
  ic.ci = {0.0, kInfinity};
  if (!ic.defined) {
    ic.value = std::numeric_limits<double>::quiet_NaN();
    return ic;
  }
  ic.value = std::exp(log_dose);
  if (!f.fit.converged() || f.fit.dof == 0) return ic;
  const auto g = [&](std::span<const double> p) {
    const LogisticCurve c = f.curve_of(p);
    return c.log_dose_at(response_of(c));
  };
  const double se = std::sqrt(delta_variance(f.fit, gradient(g, f.fit.estimates)));
  if (!std::isfinite(se)) return ic;
  ic.log_se = se;
  const double half = student_t_critical(f.level, static_cast<double>(f.fit.dof)) * se;
  ic.ci = {std::exp(log_dose - half), std::exp(log_dose + half)};
  return ic;
}

std::string open_parameter(const DoseResponseFit& f) {
  const LogisticCurve& c = f.curve;
  const double log_location = std::log(c.location);
  if (std::abs(c.slope) > 0.99 * kGreatestSlope) {
    return "the response changes all at once between two neighbouring doses, so the slope and the IC50 "
           "between them are open";
  }
  if (std::abs(c.slope) < 1.01 * kLeastSlope ||
      log_location < std::log(f.lowest_dose) - 0.99 * kLocationReach ||
      log_location > std::log(f.highest_dose) + 0.99 * kLocationReach) {
    return fmt::format("the tested doses ({:.4g} to {:.4g}) do not bend the curve enough to place its IC50",
                       f.lowest_dose, f.highest_dose);
  }
  return "the data do not determine all parameters of the curve; more doses around the bend and on both "
         "plateaus are needed";
}

void judge(DoseResponseFit& f, const Data& data) {
  double w = 0.0, wy = 0.0, total = 0.0;
  for (std::size_t i = 0; i < data.responses.size(); ++i) {
    w += data.weights[i];
    wy += data.weights[i] * data.responses[i];
  }
  for (std::size_t i = 0; i < data.responses.size(); ++i) {
    total += data.weights[i] * (data.responses[i] - wy / w) * (data.responses[i] - wy / w);
  }
  const double rest = f.fit.residual_sum_of_squares;
  const double df1 = static_cast<double>(f.fit.estimates.size() - 1);
  f.r_squared = 1.0 - rest / total;
  f.lack_of_fit = lack_of_fit(data.doses, data.responses, data.weights, rest, f.fit.estimates.size());
  f.p_no_response = f_upper(std::max(0.0, (total - rest) / df1 / (rest / static_cast<double>(f.fit.dof))),
                            df1, static_cast<double>(f.fit.dof));
  if (f.p_no_response >= 0.05) {
    f.status = DoseStatus::no_response;
    f.message = fmt::format(
        "the response does not change with dose beyond chance (p = {:.2g} against a constant), so there is "
        "no IC50",
        f.p_no_response);
  } else if (f.fit.status == FitStatus::at_bound || f.fit.status == FitStatus::not_determined) {
    f.status = DoseStatus::not_determined;
    f.message = open_parameter(f);
  } else if (!f.fit.converged()) {
    f.status = DoseStatus::not_converged;
    f.message = f.fit.message;
  } else if (f.relative_ic50.value < f.lowest_dose || f.relative_ic50.value > f.highest_dose) {
    f.status = DoseStatus::outside_doses;
    f.message =
        fmt::format("the IC50, {:.4g}, lies outside the tested doses ({:.4g} to {:.4g}): an extrapolation",
                    f.relative_ic50.value, f.lowest_dose, f.highest_dose);
  } else {
    f.status = DoseStatus::ok;
  }
}

Data checked(std::span<const double> doses, std::span<const double> responses,
             const DoseResponseOptions& options) {
  if (doses.size() != responses.size()) {
    throw StatisticsError(fmt::format("dose response: {} doses and {} responses, as many are needed",
                                      doses.size(), responses.size()));
  }
  require_sample(doses, 1, "dose response, doses");
  require_sample(responses, 1, "dose response, responses");
  require_level(options.level);
  Data data{doses, responses, options.weights, kInfinity, -kInfinity, 0.0};
  if (data.weights.empty()) data.weights.assign(doses.size(), 1.0);
  if (data.weights.size() != doses.size()) {
    throw StatisticsError(
        fmt::format("dose response: {} weights for {} observations", data.weights.size(), doses.size()));
  }
  require_sample(data.weights, 1, "dose response, weights");
  for (const double weight : data.weights) {
    if (weight <= 0.0)
      throw StatisticsError(
          fmt::format("dose response: weight {} given, positive weights are needed", weight));
  }
  for (const double d : doses) {
    if (d < 0.0)
      throw StatisticsError(fmt::format("dose response: dose {} given, doses of 0 or more are needed", d));
    if (d == 0.0) continue;
    data.log_lowest = std::min(data.log_lowest, std::log(d));
    data.log_highest = std::max(data.log_highest, std::log(d));
  }
  if (!std::isfinite(data.log_lowest))
    throw StatisticsError("dose response: all doses are 0, positive doses are needed");
  const auto [low, high] = std::minmax_element(responses.begin(), responses.end());
  data.range = *high - *low;
  return data;
}

}  // namespace

void place_ic50s(DoseResponseFit& f, const DoseResponseOptions& options) {
  f.relative_ic50 = dose_of(f, [](const LogisticCurve& c) { return 0.5 * (c.lower + c.upper); });
  f.absolute_ic50 =
      dose_of(f, [&](const LogisticCurve& c) { return options.half_response.value_or(0.5 * c.at_zero()); });
}

LogisticCurve DoseResponseFit::curve_of(std::span<const double> parameters) const {
  return curve_from(parameters, model, curve.lower);
}

DoseResponseFit fit_dose_response(std::span<const double> doses, std::span<const double> responses,
                                  const DoseResponseOptions& options) {
  const Data data = checked(doses, responses, options);
  if (options.robust) return fit_robustly(doses, responses, options);
  DoseResponseFit f;
  f.model = options.model;
  f.level = options.level;
  f.lowest_dose = std::exp(data.log_lowest);
  f.highest_dose = std::exp(data.log_highest);
  const std::size_t p = parameter_count(options.model);
  const std::size_t distinct = std::set<double>(doses.begin(), doses.end()).size();
  if (distinct < p || doses.size() <= p) {
    f.message = fmt::format(
        "{} distinct doses and {} observations given; a curve with {} parameters needs at least {} doses and "
        "{} observations",
        distinct, doses.size(), p, p, p + 1);
    return f;
  }
  if (data.range == 0.0) {
    f.status = DoseStatus::no_response;
    f.message = "all responses are the same, so there is no IC50";
    return f;
  }
  std::optional<NonlinearFit> best;
  for (const Candidate& start : starts(data, options)) {
    NonlinearFit fit = fit_from(data, start, options);
    restore_order(fit, options.model);
    const LogisticCurve c = curve_from(fit.estimates, options.model, options.fixed_lower);
    const bool allowed = c.upper > c.lower && std::isfinite(fit.residual_sum_of_squares) &&
                         !(options.direction == Direction::descending && c.slope < 0.0) &&
                         !(options.direction == Direction::ascending && c.slope > 0.0);
    if (!allowed) continue;
    // Of equal sums (to the digits that the search leaves open) the one that ended at a proper minimum.
    const bool lower_sum =
        !best || fit.residual_sum_of_squares < best->residual_sum_of_squares * (1.0 - 1e-9);
    const bool equal_but_sound = best && fit.converged() && !best->converged() &&
                                 fit.residual_sum_of_squares <= best->residual_sum_of_squares * (1.0 + 1e-9);
    if (lower_sum || equal_but_sound) best = std::move(fit);
  }
  if (!best) {
    f.status = DoseStatus::no_response;
    f.message = fmt::format("the response does not {} with dose, so there is no IC50",
                            options.direction == Direction::descending  ? "fall"
                            : options.direction == Direction::ascending ? "rise"
                                                                        : "change");
    return f;
  }
  f.fit = std::move(*best);
  f.curve = curve_from(f.fit.estimates, options.model, options.fixed_lower);
  place_ic50s(f, options);
  judge(f, data);
  return f;
}

}  // namespace stroma::stats

#include "assays/dose_response/reported_ic50.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "assays/dose_response/dose_unit.hpp"
#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"

namespace stroma::assays {
namespace {

constexpr double half = 50.0, control = 100.0;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr double misfit_level = 0.01, misfit_points = 5.0;
constexpr double least_plateau = -25.0;  // per cent of control; assumption: below any blank's error

std::string dose_words(double dose, const DoseResponse& response) {
  return fmt::format("{:.3g} {}", shown_dose(dose, response.dose_unit), printed_unit(response.dose_unit));
}

// The level of responses that no dose changes, where the control is no well of theirs but 100 %.
struct Level {
  double mean = 0.0, low = 0.0, high = 0.0;  // of the means at each dose
  stats::Interval ci;
  double p = 1.0;  // t test against the control
  std::size_t n = 0;
};

std::optional<Level> flat_level(const DoseResponse& response) {
  std::vector<double> all;
  Level out;
  out.low = std::numeric_limits<double>::infinity();
  out.high = -out.low;
  for (const DosePoint& point : response.points) {
    if (point.dose == 0.0) return std::nullopt;  // then the control is among them
    all.insert(all.end(), point.percent.begin(), point.percent.end());
    out.low = std::min(out.low, point.mean);
    out.high = std::max(out.high, point.mean);
  }
  if (all.size() < 3) return std::nullopt;
  out.n = all.size();
  out.mean = stats::mean(all);
  out.ci = stats::mean_interval(all);
  const double se =
      (out.ci.high - out.mean) / stats::student_t_critical(0.95, static_cast<double>(out.n - 1));
  if (!(se > 0.0)) return std::nullopt;
  out.p = stats::student_t_two_sided((out.mean - control) / se, static_cast<double>(out.n - 1));
  return out;
}

double largest_miss(const DoseResponse& response) {
  double most = 0.0;
  for (const DosePoint& point : response.points)
    if (!point.percent.empty())
      most = std::max(most, std::abs(point.mean - response.fit->curve.at(point.dose)));
  return most;
}

// Whether the means of the wells cross 50 % in the step between two doses in which the curve does.
bool means_agree(const DoseResponse& response, double dose) {
  const std::vector<HalfCrossing> crossings = half_crossings(response);
  return std::any_of(crossings.begin(), crossings.end(),
                     [&](const HalfCrossing& c) { return dose >= c.low && dose <= c.high; });
}

bool all_below_half(const DoseResponse& response) {
  return std::all_of(response.points.begin(), response.points.end(),
                     [](const DosePoint& p) { return p.dose == 0.0 || p.mean < half; });
}

std::string advice(const DoseResponse& response) {
  const std::vector<HalfCrossing> crossings = half_crossings(response);
  const stats::DoseResponseFit& f = *response.fit;
  if (all_below_half(response))
    return fmt::format("every dose leaves less than 50 %: the IC50 is below {}; add lower doses",
                       dose_words(f.lowest_dose, response));
  if (crossings.empty())
    return fmt::format("50 % of control is not reached by {}; add higher doses",
                       dose_words(f.highest_dose, response));
  const HalfCrossing& c = crossings.front();
  return fmt::format("50 % of control is crossed between {} and {}; add doses there",
                     dose_words(c.low, response), dose_words(c.high, response));
}

std::string explain_misfit(const DoseResponse& response) {
  const stats::FTest& test = *response.fit->lack_of_fit;
  std::string out = fmt::format(
      "lack of fit: the curve misses the means of repeated wells by up to {:.2g} points of per cent "
      "(F({:.0f}, "
      "{:.0f}) = {:.3g}, p = {:.2g})",
      largest_miss(response), test.df1, test.df2, test.f, test.p);
  const stats::Ic50& ic50 = response.fit->absolute_ic50;
  if (!ic50.defined || means_agree(response, ic50.value)) return out;
  const std::vector<HalfCrossing> crossings = half_crossings(response);
  out += fmt::format("; it crosses 50 % of control at {}", dose_words(ic50.value, response));
  for (std::size_t i = 0; i < crossings.size(); ++i)
    if (std::isfinite(crossings[i].at))
      out += fmt::format("{} {}", i == 0 ? ", the means of the wells at" : " and",
                         dose_words(crossings[i].at, response));
  return out + ": no IC50 is taken from it; look for two phases or a well out of line";
}

std::string explain_flat(const DoseResponse& response, const std::string& doses) {
  const stats::DoseResponseFit& f = *response.fit;
  if (const auto level = flat_level(response); level && level->p < 0.05) {
    const std::string same = fmt::format(
        "{:.3g} to {:.3g} % of control at all doses from {} (F test against a constant, p = {:.2g}), mean "
        "{:.3g} % ({:.3g} to {:.3g}), which is not the control's 100 % (t test, n = {}, p = {:.2g})",
        level->low, level->high, doses, f.p_no_response, level->mean, level->ci.low, level->ci.high, level->n,
        level->p);
    return level->ci.high < half ? fmt::format("{}: the IC50 is below the lowest dose, {}; add lower doses",
                                               same, dose_words(f.lowest_dose, response))
                                 : same + ": an effect that does not change with dose";
  }
  return fmt::format(
      "no effect of the doses from {} can be told from the wells' scatter (F test against a "
      "constant, p = {:.2g})",
      doses, f.p_no_response);
}

}  // namespace

std::vector<HalfCrossing> half_crossings(const DoseResponse& response) {
  std::vector<HalfCrossing> out;
  double dose = 0.0, mean = control;
  for (const DosePoint& point : response.points) {
    if (point.percent.empty()) continue;
    if (point.dose > 0.0 && (mean - half) * (point.mean - half) <= 0.0 && mean != half) {
      const double share = (mean - half) / (mean - point.mean);
      const double at = dose > 0.0 ? std::exp(std::log(dose) + share * std::log(point.dose / dose)) : nothing;
      out.push_back({dose, point.dose, at});
    }
    dose = point.dose;
    mean = point.mean;
  }
  return out;
}

bool misses_its_points(const DoseResponse& response) {
  return response.fit && response.fit->usable() && response.fit->lack_of_fit &&
         response.fit->lack_of_fit->p < misfit_level && largest_miss(response) > misfit_points;
}

ReportedIc50 reported_ic50(const DoseResponse& response) {
  ReportedIc50 out{Ic50Place::none, nothing, {0.0, std::numeric_limits<double>::infinity()}};
  if (!response.fit) return out;
  const stats::DoseResponseFit& f = *response.fit;
  const stats::Ic50& ic50 = f.absolute_ic50;
  if (f.usable() && ic50.defined) {
    out.value = ic50.value;
    out.ci = ic50.ci;
    out.place = ic50.value < f.lowest_dose    ? Ic50Place::below
                : ic50.value > f.highest_dose ? Ic50Place::above
                                              : Ic50Place::inside;
    if (out.place == Ic50Place::inside && misses_its_points(response) && !means_agree(response, ic50.value))
      return {Ic50Place::misfit, nothing, {0.0, std::numeric_limits<double>::infinity()}};
    return out;
  }
  if (f.status == stats::DoseStatus::no_response) {
    const auto level = flat_level(response);
    if (level && level->p < 0.05 && level->ci.high < half) out.place = Ic50Place::below;
    return out;
  }
  if (f.status != stats::DoseStatus::not_determined) return out;
  if (all_below_half(response)) {
    out.place = Ic50Place::below;
    return out;
  }
  // The curve is open, but the means say between which doses it passes 50 %.
  for (const HalfCrossing& c : half_crossings(response)) {
    if (!(c.low > 0.0) || !ic50.defined || ic50.value < c.low || ic50.value > c.high) continue;
    return {Ic50Place::between, ic50.value, {c.low, c.high}};
  }
  return out;
}

std::string explain_fit(const DoseResponse& response) {
  if (!response.fit) return "no curve: no dose but zero, or a control without signal";
  const stats::DoseResponseFit& f = *response.fit;
  const std::string doses =
      fmt::format("{} to {}", dose_words(f.lowest_dose, response), dose_words(f.highest_dose, response));
  switch (f.status) {
    case stats::DoseStatus::too_few:
      return fmt::format(
          "too few doses for this curve: {} distinct ones; use at least five and the untreated wells",
          response.points.size());
    case stats::DoseStatus::no_response:
      return explain_flat(response, doses);
    case stats::DoseStatus::not_converged:
      return "no curve was found that fits; look at the points for a well out of line";
    case stats::DoseStatus::not_determined:
      return fmt::format("the doses from {} leave the curve open, its plateau or slope: {}", doses,
                         advice(response));
    default:
      break;
  }
  if (misses_its_points(response)) return explain_misfit(response);
  const stats::Ic50& ic50 = f.absolute_ic50;
  if (!ic50.defined)
    return fmt::format(
        "the fitted curve never crosses 50 % of control (it runs from {:.3g} % to {:.3g} %); there is "
        "no IC50",
        f.curve.upper, f.curve.lower);
  if (ic50.value > f.highest_dose || ic50.value < f.lowest_dose)
    return fmt::format(
        "the IC50 of {} lies {} the doses tested ({}): an extrapolation, shown and not compared",
        dose_words(ic50.value, response), ic50.value > f.highest_dose ? "above" : "below", doses);
  if (!(ic50.ci.low >= f.lowest_dose) && !(ic50.ci.high <= f.highest_dose))
    return fmt::format(
        "the interval of the IC50 is wider than the doses tested ({}), which do not determine it; add doses "
        "around {}",
        doses, dose_words(ic50.value, response));
  if (f.curve.lower < least_plateau)
    return fmt::format(
        "the curve ends at {:.3g} % of control, which no well can have: its lower plateau is not "
        "reached; add higher doses",
        f.curve.lower);
  return {};
}

}  // namespace stroma::assays

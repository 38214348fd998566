#include "assays/dose_response/dose_measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "stats/descriptive.hpp"
#include "stats/dose_area.hpp"
#include "stats/error.hpp"

namespace stroma::assays {
namespace {

constexpr std::size_t least_growth_doses = 4;

stats::DoseSeries series_of(const DoseResponse& response) {
  stats::DoseSeries out;
  for (const DosePoint& point : response.points)
    for (const double percent : point.percent) {
      out.doses.push_back(point.dose);
      out.responses.push_back(percent);
    }
  return out;
}

std::size_t positive_doses(const DoseResponse& response) {
  return static_cast<std::size_t>(std::count_if(response.points.begin(), response.points.end(),
                                                [](const DosePoint& p) { return p.dose > 0.0; }));
}

void measure_growth(DoseMeasures& out, const DoseResponse& response, double at_start) {
  const double control = response.points.front().dose == 0.0 ? stats::mean(response.points.front().net) : 0.0;
  if (!(at_start > 0.0) || !(control > at_start)) {
    out.no_growth = fmt::format(
        "the untreated wells went from {:.4g} to {:.4g}: without growth there is no growth rate to inhibit",
        at_start, control);
    return;
  }
  std::vector<double> doses, rates;
  for (const DosePoint& point : response.points)
    for (const double net : point.net) {
      if (!(point.dose > 0.0)) continue;
      doses.push_back(point.dose);
      // Nothing is left of the cells: the limit of the equation, and what noise about zero means.
      out.dead_wells += net <= 0.0;
      rates.push_back(net > 0.0 ? stats::growth_rate_inhibition(net, control, at_start) : -1.0);
    }
  const std::set<double> distinct(doses.begin(), doses.end());
  if (distinct.size() < least_growth_doses) {
    out.no_growth =
        fmt::format("{} doses above zero; a GR curve needs {}", distinct.size(), least_growth_doses);
    return;
  }
  out.growth = stats::fit_growth_inhibition(doses, rates);
}

}  // namespace

DoseMeasures measure_dose_response(const DoseResponse& response, std::optional<double> at_start,
                                   bool compare_models) {
  DoseMeasures out;
  if (response.points.empty() || response.points.front().percent.empty()) return out;
  const stats::DoseSeries series = series_of(response);
  if (positive_doses(response) >= 2)
    out.area = stats::area_under_responses(series.doses, series.responses, 100.0);
  if (compare_models && response.fit) {
    stats::DoseResponseOptions options;
    options.half_response = 50.0;
    out.models = stats::compare_dose_models(series.doses, series.responses, options);
  }
  if (at_start) measure_growth(out, response, *at_start);
  return out;
}

PotencyComparison compare_potencies(std::span<const DoseResponse> responses, const std::string& reference,
                                    const stats::SharedParameters& shared, stats::LogisticModel model) {
  PotencyComparison out;
  std::vector<std::string> arms;
  std::vector<stats::DoseSeries> series;
  for (const DoseResponse& response : responses) {
    const stats::DoseSeries more = series_of(response);
    if (more.doses.empty() || positive_doses(response) == 0) continue;
    const auto at = std::find(arms.begin(), arms.end(), response.arm);
    const auto index = static_cast<std::size_t>(at - arms.begin());
    if (at == arms.end()) {
      arms.push_back(response.arm);
      series.emplace_back();
    }
    series[index].doses.insert(series[index].doses.end(), more.doses.begin(), more.doses.end());
    series[index].responses.insert(series[index].responses.end(), more.responses.begin(),
                                   more.responses.end());
  }
  if (arms.size() < 2) {
    out.message = "a relative potency needs two arms with curves";
    return out;
  }
  const auto named = std::find(arms.begin(), arms.end(), reference);
  const std::size_t base = named == arms.end() ? 0 : static_cast<std::size_t>(named - arms.begin());
  out.reference = arms[base];
  stats::DoseResponseOptions options;
  options.model = model;
  stats::GlobalDoseResponse fit;
  try {
    fit = stats::fit_dose_responses(series, shared, options);
  } catch (const stats::StatisticsError& error) {
    out.message = error.what();
    return out;
  }
  out.message = fit.message;
  out.parallelism = fit.parallelism;
  if (fit.fit.estimates.empty()) return out;
  for (std::size_t a = 0; a < arms.size(); ++a) {
    if (a == base) continue;
    RelativePotency potency{arms[a], {}, {}};
    const auto ratio = stats::relative_potency(fit, a, base);
    if (const auto* found = std::get_if<stats::Ic50Ratio>(&ratio))
      potency.ratio = *found;
    else
      potency.reason = std::get<stats::RatioUndefined>(ratio).reason;
    out.arms.push_back(std::move(potency));
  }
  return out;
}

}  // namespace stroma::assays

#include "assays/dose_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "assays/dose_unit.hpp"
#include "stats/descriptive.hpp"

namespace stroma::assays {
namespace {

// A fraction of control may exceed 1 by noise; a percentage of a living culture is far above that.
constexpr double most_as_fraction = 1.5, least_as_percent = 20.0;

// Three models cost five times what one does; nobody reads so long a table of them.
constexpr std::size_t most_compared_curves = 48;

struct Curve {
  std::string drug;
  DoseResponse response;
  DoseMeasures measures;
  std::vector<const DoseRow*> rows;
};

std::vector<Curve> sort_rows(const DoseTable& table) {
  std::vector<Curve> curves;
  std::map<std::tuple<std::string, std::string, int>, std::size_t> index;
  for (const DoseRow& row : table.rows) {
    const auto [at, fresh] = index.insert({{row.drug, row.arm, row.replicate}, curves.size()});
    if (fresh) curves.push_back({row.drug, {row.arm, row.replicate, 0.0, {}, {}, row.dose_unit}, {}, {}});
    curves[at->second].rows.push_back(&row);
  }
  return curves;
}

double largest(const Curve& curve) {
  double most = 0.0;
  for (const DoseRow* row : curve.rows) most = std::max(most, std::abs(row->response));
  return most;
}

std::string name_of(const Curve& curve) {
  return fmt::format("arm '{}', replicate {}", curve.response.arm, curve.response.replicate);
}

// A column that is fractions in one arm and per cent in another, or whose header contradicts its numbers.
void check_scale(const std::vector<Curve>& curves, ResponseScale scale, bool asked,
                 core::Diagnostics& problems) {
  if (curves.empty() || asked) return;
  const auto by_size = [](const Curve& a, const Curve& b) { return largest(a) < largest(b); };
  const Curve& small = *std::min_element(curves.begin(), curves.end(), by_size);
  const Curve& large = *std::max_element(curves.begin(), curves.end(), by_size);
  const double low = largest(small), high = largest(large);
  const std::string remedy = "say which: --response percent or --response fraction";
  if (low <= most_as_fraction && high >= least_as_percent)
    problems.add(
        "percent-or-fraction", small.rows.front()->place, "response",
        fmt::format("{} reaches {:.4g} and {} reaches {:.4g} in one column: read as per cent, the first is "
                    "below {:.3g} % throughout; read as fractions, the second is {:.4g} % of control",
                    name_of(small), low, name_of(large), high, std::ceil(low), 100.0 * high),
        "use one unit throughout the column");
  else if (scale == ResponseScale::percent && high <= most_as_fraction)
    problems.add(
        "percent-or-fraction", large.rows.front()->place, "response",
        fmt::format("the header says per cent, but the largest value is {:.4g}: read as per cent, nothing "
                    "reaches {:.3g} % of control; read as fractions, the largest is {:.4g} %",
                    high, std::ceil(high), 100.0 * high),
        remedy);
  else if (scale == ResponseScale::fraction && high >= least_as_percent)
    problems.add(
        "percent-or-fraction", large.rows.front()->place, "response",
        fmt::format("the header says fractions, but the largest value is {:.4g}: read as fractions, that is "
                    "{:.4g} % of control; read as per cent, {:.4g} %",
                    high, 100.0 * high, high),
        remedy);
}

void collect_points(Curve& curve) {
  std::map<double, DosePoint> points;
  for (const DoseRow* row : curve.rows) {
    DosePoint& point = points[row->dose];
    point.dose = row->dose;
    point.net.push_back(row->response);
  }
  for (auto& [dose, point] : points) curve.response.points.push_back(std::move(point));
}

void express(Curve& curve, ResponseScale scale, core::Diagnostics& problems, core::Diagnostics& warnings) {
  collect_points(curve);
  DoseResponse& response = curve.response;
  const bool control = response.points.front().dose == 0.0;
  if (!control && scale == ResponseScale::unknown) {
    problems.add("no-control", curve.rows.front()->place, "dose",
                 fmt::format("{} has no dose zero, and the response column has no unit", name_of(curve)),
                 "give the untreated wells as dose 0, or say what the responses are: --response percent or "
                 "--response fraction");
    return;
  }
  response.control_od = control ? stats::mean(response.points.front().net) : 1.0;
  double whole = response.control_od;
  if (scale != ResponseScale::unknown) whole = scale == ResponseScale::percent ? 100.0 : 1.0;
  if (!(whole > 0.0)) {
    warnings.add(
        "dim-control", curve.rows.front()->place, response.arm,
        fmt::format("{}: the mean at dose zero is {:.4g}; nothing can be expressed in per cent of it",
                    name_of(curve), whole));
    return;
  }
  for (DosePoint& point : response.points) {
    for (const double net : point.net) point.percent.push_back(100.0 * net / whole);
    point.mean = stats::mean(point.percent);
  }
}

stats::LogisticModel model_of(CurveChoice choice) {
  return choice == CurveChoice::three  ? stats::LogisticModel::three_parameter
         : choice == CurveChoice::five ? stats::LogisticModel::five_parameter
                                       : stats::LogisticModel::four_parameter;
}

// Mean of the signal when the drug was added, where it is given.
std::optional<double> start_of(const Curve& curve) {
  std::vector<double> values;
  for (const DoseRow* row : curve.rows)
    if (row->at_start) values.push_back(*row->at_start);
  return values.empty() ? std::nullopt : std::optional(stats::mean(values));
}

void fit(DoseResponse& response, CurveChoice choice, bool robust) {
  if (response.points.size() < 2 || response.points.front().percent.empty()) return;
  if (choice == CurveChoice::automatic && !robust) {
    response.fit = fit_percent(response);
    return;
  }
  std::vector<double> doses, percents;
  for (const DosePoint& point : response.points)
    for (const double percent : point.percent) {
      doses.push_back(point.dose);
      percents.push_back(percent);
    }
  stats::DoseResponseOptions options;
  options.half_response = 50.0;
  options.model = model_of(choice);
  options.robust = robust;
  response.fit = stats::fit_dose_response(doses, percents, options);
}

void warn_of_repeats(const DoseTable& table, core::Diagnostics& warnings) {
  std::set<int> replicates;
  bool repeated = false;
  for (const DoseRow& row : table.rows) {
    replicates.insert(row.replicate);
    repeated = repeated || row.technical > 1;
  }
  if ((table.technical_said || repeated) && replicates.size() < 2)
    warnings.add(
        "pseudo-replication", {}, "replicate",
        table.replicates_said
            ? "all wells are technical repeats of one experiment (replicate is the same throughout); "
              "intervals describe the wells of that experiment and nothing beyond it"
            : "there is a column technical and none called replicate: wells of one experiment are not "
              "independent; intervals describe that experiment and nothing beyond it",
        "repeat the experiment and number it in a column replicate");
}

}  // namespace

std::string explain_fit(const DoseResponse& response) {
  if (!response.fit) return "no curve: no dose but zero, or a control without signal";
  const stats::DoseResponseFit& f = *response.fit;
  const auto print = [&](double dose) {
    return fmt::format("{:.3g} {}", shown_dose(dose, response.dose_unit), printed_unit(response.dose_unit));
  };
  const std::string doses = fmt::format("{} to {}", print(f.lowest_dose), print(f.highest_dose));
  switch (f.status) {
    case stats::DoseStatus::too_few:
      return fmt::format(
          "too few doses for this curve: {} distinct ones; use at least five and the untreated wells",
          response.points.size());
    case stats::DoseStatus::no_response:
      return fmt::format(
          "no effect of the doses from {} can be told from the wells' scatter (F test against a "
          "constant, p = {:.2g})",
          doses, f.p_no_response);
    case stats::DoseStatus::not_converged:
      return "no curve was found that fits; look at the points for a well out of line";
    case stats::DoseStatus::not_determined:
      return fmt::format(
          "the doses from {} leave the curve open: its plateau or slope is not reached; add doses "
          "beyond the steepest part",
          doses);
    default:
      break;
  }
  const stats::Ic50& ic50 = f.absolute_ic50;
  if (!ic50.defined)
    return fmt::format(
        "the fitted curve never crosses 50 % of control (it runs from {:.3g} % to {:.3g} %); there is "
        "no IC50",
        f.curve.upper, f.curve.lower);
  if (ic50.value > f.highest_dose || ic50.value < f.lowest_dose)
    return fmt::format("the IC50 of {} lies {} the doses tested ({}): an extrapolation", print(ic50.value),
                       ic50.value > f.highest_dose ? "above" : "below", doses);
  if (!(ic50.ci.low >= f.lowest_dose) && !(ic50.ci.high <= f.highest_dose))
    return fmt::format(
        "the interval of the IC50 is wider than the doses tested ({}), which do not determine it; add doses "
        "around {}",
        doses, print(ic50.value));
  return {};
}

DoseTableAnalysis analyse_dose_table(const DoseTable& table, const DoseTableOptions& options) {
  DoseTableAnalysis out;
  core::Diagnostics problems;
  std::vector<Curve> curves = sort_rows(table);
  const bool asked = options.scale != ResponseScale::unknown;
  const ResponseScale scale = asked ? options.scale : table.scale;
  check_scale(curves, scale, asked, problems);
  for (Curve& curve : curves) express(curve, scale, problems, out.warnings);
  problems.throw_if_any();
  warn_of_repeats(table, out.warnings);
  const bool compared = !options.robust && curves.size() <= most_compared_curves;
  core::for_chunks(curves.size(), 4, options.threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      fit(curves[i].response, options.curve, options.robust);
      curves[i].measures = measure_dose_response(curves[i].response, start_of(curves[i]), compared);
    }
  });
  for (Curve& curve : curves) {
    if (const std::string why = explain_fit(curve.response); !why.empty())
      out.warnings.add("no-ic50", curve.rows.front()->place, curve.response.arm,
                       fmt::format("{}: {}", name_of(curve), why));
    if (!curve.measures.no_growth.empty())
      out.warnings.add("no-growth-rate", curve.rows.front()->place, curve.response.arm,
                       fmt::format("{}: {}", name_of(curve), curve.measures.no_growth));
    auto drug = std::find_if(out.drugs.begin(), out.drugs.end(),
                             [&](const DrugResponses& d) { return d.drug == curve.drug; });
    if (drug == out.drugs.end())
      drug = out.drugs.insert(out.drugs.end(), DrugResponses{curve.drug, {}, {}, {}});
    drug->responses.push_back(std::move(curve.response));
    drug->measures.push_back(std::move(curve.measures));
  }
  if (options.shared)
    for (DrugResponses& drug : out.drugs)
      drug.potency =
          compare_potencies(drug.responses, options.reference, *options.shared, model_of(options.curve));
  return out;
}

}  // namespace stroma::assays

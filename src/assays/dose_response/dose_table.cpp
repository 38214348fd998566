#include "assays/dose_response/dose_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "assays/dose_response/dose_unit.hpp"
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

bool is_inhibition(ResponseScale scale) {
  return scale == ResponseScale::inhibition || scale == ResponseScale::inhibition_percent ||
         scale == ResponseScale::inhibition_fraction;
}

// Inhibition is what is missing from the control: 100 minus it is a response like any other.
ResponseScale turn_inhibition(std::vector<DoseRow>& rows, ResponseScale scale, core::Diagnostics& problems) {
  if (!is_inhibition(scale)) return scale;
  double most = 0.0;
  for (const DoseRow& row : rows) most = std::max(most, std::abs(row.response));
  if (scale == ResponseScale::inhibition) {
    if (most > most_as_fraction && most < least_as_percent)
      problems.add("percent-or-fraction", rows.front().place, "response",
                   fmt::format("the largest inhibition is {:.4g}, which may be per cent or a fraction", most),
                   "say which: --response inhibition-percent or --response inhibition-fraction");
    scale = most <= most_as_fraction ? ResponseScale::inhibition_fraction : ResponseScale::inhibition_percent;
  }
  const bool percent = scale == ResponseScale::inhibition_percent;
  for (DoseRow& row : rows) row.response = (percent ? 100.0 : 1.0) - row.response;
  return percent ? ResponseScale::percent : ResponseScale::fraction;
}

// A signal that rises from next to nothing at dose zero: inhibition in per cent of control, or something that
// the drug makes. Both are common, and per cent of next to nothing is neither.
void check_direction(const std::vector<Curve>& curves, ResponseScale scale, const std::string& command,
                     core::Diagnostics& problems) {
  constexpr double least_fold = 3.0;  // assumption: no viability assay triples
  const Curve* first = nullptr;
  std::size_t rising = 0, judged = 0;
  double zero = 0.0, end = 0.0;
  for (const Curve& curve : curves) {
    std::vector<double> control;
    std::map<double, std::vector<double>> treated;
    for (const DoseRow* row : curve.rows)
      (row->dose == 0.0 ? control : treated[row->dose]).push_back(row->response);
    if (control.empty() || treated.size() < 2) continue;
    ++judged;
    const double at_zero = stats::mean(control), at_end = stats::mean(treated.rbegin()->second);
    const bool says_percent = scale == ResponseScale::percent || scale == ResponseScale::fraction;
    const double whole = scale == ResponseScale::percent ? 100.0 : 1.0;
    const bool rises = says_percent ? at_zero < 0.5 * whole && at_end > at_zero
                                    : at_end > least_fold * std::max(at_zero, 0.0) && at_end > at_zero;
    if (!rises) continue;
    if (rising++ > 0) continue;
    first = &curve;
    zero = at_zero;
    end = at_end;
  }
  if (rising == 0) return;
  const std::array<core::Choice, 3> readings{{{"inhibition in per cent", "--response inhibition-percent"},
                                              {"inhibition as a fraction", "--response inhibition-fraction"},
                                              {"a signal that the drug raises", "--response signal"}}};
  problems.add(
      "inhibition-or-signal", first->rows.front()->place, "response",
      fmt::format("in {} of {} curves the response rises from {:.3g} at dose zero to {:.3g} (first: {}); in "
                  "per cent of control that says nothing",
                  rising, judged, zero, end, name_of(*first)),
      core::choices(command, readings));
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

// What the responses were taken for, who is independent, and which curves went through them.
void say_table(const DoseTable& table, const std::vector<Curve>& curves, ResponseScale said,
               ResponseScale scale, bool asked, core::Understanding& out) {
  std::string response = "a signal, divided by its mean at dose 0 of the same arm and replicate";
  if (is_inhibition(said))
    response = scale == ResponseScale::percent ? "inhibition in per cent; 100 minus it is the response"
                                               : "inhibition as a fraction; 1 minus it is the response";
  else if (scale == ResponseScale::percent)
    response = "per cent of control";
  else if (scale == ResponseScale::fraction)
    response = "fraction of control";
  if (asked)
    out.given("response", response, "--response");
  else if (said != ResponseScale::unknown)
    out.found("response", response, "--response");
  else
    out.assumed("response", response, "--response");
  std::set<std::string> drugs, arms, units;
  std::set<int> replicates;
  std::size_t wells = 0, falls = 0, rises = 0, three = 0, four = 0, five = 0;
  for (const Curve& curve : curves) {
    drugs.insert(curve.drug);
    arms.insert(curve.response.arm);
    units.insert(curve.response.dose_unit);
    replicates.insert(curve.response.replicate);
    wells += curve.rows.size();
    if (!curve.response.fit || curve.response.fit->fit.estimates.empty()) continue;
    (curve.response.fit->curve.slope > 0.0 ? falls : rises) += 1;
    const stats::LogisticModel model = curve.response.fit->model;
    (model == stats::LogisticModel::three_parameter  ? three
     : model == stats::LogisticModel::four_parameter ? four
                                                     : five) += 1;
  }
  std::string unit;
  for (const std::string& u : units) unit += (unit.empty() ? "" : ", ") + u;
  out.found("measurements", fmt::format("{} in {} curves: {} drugs, {} arms; doses shown in {}", wells,
                                        curves.size(), drugs.size(), arms.size(), unit));
  if (table.replicates_said)
    out.found("independent unit", fmt::format("the experiment (replicate, {} of them); its wells are repeats",
                                              replicates.size()));
  else
    out.assumed("independent unit", "all lines are one experiment, whose wells are repeats",
                "a column replicate");
  std::string models;
  const auto add = [&](std::size_t n, const char* words) {
    if (n > 0) models += fmt::format("{}{} {}", models.empty() ? "" : ", ", n, words);
  };
  add(four, "of 4 parameters");
  add(three, "of 3 (lower plateau held at 0 %)");
  add(five, "of 5");
  add(falls, "fall with dose");
  add(rises, "rise with dose");
  if (!models.empty()) out.found("curves", models, "--model");
}

}  // namespace

DoseTableAnalysis analyse_dose_table(DoseTable table, const DoseTableOptions& options) {
  DoseTableAnalysis out;
  core::Diagnostics problems;
  const bool asked = options.scale != ResponseScale::unknown;
  const ResponseScale said = asked ? options.scale : table.scale;
  ResponseScale scale = turn_inhibition(table.rows, said, problems);
  std::vector<Curve> curves = sort_rows(table);
  if (!is_inhibition(said)) check_scale(curves, scale, asked, problems);
  if (!asked && !is_inhibition(said)) check_direction(curves, scale, options.command, problems);
  if (scale == ResponseScale::signal) scale = ResponseScale::unknown;
  for (Curve& curve : curves) express(curve, scale, problems, out.warnings);
  problems.throw_if_any();
  warn_of_repeats(table, out.warnings);
  out.understanding = table.understanding;
  const bool compared = !options.robust && curves.size() <= most_compared_curves;
  core::for_chunks(curves.size(), 4, options.threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      fit(curves[i].response, options.curve, options.robust);
      curves[i].measures = measure_dose_response(curves[i].response, start_of(curves[i]), compared);
    }
  });
  say_table(table, curves, said, scale, asked, out.understanding);
  for (Curve& curve : curves) {
    if (const std::string why = explain_fit(curve.response); !why.empty())
      out.warnings.add("no-ic50", curve.rows.front()->place, curve.response.arm,
                       fmt::format("{}: {}", name_of(curve), why));
    if (!curve.measures.no_growth.empty())
      out.warnings.add("no-growth-rate", curve.rows.front()->place, curve.response.arm,
                       fmt::format("{}: {}", name_of(curve), curve.measures.no_growth));
    if (curve.measures.dead_wells > 0)
      out.warnings.add(
          "dead-wells", curve.rows.front()->place, curve.response.arm,
          fmt::format("{}: {} wells have no signal above zero; their GR is -1 (nothing is left alive)",
                      name_of(curve), curve.measures.dead_wells));
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

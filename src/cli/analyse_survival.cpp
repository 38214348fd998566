// `analyse survival`: tables of subjects with time and status.
#include <fmt/format.h>

#include <cmath>

#include "cli/analyse_inputs.hpp"
#include "io/survival_table.hpp"
#include "report/laboratory_mice.hpp"
#include "report/words.hpp"

namespace stroma::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  io::SurvivalColumns columns;
  assays::SurvivalOptions analysis;
  std::string ties = "efron";
};

// JSON has no NaN and no infinity: what was not reached is null.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json interval(const stats::Interval& i) {
  return Json::array({number(i.low), number(i.high)});
}

Json log_rank_json(const stats::LogRank& test) {
  if (test.status != stats::LogRankStatus::tested) return {{"not_tested", test.message}};
  return {{"chi_square", test.statistic}, {"df", test.df}, {"p", test.p}};
}

Json arm_json(const assays::SurvivalArmResult& arm) {
  Json points = Json::array();
  for (const stats::SurvivalPoint& p : arm.curve.points)
    points.push_back({{"time", p.time},
                      {"at_risk", p.at_risk},
                      {"events", p.events},
                      {"censored", p.censored},
                      {"survival", p.survival},
                      {"ci95", interval(p.ci)}});
  Json out = {{"arm", arm.arm},
              {"subjects", arm.subjects.size()},
              {"events", arm.curve.events},
              {"median", number(arm.curve.median.value)},
              {"median_ci95", interval(arm.curve.median.ci)}};
  if (arm.mean) {
    out["mean_time"] = arm.mean->mean;
    out["mean_time_ci95"] = interval(arm.mean->ci);
  }
  out["curve"] = std::move(points);
  return out;
}

Json results_of(const assays::SurvivalAnalysis& a, const std::string& unit) {
  Json out = {
      {"assay", "survival"}, {"time_unit", unit}, {"reference", a.reference}, {"stratified", a.stratified}};
  out["horizon"] = a.tau;
  out["arms"] = Json::array();
  for (const assays::SurvivalArmResult& arm : a.arms) out["arms"].push_back(arm_json(arm));
  out["log_rank"] = log_rank_json(a.log_rank);
  out["comparisons"] = Json::array();
  for (const assays::SurvivalComparison& c : a.comparisons) {
    Json row = {{"arm", c.arm}, {"log_rank", log_rank_json(c.log_rank)}, {"p_holm", number(c.adjusted_p)}};
    if (c.mean)
      row["mean_time_difference"] = {{"value", c.mean->difference},
                                     {"ci95", interval(c.mean->difference_ci)},
                                     {"p", number(c.mean->difference_p)}};
    out["comparisons"].push_back(std::move(row));
  }
  if (!a.cox) return out;
  Json cox = {{"status", a.cox->fitted() ? "fitted" : a.cox->message}, {"terms", Json::array()}};
  if (a.cox->fitted())
    for (std::size_t k = 0; k < a.cox->coefficients.size(); ++k) {
      const stats::CoxCoefficient& c = a.cox->coefficients[k];
      Json term = {
          {"name", c.name}, {"hazard_ratio", c.hazard_ratio},     {"ci95", interval(c.hazard_ratio_ci)},
          {"beta", c.beta}, {"standard_error", c.standard_error}, {"p", c.p}};
      if (a.proportionality) term["proportionality_p"] = number(a.proportionality->covariates[k].p);
      cox["terms"].push_back(std::move(term));
    }
  if (a.proportionality) cox["proportionality_p"] = number(a.proportionality->global.p);
  out["cox"] = std::move(cox);
  return out;
}

std::string summary_of(const assays::SurvivalAnalysis& a, const std::string& unit) {
  const std::string behind = unit.empty() ? "" : " " + unit;
  std::string out;
  for (const assays::SurvivalArmResult& arm : a.arms) {
    const double median = arm.curve.median.value;
    out += fmt::format("{}{}: {} subjects, {} events, median {}", out.empty() ? "" : "\n", arm.arm,
                       arm.subjects.size(), arm.curve.events,
                       std::isfinite(median) ? report::print(median) + behind : "not reached");
    if (!a.cox || !a.cox->fitted()) continue;
    for (const stats::CoxCoefficient& c : a.cox->coefficients)
      if (c.name == arm.arm)
        out += fmt::format(", hazard ratio {} ({})", report::print(c.hazard_ratio),
                           report::print(report::Interval{c.hazard_ratio_ci.low, c.hazard_ratio_ci.high}));
  }
  if (a.log_rank.status == stats::LogRankStatus::tested)
    out += fmt::format("\n{} p = {}", a.stratified ? "stratified log-rank test" : "log-rank test",
                       report::print_p(a.log_rank.p));
  return out;
}

Analysis analyse(const AnalyseRequest& request, Options options) {
  core::Diagnostics problems;
  Analysis out;
  assays::SurvivalData data;
  std::string unit, notes;
  std::size_t tables = 0;
  const std::vector<AssayFile> files = assay_files(
      {request.files, {}, {}}, "", "a table with the columns subject, arm, time, status", problems);
  for_each_file(files, problems, [&](const AssayFile& file) {
    const InputText text = read_input(file.path);
    io::SurvivalTable table = io::read_survival_table(text.named(), options.columns);
    if (tables++ > 0 && (table.time_unit != unit || table.data.covariates != data.covariates)) {
      problems.add("two-units", {text.name, 1, 0}, "time",
                   "this table has another unit of time, or other levels of a covariate, than the one before",
                   "put all subjects into one table");
      return;
    }
    unit = table.time_unit;
    data.covariates = table.data.covariates;
    for (const std::string& note : table.notes) notes += " " + note + ".";
    std::move(table.data.subjects.begin(), table.data.subjects.end(), std::back_inserter(data.subjects));
  });
  options.analysis.reference = request.reference;
  options.analysis.ties = options.ties == "breslow" ? stats::Ties::breslow : stats::Ties::efron;
  const assays::SurvivalAnalysis analysis = assays::analyse_survival(data, options.analysis);
  append_warnings(out.warnings, analysis.warnings, "");
  if (unit.empty())
    out.warnings.add("no-unit", {}, "time", "the table does not say the unit of time",
                     "write it in the header: time (days)");
  out.title = "Survival";
  out.question = analysis.arms.size() > 1
                     ? fmt::format("Do the arms survive longer or shorter than {}?", analysis.reference)
                     : "How long do the subjects survive?";
  out.sections.push_back(report::survival_section(analysis, unit));
  out.methods = fmt::format(
      "Survival was estimated by Kaplan and Meier's method, with pointwise 95 % intervals on the log-log "
      "scale and "
      "medians with the interval of Brookmeyer and Crowley. Arms were compared by {}log-rank tests; those of "
      "single "
      "arms against {} were adjusted by Holm's method. Hazard ratios are from Cox regression ({} ties{}); "
      "proportionality was tested with scaled Schoenfeld residuals (Grambsch and Therneau). Restricted mean "
      "times are "
      "areas under the curves up to {}{}{}.{}",
      analysis.stratified ? "stratified " : "", analysis.reference,
      options.ties == "breslow" ? "Breslow's method for" : "Efron's method for",
      analysis.stratified ? ", one baseline per stratum" : "", report::print(analysis.tau),
      unit.empty() ? "" : " ", unit, notes);
  out.references = {{"grambsch1994", "Grambsch PM, Therneau TM. Biometrika 81, 515 (1994).",
                     "https://doi.org/10.1093/biomet/81.3.515"}};
  out.results = results_of(analysis, unit);
  out.summary = summary_of(analysis, unit);
  return out;
}

}  // namespace

void add_survival(CLI::App& analyse_command, AnalyseRequest& request, AnalyseJob& job) {
  CLI::App* assay =
      add_assay(analyse_command, "survival", "time to death or another event: curves, tests, hazards",
                "tables with the columns subject, arm, time, status", request);
  assay->remove_option(assay->get_option("--against"));
  auto options = std::make_shared<Options>();
  assay->add_option("--time", options->columns.time, "column of times (default: time, days, weeks, ...)");
  assay->add_option(
      "--status", options->columns.status,
      "column of 1 (event) and 0 (censored), or 2 and 1, or words (default: status, event, dead)");
  assay->add_option("--arm", options->columns.arm,
                    "column of arms (default: arm, group, treatment, or the only column of words)");
  assay->add_option("--strata", options->columns.stratum, "column within whose values arms are compared");
  assay->add_option("--covariates", options->columns.covariates, "further columns of the Cox regression")
      ->delimiter(',');
  assay
      ->add_option(
          "--tau", options->analysis.tau,
          "horizon of the mean times, in the table's unit (default: the shortest follow-up of an arm)")
      ->check(CLI::PositiveNumber);
  assay->add_option("--ties", options->ties, "tied events in the Cox regression: efron or breslow")
      ->check(CLI::IsMember({"efron", "breslow"}))
      ->capture_default_str();
  assay->callback(
      [&job, options] { job = [options](const AnalyseRequest& given) { return analyse(given, *options); }; });
}

}  // namespace stroma::cli

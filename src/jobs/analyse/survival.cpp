// `analyse survival`: tables of subjects with time and status.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assays/arms.hpp"
#include "io/survival_table.hpp"
#include "jobs/analyse/inputs.hpp"
#include "report/laboratory_mice.hpp"
#include "report/words.hpp"

namespace stroma::jobs {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  io::SurvivalColumns columns;
  assays::SurvivalOptions analysis;
  std::string ties = "efron";
  bool independent = false;
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
              {"subjects", arm.n},
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
    out +=
        fmt::format("{}{}: {} subjects, {} events, median {}", out.empty() ? "" : "\n", arm.arm, arm.n,
                    arm.curve.events, std::isfinite(median) ? report::print(median) + behind : "not reached");
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

/// All tables as one: their subjects, and what was understood of each.
struct AllTables {
  assays::SurvivalData data;
  std::string unit;
  core::Understanding understanding;
};

AllTables read_tables(const AnalyseRequest& request, const io::SurvivalColumns& columns) {
  core::Diagnostics problems;
  AllTables all;
  std::size_t tables = 0;
  const std::vector<AssayFile> files = assay_files(
      {request.files, {}, {}}, "", "a table with the columns subject, arm, time, status", problems);
  for_each_file(files, problems, [&](const AssayFile& file) {
    const InputText text = read_input(file.path);
    io::SurvivalTable table = io::read_survival_table(text.named(), columns);
    if (tables++ > 0 && (table.time_unit != all.unit || table.data.covariates != all.data.covariates ||
                         table.stratum.empty() != all.data.subjects.front().stratum.empty())) {
      problems.add("two-units", {text.name, 1, 0}, "time",
                   "this table has another unit of time, or other levels of a covariate, than the one before",
                   "put all subjects into one table");
      return;
    }
    all.unit = table.time_unit;
    all.data.covariates = table.data.covariates;
    for (const core::Fact& fact : table.understanding.facts()) {
      const std::string about = files.size() > 1 ? fmt::format("{}: {}", text.name, fact.about) : fact.about;
      if (fact.basis == core::Basis::given) all.understanding.given(about, fact.what, fact.option);
      if (fact.basis == core::Basis::found) all.understanding.found(about, fact.what, fact.option);
      if (fact.basis == core::Basis::assumed) all.understanding.assumed(about, fact.what, fact.option);
    }
    for (assays::SurvivalSubject& s : table.data.subjects) {
      if (files.size() > 1) s.subject = fmt::format("{} ({})", s.subject, text.name);
      all.data.subjects.push_back(std::move(s));
    }
  });
  return all;
}

/// The arm that the others are compared with: as said, else the only one called a control, else the first.
std::string reference_of(const assays::SurvivalData& data, const std::string& said,
                         core::Understanding& understanding) {
  std::vector<std::string> arms;
  for (const assays::SurvivalSubject& s : data.subjects)
    if (std::find(arms.begin(), arms.end(), s.arm) == arms.end()) arms.push_back(s.arm);
  if (arms.size() < 2) return said;
  if (!said.empty()) {
    understanding.given("reference arm", said, "--reference");
    return said;
  }
  const std::vector<std::string> controls = assays::arms_called_control(arms);
  const std::string& reference = controls.size() == 1 ? controls.front() : arms.front();
  understanding.assumed("reference arm",
                        reference + (controls.size() == 1 ? ", by its name" : ", the first in the table"),
                        "--reference");
  return reference;
}

Analysis analyse(const AnalyseRequest& request, const Options& own) {
  Options options = own;
  Analysis out;
  options.columns.command = request.command;
  if (options.independent) options.columns.subject = "none";
  AllTables all = read_tables(request, options.columns);
  const assays::SurvivalData& data = all.data;
  const std::string& unit = all.unit;
  out.understanding = std::move(all.understanding);
  options.analysis.reference = reference_of(data, request.reference, out.understanding);
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
      "areas under the curves up to {}{}{}.",
      analysis.stratified ? "stratified " : "", analysis.reference,
      options.ties == "breslow" ? "Breslow's method for" : "Efron's method for",
      analysis.stratified ? ", one baseline per stratum" : "", report::print(analysis.tau),
      unit.empty() ? "" : " ", unit);
  out.references = {{"grambsch1994", "Grambsch PM, Therneau TM. Biometrika 81, 515 (1994).",
                     "https://doi.org/10.1093/biomet/81.3.515"}};
  out.results = results_of(analysis, unit);
  out.summary = summary_of(analysis, unit);
  return out;
}

void declare_survival(core::Options& options, Options& own) {
  io::SurvivalColumns& columns = own.columns;
  options.add("--time", columns.time, "column of times (default: time, days, OS_MONTHS, OS.time, ...)");
  options.add("--status", columns.status,
              "column that says who had the event (default: status, event, dead, censored, ...); its name "
              "and its words say which way");
  options
      .add("--event", columns.event,
           "values of the status that mean the event, where they are not known ones")
      .separated(',');
  options.add("--start", columns.start,
              "column of the time from which a row is at risk: late entry, or intervals (start, stop] of a "
              "subject; none: from 0 on");
  options.add("--arm,--group", columns.arm,
              "column of arms (default: arm, group, treatment, or the only column of words that subjects "
              "share); none: all are one");
  options.add("--subject", columns.subject,
              "column that says whose row it is (default: subject, id, patient, mouse, sample, ...); none: "
              "each row is a subject");
  options.add("--independent", own.independent, "each row is a subject of its own, whatever columns say");
  options.add("--own-numbers", columns.own_numbers,
              "each arm numbers its own subjects: 1 of one arm is not 1 of another");
  options.add("--strata", columns.stratum, "column within whose values arms are compared");
  options
      .add("--covariates", columns.covariates,
           "further columns of the Cox regression; factor(COLUMN) takes numbers as names")
      .separated(',');
  options.add(
      "--base", columns.base,
      "COLUMN=LEVEL: the level that the others of a covariate are compared with (default: the first)");
  options
      .add("--tau", own.analysis.tau,
           "horizon of the mean times, in the table's unit (default: the shortest follow-up of an arm)")
      .positive();
  options.add("--ties", own.ties, "tied events in the Cox regression: efron or breslow")
      .choices({"efron", "breslow"})
      .says_default();
}

}  // namespace

Job survival_job() {
  return make_assay<Options>("survival", "time to death or another event: curves, tests, hazards",
                             "tables with the columns subject, arm, time, status", Shares::reference,
                             declare_survival, analyse);
}

}  // namespace stroma::jobs

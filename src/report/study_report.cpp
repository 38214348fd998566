#include "report/study_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "report/figures.hpp"
#include "report/rule_figures.hpp"

namespace stroma::report {
namespace {

Verdict verdict_of(study::Verdict v) {
  return v == study::Verdict::reproduced     ? Verdict::reproduced
         : v == study::Verdict::contradicted ? Verdict::contradicted
                                             : Verdict::inconclusive;
}

FindingResult result_of(const study::Comparison& c) {
  FindingResult r;
  r.n = c.n;
  r.effect = {c.effect.value_or(missing), {c.low.value_or(missing), c.high.value_or(missing)}};
  r.p = c.p.value_or(missing);
  r.verdict = verdict_of(c.verdict);
  return r;
}

Finding finding_of(const study::Assessment& a, const study::Study& study) {
  Finding f;
  f.id = a.finding.id;
  f.figure = a.finding.figure;
  f.system = a.finding.system;
  f.readout = readout_words(a.finding.readout, study);
  f.arm = a.finding.arm;
  f.reference_arm = a.finding.reference_arm;
  f.expected = a.finding.expected == study::Direction::up     ? Direction::up
               : a.finding.expected == study::Direction::down ? Direction::down
                                                              : Direction::same;
  f.role = a.finding.role == study::Role::calibrated ? Role::calibrated : Role::predicted;
  f.test = a.at_paper_n.test.empty() ? a.at_full_n.test : a.at_paper_n.test;
  f.result = result_of(a.at_paper_n);
  if (a.at_full_n.n > a.at_paper_n.n) f.larger = result_of(a.at_full_n);
  f.note = a.at_full_n.why_not.empty() ? a.at_paper_n.why_not : a.at_full_n.why_not;
  return f;
}

std::string summary_of(const study::StudyResult& result) {
  if (result.assessments.empty()) return {};
  int counts[2][3] = {};
  for (const study::Assessment& a : result.assessments)
    ++counts[static_cast<int>(a.finding.role)][static_cast<int>(a.at_full_n.verdict)];
  const auto text = [&](int role, const char* name) {
    return fmt::format("Of {} {} comparisons, {} are reproduced, {} contradicted and {} inconclusive",
                       counts[role][0] + counts[role][1] + counts[role][2], name, counts[role][0],
                       counts[role][1], counts[role][2]);
  };
  const int n = result.assessments.front().at_full_n.n;
  return fmt::format(
      "{} at n = {}. {}. A verdict is what the 95 % interval of the log2 ratio says, not its sign.",
      text(1, "predicted"), n, text(0, "calibrated"));
}

std::vector<std::string> warnings_of(const study::StudyResult& result, const study::RunRecord& record) {
  std::vector<std::string> warnings;
  if (record.quick)
    warnings.emplace_back("A quick run: a tenth of the cells. Intervals are wider than those of a full run.");
  for (const std::string& id : record.without) warnings.push_back("Knocked out: " + id + ".");
  for (const std::string& failure : result.failures) warnings.push_back("Failed and left out: " + failure);
  return warnings;
}

// Arms in the order in which experiments name them. An arm that findings only ever compare against is a
// control, as is one without any treatment.
std::vector<Arm> arms_of(const study::Study& study) {
  std::set<std::string> compared, references;
  for (const study::Finding& f : study.findings) {
    compared.insert(f.arm);
    references.insert(f.reference_arm);
  }
  std::vector<Arm> arms;
  std::set<std::string> seen;
  const auto add = [&](const std::string& name, bool untreated) {
    const bool control = untreated || (references.contains(name) && !compared.contains(name));
    if (seen.insert(name).second) arms.push_back({name, control, {}});
  };
  for (const study::Experiment& e : study.experiments) {
    for (const study::ArmSpec& a : e.arms) add(a.name, a.treatments.empty());
    if (!e.has_plate)
      for (const study::CultureSpec& c : e.cultures) add(c.name, false);
  }
  return arms;
}

Table failure_table(const study::StudyResult& result) {
  Table table{"failures", "Runs that failed", "A failed run is never averaged in.", {"run and reason"}, {}};
  for (const std::string& failure : result.failures) table.rows.push_back({failure});
  return table;
}

Table warning_table(const study::Study& study, const study::StudyResult& result) {
  Table table{"warnings",
              "Remarks of instruments and analyses",
              "What a careful operator would have noted.",
              {"experiment", "remark"},
              {}};
  for (std::size_t k = 0; k < result.experiments.size(); ++k)
    for (const core::Diagnostic& d : result.experiments[k].measurements.warnings.entries())
      table.rows.push_back({study.experiments[k].name, core::to_string(d)});
  return table;
}

// Whether the assay of a metric shows events, and some were kept.
bool has_cytograms(const std::string& of, const study::Measurements& m) {
  return std::any_of(m.runs.begin(), m.runs.end(), [&](const study::AssayRun& run) {
    return run.assay->target_of(metric_and_time(of).first) && !run.pictures().cytograms.empty();
  });
}

bool has_plates(const study::Measurements& m) {
  return std::any_of(m.runs.begin(), m.runs.end(),
                     [](const study::AssayRun& run) { return !run.pictures().plates.empty(); });
}

}  // namespace

std::vector<double> values_of(const study::Measurements& m, const std::string& metric,
                              const std::string& system, const std::string& arm) {
  std::vector<double> values;
  for (const study::Readout& r : m.readouts)
    if (r.metric == metric && r.system == system && r.arm == arm && r.value) values.push_back(*r.value);
  return values;
}

Report make_report(const study::Study& study, const study::StudyResult& result,
                   const study::RunRecord& record) {
  Report report;
  report.title = study.title;
  report.source = study.source;
  report.question = study.question;
  report.summary = summary_of(result);
  report.warnings = warnings_of(result, record);
  report.facts = {"Stroma " + record.version,
                  record.command,
                  study.model->name + " " + study.model->version,
                  study.model->content_hash,
                  result.state_hash,
                  record.finished,
                  record.machine,
                  fmt::format("{:.0f} s", record.wall_seconds),
                  record.seed,
                  static_cast<long>(result.progress.total),
                  static_cast<long>(result.progress.done - result.progress.failed),
                  static_cast<long>(result.progress.reused),
                  static_cast<long>(result.progress.failed)};
  report.arms = arms_of(study);
  for (const study::Assessment& a : result.assessments) report.findings.push_back(finding_of(a, study));

  const std::vector<study::FigureSpec> specs =
      study.figures.empty() ? study::default_figures(study) : study.figures;
  const auto measurements_of = [&](const std::string& experiment) -> const study::Measurements& {
    for (std::size_t k = 0; k < study.experiments.size(); ++k)
      if (study.experiments[k].name == experiment) return result.experiments[k].measurements;
    return result.experiments.front().measurements;
  };
  for (const study::FigureSpec& spec : specs) {
    if (report.sections.empty() || report.sections.back().title != spec.section)
      report.sections.push_back(
          {fmt::format("section-{}", report.sections.size() + 1), spec.section, {}, {}, {}});
    Section& section = report.sections.back();
    section.figures.push_back(make_figure(spec, study, result));
    for (const std::string& readout : spec.readouts)
      if (has_cytograms(readout, measurements_of(spec.experiment)))
        section.figures.push_back(
            make_flow_figure(spec, metric_and_time(readout).second, measurements_of(spec.experiment)));
  }
  Section plates{"plates",
                 "Raw plates",
                 "What the reader read, first replicate of each line; all plates are in raw/.",
                 {},
                 {}};
  for (std::size_t k = 0; k < study.experiments.size(); ++k)
    if (has_plates(result.experiments[k].measurements))
      plates.figures.push_back(make_plate_figure(study.experiments[k], result.experiments[k].measurements));
  if (!plates.figures.empty()) report.sections.push_back(std::move(plates));
  const std::set<model::Index> tested = tested_types(study);
  const std::vector<model::Index> types(tested.begin(), tested.end());
  Section network{"network",
                  "The mechanisms",
                  "Every arrow is a row of the model with its source; any of them can be knocked out with "
                  "--without and its id.",
                  {},
                  {}};
  network.figures.push_back(network_figure(*study.model, tested));
  report.sections.push_back(std::move(network));
  Section rules{"rules",
                "The rules",
                "What the activities of the network, and what surrounds a cell, do to its behaviours.",
                rule_figures(*study.model, types),
                {}};
  if (!rules.figures.empty()) {
    rules.tables.push_back(rule_table(*study.model, types));
    for (Arm& arm : rule_arms()) report.arms.push_back(std::move(arm));
    report.sections.push_back(std::move(rules));
  }
  Section remarks{"remarks", "Remarks", {}, {}, {}};
  if (Table warnings = warning_table(study, result); !warnings.rows.empty())
    remarks.tables.push_back(std::move(warnings));
  if (Table failures = failure_table(result); !failures.rows.empty())
    remarks.tables.push_back(std::move(failures));
  if (!remarks.tables.empty()) report.sections.push_back(std::move(remarks));
  report.methods = methods_text(study, result, record);
  report.references = model_references(*study.model);
  settle_ids(report);
  return report;
}

}  // namespace stroma::report

// Bars, dose-response curves, cytograms and plates of a study.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "core/units.hpp"
#include "report/arms.hpp"
#include "report/pooled_curve.hpp"
#include "report/study_report.hpp"
#include "report/words.hpp"
#include "stats/descriptive.hpp"
#include "stats/significance.hpp"
#include "study/culture_samples.hpp"

namespace stroma::report {
namespace {

std::string y_title_of(const std::string& of, const study::Study& study) {
  const auto [metric, time] = metric_and_time(of);
  if (!time.empty()) return fmt::format("{}, {}", y_title_of(metric, study), time);
  const assays::MetricWords* words = metric_words(metric, study);
  return words == nullptr ? metric : fmt::format(fmt::runtime(words->axis), target_words(metric, study));
}

// Pairs of a figure: those of the findings, in the figure's experiment; else every arm against the first.
std::vector<std::pair<std::string, std::string>> pairs_of(const study::FigureSpec& spec,
                                                          const study::Study& study,
                                                          const std::string& metric,
                                                          const std::string& system) {
  std::vector<std::pair<std::string, std::string>> pairs;
  const auto drawn = [&](const std::string& arm) {
    return std::find(spec.arms.begin(), spec.arms.end(), arm) != spec.arms.end();
  };
  for (const study::Finding& f : study.findings) {
    const std::pair<std::string, std::string> pair{f.arm, f.reference_arm};
    if (f.experiment == spec.experiment && f.readout == metric && f.system == system && drawn(f.arm) &&
        drawn(f.reference_arm) && std::find(pairs.begin(), pairs.end(), pair) == pairs.end())
      pairs.push_back(pair);
  }
  if (pairs.empty())
    for (std::size_t a = 1; a < spec.arms.size(); ++a) pairs.emplace_back(spec.arms[a], spec.arms.front());
  return pairs;
}

std::string noun_of(const std::string& of, const study::Study& study) {
  const auto [metric, time] = metric_and_time(of);
  if (!time.empty()) return fmt::format("{} at {}", noun_of(metric, study), time);
  std::string target = target_words(metric, study);
  if (const std::size_t comma = target.find(", "); comma != std::string::npos) target.erase(comma, 1);
  const assays::MetricWords* words = metric_words(metric, study);
  return words == nullptr ? target : fmt::format(fmt::runtime(words->noun), target);
}

// How sure a sentence is of what it says.
std::string certainty(const std::vector<Comparison>& brackets,
                      const std::pair<std::string, std::string>& pair) {
  for (const Comparison& c : brackets)
    if (c.arm == pair.first && c.reference_arm == pair.second)
      return fmt::format(" (p\u00a0=\u00a0{}{})", print_p(c.p),
                         stats::significant(c.p) ? "" : ", not significant");
  return {};
}

// The finding that compares this pair, where there is one that could be compared.
const study::Comparison* finding_of(const study::FigureSpec& spec, const study::StudyResult& result,
                                    const std::string& metric, const std::string& system,
                                    const std::pair<std::string, std::string>& pair) {
  for (const study::Assessment& a : result.assessments) {
    const study::Finding& f = a.finding;
    if (f.experiment == spec.experiment && f.readout == metric && f.system == system && f.arm == pair.first &&
        f.reference_arm == pair.second && a.at_full_n.effect)
      return &a.at_full_n;
  }
  return nullptr;
}

// One comparison has one answer on a page: a pair that is a finding is shown with the finding's own test.
void answer_as_finding(PanelStatistics& statistics, const std::string& panel,
                       const std::pair<std::string, std::string>& pair, const study::Comparison& c) {
  for (Comparison& bracket : statistics.brackets)
    if (bracket.arm == pair.first && bracket.reference_arm == pair.second) {
      bracket.p = *c.p;
      bracket.label = std::string(stats::stars(*c.p));
    }
  for (Statistic& line : statistics.lines) {
    if (line.panel != panel || line.arm != pair.first || line.reference_arm != pair.second) continue;
    line.n = c.n;
    line.test = c.test;
    line.statistic = fmt::format("log2 ratio {:+.3g}", *c.effect);
    line.p = *c.p;
    line.estimate_name = "ratio";
    line.estimate = {std::exp2(*c.effect), {std::exp2(*c.low), std::exp2(*c.high)}};
  }
}

// "HepG2: the apoptotic fraction in A is 1.80 times that in B (p = 0.002)".
std::string sentence(const BarPanel& panel, const std::string& system, const std::string& noun,
                     const std::pair<std::string, std::string>& pair, const std::vector<double>& a,
                     const std::vector<double>& b, const study::Comparison* finding) {
  if (a.empty() || b.empty() || stats::mean(b) == 0.0) return {};
  const double ratio = finding != nullptr ? std::exp2(*finding->effect) : stats::mean(a) / stats::mean(b);
  return fmt::format("{}: the {} in {} is {:.2f} times that in {}{}", system, noun, pair.first, ratio,
                     pair.second, certainty(panel.comparisons, pair));
}

// The values of a panel in the way in which their assay has them compared.
ArmValues arm_values(const std::string& title, const std::string& metric, const std::string& system,
                     const std::vector<std::string>& arms, const study::Measurements& m,
                     const study::Study& study) {
  const assays::Descriptor* assay = assay_of(metric, study);
  ArmValues out{title, arms, {}, assay != nullptr && assay->ratios};
  for (const std::string& arm : arms) {
    out.values.push_back(values_of(m, metric, system, arm));
    if (assay == nullptr || !assay->within_replicate) continue;
    out.blocks.emplace_back();
    for (const study::Readout& r : m.readouts)
      if (r.metric == metric && r.system == system && r.arm == arm && r.value)
        out.blocks.back().push_back(std::to_string(r.replicate));
  }
  return out;
}

// What the readout of this metric calls its systems.
std::vector<std::string> systems_of(const study::Experiment& experiment, const std::string& of,
                                    const study::Study& study) {
  const study::Protocol protocol = study::protocol_of(experiment, *study.model);
  for (const study::ReadoutSpec& r : experiment.readouts)
    if (r.assay->target_of(metric_and_time(of).first)) return study::readout_systems(protocol, r);
  return protocol.systems;
}

Figure bars_figure(const study::FigureSpec& spec, const study::Study& study,
                   const study::Experiment& experiment, const study::Measurements& m,
                   const study::StudyResult& result) {
  Figure figure;
  Bars bars;
  bool as_findings = false;
  bars.y_title = y_title_of(spec.readouts.front(), study);
  if (const assays::MetricWords* words = metric_words(spec.readouts.front(), study);
      words != nullptr && words->baseline)
    bars.reference = *words->baseline;
  std::vector<std::string> sentences;
  for (const std::string& metric : spec.readouts) {
    for (const std::string& system : systems_of(experiment, metric, study)) {
      BarPanel panel;
      panel.title =
          spec.readouts.size() > 1 ? fmt::format("{}, {}", system, target_words(metric, study)) : system;
      panel.y_title = y_title_of(metric, study);
      const ArmValues values = arm_values(panel.title, metric, system, spec.arms, m, study);
      for (std::size_t a = 0; a < spec.arms.size(); ++a)
        panel.groups.push_back(bar_of(spec.arms[a], values.values[a]));
      const auto pairs = pairs_of(spec, study, metric, system);
      PanelStatistics statistics = compare(values, pairs);
      for (const auto& pair : pairs)
        if (const study::Comparison* c = finding_of(spec, result, metric, system, pair)) {
          answer_as_finding(statistics, panel.title, pair, *c);
          as_findings = true;
        }
      panel.comparisons = std::move(statistics.brackets);
      figure.caption.statistics.insert(figure.caption.statistics.end(), statistics.lines.begin(),
                                       statistics.lines.end());
      const auto value = [&](const std::string& arm) {
        return values.values[static_cast<std::size_t>(std::find(spec.arms.begin(), spec.arms.end(), arm) -
                                                      spec.arms.begin())];
      };
      // One arm alone has nothing to be compared with.
      if (const std::string text = pairs.empty()
                                       ? std::string()
                                       : sentence(panel, system, noun_of(metric, study), pairs.front(),
                                                  value(pairs.front().first), value(pairs.front().second),
                                                  finding_of(spec, result, metric, system, pairs.front()));
          !text.empty())
        sentences.push_back(text);
      if (has_stars_of_zhao(study.source))
        for (Comparison& c : panel.comparisons) c.label = std::string(stats::stars_of_zhao(c.p));
      bars.panels.push_back(std::move(panel));
    }
  }
  for (const std::string& s : sentences) figure.see += (figure.see.empty() ? "" : "; ") + s;
  if (!figure.see.empty()) figure.see += ".";
  figure.alt = fmt::format("Bar chart of {} for {} arms. {}", y_title_of(spec.readouts.front(), study),
                           spec.arms.size(), figure.see);
  figure.caption.text =
      std::string(
          "Each point is one independent simulated experiment with the instrument's noise; bars are "
          "means, error bars SEM. ") +
      (has_stars_of_zhao(study.source) ? star_convention_of_zhao : star_convention) + "." +
      (as_findings
           ? " Pairs that are findings are tested as in the table of findings, at all replicates: the "
             "ratio of geometric means, Welch's t test of log2 values."
           : "");
  figure.content = std::move(bars);
  return figure;
}

DoseResponseArm dose_arm(const std::string& arm, const std::string& system, const std::string& metric,
                         const study::Measurements& m) {
  DoseResponseArm out;
  out.arm = arm;
  std::vector<double> doses, responses, log_ic50;
  for (const study::AssayRun& run : m.runs) {
    if (run.order.system != system || run.order.at != metric_and_time(metric).second) continue;
    const int replicate = run.order.replicate + 1;
    for (const assays::DoseResponse& response : run.pictures().responses) {
      if (response.arm != arm) continue;
      for (const assays::DosePoint& point : response.points) {
        const double dose = core::in_unit(point.dose, "uM");
        // The zero dose's mean is 100 % by construction: only its wells show how far the control itself
        // spreads.
        if (dose == 0)
          for (const double well : point.percent) out.points.push_back({dose, well, replicate});
        else
          out.points.push_back({dose, point.mean, replicate});
        doses.push_back(dose);
        responses.push_back(point.mean);
      }
    }
  }
  for (const double ic50 : values_of(m, metric, system, arm)) log_ic50.push_back(std::log(ic50));
  if (log_ic50.size() >= 2) {
    const stats::Interval ci = stats::mean_interval(log_ic50);
    out.ic50 = {std::exp(stats::mean(log_ic50)), {std::exp(ci.low), std::exp(ci.high)}};
  }
  out.curve = pooled_curve(doses, responses);
  return out;
}

Figure dose_figure(const study::FigureSpec& spec, const study::Study& study,
                   const study::Experiment& experiment, const study::Measurements& m,
                   const study::StudyResult& result) {
  Figure figure;
  DoseResponse content;
  const std::string& metric = spec.readouts.front();
  for (const study::ArmSpec& arm : experiment.arms)
    for (const study::TreatmentSpec& t : arm.treatments)
      if (t.series) content.drug = study.model->substances[static_cast<std::size_t>(t.substance)].name;
  for (const std::string& system : experiment.systems) {
    DoseResponsePanel panel{system, {}};
    const ArmValues ic50s = arm_values(system, metric, system, spec.arms, m, study);
    for (std::size_t a = 0; a < spec.arms.size(); ++a) {
      panel.arms.push_back(dose_arm(spec.arms[a], system, metric, m));
      Statistic line;
      line.comparison = fmt::format("{}: IC50 in {}", system, spec.arms[a]);
      line.n = static_cast<int>(ic50s.values[a].size());
      line.test = "4-parameter logistic per experiment; dose at 50 % of control; geometric mean";
      line.estimate_name = "IC50 (µM)";
      line.estimate = panel.arms.back().ic50;
      figure.caption.statistics.push_back(std::move(line));
    }
    const auto pairs = pairs_of(spec, study, metric, system);
    PanelStatistics statistics = compare(ic50s, pairs);
    for (const auto& pair : pairs)
      if (const study::Comparison* c = finding_of(spec, result, metric, system, pair))
        answer_as_finding(statistics, system, pair, *c);
    for (const Statistic& line : statistics.lines)
      if (!line.arm.empty())
        figure.see += fmt::format("{}{}: the IC50 in {} is {:.2f} times that in {} (p\u00a0=\u00a0{}{})",
                                  figure.see.empty() ? "" : "; ", system, line.arm, line.estimate.value,
                                  line.reference_arm, print_p(line.p),
                                  stats::significant(line.p) ? "" : ", not significant");
    std::move(statistics.lines.begin(), statistics.lines.end(),
              std::back_inserter(figure.caption.statistics));
    content.panels.push_back(std::move(panel));
  }
  if (!figure.see.empty()) figure.see += ".";
  figure.alt = "Viable cells in per cent of the untreated wells against the dose of " + content.drug + ". " +
               figure.see;
  figure.caption.text =
      "Points are means of the technical wells of one independent experiment; at zero dose, left of the "
      "break, "
      "they are single wells in per cent of their experiment's mean, and the grey band is their mean and SD. "
      "Curves are 4-parameter logistic fits with their 95 % band; ticks on the axis are IC50s with 95 % "
      "interval.";
  figure.content = std::move(content);
  return figure;
}

bool has_dose_axis(const study::Experiment& experiment, const std::string& metric) {
  return std::any_of(experiment.readouts.begin(), experiment.readouts.end(), [&](const auto& readout) {
    return readout.assay->by_dose && readout.assay->target_of(metric_and_time(metric).first);
  });
}

}  // namespace

Figure make_figure(const study::FigureSpec& spec, const study::Study& study,
                   const study::StudyResult& result) {
  std::size_t k = 0;
  while (k + 1 < study.experiments.size() && study.experiments[k].name != spec.experiment) ++k;
  const study::Experiment& experiment = study.experiments[k];
  const study::Measurements& m = result.experiments[k].measurements;
  const bool dose = spec.readouts.size() == 1 && has_dose_axis(experiment, spec.readouts.front());
  Figure figure = dose ? dose_figure(spec, study, experiment, m, result)
                       : bars_figure(spec, study, experiment, m, result);
  figure.id = spec.id;
  figure.panel = spec.panel;
  figure.title = typeset(spec.title);
  return figure;
}

Figure make_flow_figure(const study::FigureSpec& spec, const std::string& at, const study::Measurements& m) {
  Figure figure;
  figure.id = spec.id + "-cytograms";
  figure.panel = spec.panel;
  figure.title =
      typeset(spec.title) + ": cytograms of the first experiment" + (at.empty() ? "" : " at " + at);
  Flow flow;
  for (const study::AssayRun& run : m.runs)
    for (const assays::Cytogram& r : run.pictures().cytograms) {
      if (run.order.at != at ||
          std::find(spec.arms.begin(), spec.arms.end(), r.sample.arm) == spec.arms.end())
        continue;
      FlowPanel panel;
      panel.system = run.order.system;
      panel.arm = r.sample.arm;
      std::size_t annexin = 0, pi = 0;
      for (std::size_t c = 0; c < r.sample.channels.size(); ++c) {
        if (r.sample.channels[c].name == "FITC-A") annexin = c;
        if (r.sample.channels[c].name == "PI-A") pi = c;
      }
      const std::size_t width = r.sample.channels.size();
      for (std::size_t e = 0; e < r.sample.event_count(); ++e) {
        panel.annexin.push_back(r.sample.events[e * width + annexin]);
        panel.pi.push_back(r.sample.events[e * width + pi]);
      }
      panel.annexin_gate = r.gate.annexin;
      panel.pi_gate = r.gate.pi;
      panel.fractions = {r.quadrants.live, r.quadrants.early, r.quadrants.late, r.quadrants.necrotic};
      flow.panels.push_back(std::move(panel));
    }
  flow.columns = static_cast<int>(std::min<std::size_t>(4, spec.arms.size()));
  figure.see =
      "Lower right: early apoptotic cells; upper right: late apoptotic cells; gates were set on unstained "
      "and on healthy cells.";
  figure.alt = fmt::format("{} cytograms of annexin V against propidium iodide with quadrant fractions.",
                           flow.panels.size());
  figure.caption.text =
      "Density of events on logarithmic axes; percentages are fractions of all events in the quadrant.";
  figure.content = std::move(flow);
  return figure;
}

Figure make_plate_figure(const study::Experiment& experiment, const study::Measurements& m) {
  Figure figure;
  figure.id = "plates-" + experiment.name;
  figure.panel = "";
  figure.title = experiment.title + ": plates of the first experiment";
  Plate plate;
  for (const study::AssayRun& run : m.runs) {
    if (run.order.replicate != 0) continue;
    for (const assays::Plate& read : run.pictures().plates) {
      PlatePanel panel{
          run.order.at.empty() ? run.order.system : fmt::format("{}, {}", run.order.system, run.order.at),
          {}};
      for (std::size_t i = 0; i < read.wells.size(); ++i) {
        const assays::PlateWell& well = read.wells[i];
        if (well.role == assays::WellRole::empty) continue;
        const assays::Position at = assays::position_of(i);
        const std::string label = well.role == assays::WellRole::blank ? "blank"
                                  : well.dose ? fmt::format("{:.4g}", core::in_unit(*well.dose, "uM"))
                                              : std::string();
        panel.wells.push_back({at.row, at.column, well.od.value_or(missing),
                               well.role == assays::WellRole::blank ? std::string() : well.arm, label});
      }
      plate.panels.push_back(std::move(panel));
    }
  }
  figure.see = "Absorbance falls along the dose; blanks hold medium and reagent without cells.";
  figure.alt = "Heat map of the absorbance of 96 wells for every cell line.";
  figure.caption.text = "Raw absorbance at 450 nm, before the blanks are subtracted.";
  figure.content = std::move(plate);
  return figure;
}

}  // namespace stroma::report

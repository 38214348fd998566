// Dose-response plates, a laboratory's own or simulated ones.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assays/dose_table.hpp"
#include "core/units.hpp"
#include "report/laboratory.hpp"
#include "report/words.hpp"
#include "stats/descriptive.hpp"
#include "stats/dose_inference.hpp"

namespace stroma::report {
namespace {

// An arm on a drug over all plates; independent experiments are plates and the replicates on them.
struct DrugArm {
  std::string name;
  std::vector<const assays::DoseResponse*> experiments;
};

struct Drug {
  std::string name;
  std::vector<DrugArm> arms;
};

std::vector<Drug> by_drug_and_arm(const std::vector<AnalysedPlate>& plates) {
  std::vector<Drug> drugs;
  for (const AnalysedPlate& p : plates) {
    auto drug =
        std::find_if(drugs.begin(), drugs.end(), [&](const Drug& d) { return d.name == p.plate.substance; });
    if (drug == drugs.end()) drug = drugs.insert(drugs.end(), Drug{p.plate.substance, {}});
    for (const assays::DoseResponse& r : p.analysis.responses) {
      const std::string name = arm_name(r.arm, p.simulated);
      auto arm = std::find_if(drug->arms.begin(), drug->arms.end(),
                              [&](const DrugArm& a) { return a.name == name; });
      if (arm == drug->arms.end()) arm = drug->arms.insert(drug->arms.end(), DrugArm{name, {}});
      arm->experiments.push_back(&r);
    }
  }
  return drugs;
}

double ic50_of(const assays::DoseResponse& r) {
  const bool has = r.fit && r.fit->usable() && r.fit->absolute_ic50.defined;
  return has ? core::in_unit(r.fit->absolute_ic50.value, "uM") : missing;
}

std::vector<double> logs_of(const DrugArm& arm) {
  std::vector<double> logs;
  for (const assays::DoseResponse* r : arm.experiments)
    if (const double ic50 = ic50_of(*r); std::isfinite(ic50)) logs.push_back(std::log2(ic50));
  return logs;
}

// The IC50 of an arm: geometric mean over experiments; of a single one, its own with the interval of its fit.
Estimate ic50_of(const DrugArm& arm) {
  const std::vector<double> logs = logs_of(arm);
  if (logs.size() >= 2) {
    const stats::Interval ci = stats::mean_interval(logs);
    return {std::exp2(stats::mean(logs)), {std::exp2(ci.low), std::exp2(ci.high)}};
  }
  for (const assays::DoseResponse* r : arm.experiments)
    if (const double ic50 = ic50_of(*r); std::isfinite(ic50))
      return {ic50,
              {core::in_unit(r->fit->absolute_ic50.ci.low, "uM"),
               core::in_unit(r->fit->absolute_ic50.ci.high, "uM")}};
  return {};
}

DoseResponseArm curve_of(const DrugArm& arm) {
  DoseResponseArm out;
  out.arm = arm.name;
  out.ic50 = ic50_of(arm);
  std::vector<double> doses, responses;
  int experiment = 0;
  for (const assays::DoseResponse* r : arm.experiments) {
    ++experiment;
    for (const assays::DosePoint& point : r->points)
      for (const double percent : point.percent) {
        doses.push_back(core::in_unit(point.dose, "uM"));
        responses.push_back(percent);
        out.points.push_back({doses.back(), percent, experiment});
      }
  }
  if (doses.empty() || *std::max_element(doses.begin(), doses.end()) <= 0.0) return out;
  const stats::DoseResponseFit fit = stats::fit_dose_response(doses, responses);
  if (!fit.usable()) return out;
  std::vector<double> at;
  for (int k = 0; k <= 60; ++k)
    at.push_back(fit.lowest_dose / 2.0 * std::pow(fit.highest_dose / fit.lowest_dose * 2.4, k / 60.0));
  for (const stats::BandPoint& p : stats::confidence_band(fit, at))
    out.curve.push_back({p.dose, p.response, {p.ci.low, p.ci.high}});
  return out;
}

Figure curves(const std::vector<Drug>& drugs) {
  Figure figure;
  figure.id = "dose-response";
  figure.title = "Viable cells against dose";
  DoseResponse content;
  content.drug = drugs.size() == 1 ? drugs.front().name : "drug";
  std::string ic50s;
  for (const Drug& drug : drugs) {
    DoseResponsePanel panel{drugs.size() == 1 ? "" : drug.name, {}};
    for (const DrugArm& arm : drug.arms) {
      panel.arms.push_back(curve_of(arm));
      const Estimate& e = panel.arms.back().ic50;
      figure.caption.statistics.push_back(
          {fmt::format("{}: IC50 in {}", drug.name, arm.name), static_cast<int>(logs_of(arm).size()),
           "logistic per experiment; dose at 50 % of control; geometric mean", "", missing, "IC50 (µM)", e});
      ic50s += fmt::format("{}{} in {}: {} µM ({})", ic50s.empty() ? "" : "; ", drug.name, arm.name,
                           print(e.value), print(e.interval));
    }
    content.panels.push_back(std::move(panel));
  }
  figure.see = "IC50 of " + ic50s + ".";
  figure.alt = "Viable cells in per cent of the untreated wells against dose. " + figure.see;
  figure.caption.text =
      "Points are single wells in per cent of the mean of their experiment's wells at dose zero, which stand "
      "left of the break; the grey band is their mean and SD. Curves are 4-parameter logistic fits through "
      "all "
      "wells of an arm with their 95 % band; ticks on the axis are IC50s with 95 % interval.";
  figure.content = std::move(content);
  return figure;
}

Figure heat_maps(const std::vector<AnalysedPlate>& plates) {
  Figure figure;
  figure.id = "plates";
  figure.title = "The plates";
  Plate content;
  content.label_title = "dose (µM)";
  for (const AnalysedPlate& p : plates) {
    PlatePanel panel{arm_name(p.plate.name, p.simulated), {}};
    for (std::size_t i = 0; i < p.plate.wells.size(); ++i) {
      const assays::PlateWell& well = p.plate.wells[i];
      if (well.role == assays::WellRole::empty) continue;
      const bool blank = well.role == assays::WellRole::blank;
      const assays::Position at = assays::position_of(i);
      panel.wells.push_back({at.row, at.column, well.od.value_or(missing), blank ? "" : well.arm,
                             blank       ? "blank"
                             : well.dose ? fmt::format("{:.4g}", core::in_unit(*well.dose, "uM"))
                                         : ""});
    }
    content.panels.push_back(std::move(panel));
  }
  figure.see =
      "Each square is a well with its dose; look for edges, gradients and single wells that stand out.";
  figure.alt = fmt::format("Heat maps of the absorbance of {} plates.", plates.size());
  figure.caption.text = "Raw absorbance, before the blanks are subtracted.";
  figure.content = std::move(content);
  return figure;
}

Table ic50_table(const std::vector<AnalysedPlate>& plates) {
  Table table{"ic50",
              "IC50 of every experiment",
              "The dose at half of the untreated wells, by a logistic through the wells of one experiment.",
              {"plate", "drug", "arm", "replicate", "control OD", "IC50 (µM)", "95 % low", "95 % high",
               "slope", "lower (%)", "upper (%)", "R²", "fit"},
              {}};
  for (const AnalysedPlate& p : plates)
    for (const assays::DoseResponse& r : p.analysis.responses) {
      std::vector<Cell> row{p.plate.name, p.plate.substance, arm_name(r.arm, p.simulated),
                            std::to_string(r.replicate), r.control_od};
      if (r.fit) {
        const stats::DoseResponseFit& f = *r.fit;
        const bool defined = f.usable() && f.absolute_ic50.defined;
        const auto micromolar = [&](double value) { return defined ? core::in_unit(value, "uM") : missing; };
        row.insert(row.end(), {micromolar(f.absolute_ic50.value), micromolar(f.absolute_ic50.ci.low),
                               micromolar(f.absolute_ic50.ci.high)});
        if (f.usable())
          row.insert(row.end(), {f.curve.slope, f.curve.lower, f.curve.upper, f.r_squared});
        else
          row.insert(row.end(), {missing, missing, missing, missing});
        const std::string why = assays::explain_fit(r);
        row.emplace_back(why.empty() ? std::string("converged") : why);
      } else {
        row.insert(row.end(), {missing, missing, missing, missing, missing, missing, missing});
        row.emplace_back("no fit: no dose but zero, or a dim control");
      }
      table.rows.push_back(std::move(row));
    }
  return table;
}

// More arms than this cannot be told apart as curves.
constexpr std::size_t most_drawn_arms = 12;

// Many arms: one row each, a column per dose.
Figure overview(const std::vector<Drug>& drugs) {
  Figure figure;
  figure.id = "dose-response";
  figure.title = "Viable cells against dose";
  HeatMap content;
  content.quantity = "viable cells (% of untreated)";
  content.row_title = "arm";
  content.column_title = "dose (µM)";
  content.columns = 1;
  std::size_t all = 0, reached = 0;
  for (const Drug& drug : drugs) {
    std::vector<double> doses;
    for (const DrugArm& arm : drug.arms)
      for (const assays::DoseResponse* r : arm.experiments)
        for (const assays::DosePoint& point : r->points) doses.push_back(point.dose);
    std::sort(doses.begin(), doses.end());
    doses.erase(std::unique(doses.begin(), doses.end()), doses.end());
    HeatMapPanel panel{drugs.size() == 1 ? "" : drug.name, {}, {}, {}};
    for (const double dose : doses) panel.columns.push_back(fmt::format("{:.4g}", core::in_unit(dose, "uM")));
    for (const DrugArm& arm : drug.arms) {
      panel.rows.push_back(arm.name);
      ++all;
      reached += std::isfinite(ic50_of(arm).value);
      for (const double dose : doses) {
        std::vector<double> percents;
        for (const assays::DoseResponse* r : arm.experiments)
          for (const assays::DosePoint& point : r->points)
            if (point.dose == dose)
              percents.insert(percents.end(), point.percent.begin(), point.percent.end());
        panel.values.push_back(percents.empty() ? missing : stats::mean(percents));
      }
    }
    content.panels.push_back(std::move(panel));
  }
  figure.see = fmt::format("{} of {} arms have an IC50; the table below has each of them.", reached, all);
  figure.alt = "Heat map of viable cells by arm and dose. " + figure.see;
  figure.caption.text = "Means in per cent of the wells at dose zero.";
  figure.content = std::move(content);
  return figure;
}

}  // namespace

Section dose_response_section(const std::vector<AnalysedPlate>& plates, const std::string& reference) {
  Section section{"dose-response", "Dose response", "", {}, {}, {}};
  const std::vector<Drug> drugs = by_drug_and_arm(plates);
  std::size_t arms = 0;
  for (const Drug& drug : drugs) arms += drug.arms.size();
  const bool drawn = arms <= most_drawn_arms;
  section.figures.push_back(drawn ? curves(drugs) : overview(drugs));
  std::vector<ArmValues> panels;
  for (const Drug& drug : drugs) {
    if (!drawn) break;
    ArmValues values{drug.name, {}, {}, true};
    for (const DrugArm& arm : drug.arms) {
      values.arms.push_back(arm.name);
      values.values.emplace_back();
      for (const double log : logs_of(arm)) values.values.back().push_back(std::exp2(log));
    }
    if (values.arms.size() >= 2) panels.push_back(std::move(values));
  }
  if (!panels.empty())
    section.figures.push_back(arm_figure("ic50", "IC50 by arm", "IC50 (µM)", panels, reference));
  const bool wells = std::any_of(plates.begin(), plates.end(), [](const AnalysedPlate& p) {
    return std::any_of(p.plate.wells.begin(), p.plate.wells.end(),
                       [](const assays::PlateWell& well) { return well.role != assays::WellRole::empty; });
  });
  if (wells) section.figures.push_back(heat_maps(plates));  // long tables have none
  section.tables.push_back(ic50_table(plates));
  return section;
}

}  // namespace stroma::report

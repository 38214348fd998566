// Dose-response plates, a laboratory's own or simulated ones.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assays/descriptors.hpp"
#include "assays/dose_response/dose_unit.hpp"
#include "assays/dose_response/reported_ic50.hpp"
#include "report/laboratory_plates.hpp"
#include "report/pooled_curve.hpp"
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
  std::string unit;  ///< in which its doses are shown
};

std::vector<Drug> by_drug_and_arm(const std::vector<AnalysedPlate>& plates) {
  std::vector<Drug> drugs;
  for (const AnalysedPlate& p : plates) {
    auto drug =
        std::find_if(drugs.begin(), drugs.end(), [&](const Drug& d) { return d.name == p.plate.substance; });
    if (drug == drugs.end()) drug = drugs.insert(drugs.end(), Drug{p.plate.substance, {}, {}});
    for (const assays::DoseResponse& r : p.analysis.responses) {
      if (drug->unit.empty()) drug->unit = r.dose_unit;
      const std::string name = arm_name(r.arm, p.simulated);
      auto arm = std::find_if(drug->arms.begin(), drug->arms.end(),
                              [&](const DrugArm& a) { return a.name == name; });
      if (arm == drug->arms.end()) arm = drug->arms.insert(drug->arms.end(), DrugArm{name, {}});
      arm->experiments.push_back(&r);
    }
  }
  return drugs;
}

// The IC50 where the doses hold it; an extrapolation is shown in the table and neither averaged nor compared.
double ic50_of(const assays::DoseResponse& r, const std::string& unit) {
  const assays::ReportedIc50 ic50 = assays::reported_ic50(r);
  return ic50.compared() ? assays::shown_dose(ic50.value, unit) : missing;
}

std::vector<double> logs_of(const DrugArm& arm, const std::string& unit) {
  std::vector<double> logs;
  for (const assays::DoseResponse* r : arm.experiments)
    if (const double ic50 = ic50_of(*r, unit); std::isfinite(ic50)) logs.push_back(std::log2(ic50));
  return logs;
}

// The IC50 of an arm: geometric mean over experiments; of a single one, its own with the interval of its fit.
Estimate ic50_of(const DrugArm& arm, const std::string& unit) {
  const std::vector<double> logs = logs_of(arm, unit);
  if (logs.size() >= 2) {
    const stats::Interval ci = stats::mean_interval(logs);
    return {std::exp2(stats::mean(logs)), {std::exp2(ci.low), std::exp2(ci.high)}};
  }
  for (const assays::DoseResponse* r : arm.experiments)
    if (const assays::ReportedIc50 ic50 = assays::reported_ic50(*r); ic50.compared())
      return {assays::shown_dose(ic50.value, unit),
              {assays::shown_dose(ic50.ci.low, unit), assays::shown_dose(ic50.ci.high, unit)}};
  return {};
}

// Arms with experiments whose IC50 lies beyond their doses: the rest is no fair sample of the arm.
void warn_of_extrapolations(const std::vector<Drug>& drugs, core::Diagnostics& warnings) {
  std::string beyond, partly;
  for (const Drug& drug : drugs)
    for (const DrugArm& arm : drug.arms) {
      std::size_t outside = 0, inside = 0;
      for (const assays::DoseResponse* r : arm.experiments) {
        const assays::ReportedIc50 ic50 = assays::reported_ic50(*r);
        inside += ic50.compared();
        outside += ic50.place == assays::Ic50Place::above || ic50.place == assays::Ic50Place::below;
      }
      if (outside == 0) continue;
      std::string& list = inside > 0 ? partly : beyond;
      list += fmt::format("{}{} in {} ({} of {})", list.empty() ? "" : "; ", drug.name, arm.name, outside,
                          arm.experiments.size());
    }
  if (!beyond.empty())
    warnings.add(
        "beyond-the-doses", {}, "IC50",
        fmt::format("IC50s beyond the doses are extrapolations: shown, neither averaged nor compared: {}",
                    beyond),
        "test doses on both sides of the IC50");
  if (!partly.empty())
    warnings.add(
        "partly-beyond-the-doses", {}, "IC50",
        fmt::format(
            "some experiments of an arm have their IC50 beyond the doses and are left out of its mean "
            "and its tests, which are drawn towards the doses by that: {}",
            partly),
        "test doses on both sides of every IC50");
}

DoseResponseArm curve_of(const DrugArm& arm, const std::string& unit) {
  DoseResponseArm out;
  out.arm = arm.name;
  out.ic50 = ic50_of(arm, unit);
  std::vector<double> doses, responses;
  int experiment = 0;
  for (const assays::DoseResponse* r : arm.experiments) {
    ++experiment;
    for (const assays::DosePoint& point : r->points)
      for (const double percent : point.percent) {
        doses.push_back(assays::shown_dose(point.dose, unit));
        responses.push_back(percent);
        out.points.push_back({doses.back(), percent, experiment});
      }
  }
  out.curve = pooled_curve(doses, responses);
  return out;
}

// Drugs whose doses are in one unit share axes.
Figure curves(const std::vector<Drug>& drugs, const DoseWords& words) {
  Figure figure;
  figure.id = "dose-response";
  figure.title = words.title;
  DoseResponse content;
  content.drug = drugs.size() == 1 ? drugs.front().name : "dose";
  content.dose_unit = assays::printed_unit(drugs.front().unit);
  content.response_title = words.response;
  std::string ic50s, none;
  for (const Drug& drug : drugs) {
    DoseResponsePanel panel{drugs.size() == 1 ? "" : drug.name, {}};
    for (const DrugArm& arm : drug.arms) {
      panel.arms.push_back(curve_of(arm, drug.unit));
      const Estimate& e = panel.arms.back().ic50;
      const std::string name = fmt::format("{} in {}", drug.name, arm.name);
      figure.caption.statistics.push_back({fmt::format("{}: IC50 in {}", drug.name, arm.name),
                                           static_cast<int>(logs_of(arm, drug.unit).size()),
                                           "logistic per experiment; dose at 50 % of control; geometric mean",
                                           "", missing, fmt::format("IC50 ({})", content.dose_unit), e});
      if (std::isfinite(e.value))
        ic50s += fmt::format("{}{}: {} {} ({})", ic50s.empty() ? "" : "; ", name, print(e.value),
                             content.dose_unit, print(e.interval));
      else
        none += (none.empty() ? "" : ", ") + name;
    }
    content.panels.push_back(std::move(panel));
  }
  if (!ic50s.empty()) figure.see = "IC50 of " + ic50s + ".";
  if (!none.empty())
    figure.see += fmt::format("{}No IC50: {}; the table says why.", ic50s.empty() ? "" : " ", none);
  figure.alt = fmt::format("{} against dose. {}", words.response, figure.see);
  figure.caption.text =
      "Points are single wells in per cent of the mean of their experiment's wells at dose zero, which stand "
      "left of the break; the grey band is their mean and SD. Curves are 4-parameter logistic fits through "
      "all "
      "wells of an arm with their 95 % band; ticks on the axis are IC50s with 95 % interval.";
  figure.content = std::move(content);
  return figure;
}

// The drugs of each unit, in the order in which the units appear.
std::vector<std::vector<Drug>> by_unit(const std::vector<Drug>& drugs) {
  std::vector<std::vector<Drug>> out;
  for (const Drug& drug : drugs) {
    const auto same = std::find_if(out.begin(), out.end(),
                                   [&](const auto& group) { return group.front().unit == drug.unit; });
    if (same == out.end())
      out.push_back({drug});
    else
      same->push_back(drug);
  }
  return out;
}

Figure heat_maps(const std::vector<AnalysedPlate>& plates) {
  Figure figure;
  figure.id = "plates";
  figure.title = "The plates";
  Plate content;
  std::string units;
  for (const AnalysedPlate& p : plates)
    if (const std::string unit = assays::printed_unit(p.plate.dose_unit);
        units.find(unit) == std::string::npos)
      units += (units.empty() ? "" : " or ") + unit;
  content.label_title = fmt::format("dose ({})", units);
  std::vector<std::string> simulated;  // one plate of each system stands for its repeats
  for (const AnalysedPlate& p : plates) {
    if (p.simulated) {
      if (std::find(simulated.begin(), simulated.end(), p.plate.substance) != simulated.end()) continue;
      simulated.push_back(p.plate.substance);
    }
    PlatePanel panel{arm_name(p.plate.name, p.simulated), {}, p.plate.format.rows, p.plate.format.columns};
    for (std::size_t i = 0; i < p.plate.wells.size(); ++i) {
      const assays::PlateWell& well = p.plate.wells[i];
      if (well.role == assays::WellRole::empty) continue;
      const bool blank = well.role == assays::WellRole::blank;
      const assays::Position at = p.plate.format.position(i);
      panel.wells.push_back({at.row, at.column, well.od.value_or(missing), blank ? "" : well.arm,
                             blank ? "blank"
                             : well.dose
                                 ? fmt::format("{:.4g}", assays::shown_dose(*well.dose, p.plate.dose_unit))
                                 : ""});
    }
    content.panels.push_back(std::move(panel));
  }
  figure.see =
      "Each square is a well with its dose; look for edges, gradients and single wells that stand out.";
  figure.alt = fmt::format("Heat maps of the absorbance of {} plates.", content.panels.size());
  figure.caption.text = "Raw absorbance, before the blanks are subtracted.";
  if (content.panels.size() < plates.size())
    figure.caption.text += " Of simulated plates, the first of each system.";
  figure.content = std::move(content);
  return figure;
}

Table ic50_table(const std::vector<AnalysedPlate>& plates) {
  std::string unit;
  bool units = false;  // several
  for (const AnalysedPlate& p : plates)
    for (const assays::DoseResponse& r : p.analysis.responses) {
      units = units || (!unit.empty() && unit != r.dose_unit);
      unit = r.dose_unit;
    }
  Table table{"ic50",
              "IC50 of every experiment",
              "The dose at half of the untreated wells, by a logistic through the wells of one experiment.",
              {"plate", "drug", "arm", "replicate", "control OD",
               units ? "IC50" : fmt::format("IC50 ({})", assays::printed_unit(unit)), "95 % low", "95 % high",
               "slope", "lower (%)", "upper (%)", "R²", "fit"},
              {}};
  for (const AnalysedPlate& p : plates)
    for (const assays::DoseResponse& r : p.analysis.responses) {
      std::vector<Cell> row{p.plate.name, p.plate.substance, arm_name(r.arm, p.simulated),
                            std::to_string(r.replicate), r.control_od};
      if (units) row[1] = fmt::format("{} ({})", p.plate.substance, assays::printed_unit(r.dose_unit));
      if (r.fit) {
        const stats::DoseResponseFit& f = *r.fit;
        const assays::ReportedIc50 ic50 = assays::reported_ic50(r);
        const auto shown = [&](double value) {
          return std::isfinite(ic50.value) ? assays::shown_dose(value, r.dose_unit) : missing;
        };
        row.insert(row.end(), {shown(ic50.value), shown(ic50.ci.low), shown(ic50.ci.high)});
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
Figure overview(const std::vector<Drug>& drugs, const DoseWords& words) {
  Figure figure;
  figure.id = "dose-response";
  figure.title = words.title;
  HeatMap content;
  content.quantity = words.response;
  content.row_title = "arm";
  content.column_title = fmt::format("dose ({})", assays::printed_unit(drugs.front().unit));
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
    for (const double dose : doses)
      panel.columns.push_back(fmt::format("{:.4g}", assays::shown_dose(dose, drug.unit)));
    for (const DrugArm& arm : drug.arms) {
      panel.rows.push_back(arm.name);
      ++all;
      reached += std::isfinite(ic50_of(arm, drug.unit).value);
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
  figure.alt = fmt::format("Heat map of {} by arm and dose. {}", words.response, figure.see);
  figure.caption.text = "Means in per cent of the wells at dose zero.";
  figure.content = std::move(content);
  return figure;
}

}  // namespace

Section dose_response_section(const std::vector<AnalysedPlate>& plates, const std::string& reference,
                              core::Diagnostics& warnings, const DoseWords& words) {
  Section section{"dose-response", "Dose response", "", {}, {}, {}};
  const std::vector<Drug> drugs = by_drug_and_arm(plates);
  std::size_t arms = 0, most = 0;
  for (const Drug& drug : drugs) {
    arms += drug.arms.size();
    for (const DrugArm& arm : drug.arms) most = std::max(most, arm.experiments.size());
  }
  if (most == 1)
    section.lead =
        "Every arm comes from one experiment: its wells are repeats and no experiments, so that the "
        "intervals "
        "describe this experiment only and nothing is tested.";
  warn_of_extrapolations(drugs, warnings);
  const bool drawn = arms <= most_drawn_arms;
  const std::vector<std::vector<Drug>> groups = by_unit(drugs);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    section.figures.push_back(drawn ? curves(groups[g], words) : overview(groups[g], words));
    if (g > 0) section.figures.back().id += fmt::format("-{}", g + 1);
    if (groups.size() > 1)
      section.figures.back().title += fmt::format(" ({})", assays::printed_unit(groups[g].front().unit));
  }
  std::vector<ArmValues> panels;
  for (const Drug& drug : drugs) {
    ArmValues values{
        groups.size() == 1 ? drug.name : fmt::format("{} ({})", drug.name, assays::printed_unit(drug.unit)),
        {},
        {},
        assays::cck8_assay().ratios};
    for (const DrugArm& arm : drug.arms) {
      values.arms.push_back(arm.name);
      values.values.emplace_back();
      for (const double log : logs_of(arm, drug.unit)) values.values.back().push_back(std::exp2(log));
    }
    if (values.arms.size() >= 2) panels.push_back(std::move(values));
  }
  section.tables.push_back(ic50_table(plates));
  if (drawn && !panels.empty()) {
    const std::string title =
        groups.size() == 1 ? fmt::format("IC50 ({})", assays::printed_unit(drugs.front().unit)) : "IC50";
    section.figures.push_back(arm_figure("ic50", "IC50 by arm", title, panels, reference));
    section.tables.push_back(assumptions_table(panels, warnings));
    if (Table planning = planning_table(panels, reference); !planning.rows.empty())
      section.tables.push_back(std::move(planning));
  }
  const bool wells = std::any_of(plates.begin(), plates.end(), [](const AnalysedPlate& p) {
    return std::any_of(p.plate.wells.begin(), p.plate.wells.end(),
                       [](const assays::PlateWell& well) { return well.role != assays::WellRole::empty; });
  });
  if (wells) section.figures.push_back(heat_maps(plates));  // long tables have none
  return section;
}

}  // namespace stroma::report

// Concentrations in plasma: curves, areas, half-lives, the one-compartment model.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/units.hpp"
#include "report/laboratory_plates.hpp"
#include "report/words.hpp"

namespace stroma::report {
namespace {

// Units are typeset behind a number.
std::string unit_name(const std::string& unit) {
  return typeset("1 " + unit).substr(2);
}

std::string word(assays::PkDesign design) {
  switch (design) {
    case assays::PkDesign::serial:
      return "every subject gave the whole curve";
    case assays::PkDesign::destructive:
      return "one sample per subject";
    default:
      return "a few samples per subject, which belong together";
  }
}

}  // namespace

std::string route_name(assays::Route route) {
  switch (route) {
    case assays::Route::bolus:
      return "bolus";
    case assays::Route::infusion:
      return "infusion";
    default:
      return "extravascular";
  }
}

VolumeUnit volume_unit(const PkUnits& units) {
  const core::ParsedQuantity dose = core::parse_quantity("1 " + units.dose);
  const core::ParsedQuantity concentration = core::parse_quantity("1 " + units.concentration);
  VolumeUnit none{fmt::format("{} per {}", units.dose, unit_name(units.concentration)), 1.0};
  if (!dose.error.empty() || !concentration.error.empty()) return none;
  core::Dimension dim = dose.quantity.dim, below = concentration.quantity.dim;
  const bool per_body = dim.body_mass == -1;
  dim.body_mass = 0;
  const bool mass = dim == core::dimension::mass && below == core::dimension::mass_concentration;
  const bool molar = dim == core::dimension::amount && below == core::dimension::concentration;
  if (!mass && !molar) return none;
  return {per_body ? "L/kg" : "L", core::in_unit(dose.quantity.value / concentration.quantity.value, "L")};
}

namespace {

ScatterCurve model_curve(const assays::PkProfile& profile) {
  ScatterCurve out{profile.arm, {}};
  if (!profile.model || !profile.model->usable) return out;
  const assays::OneCompartment& m = *profile.model;
  const double amount = m.auc * m.ke, last = profile.points.back().time;
  double floor = m.cmax;  // half the smallest mean: a logarithmic axis has no place for the beginning
  for (const assays::PkPoint& point : profile.points)
    if (point.mean > 0.0) floor = std::min(floor, point.mean / 2.0);
  for (int k = 1; k <= 80; ++k) {
    const double t = last * (k / 80.0) * (k / 80.0);  // densest where it rises
    const double c = assays::one_compartment_oral(t, amount, m.ka, m.ke);
    if (c >= floor) out.points.push_back({t, c});
  }
  return out;
}

Figure curves(const assays::PkAnalysis& analysis, const PkUnits& units) {
  Figure figure;
  figure.id = "plasma";
  figure.title = "Concentration in plasma";
  Scatter content;
  content.x_title = "time after the dose (h)";
  content.y_title = fmt::format("concentration ({})", unit_name(units.concentration));
  content.log_y = true;
  ScatterPanel panel;
  for (const assays::PkProfile& p : analysis.profiles) {
    for (const assays::PkPoint& point : p.points)
      panel.points.push_back({point.time,
                              point.mean > 0.0 ? point.mean : missing,
                              p.arm,
                              fmt::format("n = {}", point.n),
                              {},
                              {std::max(point.mean - point.sd, point.mean / 10.0), point.mean + point.sd}});
    if (ScatterCurve curve = model_curve(p); !curve.points.empty()) panel.curves.push_back(std::move(curve));
    if (p.auc)
      figure.see +=
          fmt::format("{}{}: peak {} {} at {} h{}", figure.see.empty() ? "" : "; ", p.arm, print(p.cmax),
                      unit_name(units.concentration), print(p.tmax),
                      p.half_life ? fmt::format(", half-life {} h", print(p.half_life->value)) : "");
  }
  figure.see += figure.see.empty() ? "Nothing could be measured." : ".";
  content.panels.push_back(std::move(panel));
  content.columns = 1;
  figure.alt = "Concentration in plasma against time, logarithmic. " + figure.see;
  figure.caption.text =
      "Points are means of the samples at one time, bars their SD (cut at a tenth of the mean); curves are "
      "the "
      "one-compartment model with first-order absorption where it could be fitted.";
  figure.content = std::move(content);
  return figure;
}

Table nca_table(const assays::PkAnalysis& analysis, const PkUnits& units) {
  const std::string c = unit_name(units.concentration);
  const VolumeUnit volume = volume_unit(units);
  Table table{"nca",
              "What the curves say (non-compartmental)",
              "AUC to the last measurable time, in the steady state over one interval: linear while rising, "
              "logarithmic "
              "while falling; behind a bolus from C0, which is extrapolated back. Its standard error is that "
              "of the mean "
              "over subjects where each gave a curve, else Bailer's and Holder's. CL of drugs that have to "
              "be absorbed "
              "is CL/F.",
              {"arm", "design", "route", fmt::format("C0 ({})", c), fmt::format("Cmax ({})", c), "tmax (h)",
               fmt::format("AUC (h·{})", c), "SE", "95 % low", "95 % high", "AUC, linear", "half-life (h)",
               "95 % low", "95 % high", "points used (h)", "AUC to infinity", "extrapolated (%)",
               fmt::format("CL or CL/F ({}/h)", volume.name), fmt::format("Vss ({})", volume.name)},
              {}};
  for (const assays::PkProfile& p : analysis.profiles) {
    std::vector<Cell> row{
        p.arm,
        word(p.design),
        route_name(p.route) +
            (p.dosing == assays::Dosing::steady ? fmt::format(", every {:g} h", p.tau) : ""),
        p.c0.value_or(missing),
        p.auc ? p.cmax : missing,
        p.auc ? p.tmax : missing};
    const auto area = p.auc.value_or(assays::PkArea{missing, missing, {missing, missing}, 0.0});
    const bool error = area.se > 0.0;
    row.insert(row.end(), {area.value, error ? area.se : missing, error ? area.ci.low : missing,
                           error ? area.ci.high : missing, p.auc_linear ? p.auc_linear->value : missing});
    std::string used;
    if (p.terminal)
      for (const double t : p.terminal->times) used += fmt::format("{}{:.4g}", used.empty() ? "" : ", ", t);
    row.insert(row.end(),
               {p.half_life ? p.half_life->value : missing, p.terminal ? p.terminal->ci.low : missing,
                p.terminal ? p.terminal->ci.high : missing});
    row.emplace_back(used);
    row.insert(row.end(), {p.auc_infinity ? p.auc_infinity->value : missing,
                           p.auc_infinity ? 100.0 * p.extrapolated : missing,
                           p.clearance ? p.clearance->value * volume.factor : missing,
                           p.volume ? p.volume->value * volume.factor : missing});
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table subjects_table(const assays::PkAnalysis& analysis, const PkUnits& units) {
  const std::string c = unit_name(units.concentration);
  const VolumeUnit volume = volume_unit(units);
  Table table{"subjects",
              "Subjects",
              "Of subjects that gave whole curves; the tables above hold their means.",
              {"arm", "subject", fmt::format("dose ({})", units.dose), fmt::format("Cmax ({})", c),
               "tmax (h)", fmt::format("AUC (h·{})", c), "to (h)", "AUC, linear", "half-life (h)",
               "AUC to infinity", fmt::format("CL or CL/F ({}/h)", volume.name)},
              {}};
  for (const assays::PkProfile& p : analysis.profiles)
    for (const assays::PkCurve& s : p.subjects)
      table.rows.push_back({p.arm, s.subject, s.dose > 0.0 ? s.dose : missing, s.cmax, s.tmax, s.auc,
                            s.last_time, s.auc_linear, s.terminal ? s.terminal->half_life : missing,
                            s.auc_infinity.value_or(missing),
                            s.clearance ? *s.clearance * volume.factor : missing});
  return table;
}

Table model_table(const assays::PkAnalysis& analysis, const PkUnits& units) {
  const std::string c = unit_name(units.concentration);
  const VolumeUnit volume = volume_unit(units);
  Table table{"one-compartment",
              "One compartment with absorption",
              "Weighted least squares (1/mean²). The rates of absorption and elimination can be exchanged "
              "without changing "
              "the curve; the faster one is called absorption.",
              {"arm", "ka (1/h)", "95 % low", "95 % high", "ke (1/h)", "95 % low", "95 % high",
               fmt::format("V/F ({})", volume.name), "half-life (h)", "tmax (h)", fmt::format("Cmax ({})", c),
               fmt::format("AUC (h·{})", c), "in words"},
              {}};
  for (const assays::PkProfile& p : analysis.profiles) {
    if (p.route != assays::Route::extravascular || p.dosing != assays::Dosing::single) continue;
    if (!p.model) {
      std::vector<Cell> row{p.arm};
      row.insert(row.end(), 11, missing);
      row.emplace_back(std::string("needs four times with measurable samples"));
      table.rows.push_back(std::move(row));
      continue;
    }
    const assays::OneCompartment& m = *p.model;
    const auto shown = [&](double value) { return m.usable ? value : missing; };
    table.rows.push_back({p.arm, shown(m.ka), shown(m.ka_ci.low), shown(m.ka_ci.high), shown(m.ke),
                          shown(m.ke_ci.low), shown(m.ke_ci.high), shown(m.volume * volume.factor),
                          shown(m.half_life), shown(m.tmax), shown(m.cmax), shown(m.auc),
                          m.message.empty() ? std::string("converged") : m.message});
  }
  return table;
}

}  // namespace

Section pk_section(const assays::PkAnalysis& analysis, const PkUnits& units) {
  Section section{"pk", "Pharmacokinetics", "", {}, {}, {}};
  section.figures.push_back(curves(analysis, units));
  section.tables.push_back(nca_table(analysis, units));
  if (Table subjects = subjects_table(analysis, units); !subjects.rows.empty())
    section.tables.push_back(std::move(subjects));
  if (Table models = model_table(analysis, units); !models.rows.empty())
    section.tables.push_back(std::move(models));
  return section;
}

}  // namespace stroma::report

// ELISA plates: standard curves, concentrations, amounts per producer cell.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assays/dose_response/dose_unit.hpp"
#include "report/laboratory_plates.hpp"
#include "report/words.hpp"
#include "stats/dose_inference.hpp"

namespace stroma::report {
namespace {

std::string word(stats::DoseRange range) {
  switch (range) {
    case stats::DoseRange::below:
      return "below the standards: extrapolated";
    case stats::DoseRange::above:
      return "above the standards: extrapolated";
    default:
      return "inside the standards";
  }
}

// One unit for all plates: that of the first plate's standards.
const std::string& unit_of(const std::vector<AnalysedElisa>& plates) {
  return plates.front().plate.standard_unit;
}

Figure standard_curves(const std::vector<AnalysedElisa>& plates) {
  Figure figure;
  figure.id = "standards";
  figure.title = "Standard curves";
  Scatter content;
  const std::string& unit = unit_of(plates);
  content.x_title = fmt::format("concentration ({})", assays::printed_unit(unit));
  content.y_title = "absorbance";
  content.log_x = true;
  for (const AnalysedElisa& p : plates) {
    ScatterPanel panel{arm_name(p.plate.name, p.simulated), {}};
    double low = INFINITY, high = 0.0;
    for (const assays::PlateWell& well : p.plate.wells)
      if (well.role == assays::WellRole::standard && well.standard && well.od) {
        panel.points.push_back({assays::shown_dose(*well.standard, unit), *well.od, "standards"});
        if (*well.standard > 0.0) low = std::min(low, *well.standard);
        high = std::max(high, *well.standard);
      }
    for (const assays::ElisaReadout& r : p.analysis.readouts)
      if (r.in_well)
        panel.points.push_back({assays::shown_dose(*r.in_well, unit), p.analysis.curve.curve.at(*r.in_well),
                                "samples", fmt::format("{}, replicate {}", r.arm, r.replicate)});
    std::vector<double> at;
    for (int k = 0; k <= 60; ++k) at.push_back(low / 2.0 * std::pow(high / low * 3.0, k / 60.0));
    ScatterCurve curve{"standards", {}};
    for (const stats::BandPoint& b : stats::confidence_band(p.analysis.curve, at))
      curve.points.push_back({assays::shown_dose(b.dose, unit), b.response, {b.ci.low, b.ci.high}});
    panel.curves.push_back(std::move(curve));
    panel.at_x = {{assays::shown_dose(low, unit), "lowest"}, {assays::shown_dose(high, unit), "highest"}};
    content.panels.push_back(std::move(panel));
  }
  std::size_t outside = 0, all = 0;
  for (const AnalysedElisa& p : plates)
    for (const assays::ElisaReadout& r : p.analysis.readouts) {
      ++all;
      outside += r.range != stats::DoseRange::inside;
    }
  figure.see =
      outside == 0
          ? fmt::format("All {} samples lie inside the standards.", all)
          : fmt::format("{} of {} samples lie outside the standards: extrapolated, and not compared.",
                        outside, all);
  figure.alt = "Absorbance of the standards against their concentration with the fitted curve. " + figure.see;
  figure.caption.text =
      "Points are wells of standards and, on the curve, samples as they were in the wells (diluted). The "
      "curve is a "
      "4-parameter logistic with weights 1/OD², its band 95 %. Rules mark the lowest and highest standard; "
      "the zero "
      "standard has no place on a log axis.";
  figure.content = std::move(content);
  return figure;
}

// "250 at 1:50, 809 at 1:100": what each dilution reads in the undiluted sample; nothing for a single one.
std::string by_dilution(const assays::ElisaReadout& readout, const std::string& unit) {
  std::string out;
  if (readout.dilutions.size() < 2) return out;
  for (const assays::ElisaDilution& d : readout.dilutions)
    out += fmt::format("{}{} at 1:{:g}", out.empty() ? "" : ", ",
                       d.concentration ? print(assays::shown_dose(*d.concentration, unit)) : "not read",
                       d.factor);
  return readout.hook ? out + " (hook effect)" : out;
}

Table readout_table(const std::vector<AnalysedElisa>& plates) {
  const std::string& unit = unit_of(plates);
  const auto shown = [&](double ng_per_mL) { return assays::shown_dose(ng_per_mL, unit); };
  Table table{
      "concentrations",
      "Concentrations",
      "Read back through the plate's own standards and multiplied by the dilution. The interval holds the "
      "errors "
      "of the curve, of the wells and of the dilutions.",
      {"plate", "arm", "replicate", "wells", assays::printed_unit(unit), "95 % low", "95 % high",
       "ng per 1e5 cells", "CV of wells (%)", "by dilution", "range"},
      {}};
  for (const AnalysedElisa& p : plates)
    for (const assays::ElisaReadout& r : p.analysis.readouts)
      table.rows.push_back({p.plate.name, arm_name(r.arm, p.simulated),
                            whole(static_cast<std::size_t>(r.replicate)), whole(r.wells),
                            r.concentration ? shown(*r.concentration) : missing,
                            r.ci ? shown(r.ci->low) : missing, r.ci ? shown(r.ci->high) : missing,
                            r.per_1e5_cells.value_or(missing), r.cv ? 100.0 * *r.cv : missing,
                            by_dilution(r, unit), word(r.range)});
  return table;
}

}  // namespace

Section elisa_section(const std::vector<AnalysedElisa>& plates, const std::string& reference,
                      core::Diagnostics& warnings) {
  Section section{"elisa", "ELISA", "", {}, {}, {}};
  const std::string& unit = unit_of(plates);
  std::vector<ArmValues> concentrations, amounts;
  for (const AnalysedElisa& p : plates)
    for (const assays::ElisaReadout& r : p.analysis.readouts) {
      const std::string analyte = p.plate.substance.empty() ? "analyte" : p.plate.substance;
      const std::string arm = arm_name(r.arm, p.simulated);
      if (r.range != stats::DoseRange::inside) continue;  // an extrapolation is shown and not compared
      if (r.concentration)
        add_value(concentrations, analyte, arm, assays::shown_dose(*r.concentration, unit), false);
      if (r.per_1e5_cells) add_value(amounts, analyte, arm, *r.per_1e5_cells, false);
    }
  if (!amounts.empty())
    add_arms(section, "amount", "Amount per producer cell", "ng per 1e5 cells", amounts, reference, {},
             warnings);
  else
    add_arms(section, "concentration", "Concentration", assays::printed_unit(unit), concentrations, reference,
             {}, warnings);
  section.figures.push_back(standard_curves(plates));
  section.tables.insert(section.tables.begin(), readout_table(plates));
  return section;
}

}  // namespace stroma::report

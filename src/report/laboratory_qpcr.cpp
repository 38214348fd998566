// Ct tables: fold changes, efficiencies, dilution series.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assays/descriptors.hpp"
#include "report/laboratory_plates.hpp"
#include "report/words.hpp"

namespace stroma::report {
namespace {

Table readout_table(const std::vector<AnalysedQpcr>& runs) {
  Table table{"fold-changes",
              "Fold changes",
              "ddCt against the mean of the reference arm. The standard error comes from the wells of the "
              "sample and the "
              "efficiencies; the tests use the scatter between replicates.",
              {"run", "gene", "arm", "replicate", "dCt", "ddCt", "SE of ddCt (wells)", "fold"},
              {}};
  for (const AnalysedQpcr& run : runs)
    for (const assays::RelativeReadout& r : run.analysis.readouts)
      table.rows.push_back({run.name, r.gene, arm_name(r.arm, run.simulated),
                            whole(static_cast<std::size_t>(r.replicate)), r.dct.value_or(missing),
                            r.ddct.value_or(missing), r.ddct_se.value_or(missing), r.fold.value_or(missing)});
  return table;
}

Table efficiency_table(const std::vector<AnalysedQpcr>& runs) {
  Table table{"efficiencies",
              "Efficiencies",
              "An amplification factor of 2 per cycle is an efficiency of 100 %. Genes that are not listed "
              "count as 2.",
              {"run", "gene", "factor per cycle", "efficiency (%)", "slope per tenfold", "R²", "wells"},
              {}};
  for (const AnalysedQpcr& run : runs)
    for (const auto& [gene, a] : run.amplification)
      table.rows.push_back({run.name, gene, a.factor, 100.0 * (a.factor - 1.0), a.wells ? a.slope : missing,
                            a.wells ? a.r_squared : missing, whole(a.wells)});
  return table;
}

Figure dilution_series(const std::vector<AnalysedQpcr>& runs) {
  Figure figure;
  figure.id = "dilution-series";
  figure.title = "Dilution series";
  Scatter content;
  content.x_title = "template (relative)";
  content.y_title = "Ct";
  content.log_x = true;
  for (const AnalysedQpcr& run : runs) {
    if (run.standards.empty()) continue;
    ScatterPanel panel{run.name, {}};
    for (const auto& [gene, a] : run.amplification) {
      if (a.wells == 0) continue;
      double low = INFINITY, high = 0.0, sum = 0.0, log_sum = 0.0;
      for (const assays::QpcrStandard& s : run.standards) {
        if (s.gene != gene) continue;
        panel.points.push_back({s.quantity, s.ct, gene});
        low = std::min(low, s.quantity);
        high = std::max(high, s.quantity);
        sum += s.ct;
        log_sum += std::log10(s.quantity);
      }
      const auto n = static_cast<double>(a.wells);
      ScatterCurve line{gene, {}};
      for (const double x : {low, high})
        line.points.push_back({x, sum / n + a.slope * (std::log10(x) - log_sum / n)});
      panel.curves.push_back(std::move(line));
      figure.see += fmt::format("{}{}: {:.0f} %", figure.see.empty() ? "Efficiencies: " : "; ", gene,
                                100.0 * (a.factor - 1.0));
    }
    content.panels.push_back(std::move(panel));
  }
  figure.see += ".";
  figure.alt = "Ct against the amount of template. " + figure.see;
  figure.caption.text = "Points are wells; the line is least squares through them, its slope -1/log10(E).";
  figure.content = std::move(content);
  return figure;
}

}  // namespace

Section qpcr_section(const std::vector<AnalysedQpcr>& runs, const std::string& reference,
                     core::Diagnostics& warnings) {
  Section section{"qpcr", "qPCR", "", {}, {}, {}};
  std::vector<ArmValues> panels;
  const bool ratios = assays::qpcr_assay().ratios;
  bool efficiencies = false, series = false;
  for (const AnalysedQpcr& run : runs) {
    efficiencies = efficiencies || !run.amplification.empty();
    series = series || !run.standards.empty();
    for (const assays::RelativeReadout& r : run.analysis.readouts)
      add_value(panels, need_names(runs) ? fmt::format("{}: {}", run.name, r.gene) : r.gene,
                arm_name(r.arm, run.simulated), r.fold.value_or(missing), ratios);
  }
  add_arms(section, "fold", "Expression against the reference arm", "fold change", panels, reference, 1.0,
           warnings);
  if (series) section.figures.push_back(dilution_series(runs));
  section.tables.insert(section.tables.begin(), readout_table(runs));
  if (efficiencies) section.tables.push_back(efficiency_table(runs));
  return section;
}

}  // namespace stroma::report

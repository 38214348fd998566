// Growth of tumours: volumes of every animal, growth rates, inhibition, time to a volume.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/laboratory_mice.hpp"
#include "report/laboratory_plates.hpp"
#include "report/words.hpp"

namespace stroma::report {
namespace {

LineSeries line_of(const std::string& arm, const std::string& animal,
                   const std::vector<assays::VolumePoint>& points) {
  LineSeries line{arm, animal, animal.empty(), {}};
  for (const assays::VolumePoint& p : points)
    line.points.push_back({p.day, p.volume > 0.0 ? p.volume : missing});  // no place on a log axis
  return line;
}

std::string rates_in_words(const assays::GrowthAnalysis& analysis) {
  std::string out;
  for (const assays::ArmGrowth& arm : analysis.arms)
    if (std::isfinite(arm.rate))
      out += fmt::format("{}{}: {} per cent a day", out.empty() ? "" : "; ", arm.arm,
                         print(100.0 * std::expm1(arm.rate)));
  return out.empty() ? "No growth rates could be estimated." : "Mean growth: " + out + ".";
}

Figure volumes(const assays::GrowthAnalysis& analysis) {
  Figure figure;
  figure.id = "volumes";
  figure.title = "Tumour volumes";
  Lines content;
  content.x_title = "time (d)";
  content.y_title = "volume (mm³)";
  content.log_y = true;
  LinePanel panel{"each animal thin, the geometric mean thick", {}, {}, {}, {}, {}};
  for (const assays::AnimalGrowth& a : analysis.animals)
    panel.series.push_back(line_of(a.arm, a.animal, a.points));
  for (const assays::ArmGrowth& arm : analysis.arms) panel.series.push_back(line_of(arm.arm, "", arm.mean));
  content.panels.push_back(std::move(panel));
  figure.see = rates_in_words(analysis);
  figure.alt = fmt::format("Tumour volumes of {} animals over time, logarithmic. {}", analysis.animals.size(),
                           figure.see);
  figure.caption.text =
      "Volumes on a logarithmic axis: exponential growth is a straight line. Means are drawn on days on "
      "which at least "
      "half of an arm's animals were measured. Rates are those of the mixed model.";
  for (const assays::GrowthComparison& c : analysis.comparisons) {
    Statistic line;
    line.comparison = fmt::format("{} against {}", c.arm, analysis.reference);
    line.n = static_cast<int>(analysis.animals.size());
    for (const assays::ArmGrowth& arm : analysis.arms)
      if (arm.arm == c.arm || arm.arm == analysis.reference)
        line.n = std::min(line.n, static_cast<int>(arm.animals));
    line.test = "mixed model of ln volume";
    line.statistic = "difference of growth rates";
    line.p = c.rate_p;
    line.estimate_name = "difference (1/d)";
    line.estimate = {c.rate_difference, {c.rate_ci.low, c.rate_ci.high}};
    figure.caption.statistics.push_back(std::move(line));
  }
  figure.content = std::move(content);
  return figure;
}

// ln 2 / rate; a tumour that does not grow never doubles.
double doubling(double rate) {
  return rate > 0.0 ? std::log(2.0) / rate : missing;
}

Table arms_table(const assays::GrowthAnalysis& analysis) {
  Table table{"growth-rates",
              "Growth rates",
              "Of ln volume, from a mixed model with a level and a slope of each animal's own (REML).",
              {"arm", "animals", "rate (1/d)", "95 % low", "95 % high", "doubling time (d)"},
              {}};
  for (const assays::ArmGrowth& arm : analysis.arms)
    table.rows.push_back({arm.arm, static_cast<double>(arm.animals), arm.rate, arm.rate_ci.low,
                          arm.rate_ci.high, doubling(arm.rate)});
  return table;
}

Table inhibition_table(const assays::GrowthAnalysis& analysis) {
  Table table{
      "inhibition",
      "Tumour growth inhibition",
      analysis.day
          ? fmt::format("100 (1 - T/C) on day {:g}: T/C is the ratio of the geometric means of volumes "
                        "relative to each animal's baseline; interval and p by Welch's t test of the "
                        "logarithms.",
                        *analysis.day)
          : "There is no day on which every arm has two animals.",
      {"arm", "animals", "animals of " + analysis.reference, "inhibition (%)", "95 % low", "95 % high", "p"},
      {}};
  for (const assays::GrowthComparison& c : analysis.comparisons) {
    std::vector<Cell> row{c.arm, static_cast<double>(c.n), static_cast<double>(c.n_reference)};
    if (c.inhibition)
      row.insert(row.end(), {100.0 * *c.inhibition, 100.0 * c.inhibition_ci.low, 100.0 * c.inhibition_ci.high,
                             c.inhibition_p});
    else
      row.insert(row.end(), 4, missing);
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table ratios_table(const assays::GrowthAnalysis& analysis) {
  Table table{
      "ratios",
      "T/C and TGI of means",
      fmt::format("On day {:g}, with Fieller's intervals; tumours that vanished count as 0. T/C: the ratio "
                  "of the arithmetic means of volumes relative to each animal's baseline. TGI: 1 - (mean "
                  "change of volume) / (that of the reference), above 100 % where tumours shrank.",
                  *analysis.day),
      {"arm", "T/C (%)", "T/C, 95 % low", "T/C, 95 % high", "TGI (%)", "TGI, 95 % low", "TGI, 95 % high"},
      {}};
  for (const assays::GrowthComparison& c : analysis.comparisons) {
    std::vector<Cell> row{c.arm};
    if (c.relative_volumes)
      row.insert(row.end(), {100.0 * c.relative_volumes->ratio, 100.0 * c.relative_volumes->ci.low,
                             100.0 * c.relative_volumes->ci.high});
    else
      row.insert(row.end(), 3, missing);
    if (c.changes)
      row.insert(row.end(), {100.0 * (1.0 - c.changes->ratio), 100.0 * (1.0 - c.changes->ci.high),
                             100.0 * (1.0 - c.changes->ci.low)});
    else
      row.insert(row.end(), 3, missing);
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table animals_table(const assays::GrowthAnalysis& analysis) {
  Table table{"animals",
              "Animals",
              "Slopes of ln volume by least squares.",
              {"animal", "arm", "measurements", "slope (1/d)", "SE", "baseline volume (mm³)",
               "last volume (mm³)", "last day"},
              {}};
  for (const assays::AnimalGrowth& a : analysis.animals) {
    if (a.points.empty()) continue;
    table.rows.push_back({a.animal, a.arm, static_cast<double>(a.points.size()), a.slope.value_or(missing),
                          a.slope ? a.slope_se : missing, a.points.front().volume, a.points.back().volume,
                          a.points.back().day});
  }
  return table;
}

}  // namespace

Section growth_section(const assays::GrowthAnalysis& analysis, const std::string& target,
                       core::Diagnostics& warnings) {
  Section section{"growth", "Growth", "", {}, {}, {}};
  section.figures.push_back(volumes(analysis));
  section.tables.push_back(arms_table(analysis));
  if (!analysis.comparisons.empty()) section.tables.push_back(inhibition_table(analysis));
  if (!analysis.comparisons.empty() && analysis.day) section.tables.push_back(ratios_table(analysis));
  std::vector<ArmValues> slopes;
  for (const assays::ArmGrowth& arm : analysis.arms)
    for (const assays::AnimalGrowth& a : analysis.animals)
      if (a.arm == arm.arm && a.slope) add_value(slopes, "", a.arm, *a.slope, false);
  add_arms(section, "slopes", "Growth rate of each animal", "slope of ln volume (1/d)", slopes,
           analysis.reference, {}, warnings);
  if (!analysis.time_to_volume.arms.empty()) {
    Section times = survival_section(analysis.time_to_volume, "d");
    for (Figure& figure : times.figures) {
      figure.id = "time-to-volume";
      figure.title = "Time until the tumour had " + target;
      std::get<Survival>(figure.content).y_title = "not reached (%)";
      std::get<Survival>(figure.content).time_title = "time from the baseline (d)";
      section.figures.push_back(std::move(figure));
    }
    for (Table& table : times.tables) section.tables.push_back(std::move(table));
  }
  section.tables.push_back(animals_table(analysis));
  return section;
}

}  // namespace stroma::report

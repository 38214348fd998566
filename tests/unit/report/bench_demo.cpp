// Made-up bench data, one figure of each kind of bench_figures.hpp.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "unit/report/demo.hpp"

namespace stroma::report {
namespace {

Scatter volcano(const Draw& noise) {
  Scatter figure{"log2 fold change, CAF supernatant / NF supernatant", "−log10 p", {}};
  ScatterPanel panel{"HepG2, made-up RNA", {}};
  for (int gene = 0; gene < 20000; ++gene) {
    const bool moved = gene % 40 == 0;
    const double change = moved ? 1.6 * noise() : 0.35 * noise(),
                 p = std::fabs(moved ? 2.4 * change + noise() : 0.9 * noise());
    const double y = 0.43 * p * p + 0.3 * p;
    ScatterPoint point{change, y, "not significant", "gene " + std::to_string(gene)};
    if (y > 3 && std::fabs(change) > 1) {
      point.arm = change > 0 ? "up" : "down";
      point.emphasis = y > 28;
    }
    panel.points.push_back(point);
  }
  panel.points[3].y = INFINITY;  // p = 0
  panel.at_x = {{-1, "−1"}, {1, "1"}};
  panel.at_y = {{3, "p = 0.001"}};
  figure.panels = {panel};
  return figure;
}

Scatter standard_curve(const Draw& noise) {
  Scatter figure{"CXCL12 (pg/mL)", "absorbance at 450 nm", {}};
  figure.log_x = figure.log_y = true;
  ScatterPanel panel{"ELISA plate 1", {}};
  const auto optical = [](double c) { return 0.05 + 2.6 / (1 + std::pow(900 / c, 1.1)); };
  for (int i = 0; i < 8; ++i)
    for (int well = 0; well < 2; ++well) {
      const double c = 31.25 * std::pow(2, i);
      panel.points.push_back({c, optical(c) * (1 + 0.05 * noise()), "standard", std::to_string(c)});
    }
  for (const double c : {120.0, 540.0, 1500.0})
    panel.points.push_back({c, optical(c), "sample", "sample", {0.85 * c, 1.2 * c}});
  panel.points.push_back({0, 0.05, "standard", "blank"});
  ScatterCurve curve{"standard", {}};
  for (int i = 0; i <= 60; ++i) {
    const double c = 31.25 * std::pow(128.0, i / 60.0), y = optical(c);
    curve.points.push_back({c, y, {y * 0.93, y * 1.07}});
  }
  panel.curves = {curve};
  panel.at_x = {{40, "limit of quantification"}};
  figure.panels = {panel};
  return figure;
}

Scatter measured_and_simulated(const Draw& noise) {
  Scatter figure{"simulated (% of control)", "measured (% of control)", {}};
  figure.identity = true;
  for (const char* line : {"HepG2", "Huh7"}) {
    ScatterPanel panel{line, {}};
    for (const char* arm : {"NF supernatant", "CAF supernatant", "CXCL12 + sorafenib"})
      for (int dose = 0; dose < 6; ++dose) {
        const double x = 100 - 15.0 * dose + 3 * noise(), y = x + 6 * noise();
        panel.points.push_back({x, y, arm, "dose " + std::to_string(dose), {x - 4, x + 4}, {y - 9, y + 9}});
      }
    panel.points[7].emphasis = true;
    figure.panels.push_back(panel);
  }
  return figure;
}

HeatMap checkerboard(const Draw& noise) {
  HeatMap figure{"synergy score (Bliss, percentage points)", "AMD3100 (µM)", "sorafenib (µM)", {}, 0.0};
  for (const char* line : {"HepG2", "Huh7"}) {
    HeatMapPanel panel{line, {"10", "3", "1", "0.3", "0"}, {"0", "1", "2", "4", "8", "16"}, {}};
    for (int r = 0; r < 5; ++r)
      for (int c = 0; c < 6; ++c)
        panel.values.push_back(
            r == 4 || c == 0 ? 0 : 14 * std::exp(-0.4 * (c - 3) * (c - 3)) - 2.5 * r + 2 * noise());
    panel.values[9] = missing;
    figure.panels.push_back(panel);
  }
  return figure;
}

HeatMap expression(const Draw& noise) {
  HeatMap figure{"expression (z-score of log2 counts per million)", "gene", "sample", {}, 0.0, 1};
  HeatMapPanel panel{"Most variable genes, made up", {}, {}, {}};
  for (int sample = 0; sample < 12; ++sample) {
    const std::string group = sample < 6 ? "NF supernatant" : "CAF supernatant";
    panel.columns.push_back((sample < 6 ? "NF patient " : "CAF patient ") + std::to_string(sample % 6 + 1));
    panel.column_groups.push_back(group);
  }
  for (int gene = 0; gene < 40; ++gene) {
    panel.rows.push_back("GENE" + std::to_string(gene + 1));
    panel.row_groups.emplace_back(gene < 22 ? "up" : "down");
    for (int sample = 0; sample < 12; ++sample)
      panel.values.push_back(gene == 5 && sample > 8
                                 ? missing
                                 : (gene < 22 ? 1 : -1) * (sample < 6 ? -0.8 : 0.8) + 0.6 * noise());
  }
  figure.panels = {panel};
  return figure;
}

Venn overlap(std::vector<std::string> sets, const std::vector<std::int64_t>& sizes) {
  Venn figure{"genes", std::move(sets), {}};
  for (std::size_t mask = 1; mask <= sizes.size(); ++mask) {
    VennRegion region{{}, sizes[mask - 1], {}};
    for (std::size_t i = 0; i < figure.sets.size(); ++i)
      if ((mask >> i & 1U) != 0) region.in.push_back(i);
    if (region.size < 4)
      for (std::int64_t k = 0; k < region.size; ++k)
        region.members.push_back("gene " + std::to_string(mask) + "." + std::to_string(k));
    figure.regions.push_back(region);
  }
  return figure;
}

Survival survival(const Draw& noise) {
  Survival figure;
  figure.time_title = "time after implantation (days)";
  SurvivalPanel panel{"Made-up mice", {}};
  for (const auto& [arm, mean] : {std::pair{"untreated", 24.0}, std::pair{"sorafenib", 34.0},
                                  std::pair{"CXCL12 + sorafenib + AMD3100", 52.0}}) {
    std::vector<stats::FollowUp> mice;
    for (int mouse = 0; mouse < 12; ++mouse) {
      const double time = std::max(3.0, std::round(mean + 0.35 * mean * noise()));
      mice.push_back({std::min(time, 60.0), time < 60 && mouse % 6 != 5});
    }
    panel.arms.push_back(survival_arm(arm, mice, stats::kaplan_meier(mice)));
  }
  figure.panels = {panel};
  return figure;
}

void make_hostile(Section& section, const std::string& name) {
  auto& volcano = std::get<Scatter>(section.figures[0].content);
  volcano.panels[0].points[0] = {0, 12, "=cmd|' /C calc'!A0", name, {}, {}, true};
  volcano.panels[0].at_x[0].label = name;
  volcano.x_title = name;
  auto& map = std::get<HeatMap>(section.figures[3].content);
  map.panels[0].rows[0] = name;
  map.panels[0].columns[0] = name;
  map.quantity = name;
  auto& venn = std::get<Venn>(section.figures[5].content);
  venn.sets[0] = name;
  venn.element = name;
  std::get<Venn>(section.figures[6].content).sets[1] = name;
  auto& survival = std::get<Survival>(section.figures[7].content);
  survival.panels[0].arms[0].arm = name;
  survival.time_title = name;
}

}  // namespace

Section bench_section(const Draw& noise, const std::string& hostile) {
  Section section{"bench", "Bench data", "", {}, {}};
  const auto add = [&](const char* id, const char* title, const char* see,
                       decltype(Figure::content) content) {
    section.figures.push_back({id,
                               "",
                               title,
                               see,
                               std::string("Made-up figure: ") + title,
                               {"Made-up numbers.", {}},
                               std::move(content)});
  };
  add("volcano", "Genes that change", "Genes above the horizontal line and outside the vertical ones change.",
      volcano(noise));
  add("standard-curve", "Standard curve", "The samples lie on the steep part of the curve.",
      standard_curve(noise));
  add("measured-simulated", "Measured against simulated", "Points on the dashed line agree.",
      measured_and_simulated(noise));
  add("synergy", "Synergy of two drugs", "The drugs help each other most at middle doses of sorafenib.",
      checkerboard(noise));
  add("expression", "Expression by sample", "The two groups of samples differ in two blocks of genes.",
      expression(noise));
  add("venn", "Genes shared by three comparisons", "Most genes belong to one comparison.",
      overlap({"CAF supernatant", "CXCL12", "sorafenib"}, {812, 340, 118, 95, 3, 41, 27}));
  add("upset", "Genes shared by four comparisons",
      "The largest overlap is that of CAF supernatant and CXCL12.",
      overlap({"CAF supernatant", "CXCL12", "sorafenib", "AMD3100"},
              {812, 340, 118, 95, 3, 41, 27, 300, 12, 8, 0, 77, 1, 2, 5}));
  add("survival", "Survival of mice",
      "The combination lives longest; half of the untreated mice are dead by day 25.", survival(noise));
  if (!hostile.empty()) make_hostile(section, hostile);
  return section;
}

}  // namespace stroma::report

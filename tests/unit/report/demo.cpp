#include "unit/report/demo.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace stroma::report {
namespace {

// A fixed stream; std::normal_distribution differs between libraries, so the sum of twelve uniforms stands
// in.
class Noise {
 public:
  double operator()() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += static_cast<double>(engine_()) / 4294967296.0;
    return sum;
  }

 private:
  std::mt19937 engine_{20230823};
};

const std::vector<std::string> lines{"HepG2", "Huh7"};

DoseResponse dose_response(Noise& noise) {
  DoseResponse figure;
  for (const auto& line : lines) {
    DoseResponsePanel panel{line, {}};
    for (const auto& [arm, ic50] : {std::pair{"NF supernatant", 4.2}, std::pair{"CAF supernatant", 9.7}}) {
      DoseResponseArm a{arm, {}, {}, {ic50, {ic50 * 0.82, ic50 * 1.2}}};
      const auto response = [ic50 = ic50](double dose) { return 4 + 96 / (1 + std::pow(dose / ic50, 1.4)); };
      for (const double dose : {0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0})
        for (int replicate = 1; replicate <= 3; ++replicate)
          a.points.push_back({dose, response(dose) + 4 * noise(), replicate});
      for (int i = 0; i <= 60; ++i) {
        const double dose = 0.25 * std::pow(128.0, i / 60.0), y = response(dose);
        a.curve.push_back({dose, y, {y - 4, y + 4}});
      }
      panel.arms.push_back(a);
    }
    figure.panels.push_back(panel);
  }
  return figure;
}

BarGroup group(const std::string& arm, double mean, double spread, Noise& noise) {
  BarGroup g{arm, {}, 0, {}};
  for (int i = 0; i < 3; ++i) g.values.push_back(std::max(0.0, mean + spread * noise()));
  double square = 0;
  for (const double v : g.values) g.mean += v / 3;
  for (const double v : g.values) square += (v - g.mean) * (v - g.mean);
  const double sem = std::sqrt(square / 2 / 3);
  g.error = {g.mean - sem, g.mean + sem};
  return g;
}

Bars colonies(Noise& noise) {
  Bars figure{"colony formation rate (%)", "SEM", {}, {}, 2};
  for (const auto& line : lines)
    figure.panels.push_back(
        {line,
         "",
         {group("NF supernatant", 48, 2, noise), group("CAF supernatant", 52, 2, noise),
          group("sorafenib", 15, 1.5, noise), group("NF supernatant + sorafenib", 16, 1.6, noise),
          group("CAF supernatant + sorafenib", 31, 2, noise),
          group("CAF supernatant + sorafenib + AMD3100", 19, 2, noise)},
         {{"CAF supernatant + sorafenib", "NF supernatant + sorafenib", 2.1e-5, "***"},
          {"CAF supernatant + sorafenib + AMD3100", "CAF supernatant + sorafenib", 4e-4, "**"},
          {"CAF supernatant + sorafenib + AMD3100", "NF supernatant + sorafenib", 0.31, "N.S."}}});
  return figure;
}

Bars elisa(Noise& noise) {
  Bars figure{"CXCL12 (ng per 10⁵ cells)", "SEM", {}, {}, 2};
  figure.panels.push_back({"48 h supernatant",
                           "",
                           {group("NF", 0.42, 0.05, noise), group("CAF", 1.9, 0.12, noise)},
                           {{"CAF", "NF", 8e-6, "****"}}});
  return figure;
}

Bars blots(Noise& noise) {
  Bars figure{"", "SEM", 1.0, {}, 2};
  for (const auto& line : lines)
    for (const char* protein : {"FOLR1", "cleaved caspase-3"})
      figure.panels.push_back({line,
                               std::string(protein) + " / β-actin (relative)",
                               {group("untreated", 1, 0.05, noise), group("sorafenib", 1.1, 0.1, noise),
                                group("CXCL12 + sorafenib", 2.3, 0.15, noise),
                                group("CXCL12 + sorafenib + AMD3100", 1.3, 0.1, noise)},
                               {{"CXCL12 + sorafenib", "sorafenib", 3e-4, "**"},
                                {"CXCL12 + sorafenib + AMD3100", "CXCL12 + sorafenib", 0.02, "p<0.05"}}});
  return figure;
}

Flow flow(Noise& noise) {
  Flow figure;
  for (const auto& line : lines)
    for (const auto& [arm, dead] :
         {std::pair{"NF supernatant + sorafenib", 0.32}, std::pair{"CAF supernatant + sorafenib", 0.15},
          std::pair{"CAF supernatant + sorafenib + AMD3100", 0.27}}) {
      FlowPanel panel{line, arm, {}, {}, 4000, 5000, {}};
      std::array<int, 4> counts{};
      for (int i = 0; i < 3000; ++i) {
        const bool late = i < 3000 * dead * 0.45, early = !late && i<3000 * dead, necrotic = i> 2960;
        const auto lognormal = [&](double decade) {
          return static_cast<float>(std::pow(10, decade + 0.24 * noise()));
        };
        const float a = lognormal(late || early ? 4.5 : 2.8), p = lognormal(late || necrotic ? 4.7 : 2.9);
        panel.annexin.push_back(a);
        panel.pi.push_back(p);
        ++counts[a > 4000 ? (p > 5000 ? 2 : 1) : (p > 5000 ? 3 : 0)];
      }
      for (std::size_t q = 0; q < 4; ++q) panel.fractions[q] = counts[q] / 3000.0;
      figure.panels.push_back(panel);
    }
  figure.columns = 3;
  return figure;
}

Plate plate(Noise& noise) {
  Plate figure;
  const double doses[] = {0, 0.25, 0.5, 1, 2, 4, 8, 16, 32};
  for (const auto& line : lines) {
    PlatePanel panel{line + ", experiment 1", {}};
    for (int row = 0; row < 8; ++row)
      for (int column = 0; column < 12; ++column) {
        if (row == 3 || row == 7) continue;
        if (column == 11)
          panel.wells.push_back({row, column, 0.08 + 0.004 * noise(), "", "blank"});
        else if (column < 9) {
          const bool caf = row > 3;
          const double dose = doses[column];
          char label[16];
          std::snprintf(label, sizeof label, "%g", dose);
          panel.wells.push_back(
              {row, column, 0.08 + (1.6 + 0.05 * noise()) / (1 + std::pow(dose / (caf ? 9.7 : 4.2), 1.4)),
               caf ? "CAF supernatant" : "NF supernatant", label});
        }
      }
    figure.panels.push_back(panel);
  }
  return figure;
}

Network network() {
  Network figure;
  const auto node = [&](const char* id, Layer layer, const char* label = "") {
    figure.nodes.push_back({id, *label ? label : id, layer, ""});
  };
  for (const char* id : {"CXCL12", "HGF", "IL6", "IGF1"}) node(id, Layer::ligand);
  node("CXCR4", Layer::receptor, "CXCR4, active");
  for (const char* id : {"ACKR3", "MET", "IL6R", "IGF1R", "EGFR"}) node(id, Layer::receptor);
  for (const char* id :
       {"RAS", "RAF1", "BRAF", "MEK", "ERK", "PI3K", "AKT", "MTORC1", "JAK", "STAT3", "NFKB"})
    node(id, Layer::signalling);
  node("FOLR1_mRNA", Layer::gene, "FOLR1 mRNA");
  for (const char* id : {"FOLR1", "MCL1", "BCL2", "BIM", "BAX", "CASP3", "CCND1"}) node(id, Layer::protein);
  node("autophagy", Layer::process);
  node("mito_stress", Layer::process, "mitochondrial stress");
  node("apoptosis", Layer::fate);
  node("cycle_entry", Layer::fate, "cycle entry");
  int row = 0;
  const auto edge = [&](const char* source, const char* target, Effect effect = Effect::activates,
                        double weight = 0.8) {
    const char* grades[] = {"A", "B", "C"};
    figure.edges.push_back({std::string(source) + "_" + target, source, target, effect, weight,
                            "Author et al. 20" + std::to_string(10 + row % 14) + ", made up", grades[row % 3],
                            row % 4 ? "" : "a note"});
    ++row;
  };
  const Effect no = Effect::inhibits;
  edge("CXCL12", "CXCR4", Effect::activates, 1), edge("CXCL12", "ACKR3", Effect::activates, 0.5),
      edge("HGF", "MET", Effect::activates, 1), edge("IL6", "IL6R"), edge("IGF1", "IGF1R");
  edge("CXCR4", "RAS", Effect::activates, 0.4), edge("MET", "RAS"),
      edge("IGF1R", "RAS", Effect::activates, 0.2), edge("EGFR", "RAS");
  edge("RAS", "RAF1"), edge("RAS", "BRAF"), edge("RAF1", "MEK"), edge("BRAF", "MEK"),
      edge("MEK", "ERK", Effect::activates, 1);
  edge("CXCR4", "PI3K"), edge("MET", "PI3K"), edge("IGF1R", "PI3K"),
      edge("RAS", "PI3K", Effect::activates, 0.3), edge("PI3K", "AKT"),
      edge("ACKR3", "AKT", Effect::activates, 0.3);
  edge("AKT", "MTORC1"), edge("CXCR4", "JAK", Effect::activates, 0.5), edge("IL6R", "JAK"),
      edge("JAK", "STAT3"), edge("AKT", "NFKB", Effect::activates, 0.3), edge("ERK", "RAF1", no, 0.3);
  edge("CXCR4", "FOLR1_mRNA"), edge("FOLR1_mRNA", "FOLR1"), edge("FOLR1", "autophagy"),
      edge("MTORC1", "autophagy", no, 0.6), edge("mito_stress", "autophagy", Effect::activates, 0.5),
      edge("autophagy", "mito_stress", no, 0.5);
  edge("STAT3", "MCL1"), edge("ERK", "MCL1"), edge("MTORC1", "MCL1", Effect::activates, 0.3),
      edge("AKT", "BCL2"), edge("NFKB", "BCL2"), edge("ERK", "BIM", no), edge("AKT", "BIM", no);
  edge("BIM", "BAX"), edge("mito_stress", "BAX"), edge("MCL1", "BAX", no), edge("BCL2", "BAX", no),
      edge("BAX", "CASP3"), edge("ERK", "CCND1"), edge("MTORC1", "CCND1");
  edge("CASP3", "apoptosis", Effect::activates, 1), edge("CCND1", "cycle_entry", Effect::activates, 1),
      edge("mito_stress", "cycle_entry", no, 0.6);
  figure.drugs = {{"sorafenib_RAF1", "sorafenib", "RAF1", "IC50 6 nM", "Wilhelm et al. 2004", "A"},
                  {"sorafenib_BRAF", "sorafenib", "BRAF", "IC50 22 nM", "Wilhelm et al. 2004", "A"},
                  {"amd3100", "AMD3100", "CXCR4", "IC50 44 nM", "vendor's sheet", "B"},
                  {"anti", "anti-CXCR4", "CXCR4", "Kd 5 nM", "assumption: typical antibody", "D"}};
  return figure;
}

Lines growth(Noise& noise) {
  Lines figure{"time (h)", "cells per well", true, {}};
  for (const auto& line : lines) {
    LinePanel panel{line, {}};
    for (const auto& [arm, rate] : {std::pair{"untreated", 0.02}, std::pair{"sorafenib", -0.01},
                                    std::pair{"CAF supernatant + sorafenib", 0.008}})
      for (int replicate = 0; replicate < 4; ++replicate) {
        LineSeries series{arm, replicate ? std::to_string(replicate) : "", replicate == 0, {}};
        const double own = replicate ? 1 + 0.12 * noise() : 1;
        for (int hour = 0; hour <= 48; hour += 4)
          series.points.push_back({static_cast<double>(hour), 10000 * std::exp(rate * own * hour)});
        panel.series.push_back(series);
      }
    figure.panels.push_back(panel);
  }
  return figure;
}

std::vector<Finding> findings(Noise& noise) {
  std::vector<Finding> all;
  const auto add = [&](const char* figure, const std::string& line, const char* readout, const char* arm,
                       const char* reference, Direction expected, Role role, double effect) {
    Finding f;
    f.id = "Z" + std::string(all.size() < 9 ? "0" : "") + std::to_string(all.size() + 1);
    f.figure = figure, f.system = line, f.readout = readout, f.arm = arm, f.reference_arm = reference,
    f.expected = expected, f.role = role;
    f.test = "Welch's t on log2 values";
    const auto at = [&](int n) {
      const double value = effect + noise() / n, half = 1.3 / std::sqrt(n);
      const double sign = expected == Direction::down ? -1 : 1;
      const Verdict verdict = sign * value - half > 0   ? Verdict::reproduced
                              : sign * value + half < 0 ? Verdict::contradicted
                                                        : Verdict::inconclusive;
      return FindingResult{n,
                           {value, {value - half, value + half}},
                           std::exp(-3 * std::abs(value) * std::sqrt(n / 3.0)),
                           verdict};
    };
    f.result = at(3);
    f.larger = at(12);
    if (f.result.verdict == Verdict::contradicted) f.note = "made up to be contradicted";
    all.push_back(f);
  };
  for (const auto& line : lines) {
    add("2b", line, "colony formation rate", "CAF supernatant + sorafenib", "NF supernatant + sorafenib",
        Direction::up, Role::predicted, 1.2);
    add("2c,d", line, "CCK-8 IC50", "CAF supernatant", "NF supernatant", Direction::up, Role::calibrated,
        1.3);
    add("3c,d", line, "colony formation rate", "CAF supernatant + sorafenib + AMD3100",
        "CAF supernatant + sorafenib", Direction::down, Role::predicted, -0.9);
    add("3e,f", line, "apoptotic fraction", "CAF supernatant + sorafenib", "NF supernatant + sorafenib",
        Direction::down, Role::predicted, -1.1);
    add("3g,h", line, "cleaved caspase-3", "CAF supernatant + sorafenib", "sorafenib", Direction::down,
        Role::predicted, 0.4);
    add("4b", line, "FOLR1 mRNA (qPCR)", "CXCL12", "untreated", Direction::up, Role::calibrated, 1.5);
    add("4e,f", line, "FOLR1 (Western blot)", "CAF supernatant + sorafenib", "NF supernatant + sorafenib",
        Direction::up, Role::predicted, -1.6);
  }
  return all;
}

Figure figure(const char* id, const char* panel, const char* title, const char* see,
              decltype(Figure::content) content) {
  Figure f{id, panel, title, see, std::string("Made-up figure: ") + title, {}, std::move(content)};
  f.caption.text = "Points, independent experiments; bars, mean; error bars, SEM. Made-up numbers.";
  for (const auto& line : lines)
    f.caption.statistics.push_back({line + ": CAF supernatant + sorafenib against NF supernatant + sorafenib",
                                    3,
                                    "Tukey HSD after one-way ANOVA",
                                    "q = 14.2, 8 df",
                                    2.1e-5,
                                    "difference",
                                    {15.1, {11.2, 19.0}}});
  return f;
}

const std::string hostile_name = "</script><b>bold</b>{{title}} & \"q\" 'a' \u2028 \xff";

void make_hostile(Report& report) {
  const std::string& name = hostile_name;
  report.title += " " + name;
  report.sections[0].figures[0].title = name;
  report.sections[0].figures[0].alt = name;
  report.sections[0].figures[0].see = name;
  report.sections[0].lead = name;
  auto& bars = std::get<Bars>(report.sections[0].figures[0].content);
  bars.panels[0].title = name;
  bars.panels[0].groups[0].arm = "=cmd|' /C calc'!A0";
  bars.panels[0].groups[1].arm = name;
  auto& net = std::get<Network>(report.sections.back().figures[0].content);
  net.nodes[0].label = name;
  net.edges[0].reference = name;
  report.findings[0].note = name;
  report.findings[0].readout = "-" + name;
  report.references.push_back({"bad", name, "javascript:alert(1)"});
}

}  // namespace

Report demo_report(bool hostile) {
  Noise noise;
  Report r;
  r.title =
      "CAFs make HCC cells resist sorafenib through CXCL12 and FOLR1: the in-vitro experiments, simulated";
  r.source = "A demonstration with made-up numbers; the layout follows Zhao et al., BMC Cancer 2023.";
  r.question =
      "Do the published mechanisms suffice to explain that fibroblast supernatant protects liver-tumour "
      "cells from sorafenib?";
  r.summary =
      "These numbers are made up. They fill every kind of figure and every verdict, so that the page can be "
      "looked at and tested.";
  r.warnings = {"Quick run: fewer cells per well than in the full run."};
  r.facts = {"Stroma 0.1.0",
             "stroma reproduce caf-cxcl12-folr1",
             "hcc",
             "9f3c1a2b7d5e4f60",
             "01ab23cd45ef6789",
             "2024-01-01",
             "2 cores, 8 GB",
             "3 min 12 s",
             42,
             360,
             360,
             120,
             0};
  r.arms = {{"untreated", true, ""},
            {"NF", true, "NF"},
            {"NF supernatant", true, "NF"},
            {"NF supernatant + sorafenib", true, "NF"},
            {"sorafenib", true, ""},
            {"CAF", false, "CAF"},
            {"CAF supernatant", false, "CAF"},
            {"CAF supernatant + sorafenib", false, "CAF"},
            {"CXCL12 + sorafenib", false, "CXCL12"},
            {"CAF supernatant + sorafenib + AMD3100", false, ""},
            {"CXCL12 + sorafenib + AMD3100", false, ""},
            {"not significant", true, ""}};
  r.findings = findings(noise);
  r.sections.push_back({"figure-2",
                        "Figure 2. CAFs make HCC cells resist sorafenib",
                        "Supernatants of CAFs and NFs were poured on both cell lines.",
                        {},
                        {}});
  r.sections.back().figures.push_back(figure("2b", "2b", "Colonies after 15 days",
                                             "Beside CAF supernatant about twice as many cells found a "
                                             "colony under sorafenib as beside NF supernatant.",
                                             colonies(noise)));
  r.sections.back().figures.push_back(
      figure("2cd", "2c,d", "CCK-8 dose response",
             "The curve of CAF supernatant lies to the right: it takes more sorafenib to halve the cells.",
             dose_response(noise)));
  r.sections.back().figures.push_back(
      figure("plates", "", "The plates behind it",
             "Colour fades from left to right as the dose rises, later in the rows of CAF supernatant.",
             plate(noise)));
  r.sections.push_back({"figure-3", "Figure 3. CAFs act through CXCL12", "", {}, {}});
  r.sections.back().figures.push_back(figure("3b", "3b", "ELISA of supernatants",
                                             "CAFs secrete several times as much CXCL12 as NFs.",
                                             elisa(noise)));
  r.sections.back().figures.push_back(
      figure("3ef", "3e,f", "Annexin V and PI",
             "The clouds to the right of the vertical gate, apoptotic cells, shrink beside CAF supernatant.",
             flow(noise)));
  r.sections.push_back({"figure-4", "Figure 4. CXCL12 raises FOLR1", "", {}, {}});
  r.sections.back().figures.push_back(figure("4cd", "4c,d", "Western blots under CXCL12",
                                             "FOLR1 doubles under CXCL12 and falls back with AMD3100.",
                                             blots(noise)));
  r.sections.push_back({"controls", "Controls", "", {}, {}});
  r.sections.back().figures.push_back(
      figure("growth", "", "Cells over time", "Without drug the cells double in about 35 h.", growth(noise)));
  r.sections.back().tables.push_back({"equivalence",
                                      "Controls that must come out right",
                                      "What should change nothing, changes nothing.",
                                      {"control", "ratio", "verdict"},
                                      {{std::string("AMD3100 alone"), 1.01, std::string("equivalent")},
                                       {std::string("=1+1"), missing, std::string("not run")}}});
  Noise bench_noise;
  r.sections.push_back(bench_section(std::ref(bench_noise), hostile ? hostile_name : ""));
  r.sections.push_back({"model", "The signalling network", "", {}, {}});
  r.sections.back().figures.push_back(
      figure("network", "", "From ligands to fate",
             "CXCL12 reaches survival by two routes: kinases, and FOLR1 with autophagy.", network()));
  r.methods =
      "HCC cells were simulated in culture. These words are made up.\n\nReplicates differ by seed, "
      "heterogeneity and instrument noise (n = 3).";
  r.references = {
      {"zhao2023", "Zhao J et al. BMC Cancer 2023.", "https://doi.org/10.1186/s12885-023-11613-8"}};
  if (hostile) make_hostile(r);
  return r;
}

}  // namespace stroma::report

#include "report/laboratory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/folding.hpp"
#include "report/arms.hpp"
#include "report/words.hpp"
#include "stats/descriptive.hpp"

namespace stroma::report {

namespace {

constexpr std::string_view simulated_suffix = " (simulated)";

}  // namespace

std::string arm_name(const std::string& arm, bool simulated) {
  return simulated ? arm + std::string(simulated_suffix) : arm;
}

bool is_simulated(const std::string& arm) {
  return arm.ends_with(simulated_suffix);
}

std::vector<ArmValues> tested_together(const ArmValues& values) {
  std::vector<ArmValues> out;
  for (const bool simulated : {false, true}) {
    ArmValues part{values.title, {}, {}, values.ratios, {}};
    for (std::size_t a = 0; a < values.arms.size(); ++a) {
      if (is_simulated(values.arms[a]) != simulated) continue;
      part.arms.push_back(values.arms[a]);
      part.values.push_back(values.values[a]);
      if (!values.blocks.empty()) part.blocks.push_back(values.blocks[a]);
    }
    if (!part.arms.empty()) out.push_back(std::move(part));
  }
  return out;
}

namespace {

constexpr std::size_t most_sentences = 6;

// The clearest difference of a panel: means, effect with its interval, p.
std::string sentence_on(const Comparison& comparison, const BarPanel& panel,
                        const std::vector<Statistic>& lines) {
  const auto mean_of = [&](const std::string& arm) {
    return std::find_if(panel.groups.begin(), panel.groups.end(),
                        [&](const BarGroup& g) { return g.arm == arm; })
        ->mean;
  };
  std::string out = fmt::format(
      "{}{} has a mean of {}, {} one of {}", panel.title.empty() ? "" : panel.title + ": ", comparison.arm,
      print(mean_of(comparison.arm)), comparison.reference_arm, print(mean_of(comparison.reference_arm)));
  const auto line = std::find_if(lines.begin(), lines.end(), [&](const Statistic& s) {
    return s.comparison == comparison_name(panel.title, comparison.arm, comparison.reference_arm);
  });
  if (line != lines.end() && std::isfinite(line->estimate.interval.low))
    out += fmt::format("; {} {}, 95 % interval {}", line->estimate_name, print(line->estimate.value),
                       print(line->estimate.interval));
  return out + fmt::format("; p = {}", print_p(comparison.p));
}

// Every arm of a family against its reference: the arm of that name, its simulated twin, or the first.
PanelStatistics compare_family(const ArmValues& family, const std::string& reference) {
  std::size_t base = 0;
  for (std::size_t a = family.arms.size(); a-- > 0;)
    if (family.arms[a] == reference || family.arms[a] == arm_name(reference, true)) base = a;
  std::vector<std::pair<std::string, std::string>> pairs;
  for (std::size_t a = 0; a < family.arms.size(); ++a)
    if (a != base) pairs.emplace_back(family.arms[a], family.arms[base]);
  return compare(family, pairs);
}

}  // namespace

Figure arm_figure(const std::string& id, const std::string& title, const std::string& y_title,
                  const std::vector<ArmValues>& panels, const std::string& reference,
                  std::optional<double> reference_line) {
  Figure figure;
  figure.id = id;
  figure.title = title;
  Bars bars;
  bars.y_title = y_title;
  bars.reference = reference_line;
  std::vector<std::string> sentences;
  bool both = false;  // measured and simulated arms
  for (const ArmValues& values : panels) {
    BarPanel panel{values.title, {}, {}, {}};
    for (std::size_t a = 0; a < values.arms.size(); ++a)
      panel.groups.push_back(bar_of(values.arms[a], values.values[a]));
    std::vector<Statistic> lines;
    for (const ArmValues& family : tested_together(values)) {
      PanelStatistics statistics = compare_family(family, reference);
      std::move(statistics.brackets.begin(), statistics.brackets.end(),
                std::back_inserter(panel.comparisons));
      std::move(statistics.lines.begin(), statistics.lines.end(), std::back_inserter(lines));
    }
    both = both || tested_together(values).size() > 1;
    // The clearest difference of the panel, of the measured arms where there are any.
    const auto simulated = [](const Comparison& c) { return is_simulated(c.arm); };
    const auto clearest = std::min_element(
        panel.comparisons.begin(), panel.comparisons.end(), [&](const Comparison& a, const Comparison& b) {
          return std::pair(simulated(a), a.p) < std::pair(simulated(b), b.p);
        });
    if (clearest != panel.comparisons.end()) sentences.push_back(sentence_on(*clearest, panel, lines));
    std::move(lines.begin(), lines.end(), std::back_inserter(figure.caption.statistics));
    bars.panels.push_back(std::move(panel));
  }
  for (std::size_t i = 0; i < std::min(sentences.size(), most_sentences); ++i)
    figure.see += (figure.see.empty() ? "" : " ") + sentences[i] + ".";
  if (sentences.size() > most_sentences)
    figure.see += fmt::format(" {} more in the table below the figure.", sentences.size() - most_sentences);
  if (figure.see.empty()) figure.see = "No two arms have enough values for a test.";
  figure.alt = fmt::format("Bar chart of {}. {}", y_title, figure.see);
  // What was measured, and in which unit: the sentence stands alone at the head of the page and on terminals.
  if (!sentences.empty() && !y_title.empty()) figure.see = y_title + ": " + figure.see;
  figure.caption.text = fmt::format(
      "Each point is one independent experiment or animal; bars are means, error bars SEM. {}.{}",
      star_convention,
      both ? " Measured arms are tested among themselves, simulated ones among themselves; `stroma "
             "compare` tests one against the other."
           : "");
  figure.content = std::move(bars);
  return figure;
}

Table warnings_table(const core::Diagnostics& warnings) {
  Table table{"warnings",
              "What the analysis noticed",
              "None of these stopped the analysis; each can change what its numbers mean.",
              {"warning", "about", "where", "what it says", "what to do"},
              {}};
  for (const core::Folded& folded : core::fold(warnings.entries())) {
    const core::Diagnostic& w = folded.first;
    std::string where = w.place.file;
    if (w.place.line > 0) where += fmt::format(":{}:{}", w.place.line, w.place.column);
    table.rows.push_back({w.code, w.key, where, core::message_of(folded), w.hint});
  }
  return table;
}

Section understanding_section(const core::Understanding& understanding) {
  Table table{
      "understanding", "What was taken for what", "", {"about", "taken to be", "because", "option"}, {}};
  for (const core::Fact& fact : understanding.facts()) {
    const char* const because = fact.basis == core::Basis::given     ? "it was said"
                                : fact.basis == core::Basis::assumed ? "assumed"
                                                                     : "the file says so";
    table.rows.push_back({fact.about, fact.what, because, fact.option});
  }
  return {"understanding",
          "How the files were read",
          "Every number below rests on this reading; what was assumed can be said otherwise by its option.",
          {},
          {std::move(table)},
          {}};
}

}  // namespace stroma::report

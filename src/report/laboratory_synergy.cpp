// Checkerboards: one heat map per model and their scores with intervals.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/laboratory_plates.hpp"
#include "report/words.hpp"
#include "stats/descriptive.hpp"

namespace stroma::report {
namespace {

std::string word(stats::SynergyModel model) {
  switch (model) {
    case stats::SynergyModel::bliss:
      return "Bliss";
    case stats::SynergyModel::loewe:
      return "Loewe";
    case stats::SynergyModel::hsa:
      return "HSA";
    default:
      return "ZIP";
  }
}

std::string axis_title(const std::string& drug, const std::string& unit) {
  return fmt::format("{} ({})", drug, typeset("1 " + unit).substr(2));  // units are typeset behind a number
}

// The whole board, or the pairs of doses above zero alone: a score of one drug is none.
HeatMapPanel panel_of(const AnalysedSynergy& block, const std::string& title,
                      const std::vector<double>& values, bool whole) {
  HeatMapPanel panel{title, {}, {}, {}};
  const std::size_t first = whole ? 0 : 1;
  for (std::size_t j = first; j < block.board.columns(); ++j)
    panel.columns.push_back(fmt::format("{:.4g}", block.board.doses2[j]));
  for (std::size_t i = first; i < block.board.rows(); ++i) {
    panel.rows.push_back(fmt::format("{:.4g}", block.board.doses1[i]));
    for (std::size_t j = first; j < block.board.columns(); ++j)
      panel.values.push_back(100.0 * values[block.board.cell(i, j)]);
  }
  return panel;
}

std::string summary_of(const stats::SynergySurface& s) {
  return std::isfinite(s.ci.low) ? fmt::format("{} {} ({})", word(s.model), print(100.0 * s.mean),
                                               print(Interval{100.0 * s.ci.low, 100.0 * s.ci.high}))
                                 : fmt::format("{} {}", word(s.model), print(100.0 * s.mean));
}

Figure score_maps(const AnalysedSynergy& block, std::size_t number) {
  Figure figure;
  figure.id = fmt::format("scores-{}", number);
  figure.title = fmt::format("{} with {}: synergy scores", block.drug1, block.drug2);
  HeatMap content;
  content.quantity = "score (percentage points)";
  content.row_title = axis_title(block.drug1, block.unit1);
  content.column_title = axis_title(block.drug2, block.unit2);
  content.midpoint = 0.0;
  for (const stats::SynergySurface& s : block.synergy.surfaces) {
    content.panels.push_back(panel_of(block, word(s.model), s.scores, false));
    figure.see += (figure.see.empty() ? "Mean scores: " : ", ") + summary_of(s);
  }
  figure.see += ".";
  figure.alt = "Heat maps of the synergy scores by four models. " + figure.see;
  figure.caption.text =
      "Effect beyond what the model expects of the two drugs alone, in percentage points of inhibition; "
      "above 0: "
      "synergy, below: antagonism. Cells with a stroke: the model is undefined there.";
  figure.content = std::move(content);
  return figure;
}

Figure effect_map(const AnalysedSynergy& block, std::size_t number) {
  Figure figure;
  figure.id = fmt::format("inhibition-{}", number);
  figure.title = fmt::format("{} with {}: inhibition", block.drug1, block.drug2);
  HeatMap content;
  content.quantity = "inhibition (% of control)";
  content.row_title = axis_title(block.drug1, block.unit1);
  content.column_title = axis_title(block.drug2, block.unit2);
  std::vector<double> means;
  for (const std::vector<double>& cell : block.board.effects) means.push_back(stats::mean(cell));
  content.panels.push_back(panel_of(block, "", means, true));
  content.columns = 1;
  figure.see = fmt::format("The largest inhibition is {} %.",
                           print(100.0 * *std::max_element(means.begin(), means.end())));
  figure.alt = "Heat map of the measured inhibition. " + figure.see;
  figure.caption.text = "Means of the replicates.";
  figure.content = std::move(content);
  return figure;
}

}  // namespace

Section synergy_section(const std::vector<AnalysedSynergy>& blocks) {
  Section section{"synergy", "Drug combinations", "", {}, {}, {}};
  Table table{"synergy-scores",
              "Synergy scores",
              "Means over all pairs of doses above zero, in percentage points, with 95 % bootstrap intervals "
              "over the "
              "replicates (percentiles about their median, moved to the score).",
              {"block", "drugs", "model", "score", "95 % low", "95 % high", "resamples", "undefined pairs",
               "in words"},
              {}};
  std::size_t number = 0;
  for (const AnalysedSynergy& block : blocks) {
    ++number;
    section.figures.push_back(score_maps(block, number));
    section.figures.push_back(effect_map(block, number));
    for (const stats::SynergySurface& s : block.synergy.surfaces) {
      const bool interval = std::isfinite(s.ci.low);
      std::string words = !interval         ? "no interval: every pair of doses needs two replicates or more"
                          : s.ci.low > 0.0  ? "synergy"
                          : s.ci.high < 0.0 ? "antagonism"
                                            : "neither can be told from none";
      if (!s.why_undefined.empty()) words += "; " + s.why_undefined;
      table.rows.push_back({block.name, fmt::format("{} with {}", block.drug1, block.drug2), word(s.model),
                            100.0 * s.mean, interval ? 100.0 * s.ci.low : missing,
                            interval ? 100.0 * s.ci.high : missing, whole(s.resamples), whole(s.undefined),
                            words});
    }
  }
  section.tables.push_back(std::move(table));
  return section;
}

}  // namespace stroma::report

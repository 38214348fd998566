#include "report/targets_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "report/words.hpp"

namespace stroma::report {
namespace {

using assays::Change;
using assays::ExpressionResult;
using assays::GeneTest;
using assays::TargetGene;

constexpr std::size_t labelled = 8;    // genes with their name beside the point
constexpr std::size_t most_rows = 30;  // of the heat map

std::string word(Change change) {
  return change == Change::up ? "up" : change == Change::down ? "down" : "not significant";
}

std::string word(assays::Influence influence) {
  switch (influence) {
    case assays::Influence::raises:
      return "raises resistance";
    case assays::Influence::lowers:
      return "lowers resistance";
    case assays::Influence::unclear:
      break;
  }
  return "direction unclear";
}

// What the reader should find first: known genes, then the surest of the rest.
std::vector<std::string> shown_genes(const assays::Targets& targets, std::size_t most) {
  std::vector<std::string> names;
  for (const auto* list : {&targets.ranked, &targets.common})
    for (const TargetGene& g : *list)
      if (names.size() < most && std::find(names.begin(), names.end(), g.gene) == names.end())
        names.push_back(g.gene);
  return names;
}

// The largest p that still passes, where the line of the volcano stands; NaN where none does.
double p_limit(const ExpressionResult& series, double fdr) {
  double limit = missing;
  for (const GeneTest& g : series.genes)
    if (g.p_adjusted <= fdr && !(limit >= g.p)) limit = g.p;
  return limit;
}

Figure volcano(const ExpressionResult& series, const assays::Targets& targets,
               const assays::TargetCriteria& criteria) {
  const std::vector<std::string> named = shown_genes(targets, labelled);
  Scatter scatter;
  scatter.x_title = fmt::format("log2 change, {} against {}", series.treated, series.reference);
  scatter.y_title = "-log10 p";
  scatter.columns = 1;
  ScatterPanel panel;
  panel.title = series.accession;
  std::size_t up = 0, down = 0;
  for (const GeneTest& g : series.genes) {
    if (std::isnan(g.p)) continue;
    const Change change = assays::change_of(g, criteria);
    up += change == Change::up ? 1 : 0;
    down += change == Change::down ? 1 : 0;
    ScatterPoint point;
    point.x = g.log2_change;
    point.y = -std::log10(std::max(g.p, 1e-300));
    point.arm = word(change);
    point.label = g.gene;
    point.emphasis = std::find(named.begin(), named.end(), g.gene) != named.end();
    panel.points.push_back(std::move(point));
  }
  if (criteria.log2_change > 0.0)
    for (const double sign : {-1.0, 1.0}) panel.at_x.push_back({sign * criteria.log2_change, ""});
  if (const double limit = p_limit(series, criteria.fdr); limit > 0.0)
    panel.at_y.push_back({-std::log10(limit), fmt::format("FDR {:g} %", 100.0 * criteria.fdr)});
  scatter.panels.push_back(std::move(panel));
  Figure f;
  f.id = "volcano-" + series.accession;
  f.title = fmt::format("{}: every gene", series.accession);
  f.see = fmt::format(
      "{} genes go up and {} go down at a false discovery rate of {:g} % and a change of at least "
      "{:g}.",
      up, down, 100.0 * criteria.fdr, criteria.log2_change);
  f.alt = fmt::format("Volcano plot of {} genes, log2 change against -log10 p.", series.genes.size());
  f.caption.text = fmt::format(
      "One point per gene: the moderated t test of {} {} against {} {} samples. Names stand beside genes "
      "that "
      "change alike in all series, those of the list of resistance genes first.",
      series.n_treated, series.treated, series.n_reference, series.reference);
  f.content = std::move(scatter);
  return f;
}

Figure overlap(const std::vector<ExpressionResult>& series, const std::vector<assays::Overlap>& regions,
               Change change) {
  Venn venn;
  for (const ExpressionResult& s : series)
    venn.sets.push_back(fmt::format("{} {}", s.accession, word(change)));
  venn.sets.push_back("known resistance genes");
  std::size_t common = 0, known = 0;
  for (const assays::Overlap& region : regions) {
    VennRegion r;
    r.in = region.in;
    r.size = static_cast<std::int64_t>(region.genes.size());
    r.members = region.genes;
    venn.regions.push_back(std::move(r));
    const bool listed = region.in.back() == series.size();
    if (region.in.size() - (listed ? 1 : 0) < series.size()) continue;
    common += region.genes.size();
    known += listed ? region.genes.size() : 0;
  }
  Figure f;
  f.id = "overlap-" + word(change);
  f.title = fmt::format("Genes that go {}", word(change));
  f.see = fmt::format("{} gene{} {} in every series; {} of them {} on the list.", common,
                      common == 1 ? " goes" : "s go", word(change), known, known == 1 ? "is" : "are");
  f.alt = fmt::format("Overlap of {} sets of genes.", venn.sets.size());
  f.caption.text =
      "Genes that pass both limits in each series, and those of the list that any series measured.";
  f.content = std::move(venn);
  return f;
}

HeatMapPanel heat_panel(const ExpressionResult& series, const std::vector<std::string>& genes) {
  HeatMapPanel panel;
  panel.title = series.accession;
  panel.rows = genes;
  for (std::size_t s = 0; s < series.samples.size(); ++s) {
    panel.columns.push_back(series.samples[s].accession);
    panel.column_groups.push_back(s < series.n_reference ? series.reference : series.treated);
  }
  for (const std::string& gene : genes) {
    const auto test = std::find_if(series.genes.begin(), series.genes.end(),
                                   [&](const GeneTest& g) { return g.gene == gene; });
    for (std::size_t s = 0; s < series.samples.size(); ++s)
      panel.values.push_back(test == series.genes.end() ? missing : series.values(test->row, s) - test->mean);
  }
  return panel;
}

Figure heat_map(const std::vector<ExpressionResult>& series, const assays::Targets& targets) {
  const std::vector<std::string> genes = shown_genes(targets, most_rows);
  HeatMap map;
  map.quantity = "log2 expression, relative to the gene's mean";
  map.row_title = "gene";
  map.column_title = "sample";
  map.midpoint = 0.0;
  map.columns = 1;
  for (const ExpressionResult& s : series) map.panels.push_back(heat_panel(s, genes));
  Figure f;
  f.id = "common-genes";
  f.title = "Genes that change alike in every series";
  f.see = genes.size() < targets.common.size()
              ? fmt::format("The {} surest of {} common genes, known resistance genes first.", genes.size(),
                            targets.common.size())
              : fmt::format("All {} common genes, known resistance genes first.", genes.size());
  f.alt = fmt::format("Heat map of {} genes in {} series.", genes.size(), series.size());
  f.caption.text = "One column per sample, those of the reference first; the values that were tested.";
  f.content = std::move(map);
  return f;
}

Table gene_table(const std::string& id, const std::string& title, const std::vector<ExpressionResult>& series,
                 const std::vector<TargetGene>& genes, bool known) {
  Table t;
  t.id = id;
  t.title = title;
  t.columns = {"rank", "gene", "change"};
  for (const ExpressionResult& s : series) {
    t.columns.push_back(s.accession + ": log2 change");
    t.columns.push_back(s.accession + ": adjusted p");
  }
  for (const char* column : {"mean log2 change", "largest adjusted p"}) t.columns.emplace_back(column);
  if (known)
    for (const char* column : {"on the list as", "towards resistance", "role", "source", "statement"})
      t.columns.emplace_back(column);
  for (std::size_t k = 0; k < genes.size(); ++k) {
    const TargetGene& g = genes[k];
    std::vector<Cell> row = {std::to_string(k + 1), g.gene, word(g.change)};
    for (std::size_t s = 0; s < series.size(); ++s) {
      row.emplace_back(g.log2_change[s]);
      row.emplace_back(g.p_adjusted[s]);
    }
    row.emplace_back(g.mean_change);
    row.emplace_back(g.p_worst);
    if (known) {
      row.emplace_back(word(g.known->influence));
      row.emplace_back(std::string(g.towards_resistance ? "yes" : "no"));
      row.emplace_back(g.known->role);
      row.emplace_back(g.known->source);
      row.emplace_back(g.known->statement);
    }
    t.rows.push_back(std::move(row));
  }
  return t;
}

Table series_table(const std::vector<ExpressionResult>& series) {
  Table t;
  t.id = "series";
  t.title = "The series";
  t.columns = {"series",     "treated",        "n",          "reference", "n ",
               "probes",     "without a gene", "of several", "genes",     "without a test",
               "log2 taken", "spread (IQR)",   "normalised", "prior df",  "prior variance"};
  for (const ExpressionResult& s : series)
    t.rows.push_back({s.accession, s.treated, static_cast<double>(s.n_treated), s.reference,
                      static_cast<double>(s.n_reference), static_cast<double>(s.probes),
                      static_cast<double>(s.probes_without_gene + s.probes_not_on_platform),
                      static_cast<double>(s.probes_with_several), static_cast<double>(s.genes.size()),
                      static_cast<double>(s.untested),
                      std::string(s.scale.logarithms() ? "no: logarithms already" : "yes"), s.spread,
                      std::string(s.normalised ? "yes" : "no"),
                      std::isinf(s.prior_df) ? Cell(std::string("infinite")) : Cell(s.prior_df),
                      s.prior_variance});
  return t;
}

std::string scale_words(const ExpressionResult& s) {
  using stats::ExpressionScale;
  const std::string read =
      fmt::format("The values were {} as {}", s.scale_said ? "given" : "taken", name_of(s.scale.scale));
  switch (s.scale.scale) {
    case ExpressionScale::fpkm:
      return read + "; 1 was added and base-2 logarithms were taken";
    case ExpressionScale::counts:
      return read + "; base-2 logarithms of counts per million were taken, (count + 0.5) / (total + 1)";
    case ExpressionScale::intensity:
      return read + "; base-2 logarithms were taken";
    default:
      return read;
  }
}

std::string block_words(const ExpressionResult& s) {
  return s.block_column.empty()
             ? ""
             : fmt::format(
                   "Each '{}' was a block of its own in the model, {} of them with samples "
                   "of both groups. ",
                   s.block_column, s.blocks);
}

}  // namespace

Section targets_section(const std::vector<ExpressionResult>& series, const assays::Targets& targets,
                        const assays::TargetCriteria& criteria, const std::string& list_name) {
  Section section;
  section.id = "targets";
  section.title = "Genes that change alike";
  section.lead = fmt::format("Known genes are those of {}; {} of them were measured in every series.",
                             list_name, targets.listed_and_measured);
  for (const ExpressionResult& s : series) section.figures.push_back(volcano(s, targets, criteria));
  section.figures.push_back(overlap(series, targets.up, Change::up));
  section.figures.push_back(overlap(series, targets.down, Change::down));
  if (!targets.common.empty()) section.figures.push_back(heat_map(series, targets));
  section.tables.push_back(gene_table("ranking", "Common genes on the list, towards resistance first", series,
                                      targets.ranked, true));
  section.tables.push_back(
      gene_table("common", "All genes that change alike in every series", series, targets.common, false));
  section.tables.push_back(series_table(series));
  return section;
}

std::string targets_methods(const std::vector<ExpressionResult>& series,
                            const assays::TargetCriteria& criteria, const std::string& list_name) {
  std::string text;
  for (const ExpressionResult& s : series)
    text += fmt::format(
        "{}: {} samples ({}) against {} ({}). {}{}: {}. Quartiles differed between samples by up to {:.2g} "
        "of "
        "the "
        "mean interquartile range, so quantile normalisation was {}.\n\n",
        s.accession, s.n_treated, s.treated, s.n_reference, s.reference, block_words(s), scale_words(s),
        s.scale.reason, s.spread, s.normalised ? "applied" : "not applied");
  text += fmt::format(
      "Each gene was represented by its probe with the highest mean; probes that name several genes or none "
      "were "
      "left out. A linear model per gene gave the log2 change, and moderated t tests with an empirical Bayes "
      "estimate of the variance (Smyth 2004) its p value, adjusted within each series by Benjamini and "
      "Hochberg. "
      "A gene is common where the adjusted p is at most {:g} and the change at least {:g} in every series, "
      "all in "
      "one direction; common genes are ranked by the largest of their adjusted p values. Genes known to "
      "change "
      "resistance are those of {}.",
      criteria.fdr, criteria.log2_change, list_name);
  return text;
}

std::string targets_summary(const std::vector<ExpressionResult>& series, const assays::Targets& targets) {
  const auto up = std::count_if(targets.common.begin(), targets.common.end(),
                                [](const TargetGene& g) { return g.change == Change::up; });
  std::string text = fmt::format("{} genes change alike in {} series: {} up, {} down.", targets.common.size(),
                                 series.size(), up, targets.common.size() - static_cast<std::size_t>(up));
  std::vector<std::string> best;
  for (const TargetGene& g : targets.ranked)
    if (g.towards_resistance && best.size() < 5)
      best.push_back(fmt::format("{} ({}, log2 change {}, adjusted p {} or less)", g.gene, word(g.change),
                                 print(g.mean_change), print_p(g.p_worst)));
  text += best.empty() ? " None of them is known to change resistance in the direction seen."
                       : fmt::format(" Known to raise resistance in the direction seen: {}.", listed(best));
  if (!targets.opposed.empty())
    text +=
        fmt::format(" {} genes change in every series, but not in one direction.", targets.opposed.size());
  return text;
}

}  // namespace stroma::report

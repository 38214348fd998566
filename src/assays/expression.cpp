#include "assays/expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "stats/error.hpp"
#include "stats/moderated_variance.hpp"
#include "stats/p_adjust.hpp"

namespace stroma::assays {
namespace {

// The columns of both groups, reference first.
std::vector<std::size_t> chosen_samples(const SampleGroups& groups) {
  std::vector<std::size_t> chosen;
  for (const int side : {0, 1})
    for (std::size_t s = 0; s < groups.side.size(); ++s)
      if (groups.side[s] == side) chosen.push_back(s);
  return chosen;
}

stats::Table columns_of(const stats::Table& all, const std::vector<std::size_t>& chosen) {
  stats::Table part{all.rows, chosen.size(), {}};
  part.values.reserve(part.rows * part.columns);
  for (std::size_t r = 0; r < all.rows; ++r)
    for (const std::size_t c : chosen) part.values.push_back(all(r, c));
  return part;
}

double mean_of(std::span<const double> row) {
  double sum = 0.0, n = 0.0;
  for (const double v : row)
    if (!std::isnan(v)) {
      sum += v;
      n += 1.0;
    }
  return sum / n;  // NaN where there is no value
}

struct Representative {
  std::size_t probe = 0;
  double mean = 0.0;
};

// One probe per gene: the one with the highest mean, the first in the file of equals.
std::vector<std::pair<std::string, std::size_t>> collapse(const ExpressionSeries& series,
                                                          const stats::Table& values,
                                                          const ProbeGenes* platform,
                                                          ExpressionResult& result) {
  std::unordered_map<std::string, Representative> best;
  std::vector<std::string> order;
  for (std::size_t r = 0; r < series.probes.size(); ++r) {
    std::string gene = series.probes[r];
    if (platform != nullptr) {
      const auto known = platform->gene.find(gene);
      if (known == platform->gene.end()) {
        ++result.probes_not_on_platform;
        continue;
      }
      gene = known->second;
    } else {
      const GeneOfProbe named = gene_of(gene);
      if (named.gene.empty()) {
        ++(named.several ? result.probes_with_several : result.probes_without_gene);
        continue;
      }
      gene = named.gene;
    }
    if (gene.empty()) continue;
    const double mean = mean_of(values.row(r));
    const auto [at, is_new] = best.try_emplace(gene, Representative{r, mean});
    if (is_new)
      order.push_back(gene);
    else if (mean > at->second.mean || (std::isnan(at->second.mean) && !std::isnan(mean)))
      at->second = {r, mean};
  }
  std::vector<std::pair<std::string, std::size_t>> rows;
  rows.reserve(order.size());
  for (const std::string& gene : order) rows.emplace_back(gene, best.at(gene).probe);
  return rows;
}

void make_comparable(stats::Table& values, const ExpressionOptions& options, ExpressionResult& result) {
  result.scale = stats::detect_log_scale(values);
  if (!result.scale.logarithms) result.not_positive = stats::take_log2(values);
  result.spread = stats::distribution_spread(values);
  result.normalised = options.normalise == Normalise::always ||
                      (options.normalise == Normalise::when_needed && result.spread > options.spread_limit);
  if (result.normalised) stats::normalise_quantiles(values);
}

void test_genes(const std::vector<std::pair<std::string, std::size_t>>& rows, const ExpressionSeries& series,
                ExpressionResult& result) {
  const std::size_t n = result.samples.size();
  stats::Table design{n, 2, {}};
  for (std::size_t s = 0; s < n; ++s)
    design.values.insert(design.values.end(), {1.0, s >= result.n_reference ? 1.0 : 0.0});
  const stats::LinearModels models = stats::fit_linear_models(result.values, design, {2, 1, {0.0, 1.0}});
  const stats::ModeratedTests tests = stats::moderate(models);
  const std::vector<double> adjusted = stats::adjust_p(tests.p.values, stats::Adjustment::benjamini_hochberg);
  result.prior_df = tests.prior.df;
  result.prior_variance = tests.prior.variance;
  if (!tests.prior.warning.empty()) result.warnings.push_back(tests.prior.warning);
  result.genes.reserve(rows.size());
  for (std::size_t g = 0; g < rows.size(); ++g) {
    result.genes.push_back({rows[g].first, series.probes[rows[g].second], models.effect(g, 0), models.mean[g],
                            tests.t(g, 0), tests.p(g, 0), adjusted[g], tests.log_odds(g, 0), g});
    result.untested += std::isnan(tests.p(g, 0)) ? 1 : 0;
  }
  std::stable_sort(result.genes.begin(), result.genes.end(), [](const GeneTest& a, const GeneTest& b) {
    return !std::isnan(a.p) && (std::isnan(b.p) || a.p < b.p);
  });
}

}  // namespace

ExpressionResult analyse_expression(const ExpressionSeries& series, const SampleGroups& groups,
                                    const ProbeGenes* platform, const ExpressionOptions& options,
                                    core::Diagnostics& problems) {
  ExpressionResult result;
  result.accession = series.accession;
  result.title = series.title;
  result.treated = groups.treated;
  result.reference = groups.reference;
  result.probes = series.probes.size();
  const std::vector<std::size_t> chosen = chosen_samples(groups);
  for (const std::size_t s : chosen) {
    result.samples.push_back(series.samples[s]);
    ++(groups.side[s] == 1 ? result.n_treated : result.n_reference);
  }
  try {
    stats::Table values = columns_of(series.values, chosen);
    make_comparable(values, options, result);
    const auto rows = collapse(series, values, platform, result);
    if (platform != nullptr) {
      result.probes_without_gene = platform->without_gene;
      result.probes_with_several = platform->with_several;
    }
    if (rows.empty()) {
      problems.add("no-genes", {series.file, 0, 0}, series.platform,
                   fmt::format("no probe of {} has a gene in {}", series.accession,
                               platform == nullptr ? std::string("its first column") : platform->file),
                   fmt::format("give the table of the series' platform{} with --platform",
                               series.platform.empty() ? "" : ", " + series.platform + ","));
      return result;
    }
    result.values = {rows.size(), chosen.size(), {}};
    result.values.values.reserve(rows.size() * chosen.size());
    for (const auto& [gene, probe] : rows) {
      const auto row = values.row(probe);
      result.values.values.insert(result.values.values.end(), row.begin(), row.end());
    }
    test_genes(rows, series, result);
  } catch (const stats::StatisticsError& error) {
    problems.add("not-testable", {series.file, 0, 0}, series.accession, error.what());
  }
  return result;
}

}  // namespace stroma::assays

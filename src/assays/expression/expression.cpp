#include "assays/expression/expression.hpp"

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

/// The scale as said, or as found; false: it must be asked for.
bool settle_scale(const stats::Table& values, const ExpressionOptions& options,
                  const ExpressionSeries& series, ExpressionResult& result, core::Diagnostics& problems) {
  result.scale = stats::detect_log_scale(values);
  result.scale_said = options.scale != stats::ExpressionScale::unclear;
  if (result.scale_said) result.scale.scale = options.scale;
  if (result.scale.scale == stats::ExpressionScale::unclear) {
    problems.add(
        "ask-scale", {series.file, 0, 0}, series.accession,
        fmt::format("whether these values are logarithms cannot be told: {}", result.scale.reason),
        "say what they are: --scale log2 (or ln, log10), --scale raw (intensities or ratios), --scale fpkm "
        "(FPKM, TPM: 1 is added), --scale counts");
    return false;
  }
  return true;
}

/// Values that no logarithm of a measurement reaches. A few are errors of typing: each would move its gene,
/// and by quantile normalisation the largest values of all samples, so they count as missing. False: they are
/// many, and stay.
bool leave_out_errors(stats::Table& values, const ExpressionSeries& series,
                      const std::vector<std::size_t>& chosen, ExpressionResult& result) {
  if (result.scale.scale != stats::ExpressionScale::log2 || result.scale.beyond == 0) return true;
  constexpr double few = 0.02;  // share beyond which they are no errors
  const bool errors =
      static_cast<double>(result.scale.beyond) < few * static_cast<double>(values.values.size());
  std::string first;
  for (std::size_t i = 0; i < values.values.size(); ++i) {
    double& v = values.values[i];
    if (!(v > stats::largest_log2)) continue;
    if (first.empty())
      first = fmt::format("{:g} of probe {} in {}", v, series.probes[i / values.columns],
                          series.samples[chosen[i % values.columns]].accession);
    if (errors) v = std::nan("");
  }
  result.warnings.push_back(
      fmt::format("{} of {} base-2 logarithms exceed {:g}, such as {}, which no measurement does: {}",
                  result.scale.beyond, values.values.size(), stats::largest_log2, first,
                  errors ? "probably errors of typing, they were left out as missing"
                         : "the values are hardly logarithms; --scale says what they are"));
  return errors;
}

/// No instrument spans more than 15 doublings between two groups.
void warn_of_changes(ExpressionResult& result) {
  constexpr double largest = 15.0;
  std::size_t beyond = 0;
  const GeneTest* first = nullptr;
  for (const GeneTest& g : result.genes)
    if (std::abs(g.log2_change) > largest) {
      ++beyond;
      if (first == nullptr || std::abs(g.log2_change) > std::abs(first->log2_change)) first = &g;
    }
  if (first == nullptr) return;
  result.warnings.push_back(fmt::format(
      "{} gene{} change by more than {:g} doublings, such as {} by {:.4g}, which no instrument spans: the "
      "values were read as {}; --scale says otherwise",
      beyond, beyond == 1 ? "" : "s", largest, first->gene, first->log2_change,
      stats::name_of(result.scale.scale)));
}

void make_comparable(stats::Table& values, const ExpressionOptions& options, ExpressionResult& result) {
  result.not_positive = stats::take_log2(values, result.scale.scale);
  result.spread = stats::distribution_spread(values);
  result.normalised = options.normalise == Normalise::always ||
                      (options.normalise == Normalise::when_needed && result.spread > options.spread_limit);
  if (result.normalised) stats::normalise_quantiles(values);
}

/// Blocks of the chosen samples from 0, those of one side only too: a column of the design each, the last the
/// group.
stats::Table design_of(const std::vector<std::size_t>& chosen, const SampleGroups& groups,
                       ExpressionResult& result) {
  std::vector<int> blocks;
  for (const std::size_t s : chosen)
    if (!groups.block.empty() && std::find(blocks.begin(), blocks.end(), groups.block[s]) == blocks.end())
      blocks.push_back(groups.block[s]);
  result.block_column = groups.block_column;
  for (const int b : blocks) {
    std::size_t on[2] = {0, 0};
    for (const std::size_t s : chosen)
      if (groups.block[s] == b) ++on[groups.side[s] == 1 ? 1 : 0];
    if (on[0] > 0 && on[1] > 0)
      ++result.blocks;
    else
      result.outside += on[0] + on[1];
  }
  const std::size_t columns = std::max<std::size_t>(1, blocks.size()) + 1;
  stats::Table design{chosen.size(), columns, std::vector<double>(chosen.size() * columns, 0.0)};
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    const auto block =
        blocks.empty() ? blocks.begin() : std::find(blocks.begin(), blocks.end(), groups.block[chosen[k]]);
    design(k, static_cast<std::size_t>(block - blocks.begin())) = 1.0;
    design(k, columns - 1) = groups.side[chosen[k]] == 1 ? 1.0 : 0.0;
  }
  return design;
}

void test_genes(const std::vector<std::pair<std::string, std::size_t>>& rows, const ExpressionSeries& series,
                const stats::Table& design, ExpressionResult& result) {
  stats::Table last{design.columns, 1, std::vector<double>(design.columns, 0.0)};
  last.values.back() = 1.0;
  const stats::LinearModels models = stats::fit_linear_models(result.values, design, last);
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
    if (!settle_scale(values, options, series, result, problems)) return result;
    const bool believable = leave_out_errors(values, series, chosen, result);
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
    test_genes(rows, series, design_of(chosen, groups, result), result);
    if (believable) warn_of_changes(result);
  } catch (const stats::StatisticsError& error) {
    problems.add("not-testable", {series.file, 0, 0}, series.accession, error.what());
  }
  return result;
}

}  // namespace stroma::assays

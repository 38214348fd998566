// Expression arrays of one GEO series: which samples are treated and which are the reference, values made
// comparable (logarithms, quantile normalisation), one probe per gene, a linear model per gene with moderated
// variance, and the false discovery rate (stats/moderated_variance.hpp, stats/p_adjust.hpp).
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/diagnostics.hpp"
#include "stats/expression_scale.hpp"
#include "stats/linear_models.hpp"
#include "stats/normalisation.hpp"

namespace stroma::assays {

/// One array and everything that its submitter wrote about it.
struct ExpressionSample {
  std::string accession;  ///< "GSM398074"
  std::string title;
  /// Further annotation in the file's order, such as {"source_name_ch1", "Huh7"}; a characteristic
  /// "treatment: CXCL12" stands as {"treatment", "CXCL12"}.
  std::vector<std::pair<std::string, std::string>> notes;
};

struct ExpressionSeries {
  std::string file;
  std::string accession;  ///< "GSE15893"
  std::string title;
  std::string platform;  ///< "GPL570"; empty where the file does not say
  std::vector<ExpressionSample> samples;
  std::vector<std::string> probes;
  stats::Table values;      ///< probes x samples, NaN where missing
  std::size_t missing = 0;  ///< values that are missing
};

/// What a platform table says of its probes. A probe that names several genes measures none of them alone: it
/// is counted and left out.
struct ProbeGenes {
  std::string file;
  std::string accession;                              ///< "GPL570" where the file says it; else empty
  std::string column;                                 ///< the column with the symbols
  std::unordered_map<std::string, std::string> gene;  ///< probe -> its one gene
  std::size_t probes = 0;
  std::size_t without_gene = 0;
  std::size_t with_several = 0;
};

/// The one gene of a cell with symbols: empty where there is none, and `several` set where there are more.
/// "A /// B", "A|B", "A;B" and "A,B" are several, "A /// A" is one; "---", "NA" and "null" are none; in a
/// gene_assignment ("NM_1 // A // name /// ...") the symbol is the second part.
struct GeneOfProbe {
  std::string gene;
  bool several = false;
};
GeneOfProbe gene_of(const std::string& cell);

/// Which samples belong to which side: 1 treated, 0 reference, -1 neither.
struct SampleGroups {
  std::vector<int> side;
  std::string treated, reference;        ///< as the user named them
  std::string treated_by, reference_by;  ///< what they were found by: "title, but for its number", "agent"
  std::string block_column;              ///< what the samples of one block share: "patient"; empty: no blocks
  std::vector<int> block;                ///< of each sample, -1 without; empty: no blocks
};

/// "TREATED vs REFERENCE", each side one or more alternatives separated by '|': "column=value" (the column's
/// whole value; column is title, accession or one of the notes), an accession "GSM...", a whole title, a
/// title but for the number of its replicate ("5 uM" of "5 uM rep 1"), or the whole value of one of the
/// notes. A text that is none of these but stands as words in titles is taken where those titles are one but
/// for their numbers. Letter case does not matter; "0 uM" is never found in "10 uM". Problems: no " vs ", a
/// side that matches fewer than two samples, a sample on both sides, an unknown column (with "did you mean"),
/// a text that could mean several sets of samples (ask-groups, with each of them).
SampleGroups choose_groups(const ExpressionSeries& series, const std::string& rule,
                           core::Diagnostics& problems);

enum class Normalise { when_needed, always, never };

struct ExpressionOptions {
  stats::ExpressionScale scale = stats::ExpressionScale::unclear;  ///< unclear: found out
  Normalise normalise = Normalise::when_needed;
  /// Samples are normalised where a quartile differs between two of them by more than this share of the mean
  /// interquartile range. Assumption: beyond a quarter, differences are those of arrays and not of cells.
  double spread_limit = 0.25;
};

/// One gene in one series. NaN where the values do not allow a test.
struct GeneTest {
  std::string gene;
  std::string probe;         ///< that stands for the gene: the one with the highest mean over both sides
  double log2_change = 0.0;  ///< treated - reference
  double mean = 0.0;         ///< log2
  double t = 0.0;            ///< moderated
  double p = 1.0;
  double p_adjusted = 1.0;  ///< Benjamini-Hochberg within the series
  double log_odds = 0.0;    ///< natural logarithm of the odds that the gene changes
  std::size_t row = 0;      ///< of `ExpressionResult::values`
};

struct ExpressionResult {
  std::string accession;
  std::string title;
  std::string treated, reference;
  std::vector<ExpressionSample> samples;  ///< those used, reference first
  std::size_t n_treated = 0, n_reference = 0;
  std::string block_column;  ///< empty: no blocks
  std::size_t blocks = 0;    ///< with samples on both sides
  std::size_t outside = 0;   ///< samples of blocks that are on one side only: they say nothing of the change
  stats::Table values;       ///< genes x those samples, as they were tested
  std::vector<GeneTest> genes;   ///< by p, those without a test last
  stats::LogScale scale;         ///< as it was used
  bool scale_said = false;       ///< by the user
  std::size_t not_positive = 0;  ///< values that had no logarithm
  double spread = 0.0;           ///< distribution_spread before normalisation
  bool normalised = false;
  double prior_df = 0.0;  ///< infinite: all genes share one variance
  double prior_variance = 0.0;
  std::size_t probes = 0, probes_without_gene = 0, probes_with_several = 0, probes_not_on_platform = 0;
  std::size_t untested = 0;  ///< genes whose missing values leave no test
  std::vector<std::string> warnings;
};

/// The analysis of one series; `platform` may be null, and then probes are genes. Blocks are fixed effects of
/// the linear model (limma's model.matrix(~ block + group)). Pure: the same numbers for the same series.
/// Problems: no probe has a gene, too few values in a sample, no residual degrees of freedom, a scale that is
/// not clear (ask-scale). Changes beyond 15 of log2, which no method of measurement spans, are warnings.
ExpressionResult analyse_expression(const ExpressionSeries& series, const SampleGroups& groups,
                                    const ProbeGenes* platform, const ExpressionOptions& options,
                                    core::Diagnostics& problems);

}  // namespace stroma::assays

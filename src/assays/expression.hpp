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
  std::string treated, reference;  ///< as the user named them
};

/// "TREATED vs REFERENCE", each side one or more alternatives separated by '|': "column=value" (the column's
/// whole value; column is title, accession or one of the notes), an accession "GSM..." or a text that the
/// title contains. Letter case does not matter. Problems: no " vs ", a side that matches fewer than two
/// samples, a sample on both sides, an unknown column (with "did you mean").
SampleGroups choose_groups(const ExpressionSeries& series, const std::string& rule,
                           core::Diagnostics& problems);

enum class Normalise { when_needed, always, never };

struct ExpressionOptions {
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
  stats::Table values;          ///< genes x those samples, as they were tested
  std::vector<GeneTest> genes;  ///< by p, those without a test last
  stats::LogScale scale;
  std::size_t not_positive = 0;  ///< values that had no logarithm
  double spread = 0.0;           ///< distribution_spread before normalisation
  bool normalised = false;
  double prior_df = 0.0;  ///< infinite: all genes share one variance
  double prior_variance = 0.0;
  std::size_t probes = 0, probes_without_gene = 0, probes_with_several = 0, probes_not_on_platform = 0;
  std::size_t untested = 0;  ///< genes whose missing values leave no test
  std::vector<std::string> warnings;
};

/// The analysis of one series; `platform` may be null, and then probes are genes. Pure: the same numbers for
/// the same series. Problems: no probe has a gene, too few values in a sample, no residual degrees of
/// freedom.
ExpressionResult analyse_expression(const ExpressionSeries& series, const SampleGroups& groups,
                                    const ProbeGenes* platform, const ExpressionOptions& options,
                                    core::Diagnostics& problems);

}  // namespace stroma::assays

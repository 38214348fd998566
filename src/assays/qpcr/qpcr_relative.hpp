// Relative quantification with the machine's real efficiencies and any number of housekeeping genes. With the
// amplification factor E of a gene (2: every molecule is copied in every cycle),
//   dCt = log2(E_target) Ct_target - mean over housekeeping genes h of log2(E_h) Ct_h,   ddCt = dCt - mean
//   dCt of the reference arm,   fold = 2^-ddCt
// which is Pfaffl's ratio (Nucleic Acids Res. 29, 2001, e45) with the geometric mean of the housekeeping
// genes (Vandesompele et al., Genome Biol. 3, 2002), and Livak's where every E is 2. E comes from a dilution
// series: Ct falls by 1/log10(E) per tenfold dilution.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assays/qpcr/qpcr.hpp"
#include "core/diagnostics.hpp"
#include "stats/interval.hpp"

namespace stroma::assays {

/// One well of a dilution series.
struct QpcrStandard {
  std::string gene;
  double quantity = 0.0;  ///< relative, > 0
  double ct = 0.0;
};

/// How a gene is amplified.
struct Amplification {
  double factor = 2.0;     ///< E, per cycle
  double log2_se = 0.0;    ///< standard error of log2(E); 0 where it was given
  double slope = 0.0;      ///< of Ct against log10(quantity); 0 where it was given
  double r_squared = 0.0;  ///< of that line
  std::size_t wells = 0;
};

/// The amplification of each gene of a dilution series. Throws InputError for fewer than three different
/// quantities of a gene, or a series that does not rise with dilution.
std::map<std::string, Amplification> amplification_of(std::span<const QpcrStandard> standards);

struct RelativeReadout {
  std::string arm;
  int replicate = 1;
  std::string gene;
  std::optional<double> dct, ddct, fold;  ///< none where a gene is undetermined in all wells
  /// Standard error of ddCt from the wells of this sample and the efficiencies; none where a gene has one
  /// well.
  std::optional<double> ddct_se;
};

struct RelativeAnalysis {
  std::vector<RelativeReadout> readouts;  ///< in the order of the table, without housekeeping genes
  core::Diagnostics warnings;             ///< undetermined, wide-triplicate, poor-efficiency
};

/// Analyses a table. Genes that `amplification` lacks count as E = 2. Throws InputError for a missing
/// housekeeping gene or reference arm ("did you mean"), a line given twice, a Ct outside (0, 60), or an E
/// outside (1, 2.5].
RelativeAnalysis analyse_relative(std::span<const CtRow> table, const std::vector<std::string>& housekeeping,
                                  const std::string& reference_arm,
                                  const std::map<std::string, Amplification>& amplification);

}  // namespace stroma::assays

// Quantitative PCR after reverse transcription: a transcript of relative amount a in an input of r (both 1 at
// the reference) crosses the threshold at Ct = Ct_ref - log2(a r). The housekeeping gene has the same r, so
// that its variation cancels.
//   dCt = Ct_target - Ct_housekeeping,  ddCt = dCt - dCt_reference,  fold = 2^-ddCt
// Source: Livak and Schmittgen, Methods 25 (2001).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assays/specimen.hpp"
#include "core/diagnostics.hpp"

namespace stroma::assays {

struct QpcrInstrument {
  std::string housekeeping = "GAPDH";  ///< the same amount in every cell; assumption
  double housekeeping_ct = 18.0;       ///< at full input, 15..21; assumption
  double target_ct = 23.0;             ///< at full input and activity 1, 20..27; assumption
  double input_cv =
      0.15;  ///< of the RNA that went into the transcription of one sample, 0.05..0.3; assumption
  double noise_sd = 0.15;  ///< cycles, one well, 0.05..0.3; assumption
  double cycles = 40.0;    ///< a later crossing is not detected
  int technical = 3;       ///< wells per sample and gene
};

/// One lysate.
struct QpcrSample {
  const Specimen* specimen = nullptr;
  std::string arm;
  int replicate = 1;
};

/// Raw output: one line of the machine's table.
struct CtRow {
  std::string arm;
  int replicate = 1;
  std::string gene;
  int technical = 1;
  std::optional<double> ct;  ///< none: undetermined
};

/// Runs every sample for the housekeeping gene and each target (names of nodes). Throws InputError for a
/// target that no cell type has.
std::vector<CtRow> run_qpcr(std::span<const QpcrSample> samples, std::span<const std::string> targets,
                            const QpcrInstrument& instrument, std::uint64_t seed);

struct QpcrReadout {
  std::string arm;
  int replicate = 1;
  std::string gene;
  std::optional<double> dct;   ///< none where a gene is undetermined in all wells
  std::optional<double> ddct;  ///< against the mean dCt of the reference arm
  std::optional<double> fold;  ///< 2^-ddCt
};

struct QpcrAnalysis {
  std::vector<QpcrReadout> readouts;  ///< in the order of the table
  core::Diagnostics
      warnings;  ///< undetermined, wide-triplicate (Ct of one triplicate more than 0.5 cycles from its mean)
};

/// Analyses a table, simulated or a user's own. The reference dCt is the mean over the reference arm's
/// replicates in the table, so that the reference keeps its own spread; give a table of one replicate to
/// normalise within it. Throws InputError for a missing housekeeping gene or reference arm ("did you mean"),
/// a line given twice, or a Ct outside (0, 60).
QpcrAnalysis analyse_qpcr(std::span<const CtRow> table, std::string_view housekeeping,
                          std::string_view reference_arm);

}  // namespace stroma::assays

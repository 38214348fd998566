// What the laboratory measures on the samples of an experiment: specimens go through the instruments of
// `assays`, whose raw output is analysed by the same functions that analyse a user's own files. Replicates
// are independent experiments; technical wells are averaged within them, never counted as subjects.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assays/blot/western_blot.hpp"
#include "assays/cck8/cck8.hpp"
#include "assays/colonies/colonies.hpp"
#include "assays/elisa/elisa.hpp"
#include "assays/flow/flow.hpp"
#include "assays/qpcr/qpcr.hpp"
#include "model/model.hpp"
#include "study/samples.hpp"

namespace stroma::study {

/// One number of one replicate: metric "ic50" [uM, at 50 % of control], "colony_rate", "apoptotic_fraction",
/// "elisa:X" [ng per 1e5 cells], "qpcr:X" [fold], "blot:X" [ratio to the loading control, in units of its
/// mean over the replicate's lanes]; with its time where there are several (metric_names).
struct Readout {
  std::string metric, system, arm;
  int replicate = 0;  ///< 0-based
  std::optional<double> value;
  std::string why_missing;  ///< where there is no value
  core::Tick at = {};       ///< when the specimen was taken
};

/// Raw output and analyses, kept for tables and figures. `at` is the time in words where the experiment takes
/// the assay at several ("24 h"), else empty.
struct Cck8Result {
  std::string system, at;
  int replicate = 0;
  assays::Plate plate;
  assays::Cck8Analysis analysis;
};
struct FlowResult {
  std::string system, at;
  assays::FlowSample sample;  ///< replicate 0 only keeps its events
  assays::QuadrantGate gate;
  assays::Quadrants quadrants;
};
struct ColonyResult {
  std::string system, at;
  std::vector<assays::ColonyCount> sheet;
};
struct ElisaResult {
  std::string substance, at;
  assays::ElisaRun run;
  assays::ElisaAnalysis analysis;
};
struct QpcrResult {
  std::string system, at;
  std::vector<assays::CtRow> table;
};
struct BlotResult {
  std::string system, at;
  std::vector<assays::BlotBand> bands;
};

struct Measurements {
  std::vector<Readout> readouts;
  std::vector<Cck8Result> cck8;
  std::vector<FlowResult> flow;
  std::vector<ColonyResult> colonies;
  std::vector<ElisaResult> elisa;
  std::vector<QpcrResult> qpcr;
  std::vector<BlotResult> blots;
  core::Diagnostics warnings;  ///< of instruments and analyses
};

/// What a readout yields: "ic50", "colony_rate", "apoptotic_fraction", "elisa:X", "qpcr:X", "blot:X"; where
/// one of `all` reads the same at another time, with its time, as in "apoptotic_fraction at 24 h".
std::vector<std::string> metric_names(std::span<const ReadoutSpec> all, const ReadoutSpec& readout);
/// The same without times.
std::vector<std::string> base_metrics(const ReadoutSpec& readout);

/// What a readout calls its arms. The plates of a dose response keep the arms of the protocol; every other
/// assay sees one arm for each dose of a series, "arm, 4 uM"; an ELISA of a system's supernatants, whose
/// system is then "supernatant", puts the system first, "HepG2, arm".
std::vector<std::string> readout_arms(const Protocol& protocol, const ReadoutSpec& readout);

/// Measures every readout of the protocol. Samples that failed are missing from tables and their arm's
/// replicate has no value. A readout without a time of its own reads the last specimen of a sample. `model`
/// knows the molar masses of what an ELISA measures. Throws InternalError where a sample has no specimen at
/// the time of a readout.
Measurements measure(const Protocol& protocol, const model::Model& model, std::span<const Sample> samples,
                     std::uint64_t seed);

}  // namespace stroma::study

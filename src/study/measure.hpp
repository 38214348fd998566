// What the laboratory measures on the samples of an experiment: specimens go through the instruments of
// `assays`, whose raw output is analysed by the same functions that analyse a user's own files. Replicates
// are independent experiments; technical wells are averaged within them, never counted as subjects.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assays/descriptor.hpp"
#include "model/model.hpp"
#include "study/samples.hpp"

namespace stroma::study {

/// One number of one replicate, by the metric of its assay: "ic50", "elisa:X"; with its time where there are
/// several (metric_names).
struct Readout {
  std::string metric, system, arm;
  int replicate = 0;  ///< 0-based
  std::optional<double> value;
  std::string why_missing;  ///< where there is no value
  core::Tick at = {};       ///< when the specimen was taken
};

/// A run of an instrument with its raw output, kept for tables and figures.
struct AssayRun {
  std::shared_ptr<const assays::Descriptor> assay;
  assays::Order order;  ///< its labels; samples are not kept
  assays::Raw raw;
  assays::Analysis analysis;

  /// Nothing where the assay has none.
  assays::Pictures pictures() const {
    return assay->pictures ? assay->pictures(raw, analysis) : assays::Pictures{};
  }
};

struct Measurements {
  std::vector<Readout> readouts;
  std::vector<AssayRun> runs;
  core::Diagnostics warnings;  ///< of instruments and analyses
};

/// What a readout yields: its assay's metric, for each target where it has some; where one of `all` reads the
/// same at another time, with its time, as in "apoptotic_fraction at 24 h".
std::vector<std::string> metric_names(std::span<const ReadoutSpec> all, const ReadoutSpec& readout);
/// The same without times.
std::vector<std::string> base_metrics(const ReadoutSpec& readout);

/// What a readout calls its arms. An assay with a dose axis of its own keeps the arms of the protocol; every
/// other sees one arm for each dose of a series, "arm, 4 uM"; one that reads all systems together puts the
/// system first, "HepG2, arm".
std::vector<std::string> readout_arms(const Protocol& protocol, const ReadoutSpec& readout);

/// What a readout calls its systems: those of the protocol, or the one name under which they are read
/// together.
std::vector<std::string> readout_systems(const Protocol& protocol, const ReadoutSpec& readout);

/// Measures every readout of the protocol. Samples that failed are missing from tables and their arm's
/// replicate has no value. A readout without a time of its own reads the last specimen of a sample. `model`
/// knows the molar masses of targets. Throws InternalError where a sample has no specimen at the time of a
/// readout.
Measurements measure(const Protocol& protocol, const model::Model& model, std::span<const Sample> samples,
                     std::uint64_t seed);

}  // namespace stroma::study

// An experiment in space as its file describes it, validated and in internal units.
// docs/tissue-experiments.md is the schema.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/document.hpp"
#include "core/table.hpp"
#include "core/time.hpp"
#include "model/model.hpp"
#include "tissue/tissue_setup.hpp"

namespace stroma::study {

/// Version of what a run in space means. A change that changes its results must raise it: a checkpoint of
/// another version is refused. Vessels of cultures have their own (vessels.hpp).
inline constexpr int tissue_engine_version = 7;

/// Where values of fields are written out as a table.
struct ProbeSpec {
  std::string name;
  std::vector<std::size_t> substances;  ///< into TissueSetup::substances
  enum class Kind : std::uint8_t { line, plane } kind = Kind::line;
  std::array<double, 3> from{}, to{};  ///< um; line
  int points = 101;                    ///< of a line
  int axis = 2;                        ///< normal of a plane
  double position = 0.0;               ///< um along it
  core::Tick every;                    ///< 0: at the end only; the start and the end are always written
};

/// How often what is written; 0: never, but at the start and the end.
struct OutputSpec {
  core::Tick growth, profiles, cells, fields, sections;
};

struct TissueExperiment {
  std::string name, title, model;
  core::Tick duration, checkpoint_every;
  tissue::TissueSetup setup;
  std::vector<ProbeSpec> probes;
  OutputSpec output;
  std::vector<std::string>
      left_out;  ///< substances that the cells secrete or read and the file does not name
  std::vector<std::string> assumptions;  ///< what the file leaves open and results hang on, in words
  std::vector<std::string> idle;         ///< what has no effect and may be meant so, in words
};

/// Whether a document describes an experiment in space (it says `dimensions`, or has a [domain]).
bool is_tissue_experiment(const core::Node& document);

/// A table beside the experiment's file, for initial conditions and positions: given the name as written.
using TableReader = std::function<core::Table(const std::string& name)>;

/// Reads the schema. All problems are added; the result is usable only where none were. A grid that exceeds
/// `memory_limit` bytes throws LimitError with the estimate before anything of its size is allocated.
TissueExperiment read_tissue_experiment(const core::Node& document, const std::string& name,
                                        const model::Model& model, std::uint64_t seed, double memory_limit,
                                        const TableReader& read_table, core::Diagnostics& problems);

/// A hash of everything that decides the state at a time: setup, positions and initial values, not the
/// duration and not what is written out. Two runs with equal hashes, model and engine have the same history.
std::string configuration_hash(const TissueExperiment& experiment);

/// The same without what is given on the way: tissues with equal hashes are one tissue until they are treated
/// differently.
std::string founding_hash(const TissueExperiment& experiment);

/// Adds what keeps `after` from going on where `before` is at `tick`: another grid, other substances, cell
/// types or step, or treatments before that time that were not given. `file` stands in the messages.
void check_fork(const TissueExperiment& before, const TissueExperiment& after, core::Tick tick,
                const std::string& file, core::Diagnostics& problems);

}  // namespace stroma::study

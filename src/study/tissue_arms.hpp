// An experiment in space with arms. Each arm at each dose is a tissue of its own: the file with what the arm
// adds and changes, and without the others. Replicates are the same tissue with another seed, which all arms
// of a replicate share, so that they are one tissue until they differ. docs/tissue-experiments.md is the
// schema.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "assays/registry.hpp"
#include "core/document.hpp"
#include "core/table.hpp"
#include "model/model.hpp"
#include "study/experiment.hpp"
#include "study/tissue_experiment.hpp"
#include "study/vessels.hpp"

namespace stroma::study {

/// What Experiment::space leads to.
struct TissueArms {
  /// One arm at one dose, as the file that would say only this.
  struct Condition {
    int arm = 0, dose = 0;
    core::Node document;
  };
  std::vector<Condition> conditions;          ///< by arm, then by dose
  std::map<std::string, core::Table> tables;  ///< that the file names, as they were read
  double memory_limit = 0.0;                  ///< bytes
  TissueExperiment first;                     ///< the first condition with seed 1, to tell people about
};

/// Whether a document describes an experiment in space with arms, replicates or readouts.
bool has_arms(const core::Node& document);

/// Reads such an experiment. All problems are added; the result is usable only where none were. Throws
/// LimitError as read_tissue_experiment does.
Experiment read_tissue_arms(const core::Node& document, const std::string& name, const model::Model& model,
                            double memory_limit, const TableReader& read_table, core::Diagnostics& problems,
                            const assays::Registry& assays = assays::built_in());

/// The seed of a replicate (0-based), whatever arms there are.
std::uint64_t replicate_seed(std::uint64_t seed, int replicate);

/// The tissue of arm and dose in a replicate: what a run of that arm alone with the replicate's seed is.
/// Throws InputError where another seed or model than those it was read with makes it impossible.
TissueExperiment tissue_of(const Experiment& experiment, int arm, int dose, const model::Model& model,
                           std::uint64_t seed);

/// Every arm, dose and replicate as vessels without a culture's setup but for its cells and step. Specimens
/// are taken at the readouts; the last time is the experiment's end.
std::vector<Vessel> expand_tissues(const Experiment& experiment, const model::Model& model,
                                   std::uint64_t seed);

}  // namespace stroma::study

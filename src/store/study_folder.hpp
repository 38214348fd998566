// Experiments and studies on disk. An experiment is one TOML file; a study is a folder with study.toml, its
// experiments and its findings.csv. Both name their model, which is looked for beside them and in the folders
// given.
#pragma once

#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/overrides.hpp"
#include "study/study.hpp"
#include "study/tissue_experiment.hpp"

namespace stroma::store {

/// Where models are looked for, in this order, after the folders above the file that names one.
struct ModelSearch {
  std::vector<std::filesystem::path> roots;  ///< folders that hold model folders, such as models/
  std::vector<std::string> without;          ///< ids of rows to knock out
};

/// The model folder called `name`, or an InputError "no-such-model" that lists where it was looked for.
std::filesystem::path find_model(const std::string& name, const std::filesystem::path& beside,
                                 const ModelSearch& search);

/// Loads a model, sets cells of it and knocks the rows of `without` out. The content hash then tells the two
/// apart. A row that does nothing in the setting of the experiment is refused: without it would be the same
/// run.
std::shared_ptr<const model::Model> load_model(const std::filesystem::path& folder,
                                               std::span<const std::string> without,
                                               std::optional<model::Setting> setting = {},
                                               const Overrides& overrides = {});

/// One experiment as a study of its own, without findings. Throws core::InputError with everything that is
/// wrong. `set` are "address=value" of the experiment or its model (store/overrides.hpp), which win over what
/// the files say. In space it needs arms; a tissue beyond `memory_limit` bytes is refused (LimitError), and
/// its tables are looked for beside the file. `assays` are those that a [[readout]] may name.
study::Study load_experiment(const std::filesystem::path& file, const ModelSearch& search,
                             std::span<const std::string> set = {},
                             const assays::Registry& assays = assays::built_in(),
                             double memory_limit = std::numeric_limits<double>::infinity());

/// Whether the file describes one tissue: an experiment in space without arms. False where it cannot be read:
/// its reader says why.
bool describes_tissue(const std::filesystem::path& file);

/// An experiment in space with its model. What was read is kept, so that a run can be taken up again when the
/// files have changed since.
struct LoadedTissue {
  std::shared_ptr<const model::Model> model;
  study::TissueExperiment experiment;
  /// (name, bytes) of the experiment's file, called experiment.toml, and of the tables that it names.
  std::vector<std::pair<std::string, std::string>> inputs;
};

/// Loads an experiment in space without arms. `seed` is the run's, `memory_limit` in bytes refuses a grid
/// beyond it (LimitError). Throws core::InputError with everything that is wrong. Tables are looked for
/// beside the file. `Tables::stored`: the file is the copy that a run keeps, and its tables lie beside it as
/// stored_name says.
enum class Tables { beside, stored };
LoadedTissue load_tissue(const std::filesystem::path& file, const ModelSearch& search,
                         std::span<const std::string> set, std::uint64_t seed, double memory_limit,
                         Tables tables = Tables::beside);

/// The name under which a run keeps the copy of a table that its experiment calls `written`: the same where
/// that is a plain name of its own; one without folders, made of the name and its hash, where it is not
/// ("../p.csv", "/a/p.csv", or "experiment.toml", which is the run's own).
std::string stored_name(const std::string& written);

/// What a study or an experiment in culture is made of, for a copy beside its results.
struct StudyInputs {
  std::string source;  ///< of the study's folder or the experiment's file, below the folder of the copies
  std::vector<std::pair<std::string, std::string>> files;  ///< (name, bytes): its files, its model's
};

/// The files of the study folder or experiment at `source`, named so that load_study and load_experiment find
/// each other's and the model where the copies are. Nothing where a file lies outside the study's folder or
/// the model is called by a path: such a study stays where it is.
std::optional<StudyInputs> study_inputs(const std::filesystem::path& source, const ModelSearch& search,
                                        std::span<const std::string> set);

/// A study folder. Throws core::InputError with everything that is wrong in any of its files.
/// `set`: addresses of its model.
study::Study load_study(const std::filesystem::path& folder, const ModelSearch& search,
                        std::span<const std::string> set = {},
                        const assays::Registry& assays = assays::built_in());

}  // namespace stroma::store

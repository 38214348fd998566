// An experiment as its file describes it, validated and in internal units. docs/experiments.md is the schema.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assays/registry.hpp"
#include "core/diagnostics.hpp"
#include "core/document.hpp"
#include "core/time.hpp"
#include "model/model.hpp"
#include "study/readout_spec.hpp"
#include "tissue/medium.hpp"

namespace stroma::study {

/// Base medium with serum, or the name of a culture whose supernatant is poured.
struct MediumSpec {
  std::string written;
  double serum = 0.0;
  int culture = -1;  ///< index into Experiment::cultures, or -1
};

/// A vessel in which medium is conditioned before it is collected.
struct CultureSpec {
  std::string name;
  struct Cells {
    model::Index type = model::none;
    double density = 0.0;  ///< per um^3
  };
  std::vector<Cells> cells;
  MediumSpec medium;
  double volume = 0.0;  ///< um^3
  core::Tick duration;
  double area = 0.0;  ///< um^2 on which the cells grow
};

/// Adds a substance to a well. A dose series makes one sub-arm per dose.
struct TreatmentSpec {
  core::Tick at;
  model::Index substance = model::none;
  std::vector<double> doses;         ///< nM; one entry unless this is the dose series
  std::vector<std::string> written;  ///< as the file says them
  bool series = false;
  core::Tick until{-1};  ///< washed out then; -1: never
  core::Tick every{};    ///< given again after each such period; 0: once
  int times = 0;         ///< how often in all; 0: as often as there is time
};

/// When a treatment is given, before `end`: once, or again and again until it is washed out.
std::vector<core::Tick> given_at(const TreatmentSpec& treatment, core::Tick end);

struct ArmSpec {
  std::string name;
  MediumSpec medium;
  struct Cells {
    model::Index type = model::none;
    double count = 0.0;  ///< per well
  };
  std::vector<Cells> cells;  ///< empty: the plate's lines, one system each
  std::vector<TreatmentSpec> treatments;
  std::vector<int> wells;  ///< explicit positions (row * 12 + column), dose by dose; empty: automatic
};

struct TissueArms;  // tissue_arms.hpp

struct Experiment {
  std::string name;  ///< the file's stem
  std::string title, figure, model;
  int replicates = 3;  ///< independent experiments
  std::vector<CultureSpec> cultures;
  bool has_plate = false;
  std::vector<std::string> systems;  ///< cell lines tested side by side, or one name for a mixture
  std::vector<model::Index> lines;   ///< cell type of each system, or none for a mixture
  double cells_per_well = 0.0;
  double well_volume = 0.0;      ///< um^3
  double well_area = 0.0;        ///< um^2 on which the cells of a well grow
  bool area_is_assumed = false;  ///< of a culture or the wells: from the volume
  double evaporation = 0.0;      ///< share of the wells' medium, 1/min
  int wells_per_arm = 1;
  std::int64_t simulated_cells =
      2000;  ///< upper bound per vessel; the volume is scaled with the share simulated
  core::Tick step = core::to_tick(15);
  core::Tick renewal;
  core::Tick checkpoint_every;  ///< of cultures: how often the states of vessels in hand are kept; 0: never
  std::vector<ArmSpec> arms;
  std::vector<ReadoutSpec> readouts;
  /// In space: what tissue each arm is, which then stands for a well of a plate. Null: a culture.
  std::shared_ptr<const TissueArms> space;
};

/// Reads the schema of an experiment. All problems are added; the result is usable only where none were.
/// `assays`: what a [[readout]] may name.
Experiment read_experiment(const core::Node& document, const std::string& name, const model::Model& model,
                           core::Diagnostics& problems, const assays::Registry& assays = assays::built_in());

/// The model an experiment asks for (key `model`), without validating anything else; empty where absent.
std::string model_of(const core::Node& document);

}  // namespace stroma::study

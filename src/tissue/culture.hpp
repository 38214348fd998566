// A culture: cells of one or several types and medium in one well-mixed volume; the plan compiled from the
// model, and the state that a run advances. Cells of different types meet through the medium.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/archive.hpp"
#include "core/parallel.hpp"
#include "core/time.hpp"
#include "model/model.hpp"
#include "network/relax.hpp"
#include "tissue/medium.hpp"
#include "tissue/populations.hpp"

namespace stroma::tissue {

/// What is to be done to a culture, in a person's terms but with checked numbers.
struct CultureSetup {
  struct Cells {
    model::Index type = model::none;
    std::size_t count = 0;  ///< cells pipetted, before attachment
  };
  struct Treatment {
    core::Tick at;
    model::Index substance = model::none;
    double concentration = 0.0;  ///< nM total in the medium after the addition (adds to what is there)
  };
  std::vector<Cells> cells;
  Solution medium;
  double volume = 0.0;  ///< um^3
  std::vector<Treatment> treatments;
  core::Tick renewal;                   ///< period of full medium changes, treatments included; 0: never
  core::Tick step = core::to_tick(15);  ///< of the coupling; networks take substeps of their own
  std::uint64_t seed = 0;               ///< of everything random in this vessel
  std::uint64_t donor_seed =
      0;  ///< of the isolates that primary cells come from; shared by vessels of a replicate
  std::size_t max_cells = 2'000'000;  ///< a run that exceeds it ends with LimitError
};

/// Everything that does not change while a culture runs.
struct Plan : PopulationsPlan {
  CultureSetup setup;
};

struct State : Populations {
  Medium medium;
  std::vector<Budget> budgets;  ///< per substance
  /// Who gave and took what of each substance, [substance][cohort]; they sum to the budgets.
  std::vector<std::vector<CellPort>> ports;
};

/// Names every array that the future depends on (core/archive.hpp).
void save(core::ArchiveWriter& writer, const State& state);
/// Restores a state saved under the same plan. Throws what the reader throws, and InputError where arrays do
/// not fit together.
State restore(core::ArchiveReader& reader, const Plan& plan);

/// 32 hexadecimal digits over every bit of the state that the future depends on.
std::string state_hash(const State& state);

/// Compiles the plan of a culture. Throws core::InputError where rules contradict each other.
Plan compile_culture(std::shared_ptr<const model::Model> model, const CultureSetup& setup,
                     core::Threads threads);

/// Plates the cells: those that attach are in the state of a growing culture without the medium's factors and
/// drugs.
State plate(const Plan& plan);

}  // namespace stroma::tissue

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
#include "model/model.hpp"
#include "network/relax.hpp"
#include "tissue/culture_setup.hpp"
#include "tissue/medium.hpp"
#include "tissue/populations.hpp"

namespace stroma::tissue {

/// Everything that does not change while a culture runs.
struct Plan : PopulationsPlan {
  CultureSetup setup;
};

struct State : Populations {
  Medium medium;
  std::vector<Budget> budgets;  ///< per substance
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

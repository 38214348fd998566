// From an experiment to the vessels that must be run: every arm, dose, well and replicate with its seed and
// the supernatant it needs. A vessel's key is the hash of everything that determines its result, so a
// finished one is found again and a change of any number makes a new one. Its seed comes from what it is
// called in the experiment (cell line, arm, dose, well, replicate) and from nothing else: a file under
// another name, in another order or with an arm, dose or row of the model more gives the others the same
// draws.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/model.hpp"
#include "study/experiment.hpp"
#include "tissue/culture_setup.hpp"

namespace stroma::study {

/// Version of what a run means. A change of the engine that changes results must raise it, or old ledgers
/// would answer for it.
inline constexpr int engine_version = 4;

struct Vessel {
  std::string label;     ///< for people: experiment, system, arm, dose, well, replicate
  std::string key;       ///< content hash; final only when its supernatant's key is known
  int replicate = 0;     ///< 0-based
  int system = -1;       ///< index into Experiment::systems; -1: a conditioning culture
  int arm = -1;          ///< index into Experiment::arms
  int dose = 0;          ///< index into the dose series
  int well = 0;          ///< technical well
  int culture = -1;      ///< index into Experiment::cultures, for a conditioning culture
  int supernatant = -1;  ///< index of the vessel whose medium is poured here, or -1
  double scale = 1.0;    ///< real cells per simulated cell
  bool with_colonies =
      false;  ///< colony sizes are wanted: then the scale is 1, and fewer cells mean a smaller well
  std::int64_t plated = 0;        ///< cells that the protocol plates in what is simulated
  std::vector<core::Tick> times;  ///< when specimens are taken, ascending; the last is the end
  tissue::CultureSetup setup;     ///< its medium is filled in when the supernatant is there
};

/// Cells times steps of a culture that doubles every 40 h: what is known of a vessel's cost before it runs.
double expected_work(const Vessel& vessel);

/// All vessels of an experiment, conditioning cultures first. `quick` divides the cells simulated by ten (not
/// below 80). Throws LimitError where a vessel would begin with more cells than CultureSetup::max_cells.
std::vector<Vessel> expand(const Experiment& experiment, const model::Model& model, std::uint64_t seed,
                           bool quick);

/// The medium's starting composition where no supernatant is poured.
tissue::Solution base_medium(const MediumSpec& spec, const model::Model& model);

}  // namespace stroma::study

// What an experiment asks of a culture; apart from its plan and state, so that whoever describes experiments
// need not see the engine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/time.hpp"
#include "model/model.hpp"
#include "tissue/arrival.hpp"
#include "tissue/medium.hpp"

namespace stroma::tissue {

/// What is to be done to a culture, in a person's terms but with checked numbers.
struct CultureSetup {
  struct Cells {
    model::Index type = model::none;
    std::size_t count = 0;  ///< cells pipetted, before attachment
    double weight =
        1.0;  ///< cells that each of them stands for, in what it gives to and takes from the medium
  };
  struct Treatment {
    core::Tick at;
    model::Index substance = model::none;
    double concentration = 0.0;  ///< nM total in the medium after the addition (adds to what is there)
    core::Tick until{-1};        ///< washed out: the medium is changed then, without it; -1: it stays
  };
  std::vector<Cells> cells;
  Solution medium;
  double volume = 0.0;  ///< um^3
  double area = 0.0;    ///< um^2 on which cells grow; 0: no bound
  /// Share of the first volume that evaporates per minute, until fresh medium comes; solutes stay.
  double evaporation = 0.0;
  std::vector<Treatment> treatments;
  std::vector<Arrival> arrivals;
  core::Tick renewal;                   ///< period of full medium changes, treatments included; 0: never
  core::Tick step = core::to_tick(15);  ///< of the coupling; networks take substeps of their own
  std::uint64_t seed = 0;               ///< of everything random in this vessel
  std::uint64_t donor_seed =
      0;  ///< of the isolates that primary cells come from; shared by vessels of a replicate
  std::size_t max_cells = 2'000'000;  ///< a run that exceeds it ends with LimitError
};

}  // namespace stroma::tissue

// Cells that come while an experiment runs: added by the experimenter, or from a vessel.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "core/time.hpp"
#include "model/model.hpp"

namespace stroma::tissue {

/// `count` cells of one type enter at `at`, as founders do: from a growing culture in plain medium, with
/// traits and a place in the cycle of their own.
struct Arrival {
  /// What each of them brings of a drug that enters cells.
  struct Content {
    model::Index substance = model::none;
    double amount = 0.0;  ///< nM um^3, >= 0
  };
  core::Tick at;
  model::Index type = model::none;
  std::size_t count = 0;                         ///< all of them stay: none fails to attach
  std::vector<std::array<double, 3>> positions;  ///< um, of each; none in a culture, which has no places
  std::vector<Content> content;
};

}  // namespace stroma::tissue

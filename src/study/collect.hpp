// Where the engine meets the instruments: what leaves the incubator is taken out of a culture's state.
#pragma once

#include "assays/specimen.hpp"
#include "tissue/culture.hpp"

namespace stroma::study {

/// What to take.
struct Collection {
  double scale = 1.0;     ///< real cells per simulated cell, > 0
  bool lineages = false;  ///< sizes of the lineages, for colonies
};

/// Takes the specimen out of a culture; the culture is not changed. Throws InternalError for a scale that is
/// not positive.
assays::Specimen collect(const tissue::State& state, const tissue::Plan& plan, const Collection& what = {});

}  // namespace stroma::study

// The vessels of an experiment in culture as samples for the bench.
#pragma once

#include <span>
#include <vector>

#include "model/model.hpp"
#include "study/executor.hpp"
#include "study/experiment.hpp"
#include "study/samples.hpp"
#include "study/vessels.hpp"

namespace stroma::study {

/// Systems and arms of the plate; where there is none, the cultures are the arms of no system.
Protocol protocol_of(const Experiment& experiment, const model::Model& model);

/// The wells of the plate, or the conditioning cultures where there is no plate, in the order of `vessels`.
/// Looks into `vessels` and `outcomes` (as many), which must outlive what is returned.
std::vector<Sample> samples_of(const Experiment& experiment, std::span<const Vessel> vessels,
                               std::span<const Outcome> outcomes);

}  // namespace stroma::study

// What `analyse flow` says of the tubes before their results: who is independent, scale and compensation, and
// what was read against the standard; and the tubes as JSON.
#pragma once

#include "jobs/analyse/flow_tubes.hpp"

namespace stroma::jobs {

/// Tubes that are counted as independent experiments; of one day they hardly are.
void say_unit(const FlowTubes& tubes, const FlowOptions& options, core::Understanding& understanding,
              core::Diagnostics& warnings);

/// Amplifiers and compensation. After the channels were chosen.
void say_scale(const FlowTubes& tubes, const FlowOptions& options, core::Understanding& understanding,
               core::Diagnostics& warnings);

/// Events, and deviations from FCS with the number of tubes.
void say_notes(const FlowTubes& tubes, core::Understanding& understanding);

/// Every tube's numbers.
nlohmann::ordered_json flow_json(const FlowTubes& tubes);

}  // namespace stroma::jobs

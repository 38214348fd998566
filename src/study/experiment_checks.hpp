// What an experiment asks for and cannot get, found before anything runs: keys that cannot act, plates with
// more wells than there are, readings that need what is not there.
#pragma once

#include "core/document.hpp"
#include "study/experiment.hpp"

namespace stroma::study {

/// Adds a problem for every key of `document` that cannot change a result (a treatment after the last
/// reading, a culture that nobody pours or reads, a reference of an assay that has none), for what is read
/// twice, and for plates that do not hold what the experiment puts on them. `experiment` is what was read
/// from `document`.
void check_effects(const core::Node& document, const Experiment& experiment, const model::Model& model,
                   core::Diagnostics& problems);

/// The part of it that is about readouts, and the same in every setting.
void check_readings(const core::Node& document, const Experiment& experiment, const model::Model& model,
                    core::Diagnostics& problems);

/// The number of doses of an arm: that of its series, or one.
std::size_t doses_of(const ArmSpec& arm);

/// The dose of an arm's series as the file says it; empty for an arm without one.
std::string dose_words(const ArmSpec& arm, int dose);

/// A time as a person says it: "24 h", "90 min".
std::string time_words(core::Tick time);

}  // namespace stroma::study

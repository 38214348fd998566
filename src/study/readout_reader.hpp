// Reads a [[readout]], which says the same in every setting.
#pragma once

#include "core/document.hpp"
#include "model/model.hpp"
#include "study/experiment.hpp"

namespace stroma::study {

/// A readout of `experiment`, whose plate, arms and cultures have been read. What is wrong is added.
ReadoutSpec read_readout(const core::Node& node, const Experiment& experiment, const model::Model& model,
                         core::Diagnostics& problems);

}  // namespace stroma::study

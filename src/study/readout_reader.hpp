// Reads a [[readout]], which says the same in every setting.
#pragma once

#include "assays/registry.hpp"
#include "core/document.hpp"
#include "model/model.hpp"
#include "study/experiment.hpp"

namespace stroma::study {

/// A readout of `experiment`, whose plate, arms and cultures have been read, by an assay of `assays`. What is
/// wrong is added.
ReadoutSpec read_readout(const core::Node& node, const Experiment& experiment, const model::Model& model,
                         const assays::Registry& assays, core::Diagnostics& problems);

}  // namespace stroma::study

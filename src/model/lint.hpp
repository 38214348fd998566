// What is odd in a valid model: rows that cannot have an effect. Warnings, not errors: a model under
// construction has them, and none makes a number wrong.
#pragma once

#include <vector>

#include "core/diagnostics.hpp"
#include "model/model.hpp"

namespace stroma::model {

/// Warnings, in the order of the model. Codes:
///   isolated-node         nothing changes it and nobody reads it, or no cell type has it
///   unreachable-half-max  the source can never reach the half-max, whatever the inputs
///   rule-without-effect   the saturation is the base value in every cell type of the rule
///   drug-stays-outside    a drug without influx has an intracellular target
///   no-ligand             a drug competes at a node on which no substance acts
///   unused-reference      no row names it
///   synonym               two nodes or substances read as one name, or two nodes have one label
///   idle-behaviour        a behaviour of a cell type is 0 and no rule raises it
std::vector<core::Diagnostic> lint(const Model& model);

/// The most that each node of a cell type can reach at rest, by the network equations with all inhibitors
/// off, all ligands saturating and all activating drugs at work: an upper bound. Index: node; 0 where the
/// type lacks it.
std::vector<double> reachable(const Model& model, Index cell_type);

}  // namespace stroma::model

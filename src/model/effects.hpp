// Rows that can do nothing: in no setting (refused when a model is built), or not in the setting of an
// experiment (named before it runs).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/diagnostics.hpp"
#include "model/model.hpp"

namespace stroma::model {

/// A row of rules.csv or cell_types.csv and why it does nothing.
struct IdleRow {
  std::string name;  ///< the rule's id; "behaviour of TYPE" for a base value
  std::string why;   ///< "nothing is pressed", after "because"
  core::Place place;
};

/// The rows of a model that have no effect on cells of `types` in a setting, in the order of the files: a
/// signal that is not there, a behaviour that nothing performs, or what a culture's incubator holds constant.
std::vector<IdleRow> idle_rows(const Model& model, Setting setting, std::span<const Index> types);

/// One warning that names them all; nothing where there are none.
std::vector<core::Diagnostic> warn_of_idle_rows(const Model& model, Setting setting,
                                                std::span<const Index> types);

/// Adds an error for every id of `ids` (knocked out of a run) that names such a rule: with and without it are
/// the same run, and no comparison.
void refuse_idle_knockouts(const Model& model, Setting setting, std::span<const std::string> ids,
                           core::Diagnostics& problems);

}  // namespace stroma::model

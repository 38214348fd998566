// The rules of cell types as response curves and as a table with sources. A curve is computed by the code
// that runs the cells (cells/rules.hpp), not by a copy of its equation.
#pragma once

#include <span>
#include <vector>

#include "model/model.hpp"
#include "report/document.hpp"

namespace stroma::report {

/// One figure per cell type that has rules, one panel per rule: the behaviour against the signal from 0 to 3
/// half-maxima (an activity: at most 1) while the other signals are 0. A decreasing rule of a behaviour that
/// other signals increase is also drawn with those at full response, as otherwise there may be nothing to
/// decrease. Half-max, base, max and min are marked.
std::vector<Figure> rule_figures(const model::Model& model, std::span<const model::Index> types);

/// The arms that the curves are drawn as, with their colours: for Report::arms.
std::vector<Arm> rule_arms();

/// Every rule of these cell types with its numbers as the model holds them, and its source.
Table rule_table(const model::Model& model, std::span<const model::Index> types);

/// Cell types that are not abstract, in the model's order.
std::vector<model::Index> concrete_types(const model::Model& model);

/// A page about a model: its rules, its network and its references. For `stroma describe --output`.
Report make_model_report(const model::Model& model, std::span<const model::Index> types,
                         const std::string& program, const std::string& command);

}  // namespace stroma::report

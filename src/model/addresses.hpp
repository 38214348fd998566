// Addresses of the numbers of a model: the file, the row and, where a row has several, the column in which a
// number stands: "mechanisms.CXCL12_CXCR4.weight", "drugs.sorafenib.influx", "nodes.CXCR4_protein.HCC.basal",
// "model.assumptions.hill". Whatever varies a number of a model (--set, calibrations, sensitivities) names it
// so and changes it so: the cell is written anew, in the unit in which it stands, and the model is built
// again, so that every check holds for a varied model as for one that was read.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/build.hpp"

namespace stroma::model {

/// A number that can be varied.
struct Variable {
  std::string address;
  double value = 0.0;            ///< in `unit`
  std::string unit;              ///< as its cell writes it; empty: a plain number
  double low = 0.0, high = 0.0;  ///< its range in `unit`: of the row, else of model.toml; NaN: none stated
  core::Place place;
  /// `number` with the unit, at full precision: what a cell says.
  std::string written(double number) const;
};

/// One changed cell.
struct Change {
  std::string address, text;
};

/// Every number of the model's tables that can be varied, in the order of the files. Not among them are
/// labels, choices and the ranges themselves.
std::vector<Variable> variables(const Model& model);

/// The row that an address is in: its id, or for tables of the form "owner, parameter, value" the owner
/// ("HepG2", "FOLR1.HepG2"). Empty for an address in model.toml.
std::string row_of(std::string_view address);

/// Whether `address` is in a file of a model and not in an experiment.
bool in_model(std::string_view address);

/// Writes the cells. An address that names no cell is a problem at `places[i]` (or nowhere) with the nearest
/// ones as hint. The content hash then tells the two folders apart, and does not depend on the order of
/// `changes`. Returns where the changed cells stand in their files, in the order of `changes`.
std::vector<core::Place> apply(Files& files, std::span<const Change> changes,
                               std::span<const core::Place> places, core::Diagnostics& problems);

/// The model built again with these cells, without the rows that `model` is without. Throws core::InputError
/// with everything that is wrong with it.
std::shared_ptr<const Model> changed(const Model& model, std::span<const Change> changes);

}  // namespace stroma::model

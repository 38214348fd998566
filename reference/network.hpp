// The signalling network of one cell, straight from the equations and the rows of the model, in double
// precision:
//   any: F = [1 - (1-b) prod (1 - w h)] prod (1 - w h);   all: F = [b + (1-b) prod w h] prod (1 - w h);
//   h(x) = x^n (1 + K^n)/(x^n + K^n); then drugs and odds multipliers. Source: design section 3; Kraeutler et
//   al. 2010.
#pragma once

#include <span>
#include <vector>

#include "model/model.hpp"

namespace stroma::reference {

/// What acts on a cell from outside its network, indexed as in the model.
struct NetworkInputs {
  std::vector<double> occupancy;    ///< theta of each mechanism whose source is a substance; others unused
  std::vector<double> drug_factor;  ///< r or s of each drug target; 1 or 0 where it does nothing
  std::vector<double> multiplier;   ///< odds multiplier of each node; 1 where there is none
};

/// h(x) = x^n (1 + K^n)/(x^n + K^n).
double hill(double x, double half_max, double n);

/// F of a node of a cell type; `x` is by model node.
double network_target(const model::Model& model, model::Index cell_type, model::Index node,
                      std::span<const double> x, const NetworkInputs& inputs);

/// dx/dt [1/min] of every node that the cell type has, 0 for others.
void network_rate(const model::Model& model, model::Index cell_type, std::span<const double> x,
                  const NetworkInputs& inputs, std::span<double> rate);

/// Advances x by `minutes` with the classic fourth-order Runge-Kutta method in `steps` equal steps.
void integrate_network(const model::Model& model, model::Index cell_type, std::vector<double>& x,
                       const NetworkInputs& inputs, double minutes, int steps);

}  // namespace stroma::reference

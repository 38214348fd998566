// What is wrong with a plan of mechanics, and what follows from it in closed form; see mechanics.hpp.
#include <algorithm>
#include <cmath>
#include <string>

#include "cells/mechanics.hpp"

namespace stroma::cells {

double resting_distance(double sum_of_radii, double repulsion, double adhesion, double reach) {
  const double q = std::sqrt(adhesion / repulsion);
  return (1.0 - q) / (1.0 / sum_of_radii - q / (reach * sum_of_radii));
}

void validate(const MechanicsPlan& plan, core::Diagnostics& diagnostics) {
  validate(plan.domain, diagnostics);
  const auto complain = [&](const char* key, const std::string& what) {
    diagnostics.add("bad-mechanics", {}, key, what);
  };
  const auto bad = [](double value) { return !(value >= 0.0) || !std::isfinite(value); };
  if (plan.types.empty() || plan.types.size() > 256)
    complain("types", "there are 1 to 256 cell types in space");
  for (const TypeMechanics& type : plan.types) {
    if (bad(type.repulsion) || bad(type.adhesion)) {
      complain("types", "repulsion and adhesion are finite and not negative (um/min)");
    }
  }
  if (!plan.affinity.empty() && plan.affinity.size() != plan.types.size() * plan.types.size()) {
    complain("affinity", "affinities are a square table, one row and one column per cell type");
  }
  if (std::any_of(plan.affinity.begin(), plan.affinity.end(), bad)) {
    complain("affinity", "an affinity is finite and not negative");
  }
  if (!(plan.reach >= 1.0 && plan.reach <= 4.0)) complain("reach", "adhesion reaches 1 to 4 sums of radii");
  if (bad(plan.contact)) complain("contact", "the distance of contact is finite and not negative (um)");
  if (bad(plan.skin)) complain("skin", "the skin of the neighbour lists is finite and not negative (um)");
  if (bad(plan.tolerance)) complain("tolerance", "the error of a step is finite and not negative (um)");
  if (bad(plan.step) || plan.step == 0.0) complain("step", "the step is finite and above 0 (min)");
  if (bad(plan.longest_step) || plan.longest_step == 0.0) {
    complain("longest_step", "the longest step is finite and above 0 (min)");
  }
  if (bad(plan.largest_move) || plan.largest_move == 0.0) {
    complain("largest_move", "the largest displacement in a step is finite and above 0 (um)");
  }
}

}  // namespace stroma::cells

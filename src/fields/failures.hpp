// What stops a run: errors with substance, voxel and value. Internal to the module.
#pragma once

#include <span>

#include "fields/multigrid.hpp"
#include "fields/plan.hpp"

namespace stroma::fields {

/// What is being solved, and by which method.
struct Attempt {
  const Grid& grid;
  const SubstancePlan& plan;
  Method method;
};

/// Throws NumericalError with the first voxel that is not finite, unless `sum`, taken over all, is finite.
void require_finite(const Attempt& attempt, std::span<const double> c, double sum);

[[noreturn]] void fail_to_progress(const Attempt& attempt, double sub_step);

/// `c` is where the solve came to.
[[noreturn]] void fail_to_converge(const Attempt& attempt, std::span<const double> c, const Solved& solved);

}  // namespace stroma::fields

// The words of the errors.
#include "fields/failures.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"

namespace stroma::fields {
namespace {

std::string voxel_and_centre(const Grid& grid, std::size_t v) {
  const auto [i, j, k] = grid.place(v);
  const auto [x, y, z] = grid.centre(v);
  return fmt::format("voxel ({}, {}, {}), centre ({:.6g}, {:.6g}, {:.6g}) um", i, j, k, x, y, z);
}

}  // namespace

void require_finite(const Attempt& attempt, std::span<const double> c, double sum) {
  if (std::isfinite(sum)) return;
  const auto bad = std::find_if(c.begin(), c.end(), [](double value) { return !std::isfinite(value); });
  if (bad == c.end())
    throw core::NumericalError(
        fmt::format("diffusion ({}): the amount of {} is not finite, though every voxel is",
                    to_string(attempt.method), attempt.plan.name));
  throw core::NumericalError(
      fmt::format("diffusion ({}): concentration of {} is {} nM in {}; expected a finite number",
                  to_string(attempt.method), attempt.plan.name, *bad,
                  voxel_and_centre(attempt.grid, static_cast<std::size_t>(bad - c.begin()))));
}

void fail_to_progress(const Attempt& attempt, double sub_step) {
  throw core::NumericalError(
      fmt::format("diffusion ({}): sub-steps of {} shrank to {} min without reaching an error of {}",
                  to_string(attempt.method), attempt.plan.name, sub_step, attempt.plan.error_target));
}

void fail_to_converge(const Attempt& attempt, std::span<const double> c, const Solved& solved) {
  const auto worst = std::max_element(c.begin(), c.end());
  throw core::NumericalError(
      fmt::format("diffusion ({}): {} did not converge in {} cycles (error {:.3g}); largest {} nM in {}",
                  to_string(attempt.method), attempt.plan.name, solved.cycles, solved.error, *worst,
                  voxel_and_centre(attempt.grid, static_cast<std::size_t>(worst - c.begin()))));
}

}  // namespace stroma::fields

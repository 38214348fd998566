// Coefficients of the discrete equation from the plan.
#include "fields/transport.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/errors.hpp"

namespace stroma::fields {
namespace {

/// Smallest mu with which u'' = -mu^2 u has a solution between two faces: value: u = 0; flux: u' = 0;
/// exchange: D u' = P u. A lower bound: exchange faces count through mu^2 L^2 >= q pi^2/4/(q + pi^2/4) with
/// q = P L/D for one open face, and a second open face can only make it larger.
double slowest_wave(const Boundary& low, const Boundary& high, double length, double diffusivity) {
  constexpr double quarter = std::numbers::pi * std::numbers::pi / 4.0;
  const auto closed = [](const Boundary& b) { return b.kind == Boundary::Kind::flux; };
  const auto fixed = [](const Boundary& b) { return b.kind == Boundary::Kind::value; };
  if (fixed(low) && fixed(high)) return 4.0 * quarter / (length * length);
  const auto one_open = [&](const Boundary& b) {
    if (closed(b)) return 0.0;
    if (fixed(b)) return quarter / (length * length);
    const double q = b.permeability * length / diffusivity;
    return q * quarter / (q + quarter) / (length * length);
  };
  return std::max(one_open(low), one_open(high));
}

constexpr std::array flows{&Terms::source,  &Terms::boundary,      &Terms::above,           &Terms::fixed,
                           &Terms::decayed, &Terms::uptake_linear, &Terms::uptake_saturable};

}  // namespace

Transport::Transport(const Grid& g, const SubstancePlan& substance, std::span<const double> given)
    : grid(g), plan(&substance), mobility(substance.mobility), as_planned(given.empty()) {
  if (!as_planned) mobility.assign(given.begin(), given.end());
  const double lowest_mobility = mobility.empty() ? 1.0 : *std::min_element(mobility.begin(), mobility.end());
  core::require(lowest_mobility > 0.0, "a mobility above 0");
  slowest_rate = substance.decay;
  for (int axis = 0; axis < 3; ++axis) {
    const auto a = static_cast<std::size_t>(axis);
    const double h = grid.spacing[a];
    if (axis < grid.dimensions) {
      rate[a] = substance.diffusivity / (h * h);
      reaction_axis = axis;
    }
    if (axis < grid.dimensions)
      slowest_rate += substance.diffusivity * lowest_mobility *
                      slowest_wave(substance.boundary[2 * a], substance.boundary[2 * a + 1],
                                   grid.length(axis), substance.diffusivity * lowest_mobility);
    for (const std::size_t face : {2 * a, 2 * a + 1}) {
      sink[face] = sink_at(face, 1.0);
      inflow_per_value[face] = substance.boundary[face].kind == Boundary::Kind::flux ? 1.0 / h : sink[face];
    }
  }
  const std::size_t voxels = grid.voxels();
  if (!mobility.empty()) {
    for (std::size_t a = 0, stride = 1; a < 3; stride *= grid.size(static_cast<int>(a)), ++a) {
      face_mobility[a].assign(voxels, 0.0);
      for (std::size_t v = stride; v < voxels; ++v)
        if (grid.place(v)[a] > 0) {
          const double m = mobility[v], below = mobility[v - stride];
          face_mobility[a][v] = 2.0 * m * below / (m + below);
        }
    }
  }
  if (!substance.fixed.empty()) {
    is_fixed.assign(voxels, 0);
    for (const FixedVoxel& voxel : substance.fixed) is_fixed[voxel.voxel] = 1;
  }
  is_under_medium = fields::is_under_medium(grid, substance);
  if (is_under_medium) slowest_rate += sink_at(faces - 1, lowest_mobility);
  uniform = mobility.empty() && substance.fixed.empty() && !is_under_medium;
}

double Transport::sink_at(std::size_t face, double relative) const {
  return face_sink(plan->boundary[face], plan->diffusivity * relative, grid.spacing[face / 2]);
}

double face_sink(const Boundary& boundary, double diffusivity, double width) {
  switch (boundary.kind) {
    case Boundary::Kind::flux:
      return 0.0;
    case Boundary::Kind::value:
      return 2.0 * diffusivity / (width * width);
    case Boundary::Kind::exchange:
      return 1.0 / (width * (1.0 / boundary.permeability + width / (2.0 * diffusivity)));
  }
  return 0.0;
}

double Terms::turnover() const {
  double sum = 0.0;
  for (double Terms::*flow : flows) sum += std::fabs(this->*flow);
  return sum;
}

Terms sum_terms(std::span<const Terms> parts) {
  const auto sum = [&](double Terms::*term) {
    Sum total;
    for (const Terms& part : parts) total.add(part.*term);
    return total.value();
  };
  Terms terms;
  terms.content = sum(&Terms::content);
  for (double Terms::*flow : flows) terms.*flow = sum(flow);
  for (const Terms& part : parts) terms.lowest = std::min(terms.lowest, part.lowest);
  return terms;
}

Terms combine(double a, const Terms& x, double b, const Terms& y) {
  Terms sum;
  sum.lowest = std::min(x.lowest, y.lowest);
  sum.content = a * x.content + b * y.content;
  for (double Terms::*flow : flows) sum.*flow = a * x.*flow + b * y.*flow;
  return sum;
}

}  // namespace stroma::fields

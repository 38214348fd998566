// Plans that are drawn at random from a seed, and the same problem for the slow twin.
#pragma once

#include <random>
#include <utility>
#include <vector>

#include "fields/advance.hpp"
#include "fields/multigrid.hpp"
#include "fields/split.hpp"
#include "reference/diffusion.hpp"

namespace stroma::fields::testing {

struct Case {
  Plan plan;
  std::vector<double> uptake, most, source, start;
  Exchange exchange() const { return {uptake, most, source}; }
};

struct Features {
  bool uptake = true, saturable = true, source = true, mobility = false, fixed = false, open = true;
};

/// One substance on a grid of n voxels; `seed` draws spacings, rates, boundaries and what cells do.
inline Case random_case(std::array<int, 3> n, Features features, unsigned seed) {
  std::mt19937 engine(seed);
  const auto between = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(engine()) / 4294967296.0;
  };
  Case c;
  Grid& grid = c.plan.grid;
  grid.n = n;
  grid.dimensions = n[2] > 1 ? 3 : n[1] > 1 ? 2 : 1;
  for (double& h : grid.spacing) h = between(8.0, 25.0);
  SubstancePlan s;
  s.name = "drug";
  s.diffusivity = between(300.0, 30000.0);
  s.decay = between(0.01, 0.5);
  s.half_uptake = between(0.1, 2.0);
  s.error_target = 1e-3;
  for (std::size_t f = 0; f < static_cast<std::size_t>(2 * grid.dimensions) && features.open; ++f) {
    const auto kind = static_cast<Boundary::Kind>(engine() % 3);
    s.boundary[f] = {kind, between(0.0, 3.0), kind == Boundary::Kind::exchange ? between(10.0, 3000.0) : 0.0};
  }
  const std::size_t voxels = grid.voxels();
  for (std::size_t v = 0; v < voxels; ++v) {
    c.start.push_back(between(0.0, 2.0));
    if (features.uptake) c.uptake.push_back(engine() % 2 ? between(0.0, 20.0) : 0.0);
    if (features.saturable) c.most.push_back(engine() % 2 ? between(0.0, 10.0) : 0.0);
    if (features.source) c.source.push_back(engine() % 3 ? 0.0 : between(0.0, 5.0));
    if (features.mobility) s.mobility.push_back(between(0.05, 1.0));
    if (features.fixed && engine() % 7 == 0) s.fixed.push_back({v, between(0.5, 3.0)});
  }
  c.plan.substances.push_back(std::move(s));
  return c;
}

/// Fields in the case's initial condition.
inline Fields start_fields(const Case& c) {
  Fields fields = make_fields(c.plan);
  std::copy(c.start.begin(), c.start.end(), fields.concentration(0).begin());
  account(fields, c.plan);
  return fields;
}

inline reference::Diffusion twin(const Case& c) {
  const SubstancePlan& s = c.plan.substances[0];
  reference::Diffusion p;
  p.dimensions = c.plan.grid.dimensions;
  p.n = c.plan.grid.n;
  p.h = c.plan.grid.spacing;
  p.diffusivity = s.diffusivity;
  p.decay = s.decay;
  p.half_uptake = s.half_uptake;
  for (std::size_t f = 0; f < faces; ++f) {
    p.face[f] = s.boundary[f].kind == Boundary::Kind::flux    ? reference::Diffusion::Face::flux
                : s.boundary[f].kind == Boundary::Kind::value ? reference::Diffusion::Face::value
                                                              : reference::Diffusion::Face::exchange;
    p.face_value[f] = s.boundary[f].value;
    p.permeability[f] = s.boundary[f].permeability;
  }
  p.mobility = s.mobility;
  p.uptake = c.uptake;
  p.most = c.most;
  p.source = c.source;
  for (const FixedVoxel& fixed : s.fixed) p.fixed.emplace_back(fixed.voxel, fixed.value);
  return p;
}

/// Largest |a - b| over largest |b|.
inline double distance(std::span<const double> a, std::span<const double> b) {
  double difference = 0.0, largest = 0.0;
  for (std::size_t v = 0; v < b.size(); ++v) {
    difference = std::max(difference, std::abs(a[v] - b[v]));
    largest = std::max(largest, std::abs(b[v]));
  }
  return difference / largest;
}

}  // namespace stroma::fields::testing

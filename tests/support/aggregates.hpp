// Cells in space for tests: random clusters and lattices, and their twins for the slow reference.
#pragma once

#include <cmath>
#include <vector>

#include "cells/mechanics.hpp"
#include "cells/volume.hpp"
#include "core/random.hpp"
#include "reference/bodies.hpp"

namespace stroma::test {

struct Aggregate {
  cells::Bodies bodies;
  cells::MechanicsPlan plan;
  cells::Neighbourhood neighbourhood;
};

inline constexpr float usual_radius = 8.4127F;  // um

inline cells::NewBody new_body(double x, double y, double z, std::uint64_t id, float radius = usual_radius,
                               std::uint8_t type = 0) {
  const float volume = cells::volume_of(radius);
  return {x, y, z, id, type, static_cast<std::uint32_t>(id), 0.75F * volume, 0.25F * volume};
}

/// A plan of equal cells in the cube [-half, half]^3 (2-D: square), with steps of 0.1 min.
inline cells::MechanicsPlan usual_plan(double half, int dimensions = 3) {
  cells::MechanicsPlan plan;
  plan.domain.dimensions = dimensions;
  plan.domain.low = {-half, -half, -half};
  plan.domain.high = {half, half, half};
  plan.types.resize(1);
  plan.tolerance = 0.0;
  return plan;
}

/// n cells at random places of a cube in which each has the volume of its own cube of side `spacing`; two
/// types of different size and stickiness, affinities between them that differ.
inline Aggregate random_cluster(std::size_t n, std::uint64_t seed, int dimensions = 3, double spacing = 15.0,
                                bool mixed = true) {
  Aggregate a;
  const double side = spacing * std::pow(static_cast<double>(n), 1.0 / dimensions);
  a.plan = usual_plan(side + 100.0, dimensions);
  if (mixed) {
    a.plan.types = {{10.0, 0.4}, {12.0, 0.9}};
    a.plan.affinity = {1.0, 0.5, 0.3, 2.0};
  }
  core::Stream draw(seed, core::Purpose::test, 0);
  for (std::size_t i = 0; i < n; ++i) {
    const double x = side * (draw.uniform() - 0.5), y = side * (draw.uniform() - 0.5);
    const double z = dimensions == 3 ? side * (draw.uniform() - 0.5) : 0.0;
    const auto type = static_cast<std::uint8_t>(mixed && draw.uniform() < 0.4 ? 1 : 0);
    const auto radius = static_cast<float>(mixed ? 6.0 + 4.0 * draw.uniform() : 8.4127);
    cells::append(a.bodies, new_body(x, y, z, 1000 + i, radius, type));
  }
  return a;
}

/// across^3 equal cells on a cubic lattice 12 % tighter than touching, with 10 % jitter.
inline Aggregate jittered_cluster(int across, std::uint64_t seed) {
  Aggregate a;
  const double s = 0.88 * 2.0 * static_cast<double>(usual_radius);
  a.plan = usual_plan(s * across + 100.0);
  core::Stream draw(seed, core::Purpose::test, 1);
  for (int k = 0; k < across * across * across; ++k) {
    const auto at = [&](int index) { return s * (index - 0.5 * across + 0.2 * (draw.uniform() - 0.5)); };
    const double x = at(k % across), y = at(k / across % across), z = at(k / (across * across));
    cells::append(a.bodies, new_body(x, y, z, 1000 + static_cast<std::uint64_t>(k)));
  }
  return a;
}

inline std::vector<reference::Ball> balls(const cells::Bodies& b) {
  std::vector<reference::Ball> out;
  for (std::size_t i = 0; i < b.size(); ++i) {
    out.push_back({{b.x[i], b.y[i], b.z[i]}, static_cast<double>(b.radius[i]), b.type[i], 1.0});
  }
  return out;
}

inline reference::PairLaw law_of(const cells::MechanicsPlan& plan) {
  reference::PairLaw law;
  law.repulsion.clear();
  law.adhesion.clear();
  for (const auto& type : plan.types) {
    law.repulsion.push_back(type.repulsion);
    law.adhesion.push_back(type.adhesion);
  }
  law.affinity = plan.affinity;
  if (law.affinity.empty()) law.affinity.assign(plan.types.size() * plan.types.size(), 1.0);
  law.reach = plan.reach;
  return law;
}

inline cells::MoveReport move(Aggregate& a, double minutes, int threads = 1, const cells::Motion& motion = {},
                              const cells::Attachments& attachments = {}) {
  return cells::move(a.bodies, a.plan, a.neighbourhood, motion, attachments, {0}, minutes, {threads});
}

}  // namespace stroma::test

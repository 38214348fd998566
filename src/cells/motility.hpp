// Migration: a persistent random walk, biased by chemotaxis. A cell keeps its heading for an exponential time
// of mean `persistence`, then draws a new one, heading = (b g + (1 - b) e)/|...|, b the bias in [0, 1], g the
// unit vector of attraction and e uniform on the sphere (2-D: circle). Without bias MSD = 2 v^2 P [t - P (1 -
// e^(-t/P))].
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "cells/bodies.hpp"

namespace stroma::cells {

inline constexpr double default_persistence =
    15.0;  ///< min; assumption: a migrating fibroblast turns within minutes

/// What drives migration, one value per body in the order of Bodies; an empty span is its default for all.
struct Motion {
  std::uint64_t seed = 0;              ///< of the run
  std::span<const float> speed;        ///< um/min, >= 0; empty: nobody migrates
  std::span<const float> persistence;  ///< min, > 0; empty: 15
  std::span<const float> bias;         ///< in [0, 1]; empty: 0
  std::span<const float> attraction;   ///< 3 per body: unit vector, or zero where there is no gradient
  std::span<const float> adhesion;     ///< c_a, um/min, >= 0; empty: that of the type
  std::span<const float> repulsion;    ///< c_r, likewise
};

/// Draws a heading for body i and the time until the next: a pure function of (seed, motility, id, turns) and
/// of the body's bias and attraction.
void turn(Bodies& bodies, std::size_t i, const Motion& motion, int dimensions);

/// Path of body i over `minutes`: speed times heading, exact between turns. Adds to path[0..2] (um).
void migrate(Bodies& bodies, std::size_t i, const Motion& motion, int dimensions, double minutes,
             double (&path)[3]);

}  // namespace stroma::cells

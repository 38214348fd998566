// Volumes and division. Fluid and solid parts relax towards targets, dV/dt = k (V* - V), exactly over any
// step; a growing, shrinking, swelling or lysed cell differs only in its law (Macklin et al., J Theor Biol
// 2012; Ghaffarizadeh et al., PLoS Comput Biol 2018). The radius is that of a sphere, r = (3V/4pi)^(1/3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "cells/bodies.hpp"
#include "core/parallel.hpp"
#include "core/time.hpp"

namespace stroma::cells {

/// Targets and rates of one state of one kind of cell.
struct VolumeLaw {
  float solid_target = 0.0F;                               ///< um^3, >= 0
  float fluid_target = 0.0F;                               ///< um^3, >= 0
  float solid_rate = 0.0F;                                 ///< 1/min, >= 0
  float fluid_rate = 0.0F;                                 ///< 1/min, >= 0
  float rupture = std::numeric_limits<float>::infinity();  ///< um^3; above it the membrane opens
};

/// The four laws of a kind of cell of volume `volume` (um^3) and fluid fraction `fluid` (0..1), with the
/// rates of the sources above: live (4.5e-3 and 5e-2 1/min), apoptotic shrinkage (1.67e-2, 5e-2), swelling
/// of necrosis (5.3e-5, 1.12e-2; ruptures at twice its volume), lysed (5.3e-5, 8.3e-4).
VolumeLaw live_volume(float volume, float fluid = 0.75F);
VolumeLaw apoptotic_volume(float volume, float fluid = 0.75F);
VolumeLaw swelling_volume(float volume, float fluid = 0.75F);
VolumeLaw lysed_volume(float volume, float fluid = 0.75F);

float radius_of(float volume);  ///< um from um^3
float volume_of(float radius);  ///< um^3 from um

/// Relaxes every body over `minutes` by the law laws[law[i]] and sets its radius. `ruptured` receives the
/// bodies above the rupture volume of their law, ascending.
void relax_volumes(Bodies& bodies, std::span<const VolumeLaw> laws, std::span<const std::uint8_t> law,
                   double minutes, core::Threads threads, std::vector<std::uint32_t>& ruptured);

/// Divides body `mother`: she and the new body (its index is returned) have half of her volumes each, at
/// +-offset times her radius along an axis drawn from (seed, division_axis, her id, tick); in 2-D the axis
/// lies in the plane. The centre of mass is kept, except that nearer to a side of the box than the offset
/// both move away from it by what is missing. Both forget heading and previous velocity. offset in (0, 1].
std::size_t divide(Bodies& bodies, std::size_t mother, std::uint64_t daughter_id, std::uint32_t daughter_slot,
                   const Domain& domain, std::uint64_t seed, core::Tick tick, double offset = 0.5);

}  // namespace stroma::cells

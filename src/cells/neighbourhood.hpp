// Who is near whom: full lists in compressed rows, made from a uniform grid of bins by counting sort, with a
// skin so that they serve many steps. The lists are a cache: they follow from Bodies (its order and its
// `reference`) and hold no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cells/attachments.hpp"
#include "cells/bodies.hpp"
#include "cells/domain.hpp"
#include "core/parallel.hpp"

namespace stroma::cells {

struct MechanicsPlan;

/// A cell as the kernels read it, in units of the lattice's spacing: 16 bytes. Powers of two scale exactly.
struct alignas(16) Point {
  std::int32_t x, y, z;
  float radius;
};

/// Lists are complete for every pair nearer than range(R) = max(reach R, R + contact), R = r_i + r_j: a pair
/// is listed where d0 <= range(R0) + skin when the lists are made. Let u_i be how far body i has moved since
/// and g_i = max(0, r_i - r_i0) how much it has grown. Then d >= d0 - u_i - u_j, and range(R) <= range(R0) +
/// reach (g_i + g_j), because range is nondecreasing with slope at most reach >= 1. So while
///     u_i + reach g_i <= skin/2   for all i
/// a pair that is not listed has d > range(R0) + skin - u_i - u_j >= range(R): nothing is missed. The lists
/// are made anew when a body breaks this bound. Distances are those of lattice points; both tests keep a
/// margin of 1e-5 for the rounding of float. One Neighbourhood serves one Bodies.
struct Neighbourhood {
  /// Bodies listed for body i (indices into Bodies), in the order in which forces are added.
  std::span<const std::uint32_t> of(std::size_t i) const {
    return {entries[i / rows].data() + first[i], count[i]};
  }
  /// Pairs listed, each from both sides.
  std::size_t listed() const;
  /// Bytes of lists and work arrays (capacity).
  std::size_t memory() const;

  static constexpr std::size_t rows = 4096;         ///< bodies whose lists share one buffer
  std::vector<std::vector<std::uint32_t>> entries;  ///< [i / rows]; 16 valid indices follow the last list
  std::vector<std::uint32_t> first;                 ///< where the list of body i begins in its buffer
  std::vector<std::uint16_t> count;                 ///< how long it is
  std::vector<Point> points;                        ///< bodies now, in body order
  double skin = 0.0;                                ///< um, of these lists
  std::uint64_t revision = 0;                       ///< of the Bodies that the lists belong to; 0: none
  double range_reach = 0.0, range_contact = 0.0;    ///< of the plan that they were made for
  std::uint64_t rebuilds = 0;                       ///< since construction

  /// Arrays that are kept only to avoid allocation in a step.
  struct Work {
    std::vector<float> velocity;    ///< 4 per body
    std::vector<float> stickiness;  ///< 4 per body: roots of repulsion and adhesion, type
    std::vector<float> affinity;    ///< types x types: sqrt(A_ij A_ji)
    std::vector<std::uint32_t> bin, start, order;
    std::vector<std::int32_t> x, y, z;  ///< points in the order of the bins
    std::vector<float> radius;
    SpringEnds ends;
    std::vector<std::uint32_t> link_first, link_to;  ///< attachments in rows
    std::vector<float> link_stiffness, link_rest;
    std::vector<double> per_chunk;                                ///< results of the chunks of a loop
    std::uint64_t bodies_revision = 0, attachments_revision = 0;  ///< that the links belong to
  };
  Work work;
};

/// Side of the bins (um) for bodies up to radius `largest`: range(2 largest) + skin.
double bin_side(const MechanicsPlan& plan, double largest, double skin);

/// Skin that is chosen where the plan names none: 0.08 mean diameters. In a packed aggregate the second shell
/// of neighbours begins 0.09 diameters outside the reach of adhesion, so this skin lists few of them.
double default_skin(double mean_radius);

/// Makes points and lists valid for the bodies as they are now (positions and radii): the lists stay where
/// the bound above holds, and are made from `bodies.reference` after a restart, from the present positions
/// otherwise. Throws NumericalError for a body outside the domain or not finite, LimitError where a body has
/// more than 65535 neighbours. Called by move and by whatever senses contacts.
void refresh(Neighbourhood& neighbourhood, Bodies& bodies, const MechanicsPlan& plan, core::Threads threads);

}  // namespace stroma::cells

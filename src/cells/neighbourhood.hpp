// Who is near whom: full lists in compressed rows, made from a uniform grid of bins by counting sort, with a
// skin so that they serve many steps. The lists are a cache: they follow from Bodies (its order and its
// `reference`) and hold no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cells/bodies.hpp"
#include "cells/domain.hpp"
#include "core/parallel.hpp"

namespace stroma::cells {

struct MechanicsPlan;

/// A cell as the kernels read it: 16 bytes.
struct alignas(16) Point {
  std::int32_t x, y, z;  ///< lattice point
  float radius;          ///< um
};

/// Lists are complete for every pair nearer than range(R) = max(reach R, R + contact), R = r_i + r_j: a pair
/// is listed where d0 <= range(R0) + skin when the lists are made. Let u_i be how far body i has moved since
/// and g_i = max(0, r_i - r_i0) how much it has grown. Then d >= d0 - u_i - u_j, and range(R) <= range(R0) +
/// reach (g_i + g_j), because range is nondecreasing with slope at most reach >= 1. So while
///     u_i + reach g_i <= skin/2   for all i
/// a pair that is not listed has d > range(R0) + skin - u_i - u_j >= range(R): nothing is missed. The lists
/// are made anew when a body breaks this bound. Distances are those of lattice points; the test keeps a
/// margin of 1e-5 for the rounding of float.
class Neighbourhood {
 public:
  /// Bodies listed for body i (indices into Bodies), in the order in which forces are added.
  std::span<const std::uint32_t> of(std::size_t i) const {
    const std::size_t row = i / rows_;
    return {entries_[row].data() + first_[i], count_[i]};
  }
  std::size_t size() const { return first_.size(); }
  /// Pairs listed, each from both sides.
  std::size_t listed() const;
  /// Bytes of lists and work arrays (capacity).
  std::size_t memory() const;
  std::uint64_t rebuilds() const { return rebuilds_; }

 private:
  friend struct NeighbourhoodAccess;
  static constexpr std::size_t rows_ = 4096;  ///< bodies whose lists share one buffer
  std::vector<std::vector<std::uint32_t>> entries_;
  std::vector<std::uint32_t> first_;
  std::vector<std::uint16_t> count_;
  std::uint64_t revision_ = 0;  ///< of the Bodies that the lists belong to; 0: none
  std::uint64_t rebuilds_ = 0;
  // work arrays, kept to avoid allocation
  std::vector<Point> points_;      ///< bodies now, in body order
  std::vector<float> velocity_;    ///< 4 per body
  std::vector<float> stickiness_;  ///< 4 per body: roots of repulsion and adhesion, type
  std::vector<std::uint32_t> bin_, start_, order_;
  std::vector<std::int32_t> sorted_x_, sorted_y_, sorted_z_;
  std::vector<float> sorted_radius_;
  std::vector<std::uint32_t> link_first_, link_to_;  ///< attachments in rows
  std::vector<float> link_stiffness_, link_rest_;
  std::vector<double> scratch_;
};

/// Makes the lists valid for the bodies as they are now (positions and radii): nothing where they still are,
/// from `bodies.reference` after a restart, from the present positions otherwise. Throws LimitError where a
/// body has more than 65535 neighbours. Called by move, sense and the contact functions themselves.
void refresh(Neighbourhood& neighbourhood, Bodies& bodies, const MechanicsPlan& plan, core::Threads threads);

}  // namespace stroma::cells

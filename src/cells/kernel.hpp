// The inner loops of neighbours and mechanics, dispatched to the widest vectors of the machine at run time.
// A vector of results is 16 lanes on every machine (one, two or four registers), added in one fixed tree, and
// products and sums are never fused: the bits do not depend on the instruction set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cells/neighbourhood.hpp"

namespace stroma::cells::kernel {

/// Bodies sorted by bin. Lengths in units of the lattice.
struct Bins {
  std::int64_t across[3];         ///< bins along x, y, z
  const std::uint32_t* start;     ///< [bin]: first body of the bin in the sorted arrays; one more than bins
  const std::int32_t *x, *y, *z;  ///< sorted; 16 readable values follow the last
  const float* radius;            ///< sorted, likewise
  const std::uint32_t* body;      ///< sorted, likewise: index of the body
};

/// range(R) + skin of the lists.
struct Cutoff {
  float reach, contact, skin;
};

/// Appends the lists of the bodies [begin, end) to `entries` (kept longer than used; the length in use is
/// `used`), each in ascending order of (bin, place within the bin). `bin` and `centre` (Bodies::reference)
/// are in body order. Returns false where a list is longer than 65535.
bool list_neighbours(const Bins& bins, const Cutoff& cutoff, const std::uint32_t* bin,
                     const std::int32_t* centre, std::size_t begin, std::size_t end,
                     std::vector<std::uint32_t>& entries, std::size_t& used, std::uint32_t* first,
                     std::uint16_t* count);

/// Coefficients of pairs. With `stickiness` null, c_r and c_a hold for all pairs.
struct Pairs {
  float reach;
  float repulsion, adhesion;  ///< c_r and c_a/reach^2
  const float* stickiness;    ///< 4 per body: sqrt(c_r), sqrt(c_a)/reach, type (bits), unused
  const float* affinity;      ///< types x types, symmetric; null: all 1
  std::int32_t types;
};

/// velocity[4 i ..] = sum over the list of body i, for i in [begin, end); the fourth is 1. `entries`, `first`
/// and `count` are those of one row of the lists, `first` and `count` indexed by body. Bodies that share
/// their point with another add nothing for that pair and are appended to `coincident`.
void add_forces(const Pairs& pairs, const Point* points, const std::uint32_t* entries,
                const std::uint32_t* first, const std::uint16_t* count, std::size_t begin, std::size_t end,
                float* velocity, std::vector<std::uint32_t>& coincident);

/// Largest |v|^2, and largest |v - v'|^2 of the bodies that have a previous velocity.
struct Largest {
  float speed = 0.0F, change = 0.0F;
};
Largest largest_of(const float* velocity, const float* previous, std::size_t begin, std::size_t end);

/// One step of bodies [begin, end): displacement = h [v + blend (v - v')] + path, v' and blend only where the
/// body has a previous velocity; positions, points and the distance moved since `reference` follow.
struct Advance {
  double step, blend;
  Lattice lattice;
  double low[3], high[3];  ///< um; equal to each other along z in 2-D
  const float *velocity, *previous;
  const std::int32_t* reference;
  float reach;
};
struct Moved {
  float displacement = 0.0F;  ///< um, squared; largest of one body
  float drift = 0.0F;         ///< lattice units; largest u + reach g (see neighbourhood.hpp)
  bool outside = false;       ///< a body has left the box: its position is stored, its point is not valid
};
/// `path` (3 per body from `begin`, um) may be null.
Moved advance(const Advance& how, const double* path, double* x, double* y, double* z, Point* points,
              std::size_t begin, std::size_t end);

/// Points of bodies [begin, end) where they are, without a move (displacement 0). Of `how`, only lattice,
/// low, high, reach and reference count; without a reference (null) the drift is 0.
Moved place(const Advance& how, const double* x, const double* y, const double* z, const float* radius,
            Point* points, std::size_t begin, std::size_t end);

}  // namespace stroma::cells::kernel

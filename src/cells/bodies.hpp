// Cells in space, all types in one structure of arrays: where a cell is, how large, where it is heading. Who
// it is (life, traits, network) lives in the population of its type, at index `slot`. The order of the arrays
// is part of the state: it decides the order in which forces are added, so it is the same in a resumed run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "cells/domain.hpp"
#include "core/diagnostics.hpp"

namespace stroma::cells {

struct Bodies {
  std::vector<double> x, y, z;       ///< um; z is 0 in 2-D
  std::vector<std::uint64_t> id;     ///< unique
  std::vector<std::uint32_t> slot;   ///< index of the cell in the population of its type
  std::vector<std::uint8_t> type;    ///< index into MechanicsPlan::types
  std::vector<float> fluid, solid;   ///< um^3; their sum is the volume of the cell
  std::vector<float> radius;         ///< um; of a sphere of that volume (see volume.hpp)
  std::vector<float> heading;        ///< 3 per body: unit vector in which it migrates
  std::vector<float> turn_budget;    ///< mean persistence times until it turns; < 0: has no heading yet
  std::vector<std::uint32_t> turns;  ///< headings drawn so far; keys the next draw
  std::vector<float> previous;       ///< 4 per body: velocity of the last step (um/min), and 1 (0: none yet)
  std::vector<std::int32_t>
      reference;               ///< 4 per body: lattice point and radius (bits) at the last rebuild of
                               ///< the neighbour lists; empty where membership or order changed since
  double step = 0.0;           ///< min; the last step of the mechanics, 0: none yet
  std::uint64_t revision = 1;  ///< grows when membership or order changes; not state, never saved

  std::size_t size() const { return id.size(); }
  void reserve(std::size_t n);
  /// Bytes per cell of the arrays above (capacity, not size), without lists.
  std::size_t memory() const;
};

/// What a new body is made of.
struct NewBody {
  double x = 0.0, y = 0.0, z = 0.0;  ///< um
  std::uint64_t id = 0;
  std::uint8_t type = 0;
  std::uint32_t slot = 0;
  float fluid = 0.0F, solid = 0.0F;  ///< um^3
};

/// Adds a body at the end and returns its index. It has no heading and no previous velocity.
std::size_t append(Bodies& bodies, const NewBody& body);

/// Makes body `at` one of another type, at another place in its arrays.
void retype(Bodies& bodies, std::size_t at, std::uint8_t type, std::uint32_t slot);

/// Removes the bodies at `indices` (ascending, unique) and keeps the order of the others.
void remove(Bodies& bodies, std::span<const std::uint32_t> indices);

/// Scratch of sorting; kept, so that no step allocates.
struct Sorting {
  struct Key {
    std::int32_t z, y, x;  ///< bin
    std::uint64_t id;
    auto operator<=>(const Key&) const = default;
  };
  std::vector<std::uint32_t> order;
  std::vector<Key> key;
  std::vector<std::byte> old;
};

/// Puts body order[k] at place k. `order` is a permutation; `old` is scratch.
void permute(Bodies& bodies, std::span<const std::uint32_t> order, std::vector<std::byte>& old);

/// The canonical order: by bin of side `bin` (um; z, then y, then x), and by id within a bin. Neighbours in
/// space become neighbours in memory. Returns the permutation for `permute` in sorting.order; false where the
/// bodies already are in that order. Costs about as much as ten steps of the mechanics: call it when many
/// cells were born or have moved by a bin, not in every step.
bool canonical_order(const Bodies& bodies, const Domain& domain, double bin, Sorting& sorting);

/// Adds what is wrong with where the bodies are: not finite, outside the domain, z != 0 in 2-D, two centres
/// on one point of the lattice, a volume that is not positive, a type >= types. At most ten of each kind are
/// named, and the number of the rest.
void validate(const Bodies& bodies, const Domain& domain, std::size_t types, core::Diagnostics& diagnostics);

/// Calls f(name, array, values per body) for every array that has an entry per body: whoever adds one adds it
/// here.
template <class B, class F>
void for_each_array(B& b, const F& f) {
  f("x", b.x, 1);
  f("y", b.y, 1);
  f("z", b.z, 1);
  f("id", b.id, 1);
  f("slot", b.slot, 1);
  f("type", b.type, 1);
  f("fluid", b.fluid, 1);
  f("solid", b.solid, 1);
  f("radius", b.radius, 1);
  f("heading", b.heading, 3);
  f("turn_budget", b.turn_budget, 1);
  f("turns", b.turns, 1);
  f("previous_velocity", b.previous, 4);
}

/// Names every array that the future depends on, as archive(prefix + "/x", ...): see core/archive.hpp.
template <class Archive, class B>
requires std::is_same_v<std::remove_const_t<B>, Bodies>
void walk(Archive& archive, B& bodies, std::string_view prefix) {
  const std::string path = std::string(prefix) + "/";
  for_each_array(bodies, [&](const char* name, auto& array, std::size_t) { archive(path + name, array); });
  archive(path + "list_reference", bodies.reference);
  archive(path + "mechanics_step", bodies.step);
  if constexpr (!std::is_const_v<B>) ++bodies.revision;
}

}  // namespace stroma::cells

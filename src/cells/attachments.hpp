// Linear springs between pairs of cells: v_i = k (d - L) n_ji for a spring of stiffness k (1/min) and rest
// length L (um). They are named by ids, so that they survive any change of order, and are kept sorted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "cells/bodies.hpp"
#include "core/parallel.hpp"
#include "core/time.hpp"

namespace stroma::cells {

struct MechanicsPlan;
struct Neighbourhood;

struct Attachments {
  std::vector<std::uint64_t> a, b;  ///< ids, a < b; sorted by (a, b), each pair once
  std::vector<float> stiffness;     ///< 1/min, >= 0
  std::vector<float> rest;          ///< um, >= 0
  std::uint64_t revision = 1;       ///< not state

  std::size_t size() const { return a.size(); }
};

/// Adds a spring between two different cells (replaces one that is there).
void attach(Attachments& attachments, std::uint64_t one, std::uint64_t other, float stiffness, float rest);

/// In place of the index of a body that is not there.
inline constexpr std::uint32_t no_body = 0xFFFFFFFFU;

/// Where the ends of the springs are, and scratch; kept, so that no step allocates.
struct SpringEnds {
  std::vector<std::uint32_t> a, b;     ///< [spring] indices of bodies, or no_body
  std::vector<std::uint64_t> ids;      ///< of all ends, ascending
  std::vector<std::uint32_t> body_of;  ///< [ids]
};
void find_ends(SpringEnds& ends, const Attachments& attachments, const Bodies& bodies);

/// Removes the springs of which a cell is gone (not among the bodies); returns how many.
std::size_t detach_missing(Attachments& attachments, const Bodies& bodies, SpringEnds& ends);

/// How springs form and break, for each pair of types (types x types, symmetric).
struct AttachmentPlan {
  std::vector<float> formation;  ///< 1/min per pair of cells in contact
  std::vector<float> breaking;   ///< 1/min
  std::vector<float> stiffness;  ///< 1/min, of a new spring; its rest length is the present distance
  std::uint32_t most = 12;       ///< springs of one cell
};

/// Removes the springs between cells of two types that have none in the plan: one of them has converted.
void detach_strangers(Attachments& attachments, const Bodies& bodies, const AttachmentPlan& plan,
                      std::size_t types, SpringEnds& ends);

/// Scratch of update_attachments; kept, so that no step allocates once it is large enough.
struct AttachmentWork {
  struct Pair {
    std::uint64_t a, b;  ///< ids, a < b
    std::uint32_t body_a, body_b;
    float stiffness, rest;
  };
  struct Part {  ///< of one chunk of bodies
    std::vector<Pair> pairs;
    std::vector<std::uint32_t> touching;
  };
  SpringEnds ends;
  std::vector<Part> parts;
  std::vector<Pair> pairs;
  std::vector<std::uint32_t> degree;  ///< [body] springs
};

/// Breaks and forms springs over `minutes`, in the order of the ids; a pair is decided by a draw keyed by
/// (seed, contact, both ids, tick). Same result for any order of the bodies and number of threads.
void update_attachments(Attachments& attachments, Bodies& bodies, const MechanicsPlan& plan,
                        Neighbourhood& neighbourhood, const AttachmentPlan& rates, std::uint64_t seed,
                        core::Tick tick, double minutes, core::Threads threads, AttachmentWork& work);

template <class Archive, class A>
requires std::is_same_v<std::remove_const_t<A>, Attachments>
void walk(Archive& archive, A& attachments, std::string_view prefix) {
  const auto name = [&](std::string_view array) { return std::string(prefix) + "/" + std::string(array); };
  archive(name("a"), attachments.a);
  archive(name("b"), attachments.b);
  archive(name("stiffness"), attachments.stiffness);
  archive(name("rest"), attachments.rest);
  if constexpr (!std::is_const_v<A>) ++attachments.revision;
}

}  // namespace stroma::cells

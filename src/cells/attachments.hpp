// Linear springs between pairs of cells: v_i = k (d - L) n_ji for a spring of stiffness k (1/min) and rest
// length L (um). They are named by ids, so that they survive any change of order, and are kept sorted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
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

/// Removes the springs of which a cell is gone (not among the bodies); returns how many.
std::size_t detach_missing(Attachments& attachments, const Bodies& bodies);

/// Rates at which springs form and break, for each pair of types.
struct AttachmentRates {
  std::span<const float> formation;  ///< types x types, symmetric; 1/min per pair of cells in contact
  std::span<const float> breaking;   ///< types x types, symmetric; 1/min
  std::uint32_t most = 12;           ///< springs of one cell
  float stiffness = 0.0F;            ///< 1/min, of a new spring; its rest length is the present distance
};

/// Breaks and forms springs over `minutes`, in the order of the ids; a pair is decided by a draw keyed by
/// (seed, contact, both ids, tick). Same result for any order of the bodies and number of threads.
void update_attachments(Attachments& attachments, Bodies& bodies, const MechanicsPlan& plan,
                        Neighbourhood& neighbourhood, const AttachmentRates& rates, std::uint64_t seed,
                        core::Tick tick, double minutes, core::Threads threads);

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

// What cells do to a neighbour that they touch: attack, eat, injure. A rate process in time: every actor has
// a Poisson clock of its rate, and when it rings, it acts on one of those that it touches and that are then
// as the behaviour wants them, each as likely; where there is none, nothing happens. All clocks run in one
// time, so that whoever rings first has the target, whatever the length of the step and the order of the
// bodies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cells/bodies.hpp"
#include "cells/mechanics.hpp"
#include "cells/neighbourhood.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "core/time.hpp"

namespace stroma::cells {

/// What a cell is to those that touch it; several together are what a behaviour may act on.
enum class Condition : std::uint8_t { live = 1, apoptotic = 2, necrotic = 4, gone = 8 };
using Conditions = std::uint8_t;
constexpr Conditions only(Condition one) {
  return static_cast<Conditions>(one);
}
inline constexpr Conditions dying = only(Condition::apoptotic) | only(Condition::necrotic);
constexpr bool is_one_of(Condition condition, Conditions those) {
  return (only(condition) & those) != 0;
}

struct ContactActor {
  std::uint32_t body = 0;
  float rate = 0.0F;  ///< 1/min, > 0
};

/// One behaviour: who acts, on whom, and what it makes of them. The living act only.
struct ContactBehaviour {
  std::span<const ContactActor> actors;        ///< each body at most once
  std::span<const std::uint8_t> is_target;     ///< [type]; empty: cells of every type may be a target
  Conditions acts_on = only(Condition::live);  ///< what a target must be
  Condition leaves = Condition::apoptotic;     ///< and is afterwards
  std::uint64_t key = 0;                       ///< of its draws: two behaviours of one actor have two
};

struct ContactEvent {
  std::uint32_t actor = 0, target = 0;  ///< indices of bodies
  std::uint32_t behaviour = 0;
  double minutes = 0.0;  ///< since the step began
};

/// Scratch of contact_events; kept, so that no step allocates.
struct ContactWork {
  struct Clock {
    double next = 0.0;  ///< min since the step began
    std::uint32_t body = 0, behaviour = 0;
    float rate = 0.0F;
    core::Stream draws;
    std::uint32_t asleep_after = 0;  ///< 1 + index of the next clock of this body that sleeps; 0: none
  };
  std::vector<std::vector<Clock>> parts;  ///< of chunks of actors
  std::vector<Clock> clocks;              ///< those that ring within the step
  std::vector<std::uint32_t> queue;       ///< heap of indices of clocks
  std::vector<std::uint32_t> asleep;      ///< per body: 1 + index of its first clock without a target
  std::vector<std::uint32_t> targets, around;
};

/// Appends what happens within `minutes` to `events`, in time, and changes `condition` (per body) with it.
/// Contacts (surface distance < plan.contact) and rates stay as they are at the step's start; the draws of an
/// actor are keyed by (seed, contact, behaviour, its id, tick), and two that ring at once act in the order of
/// their ids. Costs a draw for each actor and a look at the neighbours for each event.
void contact_events(Bodies& bodies, const MechanicsPlan& plan, Neighbourhood& neighbourhood,
                    std::span<const ContactBehaviour> behaviours, std::span<Condition> condition,
                    std::uint64_t seed, core::Tick tick, double minutes, core::Threads threads,
                    ContactWork& work, std::vector<ContactEvent>& events);

/// Indices of the bodies in contact with body i, ascending by id, into `out`. The lists must be fresh (see
/// refresh).
void contacts_of(const Bodies& bodies, const MechanicsPlan& plan, const Neighbourhood& neighbourhood,
                 std::size_t i, std::vector<std::uint32_t>& out);

}  // namespace stroma::cells

// What cells do to a neighbour that they touch: attack, phagocytose, fuse, hand over. Proposed in parallel,
// resolved in the order of the actors' ids, so the outcome does not depend on the order of the bodies or the
// number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cells/bodies.hpp"
#include "cells/mechanics.hpp"
#include "cells/neighbourhood.hpp"
#include "core/parallel.hpp"
#include "core/time.hpp"

namespace stroma::cells {

/// One behaviour: actors, their rates, and who may be a target.
struct ContactBehaviour {
  std::uint8_t kind = 0;              ///< the caller's number; comes back with each event
  std::span<const float> rate;        ///< per body, 1/min, >= 0; 0: not an actor
  std::span<const std::uint8_t> may;  ///< per body: nonzero where it may be a target
  bool exclusive = true;              ///< a target serves one actor per call (it is eaten once)
  std::uint64_t key = 0;              ///< of its draws: two behaviours of one actor have two
};

struct ContactEvent {
  std::uint32_t actor = 0, target = 0;  ///< indices of bodies
  std::uint8_t kind = 0;
};

/// Scratch of propose_contacts; kept, so that no step allocates.
struct ContactWork {
  struct Part {  ///< of one chunk of bodies
    std::vector<ContactEvent> events;
    std::vector<std::uint32_t> targets;
  };
  std::vector<Part> parts;
  std::vector<std::uint8_t> busy;  ///< per body
};

/// An actor with at least one possible target in contact (surface distance < plan.contact) acts within
/// `minutes` with probability 1 - exp(-rate minutes), on one of its possible targets, each as likely. The
/// draw is keyed by (seed, contact, id of the actor, tick, kind). Events come sorted by (kind, id of the
/// actor); where `exclusive`, later events on the same target are dropped, and no body that is a target also
/// acts in the same behaviour after it.
void propose_contacts(Bodies& bodies, const MechanicsPlan& plan, Neighbourhood& neighbourhood,
                      std::span<const ContactBehaviour> behaviours, std::uint64_t seed, core::Tick tick,
                      double minutes, core::Threads threads, ContactWork& work,
                      std::vector<ContactEvent>& events);

/// Indices of the bodies in contact with body i, ascending by id, into `out`. The lists must be fresh (see
/// refresh).
void contacts_of(const Bodies& bodies, const MechanicsPlan& plan, const Neighbourhood& neighbourhood,
                 std::size_t i, std::vector<std::uint32_t>& out);

}  // namespace stroma::cells

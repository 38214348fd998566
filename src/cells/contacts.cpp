// See contacts.hpp.
#include "cells/contacts.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/maths.hpp"
#include "core/random.hpp"

namespace stroma::cells {

void contacts_of(const Bodies& bodies, const MechanicsPlan& plan, const Neighbourhood& nb, std::size_t i,
                 std::vector<std::uint32_t>& out) {
  out.clear();
  const double contact = plan.contact * lattice_of(plan.domain).per_um;
  const Point& p = nb.points[i];
  for (const std::uint32_t j : nb.of(i)) {
    const Point& q = nb.points[j];
    const double dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z;
    const double reach = static_cast<double>(p.radius) + static_cast<double>(q.radius) + contact;
    if (dx * dx + dy * dy + dz * dz < reach * reach) out.push_back(j);
  }
  std::sort(out.begin(), out.end(),
            [&](std::uint32_t a, std::uint32_t b) { return bodies.id[a] < bodies.id[b]; });
}

void propose_contacts(Bodies& bodies, const MechanicsPlan& plan, Neighbourhood& nb,
                      std::span<const ContactBehaviour> behaviours, std::uint64_t seed, core::Tick tick,
                      double minutes, core::Threads threads, ContactWork& work,
                      std::vector<ContactEvent>& events) {
  events.clear();
  const std::size_t n = bodies.size();
  const auto active = [](const ContactBehaviour& b) {
    return std::any_of(b.rate.begin(), b.rate.end(), [](float rate) { return rate > 0.0F; });
  };
  if (n == 0 || std::none_of(behaviours.begin(), behaviours.end(), active)) return;
  refresh(nb, bodies, plan, threads);
  constexpr std::size_t chunk = 1024;
  const std::size_t chunks = core::chunk_count(n, chunk);
  if (work.parts.size() < chunks) work.parts.resize(chunks);
  for (const ContactBehaviour& behaviour : behaviours) {
    core::require(behaviour.rate.size() == n && behaviour.may.size() == n,
                  "one rate and one target flag per body");
    if (!active(behaviour)) continue;
    core::for_chunks(n, chunk, threads, [&](std::size_t begin, std::size_t end) {
      auto& [mine, targets] = work.parts[begin / chunk];
      mine.clear();
      mine.reserve(chunk);  // an event per actor at most
      targets.reserve(64);  // cells of alike size touch a dozen
      for (std::size_t i = begin; i < end; ++i) {
        if (!(behaviour.rate[i] > 0.0F)) continue;
        contacts_of(bodies, plan, nb, i, targets);
        std::erase_if(targets, [&](std::uint32_t j) { return behaviour.may[j] == 0; });
        if (targets.empty()) continue;
        core::Stream stream(core::derive_seed(seed, behaviour.key), core::Purpose::contact, bodies.id[i],
                            tick.count);
        if (stream.uniform() >= -core::maths::expm1(-static_cast<double>(behaviour.rate[i]) * minutes))
          continue;
        const auto pick = static_cast<std::size_t>(stream.uniform() * static_cast<double>(targets.size()));
        mine.push_back({static_cast<std::uint32_t>(i), targets[pick], behaviour.kind});
      }
    });
    const auto from = static_cast<std::ptrdiff_t>(events.size());
    for (std::size_t c = 0; c < chunks; ++c)
      events.insert(events.end(), work.parts[c].events.begin(), work.parts[c].events.end());
    std::sort(events.begin() + from, events.end(), [&](const ContactEvent& a, const ContactEvent& b) {
      return bodies.id[a.actor] < bodies.id[b.actor];
    });
    if (!behaviour.exclusive) continue;
    std::vector<std::uint8_t>& busy = work.busy;
    busy.assign(n, 0);
    events.erase(std::remove_if(events.begin() + from, events.end(),
                                [&](const ContactEvent& e) {
                                  if (busy[e.target] != 0 || busy[e.actor] == 1) return true;
                                  busy[e.target] = 1;                         // taken
                                  if (busy[e.actor] == 0) busy[e.actor] = 2;  // acts, and cannot be taken
                                  return false;
                                }),
                 events.end());
  }
}

}  // namespace stroma::cells

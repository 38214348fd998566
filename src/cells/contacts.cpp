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

namespace {

using Clock = ContactWork::Clock;

// The clocks of one step, from the first that rings to the last.
class ContactProcess {
 public:
  ContactProcess(const Bodies& bodies, const MechanicsPlan& plan, const Neighbourhood& nb,
                 std::span<const ContactBehaviour> behaviours, std::span<Condition> condition, double minutes,
                 ContactWork& work, std::vector<ContactEvent>& events)
      : bodies_(bodies),
        plan_(plan),
        nb_(nb),
        behaviours_(behaviours),
        condition_(condition),
        minutes_(minutes),
        work_(work),
        events_(events) {}

  void run() {
    work_.queue.clear();
    for (std::uint32_t c = 0; c < work_.clocks.size(); ++c) work_.queue.push_back(c);
    std::make_heap(work_.queue.begin(), work_.queue.end(), Later{*this});
    while (!work_.queue.empty()) {
      std::pop_heap(work_.queue.begin(), work_.queue.end(), Later{*this});
      const std::uint32_t c = work_.queue.back();
      work_.queue.pop_back();
      ring(c);
    }
    for (const Clock& clock : work_.clocks)
      if (clock.body < work_.asleep.size()) work_.asleep[clock.body] = 0;
  }

 private:
  // The order of the queue, whose front is what rings next.
  struct Later {
    const ContactProcess& process;
    bool operator()(std::uint32_t a, std::uint32_t b) const {
      const Clock &x = process.work_.clocks[a], &y = process.work_.clocks[b];
      if (x.next != y.next) return x.next > y.next;
      if (x.body != y.body) return process.bodies_.id[x.body] > process.bodies_.id[y.body];
      return x.behaviour > y.behaviour;
    }
  };

  bool may(const ContactBehaviour& behaviour, std::uint32_t body) const {
    return is_one_of(condition_[body], behaviour.acts_on) &&
           (behaviour.is_target.empty() || behaviour.is_target[bodies_.type[body]] != 0);
  }

  void ring(std::uint32_t c) {
    Clock& clock = work_.clocks[c];
    if (condition_[clock.body] != Condition::live) return;
    const ContactBehaviour& behaviour = behaviours_[clock.behaviour];
    std::vector<std::uint32_t>& targets = work_.targets;
    contacts_of(bodies_, plan_, nb_, clock.body, targets);
    std::erase_if(targets, [&](std::uint32_t body) { return !may(behaviour, body); });
    if (targets.empty()) {
      sleep(c);
      return;
    }
    const auto pick = static_cast<std::size_t>(clock.draws.uniform() * static_cast<double>(targets.size()));
    const std::uint32_t target = targets[pick];
    events_.push_back({clock.body, target, clock.behaviour, clock.next});
    if (condition_[target] != behaviour.leaves) {
      condition_[target] = behaviour.leaves;
      wake_around(target, clock.next);
    }
    wind(c, clock.next);
  }

  void wind(std::uint32_t c, double now) {
    Clock& clock = work_.clocks[c];
    clock.next = now + clock.draws.exponential() / static_cast<double>(clock.rate);
    if (!(clock.next < minutes_)) return;
    work_.queue.push_back(c);
    std::push_heap(work_.queue.begin(), work_.queue.end(), Later{*this});
  }

  // A clock without a target would ring in vain until there is one. It has no memory, so that it may as well
  // stand still until then, however fast it is.
  void sleep(std::uint32_t c) {
    Clock& clock = work_.clocks[c];
    const Conditions wanted = behaviours_[clock.behaviour].acts_on;
    if (std::ranges::none_of(behaviours_, [&](const auto& b) {
          return is_one_of(b.leaves, wanted) && b.acts_on != only(b.leaves);
        }))
      return;
    if (work_.asleep.size() != bodies_.size()) work_.asleep.assign(bodies_.size(), 0);
    clock.asleep_after = work_.asleep[clock.body];
    work_.asleep[clock.body] = c + 1;
    ++sleepers_;
  }

  void wake_around(std::uint32_t target, double now) {
    if (sleepers_ == 0) return;
    contacts_of(bodies_, plan_, nb_, target, work_.around);
    for (const std::uint32_t body : work_.around) {
      std::uint32_t* link = &work_.asleep[body];
      while (*link != 0) {
        const std::uint32_t c = *link - 1;
        Clock& clock = work_.clocks[c];
        if (may(behaviours_[clock.behaviour], target)) {
          *link = clock.asleep_after;
          --sleepers_;
          wind(c, now);
        } else {
          link = &clock.asleep_after;
        }
      }
    }
  }

  const Bodies& bodies_;
  const MechanicsPlan& plan_;
  const Neighbourhood& nb_;
  std::span<const ContactBehaviour> behaviours_;
  std::span<Condition> condition_;
  double minutes_;
  ContactWork& work_;
  std::vector<ContactEvent>& events_;
  std::size_t sleepers_ = 0;
};

// The clocks of a behaviour that ring within the step.
void start_clocks(std::uint32_t behaviour, std::span<const ContactActor> actors, std::uint64_t seed,
                  const Bodies& bodies, core::Tick tick, double minutes, core::Threads threads,
                  ContactWork& work) {
  constexpr std::size_t chunk = 1024;
  const std::size_t chunks = core::chunk_count(actors.size(), chunk);
  if (work.parts.size() < chunks) work.parts.resize(chunks);
  core::for_chunks(actors.size(), chunk, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<Clock>& mine = work.parts[begin / chunk];
    mine.clear();
    mine.reserve(chunk);
    for (const ContactActor& actor : actors.subspan(begin, end - begin)) {
      core::Stream draws(seed, core::Purpose::contact, bodies.id[actor.body], tick.count);
      const double first = draws.exponential() / static_cast<double>(actor.rate);
      if (first < minutes) mine.push_back({first, actor.body, behaviour, actor.rate, draws});
    }
  });
  for (std::size_t c = 0; c < chunks; ++c)
    work.clocks.insert(work.clocks.end(), work.parts[c].begin(), work.parts[c].end());
}

}  // namespace

void contact_events(Bodies& bodies, const MechanicsPlan& plan, Neighbourhood& nb,
                    std::span<const ContactBehaviour> behaviours, std::span<Condition> condition,
                    std::uint64_t seed, core::Tick tick, double minutes, core::Threads threads,
                    ContactWork& work, std::vector<ContactEvent>& events) {
  core::require(condition.size() == bodies.size(), "one condition per body");
  std::size_t actors = 0;
  for (const ContactBehaviour& behaviour : behaviours) actors += behaviour.actors.size();
  work.clocks.clear();
  work.clocks.reserve(actors);
  work.queue.reserve(actors);
  for (std::uint32_t b = 0; b < behaviours.size(); ++b)
    start_clocks(b, behaviours[b].actors, core::derive_seed(seed, behaviours[b].key), bodies, tick, minutes,
                 threads, work);
  if (work.clocks.empty()) return;
  refresh(nb, bodies, plan, threads);
  ContactProcess(bodies, plan, nb, behaviours, condition, minutes, work, events).run();
}

}  // namespace stroma::cells

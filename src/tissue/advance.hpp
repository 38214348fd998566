// The time loop of cells, whatever surrounds them. It reads like the method; what each verb does in a setting
// stands in coupling.hpp (a culture) and tissue_loop.hpp (space). Private to the module but for its
// observers.
#pragma once

#include "tissue/populations.hpp"

namespace stroma::tissue {

/// Watches a run; cannot change it.
template <class State, class Plan>
class Watcher {
 public:
  virtual ~Watcher() = default;
  /// Called after every step.
  virtual void observe(const State& state, const Plan& plan) = 0;
};

/// Advances `s` to `end`: each verb advances one process over one coupling step with what the others left,
/// first-order splitting. A setting without a process has an empty verb.
template <class State, class Plan, class Workspace>
void run_steps(State& s, const Plan& plan, Workspace& work, core::Tick end, Watcher<State, Plan>* observer) {
  while (s.tick < end) {
    const Step step = next_step(plan, s.tick, end);  // integer ticks: what is due
    administer(step, plan, s);                       // doses, medium changes, what the outside holds
    exchange(step, plan, s, work);                   // what cells give to and take from their surroundings
    diffuse(step, plan, s, work);                    // it spreads, reacts and decays; a medium is mixed
    receive(step, plan, s, work);                    // the drug that left the surroundings is in the cells
    sense(step, plan, s, work);                      // receptors bind, drugs inside engage their targets
    signal(step, plan, s, work);                     // logic ODEs
    decide(step, plan, s, work);                     // rules -> rates -> who has an event; proposes only
    attach(step, plan, s, work);                     // springs between cells form and break
    move(step, plan, s, work);                       // forces and migration; nothing where there is no space
    grow(step, plan, s, work);                       // volumes; drugs inside are diluted
    commit(step, plan, s, work);                     // births, deaths, contacts, in id order
    require_physical(step, plan, s);                 // finite, bounded, mass balance
    s.tick = step.end;
    ++s.counters.steps;
    if (observer != nullptr) observer->observe(s, plan);
  }
}

}  // namespace stroma::tissue

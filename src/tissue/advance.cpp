#include "tissue/advance.hpp"

namespace stroma::tissue {

void advance(State& s, const Plan& plan, Workspace& work, core::Tick end, Observer* observer) {
  if (observer != nullptr) observer->observe(s, plan);
  while (s.tick < end) {
    const Step step = next_step(plan, s.tick, end);  // integer ticks: what is due
    administer(step, plan, s);                       // doses and medium changes at the step's start
    exchange(step, plan, s, work);                   // secretion, uptake and decay in the medium
    sense(step, plan, s, work);                      // receptors bind, drugs enter cells and engage targets
    signal(step, plan, s, work);                     // logic ODEs
    decide(step, plan, s, work);                     // rules -> rates -> who has an event; proposes only
    commit(step, plan, s, work);                     // births and deaths, in order
    require_physical(step, plan, s);                 // finite, bounded, mass balance
    s.tick = step.end;
    ++s.counters.steps;
    if (observer != nullptr) observer->observe(s, plan);
  }
}

}  // namespace stroma::tissue

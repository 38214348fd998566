#include "tissue/tissue_loop.hpp"

namespace stroma::tissue {

void advance(TissueState& s, const TissuePlan& plan, TissueWorkspace& work, core::Tick end,
             TissueObserver* observer) {
  while (s.tick < end) {
    const Step step = next_step(plan, s.tick, end);  // integer ticks: what is due
    administer(step, plan, s);                       // what the surroundings contain
    exchange(step, plan, s, work);                   // sources and sinks that the cells are to their voxels
    diffuse(step, plan, s, work);                    // reaction-diffusion with what the cells do
    receive(step, plan, s, work);                    // the drug that left the voxels is in the cells
    sense(step, plan, s, work);                      // receptors bind, drugs inside engage their targets
    signal(step, plan, s, work);                     // logic ODEs
    decide(step, plan, s, work);                     // rules -> rates -> who has an event; proposes only
    attach(step, plan, s, work);                     // springs between cells form and break
    move(step, plan, s, work);                       // forces and migration
    grow(step, plan, s, work);                       // volumes; drugs inside are diluted
    commit(step, plan, s, work);                     // births, deaths, contacts, in id order
    require_physical(step, plan, s);                 // finite, bounded
    s.tick = step.end;
    ++s.counters.steps;
    if (observer != nullptr) observer->observe(s, plan);
  }
}

}  // namespace stroma::tissue

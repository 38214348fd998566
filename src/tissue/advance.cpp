#include "tissue/advance.hpp"

#include "tissue/coupling.hpp"
#include "tissue/tissue_loop.hpp"

namespace stroma::tissue {

void advance(State& s, const Plan& plan, Workspace& work, core::Tick end, Observer* observer) {
  run_steps(s, plan, work, end, observer);
}

void advance(TissueState& s, const TissuePlan& plan, TissueWorkspace& work, core::Tick end,
             TissueObserver* observer) {
  run_steps(s, plan, work, end, observer);
}

}  // namespace stroma::tissue

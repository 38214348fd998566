// The time loop of a culture. It reads like the method; what each verb does stands beside it in coupling.hpp.
#pragma once

#include "tissue/coupling.hpp"
#include "tissue/culture.hpp"

namespace stroma::tissue {

/// Watches a run; cannot change it.
class Observer {
 public:
  virtual ~Observer() = default;
  /// Called after every step, and once before the first.
  virtual void observe(const State& state, const Plan& plan) = 0;
};

/// Advances `s` to `end`. Throws core::NumericalError (tick, process, cell, value, bound) or
/// core::LimitError; the state is then not to be used.
void advance(State& s, const Plan& plan, Workspace& work, core::Tick end, Observer* observer = nullptr);

}  // namespace stroma::tissue

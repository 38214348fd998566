// The verbs of the loop: each advances one process over one step, in the order in which advance.hpp calls
// them (first-order splitting; its order is measured by a test). Scratch memory lives in Workspace and is
// reused.
#pragma once

#include <vector>

#include "tissue/advance.hpp"
#include "tissue/behaviours.hpp"
#include "tissue/culture.hpp"
#include "tissue/drive.hpp"

namespace stroma::tissue {

/// Scratch of one culture; holds no state.
struct Workspace {
  struct PerPopulation : LifeWork, DriveWork {};
  std::vector<PerPopulation> populations;
  /// What the cells do to the medium per minute: secretion [nM um^3/min], clearance [um^3/min], consumption
  /// at most [nM um^3/min].
  struct Flows {
    double secretion = 0.0, clearance = 0.0, consumption = 0.0;
  };
  std::vector<std::vector<Flows>> flows;  ///< [substance][population]
  network::Workspace network;
  std::vector<cells::Change> converting;
};

using Observer = Watcher<State, Plan>;

/// Advances `s` to `end`. Throws core::NumericalError (tick, process, cell, value, bound) or
/// core::LimitError; the state is then not to be used.
void advance(State& s, const Plan& plan, Workspace& work, core::Tick end, Observer* observer = nullptr);

/// The next step: one coupling step, cut short where a treatment, a medium change or the end is nearer.
Step next_step(const Plan& plan, core::Tick now, core::Tick end);

void administer(const Step& step, const Plan& plan, State& s);
void exchange(const Step& step, const Plan& plan, State& s, Workspace& work);
void diffuse(const Step& step, const Plan& plan, State& s, Workspace& work);  ///< mixed: one volume
void receive(const Step& step, const Plan& plan, State& s, Workspace& work);
void sense(const Step& step, const Plan& plan, State& s, Workspace& work);
void signal(const Step& step, const Plan& plan, State& s, Workspace& work);
void decide(const Step& step, const Plan& plan, const State& s, Workspace& work);
/// A culture has no space: nobody touches, moves or is squeezed, and cells have one volume.
inline void attach(const Step&, const Plan&, State&, Workspace&) {}
inline void move(const Step&, const Plan&, State&, Workspace&) {}
inline void grow(const Step&, const Plan&, State&, Workspace&) {}
void commit(const Step& step, const Plan& plan, State& s, Workspace& work);
void require_physical(const Step& step, const Plan& plan, const State& s);

}  // namespace stroma::tissue

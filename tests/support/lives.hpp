// Populations that live without a medium or a network, at rates that the test sets.
#pragma once

#include <cstdint>
#include <vector>

#include "cells/life.hpp"

namespace stroma::test {

/// Rates of all cells, 1/min.
struct ConstantRates {
  double cycle_entry = 0.0, apoptosis = 0.0, necrosis = 0.0;
};

/// A population with everything that a step of it needs.
class Lives {
 public:
  Lives(cells::LifePlan life_plan, std::size_t founders, ConstantRates rates)
      : plan(std::move(life_plan)), rates_(rates) {
    cells::seed_founders(cells, plan, founders, 1, rates.cycle_entry);
    next_id = founders + 1;
  }

  void step(double minutes) {
    cycle_entry_.assign(cells.size(), static_cast<float>(rates_.cycle_entry));
    apoptosis_.assign(cells.size(), static_cast<float>(rates_.apoptosis));
    necrosis_.assign(cells.size(), static_cast<float>(rates_.necrosis));
    const cells::Rates rates{cycle_entry_, apoptosis_, necrosis_};
    cells::propose(proposals, cells, plan, rates, minutes, {1});
    const cells::Tally t = cells::commit(cells, changes, next_id, proposals, plan, rates, minutes);
    tally.births += t.births;
    tally.apoptoses += t.apoptoses;
    tally.necroses += t.necroses;
    tally.lyses += t.lyses;
  }

  void run(double minutes, double dt) {
    const auto steps = static_cast<long>(minutes / dt + 0.5);
    for (long k = 0; k < steps; ++k) step(dt);
  }

  /// Live cells per founder, lineages 1 to n.
  std::vector<double> clone_sizes(std::size_t founders) const {
    std::vector<double> sizes(founders, 0.0);
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (cells.fate[i] == cells::Fate::live) sizes[cells.lineage[i] - 1] += 1.0;
    return sizes;
  }

  cells::LifePlan plan;
  cells::Lives cells;
  cells::Proposals proposals;
  std::vector<cells::Change> changes;
  cells::Tally tally;
  std::uint64_t next_id = 1;

 private:
  ConstantRates rates_;
  std::vector<float> cycle_entry_, apoptosis_, necrosis_;
};

inline cells::LifePlan life_plan(std::vector<model::Phase> cycle, std::uint64_t seed) {
  cells::LifePlan plan;
  plan.cycle = std::move(cycle);
  plan.early_apoptosis = {60.0, 1};
  plan.late_apoptosis = {60.0, 1};
  plan.seed = seed;
  return plan;
}

}  // namespace stroma::test

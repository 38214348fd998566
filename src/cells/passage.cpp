#include "cells/passage.hpp"

#include <algorithm>

#include "cells/life_draws.hpp"
#include "core/errors.hpp"

namespace stroma::cells {
namespace {

// What of a budget is left where it must not run out: the next one did, at the same moment.
constexpr float hardly_any = 1e-30f;

}  // namespace

bool has_run_out(const Lives& cells, std::size_t i) {
  return std::any_of(cells.conversion_budgets.begin(), cells.conversion_budgets.end(),
                     [i](const std::vector<float>& budget) { return budget[i] == 0.0f; });
}

LifeMap map_life(const LifePlan& from, const LifePlan& to) {
  LifeMap map;
  std::vector<bool> taken(from.traits.size(), false);  // two may have one target: they go by their order
  for (const model::Trait& trait : to.traits) {
    int same = -1;
    for (std::size_t t = 0; t < from.traits.size() && same < 0; ++t)
      if (!taken[t] && from.traits[t].target == trait.target) same = static_cast<int>(t);
    if (same >= 0) taken[static_cast<std::size_t>(same)] = true;
    map.trait.push_back(same);
  }
  for (const model::Phase& phase : from.cycle) {
    const auto same = std::find_if(to.cycle.begin(), to.cycle.end(),
                                   [&](const model::Phase& other) { return other.name == phase.name; });
    map.phase.push_back(same == to.cycle.end() ? std::uint8_t{0}
                                               : static_cast<std::uint8_t>(same - to.cycle.begin()));
  }
  return map;
}

void convert(const Lives& from, std::size_t i, Lives& to, const LifeMap& map, const LifePlan& plan) {
  core::require(from.fate[i] == Fate::live, "a dying cell does not convert");
  const std::size_t at = to.append_copy(to.size());
  to.id[at] = from.id[i];
  to.lineage[at] = from.lineage[i];
  to.draws[at] = from.draws[i];
  for (std::size_t t = 0; t < map.trait.size(); ++t)
    to.traits[t][at] = map.trait[t] >= 0 ? from.traits[static_cast<std::size_t>(map.trait[t])][i]
                                         : founding_trait(plan, t, to.id[at]);
  if (!plan.cycle.empty()) {
    to.phase[at] = map.phase.empty() ? std::uint8_t{0} : map.phase[from.phase[i]];
    core::Stream stream = next_stream(to, at, core::Purpose::cycle, plan.seed);
    to.cycle_budget[at] = static_cast<float>(erlang(stream, plan.cycle[to.phase[at]].stages));
  }
  for (std::size_t m = 0; m < to.marks.size(); ++m) to.marks[m][at] = from.marks[m][i];
  core::Stream stream = next_stream(to, at, core::Purpose::fate, plan.seed);
  to.death_budget[at] = static_cast<float>(stream.exponential());
  draw_conversions(to, at, plan);
}

void find_conversions(std::vector<Change>& changes, const Lives& cells) {
  if (cells.conversion_budgets.empty()) return;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells.fate[i] != Fate::live) continue;
    for (std::size_t c = 0; c < cells.conversion_budgets.size(); ++c) {
      if (cells.conversion_budgets[c][i] != 0.0f) continue;
      changes.push_back(
          {Change::Kind::conversion, static_cast<std::uint32_t>(i), 0, static_cast<std::uint32_t>(c)});
      break;
    }
  }
}

void spend_conversions(Lives& cells, std::size_t i, const Rates& rates, std::size_t like, double minutes) {
  if (has_run_out(cells, i)) return;
  const auto rate_of = [&](std::size_t c) {
    return rates.conversions[c].empty() ? 0.0 : static_cast<double>(rates.conversions[c][like]);
  };
  std::size_t first = cells.conversion_budgets.size();
  for (std::size_t c = 0; c < cells.conversion_budgets.size(); ++c) {
    const double rate = rate_of(c), budget = cells.conversion_budgets[c][i];
    if (!(rate * minutes >= budget)) continue;
    minutes = budget / rate;
    first = c;
  }
  for (std::size_t c = 0; c < cells.conversion_budgets.size(); ++c) {
    float& budget = cells.conversion_budgets[c][i];
    budget = c == first ? 0.0f : std::max(hardly_any, static_cast<float>(budget - rate_of(c) * minutes));
  }
}

}  // namespace stroma::cells

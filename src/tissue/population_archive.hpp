// The walk over what cells carry, whatever surrounds them: the one place that names their arrays for hash,
// checkpoint and restart, in a culture and in space. Private to the module.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/archive.hpp"
#include "tissue/populations.hpp"

namespace stroma::tissue {

template <class Archive, class C>
void walk_counters(Archive& archive, C& c) {
  archive("counters/births", c.tally.births);
  archive("counters/apoptoses", c.tally.apoptoses);
  archive("counters/necroses", c.tally.necroses);
  archive("counters/lyses", c.tally.lyses);
  archive("counters/steps", c.steps);
  archive("counters/mechanics_steps", c.mechanics_steps);
  archive("counters/field_steps", c.field_steps);
  archive("counters/list_rebuilds", c.list_rebuilds);
  archive("counters/reflections", c.reflections);
  archive("counters/coincidences", c.coincidences);
  archive("counters/attacks", c.attacks);
  archive("counters/phagocytoses", c.phagocytoses);
  archive("counters/negative_voxels", c.negative_voxels);
  archive("counters/worst_balance", c.worst_balance);
  archive("counters/network/substeps", c.network.substeps);
  archive("counters/network/missed", c.network.missed);
  archive("counters/network/out_of_bounds", c.network.out_of_bounds);
  archive("counters/network/worst_excursion", c.network.worst_excursion);
  archive("counters/network/largest_error", c.network.largest_error);
  if (!c.arrivals.empty()) archive("counters/arrivals", c.arrivals);
  if (!c.conversions.empty()) archive("counters/conversions", c.conversions);
  if (!c.contacts.empty()) archive("counters/contacts", c.contacts);
}

/// All arrays of the cells of population k, under "cohorts/k/": their name in hashes and checkpoints, which
/// outlives the word.
template <class Archive, class C>
void walk_population(Archive& archive, C& population, std::size_t k) {
  constexpr bool restoring = !std::is_const_v<C>;
  const std::string prefix = fmt::format("cohorts/{}/", k);
  const auto name = [&](std::string_view array) { return prefix + std::string(array); };
  auto& cells = population.cells;
  archive(name("id"), cells.id);
  archive(name("lineage"), cells.lineage);
  archive(name("draws"), cells.draws);
  archive(name("fate"), cells.fate);
  archive(name("phase"), cells.phase);
  archive(name("cycle_budget"), cells.cycle_budget);
  archive(name("death_budget"), cells.death_budget);
  for (std::size_t t = 0; t < cells.traits.size(); ++t)
    archive(name(fmt::format("traits/{}", t)), cells.traits[t]);
  for (std::size_t c = 0; c < cells.conversion_budgets.size(); ++c)
    archive(name(fmt::format("conversion_budgets/{}", c)), cells.conversion_budgets[c]);
  for (std::size_t m = 0; m < cells.marks.size(); ++m)
    archive(name(fmt::format("marks/{}", m)), cells.marks[m]);
  for (std::size_t d = 0; d < population.held.size(); ++d)
    archive(name(fmt::format("held/{}", d)), population.held[d]);
  if constexpr (restoring) population.activities.resize(cells.id.size());
  for (std::size_t slot = 0; slot < population.activities.nodes(); ++slot)
    archive(name(fmt::format("activities/{}", slot)), population.activities.node(slot));
}

/// What the populations gave and took of substance i.
template <class Archive, class Ports>
void walk_ports(Archive& archive, Ports& ports, std::size_t i) {
  for (std::size_t k = 0; k < ports.size(); ++k)
    for (const auto& [name, port] : cell_ports)
      archive(fmt::format("budgets/{}/cohorts/{}/{}", i, k, name), ports[k].*port);
}

/// Everything of the populations but their ports, which stand with the accounts of the substances; what
/// surrounds them follows it.
template <class Archive, class P>
void walk_populations(Archive& archive, P& s) {
  archive("tick", s.tick.count);
  archive("next_id", s.next_id);
  walk_counters(archive, s.counters);
  for (std::size_t k = 0; k < s.populations.size(); ++k) walk_population(archive, s.populations[k], k);
}

/// Throws InputError where the populations' counters are not those of the plan.
void require_consistent(const Counters& counters, const PopulationsPlan& plan);

/// Throws InputError where a restored population's arrays differ in length (`holds(d)`: whether drug d is
/// held at all) or a cell has a phase or fate that does not exist.
void require_consistent(const Population& population, const PopulationPlan& plan, std::size_t k,
                        const std::vector<bool>& holds);

[[noreturn]] void refuse_state(const std::string& what);

}  // namespace stroma::tissue

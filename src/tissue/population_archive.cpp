#include "tissue/population_archive.hpp"

#include <algorithm>

#include "core/diagnostics.hpp"
#include "core/errors.hpp"

namespace stroma::tissue {

void refuse_state(const std::string& what) {
  core::Diagnostics problems;
  problems.add("state-does-not-fit", {}, what, fmt::format("the saved state does not fit together: {}", what),
               "the checkpoint belongs to another run, or the program that wrote it had a fault");
  problems.throw_if_any();
  throw core::InternalError("unreachable");
}

void require_consistent(const Counters& counters, const PopulationsPlan& plan) {
  const Counters wanted = empty_populations(plan, 0).counters;
  if (counters.arrivals.size() != wanted.arrivals.size() ||
      counters.conversions.size() != wanted.conversions.size() ||
      counters.contacts.size() != wanted.contacts.size())
    refuse_state("counters of arrivals, conversions or contacts are not those of the populations");
}

void require_consistent(const Population& population, const PopulationPlan& plan, std::size_t k,
                        const std::vector<bool>& holds) {
  const cells::Lives& p = population.cells;
  const std::size_t n = p.id.size();
  const auto fits = [&](const auto& array) { return array.size() == n; };
  bool good = fits(p.lineage) && fits(p.draws) && fits(p.fate) && fits(p.phase) && fits(p.cycle_budget) &&
              fits(p.death_budget);
  for (const auto& trait : p.traits) good = good && fits(trait);
  for (const auto& budget : p.conversion_budgets) good = good && fits(budget);
  for (const auto& mark : p.marks) good = good && fits(mark);
  for (std::size_t d = 0; d < population.held.size(); ++d)
    good = good && population.held[d].size() == (holds[d] ? n : 0);
  if (!good) refuse_state(fmt::format("cohorts/{} has arrays of different lengths", k));
  const std::size_t phases = std::max<std::size_t>(1, plan.life.cycle.size());
  for (std::size_t i = 0; i < n; ++i)
    if (p.phase[i] >= phases || static_cast<int>(p.fate[i]) > static_cast<int>(cells::Fate::gone))
      refuse_state(fmt::format("cohorts/{}: cell {} has a phase or fate that does not exist", k, i));
}

}  // namespace stroma::tissue

#include "tissue/culture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "tissue/culture_passage.hpp"

namespace stroma::tissue {
namespace {

// Cells keep the weight of the type that they were plated as when they become another.
void weigh_populations(Plan& plan, core::Diagnostics& problems) {
  const std::size_t n = plan.populations.size();
  std::vector<bool> is_known(n, false);
  for (std::size_t k = 0; k < n; ++k) {
    is_known[k] = plan.setup.cells[k].count > 0;
    if (is_known[k]) plan.populations[k].weight = plan.setup.cells[k].weight;
  }
  for (std::size_t pass = 0; pass < n; ++pass)
    for (std::size_t k = 0; k < n; ++k)
      for (const PopulationPlan::Conversion& conversion : plan.populations[k].conversions) {
        if (!is_known[k]) continue;
        PopulationPlan& to = plan.populations[conversion.to];
        if (!is_known[conversion.to]) to.weight = plan.populations[k].weight;
        is_known[conversion.to] = true;
        if (to.weight != plan.populations[k].weight)
          problems.add(
              "weights-differ", {}, "cells",
              fmt::format("cells of {} may become cells of {}, of which each stands for {} times as many",
                          plan.populations[k].program.cell_type, to.program.cell_type,
                          to.weight / plan.populations[k].weight));
      }
}

}  // namespace

Plan compile_culture(std::shared_ptr<const model::Model> m, const CultureSetup& setup,
                     core::Threads threads) {
  core::require(setup.medium.concentration.size() == m->substances.size(), "one concentration per substance");
  core::require(setup.volume > 0.0 && setup.step.count > 0, "a culture needs a volume and a step");
  Plan plan;
  core::Diagnostics problems;
  plan.model = std::move(m);
  plan.setup = setup;
  std::stable_sort(plan.setup.treatments.begin(), plan.setup.treatments.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  // The splitting error grows with the step, so networks need not be resolved far below it: 5e-3 at 15 min,
  // 2e-2 at hours.
  const double strides = core::minutes(setup.step) / 15.0;
  plan.accuracy.tolerance = std::min(2e-2, plan.accuracy.tolerance * std::sqrt(std::max(1.0, strides)));
  plan.threads = threads;
  std::vector<model::Index> types;
  for (const CultureSetup::Cells& cells : setup.cells) types.push_back(cells.type);
  compile_populations(plan, types, setup.arrivals, setup.seed, setup.donor_seed, setup.medium.serum,
                      problems);
  for (std::size_t k = setup.cells.size(); k < plan.populations.size(); ++k)
    plan.setup.cells.push_back({plan.populations[k].type, 0});
  if (problems.empty()) weigh_populations(plan, problems);
  std::vector<std::vector<bool>> has_drug;
  for (const PopulationPlan& population : plan.populations)
    has_drug.emplace_back(population.drugs.size(), true);
  check_arrivals(setup.arrivals, plan, model::Setting::culture, has_drug, problems);
  problems.throw_if_any();
  return plan;
}

State plate(const Plan& plan) {
  State s;
  static_cast<Populations&>(s) = empty_populations(plan, plan.model->substances.size());
  s.medium = {plan.setup.medium, plan.setup.volume};
  s.budgets.resize(plan.model->substances.size());
  for (std::size_t i = 0; i < s.budgets.size(); ++i)
    s.budgets[i].initial = s.medium.solution.concentration[i] * s.medium.volume;
  OutsideOfCulture medium(plan, s);
  for (std::size_t k = 0; k < plan.populations.size(); ++k) {
    const PopulationPlan& population_plan = plan.populations[k];
    const model::CellType& type = plan.model->cell_types[static_cast<std::size_t>(population_plan.type)];
    const double efficiency =
        type.parameters.contains("plating_efficiency") ? type.parameter("plating_efficiency") : 1.0;
    core::Stream stream(plan.setup.seed, core::Purpose::seeding, core::name_key(type.name), -1);
    const auto attached = static_cast<std::size_t>(
        stream.binomial(static_cast<std::int64_t>(plan.setup.cells[k].count), efficiency));
    admit({{}, population_plan.type, attached, {}, {}}, k, s, plan, medium);
  }
  return s;
}

}  // namespace stroma::tissue

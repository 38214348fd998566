#include "tissue/culture.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"

namespace stroma::tissue {
Plan compile_culture(std::shared_ptr<const model::Model> m, const CultureSetup& setup,
                     core::Threads threads) {
  core::require(setup.medium.concentration.size() == m->substances.size(), "one concentration per substance");
  core::require(setup.volume > 0.0 && setup.step.count > 0, "a culture needs a volume and a step");
  Plan plan;
  core::Diagnostics problems;
  for (const CultureSetup::Cells& cells : setup.cells)
    plan.cohorts.push_back(compile_cohort(*m, cells.type, setup.seed, setup.donor_seed, problems));
  problems.throw_if_any();
  plan.model = std::move(m);
  plan.setup = setup;
  std::stable_sort(plan.setup.treatments.begin(), plan.setup.treatments.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  // The splitting error grows with the step, so networks need not be resolved far below it: 5e-3 at 15 min,
  // 2e-2 at hours.
  const double strides = core::minutes(setup.step) / 15.0;
  plan.accuracy.tolerance = std::min(2e-2, plan.accuracy.tolerance * std::sqrt(std::max(1.0, strides)));
  plan.threads = threads;
  return plan;
}

State plate(const Plan& plan) {
  State s;
  s.medium = {plan.setup.medium, plan.setup.volume};
  s.budgets.resize(s.medium.solution.concentration.size());
  s.ports.assign(s.budgets.size(), std::vector<CellPort>(plan.cohorts.size()));
  for (std::size_t i = 0; i < s.budgets.size(); ++i)
    s.budgets[i].initial = s.medium.solution.concentration[i] * s.medium.volume;
  const Solution plain = plain_solution(*plan.model, plan.setup.medium.serum);
  for (std::size_t k = 0; k < plan.cohorts.size(); ++k) {
    const CohortPlan& cohort_plan = plan.cohorts[k];
    const model::CellType& type = plan.model->cell_types[static_cast<std::size_t>(cohort_plan.type)];
    const double efficiency =
        type.parameters.contains("plating_efficiency") ? type.parameter("plating_efficiency") : 1.0;
    core::Stream stream(plan.setup.seed, core::Purpose::seeding, core::name_key(type.name), -1);
    const auto attached = static_cast<std::size_t>(
        stream.binomial(static_cast<std::int64_t>(plan.setup.cells[k].count), efficiency));
    Cohort cohort = found_cohort(cohort_plan, plain, attached, s.next_id, plan.accuracy, plan.threads);
    cohort.held.assign(cohort_plan.drugs.size(), std::vector<double>(attached, 0.0));
    s.next_id += attached;
    s.cohorts.push_back(std::move(cohort));
  }
  return s;
}

}  // namespace stroma::tissue

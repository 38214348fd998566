#include "tissue/culture.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/units.hpp"
#include "tissue/coupling.hpp"

namespace stroma::tissue {
namespace {

// Time over which plated cells settle before the experiment: many times the slowest time constant (60 h), in
// strides that the error control of the network divides where it must.
constexpr double settling_days = 20.0, settling_stride_days = 2.0;

std::size_t position(const std::vector<network::DrugInput>& inputs, model::Index target) {
  const auto found = std::find_if(inputs.begin(), inputs.end(), [target](const network::DrugInput& input) {
    return input.drug_target == target;
  });
  return static_cast<std::size_t>(found - inputs.begin());
}

std::vector<DrugEntry> drug_entries(const model::Model& m, const CohortPlan& plan,
                                    const model::CellType& type) {
  std::vector<DrugEntry> entries;
  for (std::size_t d = 0; d < m.drugs.size(); ++d) {
    const model::Drug& drug = m.drugs[d];
    if (drug.influx <= 0.0) continue;
    DrugEntry entry;
    entry.drug = static_cast<model::Index>(d);
    entry.entry = {drug.influx, drug.efflux, drug.efflux_by_transporter};
    entry.free_fraction_in_serum = drug.free_fraction_in_serum;
    if (drug.transporter != model::none) entry.transporter = plan.program.slot(drug.transporter);
    for (std::size_t t = 0; t < type.traits.size(); ++t)
      if (type.traits[t].drug == entry.drug) entry.influx_trait = static_cast<int>(t);
    for (std::size_t k = 0; k < m.drug_targets.size(); ++k) {
      const model::DrugTarget& target = m.drug_targets[k];
      if (target.drug != entry.drug || target.mode == model::TargetMode::competes) continue;
      const std::size_t row = position(plan.program.drug_inputs, static_cast<model::Index>(k));
      if (row == plan.program.drug_inputs.size()) continue;  // the cell type lacks the node
      entry.targets.push_back({row, target.ic50, target.hill, target.mode == model::TargetMode::activates});
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<ReceptorBinding> receptor_bindings(const model::Model& m, const CohortPlan& plan) {
  std::vector<ReceptorBinding> bindings;
  for (std::size_t row = 0; row < plan.program.substance_inputs.size(); ++row) {
    const network::SubstanceInput& input = plan.program.substance_inputs[row];
    ReceptorBinding binding{row, input.substance, input.dissociation_constant, {}};
    for (const model::DrugTarget& target : m.drug_targets) {
      if (target.mode != model::TargetMode::competes || target.node != input.receptor) continue;
      const model::Drug& drug = m.drugs[static_cast<std::size_t>(target.drug)];
      binding.antagonists.push_back({drug.substance, target.ic50, drug.free_fraction_in_serum});
    }
    bindings.push_back(std::move(binding));
  }
  return bindings;
}

std::vector<CohortPlan::Flow> flows(const model::Model& m, const cells::RuleProgram& rules,
                                    std::string_view prefix) {
  std::vector<CohortPlan::Flow> out;
  for (std::size_t b = 0; b < rules.behaviours.size(); ++b) {
    const std::string& name = rules.behaviours[b].name;
    if (!name.starts_with(prefix)) continue;
    const model::Index substance = m.substance(std::string_view(name).substr(prefix.size()));
    core::require(substance != model::none, "a flow of a substance that the model lacks");
    out.push_back({static_cast<int>(b), substance});
  }
  return out;
}

// One lognormal factor per isolate: the same cell type of one donor secretes alike in every vessel.
double donor_factor(const model::CellType& type, model::Index index, std::uint64_t donor_seed) {
  const auto sigma = type.parameters.find("donor_sigma");
  if (sigma == type.parameters.end()) return 1.0;
  core::Stream stream(donor_seed, core::Purpose::donor, static_cast<std::uint64_t>(index));
  return std::exp(sigma->second.value * stream.normal());
}

CohortPlan compile_cohort(const model::Model& m, model::Index index, const CultureSetup& setup,
                          core::Diagnostics& problems) {
  const model::CellType& type = m.cell_types[static_cast<std::size_t>(index)];
  CohortPlan plan;
  plan.type = index;
  plan.cell_volume = type.parameter("volume");
  plan.program = network::compile(m, index);
  plan.rules = cells::compile_rules(m, index, problems);
  plan.life = cells::life_plan(type, core::derive_seed(setup.seed, static_cast<std::uint64_t>(index)));
  plan.drugs = drug_entries(m, plan, type);
  plan.receptors = receptor_bindings(m, plan);
  plan.secretions = flows(m, plan.rules, "secretion:");
  plan.uptakes = flows(m, plan.rules, "uptake:");
  plan.cycle_entry = plan.rules.behaviour("cycle_entry");
  plan.apoptosis = plan.rules.behaviour("apoptosis");
  plan.necrosis = plan.rules.behaviour("necrosis");
  plan.donor_factor = donor_factor(type, index, setup.donor_seed);
  core::require(plan.apoptosis >= 0, "a cell type without a hazard of apoptosis");
  return plan;
}

// Relaxes the networks of a cohort without ligands and drugs: the culture the cells were taken from.
void settle(Cohort& cohort, const CohortPlan& plan, const network::Accuracy& accuracy,
            core::Threads threads) {
  const std::vector<network::InputValues> occupancies(plan.program.substance_inputs.size(),
                                                      network::InputValues::same(0.0f));
  std::vector<network::InputValues> drugs;
  for (const network::DrugInput& input : plan.program.drug_inputs)
    drugs.push_back(network::InputValues::same(input.mode == model::TargetMode::activates ? 0.0f : 1.0f));
  std::vector<network::InputValues> multipliers;
  for (const network::TraitInput& input : plan.program.trait_inputs)
    multipliers.push_back(network::InputValues::each(cohort.cells.traits[input.trait]));
  network::Workspace work;
  for (double day = 0.0; day < settling_days; day += settling_stride_days)
    network::relax(cohort.activities, plan.program, {occupancies, drugs, multipliers},
                   settling_stride_days * core::unit("day"), accuracy, work, threads);
}

// The cell without deviations of its own, at rest in a growing culture.
struct AverageCell {
  double cycle_entry = 0.0;       // rate of leaving the first phase, 1/min
  std::vector<float> activities;  // per slot
};

AverageCell average_cell(const CohortPlan& plan, const Solution& solution,
                         const network::Accuracy& accuracy) {
  Cohort one;
  cells::LifePlan life = plan.life;
  for (model::Trait& trait : life.traits) trait.sigma = 0.0;
  cells::seed_founders(one.cells, life, 1, 1, 1.0);
  one.activities = network::Activities(plan.program.size());
  one.activities.resize(1);
  one.activities.set_cell(0, std::vector<float>(plan.program.basal.begin(), plan.program.basal.end()));
  settle(one, plan, accuracy, {1});
  AverageCell average;
  for (std::size_t slot = 0; slot < plan.program.size(); ++slot)
    average.activities.push_back(one.activities.at(slot, 0));
  if (plan.cycle_entry < 0) return average;
  Workspace::PerCohort work;
  evaluate_behaviours(plan, one, solution, work, {1});
  average.cycle_entry = work.behaviours[static_cast<std::size_t>(plan.cycle_entry)][0];
  return average;
}

}  // namespace

Plan compile_culture(std::shared_ptr<const model::Model> m, const CultureSetup& setup,
                     core::Threads threads) {
  core::require(setup.medium.concentration.size() == m->substances.size(), "one concentration per substance");
  core::require(setup.volume > 0.0 && setup.step.count > 0, "a culture needs a volume and a step");
  Plan plan;
  core::Diagnostics problems;
  for (const CultureSetup::Cells& cells : setup.cells)
    plan.cohorts.push_back(compile_cohort(*m, cells.type, setup, problems));
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
  for (std::size_t i = 0; i < s.budgets.size(); ++i)
    s.budgets[i].initial = s.medium.solution.concentration[i] * s.medium.volume;
  Solution plain = plan.setup.medium;
  std::fill(plain.concentration.begin(), plain.concentration.end(), 0.0);
  for (std::size_t k = 0; k < plan.cohorts.size(); ++k) {
    const CohortPlan& cohort_plan = plan.cohorts[k];
    const model::CellType& type = plan.model->cell_types[static_cast<std::size_t>(cohort_plan.type)];
    const double efficiency =
        type.parameters.contains("plating_efficiency") ? type.parameter("plating_efficiency") : 1.0;
    core::Stream stream(plan.setup.seed, core::Purpose::seeding, static_cast<std::uint64_t>(cohort_plan.type),
                        -1);
    const auto attached = static_cast<std::size_t>(
        stream.binomial(static_cast<std::int64_t>(plan.setup.cells[k].count), efficiency));
    Cohort cohort;
    const AverageCell average = average_cell(cohort_plan, plain, plan.accuracy);
    seed_founders(cohort.cells, cohort_plan.life, attached, s.next_id, average.cycle_entry);
    s.next_id += attached;
    cohort.activities = network::Activities(cohort_plan.program.size());
    cohort.activities.resize(attached);
    for (std::size_t i = 0; i < attached; ++i) cohort.activities.set_cell(i, average.activities);
    settle(cohort, cohort_plan, plan.accuracy, plan.threads);
    cohort.intracellular.assign(cohort_plan.drugs.size(), std::vector<float>(attached, 0.0f));
    s.cohorts.push_back(std::move(cohort));
  }
  return s;
}

std::string state_hash(const State& s) {
  core::Hasher hasher;
  hasher.number(s.tick.count);
  hasher.number(s.next_id);
  s.medium.hash(hasher);
  for (const Budget& b : s.budgets)
    for (const double x : {b.initial, b.added, b.secreted, b.taken_up, b.decayed, b.removed})
      hasher.number(x);
  for (const Cohort& cohort : s.cohorts) {
    cohort.cells.hash(hasher);
    for (std::size_t slot = 0; slot < cohort.activities.nodes(); ++slot)
      hasher.array(cohort.activities.node(slot));
    for (const std::vector<float>& drug : cohort.intracellular) hasher.array(std::span<const float>(drug));
  }
  const cells::Tally& t = s.counters.tally;
  for (const std::int64_t x : {t.births, t.apoptoses, t.necroses, t.lyses, s.counters.steps})
    hasher.number(x);
  return hasher.digest();
}

}  // namespace stroma::tissue

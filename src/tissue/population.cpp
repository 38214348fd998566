// How populations are compiled and founded.
#include "tissue/population.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/errors.hpp"
#include "core/maths.hpp"
#include "core/random.hpp"
#include "core/units.hpp"
#include "tissue/behaviours.hpp"

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

std::vector<DrugEntry> drug_entries(const model::Model& m, const PopulationPlan& plan,
                                    const model::CellType& type) {
  std::vector<DrugEntry> entries;
  for (std::size_t d = 0; d < m.drugs.size(); ++d) {
    const model::Drug& drug = m.drugs[d];
    if (drug.influx <= 0.0) continue;
    DrugEntry entry;
    entry.drug = static_cast<model::Index>(d);
    entry.substance = drug.substance;
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

std::vector<ReceptorBinding> receptor_bindings(const model::Model& m, const PopulationPlan& plan) {
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

// Finds or adds the conversion to a type; none to the cells' own, inherited from a family of both.
void place_conversion(PopulationPlan& plan, const model::Behaviour& what, int index) {
  if (what.operand == plan.type) return;
  auto found = std::ranges::find(plan.conversions, what.operand, &PopulationPlan::Conversion::type);
  if (found == plan.conversions.end()) {
    plan.conversions.push_back({-1, -1, what.operand});
    const std::string_view type = model::operand_name(what.name);
    plan.life.conversions.push_back(core::name_key(fmt::format("conversion:{}", type)));
    found = plan.conversions.end() - 1;
  }
  const bool at_division = what.kind == model::BehaviourKind::asymmetric_division;
  (at_division ? found->division : found->behaviour) = index;
  plan.life.divides_asymmetrically = plan.life.divides_asymmetrically || at_division;
}

void place_behaviours(PopulationPlan& plan) {
  for (std::size_t b = 0; b < plan.rules.behaviours.size(); ++b) {
    const model::Behaviour& what = plan.rules.behaviours[b].what;
    const auto index = static_cast<int>(b);
    const cells::Behaviour* dying = plan.rules.dying(what);
    const int of_the_dying = dying == nullptr ? -1 : static_cast<int>(dying - plan.rules.of_the_dying.data());
    plan.placed[static_cast<std::size_t>(what.kind)].push_back({index, what.operand, of_the_dying});
    if (model::changes_type(what.kind)) place_conversion(plan, what, index);
  }
}

// What the cells of a model carry along: damage where anything damages, and a memory of what a rule reads the
// rise or fall of. The same for all types, so that a cell takes it along when it converts.
std::vector<cells::Mark> marks_of(const model::Model& m) {
  using enum model::SignalKind;
  std::vector<cells::Mark> marks;
  const bool injures = m.has_behaviour(model::BehaviourKind::injury);
  if (injures || m.has_behaviour(model::BehaviourKind::damage_rate))
    marks.push_back({cells::Mark::Kind::damage});
  if (injures) marks.push_back({cells::Mark::Kind::damage_dealt});
  for (std::size_t i = 0; i < m.substances.size(); ++i) {
    const auto index = static_cast<model::Index>(i);
    if (std::ranges::any_of(m.rules, [index](const model::Rule& rule) {
          return rule.signal.of(rise) == index || rule.signal.of(fall) == index;
        }))
      marks.push_back({cells::Mark::Kind::memory, index, -1.0f});
  }
  return marks;
}

// Area of the great circle of a sphere.
double sphere_section(double volume) {
  return std::numbers::pi * core::maths::pow(0.75 * volume / std::numbers::pi, 2.0 / 3.0);
}

// One lognormal factor per isolate: the same cell type of one donor secretes alike in every vessel.
double donor_factor(const model::CellType& type, std::uint64_t donor_seed) {
  const auto sigma = type.parameters.find("donor_sigma");
  if (sigma == type.parameters.end()) return 1.0;
  core::Stream stream(donor_seed, core::Purpose::donor, core::name_key(type.name));
  return core::maths::exp(sigma->second.value * stream.normal());
}

// Occupancies of the receptors in a solution without antagonists.
std::vector<network::InputValues> occupancies_in(const PopulationPlan& plan, const Solution& solution) {
  std::vector<network::InputValues> occupancies(plan.program.substance_inputs.size(),
                                                network::InputValues::same(0.0f));
  for (const ReceptorBinding& binding : plan.receptors) {
    const double ligand = solution.concentration[static_cast<std::size_t>(binding.ligand)];
    occupancies[binding.input_row] =
        network::InputValues::same(static_cast<float>(pharmacology::occupancy(ligand, binding.kd, 0.0)));
  }
  return occupancies;
}

// Relaxes the networks of a population in medium without factors and drugs: the culture the cells were taken
// from.
void settle(Population& population, const PopulationPlan& plan, const Solution& plain,
            const network::Accuracy& accuracy, core::Threads threads) {
  const std::vector<network::InputValues> occupancies = occupancies_in(plan, plain);
  std::vector<network::InputValues> drugs;
  for (const network::DrugInput& input : plan.program.drug_inputs) drugs.push_back(without_drug(input));
  std::vector<network::InputValues> multipliers;
  for (const network::TraitInput& input : plan.program.trait_inputs)
    multipliers.push_back(network::InputValues::each(population.cells.traits[input.trait]));
  network::Workspace work;
  for (double day = 0.0; day < settling_days; day += settling_stride_days)
    network::relax(population.activities, plan.program, {occupancies, drugs, multipliers},
                   settling_stride_days * core::unit("day"), accuracy, work, threads);
}

// The cell without deviations of its own, at rest in a growing culture.
struct AverageCell {
  double cycle_entry = 0.0;       // rate of leaving the first phase, 1/min
  std::vector<float> activities;  // per slot
};

AverageCell average_cell(const PopulationPlan& plan, const Solution& plain,
                         const network::Accuracy& accuracy) {
  Population one;
  cells::LifePlan life = plan.life;
  for (model::Trait& trait : life.traits) trait.sigma = 0.0;
  cells::seed_founders(one.cells, life, 1, 1, 1.0);
  one.activities = network::Activities(plan.program.size());
  one.activities.resize(1);
  one.activities.set_cell(0, std::vector<float>(plan.program.basal.begin(), plan.program.basal.end()));
  settle(one, plan, plain, accuracy, {1});
  AverageCell average;
  for (std::size_t slot = 0; slot < plan.program.size(); ++slot)
    average.activities.push_back(one.activities.at(slot, 0));
  if (plan.one(model::BehaviourKind::cycle_entry) < 0) return average;
  BehaviourValues values;
  const auto entry = static_cast<std::size_t>(plan.one(model::BehaviourKind::cycle_entry));
  bind_signals(values, plan, one, PerceiveSolution{plain, {}, plan.cell_volume, 0.0});
  evaluate_behaviour(values, entry, plan, one, {1});
  average.cycle_entry = values.behaviours[entry][0];
  return average;
}

}  // namespace

PopulationPlan compile_population(const model::Model& m, model::Index index, std::uint64_t seed,
                                  std::uint64_t donor_seed, core::Diagnostics& problems) {
  const model::CellType& type = m.cell_types[static_cast<std::size_t>(index)];
  PopulationPlan plan;
  plan.type = index;
  plan.cell_volume = type.parameter("volume");
  plan.footprint =
      type.parameters.contains("footprint") ? type.parameter("footprint") : sphere_section(plan.cell_volume);
  if (type.parameters.contains("memory")) plan.memory = type.parameter("memory");
  plan.program = network::compile(m, index);
  plan.rules = cells::compile_rules(m, index, problems);
  plan.life = cells::life_plan(type, core::derive_seed(seed, core::name_key(type.name)));
  plan.drugs = drug_entries(m, plan, type);
  plan.receptors = receptor_bindings(m, plan);
  place_behaviours(plan);
  plan.life.marks = marks_of(m);
  plan.donor_factor = donor_factor(type, donor_seed);
  core::require(plan.one(model::BehaviourKind::apoptosis) >= 0, "a cell type without a hazard of apoptosis");
  return plan;
}

Population found_population(const PopulationPlan& plan, const Solution& plain, std::size_t attached,
                            std::uint64_t first_id, const network::Accuracy& accuracy,
                            core::Threads threads) {
  Population population;
  const AverageCell average = average_cell(plan, plain, accuracy);
  cells::seed_founders(population.cells, plan.life, attached, first_id, average.cycle_entry);
  population.activities = network::Activities(plan.program.size());
  population.activities.resize(attached);
  for (std::size_t i = 0; i < attached; ++i) population.activities.set_cell(i, average.activities);
  settle(population, plan, plain, accuracy, threads);
  return population;
}

std::vector<float> resting_activities(const PopulationPlan& plan, const Solution& plain,
                                      const network::Accuracy& accuracy) {
  return average_cell(plan, plain, accuracy).activities;
}

EntryModifiers entry_modifiers(const DrugEntry& entry, const Population& population) {
  EntryModifiers out;
  if (entry.influx_trait >= 0)
    out.influx = population.cells.traits[static_cast<std::size_t>(entry.influx_trait)];
  if (entry.transporter != network::no_slot)
    out.transporter = population.activities.node(static_cast<std::size_t>(entry.transporter));
  return out;
}

void engage_targets(const DrugEntry& entry, std::span<const float> inside,
                    std::vector<std::vector<float>>& rows, std::vector<network::InputValues>& values) {
  for (const DrugEntry::Target& target : entry.targets) {
    std::vector<float>& row = rows[target.input_row];
    row.resize(inside.size());
    pharmacology::remaining_activities(row, inside, target.ic50, target.hill);
    if (target.drives)
      for (float& r : row) r = 1.0f - r;
    values[target.input_row] = network::InputValues::each(row);
  }
}

void hold_dying(const PopulationPlan& plan, const model::CellType& type, Population& population) {
  for (const auto& [node, activity] : type.on_apoptosis) {
    const std::span<float> row =
        population.activities.node(static_cast<std::size_t>(plan.program.slot(node)));
    for (std::size_t i = 0; i < row.size(); ++i) {
      const cells::Fate fate = population.cells.fate[i];
      if (fate == cells::Fate::early_apoptotic || fate == cells::Fate::late_apoptotic)
        row[i] = static_cast<float>(activity);
    }
  }
}

network::InputValues without_drug(const network::DrugInput& input) {
  return network::InputValues::same(input.mode == model::TargetMode::activates ? 0.0f : 1.0f);
}

}  // namespace stroma::tissue

#include "tissue/coupling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "tissue/culture_passage.hpp"

namespace stroma::tissue {
namespace {

// Mass may be off by rounding only; per substance, relative to all that ever entered.
constexpr double mass_tolerance = 1e-10;

std::size_t at(model::Index index) {
  return static_cast<std::size_t>(index);
}

double free_concentration(const Solution& solution, model::Index substance, double free_fraction_in_serum) {
  return solution.concentration[at(substance)] *
         pharmacology::free_fraction(free_fraction_in_serum, solution.serum);
}

void prepare(const Plan& plan, Workspace& work) {
  if (work.populations.size() < plan.populations.size()) work.populations.resize(plan.populations.size());
}

void pour(const CultureSetup::Treatment& treatment, State& s) {
  s.medium.solution.concentration[at(treatment.substance)] += treatment.concentration;
  s.budgets[at(treatment.substance)].added += treatment.concentration * s.medium.volume;
}

// Full change: fresh medium as at the start, with every treatment that has been given and not washed out by
// now.
void renew(core::Tick now, const Plan& plan, State& s) {
  for (std::size_t i = 0; i < s.budgets.size(); ++i) {
    s.budgets[i].removed += s.medium.solution.concentration[i] * s.medium.volume;
    s.budgets[i].added += plan.setup.medium.concentration[i] * plan.setup.volume;
  }
  s.medium.volume = plan.setup.volume;
  s.medium.solution = plan.setup.medium;
  for (const CultureSetup::Treatment& treatment : plan.setup.treatments)
    if (treatment.at < now && (treatment.until.count < 0 || treatment.until > now)) pour(treatment, s);
}

bool is_washed(const CultureSetup& setup, core::Tick now) {
  return std::any_of(setup.treatments.begin(), setup.treatments.end(),
                     [now](const CultureSetup::Treatment& treatment) { return treatment.until == now; });
}

bool due(core::Tick period, core::Tick now) {
  return period.count > 0 && now.count > 0 && now.count % period.count == 0;
}

// Sum of a behaviour over the live cells, or over the dying; a value that is not finite is reported with its
// cell before it can spread.
double total_over(bool live, core::Tick tick, const model::CellType& type, const cells::Behaviour& behaviour,
                  const std::vector<float>& values, const cells::Lives& cells) {
  double total = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i)
    if ((cells.fate[i] == cells::Fate::live) == live) total += values[i];
  if (std::isfinite(total)) return total;
  std::size_t i = 0;
  while (i + 1 < values.size() && std::isfinite(values[i])) ++i;
  throw core::NumericalError(fmt::format("{}, exchange: {} of cell {} of {} is {}", when(tick),
                                         behaviour.what.name, i, type.name, values[i]));
}

// Enters what a step did to a substance in the ports of its populations, in proportion to what each of them
// does.
void share_out(std::vector<CellPort>& ports, const std::vector<Workspace::Flows>& flows,
               const Workspace::Flows& all, const Budget& before, const Budget& after) {
  const auto share = [](double of_one, double of_all) { return of_all > 0.0 ? of_one / of_all : 0.0; };
  for (std::size_t k = 0; k < ports.size(); ++k) {
    ports[k].secreted += (after.secreted - before.secreted) * share(flows[k].secretion, all.secretion);
    ports[k].cleared += (after.cleared - before.cleared) * share(flows[k].clearance, all.clearance);
    ports[k].consumed += (after.consumed - before.consumed) * share(flows[k].consumption, all.consumption);
  }
}

// Receptors: one occupancy for all cells, because a culture is well mixed.
void bind_receptors(const PopulationPlan& plan, const Solution& solution,
                    std::vector<network::InputValues>& occupancies) {
  occupancies.resize(plan.receptors.size());
  for (const ReceptorBinding& binding : plan.receptors) {
    double antagonism = 0.0;
    for (const ReceptorBinding::Antagonist& a : binding.antagonists)
      antagonism += free_concentration(solution, a.substance, a.free_fraction_in_serum) / a.k;
    const double theta =
        pharmacology::occupancy(solution.concentration[at(binding.ligand)], binding.kd, antagonism);
    occupancies[binding.input_row] = network::InputValues::same(static_cast<float>(theta));
  }
}

// Share of the growth area that live cells cover; 0 where it has no bound.
double confluence(const Plan& plan, const State& s) {
  if (!(plan.setup.area > 0.0)) return 0.0;
  double covered = 0.0;
  for (std::size_t k = 0; k < plan.populations.size(); ++k)
    covered += plan.populations[k].weight * plan.populations[k].footprint *
               static_cast<double>(cells::count_fates(s.populations[k].cells).live);
  return covered / plan.setup.area;
}

PerceiveSolution perceive(const Step& step, const PopulationPlan& population, const Plan& plan,
                          const State& s) {
  const bool reads = std::ranges::any_of(population.rules.signals, [](const model::Signal& signal) {
    return signal.kind == model::SignalKind::confluence;
  });
  return {s.medium.solution, step.begin, population.cell_volume, reads ? confluence(plan, s) : 0.0};
}

// Water leaves; what is dissolved stays, and what the incubator holds leaves with it.
void evaporate(const Step& step, const Plan& plan, State& s) {
  if (plan.setup.evaporation == 0.0) return;
  const double before = s.medium.volume;
  s.medium.volume -= plan.setup.evaporation * plan.setup.volume * step.minutes();
  if (!(s.medium.volume > 0.0))
    throw core::LimitError(fmt::format("{}: the medium has dried up", when(step.end)));
  for (std::size_t i = 0; i < s.budgets.size(); ++i) {
    double& c = s.medium.solution.concentration[i];
    if (plan.model->substances[i].ambient > 0.0)
      s.budgets[i].removed += c * (before - s.medium.volume);
    else
      c *= before / s.medium.volume;
  }
}

void require_room(core::Tick now, const Plan& plan, const State& s) {
  for (const Population& population : s.populations)
    if (population.cells.size() > plan.setup.max_cells)
      throw core::LimitError(
          fmt::format("the culture has grown to {} cells, more than the limit of {}, at {} h",
                      population.cells.size(), plan.setup.max_cells, core::minutes(now) / 60.0));
}

}  // namespace

Step next_step(const Plan& plan, core::Tick now, core::Tick end) {
  core::Tick next = std::min(end, now + plan.setup.step);
  for (const CultureSetup::Treatment& treatment : plan.setup.treatments)
    for (const core::Tick tick : {treatment.at, treatment.until})
      if (tick > now) next = std::min(next, tick);
  next = next_arrival(plan.setup.arrivals, now, next);
  const std::int64_t period = plan.setup.renewal.count;
  if (period > 0) next = std::min(next, core::Tick{(now.count / period + 1) * period});
  return {now, next};
}

void administer(const Step& step, const Plan& plan, State& s) {
  if (due(plan.setup.renewal, step.begin) || is_washed(plan.setup, step.begin)) renew(step.begin, plan, s);
  for (const CultureSetup::Treatment& treatment : plan.setup.treatments)
    if (treatment.at == step.begin) pour(treatment, s);
  OutsideOfCulture medium(plan, s);
  admit_due(plan.setup.arrivals, step.begin, s, plan, medium);
}

void exchange(const Step& step, const Plan& plan, State& s, Workspace& work) {
  using enum model::BehaviourKind;
  prepare(plan, work);
  work.flows.resize(s.budgets.size());
  for (auto& of_populations : work.flows) of_populations.assign(plan.populations.size(), {});
  for (std::size_t k = 0; k < plan.populations.size(); ++k) {
    const PopulationPlan& population_plan = plan.populations[k];
    const Population& population = s.populations[k];
    bind_signals(work.populations[k], population_plan, population, perceive(step, population_plan, plan, s));
    const auto total = [&](const PopulationPlan::Placed& flow) {
      const auto b = static_cast<std::size_t>(flow.behaviour);
      const model::CellType& type = plan.model->cell_types[at(population_plan.type)];
      const cells::Behaviour& behaviour = population_plan.rules.behaviours[b];
      BehaviourValues& values = work.populations[k];
      double living = 0.0;
      if (behaviour.is_constant()) {  // the same sum, to the bit: a float many times over in a double
        living = static_cast<double>(behaviour.base) *
                 static_cast<double>(cells::count_fates(population.cells).live);
      } else {
        evaluate_behaviour(values, b, population_plan, population, plan.threads);
        living = total_over(true, step.begin, type, behaviour, values.behaviours[b], population.cells);
      }
      if (flow.dying < 0) return living;
      evaluate_dying(values, flow, population_plan, population, plan.threads);
      return living + total_over(false, step.begin, type, behaviour, values.dying, population.cells);
    };
    for (const PopulationPlan::Placed& flow : population_plan.all(secretion))
      work.flows[at(flow.at)][k].secretion +=
          total(flow) * population_plan.donor_factor * population_plan.weight;
    for (const PopulationPlan::Placed& flow : population_plan.all(uptake))
      work.flows[at(flow.at)][k].clearance += total(flow) * population_plan.weight;
    for (const PopulationPlan::Placed& flow : population_plan.all(consumption))
      if (!(plan.model->substances[at(flow.at)].ambient > 0.0))
        work.flows[at(flow.at)][k].consumption += total(flow) * population_plan.weight;
  }
}

void diffuse(const Step& step, const Plan& plan, State& s, Workspace& work) {
  evaporate(step, plan, s);
  for (std::size_t i = 0; i < s.budgets.size(); ++i) {
    if (plan.model->substances[i].ambient > 0.0) continue;  // the incubator holds it
    const model::Substance& substance = plan.model->substances[i];
    double& c = s.medium.solution.concentration[i];
    const double decay = decay_rate(substance, s.medium.solution.serum);
    Workspace::Flows all;
    for (const Workspace::Flows& of_one : work.flows[i]) {
      all.secretion += of_one.secretion;
      all.clearance += of_one.clearance;
      all.consumption += of_one.consumption;
    }
    const Budget before = s.budgets[i];
    if (all.consumption > 0.0)
      exchange_saturable(c, s.budgets[i], s.medium.volume, all.secretion, all.clearance, all.consumption,
                         substance.consumption_half_max, decay, step.minutes());
    else
      exchange(c, s.budgets[i], s.medium.volume, all.secretion, all.clearance, decay, step.minutes());
    share_out(s.ports[i], work.flows[i], all, before, s.budgets[i]);
  }
  require_physical(step, plan, s);  // before receptors and drugs read it
}

void receive(const Step& step, const Plan& plan, State& s, Workspace&) {
  for (std::size_t k = 0; k < plan.populations.size(); ++k)
    for (std::size_t d = 0; d < plan.populations[k].drugs.size(); ++d) {
      const DrugEntry& entry = plan.populations[k].drugs[d];
      const model::Index substance = entry.substance;
      std::vector<double>& held = s.populations[k].held[d];
      const double outside = free_concentration(s.medium.solution, substance, entry.free_fraction_in_serum);
      if (outside == 0.0 && holds_none(held)) continue;
      const auto [influx, transporter] = entry_modifiers(entry, s.populations[k]);
      take_from_medium(s, substance, k,
                       plan.populations[k].weight *
                           pharmacology::enter_cells(held, plan.populations[k].cell_volume, influx,
                                                     transporter, entry.entry, outside, step.minutes()));
    }
}

void sense(const Step&, const Plan& plan, State& s, Workspace& work) {
  for (std::size_t k = 0; k < plan.populations.size(); ++k) {
    Workspace::PerPopulation& mine = work.populations[k];
    bind_receptors(plan.populations[k], s.medium.solution, mine.occupancies);
    const double per_volume = 1.0 / plan.populations[k].cell_volume;
    engage_drugs(mine, plan.populations[k], s.populations[k],
                 [per_volume](double held, std::size_t) { return held * per_volume; });
    multiply_by_traits(mine, plan.populations[k], s.populations[k]);
  }
}

void signal(const Step& step, const Plan& plan, State& s, Workspace& work) {
  for (std::size_t k = 0; k < plan.populations.size(); ++k)
    relax_networks(step, plan, k, s, work.populations[k], work.network, plan.threads);
}

void decide(const Step& step, const Plan& plan, const State& s, Workspace& work) {
  for (std::size_t k = 0; k < plan.populations.size(); ++k) {
    Workspace::PerPopulation& mine = work.populations[k];
    const PopulationPlan& population_plan = plan.populations[k];
    bind_signals(mine, population_plan, s.populations[k], perceive(step, population_plan, plan, s));
    decide_life(mine, population_plan, s.populations[k], step.minutes(), plan.threads);
  }
}

void commit(const Step& step, const Plan& plan, State& s, Workspace& work) {
  OutsideOfCulture medium(plan, s);
  for (std::size_t k = 0; k < plan.populations.size(); ++k) {
    const PopulationPlan& population_plan = plan.populations[k];
    age_damage(s.populations[k], population_plan, work.populations[k], step.minutes());
    // Only substances are remembered: confluence need not be counted.
    remember(s.populations[k], population_plan,
             PerceiveSolution{s.medium.solution, step.begin, population_plan.cell_volume, 0.0},
             step.minutes());
  }
  for (std::size_t k = 0; k < plan.populations.size(); ++k)
    commit_life(step, k, s, plan, work.populations[k], medium);
  convert_cells(s, plan, work.converting, medium);
  require_room(step.end, plan, s);
}

void require_physical(const Step& step, const Plan& plan, const State& s) {
  for (std::size_t i = 0; i < s.budgets.size(); ++i) {
    const double c = s.medium.solution.concentration[i];
    const Budget& budget = s.budgets[i];
    const double tolerance = mass_tolerance * (budget.turnover() + std::abs(budget.taken_up()));
    const double error = std::abs(c * s.medium.volume - budget.expected());
    const auto fail = [&](const char* what, double value, double bound) {
      throw core::NumericalError(fmt::format("{}, medium, {}: {}: {} against {}", when(step.end),
                                             plan.model->substances[i].name, what, value, bound));
    };
    if (!std::isfinite(c)) fail("the concentration is not finite", c, 0.0);
    if (c * s.medium.volume < -tolerance) fail("the concentration is negative [nM]", c, 0.0);
    if (error > tolerance) fail("the mass balance is broken [nM um^3]", error, tolerance);
  }
}

}  // namespace stroma::tissue

#include "tissue/tissue_loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "tissue/tissue_perceive.hpp"

namespace stroma::tissue {
namespace {

// Cells are sorted anew every so many coupling steps: they move by a fraction of a bin in between, and
// sorting costs as much as ten steps of the mechanics.
constexpr std::int64_t steps_between_sorts = 10;
// The fields' own accounts hold to 1e-12 per step; a hundred times that is a bug.
constexpr double balance_bound = 1e-10;

double serum_free(const TissuePlan& plan, model::Index drug) {
  return pharmacology::free_fraction(plan.model->drugs[index_of(drug)].free_fraction_in_serum,
                                     plan.setup.serum);
}

bool takes_from_surroundings(const fields::SubstancePlan& plan) {
  return std::any_of(plan.boundary.begin(), plan.boundary.end(), [](const fields::Boundary& boundary) {
    return boundary.kind != fields::Boundary::Kind::flux;
  });
}

void change_surroundings(const TissueSetup::Treatment& treatment, double sign, const TissuePlan& plan,
                         TissueState& s) {
  fields::Field& field = s.fields.substances[treatment.substance];
  const fields::SubstancePlan& substance = plan.fields.substances[treatment.substance];
  if (takes_from_surroundings(substance)) {
    for (std::size_t face = 0; face < substance.boundary.size(); ++face)
      if (substance.boundary[face].kind != fields::Boundary::Kind::flux)
        field.boundary_value[face] += sign * treatment.concentration;
    return;
  }
  if (sign < 0.0) return;
  for (double& c : field.concentration.span()) c += treatment.concentration;
  fields::account(field, substance, plan.fields.grid);
}

// Behaviour `b` of every cell of cohort k, per body; 0 for cells of other types and the dying.
void spread_behaviour(std::vector<float>& out, std::size_t k, int b, const TissuePlan& plan,
                      const TissueState& s, TissueWorkspace& work) {
  TissueWorkspace::PerCohort& mine = work.cohorts[k];
  evaluate_behaviour(mine, static_cast<std::size_t>(b), plan.cohorts[k], s.cohorts[k], plan.threads);
  const std::vector<float>& values = mine.behaviours[static_cast<std::size_t>(b)];
  for (std::size_t i = 0; i < values.size(); ++i)
    if (s.cohorts[k].cells.fate[i] == cells::Fate::live) out[mine.body_of[i]] = values[i];
}

// In a voxel nobody could tell any more which cell it was.
void require_finite_flow(const Step& step, const std::vector<double>& amount, std::size_t f,
                         const TissuePlan& plan, const TissueState& s) {
  for (std::size_t b = 0; b < amount.size(); ++b)
    if (!std::isfinite(amount[b]))
      throw core::NumericalError(fmt::format("{}, exchange: what cell {} does to {} is {}", when(step.begin),
                                             s.bodies.id[b], plan.fields.substances[f].name, amount[b]));
}

// Adds a flow of the live cells of all cohorts to the voxels that they are in. `rows` is empty where nobody
// has such a flow.
template <class Flows>
void deposit_flows(const Step& step, std::vector<std::vector<double>>& rows, const TissuePlan& plan,
                   const TissueState& s, TissueWorkspace& work, const Flows& flows_of, bool is_secretion) {
  for (std::size_t f = 0; f < plan.fields.substances.size(); ++f) {
    bool any = false;
    for (std::size_t k = 0; k < plan.cohorts.size(); ++k) {
      for (const CohortPlan::Flow& flow : flows_of(plan.cohorts[k])) {
        if (plan.field_of[index_of(flow.substance)] != static_cast<int>(f)) continue;
        if (!any) work.amount.assign(s.bodies.size(), 0.0);
        any = true;
        TissueWorkspace::PerCohort& mine = work.cohorts[k];
        const auto b = static_cast<std::size_t>(flow.behaviour);
        evaluate_behaviour(mine, b, plan.cohorts[k], s.cohorts[k], plan.threads);
        const double factor = is_secretion ? plan.cohorts[k].donor_factor : 1.0;
        for (std::size_t i = 0; i < mine.body_of.size(); ++i)
          if (s.cohorts[k].cells.fate[i] == cells::Fate::live)
            work.amount[mine.body_of[i]] += factor * static_cast<double>(mine.behaviours[b][i]);
      }
    }
    if (!any) continue;
    require_finite_flow(step, work.amount, f, plan, s);
    if (rows[f].empty()) rows[f].assign(plan.fields.grid.voxels(), 0.0);
    fields::deposit(rows[f], plan.fields.grid, work.by_voxel, work.amount, plan.threads);
  }
}

double cell_volume(const cells::Bodies& bodies, std::size_t b) {
  return static_cast<double>(bodies.fluid[b]) + static_cast<double>(bodies.solid[b]);
}

// Drugs enter and leave the cells of cohort k; what they take is a sink of their voxel in this step.
void dose_cells(const Step& step, std::size_t k, const TissuePlan& plan, TissueState& s,
                TissueWorkspace& work) {
  const CohortPlan& cohort_plan = plan.cohorts[k];
  Cohort& cohort = s.cohorts[k];
  TissueWorkspace::PerCohort& mine = work.cohorts[k];
  for (std::size_t d = 0; d < cohort_plan.drugs.size(); ++d) {
    const DrugEntry& entry = cohort_plan.drugs[d];
    const int f = plan.field_of[index_of(plan.model->drugs[index_of(entry.drug)].substance)];
    if (f < 0) continue;
    const auto field = static_cast<std::size_t>(f);
    const double unbound = serum_free(plan, entry.drug);
    mine.outside.resize(mine.body_of.size());
    mine.change.resize(mine.body_of.size());
    for (std::size_t i = 0; i < mine.outside.size(); ++i)
      mine.outside[i] = static_cast<float>(unbound * static_cast<double>(mine.concentration[field][i]));
    const auto influx =
        entry.influx_trait < 0
            ? std::span<const float>()
            : std::span<const float>(cohort.cells.traits[static_cast<std::size_t>(entry.influx_trait)]);
    const auto pump = entry.transporter == network::no_slot
                          ? std::span<const float>()
                          : std::span<const float>(cohort.activities.node(index_of(entry.transporter)));
    pharmacology::enter_cells(cohort.intracellular[d], mine.change, influx, pump, entry.entry, mine.outside,
                              step.minutes(), plan.threads);
    std::vector<double>& amount = work.drug_amount[field];
    if (amount.empty()) amount.assign(s.bodies.size(), 0.0);
    for (std::size_t i = 0; i < mine.change.size(); ++i)
      amount[mine.body_of[i]] -=
          static_cast<double>(mine.change[i]) * cell_volume(s.bodies, mine.body_of[i]) / step.minutes();
  }
}

void bind_receptors(std::size_t k, const TissuePlan& plan, TissueWorkspace& work) {
  const CohortPlan& cohort_plan = plan.cohorts[k];
  TissueWorkspace::PerCohort& mine = work.cohorts[k];
  const std::size_t n = mine.body_of.size();
  mine.occupancies.resize(cohort_plan.receptors.size());
  mine.occupancy.resize(cohort_plan.receptors.size());
  const auto view = [&](model::Index substance) {
    return PerceiveTissue{plan, mine, {}}({model::SignalKind::substance, model::none, substance});
  };
  const auto at = [](const cells::SignalView& values, std::size_t i) {
    return static_cast<double>(values.values.empty() ? values.uniform : values.values[i]);
  };
  for (const ReceptorBinding& binding : cohort_plan.receptors) {
    const cells::SignalView ligand = view(binding.ligand);
    std::vector<float>& theta = mine.occupancy[binding.input_row];
    theta.assign(n, 0.0F);
    for (const ReceptorBinding::Antagonist& a : binding.antagonists) {
      const cells::SignalView antagonist = view(a.substance);
      const double per_k = pharmacology::free_fraction(a.free_fraction_in_serum, plan.setup.serum) / a.k;
      for (std::size_t i = 0; i < n; ++i) theta[i] += static_cast<float>(at(antagonist, i) * per_k);
    }
    for (std::size_t i = 0; i < n; ++i)
      theta[i] = static_cast<float>(pharmacology::occupancy(at(ligand, i), binding.kd, theta[i]));
    mine.occupancies[binding.input_row] = network::InputValues::each(theta);
  }
}

void engage_targets(std::size_t k, const TissuePlan& plan, const TissueState& s, TissueWorkspace& work) {
  const CohortPlan& cohort_plan = plan.cohorts[k];
  TissueWorkspace::PerCohort& mine = work.cohorts[k];
  mine.drug_values.clear();
  for (const network::DrugInput& input : cohort_plan.program.drug_inputs)
    mine.drug_values.push_back(without_drug(input));
  mine.drug_rows.resize(mine.drug_values.size());
  for (std::size_t d = 0; d < cohort_plan.drugs.size(); ++d) {
    const std::vector<float>& inside = s.cohorts[k].intracellular[d];
    if (std::all_of(inside.begin(), inside.end(), [](float c) { return c == 0.0F; })) continue;
    for (const DrugEntry::Target& target : cohort_plan.drugs[d].targets) {
      std::vector<float>& row = mine.drug_rows[target.input_row];
      row.resize(inside.size());
      pharmacology::remaining_activities(row, inside, target.ic50, target.hill);
      if (target.drives)
        for (float& r : row) r = 1.0F - r;
      mine.drug_values[target.input_row] = network::InputValues::each(row);
    }
  }
}

// Where the cells of a type with chemotaxis are drawn: the sum of the unit gradients, weighted.
void attract(std::size_t k, const TissuePlan& plan, const TissueState& s, TissueWorkspace& work) {
  const std::size_t n = s.bodies.size();
  for (const TypeInSpace::Chemotaxis& chemotaxis : plan.types[k].chemotaxis) {
    TissueWorkspace::PerCohort& mine = work.cohorts[k];
    evaluate_behaviour(mine, static_cast<std::size_t>(chemotaxis.behaviour), plan.cohorts[k], s.cohorts[k],
                       plan.threads);
    work.gx.resize(n);
    work.gy.resize(n);
    work.gz.resize(n);
    fields::gradient(work.gx, work.gy, work.gz, plan.fields.grid, s.fields.concentration(chemotaxis.field),
                     s.bodies.x, s.bodies.y, s.bodies.z, plan.threads);
    const std::vector<float>& weight = mine.behaviours[static_cast<std::size_t>(chemotaxis.behaviour)];
    for (std::size_t i = 0; i < mine.body_of.size(); ++i) {
      const std::size_t b = mine.body_of[i];
      const double length =
          std::sqrt(work.gx[b] * work.gx[b] + work.gy[b] * work.gy[b] + work.gz[b] * work.gz[b]);
      if (!(length > 0.0)) continue;
      const double share = weight[i] / length;
      work.attraction[3 * b] += static_cast<float>(work.gx[b] * share);
      work.attraction[3 * b + 1] += static_cast<float>(work.gy[b] * share);
      work.attraction[3 * b + 2] += static_cast<float>(work.gz[b] * share);
    }
  }
}

void decide_migration(const TissuePlan& plan, const TissueState& s, TissueWorkspace& work) {
  const std::size_t n = s.bodies.size();
  work.speed.assign(n, 0.0F);
  work.persistence.resize(n);
  work.bias.assign(n, 0.0F);
  work.attraction.assign(3 * n, 0.0F);
  for (std::size_t b = 0; b < n; ++b) work.persistence[b] = plan.types[s.bodies.type[b]].persistence;
  for (std::size_t k = 0; k < plan.cohorts.size(); ++k) {
    if (plan.types[k].migration_speed >= 0)
      spread_behaviour(work.speed, k, plan.types[k].migration_speed, plan, s, work);
    attract(k, plan, s, work);
  }
  for (std::size_t b = 0; b < n; ++b) {
    float* g = work.attraction.data() + 3 * b;
    const float length = std::sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]);
    if (length == 0.0F) continue;
    work.bias[b] = std::min(1.0F, length);  // several attractions together are at most total
    for (int a = 0; a < 3; ++a) g[a] /= length;
  }
}

VolumeState volume_state(const TissueState& s, std::size_t b) {
  const cells::Population& population = s.cohorts[s.bodies.type[b]].cells;
  const std::size_t i = s.bodies.slot[b];
  switch (population.fate[i]) {
    case cells::Fate::live:
      return population.phase[i] > 0 ? VolumeState::growing : VolumeState::resting;
    case cells::Fate::necrotic:
      return std::binary_search(s.ruptured.begin(), s.ruptured.end(), s.bodies.id[b]) ? VolumeState::lysed
                                                                                      : VolumeState::swelling;
    default:
      return VolumeState::apoptotic;
  }
}

// The drug inside a cell that falls apart returns to its voxel.
void release_content(std::size_t k, std::size_t cell, std::size_t b, const TissuePlan& plan, TissueState& s) {
  const Cohort& cohort = s.cohorts[k];
  for (std::size_t d = 0; d < cohort.intracellular.size(); ++d) {
    const double amount = static_cast<double>(cohort.intracellular[d][cell]) * cell_volume(s.bodies, b);
    const int f =
        plan.field_of[index_of(plan.model->drugs[index_of(plan.cohorts[k].drugs[d].drug)].substance)];
    if (amount == 0.0 || f < 0) continue;
    fields::Field& field = s.fields.substances[static_cast<std::size_t>(f)];
    const std::size_t voxel = plan.fields.grid.voxel_at(s.bodies.x[b], s.bodies.y[b], s.bodies.z[b]);
    field.concentration[voxel] += amount / plan.fields.grid.voxel_volume();
  }
}

// Carries the births and removals of cohort k over to the bodies. Daughters got their ids in the order of the
// changes, from `next_id` on.
void follow_in_space(const Step& step, std::size_t k, std::uint64_t next_id, const TissuePlan& plan,
                     TissueState& s, TissueWorkspace& work) {
  TissueWorkspace::PerCohort& mine = work.cohorts[k];
  Cohort& cohort = s.cohorts[k];
  std::size_t size = mine.body_of.size();
  for (const cells::Change& change : mine.changes) {
    if (change.kind == cells::Change::Kind::append_copy) {
      const auto slot = static_cast<std::uint32_t>(size);
      mine.body_of.push_back(
          static_cast<std::uint32_t>(cells::divide(s.bodies, mine.body_of[change.cell], next_id++, slot,
                                                   plan.mechanics.domain, plan.setup.seed, step.end)));
      ++size;
    } else {
      release_content(k, change.cell, mine.body_of[change.cell], plan, s);
      work.gone.push_back(mine.body_of[change.cell]);
      mine.body_of[change.cell] = mine.body_of[size - 1];
      s.bodies.slot[mine.body_of[change.cell]] = change.cell;
      mine.body_of.pop_back();
      --size;
    }
    follow(change, cohort);
  }
}

// Attack and phagocytosis: who does it at which rate, and to whom it may happen.
void propose_contacts(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  const std::size_t n = s.bodies.size();
  work.contact_behaviours.clear();
  work.events.clear();
  std::size_t used = 0;
  const auto add = [&](std::size_t k, int behaviour, std::uint8_t kind, const auto& may) {
    if (used == work.contact_rates.size()) {
      work.contact_rates.emplace_back();
      work.contact_targets.emplace_back();
    }
    work.contact_rates[used].assign(n, 0.0F);
    spread_behaviour(work.contact_rates[used], k, behaviour, plan, s, work);
    work.contact_targets[used].resize(n);
    for (std::size_t b = 0; b < n; ++b) work.contact_targets[used][b] = may(b) ? 1 : 0;
    ++used;
    work.contact_behaviours.push_back({kind, {}, {}, true});
  };
  std::uint8_t kind = 0;
  for (std::size_t k = 0; k < plan.types.size(); ++k) {
    if (plan.types[k].phagocytosis >= 0)
      add(k, plan.types[k].phagocytosis, kind, [&](std::size_t b) { return work.dead[b] != 0; });
    ++kind;
    for (const TypeInSpace::Attack& attack : plan.types[k].attacks)
      add(k, attack.behaviour, kind++,
          [&](std::size_t b) { return work.dead[b] == 0 && s.bodies.type[b] == attack.target; });
  }
  if (used == 0) return;
  for (std::size_t i = 0; i < used; ++i) {
    work.contact_behaviours[i].rate = work.contact_rates[i];
    work.contact_behaviours[i].may = work.contact_targets[i];
  }
  cells::propose_contacts(s.bodies, plan.mechanics, work.neighbourhood, work.contact_behaviours,
                          plan.setup.seed, step.begin, step.minutes(), plan.threads, work.events);
}

void resolve_contacts(const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  for (const cells::ContactEvent& event : work.events) {
    const std::size_t k = s.bodies.type[event.target], i = s.bodies.slot[event.target];
    cells::Population& population = s.cohorts[k].cells;
    if (work.dead[event.target] != 0) {
      cells::engulf(population, i);
      ++s.counters.phagocytoses;
    } else if (population.fate[i] == cells::Fate::live) {  // not killed by another actor before
      cells::kill(population, i, plan.cohorts[k].life);
      ++s.counters.attacks;
    }
  }
}

double sorting_bin(const TissuePlan& plan) {
  float largest = 0.0F;
  for (const TypeInSpace& type : plan.types)
    largest = std::max(largest, cells::radius_of(2.0F * type.volume));
  return cells::bin_side(plan.mechanics, std::max(1.0, static_cast<double>(largest)), 1.0);
}

}  // namespace

Step next_step(const TissuePlan& plan, core::Tick now, core::Tick end) {
  const std::int64_t period = plan.setup.step.count;
  core::Tick next = std::min(end, core::Tick{(now.count / period + 1) * period});
  for (const TissueSetup::Treatment& treatment : plan.setup.treatments)
    for (const core::Tick change : {treatment.at, treatment.until})
      if (change > now) next = std::min(next, change);
  return {now, next};
}

void administer(const Step& step, const TissuePlan& plan, TissueState& s) {
  for (const TissueSetup::Treatment& treatment : plan.setup.treatments) {
    if (treatment.at == step.begin) change_surroundings(treatment, 1.0, plan, s);
    if (treatment.until == step.begin) change_surroundings(treatment, -1.0, plan, s);
  }
}

void exchange(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  const std::size_t fields = plan.fields.substances.size();
  for (auto* rows : {&work.source, &work.sink, &work.consumption}) rows->resize(fields);
  work.drug_amount.resize(fields);
  for (std::size_t f = 0; f < fields; ++f) {
    work.source[f] = plan.setup.substances[f].source;
    work.sink[f] = plan.setup.substances[f].sink;
    work.consumption[f] = plan.setup.substances[f].consumption;
    work.drug_amount[f].clear();
  }
  locate_cells(plan, s, work);
  sample_fields(plan, s, work);
  try {
    sense_neighbours(plan, s, work);
  } catch (const core::NumericalError& error) {
    throw core::NumericalError(fmt::format("{}, {}", when(step.begin), error.what()));
  }
  work.voxel.resize(s.bodies.size());
  fields::locate(work.voxel, plan.fields.grid, s.bodies.x, s.bodies.y, s.bodies.z, plan.threads);
  fields::sort_by_voxel(work.by_voxel, plan.fields.grid, work.voxel);
  for (std::size_t k = 0; k < plan.cohorts.size(); ++k) {
    bind_signals(work.cohorts[k], plan.cohorts[k], s.cohorts[k],
                 PerceiveTissue{plan, work.cohorts[k], step.begin});
    dose_cells(step, k, plan, s, work);
  }
  const auto secretions = [](const CohortPlan& cohort) { return std::span(cohort.secretions); };
  const auto uptakes = [](const CohortPlan& cohort) { return std::span(cohort.uptakes); };
  const auto consumptions = [](const CohortPlan& cohort) { return std::span(cohort.consumptions); };
  deposit_flows(step, work.source, plan, s, work, secretions, true);
  deposit_flows(step, work.sink, plan, s, work, uptakes, false);
  deposit_flows(step, work.consumption, plan, s, work, consumptions, false);
  for (std::size_t f = 0; f < fields; ++f) {
    if (work.drug_amount[f].empty()) continue;
    require_finite_flow(step, work.drug_amount[f], f, plan, s);
    if (work.source[f].empty()) work.source[f].assign(plan.fields.grid.voxels(), 0.0);
    fields::deposit(work.source[f], plan.fields.grid, work.by_voxel, work.drug_amount[f], plan.threads);
  }
}

void diffuse(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  if (plan.fields.substances.empty()) return;
  work.exchange.clear();
  for (std::size_t f = 0; f < plan.fields.substances.size(); ++f)
    work.exchange.push_back({work.sink[f], work.consumption[f], work.source[f]});
  try {
    const fields::StepReport report =
        fields::advance(s.fields, plan.fields, work.exchange, step.minutes(), work.fields, plan.threads);
    s.counters.field_steps += report.steps;
    s.counters.worst_balance = std::max(s.counters.worst_balance, report.balance_residual);
    s.counters.negative_voxels += static_cast<std::int64_t>(report.negative);
    if (!(report.balance_residual <= balance_bound))
      throw core::NumericalError(
          fmt::format("the mass balance of a field is off by {} of its turnover, more than {}",
                      report.balance_residual, balance_bound));
  } catch (const core::NumericalError& error) {
    throw core::NumericalError(fmt::format("{}, diffusion: {}", when(step.begin), error.what()));
  }
}

void sense(const Step&, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  sample_fields(plan, s, work);
  for (std::size_t k = 0; k < plan.cohorts.size(); ++k) {
    bind_receptors(k, plan, work);
    engage_targets(k, plan, s, work);
    TissueWorkspace::PerCohort& mine = work.cohorts[k];
    mine.multipliers.clear();
    for (const network::TraitInput& input : plan.cohorts[k].program.trait_inputs)
      mine.multipliers.push_back(network::InputValues::each(s.cohorts[k].cells.traits[input.trait]));
  }
}

void signal(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  for (std::size_t k = 0; k < plan.cohorts.size(); ++k) {
    TissueWorkspace::PerCohort& mine = work.cohorts[k];
    if (s.cohorts[k].cells.size() == 0 || plan.cohorts[k].program.size() == 0) continue;
    try {
      s.counters.network.add(network::relax(s.cohorts[k].activities, plan.cohorts[k].program,
                                            {mine.occupancies, mine.drug_values, mine.multipliers},
                                            step.minutes(), plan.accuracy, work.network, plan.threads));
    } catch (const core::NumericalError& error) {
      throw core::NumericalError(fmt::format("{}, network of {}: {}", when(step.begin),
                                             plan.cohorts[k].program.cell_type, error.what()));
    }
    hold_dying(plan.cohorts[k], plan.model->cell_types[index_of(plan.cohorts[k].type)], s.cohorts[k]);
  }
}

void decide(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  for (std::size_t k = 0; k < plan.cohorts.size(); ++k) {
    TissueWorkspace::PerCohort& mine = work.cohorts[k];
    const CohortPlan& cohort_plan = plan.cohorts[k];
    bind_signals(mine, cohort_plan, s.cohorts[k], PerceiveTissue{plan, mine, step.begin});
    for (const int behaviour : {cohort_plan.cycle_entry, cohort_plan.apoptosis, cohort_plan.necrosis})
      if (behaviour >= 0)
        evaluate_behaviour(mine, static_cast<std::size_t>(behaviour), cohort_plan, s.cohorts[k],
                           plan.threads);
    cells::propose(mine.proposals, s.cohorts[k].cells, cohort_plan.life, rates(cohort_plan, mine),
                   step.minutes(), plan.threads);
  }
  decide_migration(plan, s, work);
  propose_contacts(step, plan, s, work);
}

void move(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  const cells::Motion motion{plan.setup.seed, work.speed, work.persistence, work.bias, work.attraction, {}};
  const cells::MoveReport report = cells::move(s.bodies, plan.mechanics, work.neighbourhood, motion,
                                               s.attachments, step.begin, step.minutes(), plan.threads);
  s.counters.mechanics_steps += report.steps;
  s.counters.list_rebuilds += report.rebuilds;
  s.counters.reflections += report.reflections;
  s.counters.coincidences += report.coincidences;
}

// Volumes approach their targets; a drug inside is diluted or concentrated accordingly.
void grow(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  const std::size_t n = s.bodies.size();
  work.laws.clear();
  for (const TypeInSpace& type : plan.types)
    work.laws.insert(work.laws.end(), type.laws.begin(), type.laws.end());
  work.law.resize(n);
  work.volume_before.resize(n);
  for (std::size_t b = 0; b < n; ++b) {
    work.law[b] = static_cast<std::uint8_t>(s.bodies.type[b] * 5 + static_cast<int>(volume_state(s, b)));
    work.volume_before[b] = s.bodies.fluid[b] + s.bodies.solid[b];
  }
  cells::relax_volumes(s.bodies, work.laws, work.law, step.minutes(), plan.threads, work.ruptured);
  for (const std::uint32_t b : work.ruptured) {
    const auto place = std::lower_bound(s.ruptured.begin(), s.ruptured.end(), s.bodies.id[b]);
    if (place == s.ruptured.end() || *place != s.bodies.id[b]) s.ruptured.insert(place, s.bodies.id[b]);
  }
  for (std::size_t k = 0; k < plan.cohorts.size(); ++k)
    for (std::vector<float>& inside : s.cohorts[k].intracellular)
      for (std::size_t i = 0; i < inside.size(); ++i) {
        if (inside[i] == 0.0F) continue;
        const std::size_t b = work.cohorts[k].body_of[i];
        inside[i] *= work.volume_before[b] / (s.bodies.fluid[b] + s.bodies.solid[b]);
      }
}

void commit(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  resolve_contacts(plan, s, work);
  work.gone.clear();
  for (std::size_t k = 0; k < plan.cohorts.size(); ++k) {
    TissueWorkspace::PerCohort& mine = work.cohorts[k];
    const std::uint64_t first_id = s.next_id;
    const cells::Tally tally =
        cells::commit(s.cohorts[k].cells, mine.changes, s.next_id, mine.proposals, plan.cohorts[k].life,
                      rates(plan.cohorts[k], mine), step.minutes());
    s.counters.tally.births += tally.births;
    s.counters.tally.apoptoses += tally.apoptoses;
    s.counters.tally.necroses += tally.necroses;
    s.counters.tally.lyses += tally.lyses;
    follow_in_space(step, k, first_id, plan, s, work);
  }
  if (!work.gone.empty()) {
    std::sort(work.gone.begin(), work.gone.end());
    for (const std::uint32_t b : work.gone) {
      const auto place = std::lower_bound(s.ruptured.begin(), s.ruptured.end(), s.bodies.id[b]);
      if (place != s.ruptured.end() && *place == s.bodies.id[b]) s.ruptured.erase(place);
    }
    cells::remove(s.bodies, work.gone);
    cells::detach_missing(s.attachments, s.bodies);
    for (std::size_t f = 0; f < s.fields.substances.size(); ++f)
      fields::account(s.fields.substances[f], plan.fields.substances[f], plan.fields.grid);
  }
  if (s.bodies.size() > plan.setup.max_cells)
    throw core::LimitError(fmt::format("the tissue has grown to {} cells, more than the limit of {}, at {} h",
                                       s.bodies.size(), plan.setup.max_cells,
                                       core::minutes(step.end) / 60.0));
  const std::int64_t period = plan.setup.step.count * steps_between_sorts;
  if (step.end.count % period == 0 &&
      cells::canonical_order(s.bodies, plan.mechanics.domain, sorting_bin(plan), work.order))
    cells::permute(s.bodies, work.order);
}

}  // namespace stroma::tissue

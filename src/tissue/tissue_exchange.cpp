// What cells give to and take from their voxels, and how it spreads.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "tissue/tissue_perceive.hpp"

namespace stroma::tissue {
namespace {

// The fields' own accounts hold to 1e-12 per step; a hundred times that is a bug.
constexpr double balance_bound = 1e-10;

double serum_free(const TissuePlan& plan, model::Index drug) {
  return pharmacology::free_fraction(plan.model->drugs[index_of(drug)].free_fraction_in_serum,
                                     plan.setup.serum);
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
        evaluate_behaviour(mine, b, plan.cohorts[k], s.cohorts[k], threads_for_cells(plan, s));
        const double factor = is_secretion ? plan.cohorts[k].donor_factor : 1.0;
        for (std::size_t i = 0; i < mine.body_of.size(); ++i)
          if (s.cohorts[k].cells.fate[i] == cells::Fate::live)
            work.amount[mine.body_of[i]] += factor * static_cast<double>(mine.behaviours[b][i]);
      }
    }
    if (!any) continue;
    require_finite_flow(step, work.amount, f, plan, s);
    if (rows[f].empty()) rows[f].assign(plan.fields.grid.voxels(), 0.0);
    fields::deposit(rows[f], plan.fields.grid, work.by_voxel, work.amount, threads_for_cells(plan, s));
  }
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
                              step.minutes(), threads_for_cells(plan, s));
    std::vector<double>& amount = work.drug_amount[field];
    if (amount.empty()) amount.assign(s.bodies.size(), 0.0);
    for (std::size_t i = 0; i < mine.change.size(); ++i)
      amount[mine.body_of[i]] -=
          static_cast<double>(mine.change[i]) * cell_volume(s.bodies, mine.body_of[i]) / step.minutes();
  }
}

}  // namespace

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
  fields::locate(work.voxel, plan.fields.grid, s.bodies.x, s.bodies.y, s.bodies.z,
                 threads_for_cells(plan, s));
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
    fields::deposit(work.source[f], plan.fields.grid, work.by_voxel, work.drug_amount[f],
                    threads_for_cells(plan, s));
  }
}

void diffuse(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  if (plan.fields.substances.empty()) return;
  work.exchange.clear();
  for (std::size_t f = 0; f < plan.fields.substances.size(); ++f)
    work.exchange.push_back({work.sink[f], work.consumption[f], work.source[f]});
  try {
    const fields::StepReport report = fields::advance(s.fields, plan.fields, work.exchange, step.minutes(),
                                                      work.fields, threads_for_fields(plan));
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

}  // namespace stroma::tissue

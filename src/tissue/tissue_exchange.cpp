// What cells give to and take from their voxels, and how it spreads.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/errors.hpp"
#include "tissue/tissue_flows.hpp"
#include "tissue/tissue_receive.hpp"

namespace stroma::tissue {
namespace {

// The fields' own accounts hold to 1e-12 per step; a hundred times that is a bug.
constexpr double balance_bound = 1e-10;

// In a voxel nobody could tell any more which cell it was.
void require_finite_flow(const Step& step, const std::vector<double>& amount, std::size_t f,
                         const TissuePlan& plan, const TissueState& s) {
  for (std::size_t b = 0; b < amount.size(); ++b)
    if (!std::isfinite(amount[b]))
      throw core::NumericalError(fmt::format("{}, exchange: what cell {} does to {} is {}", when(step.begin),
                                             s.bodies.id[b], plan.fields.substances[f].name, amount[b]));
}

void add_to_voxels(std::vector<double>& row, const Step& step, std::size_t f,
                   const std::vector<double>& amount, const TissuePlan& plan, const TissueState& s,
                   TissueWorkspace& work) {
  require_finite_flow(step, amount, f, plan, s);
  if (row.empty()) row.assign(plan.fields.grid.voxels(), 0.0);
  fields::deposit(row, plan.fields.grid, work.by_voxel, amount, threads_for_cells(plan, s));
}

// Adds a flow of the cells of all populations to the voxels that they are in. `rows` is empty where nobody
// has such a flow.
void deposit_flows(const Step& step, std::vector<std::vector<double>>& rows, model::BehaviourKind kind,
                   const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  const bool is_secretion = kind == model::BehaviourKind::secretion;
  for (std::size_t f = 0; f < plan.fields.substances.size(); ++f) {
    bool any = false;
    for (std::size_t k = 0; k < plan.populations.size(); ++k) {
      const PopulationPlan::Placed* flow = flow_of(plan.populations[k].all(kind), f, plan);
      if (flow == nullptr) continue;
      if (!any) work.amount.assign(s.bodies.size(), 0.0);
      any = true;
      const TissueWorkspace::PerPopulation& mine = work.populations[k];
      evaluate_behaviour(work.populations[k], static_cast<std::size_t>(flow->behaviour), plan.populations[k],
                         s.populations[k], threads_for_cells(plan, s));
      const double factor = is_secretion ? plan.populations[k].donor_factor : 1.0;
      double sum = 0.0;
      for_each_rate(*flow, k, plan, s, work, [&](std::size_t i, double rate) {
        work.amount[mine.body_of[i]] += factor * rate;
        sum += factor * rate;
      });
      if (is_secretion) s.ports[f][k].secreted += sum * step.minutes();
    }
    if (!any) continue;
    add_to_voxels(rows[f], step, f, work.amount, plan, s, work);
  }
}

// The drug inside the cells of population k: what leaves them is a source of their voxels in this step, and
// what will enter them a linear sink, in proportion to what the voxel will hold.
void exchange_drugs(const Step& step, std::size_t k, const TissuePlan& plan, TissueState& s,
                    TissueWorkspace& work) {
  const PopulationPlan& population_plan = plan.populations[k];
  TissueWorkspace::PerPopulation& mine = work.populations[k];
  const std::size_t n = mine.body_of.size();
  mine.lost.resize(n);
  mine.gained.resize(n);
  mine.clearance.resize(population_plan.drugs.size());
  for (std::size_t d = 0; d < population_plan.drugs.size(); ++d) {
    const int f = field_of_drug(plan, k, d);
    if (f < 0) continue;
    const DrugEntry& entry = population_plan.drugs[d];
    const auto [influx, transporter] = entry_modifiers(entry, s.populations[k]);
    pharmacology::entry_rates(mine.lost, mine.gained, influx, transporter, entry.entry, step.minutes(),
                              threads_for_cells(plan, s));
    const double unbound = pharmacology::free_fraction(entry.free_fraction_in_serum, plan.setup.serum);
    const auto field = static_cast<std::size_t>(f);
    if (work.efflux[field].empty()) {
      work.efflux[field].assign(s.bodies.size(), 0.0);
      work.clearance[field].assign(s.bodies.size(), 0.0);
    }
    mine.clearance[d].resize(n);
    double left = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t b = mine.body_of[i];
      double& held = s.populations[k].held[d][i];
      const double leaves = held * mine.lost[i];
      held -= leaves;
      left += leaves;
      work.efflux[field][b] += leaves / step.minutes();
      mine.clearance[d][i] = unbound * mine.gained[i] * cell_volume(s.bodies, b);
      work.clearance[field][b] += mine.clearance[d][i];
    }
    s.ports[field][k].entered -= left;
  }
}

// What lies between the cells gives it whatever is there already.
double given_by_ground(const std::vector<double>& source, const Step& step, const TissuePlan& plan,
                       TissueWorkspace& work) {
  constexpr std::size_t chunk = 8192;
  const double sum = core::sum_chunks(
      source.size(), chunk, threads_for_fields(plan), work.sums, [&](std::size_t begin, std::size_t end) {
        return std::accumulate(source.begin() + static_cast<std::ptrdiff_t>(begin),
                               source.begin() + static_cast<std::ptrdiff_t>(end), 0.0);
      });
  return sum * plan.fields.grid.voxel_volume() * step.minutes();
}

}  // namespace

void exchange(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  const std::size_t fields = plan.fields.substances.size();
  for (auto* rows : {&work.source, &work.sink, &work.consumption}) rows->resize(fields);
  for (auto* rows : {&work.efflux, &work.clearance}) rows->resize(fields);
  for (std::size_t f = 0; f < fields; ++f) {
    const Ground& now = s.ground[f];
    work.source[f] = now.source.empty() ? plan.setup.substances[f].source : now.source;
    work.sink[f] = now.sink.empty() ? plan.setup.substances[f].sink : now.sink;
    work.consumption[f] = plan.setup.substances[f].consumption;
    if (!work.source[f].empty())
      s.ground_ports[f].source += given_by_ground(work.source[f], step, plan, work);
    work.efflux[f].clear();
    work.clearance[f].clear();
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
  for (std::size_t k = 0; k < plan.populations.size(); ++k) {
    bind_signals(work.populations[k], plan.populations[k], s.populations[k],
                 PerceiveTissue{plan, s, work.populations[k], step.begin});
    exchange_drugs(step, k, plan, s, work);
  }
  deposit_flows(step, work.source, model::BehaviourKind::secretion, plan, s, work);
  deposit_flows(step, work.sink, model::BehaviourKind::uptake, plan, s, work);
  deposit_flows(step, work.consumption, model::BehaviourKind::consumption, plan, s, work);
  for (std::size_t f = 0; f < fields; ++f) {
    if (work.efflux[f].empty()) continue;
    add_to_voxels(work.source[f], step, f, work.efflux[f], plan, s, work);
    add_to_voxels(work.sink[f], step, f, work.clearance[f], plan, s, work);
  }
}

void diffuse(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  if (plan.fields.substances.empty()) return;
  const std::size_t fields = plan.fields.substances.size();
  work.exchange.clear();
  work.outside.resize(fields);
  work.taken_before.resize(fields);
  work.is_shared.resize(fields);
  for (std::size_t f = 0; f < fields; ++f) {
    work.exchange.push_back({work.sink[f], work.consumption[f], work.source[f], s.ground[f].mobility});
    work.taken_before[f] = s.fields.substances[f].budget;
    work.is_shared[f] = is_shared(f, plan, s, work) ? 1 : 0;
    if (work.is_shared[f] == 0) continue;
    const std::span<const double> c = s.fields.concentration(f);
    work.outside[f].assign(c.begin(), c.end());
  }
  try {
    const fields::StepReport report = fields::advance(s.fields, plan.fields, work.exchange, step.minutes(),
                                                      work.fields, threads_for_fields(plan));
    for (std::size_t f = 0; f < fields; ++f)
      if (work.is_shared[f] != 0 && report.substances[f].method == fields::Method::quasi_steady)
        std::ranges::copy(s.fields.concentration(f), work.outside[f].begin());  // held throughout the step
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

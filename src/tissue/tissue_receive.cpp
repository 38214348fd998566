// What the sinks of a field took in the step is known to the last bit; where, follows from the concentrations
// before and after. Each cell receives the drug that it took, and every population is booked with its share,
// so that nothing is lost or made between fields and cells.
#include "tissue/tissue_receive.hpp"

#include <algorithm>
#include <numeric>

#include "core/maths.hpp"
#include "tissue/tissue_flows.hpp"

namespace stroma::tissue {
namespace {

constexpr std::size_t chunk = 8192;

// One kind of sinks: who has them and where what they took is booked.
struct Sinks {
  model::BehaviourKind flows;
  double CellPort::*cells;
  double GroundPort::*ground;
};
constexpr Sinks linear{model::BehaviourKind::uptake, &CellPort::cleared, &GroundPort::sink};
constexpr Sinks saturable{model::BehaviourKind::consumption, &CellPort::consumed, &GroundPort::consumption};

const std::vector<double>& rates_of_ground(const Sinks& sinks, std::size_t f, const TissuePlan& plan,
                                           const TissueState& s) {
  const TissueSetup::Substance& planned = plan.setup.substances[f];
  if (sinks.ground == &GroundPort::consumption) return planned.consumption;
  return s.ground[f].sink.empty() ? planned.sink : s.ground[f].sink;
}

bool has(const Sinks& sinks, std::size_t f, std::size_t k, const TissuePlan& plan, const TissueState& s) {
  return flow_of(plan.populations[k].all(sinks.flows), f, plan) != nullptr &&
         s.populations[k].cells.size() > 0;
}

std::size_t takers(const Sinks& sinks, std::size_t f, const TissuePlan& plan, const TissueState& s) {
  std::size_t count = rates_of_ground(sinks, f, plan, s).empty() ? 0 : 1;
  for (std::size_t k = 0; k < plan.populations.size(); ++k) count += has(sinks, f, k, plan, s) ? 1 : 0;
  return count;
}

// Mean over a step of a concentration that goes from `before` to `after` under a constant inflow and a sink
// of `passed` = rate x time: exact for these, and between the two always.
double mean_over_step(double before, double after, double passed) {
  // 1/x - 1/(e^x - 1); its series where the difference would cancel.
  const double weight = passed < 1e-3 ? 0.5 - passed / 12.0 : 1.0 / passed - 1.0 / core::maths::expm1(passed);
  return weight * before + (1.0 - weight) * after;
}

// Turns what was in the voxels before the step into the mean over it. Returns what linear sinks take of that
// [nM um^3].
double find_means(const Step& step, std::size_t f, const TissuePlan& plan, const TissueState& s,
                  TissueWorkspace& work) {
  const double minutes = step.minutes(), half = plan.fields.substances[f].half_uptake;
  const std::span<const double> after = s.fields.concentration(f);
  const std::vector<double>&sink = work.sink[f], &most = work.consumption[f];
  std::vector<double>& outside = work.outside[f];
  return core::sum_chunks(
      after.size(), chunk, threads_for_fields(plan), work.sums, [&](std::size_t begin, std::size_t end) {
        double sum = 0.0;
        for (std::size_t v = begin; v < end; ++v) {
          const double cleared = sink.empty() ? 0.0 : sink[v] * minutes;
          const double passed = most.empty() ? cleared : cleared + most[v] * minutes / (half + after[v]);
          outside[v] = std::max(0.0, mean_over_step(outside[v], after[v], passed));
          sum += cleared * outside[v];
        }
        return sum * plan.fields.grid.voxel_volume();
      });
}

void give_drugs(const Step& step, std::size_t f, double factor, const TissuePlan& plan, TissueState& s,
                const TissueWorkspace& work) {
  for (std::size_t k = 0; k < plan.populations.size(); ++k)
    for (std::size_t d = 0; d < plan.populations[k].drugs.size(); ++d) {
      if (field_of_drug(plan, k, d) != static_cast<int>(f)) continue;
      const TissueWorkspace::PerPopulation& mine = work.populations[k];
      double sum = 0.0;
      for (std::size_t i = 0; i < mine.body_of.size(); ++i) {
        const double enters =
            factor * step.minutes() * mine.clearance[d][i] * work.outside[f][work.voxel[mine.body_of[i]]];
        s.populations[k].held[d][i] += enters;
        sum += enters;
      }
      s.ports[f][k].entered += sum;
    }
}

// Finds what each population, and last what lies between the cells, draws by sinks of which a unit of rate
// takes `taken(c)` [nM um^3]; returns the sum.
template <class Taken>
double weigh(const Sinks& sinks, std::size_t f, const TissuePlan& plan, const TissueState& s,
             TissueWorkspace& work, const Taken& taken) {
  const std::vector<double>& outside = work.outside[f];
  work.drawn.assign(plan.populations.size() + 1, 0.0);
  for (std::size_t k = 0; k < plan.populations.size(); ++k) {
    const PopulationPlan::Placed* flow = flow_of(plan.populations[k].all(sinks.flows), f, plan);
    if (flow == nullptr) continue;
    const std::vector<std::uint32_t>& body_of = work.populations[k].body_of;
    for_each_rate(*flow, k, plan, s, work, [&](std::size_t i, double rate) {
      work.drawn[k] += rate * taken(outside[work.voxel[body_of[i]]]);
    });
  }
  const std::vector<double>& rate = rates_of_ground(sinks, f, plan, s);
  const double density = core::sum_chunks(rate.size(), chunk, threads_for_fields(plan), work.sums,
                                          [&](std::size_t begin, std::size_t end) {
                                            double sum = 0.0;
                                            for (std::size_t v = begin; v < end; ++v)
                                              sum += rate[v] * taken(outside[v]);
                                            return sum;
                                          });
  work.drawn.back() = density * plan.fields.grid.voxel_volume();
  return std::accumulate(work.drawn.begin(), work.drawn.end(), 0.0);
}

// Books what was weighed, scaled so that it sums to what the field lost.
void book(const Sinks& sinks, std::size_t f, double factor, TissueState& s, const TissueWorkspace& work) {
  for (std::size_t k = 0; k < s.ports[f].size(); ++k) s.ports[f][k].*sinks.cells += factor * work.drawn[k];
  s.ground_ports[f].*sinks.ground += factor * work.drawn.back();
}

// Books with the only one who has such a sink.
void book_alone(const Sinks& sinks, std::size_t f, double lost, const TissuePlan& plan, TissueState& s) {
  for (std::size_t k = 0; k < plan.populations.size(); ++k)
    if (has(sinks, f, k, plan, s)) {
      s.ports[f][k].*sinks.cells += lost;
      return;
    }
  s.ground_ports[f].*sinks.ground += lost;
}

}  // namespace

bool is_shared(std::size_t f, const TissuePlan& plan, const TissueState& s, const TissueWorkspace& work) {
  return !work.clearance[f].empty() || takers(linear, f, plan, s) > 1 || takers(saturable, f, plan, s) > 1;
}

void receive(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  const double minutes = step.minutes();
  for (std::size_t f = 0; f < plan.fields.substances.size(); ++f) {
    const fields::Budget& now = s.fields.substances[f].budget;
    const double lost = now.uptake_linear - work.taken_before[f].uptake_linear;
    const double eaten = now.uptake_saturable - work.taken_before[f].uptake_saturable;
    if (work.is_shared[f] == 0) {
      book_alone(linear, f, lost, plan, s);
      book_alone(saturable, f, eaten, plan, s);
      continue;
    }
    const double taken = find_means(step, f, plan, s, work);
    if (taken != 0.0) {
      give_drugs(step, f, lost / taken, plan, s, work);
      weigh(linear, f, plan, s, work, [minutes](double c) { return minutes * c; });
      book(linear, f, lost / taken, s, work);
    }
    const double half = plan.fields.substances[f].half_uptake;
    const double most = weigh(saturable, f, plan, s, work, [half](double c) { return c / (half + c); });
    if (most != 0.0) book(saturable, f, eaten / most, s, work);
  }
}

}  // namespace stroma::tissue

#include "cells/life.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cells/life_draws.hpp"
#include "cells/passage.hpp"
#include "core/errors.hpp"
#include "core/maths.hpp"

namespace stroma::cells {
namespace {

constexpr std::size_t chunk_size = 4096;

// Room for all cells at once, so that a step in which more happens than ever before allocates nothing.
template <class Value>
void make_room(std::vector<Value>& list, std::size_t n) {
  if (list.capacity() < n) list.reserve(n + n / 2);
}

// Stages per minute of the phase a live cell is in.
double stage_rate(const LifePlan& plan, std::uint8_t phase, double cycle_entry) {
  const model::Phase& p = plan.cycle[phase];
  return std::max(1, p.stages) * (phase == 0 ? cycle_entry : 1.0 / p.duration);
}

const DyingStage& dying_stage(const LifePlan& plan, Fate fate) {
  return fate == Fate::early_apoptotic ? plan.early_apoptosis : plan.late_apoptosis;
}

double dying_rate(const LifePlan& plan, Fate fate) {
  const DyingStage& stage = dying_stage(plan, fate);
  return std::max(1, stage.stages) / stage.duration;
}

struct CellRates {
  double cycle_entry, apoptosis, necrosis;
  const Rates* of = nullptr;  // of all cells, for the conversions
  std::size_t cell = 0;
  double hazard() const { return apoptosis + necrosis; }
};

CellRates rates_of(const Rates& rates, std::size_t i) {
  return {rates.cycle_entry.empty() ? 0.0 : static_cast<double>(rates.cycle_entry[i]), rates.apoptosis[i],
          rates.necrosis.empty() ? 0.0 : static_cast<double>(rates.necrosis[i]), &rates, i};
}

// One step of the lives that events touch. Kept as an object because a division branches the loop.
class Committer {
 public:
  Committer(Lives& cells, std::vector<Change>& changes, std::uint64_t& next_id, const LifePlan& plan,
            std::size_t most)
      : cells_(cells), changes_(changes), next_id_(next_id), plan_(plan), most_(most) {}

  void live_through(std::size_t i, const CellRates& rates, double minutes) {
    double left = minutes;
    while (left > 0.0 && cells_.fate[i] != Fate::gone)
      left = cells_.fate[i] == Fate::live ? live_on(i, rates, left) : die_on(i, left);
  }

  Tally tally;

 private:
  // Advances a live cell to its next event or to the end of the step; returns the time left after it.
  double live_on(std::size_t i, const CellRates& rates, double left) {
    const double cycle_rate =
        plan_.cycle.empty() ? 0.0 : stage_rate(plan_, cells_.phase[i], rates.cycle_entry);
    const double to_phase_end = cycle_rate > 0.0 ? cells_.cycle_budget[i] / cycle_rate : HUGE_VAL;
    const double to_death = rates.hazard() > 0.0 ? cells_.death_budget[i] / rates.hazard() : HUGE_VAL;
    const double spent = std::min({left, to_phase_end, to_death});
    cells_.cycle_budget[i] = static_cast<float>(std::max(0.0, cells_.cycle_budget[i] - cycle_rate * spent));
    cells_.death_budget[i] =
        static_cast<float>(std::max(0.0, cells_.death_budget[i] - rates.hazard() * spent));
    if (!plan_.conversions.empty()) spend_conversions(cells_, i, *rates.of, rates.cell, spent);
    left -= spent;
    if (spent == to_death) {
      die(i, rates);
    } else if (spent == to_phase_end) {
      end_phase(i, rates, left);
    }
    return left;
  }

  double die_on(std::size_t i, double left) {
    const double rate = dying_rate(plan_, cells_.fate[i]);
    const double to_end = cells_.death_budget[i] / rate;
    if (to_end > left) {
      cells_.death_budget[i] = static_cast<float>(cells_.death_budget[i] - rate * left);
      return 0.0;
    }
    if (cells_.fate[i] == Fate::early_apoptotic) {
      enter_dying(i, Fate::late_apoptotic);
    } else {
      cells_.fate[i] = Fate::gone;
      ++tally.lyses;
    }
    return left - to_end;
  }

  void die(std::size_t i, const CellRates& rates) {
    core::Stream stream = next_stream(cells_, i, core::Purpose::fate, plan_.seed);
    const bool necrosis = rates.necrosis > 0.0 && stream.uniform() * rates.hazard() < rates.necrosis;
    enter_dying(i, necrosis ? Fate::necrotic : Fate::early_apoptotic);
    ++(necrosis ? tally.necroses : tally.apoptoses);
  }

  void enter_dying(std::size_t i, Fate fate) {
    cells_.fate[i] = fate;
    core::Stream stream = next_stream(cells_, i, core::Purpose::fate, plan_.seed);
    cells_.death_budget[i] = static_cast<float>(erlang(stream, dying_stage(plan_, fate).stages));
  }

  void end_phase(std::size_t i, const CellRates& rates, double left) {
    const bool last = cells_.phase[i] + 1u == plan_.cycle.size();
    cells_.phase[i] = last ? std::uint8_t{0} : static_cast<std::uint8_t>(cells_.phase[i] + 1);
    if (!last) {
      start_phase(i);
      return;
    }
    if (cells_.size() >= most_) throw core::LimitError(fmt::format("more than {} cells", most_));
    if (generation_ == most_generations)
      throw core::NumericalError(
          fmt::format("cell {} has more than {} generations of daughters within one step; its phases are too "
                      "short for any",
                      cells_.lineage[i], most_generations));
    const bool converting = has_run_out(cells_, i);
    const std::size_t other = converting || !plan_.divides_asymmetrically ? none : other_type(i, rates);
    const std::size_t daughter = cells_.append_copy(i);
    cells_.id[daughter] = next_id_++;
    cells_.draws[daughter] = 0;
    changes_.push_back({Change::Kind::birth, static_cast<std::uint32_t>(i), cells_.id[daughter]});
    ++tally.births;
    for (const std::size_t newborn : {i, daughter}) {
      start_phase(newborn);
      drift_traits(newborn);
      core::Stream stream = next_stream(cells_, newborn, core::Purpose::fate, plan_.seed);
      cells_.death_budget[newborn] = static_cast<float>(stream.exponential());
      // Both daughters of a mother who has converted within the step are of the new type at its end.
      if (!converting) draw_conversions(cells_, newborn, plan_);
    }
    if (other != none) cells_.conversion_budgets[other][daughter] = 0.0f;
    ++generation_;
    live_through(daughter, rates, left);
    --generation_;
  }

  // The conversion that a daughter of i is born to, or none.
  std::size_t other_type(std::size_t i, const CellRates& rates) {
    const auto probability = [&](std::size_t c) {
      const std::span<const float> values = rates.of->divisions[c];
      return values.empty() ? 0.0 : static_cast<double>(values[rates.cell]);
    };
    double all = 0.0;
    for (std::size_t c = 0; c < plan_.conversions.size(); ++c) all += probability(c);
    core::Stream stream = next_stream(cells_, i, core::Purpose::conversion, plan_.seed);
    double left = stream.uniform() * std::max(1.0, all);
    for (std::size_t c = 0; c < plan_.conversions.size(); ++c) {
      if (left < probability(c)) return c;
      left -= probability(c);
    }
    return none;
  }

  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  void start_phase(std::size_t i) {
    core::Stream stream = next_stream(cells_, i, core::Purpose::cycle, plan_.seed);
    cells_.cycle_budget[i] = static_cast<float>(erlang(stream, plan_.cycle[cells_.phase[i]].stages));
  }

  void drift_traits(std::size_t i) {
    if (plan_.traits.empty()) return;
    const std::uint32_t draw = cells_.draws[i]++;
    const double rho = plan_.heritability;
    for (std::size_t t = 0; t < plan_.traits.size(); ++t) {
      core::Stream stream = trait_stream(plan_, t, core::Purpose::inheritance, cells_.id[i], draw);
      const double kept = rho * core::maths::log(static_cast<double>(cells_.traits[t][i]));
      const double fresh = std::sqrt(1.0 - rho * rho) * plan_.traits[t].sigma * stream.normal();
      cells_.traits[t][i] = static_cast<float>(core::maths::exp(kept + fresh));
    }
  }

  Lives& cells_;
  std::vector<Change>& changes_;
  std::uint64_t& next_id_;
  const LifePlan& plan_;
  std::size_t most_;
  int generation_ = 0;  // of daughters born in this step, of the one that lives now
};

// Budgets run out within the step?
bool eventful(const Lives& cells, const LifePlan& plan, const Rates& rates, std::size_t i, double minutes) {
  if (cells.fate[i] != Fate::live) return cells.death_budget[i] <= dying_rate(plan, cells.fate[i]) * minutes;
  const CellRates r = rates_of(rates, i);
  if (cells.death_budget[i] <= r.hazard() * minutes) return true;
  return !plan.cycle.empty() &&
         cells.cycle_budget[i] <= stage_rate(plan, cells.phase[i], r.cycle_entry) * minutes;
}

void spend(Lives& cells, const LifePlan& plan, const Rates& rates, std::size_t i, double minutes) {
  if (cells.fate[i] != Fate::live) {
    cells.death_budget[i] =
        static_cast<float>(cells.death_budget[i] - dying_rate(plan, cells.fate[i]) * minutes);
    return;
  }
  const CellRates r = rates_of(rates, i);
  cells.death_budget[i] = static_cast<float>(cells.death_budget[i] - r.hazard() * minutes);
  if (!plan.conversions.empty()) spend_conversions(cells, i, rates, i, minutes);
  if (plan.cycle.empty()) return;
  const double rate = stage_rate(plan, cells.phase[i], r.cycle_entry);
  cells.cycle_budget[i] = static_cast<float>(cells.cycle_budget[i] - rate * minutes);
}

}  // namespace

LifePlan life_plan(const model::CellType& type, std::uint64_t seed) {
  const auto stages = [&](const char* name) {
    const auto found = type.parameters.find(name);
    return found == type.parameters.end() ? 1 : static_cast<int>(found->second.value);
  };
  LifePlan plan;
  plan.cycle = type.cycle;
  plan.early_apoptosis = {type.parameter("early_apoptosis"), stages("stages:early_apoptosis")};
  plan.late_apoptosis = {type.parameter("late_apoptosis"), stages("stages:late_apoptosis")};
  plan.traits = type.traits;
  plan.heritability = type.parameters.contains("heritability") ? type.parameter("heritability") : 1.0;
  plan.seed = seed;
  return plan;
}

std::vector<StageShare> stable_stages(std::span<const model::Phase> cycle, double cycle_entry) {
  std::vector<StageShare> shares;
  if (cycle.empty()) return shares;
  std::vector<double> rate;
  for (std::size_t p = 0; p < cycle.size(); ++p) {
    for (int s = cycle[p].stages; s >= std::min(1, cycle[p].stages); --s) {
      shares.push_back({static_cast<std::uint8_t>(p), s, 0.0});
      rate.push_back(std::max(1, cycle[p].stages) * (p == 0 ? cycle_entry : 1.0 / cycle[p].duration));
    }
  }
  // Growth rate g: 2 prod r_j/(r_j + g) prod exp(-g/r_k) = 1, over the stages and the phases of fixed
  // duration 1/r_k. The left side falls with g, so bisection is safe.
  double low = 0.0, high = *std::max_element(rate.begin(), rate.end());
  for (int iteration = 0; iteration < 200; ++iteration) {
    const double g = 0.5 * (low + high);
    double log_gain = core::maths::log(2.0);
    for (std::size_t j = 0; j < rate.size(); ++j)
      log_gain += shares[j].stages_left == 0 ? -g / rate[j] : core::maths::log(rate[j] / (rate[j] + g));
    (log_gain > 0.0 ? low : high) = g;
  }
  const double g = 0.5 * (low + high);
  // What enters a stage leaves it at its rate or is thinned by growth.
  double entering = shares[0].stages_left == 0 ? 1.0 : rate[0] + g, total = 0.0;
  for (std::size_t j = 0; j < rate.size(); ++j) {
    const bool is_fixed = shares[j].stages_left == 0;
    shares[j].growth = is_fixed ? g / rate[j] : 0.0;
    const double passed = is_fixed ? core::maths::exp(-shares[j].growth) : 0.0;
    shares[j].share = entering * (is_fixed ? (1.0 - passed) / g : 1.0 / (rate[j] + g));
    entering = is_fixed ? entering * passed : shares[j].share * rate[j];
    total += shares[j].share;
  }
  for (StageShare& share : shares) share.share /= total;
  return shares;
}

namespace {

// What is left of a phase of fixed duration 1 for a cell in it: the age has a density in proportion to
// exp(-growth a) in [0, 1].
double rest_of_fixed(double u, double growth) {
  if (growth < 1e-9) return 1.0 - u;
  return 1.0 + core::maths::log1p(u * core::maths::expm1(-growth)) / growth;
}

}  // namespace

void seed_founders(Lives& cells, const LifePlan& plan, std::size_t n, std::uint64_t first_id,
                   double cycle_entry) {
  const std::vector<StageShare> shares = stable_stages(plan.cycle, cycle_entry);
  if (cells.traits.size() != plan.traits.size()) {
    core::require(cells.size() == 0, "founders with other traits than the population");
    cells.traits.resize(plan.traits.size());
  }
  cells.conversion_budgets.resize(plan.conversions.size());
  cells.marks.resize(plan.marks.size());
  cells.reserve(cells.size() + n);
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t i = cells.append_copy(cells.size());
    cells.id[i] = cells.lineage[i] = first_id + k;
    core::Stream stream = next_stream(cells, i, core::Purpose::seeding, plan.seed);
    cells.death_budget[i] = static_cast<float>(stream.exponential());
    if (!shares.empty()) {
      double u = stream.uniform();
      std::size_t at = 0;
      while (at + 1 < shares.size() && u >= shares[at].share) u -= shares[at++].share;
      cells.phase[i] = shares[at].phase;
      cells.cycle_budget[i] =
          static_cast<float>(shares[at].stages_left == 0 ? rest_of_fixed(stream.uniform(), shares[at].growth)
                                                         : erlang(stream, shares[at].stages_left));
    }
    for (std::size_t t = 0; t < plan.traits.size(); ++t)
      cells.traits[t][i] = founding_trait(plan, t, cells.id[i]);
    draw_conversions(cells, i, plan);
    for (std::size_t m = 0; m < plan.marks.size(); ++m) cells.marks[m][i] = plan.marks[m].first;
  }
}

void kill(Lives& cells, std::size_t cell, const LifePlan& plan, double minutes) {
  cells.fate[cell] = Fate::early_apoptotic;
  core::Stream stream = next_stream(cells, cell, core::Purpose::fate, plan.seed);
  // The whole step is spent of it, also the part before it was killed.
  const double before = dying_rate(plan, Fate::early_apoptotic) * minutes;
  cells.death_budget[cell] = static_cast<float>(erlang(stream, plan.early_apoptosis.stages) + before);
}

void engulf(Lives& cells, std::size_t cell) {
  cells.fate[cell] = Fate::gone;
}

void propose(Proposals& proposals, const Lives& cells, const LifePlan& plan, const Rates& rates,
             double minutes, core::Threads threads) {
  const std::size_t n = cells.size();
  const std::size_t chunks = core::chunk_count(n, chunk_size);
  if (proposals.per_chunk.size() < chunks) proposals.per_chunk.resize(chunks);
  core::for_chunks(n, chunk_size, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t>& found = proposals.per_chunk[begin / chunk_size];
    found.clear();
    found.reserve(chunk_size);
    for (std::size_t i = begin; i < end; ++i)
      if (eventful(cells, plan, rates, i, minutes)) found.push_back(static_cast<std::uint32_t>(i));
  });
  proposals.eventful.clear();
  make_room(proposals.eventful, n);
  for (std::size_t c = 0; c < chunks; ++c)
    proposals.eventful.insert(proposals.eventful.end(), proposals.per_chunk[c].begin(),
                              proposals.per_chunk[c].end());
}

Tally commit(Lives& cells, std::vector<Change>& changes, std::uint64_t& next_id, const Proposals& proposals,
             const LifePlan& plan, const Rates& rates, double minutes, std::size_t most) {
  const std::size_t n = cells.size();
  changes.clear();
  make_room(changes, n);
  std::size_t next = 0;
  Committer committer(cells, changes, next_id, plan, most);
  for (std::size_t i = 0; i < n; ++i) {
    const bool proposed = next < proposals.eventful.size() && proposals.eventful[next] == i;
    if (proposed) ++next;
    const bool killed_since = cells.fate[i] != Fate::live && !proposed;  // or was dying before
    if (cells.fate[i] == Fate::gone) {                                   // taken up by another
      ++committer.tally.lyses;
    } else if (proposed || (killed_since && eventful(cells, plan, rates, i, minutes))) {
      committer.live_through(i, rates_of(rates, i), minutes);
    } else {
      spend(cells, plan, rates, i, minutes);
    }
  }
  // Backwards, so that the cell that fills a hole is never one that is itself to go.
  if (committer.tally.lyses > 0) {
    for (std::size_t i = cells.size(); i-- > 0;) {
      if (cells.fate[i] != Fate::gone) continue;
      cells.remove(i);
      changes.push_back({Change::Kind::removal, static_cast<std::uint32_t>(i)});
    }
  }
  return committer.tally;
}

}  // namespace stroma::cells

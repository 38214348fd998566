// The walk over the state of a tissue: the one place that names its arrays for hash, checkpoint and restart.
#include <fmt/format.h>

#include <algorithm>
#include <type_traits>
#include <vector>

#include "core/archive.hpp"
#include "core/diagnostics.hpp"
#include "core/errors.hpp"
#include "tissue/tissue.hpp"

namespace stroma::tissue {
namespace {

template <class Archive, class C>
void walk_counters(Archive& archive, C& c) {
  archive("counters/births", c.tally.births);
  archive("counters/apoptoses", c.tally.apoptoses);
  archive("counters/necroses", c.tally.necroses);
  archive("counters/lyses", c.tally.lyses);
  archive("counters/steps", c.steps);
  archive("counters/mechanics_steps", c.mechanics_steps);
  archive("counters/field_steps", c.field_steps);
  archive("counters/list_rebuilds", c.list_rebuilds);
  archive("counters/reflections", c.reflections);
  archive("counters/coincidences", c.coincidences);
  archive("counters/attacks", c.attacks);
  archive("counters/phagocytoses", c.phagocytoses);
  archive("counters/negative_voxels", c.negative_voxels);
  archive("counters/worst_balance", c.worst_balance);
  archive("counters/network/substeps", c.network.substeps);
  archive("counters/network/missed", c.network.missed);
  archive("counters/network/out_of_bounds", c.network.out_of_bounds);
  archive("counters/network/worst_excursion", c.network.worst_excursion);
  archive("counters/network/largest_error", c.network.largest_error);
}

template <class Archive, class S>
void walk(Archive& archive, S& s) {
  constexpr bool restoring = !std::is_const_v<S>;
  archive("tick", s.tick.count);
  archive("next_id", s.next_id);
  walk_counters(archive, s.counters);
  for (std::size_t k = 0; k < s.cohorts.size(); ++k) {
    auto& cohort = s.cohorts[k];
    const std::string prefix = fmt::format("cohorts/{}/", k);
    const auto name = [&](std::string_view array) { return prefix + std::string(array); };
    auto& cells = cohort.cells;
    archive(name("id"), cells.id);
    archive(name("lineage"), cells.lineage);
    archive(name("draws"), cells.draws);
    archive(name("fate"), cells.fate);
    archive(name("phase"), cells.phase);
    archive(name("cycle_budget"), cells.cycle_budget);
    archive(name("death_budget"), cells.death_budget);
    for (std::size_t t = 0; t < cells.traits.size(); ++t)
      archive(name(fmt::format("traits/{}", t)), cells.traits[t]);
    for (std::size_t d = 0; d < s.held[k].size(); ++d) archive(name(fmt::format("held/{}", d)), s.held[k][d]);
    if constexpr (restoring) cohort.activities.resize(cells.id.size());
    for (std::size_t slot = 0; slot < cohort.activities.nodes(); ++slot)
      archive(name(fmt::format("activities/{}", slot)), cohort.activities.node(slot));
  }
  cells::walk(archive, s.bodies, "bodies");
  cells::walk(archive, s.attachments, "attachments");
  archive("ruptured", s.ruptured);
  fields::walk(archive, s.fields, "fields");
}

[[noreturn]] void refuse(const std::string& what) {
  core::Diagnostics problems;
  problems.add("state-does-not-fit", {}, what, fmt::format("the saved state does not fit together: {}", what),
               "the checkpoint belongs to another run, or the program that wrote it had a fault");
  problems.throw_if_any();
  throw core::InternalError("unreachable");
}

// What the engine relies on and no checksum can promise.
void require_consistent(const TissueState& s, const TissuePlan& plan) {
  std::size_t cells = 0;
  for (std::size_t k = 0; k < s.cohorts.size(); ++k) {
    const cells::Population& p = s.cohorts[k].cells;
    const std::size_t n = p.id.size();
    cells += n;
    const auto fits = [&](const auto& array) { return array.size() == n; };
    bool good = fits(p.lineage) && fits(p.draws) && fits(p.fate) && fits(p.phase) && fits(p.cycle_budget) &&
                fits(p.death_budget);
    for (const auto& trait : p.traits) good = good && fits(trait);
    for (std::size_t d = 0; d < s.held[k].size(); ++d)
      good = good && s.held[k][d].size() == (field_of_drug(plan, k, d) >= 0 ? n : 0);
    if (!good) refuse(fmt::format("cohorts/{} has arrays of different lengths", k));
    const std::size_t phases = std::max<std::size_t>(1, plan.cohorts[k].life.cycle.size());
    for (std::size_t i = 0; i < n; ++i)
      if (p.phase[i] >= phases || static_cast<int>(p.fate[i]) > static_cast<int>(cells::Fate::gone))
        refuse(fmt::format("cohorts/{}: cell {} has a phase or fate that does not exist", k, i));
  }
  const cells::Bodies& b = s.bodies;
  const std::size_t n = b.id.size();
  bool good = b.reference.empty() || b.reference.size() == 4 * n;
  cells::for_each_array(
      b, [&](const char*, const auto& array, std::size_t each) { good = good && array.size() == each * n; });
  if (!good) refuse("bodies has arrays of different lengths");
  if (n != cells) refuse(fmt::format("{} bodies for {} cells", n, cells));
  std::vector<std::vector<bool>> has_body;
  for (const Cohort& cohort : s.cohorts) has_body.emplace_back(cohort.cells.size(), false);
  for (std::size_t i = 0; i < n; ++i) {
    if (b.type[i] >= s.cohorts.size() || b.slot[i] >= s.cohorts[b.type[i]].cells.size() ||
        b.id[i] != s.cohorts[b.type[i]].cells.id[b.slot[i]])
      refuse(fmt::format("body {} belongs to no cell", i));
    if (has_body[b.type[i]][b.slot[i]]) refuse(fmt::format("body {} is the second of cell {}", i, b.id[i]));
    has_body[b.type[i]][b.slot[i]] = true;
    if (b.id[i] >= s.next_id) refuse(fmt::format("cell {} is not born yet", b.id[i]));
  }
  const cells::Attachments& springs = s.attachments;
  if (springs.b.size() != springs.size() || springs.stiffness.size() != springs.size() ||
      springs.rest.size() != springs.size())
    refuse("attachments has arrays of different lengths");
  if (!std::is_sorted(s.ruptured.begin(), s.ruptured.end())) refuse("ruptured is not in order");
}

}  // namespace

void save(core::ArchiveWriter& writer, const TissueState& state) {
  core::Saving saving(writer);
  walk(saving, state);
}

TissueState restore(core::ArchiveReader& reader, const TissuePlan& plan) {
  TissueState s;
  for (const CohortPlan& cohort_plan : plan.cohorts) {
    Cohort cohort;
    cohort.cells.traits.resize(cohort_plan.life.traits.size());
    cohort.activities = network::Activities(cohort_plan.program.size());
    s.cohorts.push_back(std::move(cohort));
    s.held.emplace_back(cohort_plan.drugs.size());
  }
  s.fields = fields::make_fields(plan.fields);
  core::Restoring restoring(reader);
  walk(restoring, s);
  require_consistent(s, plan);
  return s;
}

std::string state_hash(const TissueState& state) {
  core::HashingArchive archive;
  save(archive, state);
  return archive.digest();
}

}  // namespace stroma::tissue

// What decides the history of a tissue, as hashes, and whether another experiment may go on with it.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/hash.hpp"
#include "study/arrival_key.hpp"
#include "study/tissue_experiment.hpp"

namespace stroma::study {
namespace {

// Of everything that decides a history, but for what is given on the way.
void hash_setup(core::Hasher& h, const TissueExperiment& experiment) {
  const tissue::TissueSetup& setup = experiment.setup;
  h.number(setup.grid.dimensions);
  for (std::size_t a = 0; a < 3; ++a) {
    h.number(setup.grid.n[a]);
    h.number(setup.grid.spacing[a]);
    h.number(setup.grid.origin[a]);
  }
  for (const auto& s : setup.substances) {
    h.text(s.plan.name);
    for (const double x :
         {s.plan.diffusivity, s.plan.decay, s.plan.half_uptake, s.plan.error_target, s.plan.fixed_step})
      h.number(x);
    h.number(s.plan.method);
    for (const fields::Boundary& b : s.plan.boundary) {
      h.number(b.kind);
      h.number(b.value);
      h.number(b.permeability);
    }
    if (s.plan.layer_depth > 0.0) h.number(s.plan.layer_depth);
    for (const fields::FixedVoxel& f : s.plan.fixed) {
      h.number(static_cast<std::uint64_t>(f.voxel));
      h.number(f.value);
    }
    for (const std::vector<double>* values :
         {&s.plan.mobility, &s.initial, &s.source, &s.sink, &s.consumption})
      h.array(std::span<const double>(*values));
  }
  for (const auto& cells : setup.cells) {
    h.number(cells.type);
    for (const auto& p : cells.positions)
      for (const double x : p) h.number(x);
  }
  for (const auto& a : setup.attachments) {
    h.number(a.one);
    h.number(a.other);
    for (const double x : {a.formation, a.breaking, a.stiffness}) h.number(x);
  }
  h.number(static_cast<std::uint64_t>(setup.attachments_per_cell));
  for (const cells::Face& face : setup.faces) {
    h.number(face.repulsion);
    h.number(face.adhesion);
  }
  for (const double x :
       {setup.serum, setup.adhesion_reach, setup.mechanics_tolerance, setup.longest_mechanics_step})
    h.number(x);
  h.number(setup.step.count);
  h.number(setup.seed);
  h.number(setup.donor_seed);
}

// Who arrived before the fork belongs to the history.
std::string history_hash(const TissueExperiment& experiment, core::Tick fork) {
  core::Hasher h;
  hash_setup(h, experiment);
  for (const tissue::Arrival& a : experiment.setup.arrivals)
    if (a.at < fork) hash_arrival(h, a);
  return h.digest();
}

}  // namespace

std::string founding_hash(const TissueExperiment& experiment) {
  return history_hash(experiment, core::Tick{std::numeric_limits<std::int64_t>::max()});
}

std::string configuration_hash(const TissueExperiment& experiment) {
  core::Hasher h;
  hash_setup(h, experiment);
  for (const auto& t : experiment.setup.treatments) {
    h.number(t.at.count);
    h.number(t.until.count);
    h.number(static_cast<std::uint64_t>(t.substance));
    h.number(t.concentration);
  }
  for (const tissue::Arrival& a : experiment.setup.arrivals) hash_arrival(h, a);
  return h.digest();
}

void check_fork(const TissueExperiment& before, const TissueExperiment& after, core::Tick tick,
                const std::string& file, core::Diagnostics& problems) {
  const tissue::TissueSetup &a = before.setup, &b = after.setup;
  const auto wrong = [&](const char* key, const std::string& message) {
    problems.add("fork-differs", {file, 0, 0}, key, fmt::format("{}: {}", key, message),
                 "a fork shares its history with the run; only treatments, durations and output may differ");
  };
  const std::size_t before_details = problems.size();
  if (!(a.grid == b.grid)) wrong("domain", "the grid is not that of the run that is forked");
  if (a.step != b.step) wrong("step", "the step is not that of the run that is forked");
  if (after.duration <= tick) wrong("duration", "ends before the fork begins");
  const auto names = [](const tissue::TissueSetup& setup) {
    std::string all;
    for (const auto& s : setup.substances)
      all += fmt::format("{} ({} fixed voxels), ", s.plan.name, s.plan.fixed.size());
    return all;
  };
  if (names(a) != names(b))
    wrong("substance", "the substances are not those of the run that is forked, in their order");
  const auto types = [](const tissue::TissueSetup& setup) {
    std::vector<model::Index> all;
    for (const auto& cells : setup.cells) all.push_back(cells.type);
    return all;
  };
  if (types(a) != types(b))
    wrong("cells", "the cell types are not those of the run that is forked, in their order");
  // What has ended by then belongs to the history; what goes on may end otherwise.
  const auto given = [tick](const tissue::TissueSetup& setup) {
    std::vector<std::array<double, 4>> all;
    for (const auto& t : setup.treatments)
      if (t.at < tick)
        all.push_back({static_cast<double>(t.at.count), static_cast<double>(t.substance), t.concentration,
                       t.until.count >= 0 && t.until < tick ? static_cast<double>(t.until.count) : -1.0});
    std::sort(all.begin(), all.end());
    return all;
  };
  if (given(a) != given(b))
    wrong("treatment", fmt::format("what is given before the fork at {:.6g} h is not what the run was given",
                                   core::minutes(tick) / 60.0));
  if (problems.size() == before_details && history_hash(before, tick) != history_hash(after, tick))
    wrong("experiment", "a boundary, an initial value, a position or another number is not that of the run");
}

}  // namespace stroma::study

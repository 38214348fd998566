#include "study/fork.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "study/tissue_arms.hpp"

namespace stroma::study {
namespace {

const std::vector<double>& series_of(const ArmSpec& arm) {
  static const std::vector<double> none;
  for (const TreatmentSpec& t : arm.treatments)
    if (t.series) return t.doses;
  return none;
}

// What a vessel is, wherever its experiment's file lies and however its dose is written.
using Identity = std::tuple<std::string, std::string, double, int, int>;
Identity identity_of(const Experiment& e, const Vessel& v) {
  if (v.system < 0) return {{}, e.cultures[static_cast<std::size_t>(v.culture)].name, 0.0, 0, v.replicate};
  const ArmSpec& arm = e.arms[static_cast<std::size_t>(v.arm)];
  const std::vector<double>& doses = series_of(arm);
  return {e.systems[static_cast<std::size_t>(v.system)], arm.name,
          doses.empty() ? -1.0 : doses[static_cast<std::size_t>(v.dose)], v.well, v.replicate};
}

std::string name_of(const Experiment& e, const Vessel& v) {
  if (v.system < 0)
    return fmt::format("culture '{}', replicate {}", e.cultures[static_cast<std::size_t>(v.culture)].name,
                       v.replicate + 1);
  const ArmSpec& arm = e.arms[static_cast<std::size_t>(v.arm)];
  std::string dose;
  for (const TreatmentSpec& t : arm.treatments)
    if (t.series) dose = ", " + t.written[static_cast<std::size_t>(v.dose)];
  return fmt::format("{}, arm '{}'{}, well {}, replicate {}", e.systems[static_cast<std::size_t>(v.system)],
                     arm.name, dose, v.well + 1, v.replicate + 1);
}

using Given = std::vector<std::tuple<core::Tick, model::Index, double, core::Tick>>;

Given given_before(const tissue::CultureSetup& setup, core::Tick tick) {
  Given out;
  for (const auto& t : setup.treatments)
    if (t.at < tick)
      out.emplace_back(t.at, t.substance, t.concentration, t.until < tick ? t.until : core::Tick{-1});
  std::sort(out.begin(), out.end());
  return out;
}

// The period of medium changes, as far as one falls before `tick`.
core::Tick renewal_before(const tissue::CultureSetup& setup, core::Tick tick) {
  return setup.renewal < tick ? setup.renewal : core::Tick{};
}

std::vector<std::tuple<model::Index, std::size_t, double>> cells_of(const tissue::CultureSetup& setup) {
  std::vector<std::tuple<model::Index, std::size_t, double>> out;
  for (const auto& cells : setup.cells) out.emplace_back(cells.type, cells.count, cells.weight);
  return out;
}

class Check {
 public:
  Check(const Experiment& before, const Experiment& after, const std::vector<Vessel>& old_vessels,
        const std::vector<Vessel>& new_vessels)
      : before_(before), after_(after), old_(old_vessels), new_(new_vessels) {
    for (std::size_t i = 0; i < old_.size(); ++i) by_identity_.emplace(identity_of(before_, old_[i]), i);
  }

  // Null, or in what the culture's vessel differs.
  const char* difference(const Vessel& mine, const Vessel& old, core::Tick until) const {
    const tissue::CultureSetup &a = old.setup, &b = mine.setup;
    if (cells_of(a) != cells_of(b) || old.scale != mine.scale) return "other cells than in the run";
    if (a.volume != b.volume || a.area != b.area || a.evaporation != b.evaporation)
      return "another volume, area or evaporation than in the run";
    if (a.step != b.step) return "another step than in the run";
    if (a.seed != b.seed || a.donor_seed != b.donor_seed) return "another seed than in the run";
    if (given_before(a, until) != given_before(b, until)) return "not given the same before the fork";
    if (renewal_before(a, until) != renewal_before(b, until)) return "other medium changes before the fork";
    return medium_difference(mine, old);
  }

  const Vessel* old_of(const Vessel& mine) const {
    const auto found = by_identity_.find(identity_of(after_, mine));
    return found == by_identity_.end() ? nullptr : &old_[found->second];
  }

 private:
  // A supernatant is poured from the beginning, so all of it belongs to the history.
  const char* medium_difference(const Vessel& mine, const Vessel& old) const {
    if ((mine.supernatant < 0) != (old.supernatant < 0)) return "another medium than in the run";
    if (mine.supernatant < 0) {
      const tissue::Solution &a = old.setup.medium, &b = mine.setup.medium;
      return a.concentration == b.concentration && a.serum == b.serum ? nullptr
                                                                      : "another medium than in the run";
    }
    const Vessel& my_source = new_[static_cast<std::size_t>(mine.supernatant)];
    const Vessel& old_source = old_[static_cast<std::size_t>(old.supernatant)];
    return my_source.key == old_source.key ? nullptr : "another supernatant is poured on than in the run";
  }

  const Experiment &before_, &after_;
  const std::vector<Vessel>&old_, &new_;
  std::map<Identity, std::size_t> by_identity_;
};

// One message per cause: arms have many wells that differ alike.
class Problems {
 public:
  Problems(const std::string& file, core::Diagnostics& out) : file_(file), out_(out) {}
  void add(const std::string& what, const std::string& where) {
    auto& [first, count] = seen_[what];
    if (count++ == 0) first = where;
  }
  void tell() const {
    for (const auto& [what, places] : seen_) {
      const auto& [first, count] = places;
      out_.add("fork-differs", {file_, 0, 0}, first,
               fmt::format("{}{}: {}", first, count > 1 ? fmt::format(" and {} more", count - 1) : "", what),
               "a fork shares its history with the run; arms keep their names, and what is done from then on "
               "may differ");
    }
  }

 private:
  std::string file_;
  core::Diagnostics& out_;
  std::map<std::string, std::pair<std::string, std::size_t>> seen_;
};

}  // namespace

void check_fork(const Experiment& before, const Experiment& after, const model::Model& model,
                std::uint64_t seed, bool quick, core::Tick tick, const std::string& file,
                core::Diagnostics& problems) {
  if (before.space.operator bool() != after.space.operator bool()) {
    problems.add("fork-differs", {file, 0, 0}, "dimensions",
                 fmt::format("the run is {}, the experiment is {}", before.space ? "in space" : "a culture",
                             after.space ? "in space" : "a culture"));
    return;
  }
  const std::vector<Vessel> old_vessels = expand(before, model, seed, quick),
                            new_vessels = expand(after, model, seed, quick);
  const Check check(before, after, old_vessels, new_vessels);
  Problems found(file, problems);
  for (const Vessel& mine : new_vessels) {
    const std::string name = name_of(after, mine);
    const Vessel* old = check.old_of(mine);
    if (old != nullptr && mine.system >= 0 && tick > old->times.back()) {
      found.add(
          fmt::format("the run ends at {:.6g} h, before the fork", core::minutes(old->times.back()) / 60.0),
          name);
    } else if (tick >= mine.times.back() && mine.system >= 0) {
      found.add("ends before the fork begins", name);
    } else if (after.space) {
      // All arms of a replicate have its seed: an arm that is new leaves any that has its history.
      std::vector<const Vessel*> parents;
      for (const Vessel& v : old_vessels)
        if (v.replicate == mine.replicate && tick <= v.times.back() && (old == nullptr || &v == old))
          parents.push_back(&v);
      const TissueExperiment tissue = tissue_of(after, mine.arm, mine.dose, model, mine.setup.seed);
      core::Diagnostics own;
      bool good = false;
      for (const Vessel* parent : parents) {
        own = {};
        check_fork(tissue_of(before, parent->arm, parent->dose, model, parent->setup.seed), tissue, tick,
                   file, own);
        good = own.empty();
        if (good) break;
      }
      if (parents.empty()) found.add("the run has no such replicate", name);
      if (!good)
        for (const core::Diagnostic& d : own.entries()) found.add(d.message, name);
    } else if (old == nullptr) {
      found.add("the run has no arm and dose of this name", name);
    } else if (const char* what = check.difference(mine, *old, mine.system < 0 ? mine.times.back() : tick)) {
      found.add(what, name);
    }
  }
  found.tell();
}

}  // namespace stroma::study

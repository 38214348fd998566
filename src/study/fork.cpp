#include "study/fork.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "study/tissue_arms.hpp"

namespace stroma::study {
namespace {

// What a vessel is called wherever its experiment's file lies.
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

using Given = std::vector<std::tuple<core::Tick, model::Index, double>>;

Given given_before(const tissue::CultureSetup& setup, core::Tick tick) {
  Given out;
  for (const auto& t : setup.treatments)
    if (t.at < tick) out.emplace_back(t.at, t.substance, t.concentration);
  std::sort(out.begin(), out.end());
  return out;
}

// The period of medium changes, as far as one falls before `tick`.
core::Tick renewal_before(const tissue::CultureSetup& setup, core::Tick tick) {
  return setup.renewal < tick ? setup.renewal : core::Tick{};
}

std::vector<std::pair<model::Index, std::size_t>> cells_of(const tissue::CultureSetup& setup) {
  std::vector<std::pair<model::Index, std::size_t>> out;
  for (const auto& cells : setup.cells) out.emplace_back(cells.type, cells.count);
  return out;
}

class Check {
 public:
  Check(const Experiment& before, const Experiment& after, const std::vector<Vessel>& old_vessels,
        const std::vector<Vessel>& new_vessels, core::Tick tick)
      : before_(before), after_(after), old_(old_vessels), new_(new_vessels), tick_(tick) {
    for (std::size_t i = 0; i < old_.size(); ++i) by_name_.emplace(name_of(before_, old_[i]), i);
  }

  // Null, or in what the culture's vessel differs.
  const char* difference(const Vessel& mine, const Vessel& old, core::Tick until) const {
    const tissue::CultureSetup &a = old.setup, &b = mine.setup;
    if (cells_of(a) != cells_of(b) || old.scale != mine.scale) return "its cells";
    if (a.volume != b.volume) return "its volume";
    if (a.step != b.step) return "the step";
    if (a.seed != b.seed || a.donor_seed != b.donor_seed) return "its seed";
    if (given_before(a, until) != given_before(b, until)) return "what is given before";
    if (renewal_before(a, until) != renewal_before(b, until)) return "its medium changes";
    return medium_difference(mine, old);
  }

  const Vessel* old_of(const Vessel& mine) const {
    const auto found = by_name_.find(name_of(after_, mine));
    return found == by_name_.end() ? nullptr : &old_[found->second];
  }

 private:
  // A supernatant is poured from the beginning, so all of it belongs to the history.
  const char* medium_difference(const Vessel& mine, const Vessel& old) const {
    if ((mine.supernatant < 0) != (old.supernatant < 0)) return "its medium";
    if (mine.supernatant < 0) {
      const tissue::Solution &a = old.setup.medium, &b = mine.setup.medium;
      return a.concentration == b.concentration && a.serum == b.serum ? nullptr : "its medium";
    }
    const Vessel& my_source = new_[static_cast<std::size_t>(mine.supernatant)];
    const Vessel& old_source = old_[static_cast<std::size_t>(old.supernatant)];
    return my_source.key == old_source.key ? nullptr : "the supernatant that is poured on";
  }

  const Experiment &before_, &after_;
  const std::vector<Vessel>&old_, &new_;
  core::Tick tick_;
  std::map<std::string, std::size_t> by_name_;
};

// One message per cause: arms have many wells that differ alike.
class Problems {
 public:
  Problems(const std::string& file, core::Tick tick, core::Diagnostics& out)
      : file_(file), tick_(tick), out_(out) {}
  void add(const std::string& what, const std::string& where) {
    auto& [first, count] = seen_[what];
    if (count++ == 0) first = where;
  }
  void tell() const {
    for (const auto& [what, places] : seen_) {
      const auto& [first, count] = places;
      out_.add("fork-differs", {file_, 0, 0}, first,
               fmt::format("{}{}: {} is not that of the run before {:.6g} h", first,
                           count > 1 ? fmt::format(" and {} more", count - 1) : "", what,
                           core::minutes(tick_) / 60.0),
               "a fork shares its history with the run; arms keep their names, and what is done from then on "
               "may differ");
    }
  }

 private:
  std::string file_;
  core::Tick tick_;
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
  const Check check(before, after, old_vessels, new_vessels, tick);
  Problems found(file, tick, problems);
  for (const Vessel& mine : new_vessels) {
    const std::string name = name_of(after, mine);
    const Vessel* old = check.old_of(mine);
    if (tick >= mine.times.back() && mine.system >= 0) {
      found.add("an end beyond the fork", name);
    } else if (after.space) {
      // All arms of a replicate have its seed: an arm that is new leaves any that has its history.
      std::vector<const Vessel*> parents;
      for (const Vessel& v : old_vessels)
        if (v.replicate == mine.replicate && (old == nullptr || &v == old)) parents.push_back(&v);
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
      if (parents.empty()) found.add("its replicate", name);
      if (!good)
        for (const core::Diagnostic& d : own.entries()) found.add(d.key, name);
    } else if (old == nullptr) {
      found.add("an arm and dose of this name", name);
    } else if (const char* what = check.difference(mine, *old, mine.system < 0 ? mine.times.back() : tick)) {
      found.add(what, name);
    }
  }
  found.tell();
}

}  // namespace stroma::study

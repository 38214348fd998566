#include "study/tissue_branches.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "core/errors.hpp"
#include "tissue/tissue_loop.hpp"

namespace stroma::study {
namespace {

using Members = std::vector<std::size_t>;
// What begins or ends at a tick, in the order in which it is done.
using Events = std::vector<std::tuple<std::size_t, double, bool>>;

std::map<core::Tick, Events> events_of(const tissue::TissuePlan& plan) {
  std::map<core::Tick, Events> events;
  for (const tissue::TissueSetup::Treatment& t : plan.setup.treatments) {
    events[t.at].emplace_back(t.substance, t.concentration, true);
    if (t.until.count >= 0) events[t.until].emplace_back(t.substance, t.concentration, false);
  }
  return events;
}

class Branches {
 public:
  Branches(std::span<const TissueBranch> branches, BranchWatcher& watcher)
      : branches_(branches), watcher_(watcher) {
    for (const TissueBranch& branch : branches) events_.push_back(events_of(*branch.plan));
  }

  void run() {
    std::map<std::string, Members> founded;
    for (std::size_t b = 0; b < branches_.size(); ++b)
      founded[founding_hash(*branches_[b].tissue)].push_back(b);
    std::vector<Members> groups;
    for (auto& [hash, members] : founded) groups.push_back(std::move(members));
    std::sort(groups.begin(), groups.end());  // in the order of the branches
    for (const Members& members : groups)
      attempt(members, [&] {
        const TissueBranch& first = branches_[members.front()];
        tissue::TissueState s = tissue::found_tissue(*first.plan, first.tissue->setup);
        watcher_.see(members, s);
        follow(std::move(s), members);
      });
  }

 private:
  // The watcher's own exceptions are not of the tissue.
  template <class Act>
  void attempt(const Members& members, const Act& act) {
    try {
      act();
    } catch (const core::NumericalError& error) {
      watcher_.fail(members, error);
    } catch (const core::LimitError& error) {
      watcher_.fail(members, error);
    }
  }

  // The first tick at which these are not treated alike; the largest that there is where none is.
  core::Tick first_difference(const Members& members) const {
    core::Tick first{INT64_MAX};
    const auto& one = events_[members.front()];
    for (const std::size_t member : members) {
      const auto& other = events_[member];
      for (const auto* from : {&one, &other})
        for (const auto& [tick, events] : *from)
          if (tick < first && at(one, tick) != at(other, tick)) first = tick;
    }
    return first;
  }

  static Events at(const std::map<core::Tick, Events>& events, core::Tick tick) {
    const auto found = events.find(tick);
    return found == events.end() ? Events{} : found->second;
  }

  // Advances a state that all members have. What throws in the common part fails them all.
  void follow(tissue::TissueState s, const Members& members) {
    const tissue::TissuePlan& plan = *branches_[members.front()].plan;
    const core::Tick end = branches_[members.front()].tissue->duration;
    const core::Tick parting = first_difference(members);
    const std::int64_t step = plan.setup.step.count;
    const core::Tick until = parting < end ? core::Tick{parting.count / step * step} : end;
    {
      tissue::TissueWorkspace work;
      while (s.tick < until) {
        const core::Tick next = watcher_.next(members, s.tick, until);
        while (s.tick < next) {
          tissue::advance(s, plan, work, tissue::next_step(plan, s.tick, next).end);
          watcher_.step(members, s);
        }
        watcher_.see(members, s);
      }
    }
    if (until == end) return;
    std::map<Events, Members> parts;
    for (const std::size_t member : members) parts[at(events_[member], parting)].push_back(member);
    std::vector<Members> groups;
    for (auto& [events, part] : parts) groups.push_back(std::move(part));
    std::sort(groups.begin(), groups.end());
    for (std::size_t k = 0; k < groups.size(); ++k) {
      const bool last = k + 1 == groups.size();
      attempt(groups[k], [&] { follow(last ? std::move(s) : tissue::TissueState(s), groups[k]); });
    }
  }

  std::span<const TissueBranch> branches_;
  BranchWatcher& watcher_;
  std::vector<std::map<core::Tick, Events>> events_;
};

}  // namespace

void run_branches(std::span<const TissueBranch> branches, BranchWatcher& watcher) {
  if (!branches.empty()) Branches(branches, watcher).run();
}

}  // namespace stroma::study

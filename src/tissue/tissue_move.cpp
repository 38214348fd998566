// Springs, forces, migration and volumes.
#include <algorithm>

#include "tissue/tissue_perceive.hpp"

namespace stroma::tissue {
namespace {

VolumeState volume_state(const TissueState& s, std::size_t b) {
  const cells::Lives& lives = s.populations[s.bodies.type[b]].cells;
  const std::size_t i = s.bodies.slot[b];
  switch (lives.fate[i]) {
    case cells::Fate::live:
      return lives.phase[i] > 0 ? VolumeState::growing : VolumeState::resting;
    case cells::Fate::necrotic:
      return std::binary_search(s.ruptured.begin(), s.ruptured.end(), s.bodies.id[b]) ? VolumeState::lysed
                                                                                      : VolumeState::swelling;
    default:
      return VolumeState::apoptotic;
  }
}

}  // namespace

void attach(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  if (plan.setup.attachments.empty()) return;
  cells::update_attachments(s.attachments, s.bodies, plan.mechanics, work.neighbourhood, plan.attachments,
                            plan.setup.seed, step.begin, step.minutes(), threads_for_cells(plan, s),
                            work.attachments);
}

void move(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  const cells::Motion motion{plan.setup.seed, work.speed,    work.persistence, work.bias,
                             work.attraction, work.adhesion, work.repulsion};
  const cells::MoveReport report =
      cells::move(s.bodies, plan.mechanics, work.neighbourhood, motion, s.attachments, step.begin,
                  step.minutes(), threads_for_cells(plan, s));
  s.counters.mechanics_steps += report.steps;
  s.counters.list_rebuilds += report.rebuilds;
  s.counters.reflections += report.reflections;
  s.counters.coincidences += report.coincidences;
}

// Volumes approach their targets; the amount of a drug inside stays what it is.
void grow(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  const std::size_t n = s.bodies.size();
  work.laws.clear();
  for (const TypeInSpace& type : plan.types)
    work.laws.insert(work.laws.end(), type.laws.begin(), type.laws.end());
  work.law.resize(n);
  for (std::size_t b = 0; b < n; ++b) {
    work.law[b] = static_cast<std::uint8_t>(s.bodies.type[b] * 5 + static_cast<int>(volume_state(s, b)));
  }
  cells::relax_volumes(s.bodies, work.laws, work.law, step.minutes(), threads_for_cells(plan, s),
                       work.ruptured);
  for (const std::uint32_t b : work.ruptured) {
    const auto place = std::lower_bound(s.ruptured.begin(), s.ruptured.end(), s.bodies.id[b]);
    if (place == s.ruptured.end() || *place != s.bodies.id[b]) s.ruptured.insert(place, s.bodies.id[b]);
  }
}

}  // namespace stroma::tissue

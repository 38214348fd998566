// The walk over the state of a culture: what its cells carry and their medium.
#include <fmt/format.h>

#include <vector>

#include "core/archive.hpp"
#include "tissue/culture.hpp"
#include "tissue/population_archive.hpp"

namespace stroma::tissue {
namespace {

template <class Archive, class S>
void walk(Archive& archive, S& s) {
  walk_populations(archive, s);
  archive("medium/concentration", s.medium.solution.concentration);
  archive("medium/serum", s.medium.solution.serum);
  archive("medium/volume", s.medium.volume);
  for (std::size_t i = 0; i < s.budgets.size(); ++i) {
    auto& b = s.budgets[i];
    const auto name = [&](const char* port) { return fmt::format("budgets/{}/{}", i, port); };
    archive(name("initial"), b.initial);
    archive(name("added"), b.added);
    archive(name("secreted"), b.secreted);
    archive(name("cleared"), b.cleared);
    archive(name("consumed"), b.consumed);
    archive(name("entered"), b.entered);
    archive(name("decayed"), b.decayed);
    archive(name("removed"), b.removed);
    walk_ports(archive, s.ports[i], i);
  }
}

}  // namespace

void save(core::ArchiveWriter& writer, const State& state) {
  core::Saving saving(writer);
  walk(saving, state);
}

State restore(core::ArchiveReader& reader, const Plan& plan) {
  State s;
  static_cast<Populations&>(s) = empty_populations(plan, plan.model->substances.size());
  s.budgets.resize(plan.model->substances.size());
  core::Restoring restoring(reader);
  walk(restoring, s);
  require_consistent(s.counters, plan);
  for (std::size_t k = 0; k < s.populations.size(); ++k) {
    require_consistent(s.populations[k], plan.populations[k], k,
                       std::vector<bool>(plan.populations[k].drugs.size(), true));
    for (const std::uint64_t id : s.populations[k].cells.id)
      if (id >= s.next_id) refuse_state(fmt::format("cell {} is not born yet", id));
  }
  if (s.medium.solution.concentration.size() != s.budgets.size())
    refuse_state("the medium does not have the substances of the model");
  if (!(s.medium.volume > 0.0)) refuse_state("the medium has no volume");
  return s;
}

std::string state_hash(const State& state) {
  core::HashingArchive archive;
  save(archive, state);
  return archive.digest();
}

}  // namespace stroma::tissue

// The walk over the state of a tissue: what its cells carry, where they are and what is between them.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "core/archive.hpp"
#include "tissue/population_archive.hpp"
#include "tissue/tissue.hpp"

namespace stroma::tissue {
namespace {

template <class Archive, class S>
void walk(Archive& archive, S& s) {
  walk_populations(archive, s);
  cells::walk(archive, s.bodies, "bodies");
  cells::walk(archive, s.attachments, "attachments");
  archive("ruptured", s.ruptured);
  fields::walk(archive, s.fields, "fields");
  for (std::size_t f = 0; f < s.ground.size(); ++f) {
    const auto name = [&](const char* array) { return fmt::format("ground/{}/{}", f, array); };
    archive.where_any(name("mobility"), s.ground[f].mobility);
    archive.where_any(name("source"), s.ground[f].source);
    archive.where_any(name("sink"), s.ground[f].sink);
    for (const auto& [port, amount] : ground_ports)
      archive(fmt::format("budgets/{}/ground/{}", f, port), s.ground_ports[f].*amount);
    walk_ports(archive, s.ports[f], f);
  }
}

void require_ground(const TissueState& s, const TissuePlan& plan) {
  const auto check = [&](const std::vector<double>& values, const char* what, double high) {
    if (!values.empty() && values.size() != plan.fields.grid.voxels())
      refuse_state(fmt::format("the {} between the cells is not that of the grid", what));
    for (const double value : values)
      if (!(value >= 0.0 && value <= high))
        refuse_state(fmt::format("a {} between the cells is {}", what, value));
  };
  for (const Ground& ground : s.ground) {
    check(ground.mobility, "mobility", 1.0);
    check(ground.source, "source", std::numeric_limits<double>::max());
    check(ground.sink, "sink", std::numeric_limits<double>::max());
    if (std::ranges::find(ground.mobility, 0.0) != ground.mobility.end())
      refuse_state("a mobility between the cells is 0");
  }
}

// What the engine relies on and no checksum can promise.
void require_consistent(const TissueState& s, const TissuePlan& plan) {
  std::size_t cells = 0;
  for (std::size_t k = 0; k < s.populations.size(); ++k) {
    cells += s.populations[k].cells.size();
    std::vector<bool> holds;
    for (std::size_t d = 0; d < plan.populations[k].drugs.size(); ++d)
      holds.push_back(field_of_drug(plan, k, d) >= 0);
    require_consistent(s.populations[k], plan.populations[k], k, holds);
  }
  const cells::Bodies& b = s.bodies;
  const std::size_t n = b.id.size();
  bool good = b.reference.empty() || b.reference.size() == 4 * n;
  cells::for_each_array(
      b, [&](const char*, const auto& array, std::size_t each) { good = good && array.size() == each * n; });
  if (!good) refuse_state("bodies has arrays of different lengths");
  if (n != cells) refuse_state(fmt::format("{} bodies for {} cells", n, cells));
  std::vector<std::vector<bool>> has_body;
  for (const Population& population : s.populations) has_body.emplace_back(population.cells.size(), false);
  for (std::size_t i = 0; i < n; ++i) {
    if (b.type[i] >= s.populations.size() || b.slot[i] >= s.populations[b.type[i]].cells.size() ||
        b.id[i] != s.populations[b.type[i]].cells.id[b.slot[i]])
      refuse_state(fmt::format("body {} belongs to no cell", i));
    if (has_body[b.type[i]][b.slot[i]])
      refuse_state(fmt::format("body {} is the second of cell {}", i, b.id[i]));
    has_body[b.type[i]][b.slot[i]] = true;
    if (b.id[i] >= s.next_id) refuse_state(fmt::format("cell {} is not born yet", b.id[i]));
  }
  const cells::Attachments& springs = s.attachments;
  if (springs.b.size() != springs.size() || springs.stiffness.size() != springs.size() ||
      springs.rest.size() != springs.size())
    refuse_state("attachments has arrays of different lengths");
  if (!std::is_sorted(s.ruptured.begin(), s.ruptured.end())) refuse_state("ruptured is not in order");
}

}  // namespace

void save(core::ArchiveWriter& writer, const TissueState& state) {
  core::Saving saving(writer);
  walk(saving, state);
}

TissueState restore(core::ArchiveReader& reader, const TissuePlan& plan) {
  TissueState s;
  static_cast<Populations&>(s) = empty_populations(plan, plan.fields.substances.size());
  s.fields = fields::make_fields(plan.fields);
  s.ground.resize(plan.fields.substances.size());
  s.ground_ports.resize(plan.fields.substances.size());
  core::Restoring restoring(reader);
  walk(restoring, s);
  require_consistent(s.counters, plan);
  require_consistent(s, plan);
  require_ground(s, plan);
  return s;
}

std::string state_hash(const TissueState& state) {
  core::HashingArchive archive;
  save(archive, state);
  return archive.digest();
}

}  // namespace stroma::tissue

// Looking things up in a model, and the knock-out: the same model without some of its rows.
#include "model/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/errors.hpp"
#include "core/hash.hpp"

namespace stroma::model {
namespace {

template <class Thing>
Index find_name(const std::vector<Thing>& things, std::string_view name) {
  const auto at =
      std::find_if(things.begin(), things.end(), [name](const Thing& thing) { return thing.name == name; });
  return at == things.end() ? none : static_cast<Index>(at - things.begin());
}

}  // namespace

double CellType::parameter(std::string_view parameter_name) const {
  const auto found = parameters.find(std::string(parameter_name));
  if (found != parameters.end()) return found->second.value;
  if (const BehaviourRow* row = behaviour_called(parameter_name)) return row->base;
  if (parameter_name.starts_with("stages:")) return 1.0;
  throw core::InternalError(fmt::format("cell type '{}' has no parameter '{}'", name, parameter_name));
}

double CellType::base(BehaviourKind kind, Index operand) const {
  for (const auto& [behaviour, value] : behaviours)
    if (behaviour.kind == kind && behaviour.operand == operand) return value;
  return 0.0;
}

bool Model::has_behaviour(BehaviourKind kind) const {
  return std::ranges::any_of(cell_types, [kind](const CellType& type) {
    return !type.abstract && std::ranges::any_of(type.behaviours, [kind](const auto& entry) {
      return entry.first.kind == kind;
    });
  });
}

Index Model::substance(std::string_view wanted) const {
  return find_name(substances, wanted);
}
Index Model::drug(std::string_view wanted) const {
  return find_name(drugs, wanted);
}
Index Model::node(std::string_view wanted) const {
  return find_name(nodes, wanted);
}
Index Model::cell_type(std::string_view wanted) const {
  return find_name(cell_types, wanted);
}

bool Model::is(Index type, Index family) const {
  // Families are few and a cycle among them is refused by build; the count only keeps a broken model from
  // looping.
  for (std::size_t step = 0; type != none && step <= cell_types.size(); ++step) {
    if (type == family) return true;
    type = cell_type(cell_types[static_cast<std::size_t>(type)].parent);
  }
  return false;
}

std::vector<Index> Model::members(Index type) const {
  std::vector<Index> out;
  for (std::size_t t = 0; t < cell_types.size(); ++t)
    if (!cell_types[t].abstract && is(static_cast<Index>(t), type)) out.push_back(static_cast<Index>(t));
  return out;
}

std::vector<std::string> Model::row_ids() const {
  std::vector<std::string> ids;
  for (const Mechanism& m : mechanisms) ids.push_back(m.id);
  for (const Rule& r : rules) ids.push_back(r.id);
  for (const DrugTarget& t : drug_targets) ids.push_back(t.id);
  return ids;
}

Model without(const Model& model, std::span<const std::string> ids, core::Diagnostics& problems) {
  Model out = model;
  const std::vector<std::string> known = model.row_ids();
  std::set<std::string, std::less<>> gone;
  for (const std::string& id : ids) {
    if (std::find(known.begin(), known.end(), id) == known.end())
      problems.add("unknown-row", {}, id,
                   fmt::format("no mechanism, rule or drug target has the id '{}'", id),
                   core::did_you_mean(id, known));
    gone.insert(id);
  }
  for (Mechanism& m : out.mechanisms)
    if (gone.contains(m.id)) m.weight = 0.0;
  std::erase_if(out.rules, [&gone](const Rule& r) { return gone.contains(r.id); });
  std::erase_if(out.drug_targets, [&gone](const DrugTarget& t) { return gone.contains(t.id); });
  if (gone.empty()) return out;
  for (const std::string& id : out.knocked_out) gone.insert(id);
  out.knocked_out.assign(gone.begin(), gone.end());
  core::Hasher hasher;
  hasher.text(model.content_hash);
  for (const std::string& id : out.knocked_out) hasher.text(id);
  out.content_hash = hasher.digest();
  return out;
}

}  // namespace stroma::model

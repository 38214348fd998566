#include "model/effects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "model/builder.hpp"

namespace stroma::model {
namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

bool shares_any(std::span<const Index> one, std::span<const Index> other) {
  return std::any_of(one.begin(), one.end(),
                     [&](Index type) { return std::find(other.begin(), other.end(), type) != other.end(); });
}

// Why a behaviour changes nothing in a setting; empty where it does.
std::string idle_behaviour(const Model& model, Setting setting, const Behaviour& behaviour) {
  if (!performs(setting, behaviour.kind))
    return fmt::format("{} does not happen in {}", behaviour.name, to_string(setting));
  const bool flows = row_of(behaviour.kind).operand == Operand::substance;
  if (setting == Setting::culture && flows && model.substances[at(behaviour.operand)].ambient > 0.0)
    return fmt::format("the incubator holds {} in a culture", model.substances[at(behaviour.operand)].name);
  return {};
}

std::string idle_signal(Setting setting, const Signal& signal) {
  if (performs(setting, signal.kind)) return {};
  return fmt::format("{} has no {}", to_string(setting), signal.name);
}

bool migrates(const Model& model, Index index) {
  const auto moves = [&](const Rule& rule) {
    return rule.behaviour.kind == BehaviourKind::migration_speed && rule.direction == Direction::increases &&
           rule.saturation > 0.0 && shares_any(rule.cell_types, {&index, 1});
  };
  return model.cell_types[at(index)].base(BehaviourKind::migration_speed) > 0.0 ||
         std::any_of(model.rules.begin(), model.rules.end(), moves);
}

// A cell that does not migrate is not drawn anywhere, and does not turn. How persistent it would be may be a
// row of its family.
void refuse_idle_motion(Builder& b, const CellType& type, Index index) {
  if (migrates(b.model, index)) return;
  for (const auto& [behaviour, base] : type.behaviours) {
    core::Place place = type.place;
    bool is_ruled = false;
    if (const auto row = type.parameters.find(behaviour.name); row != type.parameters.end())
      place = row->second.provenance.place;
    for (const Rule& rule : b.model.rules) {
      if (rule.behaviour != behaviour || !shares_any(rule.cell_types, {&index, 1})) continue;
      place = rule.provenance.place;
      is_ruled = true;
    }
    if (behaviour.kind != BehaviourKind::chemotaxis &&
        !(is_ruled && behaviour.kind == BehaviourKind::persistence))
      continue;
    b.problems.add(
        "no-effect", place, behaviour.name,
        fmt::format("{} of {} can do nothing: the type has no migration_speed, and no rule raises it",
                    behaviour.name, type.name),
        "give it a migration_speed in cell_types.csv");
  }
}

// Of themselves dying cells do nothing, so that what only lowers a behaviour cannot act in them.
void refuse_idle_dead_rules(Builder& b) {
  for (const Rule& rule : b.model.rules) {
    if (!rule.applies_to_dead || rule.direction == Direction::increases) continue;
    const auto raises = [&](const Rule& other) {
      return other.applies_to_dead && other.direction == Direction::increases &&
             other.behaviour == rule.behaviour && shares_any(other.cell_types, rule.cell_types);
    };
    if (std::none_of(b.model.rules.begin(), b.model.rules.end(), raises))
      b.problems.add(
          "no-effect", rule.provenance.place, rule.id,
          fmt::format("row '{}': `dead` can do nothing: no rule that holds for dying cells raises {}",
                      rule.id, rule.behaviour.name),
          "write no");
  }
}

// Whether a concrete type makes use of a parameter that it has.
bool uses(const Model& model, Index index, std::string_view parameter) {
  const CellType& type = model.cell_types[at(index)];
  const auto reads = [&](const Rule& rule) {
    return (rule.signal.kind == SignalKind::rise || rule.signal.kind == SignalKind::fall) &&
           shares_any(rule.cell_types, {&index, 1});
  };
  const auto is_drawn = [](const auto& entry) { return entry.first.kind == BehaviourKind::chemotaxis; };
  if (parameter == "memory") return std::ranges::any_of(model.rules, reads);
  if (parameter == "footprint")
    return std::ranges::any_of(model.rules,
                               [](const Rule& rule) { return rule.signal.kind == SignalKind::confluence; });
  if (parameter == "persistence") return migrates(model, index);
  return std::ranges::any_of(type.behaviours, is_drawn);
}

}  // namespace

// A row of a family is of use where one of its types makes use of it.
void Builder::refuse_idle_parameters() {
  if (!problems.empty()) return;
  for (const auto& [name, why] :
       {std::pair{"memory", "no rule of the type reads rise: or fall:"},
        std::pair{"footprint", "no rule reads confluence"},
        std::pair{"gradient_threshold", "the type has no chemotaxis"},
        std::pair{"persistence", "the type has no migration_speed, and no rule raises it"}}) {
    std::map<std::pair<std::string, int>, std::pair<const Parameter*, bool>> rows;
    for (std::size_t t = 0; t < model.cell_types.size(); ++t) {
      const CellType& type = model.cell_types[t];
      const auto row = type.parameters.find(name);
      if (type.abstract || row == type.parameters.end()) continue;
      const core::Place& place = row->second.provenance.place;
      auto& [parameter, is_used] = rows[{place.file, place.line}];
      parameter = &row->second;
      is_used = is_used || uses(model, static_cast<Index>(t), name);
    }
    for (const auto& [place, row] : rows)
      if (!row.second)
        problems.add("no-effect", row.first->provenance.place, name,
                     fmt::format("'{}' can do nothing: {}", name, why));
  }
}

void Builder::refuse_idle_damage() {
  if (!problems.empty()) return;
  const bool injures = model.has_behaviour(BehaviourKind::injury);
  const bool damages = injures || model.has_behaviour(BehaviourKind::damage_rate);
  const auto refuse = [&](const core::Place& place, const std::string& name, const char* why) {
    problems.add("no-effect", place, name, fmt::format("'{}' can do nothing: {}", name, why));
  };
  constexpr auto no_damage =
      "no cell type of the model has injury:TYPE or damage_rate, so nothing is damaged";
  for (const Rule& rule : model.rules) {
    if (!damages &&
        (rule.signal.kind == SignalKind::damage || rule.behaviour.kind == BehaviourKind::damage_repair))
      refuse(rule.provenance.place, rule.id, no_damage);
    if (!injures && rule.signal.kind == SignalKind::damage_dealt)
      refuse(rule.provenance.place, rule.id,
             "no cell type of the model has injury:TYPE, so nobody deals damage");
  }
  for (const std::vector<OwnRow>& rows : own_rows)
    for (const OwnRow& row : rows)
      if (!damages && row.parameter == row_of(BehaviourKind::damage_repair).word)
        refuse(row.number.provenance.place, row.parameter, no_damage);
}

void Builder::refuse_idle_rows() {
  if (!problems.empty()) return;  // half a model has rows that only seem to be without effect
  for (std::size_t t = 0; t < model.cell_types.size(); ++t)
    if (!model.cell_types[t].abstract) refuse_idle_motion(*this, model.cell_types[t], static_cast<Index>(t));
  refuse_idle_dead_rules(*this);
  for (const Rule& rule : model.rules) {
    std::string why;
    for (const Setting setting : {Setting::culture, Setting::space}) {
      const std::string signal = idle_signal(setting, rule.signal);
      const std::string one = signal.empty() ? idle_behaviour(model, setting, rule.behaviour) : signal;
      if (one.empty()) {
        why.clear();
        break;
      }
      why += (why.empty() ? "" : ", and ") + one;
    }
    if (!why.empty())
      problems.add("no-effect", rule.provenance.place, rule.id,
                   fmt::format("row '{}' can do nothing: {}", rule.id, why));
  }
}

std::vector<IdleRow> idle_rows(const Model& model, Setting setting, std::span<const Index> types) {
  std::vector<IdleRow> out;
  for (const Index index : types) {
    const CellType& type = model.cell_types[at(index)];
    for (const auto& [behaviour, base] : type.behaviours) {
      const auto row = type.parameters.find(behaviour.name);
      if (base == 0.0 || is_property(behaviour.kind) || row == type.parameters.end()) continue;
      if (std::string why = idle_behaviour(model, setting, behaviour); !why.empty())
        out.push_back({fmt::format("{} of {}", behaviour.name, type.name), std::move(why),
                       row->second.provenance.place});
    }
  }
  for (const Rule& rule : model.rules) {
    if (!shares_any(rule.cell_types, types)) continue;
    std::string why = idle_signal(setting, rule.signal);
    if (why.empty()) why = idle_behaviour(model, setting, rule.behaviour);
    if (!why.empty()) out.push_back({rule.id, std::move(why), rule.provenance.place});
  }
  return out;
}

std::vector<core::Diagnostic> warn_of_idle_rows(const Model& model, Setting setting,
                                                std::span<const Index> types) {
  const std::vector<IdleRow> rows = idle_rows(model, setting, types);
  if (rows.empty()) return {};
  std::vector<std::pair<std::string, std::string>> by_reason;  // reason, names
  for (const IdleRow& row : rows) {
    const auto same = std::find_if(by_reason.begin(), by_reason.end(),
                                   [&](const auto& entry) { return entry.first == row.why; });
    if (same == by_reason.end())
      by_reason.emplace_back(row.why, row.name);
    else
      same->second += ", " + row.name;
  }
  std::string list;
  for (const auto& [why, names] : by_reason)
    list += fmt::format("{}{} ({})", list.empty() ? "" : "; ", names, why);
  return {{"no-effect-here",
           {model.name, 0, 0},
           model.name,
           fmt::format("{} of the model {} nothing in {}: {}",
                       rows.size() == 1 ? "a row" : fmt::format("{} rows", rows.size()),
                       rows.size() == 1 ? "does" : "do", to_string(setting), list),
           {}}};
}

void refuse_idle_knockouts(const Model& model, Setting setting, std::span<const std::string> ids,
                           core::Diagnostics& problems) {
  std::vector<Index> all;
  for (std::size_t t = 0; t < model.cell_types.size(); ++t) all.push_back(static_cast<Index>(t));
  for (const IdleRow& row : idle_rows(model, setting, all))
    if (std::find(ids.begin(), ids.end(), row.name) != ids.end())
      problems.add("cannot-act", row.place, row.name,
                   fmt::format("without '{}' is the same run as with it: {}", row.name, row.why));
}

}  // namespace stroma::model

#include "jobs/key_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/units.hpp"

namespace stroma::jobs {
namespace {

using Json = nlohmann::ordered_json;
using core::Key;
using core::KeyForm;
using core::KeyKind;
using core::Keys;

// A number, and a number with a unit; units are judged by the reader.
constexpr const char* plain = R"(^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*%?\s*$)";
constexpr const char* with_unit = R"(^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*[^\d\s.+-].*$)";

Json limits(const Key& key) {
  Json out = {{"type", key.kind == KeyKind::whole ? "integer" : "number"}};
  const auto number = [&](double x) { return key.kind == KeyKind::whole ? Json(std::llround(x)) : Json(x); };
  if (!std::isinf(key.range.low))
    out[key.range.low_open ? "exclusiveMinimum" : "minimum"] = number(key.range.low);
  if (!std::isinf(key.range.high)) out["maximum"] = number(key.range.high);
  return out;
}

class Writer {
 public:
  explicit Writer(const std::vector<const Keys*>& files) {
    for (const Keys* file : files)
      for (const Keys* table : tables_below(*file)) name(*table);
  }

  Json reference(const Keys& keys) const { return {{"$ref", "#/$defs/" + names_.at(&keys)}}; }

  Json definitions() const {
    Json out = Json::object();
    for (const Keys* keys : order_) out[names_.at(keys)] = table(*keys);
    return out;
  }

 private:
  // Two tables may be written in one place: then the second has a number.
  void name(const Keys& keys) {
    if (names_.contains(&keys)) return;
    std::string word = name_of(keys);
    for (int n = 2;
         std::any_of(names_.begin(), names_.end(), [&](const auto& n2) { return n2.second == word; }); ++n)
      word = fmt::format("{}-{}", name_of(keys), n);
    names_.emplace(&keys, std::move(word));
    order_.push_back(&keys);
  }

  Json quantity(const Key& key) const {
    const bool any = key.dimensions.empty();
    const bool number = !any && key.dimensions.front() == core::dimension::none;
    Json text = {{"type", "string"}, {"pattern", number ? plain : with_unit}};
    Json choices = Json::array();
    if (number) choices.push_back(limits(key));
    if (any) choices.push_back({{"type", {"number", "string"}}});
    if (!any) choices.push_back(std::move(text));
    if (!key.words.empty()) choices.push_back({{"enum", key.words}});
    for (const Keys* keys : key.tables) choices.push_back(reference(*keys));
    Json out = choices.size() == 1 ? choices.front() : Json{{"anyOf", std::move(choices)}};
    if (any || number) return out;
    std::vector<std::string> what;
    for (const core::Dimension& dimension : key.dimensions) what.push_back(core::describe(dimension));
    out["x-quantity"] = what.size() == 1 ? Json(what.front()) : Json(what);
    if (const std::string unit = core::example_unit(key.dimensions.front()); !unit.empty())
      out["x-unit"] = unit;
    if (const std::string range = range_text(key); !range.empty()) out["x-range"] = range;
    return out;
  }

  Json one(const Key& key) const {
    switch (key.kind) {
      case KeyKind::text:
        if (!key.words.empty()) return {{"enum", key.words}};
        return {{"type", "string"}, {"minLength", 1}};
      case KeyKind::quantity:
        return quantity(key);
      case KeyKind::whole:
        return limits(key);
      case KeyKind::boolean:
        return {{"type", "boolean"}};
      case KeyKind::table:
        return reference(*key.tables.front());
    }
    return {};
  }

  Json value(const Key& key) const {
    Json out = one(key);
    switch (key.form) {
      case KeyForm::one:
        break;
      case KeyForm::list:
        out = {{"anyOf", {out, {{"type", "array"}, {"items", out}}}}};
        break;
      case KeyForm::pair:
        out = {{"type", "array"}, {"items", out}, {"minItems", 2}, {"maxItems", 2}};
        break;
      case KeyForm::lists:
        out = {{"type", "array"}, {"items", {{"type", "array"}, {"items", out}}}, {"minItems", 1}};
        break;
      case KeyForm::named:
        out = {{"type", "object"}, {"additionalProperties", out}, {"minProperties", 1}};
        break;
    }
    out["description"] = key.help;
    if (key.by_default.empty()) return out;
    out["default"] = key.by_default;
    const bool number = key.kind == KeyKind::whole ||
                        (key.kind == KeyKind::quantity && key.dimensions.front() == core::dimension::none);
    if (number) out["default"] = Json::parse(key.by_default);
    return out;
  }

  // When a key with a condition is read.
  static Json condition(const Keys& keys, const Key& key) {
    Json all = Json::array();
    if (!key.with.empty() && key.with_words.empty()) all.push_back({{"required", {key.with}}});
    if (!key.with.empty() && !key.with_words.empty()) {
      Json has = {{"properties", {{key.with, {{"enum", key.with_words}}}}}};
      const Key* other = keys.find(key.with);
      const bool by_default = other != nullptr && std::find(key.with_words.begin(), key.with_words.end(),
                                                            other->by_default) != key.with_words.end();
      if (!by_default) has["required"] = {key.with};
      all.push_back(std::move(has));
    }
    if (!key.without.empty()) all.push_back({{"not", {{"required", {key.without}}}}});
    return all.size() == 1 ? all.front() : Json{{"allOf", std::move(all)}};
  }

  Json table(const Keys& keys) const {
    Json out = {{"description", keys.help}, {"type", "object"}};
    Json properties = Json::object(), required = Json::array(), rules = Json::array();
    for (const Key& key : keys.all) {
      properties[key.name] = value(key);
      if (key.condition().empty()) {
        if (key.is_required) required.push_back(key.name);
        continue;
      }
      Json rule = {{"if", condition(keys, key)}};
      if (key.is_required) rule["then"] = {{"required", {key.name}}};
      rule["else"] = {{"properties", {{key.name, false}}}};
      rules.push_back(std::move(rule));
    }
    for (const core::Alternatives& group : keys.alternatives) {
      Json one_of = Json::array();
      for (const std::string& name : group.names) one_of.push_back({{"required", {name}}});
      rules.push_back({{"oneOf", std::move(one_of)}});
    }
    out["properties"] = std::move(properties);
    if (!required.empty()) out["required"] = std::move(required);
    if (!rules.empty()) out["allOf"] = std::move(rules);
    out["additionalProperties"] = false;
    return out;
  }

  std::map<const Keys*, std::string> names_;
  std::vector<const Keys*> order_;
};

void collect(const Keys& keys, std::vector<const Keys*>& out) {
  if (std::find(out.begin(), out.end(), &keys) != out.end()) return;
  out.push_back(&keys);
  for (const Key& key : keys.all)
    for (const Keys* below : key.tables) collect(*below, out);
}

}  // namespace

std::vector<const Keys*> tables_below(const Keys& keys) {
  std::vector<const Keys*> out;
  collect(keys, out);
  return out;
}

std::string name_of(const Keys& keys) {
  return keys.name.empty() ? keys.file : keys.name;
}

std::string range_text(const Key& key) {
  if (std::isinf(key.range.low) && std::isinf(key.range.high)) return {};
  const std::string unit =
      key.dimensions.empty() ? std::string() : core::example_unit(key.dimensions.front());
  const double scale = unit.empty() ? 1.0 : core::unit(unit);
  const core::Range shown{key.range.low / scale, key.range.high / scale, key.range.low_open};
  return shown.describe() + (unit.empty() ? "" : " " + unit);
}

Json files_json(const std::vector<const Keys*>& files, const std::vector<std::string>& second_has) {
  const Writer writer(files);
  Json out = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"type", "object"}};
  if (files.size() == 1) {
    out.update(writer.reference(*files.front()));
  } else {
    Json has = Json::array();
    for (const std::string& key : second_has) has.push_back({{"required", {key}}});
    out["if"] = {{"anyOf", std::move(has)}};
    out["then"] = writer.reference(*files[1]);
    out["else"] = writer.reference(*files[0]);
  }
  out["$defs"] = writer.definitions();
  return out;
}

Json columns_json(const Keys& columns) {
  Json out = Json::array();
  for (const Key& key : columns.all) {
    Json column = {{"name", key.name}, {"required", key.is_required}, {"description", key.help}};
    if (!key.words.empty()) column["enum"] = key.words;
    std::vector<std::string> dimensions;
    for (const core::Dimension& dimension : key.dimensions) dimensions.push_back(core::describe(dimension));
    if (!dimensions.empty()) column["dimensions"] = dimensions;
    out.push_back(std::move(column));
  }
  return out;
}

}  // namespace stroma::jobs

#include "store/files_json.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "core/diagnostics.hpp"

namespace stroma::store {
namespace {

using Json = nlohmann::ordered_json;

struct NamedTable {
  const char* name;
  core::Table model::Files::*table;
};
constexpr std::array tables{
    NamedTable{"substances", &model::Files::substances},
    NamedTable{"cell_types", &model::Files::cell_types},
    NamedTable{"nodes", &model::Files::nodes},
    NamedTable{"mechanisms", &model::Files::mechanisms},
    NamedTable{"rules", &model::Files::rules},
    NamedTable{"drugs", &model::Files::drugs},
    NamedTable{"drug_targets", &model::Files::drug_targets},
    NamedTable{"references", &model::Files::references},
};

Json place_json(const core::Place& place) {
  return {place.file, place.line, place.column};
}

core::Place place_of(const Json& json) {
  return {json.at(0), json.at(1), json.at(2)};
}

Json row_json(const std::vector<core::Cell>& row) {
  Json out = Json::array();
  for (const core::Cell& cell : row) out.push_back({cell.text, cell.line, cell.column});
  return out;
}

std::vector<core::Cell> row_of(const Json& json) {
  std::vector<core::Cell> row;
  for (const Json& cell : json) row.push_back({cell.at(0), cell.at(1), cell.at(2)});
  return row;
}

Json node_json(const core::Node& node) {
  Json out{{"kind", static_cast<int>(node.kind)},
           {"place", place_json(node.place)},
           {"key_place", place_json(node.key_place)}};
  using Kind = core::Node::Kind;
  if (node.kind == Kind::text || node.kind == Kind::number) out["text"] = node.text;
  if (node.kind == Kind::number) out["number"] = node.number;
  if (node.kind == Kind::boolean) out["boolean"] = node.boolean;
  for (const core::Node& item : node.items) out["items"].push_back(node_json(item));
  for (const auto& [key, value] : node.keys) out["keys"].push_back({key, node_json(value)});
  return out;
}

core::Node node_of(const Json& json, int depth = 0) {
  constexpr int deepest = 64;  // the TOML reader allows fewer
  const int kind = json.at("kind");
  if (depth > deepest || kind < 0 || kind > static_cast<int>(core::Node::Kind::table))
    throw core::InputError({{"bad-model", {}, {}, "model.toml is none that stroma sends", {}}});
  core::Node node;
  node.kind = static_cast<core::Node::Kind>(kind);
  node.place = place_of(json.at("place"));
  node.key_place = place_of(json.at("key_place"));
  node.text = json.value("text", std::string());
  node.number = json.value("number", 0.0);
  node.boolean = json.value("boolean", false);
  for (const Json& item : json.value("items", Json::array())) node.items.push_back(node_of(item, depth + 1));
  for (const Json& pair : json.value("keys", Json::array()))
    node.keys.emplace_back(pair.at(0).get<std::string>(), node_of(pair.at(1), depth + 1));
  return node;
}

}  // namespace

Json files_json(const model::Files& files) {
  Json out{{"content_hash", files.content_hash}, {"model", node_json(files.model)}};
  for (const NamedTable& known : tables) {
    const core::Table& table = files.*known.table;
    Json rows = Json::array();
    for (const auto& row : table.rows) rows.push_back(row_json(row));
    out[known.name] = {{"file", table.file}, {"header", row_json(table.header)}, {"rows", std::move(rows)}};
  }
  return out;
}

model::Files files_of_json(const Json& json) {
  model::Files files;
  files.content_hash = json.at("content_hash");
  files.model = node_of(json.at("model"));
  for (const NamedTable& known : tables) {
    const Json& from = json.at(known.name);
    core::Table& table = files.*known.table;
    table.file = from.at("file");
    table.header = row_of(from.at("header"));
    for (const Json& row : from.at("rows")) {
      table.rows.push_back(row_of(row));
      table.rows.back().resize(table.header.size());  // whoever reads a row counts on it
    }
  }
  return files;
}

}  // namespace stroma::store

// Names and columns: what every step of build() needs before it can look at a number.
#include "model/builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/columns.hpp"

namespace stroma::model {

Index Names::find(std::string_view name) const {
  const auto at = std::find(all.begin(), all.end(), name);
  return at == all.end() ? none : static_cast<Index>(at - all.begin());
}

std::string show(const core::Place& place) {
  std::string text = place.file;
  if (place.line > 0) text += fmt::format(":{}", place.line);
  if (place.line > 0 && place.column > 0) text += fmt::format(":{}", place.column);
  return text;
}

std::optional<core::Place> FirstSeen::earlier(const std::string& key, const core::Place& place) {
  const auto [entry, is_new] = seen_.emplace(key, place);
  if (is_new) return std::nullopt;
  return entry->second;
}

void report_duplicate(core::Diagnostics& problems, const core::Row& row, std::string_view column,
                      const std::string& what, const core::Place& first) {
  problems.add("duplicate-row", row.place(column), std::string(column),
               fmt::format("{} is there twice; the first is at {}", what, show(first)),
               "keep one of the two rows");
}

bool Builder::reported(const std::string& file) const {
  const auto entries = problems.entries();
  return std::any_of(entries.begin(), entries.end(),
                     [&file](const core::Diagnostic& d) { return d.place.file == file; });
}

bool Builder::usable(const core::Table& table, const core::Keys& columns) {
  if (table.header.empty() && reported(table.file)) return false;
  return core::check_columns(table, columns, problems);
}

bool Builder::valid_name(const core::Row& row, std::string_view column, std::string_view kind) {
  const std::string name = row.text(column);
  if (name.empty()) {
    row.wrong(column, "empty", fmt::format("the {} has no name", kind));
    return false;
  }
  const auto bad = [](unsigned char c) {
    return c <= ' ' || c == 0x7F || c == ';' || c == ':' || c == ',' || c == '"';
  };
  if (std::none_of(name.begin(), name.end(), bad)) return true;
  row.wrong(column, "bad-name",
            fmt::format("'{}' cannot name a {}: no blanks, quotes, ';', ':' or ','", name, kind),
            "use letters, digits, '_' and '-'; the long name goes into the row 'label'");
  return false;
}

bool Builder::refuse_resistance(const core::Row& row, std::string_view column, std::string_view kind) {
  std::string name = row.text(column);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (name.find("resistan") == std::string::npos) return false;
  row.wrong(column, "resistance-is-a-readout",
            fmt::format("'{}': resistance is a readout (survival, IC50, growth under drug), never a {}",
                        row.text(column), kind),
            "name the route that leads to it: a kinase cascade, autophagy, efflux, EMT, death signalling, "
            "delivery");
  return true;
}

Index Builder::resolve(const Names& names, const core::Row& row, std::string_view column,
                       std::string_view name) {
  const Index index = names.find(name);
  if (index != none || !names.complete || name.empty()) return index;
  std::string code = "unknown-" + names.kind;
  std::replace(code.begin(), code.end(), ' ', '-');
  row.wrong(column, code, fmt::format("{} '{}' is not known", names.kind, name),
            core::did_you_mean(name, names.all));
  return none;
}

std::pair<Index, Index> Builder::resolve_source(const core::Row& row, std::string_view column) {
  const std::string name = row.required_text(column);
  if (name.empty() || refuse_resistance(row, column, "node")) return {none, none};
  if (name.starts_with("node:")) return {resolve(nodes, row, column, std::string_view(name).substr(5)), none};
  if (name.starts_with("substance:"))
    return {none, resolve(substances, row, column, std::string_view(name).substr(10))};
  const Index node = nodes.find(name), substance = substances.find(name);
  if (node != none && substance != none) {
    row.wrong(column, "ambiguous-name", fmt::format("'{}' is both a node and a substance", name),
              fmt::format("write 'node:{0}' or 'substance:{0}'", name));
    return {none, none};
  }
  if (node == none && substance == none && nodes.complete && substances.complete) {
    std::vector<std::string> known = nodes.all;
    known.insert(known.end(), substances.all.begin(), substances.all.end());
    row.wrong(column, "unknown-source", fmt::format("'{}' is neither a node nor a substance", name),
              core::did_you_mean(name, known));
  }
  return {node, substance};
}

std::vector<Index> Builder::lineage(Index cell_type) const {
  std::vector<Index> chain;
  for (Index at = cell_type; at != none; at = parents[static_cast<std::size_t>(at)]) chain.push_back(at);
  std::reverse(chain.begin(), chain.end());
  return chain;
}

std::vector<Index> Builder::resolve_cell_types(const core::Row& row, std::string_view column) {
  std::vector<Index> listed, concrete;
  const std::vector<std::string> parts = core::split_list(row.text(column));
  if (parts.empty()) row.wrong(column, "empty", "name the cell types in which it holds, separated by ';'");
  for (const std::string& part : parts) {
    const Index type = resolve(cell_types, row, column, part);
    if (type == none) continue;
    if (std::find(listed.begin(), listed.end(), type) != listed.end())
      row.wrong(column, "duplicate-value", fmt::format("'{}' is named twice", part));
    listed.push_back(type);
  }
  std::set<Index> used;
  for (Index t = 0; t < static_cast<Index>(model.cell_types.size()); ++t) {
    if (model.cell_types[static_cast<std::size_t>(t)].abstract) continue;
    for (Index ancestor : lineage(t)) {
      if (std::find(listed.begin(), listed.end(), ancestor) == listed.end()) continue;
      used.insert(ancestor);
      if (concrete.empty() || concrete.back() != t) concrete.push_back(t);
    }
  }
  for (Index type : listed)
    if (!used.contains(type))
      row.wrong(column, "empty-family",
                fmt::format("no cell type belongs to the family '{}'",
                            cell_types.all[static_cast<std::size_t>(type)]));
  return concrete;
}

std::string Builder::read_row_id(const core::Row& row) {
  const std::string id = row.text("id");
  if (!valid_name(row, "id", "row")) return id;
  const auto [entry, is_new] = row_ids.emplace(id, row.place("id"));
  if (!is_new)
    problems.add("duplicate-id", row.place("id"), "id",
                 fmt::format("id '{}' is there twice; the first is at {}", id, show(entry->second)),
                 "ids of mechanisms, rules and drug targets are unique over the three files");
  return id;
}

std::string Builder::read_grade(const core::Row& row) {
  return row.choice("grade", {"A", "B", "C", "D"});
}

bool Builder::read_flag(const core::Row& row, std::string_view column) {
  const std::string text = row.text(column);
  if (text.empty() || text == "no" || text == "false") return false;
  if (text != "yes" && text != "true")
    row.wrong(column, "unknown-value", fmt::format("'{}' is not known here", text), "write yes or no");
  return text == "yes" || text == "true";
}

bool Builder::has_node(Index node, Index cell_type) const {
  return model.nodes[static_cast<std::size_t>(node)]
      .per_cell_type[static_cast<std::size_t>(cell_type)]
      .has_value();
}

void Builder::require_node(const core::Row& row, std::string_view column, Index node,
                           const std::vector<Index>& types) {
  if (node == none) return;
  std::string lacking;
  for (Index type : types)
    if (!has_node(node, type))
      lacking += (lacking.empty() ? "" : ", ") + cell_types.all[static_cast<std::size_t>(type)];
  if (lacking.empty()) return;
  const std::string& name = nodes.all[static_cast<std::size_t>(node)];
  row.wrong(column, "node-missing-in-cell-type", fmt::format("node '{}' does not exist in {}", name, lacking),
            fmt::format("give '{}' a basal and a tau in nodes.csv for {}, or leave {} out here", name,
                        lacking, lacking));
}

}  // namespace stroma::model

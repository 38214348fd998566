// The names of cell types and the families they belong to (rows 'is' and 'abstract' of cell_types.csv).
#include <fmt/format.h>

#include <algorithm>

#include "model/builder.hpp"

namespace stroma::model {
namespace {

// The types on a cycle that starts and ends at `start`, or nothing.
std::vector<Index> cycle_from(Index start, const std::vector<Index>& parents) {
  std::vector<Index> chain{start};
  for (Index at = parents[static_cast<std::size_t>(start)]; at != none;
       at = parents[static_cast<std::size_t>(at)]) {
    if (at == start) return chain;
    if (std::find(chain.begin(), chain.end(), at) != chain.end()) return {};  // a cycle further up
    chain.push_back(at);
  }
  return {};
}

}  // namespace

void Builder::read_cell_type_tree() {
  const core::Table& table = files.cell_types;
  cell_types.complete = usable(table, cell_type_columns());
  if (!cell_types.complete) return;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const core::Row row(table, r, problems);
    if (!valid_name(row, "cell_type", "cell type")) continue;
    const std::string name = row.text("cell_type");
    if (cell_types.find(name) == none) {
      cell_types.all.push_back(name);
      model.cell_types.push_back({});
      model.cell_types.back().name = name;
      model.cell_types.back().place = row.place("cell_type");
    }
    CellType& type = model.cell_types[static_cast<std::size_t>(cell_types.find(name))];
    if (row.text("parameter") == "abstract") type.abstract = read_flag(row, "value");
  }
  parents.assign(cell_types.all.size(), none);
  own_rows.resize(cell_types.all.size());
  std::vector<std::optional<core::Row>> is_rows(cell_types.all.size());
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const core::Row row(table, r, problems);
    const Index child = cell_types.find(row.text("cell_type"));
    if (child == none || row.text("parameter") != "is" || row.text("value").empty()) continue;
    const Index parent = resolve(cell_types, row, "value", row.text("value"));
    if (parent == none) continue;
    if (!model.cell_types[static_cast<std::size_t>(parent)].abstract && parent != child) {
      row.wrong(
          "value", "not-a-family",
          fmt::format("'{}' is not a family; one inherits from families only", row.text("value")),
          fmt::format("add the row '{},abstract,true' if no cell is of this type itself", row.text("value")));
    }
    const auto c = static_cast<std::size_t>(child);
    if (is_rows[c]) continue;  // the duplicate is reported with the other rows
    parents[c] = parent;
    is_rows[c].emplace(row);
  }
  for (Index t = 0; t < static_cast<Index>(parents.size()); ++t) {
    const std::vector<Index> cycle = cycle_from(t, parents);
    if (cycle.empty()) continue;
    std::string chain;
    for (Index link : cycle) chain += cell_types.all[static_cast<std::size_t>(link)] + " is ";
    chain += cell_types.all[static_cast<std::size_t>(t)];
    const auto c = static_cast<std::size_t>(t);
    is_rows[c]->wrong("value", "inheritance-cycle", fmt::format("families form a cycle: {}", chain));
    parents[c] = none;  // cut, so that what follows ends
  }
  for (std::size_t t = 0; t < parents.size(); ++t)
    if (parents[t] != none) model.cell_types[t].parent = cell_types.all[static_cast<std::size_t>(parents[t])];
}

}  // namespace stroma::model

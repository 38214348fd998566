// A table as a reader of CSV would give it: the header on line 1, each row on its own line.
#pragma once

#include <string>
#include <vector>

#include "core/table.hpp"

namespace stroma::test {

inline core::Table table_of(const std::vector<std::string>& columns,
                            const std::vector<std::vector<std::string>>& rows) {
  core::Table table;
  table.file = "table.csv";
  int line = 1, column = 1;
  for (const std::string& name : columns) table.header.push_back({name, line, column++});
  for (const std::vector<std::string>& row : rows) {
    ++line;
    column = 1;
    table.rows.emplace_back();
    for (const std::string& text : row) table.rows.back().push_back({text, line, column++});
  }
  return table;
}

}  // namespace stroma::test

#include "io/plate_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace stroma::io {
namespace {

using assays::plate_columns;
using assays::plate_rows;

constexpr int columns_384 = 24;

// Where a line says 1, 2, ..., 12 (or ... 24): the index of the cell before the 1, and how many there are.
struct HeaderLine {
  std::size_t label = 0;
  int columns = 0;
};

std::optional<HeaderLine> header_of(const std::vector<core::Cell>& line) {
  for (std::size_t first = 1; first < line.size(); ++first) {
    if (line[first].text != "1") continue;
    int columns = 1;
    while (first + static_cast<std::size_t>(columns) < line.size() &&
           line[first + static_cast<std::size_t>(columns)].text == std::to_string(columns + 1))
      ++columns;
    if (columns >= plate_columns) return HeaderLine{first - 1, columns};
  }
  return std::nullopt;
}

bool is_label(const std::string& text) {
  return text.size() == 1 && ((text[0] >= 'A' && text[0] <= 'Z') || (text[0] >= 'a' && text[0] <= 'z'));
}

bool begins_grid(const std::vector<core::Cell>& line) {
  return line.size() > static_cast<std::size_t>(plate_columns) &&
         (line[0].text == "A" || line[0].text == "a");
}

// The texts of up to three lines above a grid, as one title.
std::string title_of(const Sheet& sheet, std::size_t from, std::size_t grid, const std::string& corner) {
  std::string title;
  for (std::size_t i = std::max(from, grid < 3 ? 0 : grid - 3); i < grid; ++i)
    for (const core::Cell& cell : sheet.lines[i])
      if (!cell.text.empty()) title += (title.empty() ? "" : " ") + cell.text;
  if (!corner.empty() && corner != "<>" && corner != "row") title += (title.empty() ? "" : " ") + corner;
  return title;
}

class GridReader {
 public:
  GridReader(const Sheet& sheet, core::Diagnostics& problems) : sheet_(sheet), problems_(problems) {}

  std::vector<PlateGrid> read() {
    std::vector<PlateGrid> grids;
    std::size_t after = 0;  // the line after the last grid
    bool found = false;
    for (std::size_t i = 0; i < sheet_.lines.size();) {
      const std::optional<HeaderLine> header = header_of(sheet_.lines[i]);
      if (!header && !begins_grid(sheet_.lines[i])) {
        ++i;
        continue;
      }
      const HeaderLine form = header.value_or(HeaderLine{0, static_cast<int>(plate_columns)});
      PlateGrid grid;
      grid.title = title_of(sheet_, after, i, header ? sheet_.lines[i][form.label].text : "");
      grid.place = {sheet_.file, sheet_.lines[i].front().line, 0};
      i += header ? 1 : 0;
      found = true;
      if (form.columns >= columns_384) {
        i = skip_384(i, form, grid);
      } else {
        i = read_rows(i, form, grid);
        grids.push_back(std::move(grid));
      }
      after = i;
    }
    if (!found && !sheet_.lines.empty())
      problems_.add("no-grid", {sheet_.file, sheet_.lines.front().front().line, 0}, {},
                    "there is no plate in this file: expected rows A to H with 12 cells each, such as "
                    "'A,0.21,0.83,...', under a line ',1,2,...,12'",
                    "export the plate as a grid, not as a list or a picture");
    return grids;
  }

 private:
  std::size_t skip_384(std::size_t line, HeaderLine form, const PlateGrid& grid) {
    problems_.add("plate-384", grid.place, {},
                  "a grid of 16 x 24 wells; plates of 96 wells are read as grids",
                  "give a 384-well plate as a long table: stroma analyse dose-response TABLE");
    while (line < sheet_.lines.size() && form.label < sheet_.lines[line].size() &&
           is_label(sheet_.lines[line][form.label].text))
      ++line;
    return line;
  }

  std::size_t read_rows(std::size_t line, HeaderLine form, PlateGrid& grid) {
    std::array<bool, plate_rows> seen{};
    for (; line < sheet_.lines.size(); ++line) {
      const std::vector<core::Cell>& cells = sheet_.lines[line];
      if (form.label >= cells.size() || !is_label(cells[form.label].text)) break;
      const core::Cell& label = cells[form.label];
      const auto first = assays::parse_position(label.text + "1");
      if (!first) {
        problems_.add("no-such-row", sheet_.place(label), "row",
                      fmt::format("'{}' is not a row of a plate, A to H", label.text));
        continue;
      }
      bool& taken = seen[static_cast<std::size_t>(first->row)];
      if (taken)
        problems_.add("row-given-twice", sheet_.place(label), "row",
                      fmt::format("row {} is there twice", label.text));
      taken = true;
      read_row(cells, form.label + 1, first->row, grid);
    }
    for (int r = 0; r < plate_rows; ++r)
      if (!seen[static_cast<std::size_t>(r)])
        problems_.add("row-missing", {sheet_.file, grid.place.line, 0}, "row",
                      fmt::format("row {} is missing", static_cast<char>('A' + r)));
    return line;
  }

  void read_row(const std::vector<core::Cell>& cells, std::size_t first, int row, PlateGrid& grid) {
    const std::size_t there = cells.size() - first;
    if (there < static_cast<std::size_t>(plate_columns))
      problems_.add(
          "missing-field", sheet_.place(cells.back()), "row",
          fmt::format("row {} has {} of 12 wells; {} is missing, or a cell before it was deleted",
                      static_cast<char>('A' + row), there, assays::to_string({row, static_cast<int>(there)})),
          "leave the cell of an unread well empty");
    for (int c = 0; c < plate_columns && static_cast<std::size_t>(c) < there; ++c) {
      const core::Cell& cell = cells[first + static_cast<std::size_t>(c)];
      if (!cell.text.empty()) grid.cells[{row, c}] = cell;
    }
  }

  const Sheet& sheet_;
  core::Diagnostics& problems_;
};

}  // namespace

std::vector<PlateGrid> find_grids(const Sheet& sheet, core::Diagnostics& problems) {
  return GridReader(sheet, problems).read();
}

const PlateGrid* choose_grid(const std::vector<PlateGrid>& grids, std::string_view read,
                             const std::string& file, core::Diagnostics& problems) {
  if (grids.empty()) return nullptr;
  std::string list;
  std::vector<const PlateGrid*> fitting;
  for (std::size_t i = 0; i < grids.size(); ++i) {
    list += fmt::format("{}{} '{}' (line {})", list.empty() ? "" : ", ", i + 1, grids[i].title,
                        grids[i].place.line);
    if (read == std::to_string(i + 1)) return &grids[i];
    if (read.empty() || grids[i].title.find(read) != std::string::npos) fitting.push_back(&grids[i]);
  }
  if (fitting.size() == 1) return fitting.front();
  if (fitting.empty())
    problems.add("no-such-read", {file, 0, 0}, "--read",
                 fmt::format("no grid is called '{}'; the file has {}", read, list));
  else
    problems.add("several-reads", {file, fitting[1]->place.line, 0}, "--read",
                 fmt::format("the file has {} grids{}: {}", fitting.size(),
                             read.empty() ? "" : fmt::format(" called '{}'", read), list),
                 "say which: --read 1, or a part of its title");
  return nullptr;
}

bool is_grid_map(const Sheet& sheet) {
  return std::any_of(sheet.lines.begin(), sheet.lines.end(),
                     [](const std::vector<core::Cell>& line) { return header_of(line).has_value(); });
}

}  // namespace stroma::io

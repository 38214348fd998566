#include "io/plate_parts.hpp"

#include <algorithm>
#include <array>

namespace stroma::io {
namespace {

// What distinguishes one read of a plate from another in the lines that instruments write above it.
bool names_read(const PlateLine& line) {
  constexpr std::array<std::string_view, 4> words{"wavelength", "label:", "rawdata", "filter"};
  return std::any_of(line.begin(), line.end(), [&](const core::Cell& cell) {
    const std::string plain = plain_name(cell.text);
    return plain == "nm" || std::any_of(words.begin(), words.end(),
                                        [&](std::string_view word) { return plain.starts_with(word); });
  });
}

std::string joined(const PlateLine& line) {
  std::string out;
  for (const core::Cell& cell : line)
    if (!cell.text.empty()) out += (out.empty() ? "" : " ") + cell.text;
  return out;
}

}  // namespace

int column_number(const std::string& text) {
  if (text.empty() || text.size() > 2) return 0;
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return 0;
    number = 10 * number + (c - '0');
  }
  return number;
}

std::vector<PlateRun> plate_runs(const PlateLine& line, int least) {
  std::vector<PlateRun> runs;
  for (std::size_t first = 1; first < line.size(); ++first) {
    const int number = column_number(line[first].text);
    if (number < 1 || number > assays::plate_384.columns) continue;
    int columns = 1;
    while (first + static_cast<std::size_t>(columns) < line.size() &&
           column_number(line[first + static_cast<std::size_t>(columns)].text) == number + columns)
      ++columns;
    if (columns >= least) runs.push_back({first, number - 1, columns});
    first += static_cast<std::size_t>(columns) - 1;
  }
  return runs;
}

bool heads_rows(const Sheet& sheet, std::size_t line) {
  const PlateLine& cells = sheet.lines[line];
  const std::vector<PlateRun> runs = plate_runs(cells, 2);
  if (runs.empty() || line + 1 >= sheet.lines.size()) return false;
  const std::size_t corner = runs.front().first - 1;
  const bool alone = std::all_of(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(corner),
                                 [](const core::Cell& cell) { return cell.text.empty(); });
  if (!alone && runs.front().columns < assays::plate_columns) return false;
  return !is_row_label(cells[corner].text) && is_row_label(plate_cell(sheet.lines[line + 1], corner));
}

assays::PlateFormat smallest_format(int rows, int columns) {
  constexpr std::array<assays::PlateFormat, 6> usual{
      {{2, 3}, {3, 4}, {4, 6}, {6, 8}, {assays::plate_rows, assays::plate_columns}, {16, 24}}};
  for (const assays::PlateFormat& format : usual)
    if (rows <= format.rows && columns <= format.columns) return format;
  return assays::plate_384;
}

bool is_row_label(const std::string& text) {
  return text.size() == 1 && ((text[0] >= 'A' && text[0] <= 'Z') || (text[0] >= 'a' && text[0] <= 'z'));
}

std::string plate_cell(const PlateLine& line, std::size_t i) {
  return i < line.size() ? line[i].text : std::string();
}

char row_letter(int row) {
  return static_cast<char>('A' + row);
}

bool holds_number(const PlateGrid& grid) {
  return std::any_of(grid.cells.begin(), grid.cells.end(), [](const auto& entry) {
    const Reading kind = read_cell(entry.second.text).kind;
    return kind == Reading::number || kind == Reading::above || kind == Reading::below;
  });
}

void append_words(std::string& title, const std::string& more) {
  if (!more.empty()) title += (title.empty() ? "" : " ") + more;
}

std::string title_above(const Sheet& sheet, std::size_t from, std::size_t grid, const std::string& corner) {
  constexpr std::size_t most_named = 20, most_others = 3;
  std::string title;
  for (std::size_t i = std::max(from, grid < most_named ? 0 : grid - most_named); i < grid; ++i)
    if (names_read(sheet.lines[i])) append_words(title, joined(sheet.lines[i]));
  if (title.empty())
    for (std::size_t i = std::max(from, grid < most_others ? 0 : grid - most_others); i < grid; ++i)
      append_words(title, joined(sheet.lines[i]));
  if (corner != "<>" && corner != "row" && !plain_name(corner).starts_with("temperature"))
    append_words(title, corner);
  return title;
}

GridKind kind_of_title(const std::string& title) {
  constexpr std::array<std::string_view, 5> layouts{"layout", "platemap", "wellid", "conc/dil", "name"};
  constexpr std::array<std::string_view, 8> made{"conc", "concentration", "mean", "stddev",
                                                 "cv",   "cv%",           "%cv",  "count"};
  const std::string plain = plain_name(title);
  if (std::find(layouts.begin(), layouts.end(), plain) != layouts.end()) return GridKind::layout;
  return std::find(made.begin(), made.end(), plain) != made.end() ? GridKind::derived : GridKind::measured;
}

}  // namespace stroma::io

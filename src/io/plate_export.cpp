#include "io/plate_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/units.hpp"

namespace stroma::io {
namespace {

using assays::plate_384;
using assays::plate_96;
using assays::PlateFormat;
using assays::Position;
using Line = std::vector<core::Cell>;

// A run of cells 1, 2, ..., 12 (or ... 24).
struct Run {
  std::size_t first = 0;  // the index of the cell that says 1
  PlateFormat format;
};

// The runs of a line: one, or several where a program writes its wavelengths side by side.
std::vector<Run> runs_of(const Line& line) {
  std::vector<Run> runs;
  for (std::size_t first = 1; first < line.size(); ++first) {
    if (line[first].text != "1") continue;
    std::size_t columns = 1;
    while (first + columns < line.size() && line[first + columns].text == std::to_string(columns + 1))
      ++columns;
    if (columns >= static_cast<std::size_t>(plate_96.columns))
      runs.push_back({first, columns >= static_cast<std::size_t>(plate_384.columns) ? plate_384 : plate_96});
    first += columns - 1;
  }
  return runs;
}

bool is_label(const std::string& text) {
  return text.size() == 1 && ((text[0] >= 'A' && text[0] <= 'Z') || (text[0] >= 'a' && text[0] <= 'z'));
}

char letter(int row) {
  return static_cast<char>('A' + row);
}

// What distinguishes one read of a plate from another in the lines that instruments write above it.
bool names_read(const Line& line) {
  constexpr std::array<std::string_view, 4> words{"wavelength", "label:", "rawdata", "filter"};
  return std::any_of(line.begin(), line.end(), [&](const core::Cell& cell) {
    const std::string plain = plain_name(cell.text);
    return plain == "nm" || std::any_of(words.begin(), words.end(),
                                        [&](std::string_view word) { return plain.starts_with(word); });
  });
}

std::string joined(const Line& line) {
  std::string out;
  for (const core::Cell& cell : line)
    if (!cell.text.empty()) out += (out.empty() ? "" : " ") + cell.text;
  return out;
}

void append(std::string& title, const std::string& more) {
  if (!more.empty()) title += (title.empty() ? "" : " ") + more;
}

// Of the lines above a grid those that name the read; where none does, up to three, as one title.
std::string title_of(const Sheet& sheet, std::size_t from, std::size_t grid, const std::string& corner) {
  constexpr std::size_t most_named = 20, most_others = 3;
  std::string title;
  for (std::size_t i = std::max(from, grid < most_named ? 0 : grid - most_named); i < grid; ++i)
    if (names_read(sheet.lines[i])) append(title, joined(sheet.lines[i]));
  if (title.empty())
    for (std::size_t i = std::max(from, grid < most_others ? 0 : grid - most_others); i < grid; ++i)
      append(title, joined(sheet.lines[i]));
  if (corner != "<>" && corner != "row" && !plain_name(corner).starts_with("temperature"))
    append(title, corner);
  return title;
}

std::string cell_text(const Line& line, std::size_t i) {
  return i < line.size() ? line[i].text : std::string();
}

class GridReader {
 public:
  GridReader(const Sheet& sheet, core::Diagnostics& problems) : sheet_(sheet), problems_(problems) {}

  std::vector<PlateGrid> read() {
    std::size_t after = 0;  // the line after the last grid
    for (std::size_t i = 0; i < sheet_.lines.size();) {
      const std::vector<Run> runs = runs_of(sheet_.lines[i]);
      if (runs.empty() && !begins_grid(i)) {
        ++i;
        continue;
      }
      const std::size_t first = runs.empty() ? i : i + 1;
      const std::vector<Run> form = runs.empty() ? std::vector<Run>{{1, format_without_header(i)}} : runs;
      const std::string corner = runs.empty() ? "" : sheet_.lines[i][form.front().first - 1].text;
      PlateGrid grid;
      grid.title = title_of(sheet_, after, i, corner);
      grid.place = {sheet_.file, sheet_.lines[i].front().line, 0};
      grid.format = form.front().format;
      after = i = plain_name(corner).starts_with("temperature") ? read_unlabelled(first, form, grid)
                                                                : read_labelled(first, form, grid);
    }
    return std::move(grids_);
  }

 private:
  bool begins_grid(std::size_t line) const {
    const Line& cells = sheet_.lines[line];
    return cells.size() > static_cast<std::size_t>(plate_96.columns) &&
           (cells[0].text == "A" || cells[0].text == "a");
  }

  // Without a line 1, 2, ...: of 384 wells where rows go beyond H.
  PlateFormat format_without_header(std::size_t line) const {
    if (sheet_.lines[line].size() <= static_cast<std::size_t>(plate_384.columns)) return plate_96;
    const std::size_t end = std::min(sheet_.lines.size(), line + static_cast<std::size_t>(plate_384.rows));
    for (std::size_t i = line; i < end; ++i)
      if (sheet_.lines[i][0].text == "I" || sheet_.lines[i][0].text == "i") return plate_384;
    return plate_96;
  }

  // Rows A to H or P. A line without a letter below one belongs to the same row: some programs write one line
  // per wavelength, each with the wavelength behind its last well.
  std::size_t read_labelled(std::size_t line, const std::vector<Run>& form, const PlateGrid& head) {
    const PlateFormat format = head.format;
    const std::size_t label_at = form.front().first - 1;
    std::vector<PlateGrid> reads;
    std::vector<std::string> behind;  // what stands behind the last well of each
    std::vector<bool> seen(static_cast<std::size_t>(format.rows));
    int row = -1;
    std::size_t repeat = 0;
    for (; line < sheet_.lines.size(); ++line) {
      const Line& cells = sheet_.lines[line];
      const std::string text = cell_text(cells, label_at);
      const bool next = text.empty() && row >= 0 && form.size() == 1 && holds_wells(cells, form) &&
                        !cell_text(cells, form[0].first + static_cast<std::size_t>(format.columns)).empty();
      if (!next && !is_label(text)) break;
      if (!next) {
        repeat = 0;
        row = begin_row(cells[label_at], format, seen);
        if (row < 0) continue;
      }
      for (std::size_t k = 0; k < form.size(); ++k) {
        const std::size_t index = repeat * form.size() + k;
        if (index == reads.size()) {
          reads.push_back(numbered(head, form, k));
          behind.push_back(cell_text(cells, form[k].first + static_cast<std::size_t>(format.columns)));
        }
        read_row(cells, form[k].first, row, reads[index]);
      }
      ++repeat;
    }
    for (int r = 0; r < format.rows; ++r)
      if (!seen[static_cast<std::size_t>(r)]) {
        problems_.add("row-missing", {sheet_.file, head.place.line, 0}, "row",
                      fmt::format("row {} is missing", letter(r)));
        for (PlateGrid& grid : reads)
          for (int c = 0; c < format.columns; ++c) grid.lost.insert({r, c});
      }
    if (reads.empty()) reads.push_back(head);
    keep(named_by(std::move(reads), behind));
    return line;
  }

  int begin_row(const core::Cell& label, PlateFormat format, std::vector<bool>& seen) {
    const auto first = assays::parse_position(label.text + "1", format);
    if (!first) {
      problems_.add(
          "no-such-row", sheet_.place(label), "row",
          fmt::format("'{}' is not a row of a plate, A to {}", label.text, letter(format.rows - 1)));
      return -1;
    }
    const auto row = static_cast<std::size_t>(first->row);
    if (seen[row])
      problems_.add("row-given-twice", sheet_.place(label), "row",
                    fmt::format("row {} is there twice", label.text));
    seen[row] = true;
    return first->row;
  }

  // Rows without letters, as below "Temperature 1 2 ... 12": as many lines as the plate has rows.
  std::size_t read_unlabelled(std::size_t line, const std::vector<Run>& form, const PlateGrid& head) {
    std::vector<PlateGrid> reads;
    int row = 0;
    for (; line < sheet_.lines.size() && row < head.format.rows; ++line, ++row) {
      const Line& cells = sheet_.lines[line];
      if (!holds_wells(cells, form)) break;
      for (std::size_t k = 0; k < form.size(); ++k) {
        if (k == reads.size()) reads.push_back(numbered(head, form, k));
        read_row(cells, form[k].first, row, reads[k]);
      }
    }
    for (int r = row; r < head.format.rows; ++r) {
      problems_.add("row-missing", {sheet_.file, head.place.line, 0}, "row",
                    fmt::format("row {} is missing: below the line 1 ... {} there are {} lines of wells",
                                letter(r), head.format.columns, row));
      for (PlateGrid& grid : reads)
        for (int c = 0; c < head.format.columns; ++c) grid.lost.insert({r, c});
    }
    if (reads.empty()) reads.push_back(head);
    keep(std::move(reads));
    return line;
  }

  // A line of a grid has at least one filled cell where wells are.
  static bool holds_wells(const Line& cells, const std::vector<Run>& form) {
    for (const Run& run : form)
      for (std::size_t c = 0; c < static_cast<std::size_t>(run.format.columns); ++c)
        if (!cell_text(cells, run.first + c).empty()) return true;
    return false;
  }

  static PlateGrid numbered(const PlateGrid& head, const std::vector<Run>& form, std::size_t k) {
    PlateGrid grid = head;
    if (form.size() > 1) append(grid.title, fmt::format("block {}", k + 1));
    return grid;
  }

  // A wavelength behind the last well names a read; so does anything that stands there where there are
  // several.
  static std::vector<PlateGrid> named_by(std::vector<PlateGrid> reads,
                                         const std::vector<std::string>& behind) {
    for (std::size_t k = 0; k < behind.size(); ++k) {
      const core::ParsedQuantity wavelength = core::parse_quantity(behind[k]);
      if (behind[k].empty() || (behind.size() == 1 && !wavelength.error.empty())) continue;
      reads[k].title = wavelength.error.empty() && !wavelength.has_unit ? behind[k] + " nm" : behind[k];
    }
    return reads;
  }

  void read_row(const Line& cells, std::size_t first, int row, PlateGrid& grid) {
    const auto columns = static_cast<std::size_t>(grid.format.columns);
    const std::size_t there = cells.size() > first ? cells.size() - first : 0;
    if (there < columns)
      problems_.add(
          "missing-field", sheet_.place(cells.back()), "row",
          fmt::format("row {} has {} of {} wells; {} is missing, or a cell before it was deleted",
                      letter(row), there, columns, assays::to_string({row, static_cast<int>(there)})),
          "leave the cell of an unread well empty");
    for (std::size_t c = 0; c < columns; ++c) {
      const Position at{row, static_cast<int>(c)};
      if (c >= there)
        grid.lost.insert(at);
      else if (const core::Cell& cell = cells[first + c]; !cell.text.empty())
        grid.cells[at] = cell;
    }
  }

  void keep(std::vector<PlateGrid> reads) {
    for (PlateGrid& grid : reads) grids_.push_back(std::move(grid));
  }

  const Sheet& sheet_;
  core::Diagnostics& problems_;
  std::vector<PlateGrid> grids_;
};

// ------------------------------------------------------------------------------------------------- lists

// One line per well: a column with the well (or one with its row and one with its column), and a column for
// each read.
struct ListHeader {
  std::size_t line = 0;
  std::optional<std::size_t> well, row, column;
};

std::optional<ListHeader> list_header_of(const Sheet& sheet) {
  constexpr std::array<std::string_view, 5> names{"well", "wellposition", "wellid", "wellname", "position"};
  for (std::size_t i = 0; i < sheet.lines.size(); ++i) {
    ListHeader header{i, {}, {}, {}};
    for (std::size_t c = 0; c < sheet.lines[i].size(); ++c) {
      const std::string plain = plain_name(sheet.lines[i][c].text);
      if (plain == "role") return std::nullopt;  // a map
      if (!header.well && std::find(names.begin(), names.end(), plain) != names.end()) header.well = c;
      if (plain == "wellrow") header.row = c;
      if (plain == "wellcol" || plain == "wellcolumn") header.column = c;
    }
    if (sheet.lines[i].size() >= 2 && (header.well || (header.row && header.column))) return header;
  }
  return std::nullopt;
}

class ListReader {
 public:
  ListReader(const Sheet& sheet, const ListHeader& header, core::Diagnostics& problems)
      : sheet_(sheet), header_(header), problems_(problems) {}

  std::vector<PlateGrid> read() {
    std::map<Position, int> lines;
    std::size_t end = header_.line + 1;
    for (; end < sheet_.lines.size(); ++end) {
      const Line& cells = sheet_.lines[end];
      const std::string name = header_.well
                                   ? cell_text(cells, *header_.well)
                                   : cell_text(cells, *header_.row) + cell_text(cells, *header_.column);
      const std::optional<Position> at = assays::parse_position(name, plate_384);
      if (!at && filled(cells) < 2) break;
      const core::Cell& cell =
          cells[std::min(*(header_.well ? header_.well : header_.row), cells.size() - 1)];
      if (!at) {
        problems_.add("no-such-well", sheet_.place(cell), "well",
                      fmt::format("'{}' is not a well, A1 to P24", name));
        continue;
      }
      const auto [first, fresh] = lines.insert({*at, cell.line});
      if (!fresh) {
        problems_.add(
            "well-taken-twice", sheet_.place(cell), "well",
            fmt::format("well {} is there twice (first in line {})", assays::to_string(*at), first->second),
            "give each plate and each time its own file");
        continue;
      }
      if (!plate_96.contains(*at)) format_ = plate_384;
      for (std::size_t c = 0; c < cells.size(); ++c)
        if (!is_place(c) && !cells[c].text.empty()) columns_[c][*at] = cells[c];
    }
    return grids();
  }

 private:
  bool is_place(std::size_t c) const { return c == header_.well || c == header_.row || c == header_.column; }

  static std::size_t filled(const Line& cells) {
    return static_cast<std::size_t>(
        std::count_if(cells.begin(), cells.end(), [](const core::Cell& cell) { return !cell.text.empty(); }));
  }

  // Columns in which nothing is a number say what was in the wells and are no reads.
  std::vector<PlateGrid> grids() {
    std::vector<PlateGrid> out;
    for (auto& [c, cells] : columns_) {
      if (std::none_of(cells.begin(), cells.end(), [](const auto& entry) {
            const Reading kind = read_cell(entry.second.text).kind;
            return kind == Reading::number || kind == Reading::above || kind == Reading::below;
          }))
        continue;
      PlateGrid grid;
      grid.title = cell_text(sheet_.lines[header_.line], c);
      grid.place = {sheet_.file, sheet_.lines[header_.line].front().line, 0};
      grid.format = format_;
      grid.cells = std::move(cells);
      out.push_back(std::move(grid));
    }
    if (out.empty())
      problems_.add("no-readings", {sheet_.file, sheet_.lines[header_.line].front().line, 0}, {},
                    "this list of wells has no column with numbers");
    return out;
  }

  const Sheet& sheet_;
  const ListHeader& header_;
  core::Diagnostics& problems_;
  PlateFormat format_;
  std::map<std::size_t, std::map<Position, core::Cell>> columns_;
};

}  // namespace

std::vector<PlateGrid> find_grids(const Sheet& sheet, core::Diagnostics& problems) {
  std::vector<PlateGrid> grids = GridReader(sheet, problems).read();
  if (!grids.empty() || sheet.lines.empty()) return grids;
  if (const std::optional<ListHeader> header = list_header_of(sheet))
    return ListReader(sheet, *header, problems).read();
  const bool damaged =
      std::any_of(sheet.lines.front().begin(), sheet.lines.front().end(),
                  [](const core::Cell& cell) { return cell.text.find("\xEF\xBF\xBD") != std::string::npos; });
  if (damaged && sheet.lines.size() == 1) return grids;  // UTF-16, say: its reader has named it
  problems.add(
      "no-grid", {sheet.file, sheet.lines.front().front().line, 0}, {},
      "there is no plate in this file: expected rows A to H with 12 cells each (A to P with 24), such "
      "as 'A,0.21,0.83,...', under a line ',1,2,...,12'; or a list with the columns 'well' and one "
      "for each read",
      "export the plate as a grid or as a list of wells");
  return grids;
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
                     [](const Line& line) { return !runs_of(line).empty(); });
}

}  // namespace stroma::io

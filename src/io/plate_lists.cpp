// Plates as lists, one line per well: the well in a column that is found by what stands in it, and a column
// of numbers for each read. What a list says beside that (which plate, what to leave out) is kept.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "io/plate_parts.hpp"

namespace stroma::io {
namespace {

using assays::Position;

struct Header {
  std::size_t line = 0;
  std::optional<std::size_t> well, row, column, plate;
};

std::optional<Position> well_of(const Header& header, const PlateLine& cells) {
  return assays::parse_position(header.well
                                    ? plate_cell(cells, *header.well)
                                    : plate_cell(cells, *header.row) + plate_cell(cells, *header.column),
                                assays::plate_384);
}

std::size_t filled_cells(const PlateLine& cells) {
  return static_cast<std::size_t>(
      std::count_if(cells.begin(), cells.end(), [](const core::Cell& cell) { return !cell.text.empty(); }));
}

// Lines below the header that are wells, by this column.
std::size_t wells_below(const Sheet& sheet, const Header& header) {
  std::size_t n = 0;
  for (std::size_t i = header.line + 1; i < sheet.lines.size() && well_of(header, sheet.lines[i]); ++i) ++n;
  return n;
}

bool named_well(const std::string& plain) {
  constexpr std::array<std::string_view, 10> names{"well",      "wells",    "wellposition", "wellpositions",
                                                   "wellid",    "position", "wellname",     "pos",
                                                   "welllabel", "wellno"};
  return std::find(names.begin(), names.end(), plain) != names.end();
}

// The header is the line whose column holds the most wells below it; names decide between equals.
std::optional<Header> header_of(const Sheet& sheet) {
  std::optional<Header> best;
  std::size_t most = 0;
  for (std::size_t i = 0; i < sheet.lines.size(); ++i) {
    const PlateLine& cells = sheet.lines[i];
    if (cells.size() < 2) continue;
    Header by_parts{i, {}, {}, {}, {}};
    std::optional<std::size_t> plate;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const std::string plain = plain_name(cells[c].text);
      if (plain == "role") return std::nullopt;  // a map
      if (plain == "wellrow" || plain == "row") by_parts.row = c;
      if (plain == "wellcol" || plain == "wellcolumn" || plain == "col" || plain == "column")
        by_parts.column = c;
      if (plain == "plate" || plain == "plateid" || plain == "platename" || plain == "barcode") plate = c;
    }
    const auto consider = [&](Header header, bool named) {
      header.plate = plate;
      const std::size_t wells = wells_below(sheet, header);
      if (wells == 0 || 2 * wells + (named ? 1 : 0) <= most) return;
      most = 2 * wells + (named ? 1 : 0);
      best = header;
    };
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (assays::parse_position(cells[c].text, assays::plate_384)) continue;
      const bool named = named_well(plain_name(cells[c].text));
      if (named || !cells[c].text.empty()) consider({i, c, {}, {}, {}}, named);
    }
    if (by_parts.row && by_parts.column) consider(by_parts, true);
  }
  return best;
}

// Columns in which a program says what was put into the wells.
bool is_content(const std::string& plain) {
  constexpr std::array<std::string_view, 6> names{"content", "contents", "task",
                                                  "type",    "welltype", "sampletype"};
  return std::find(names.begin(), names.end(), plain) != names.end();
}

// Numbers that are no readings: what was put in, how often, or what a program made of the readings.
bool is_no_read(const std::string& plain) {
  constexpr std::array<std::string_view, 22> names{
      "conc/dil", "conc",      "concentration", "dilution", "dose",   "doseum",  "concum", "replicate",
      "rep",      "technical", "count",         "mean",     "stddev", "std",     "sd",     "cv",
      "cv%",      "%cv",       "wellnumber",    "index",    "no",     "standard"};
  return std::find(names.begin(), names.end(), plain) != names.end() || named_well(plain);
}

class ListReader {
 public:
  ListReader(const Sheet& sheet, const Header& header, core::Diagnostics& problems)
      : sheet_(sheet), header_(header), problems_(problems) {}

  std::vector<PlateGrid> read() {
    std::size_t i = header_.line + 1;
    for (; i < sheet_.lines.size(); ++i) {
      const PlateLine& cells = sheet_.lines[i];
      const std::optional<Position> at = well_of(header_, cells);
      if (!at && filled_cells(cells) < 2) break;
      if (at)
        take(cells, *at);
      else
        wrong_.add(
            "no-such-well",
            sheet_.place(cells[std::min(*(header_.well ? header_.well : header_.row), cells.size() - 1)]),
            "well", fmt::format("'{}' is not a well, A1 to P24", name_in(cells)));
      last_line_ = cells.front().line;
    }
    return grids();
  }

 private:
  struct PlateWells {
    std::map<Position, int> lines;
    std::map<std::size_t, std::map<Position, core::Cell>> columns;
    std::map<Position, std::string> omitted, contents;
    std::string content_column;
    std::vector<std::pair<Position, core::Place>> twice;
    int rows = 0, columns_used = 0;
  };

  std::string name_in(const PlateLine& cells) const {
    return header_.well ? plate_cell(cells, *header_.well)
                        : plate_cell(cells, *header_.row) + plate_cell(cells, *header_.column);
  }
  bool is_place(std::size_t c) const {
    return c == header_.well || c == header_.row || c == header_.column || c == header_.plate;
  }
  std::string header_text(std::size_t c) const { return plate_cell(sheet_.lines[header_.line], c); }

  void take(const PlateLine& cells, Position at) {
    const std::string plate = header_.plate ? plate_cell(cells, *header_.plate) : "";
    if (std::find(order_.begin(), order_.end(), plate) == order_.end()) order_.push_back(plate);
    PlateWells& wells = plates_[plate];
    const core::Cell& named = cells[std::min(*(header_.well ? header_.well : header_.row), cells.size() - 1)];
    if (!wells.lines.insert({at, named.line}).second) {
      wells.twice.push_back({at, sheet_.place(named)});
      return;
    }
    wells.rows = std::max(wells.rows, at.row + 1);
    wells.columns_used = std::max(wells.columns_used, at.column + 1);
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (is_place(c) || cells[c].text.empty()) continue;
      if (is_content(plain_name(header_text(c)))) {
        wells.contents[at] = cells[c].text;
        wells.content_column = header_text(c);
      } else if (is_flag_column(header_text(c))) {
        if (leaves_out(header_text(c), cells[c].text)) wells.omitted[at] = header_text(c);
      } else if (!is_no_read(plain_name(header_text(c)))) {
        wells.columns[c][at] = cells[c];
      }
    }
  }

  // One plate is named, and some of its wells do not repeat the name.
  void join_unnamed() {
    if (order_.size() != 2 || !plates_.contains("")) return;
    const std::string named = order_[0].empty() ? order_[1] : order_[0];
    PlateWells &all = plates_[named], &more = plates_[""];
    for (const auto& [at, line] : more.lines)
      if (all.lines.contains(at)) return;  // then they are another plate
    all.lines.insert(more.lines.begin(), more.lines.end());
    for (const auto& [c, cells] : more.columns) all.columns[c].insert(cells.begin(), cells.end());
    all.omitted.insert(more.omitted.begin(), more.omitted.end());
    all.contents.insert(more.contents.begin(), more.contents.end());
    all.twice.insert(all.twice.end(), more.twice.begin(), more.twice.end());
    all.rows = std::max(all.rows, more.rows);
    all.columns_used = std::max(all.columns_used, more.columns_used);
    order_ = {named};
  }

  void report_twice(const PlateWells& wells, PlateGrid& grid) const {
    if (wells.twice.empty()) return;
    const auto& [at, place] = wells.twice.front();
    grid.problems.add(
        "well-taken-twice", place, "well",
        fmt::format(
            "well {} is there twice (first in line {}){}", assays::to_string(at), wells.lines.at(at),
            wells.twice.size() > 1 ? fmt::format(", and {} other wells too", wells.twice.size() - 1) : ""),
        "give each plate and each time its own file, or name the plates in a column 'plate'");
  }

  // Columns in which nothing is a number say what was in the wells and are no reads.
  std::vector<PlateGrid> grids() {
    std::vector<PlateGrid> out;
    join_unnamed();
    for (const std::string& plate : order_) {
      PlateWells& wells = plates_[plate];
      const bool several = order_.size() > 1;
      for (auto& [c, cells] : wells.columns) {
        PlateGrid grid{several ? plate : "",
                       {sheet_.file, sheet_.lines[header_.line].front().line, 0},
                       last_line_,
                       smallest_format(wells.rows, wells.columns_used),
                       std::move(cells)};
        append_words(grid.title, header_text(c));
        if (!holds_number(grid)) continue;
        for (int r = 0; r < grid.format.rows; ++r) grid.rows.insert(r);  // a list has no rows to miss
        grid.omitted = wells.omitted;
        grid.contents = wells.contents;
        grid.content_column = wells.content_column;
        grid.problems = wrong_;
        report_twice(wells, grid);
        out.push_back(std::move(grid));
      }
    }
    if (out.empty())
      problems_.add("no-readings", {sheet_.file, sheet_.lines[header_.line].front().line, 0}, {},
                    "this list of wells has no column with numbers");
    return out;
  }

  const Sheet& sheet_;
  const Header& header_;
  core::Diagnostics& problems_;
  core::Diagnostics wrong_;  // of all reads alike
  std::vector<std::string> order_;
  std::map<std::string, PlateWells> plates_;
  int last_line_ = 0;
};

}  // namespace

std::optional<std::vector<PlateGrid>> read_well_list(const Sheet& sheet, core::Diagnostics& problems) {
  const std::optional<Header> header = header_of(sheet);
  if (!header) return std::nullopt;
  return ListReader(sheet, *header, problems).read();
}

bool is_flag_column(std::string_view column) {
  constexpr std::array<std::string_view, 16> names{
      "omit",    "omitted", "exclude", "excluded", "mask", "masked", "outlier", "flag",
      "flagged", "flags",   "include", "included", "use",  "used",   "ignore",  "valid"};
  return std::find(names.begin(), names.end(), plain_name(column)) != names.end();
}

bool leaves_out(std::string_view column, std::string_view cell) {
  if (!is_flag_column(column)) return false;
  const std::string name = plain_name(column), word = plain_name(cell);
  constexpr std::array<std::string_view, 9> no{"", "no", "n", "false", "f", "0", "none", "ok", "na"};
  const bool said = std::find(no.begin(), no.end(), word) == no.end();
  const bool keeps =
      name == "include" || name == "included" || name == "use" || name == "used" || name == "valid";
  return keeps ? !said && !word.empty() && word != "ok" : said;
}

}  // namespace stroma::io

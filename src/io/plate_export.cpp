#include "io/plate_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "core/units.hpp"
#include "io/plate_parts.hpp"

namespace stroma::io {
namespace {

using assays::plate_384;
using assays::plate_96;
using assays::PlateFormat;

class GridReader {
 public:
  explicit GridReader(const Sheet& sheet) : sheet_(sheet) {}

  std::vector<PlateGrid> read() {
    std::size_t after = 0;  // the line after the last grid
    SoftmaxHead head;
    bool block_read = false;  // of this head: what follows is made of it
    for (std::size_t i = 0; i < sheet_.lines.size();) {
      if (const auto softmax = softmax_head(sheet_.lines[i])) {
        head = *softmax;
        block_read = false;
      } else if (sheet_.lines[i].front().text.starts_with("~End")) {
        head = {};
      }
      const std::size_t begin = i, before = grids_.size();
      if (read_here(i, after, head)) {
        if (!head.plate.empty() && block_read)
          for (std::size_t g = before; g < grids_.size(); ++g) {
            grids_[g].kind = GridKind::derived;
            append_words(grids_[g].title, "reduced");
          }
        block_read = true;
        after = i = std::max(i, begin + 1);
      } else {
        i = begin + 1;
      }
    }
    return std::move(grids_);
  }

 private:
  static constexpr int least_unlabelled = plate_96.columns;

  // The grid that begins in line i, whatever its form; false where none does.
  bool read_here(std::size_t& i, std::size_t after, const SoftmaxHead& head) {
    const PlateLine& line = sheet_.lines[i];
    const std::vector<PlateRun> runs = plate_runs(line, 2);
    if (heads_rows(sheet_, i)) {
      PlateGrid grid = head_of(i, title_above(sheet_, after, i, line[runs.front().first - 1].text));
      ++i;
      read_labelled(i, runs, std::move(grid));
      return true;
    }
    const bool temperature =
        !runs.empty() && plain_name(plate_cell(line, runs.front().first - 1)).starts_with("temperature");
    const std::vector<PlateRun> full = plate_runs(line, temperature ? 2 : least_unlabelled);
    if (!full.empty() && (temperature || !head.plate.empty())) {
      read_block(sheet_, i, full, head, grids_);
      return true;
    }
    if (!full.empty()) return read_block_of_no_head(i, full, after);
    if (begins_grid(i)) {
      const std::vector<PlateRun> form{{1, 0, format_without_header(i).columns}};
      read_labelled(i, form, head_of(i, title_above(sheet_, after, i, "")));
      return true;
    }
    if (read_transposed(i, after)) return true;
    return read_wells_in_columns(sheet_, i, head, grids_);
  }

  // A line 1 ... 12 with neither letters nor a temperature below it: rows by lines, if they are numbers.
  bool read_block_of_no_head(std::size_t& i, const std::vector<PlateRun>& runs, std::size_t after) {
    const std::size_t before = grids_.size();
    const std::string title = title_above(sheet_, after, i, "");
    read_block(sheet_, i, runs, {}, grids_);
    bool numbers = false;
    for (std::size_t g = before; g < grids_.size(); ++g) {
      numbers = numbers || holds_number(grids_[g]) || !grids_[g].problems.empty();
      std::string whole = title;
      append_words(whole, grids_[g].title);
      grids_[g].title = whole;
    }
    if (!numbers) grids_.resize(before);
    return numbers;
  }

  PlateGrid head_of(std::size_t line, std::string title) const {
    return {std::move(title), {sheet_.file, sheet_.lines[line].front().line, 0}, 0, {}, {}};
  }

  bool begins_grid(std::size_t line) const {
    const PlateLine& cells = sheet_.lines[line];
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

  struct Rows {
    std::vector<PlateGrid> reads;
    std::vector<std::string> behind;    // what stands behind the last well of each
    std::vector<std::size_t> shortest;  // cells of the shortest row of each, and of the longest
    std::vector<std::size_t> longest;
    std::vector<std::pair<std::size_t, std::pair<int, const PlateLine*>>> rows;  // read, (row, its line)
  };

  // Rows with letters. A line without one below a row belongs to it: some programs write one line per
  // wavelength, each with the wavelength behind its last well.
  void read_labelled(std::size_t& line, const std::vector<PlateRun>& form, PlateGrid head) {
    const std::size_t label_at = form.front().first - 1;
    const std::size_t behind_at = form[0].first + static_cast<std::size_t>(form[0].columns);
    Rows found;
    std::set<int> seen;
    int row = -1, columns = 0;
    for (const PlateRun& run : form) columns = std::max(columns, run.end());
    std::size_t repeat = 0;
    for (; line < sheet_.lines.size(); ++line) {
      const PlateLine& cells = sheet_.lines[line];
      const std::string label = plate_cell(cells, label_at);
      const bool next =
          label.empty() && row >= 0 && form.size() == 1 && !plate_cell(cells, behind_at).empty();
      if (!next && !is_row_label(label)) break;
      if (!next) {
        repeat = 0;
        row = std::toupper(static_cast<unsigned char>(label[0])) - 'A';
        // Beyond a blank line: notes, or another plate, and no row of this one.
        const bool apart = head.last_line > 0 && cells.front().line > head.last_line + 1;
        if (apart && (row >= (columns > plate_96.columns ? plate_384 : plate_96).rows || seen.contains(row)))
          break;
        if (row >= (columns > plate_96.columns ? plate_384 : plate_96).rows) {
          head.problems.add(
              "no-such-row", sheet_.place(cells[label_at]), "row",
              fmt::format("'{}' is not a row of a plate, A to {}", label,
                          row_letter((columns > plate_96.columns ? plate_384 : plate_96).rows - 1)));
          row = -1;
          continue;
        }
        if (!seen.insert(row).second)
          head.problems.add("row-given-twice", sheet_.place(cells[label_at]), "row",
                            fmt::format("row {} is there twice", label));
      }
      for (std::size_t k = 0; k < form.size(); ++k) take_row(cells, form, k, repeat, row, behind_at, found);
      ++repeat;
      head.last_line = cells.front().line;
    }
    finish(std::move(found), std::move(head), form, seen, columns);
  }

  void take_row(const PlateLine& cells, const std::vector<PlateRun>& form, std::size_t k, std::size_t repeat,
                int row, std::size_t behind_at, Rows& found) const {
    const std::size_t index = repeat * form.size() + k;
    if (index >= found.reads.size()) {
      found.reads.resize(index + 1);
      found.behind.resize(index + 1);
      found.shortest.resize(index + 1, ~std::size_t{0});
      found.longest.resize(index + 1);
      found.behind[index] =
          form.size() == 1 ? plate_cell(cells, behind_at)
                           : plate_cell(cells, form[k].first + static_cast<std::size_t>(form[k].columns));
    }
    const std::size_t there = cells.size() > form[k].first ? cells.size() - form[k].first : 0;
    found.shortest[index] = std::min(found.shortest[index], there);
    found.longest[index] = std::max(found.longest[index], there);
    found.rows.push_back({index, {row, &cells}});
    for (int c = 0; c < form[k].columns && static_cast<std::size_t>(c) < there; ++c)
      if (const core::Cell& cell = cells[form[k].first + static_cast<std::size_t>(c)]; !cell.text.empty())
        found.reads[index].cells[{row, form[k].column + c}] = cell;
  }

  void finish(Rows found, PlateGrid head, const std::vector<PlateRun>& form, const std::set<int>& seen,
              int columns) {
    const int rows = seen.empty() ? 1 : *seen.rbegin() + 1;
    head.format = smallest_format(rows, columns);
    head.rows = seen;
    if (found.reads.empty()) found.reads.resize(1);
    for (std::size_t k = 0; k < found.reads.size(); ++k) {
      PlateGrid& grid = found.reads[k];
      auto cells = std::move(grid.cells);
      grid = head;
      grid.cells = std::move(cells);
      if (form.size() > 1) append_words(grid.title, fmt::format("block {}", k % form.size() + 1));
      name_by(grid, k < found.behind.size() ? found.behind[k] : "", found.reads.size() / form.size() > 1);
      if (kind_of_title(grid.title) != GridKind::measured) grid.kind = kind_of_title(grid.title);
    }
    report_short_rows(found, form);
    for (PlateGrid& grid : found.reads) grids_.push_back(std::move(grid));
  }

  // Rows that are all alike too short had their last columns left out; one that is shorter than others lost a
  // cell somewhere, and nobody knows which.
  void report_short_rows(Rows& found, const std::vector<PlateRun>& form) const {
    for (const auto& [index, row_and_cells] : found.rows) {
      const auto& [row, cells] = row_and_cells;
      const PlateRun& run = form[index % form.size()];
      const auto columns = static_cast<std::size_t>(run.columns);
      const std::size_t there = cells->size() > run.first ? cells->size() - run.first : 0;
      if (there >= columns || found.shortest[index] == found.longest[index]) continue;
      PlateGrid& grid = found.reads[index];
      grid.problems.add(
          "missing-field", sheet_.place(cells->back()), "row",
          fmt::format("row {} has {} of {} wells; {} is missing, or a cell before it was deleted",
                      row_letter(row), there, columns,
                      assays::to_string({row, run.column + static_cast<int>(there)})),
          "leave the cell of an unread well empty");
      for (int c = 0; c < run.columns; ++c) grid.lost.insert({row, run.column + c});
    }
  }

  // A wavelength behind the last well names a read; so does anything that stands there where there are
  // several.
  static void name_by(PlateGrid& grid, const std::string& behind, bool several) {
    const core::ParsedQuantity wavelength = core::parse_quantity(behind);
    if (behind.empty()) return;
    if (const GridKind kind = kind_of_title(behind); kind != GridKind::measured) grid.kind = kind;
    if (!several && !wavelength.error.empty() && grid.kind == GridKind::measured) return;
    grid.title = wavelength.error.empty() && !wavelength.has_unit ? behind + " nm" : behind;
  }

  // Letters above and numbers at the side: the same plate lying down.
  bool read_transposed(std::size_t& line, std::size_t after) {
    const PlateLine& header = sheet_.lines[line];
    std::size_t first = 1;
    while (first < header.size() && header[first].text != "A" && header[first].text != "a") ++first;
    int letters = 0;
    while (first + static_cast<std::size_t>(letters) < header.size()) {
      const std::string& text = header[first + static_cast<std::size_t>(letters)].text;
      if (!is_row_label(text) || std::toupper(static_cast<unsigned char>(text[0])) != 'A' + letters) break;
      ++letters;
    }
    if (letters < 2 || line + 2 >= sheet_.lines.size()) return false;
    if (column_number(plate_cell(sheet_.lines[line + 1], first - 1)) != 1 ||
        column_number(plate_cell(sheet_.lines[line + 2], first - 1)) != 2)
      return false;
    PlateGrid grid{title_above(sheet_, after, line, ""), {sheet_.file, header.front().line, 0}, 0, {}, {}};
    int columns = 0;
    for (++line; line < sheet_.lines.size(); ++line) {
      const PlateLine& cells = sheet_.lines[line];
      const int column = column_number(plate_cell(cells, first - 1));
      if (column != columns + 1) break;
      columns = column;
      grid.last_line = cells.front().line;
      for (int r = 0; r < letters; ++r)
        if (const std::size_t at = first + static_cast<std::size_t>(r); !plate_cell(cells, at).empty())
          grid.cells[{r, column - 1}] = cells[at];
    }
    grid.format = smallest_format(letters, columns);
    for (int r = 0; r < letters; ++r) grid.rows.insert(r);
    grids_.push_back(std::move(grid));
    return true;
  }

  const Sheet& sheet_;
  std::vector<PlateGrid> grids_;
};

bool same_words(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool has_words(const std::string& title, std::string_view part) {
  return std::search(title.begin(), title.end(), part.begin(), part.end(),
                     [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); }) !=
         title.end();
}

// Those that may be named: grids without a number in them are layouts, and kept where nothing has one.
std::vector<const PlateGrid*> offered(const std::vector<PlateGrid>& grids) {
  std::vector<const PlateGrid*> out;
  for (const PlateGrid& grid : grids)
    if (holds_number(grid) || !grid.problems.empty()) out.push_back(&grid);
  if (out.empty())
    for (const PlateGrid& grid : grids) out.push_back(&grid);
  return out;
}

const char* kind_words(GridKind kind) {
  return kind == GridKind::derived ? ", computed" : kind == GridKind::layout ? ", a layout" : "";
}

std::string list_reads(const std::vector<const PlateGrid*>& grids) {
  constexpr std::size_t most = 12;
  std::string list;
  for (std::size_t i = 0; i < std::min(grids.size(), most); ++i)
    list += fmt::format("{}{} '{}' (line {}{})", i == 0 ? "" : ", ", i + 1, grids[i]->title,
                        grids[i]->place.line, kind_words(grids[i]->kind));
  if (grids.size() > most) list += fmt::format(" and {} more", grids.size() - most);
  return list;
}

}  // namespace

std::vector<PlateGrid> find_grids(const Sheet& sheet, core::Diagnostics& problems) {
  std::vector<PlateGrid> grids = GridReader(sheet).read();
  const bool readings = std::any_of(grids.begin(), grids.end(), [](const PlateGrid& grid) {
    return grid.kind == GridKind::measured && (holds_number(grid) || !grid.problems.empty());
  });
  if (readings || sheet.lines.empty()) return grids;
  core::Diagnostics of_list;
  if (auto list = read_well_list(sheet, of_list)) {
    if (list->empty() && grids.empty())
      for (const core::Diagnostic& d : of_list.entries()) problems.add(d);
    for (PlateGrid& grid : *list) grids.push_back(std::move(grid));
    return grids;
  }
  if (!grids.empty()) return grids;
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

const PlateGrid* choose_grid(const std::vector<PlateGrid>& all, std::string_view read,
                             const std::string& file, core::Diagnostics& problems) {
  if (all.empty()) return nullptr;
  const std::vector<const PlateGrid*> grids = offered(all);
  std::vector<const PlateGrid*> fitting, exact;
  const PlateGrid* numbered = nullptr;
  for (std::size_t i = 0; i < grids.size(); ++i) {
    if (read == std::to_string(i + 1)) numbered = grids[i];
    if (same_words(grids[i]->title, read)) exact.push_back(grids[i]);
    if (read.empty() ? grids[i]->kind == GridKind::measured : has_words(grids[i]->title, read))
      fitting.push_back(grids[i]);
  }
  if (fitting.empty() && read.empty()) fitting = grids;
  const PlateGrid* chosen = numbered              ? numbered
                            : exact.size() == 1   ? exact.front()
                            : fitting.size() == 1 ? fitting.front()
                                                  : nullptr;
  if (chosen && chosen->kind == GridKind::layout) {
    problems.add("layout-read", chosen->place, "--read",
                 fmt::format("'{}' says what is in the wells and is no reading; the file has {}", read,
                             list_reads(grids)),
                 "name a grid of readings");
    return nullptr;
  }
  if (chosen) return chosen;
  if (fitting.empty())
    problems.add("no-such-read", {file, 0, 0}, "--read",
                 fmt::format("no grid is called '{}'; the file has {}", read, list_reads(grids)));
  else
    problems.add("several-reads", {file, fitting[1]->place.line, 0}, "--read",
                 read.empty() ? fmt::format("the file has {} grids: {}", grids.size(), list_reads(grids))
                              : fmt::format("{} of the file's {} grids are called '{}': {}", fitting.size(),
                                            grids.size(), read, list_reads(grids)),
                 "say which: --read 1, or a part of its title");
  return nullptr;
}

std::string name_read(const std::vector<PlateGrid>& all, const PlateGrid& chosen) {
  const std::vector<const PlateGrid*> grids = offered(all);
  const auto at = std::find(grids.begin(), grids.end(), &chosen);
  std::string out = chosen.title.empty() ? std::string("the only one") : fmt::format("'{}'", chosen.title);
  if (grids.size() > 1) out += fmt::format(", {} of {} in the file", at - grids.begin() + 1, grids.size());
  return out;
}

bool is_grid_map(const Sheet& sheet) {
  for (std::size_t i = 0; i < sheet.lines.size(); ++i)
    if (heads_rows(sheet, i)) return true;
  return false;
}

}  // namespace stroma::io

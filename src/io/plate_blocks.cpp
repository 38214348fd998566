// Blocks as SoftMax Pro writes them: rows without letters, whose place is that of their line below the header
// (an unread row is a blank line), a block for each time of a kinetic, and wells in columns.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/units.hpp"
#include "io/plate_parts.hpp"

namespace stroma::io {
namespace {

using assays::Position;

int whole_number(const std::string& text) {
  const core::ParsedNumber parsed = core::parse_number(text);
  const bool whole = parsed.error.empty() && parsed.value >= 0.0 && parsed.value <= 1000.0 &&
                     static_cast<double>(static_cast<int>(parsed.value)) == parsed.value;
  return whole ? static_cast<int>(parsed.value) : -1;
}

bool holds_wells(const PlateLine& cells, const std::vector<PlateRun>& runs) {
  for (const PlateRun& run : runs)
    for (std::size_t c = 0; c < static_cast<std::size_t>(run.columns); ++c)
      if (!plate_cell(cells, run.first + c).empty()) return true;
  return false;
}

// "0:30" or "00:01:30" or "37.00" at the beginning of a line, where times and temperatures stand.
bool begins_time(const PlateLine& cells) {
  const std::string text = plate_cell(cells, 0);
  return text.find(':') != std::string::npos && text.find_first_not_of("0123456789:.") == std::string::npos;
}

// A line that ends a block: words where only times and temperatures are.
bool ends_block(const PlateLine& cells, const std::vector<PlateRun>& runs) {
  const std::string text = plate_cell(cells, 0);
  if (!text.empty() && !begins_time(cells) && !core::parse_number(text).error.empty()) return true;
  return !plate_runs(cells, runs.front().columns).empty();
}

void take_row(const PlateLine& cells, const PlateRun& run, int row, PlateGrid& grid) {
  grid.rows.insert(row);
  for (int c = 0; c < run.columns; ++c) {
    const std::size_t at = run.first + static_cast<std::size_t>(c);
    if (at < cells.size() && !cells[at].text.empty()) grid.cells[{row, run.column + c}] = cells[at];
  }
}

std::string read_title(const SoftmaxHead& head, std::size_t k, std::size_t of, const std::string& time) {
  std::string title = head.plate;
  if (head.wavelengths.size() == of)
    append_words(title, head.wavelengths[k] + " nm");
  else if (of > 1)
    append_words(title, fmt::format("block {}", k + 1));
  append_words(title, time);
  return title;
}

// Where the lines of a block stand that is shorter than its plate: nobody can say unless the head does.
void place_short_block(const std::vector<const PlateLine*>& filled, const std::vector<PlateRun>& runs,
                       const SoftmaxHead& head, int header_line, const std::string& file,
                       std::vector<PlateGrid>& reads) {
  const int lines = static_cast<int>(filled.size());
  if (head.rows == lines && head.first_row >= 1) {
    for (int r = 0; r < lines; ++r)
      for (std::size_t k = 0; k < runs.size(); ++k)
        take_row(*filled[static_cast<std::size_t>(r)], runs[k], head.first_row - 1 + r, reads[k]);
    return;
  }
  for (PlateGrid& grid : reads) {
    grid.problems.add(
        "row-missing", {file, header_line, 0}, "row",
        fmt::format("below the line of columns there are {} lines for {} rows, and nothing says "
                    "which rows they are",
                    lines, grid.format.rows),
        "export the plate again with every row, unread ones as blank lines, or with row letters");
    for (int r = 0; r < grid.format.rows; ++r)
      for (int c = 0; c < grid.format.columns; ++c) grid.lost.insert({r, c});
  }
}

}  // namespace

std::optional<SoftmaxHead> softmax_head(const PlateLine& line) {
  if (line.size() < 4 || line[0].text != "Plate:") return std::nullopt;
  constexpr std::size_t wavelengths = 15, first_row = 19, rows = 20;
  SoftmaxHead head;
  head.plate = line[1].text;
  std::string rest = plate_cell(line, wavelengths);
  while (!rest.empty()) {
    const std::size_t end = rest.find(' ');
    if (const std::string one = rest.substr(0, end); whole_number(one) > 0) head.wavelengths.push_back(one);
    rest = end == std::string::npos ? "" : rest.substr(end + 1);
  }
  const int first = whole_number(plate_cell(line, first_row)), count = whole_number(plate_cell(line, rows));
  if (first >= 1 && count >= 1) {
    head.first_row = first;
    head.rows = count;
  }
  return head;
}

void read_block(const Sheet& sheet, std::size_t& line, const std::vector<PlateRun>& runs,
                const SoftmaxHead& head, std::vector<PlateGrid>& out) {
  const int header_line = sheet.lines[line].front().line;
  int columns = 0;
  for (const PlateRun& run : runs) columns = std::max(columns, run.end());
  const assays::PlateFormat format = smallest_format(1, columns);
  const int rows = format.rows;
  ++line;
  int begin = header_line + 1;  // the line of row A
  for (bool first = true;; first = false) {
    std::vector<const PlateLine*> filled;
    std::string time;
    int last = begin - 1;
    std::size_t next = line;
    for (; next < sheet.lines.size() && sheet.lines[next].front().line < begin + rows; ++next) {
      const PlateLine& cells = sheet.lines[next];
      if (ends_block(cells, runs) || (next > line && begins_time(cells))) break;
      if (begins_time(cells)) time = cells[0].text;
      last = cells.front().line;
      if (holds_wells(cells, runs)) filled.push_back(&cells);
    }
    if (filled.empty() && !first) return;
    std::vector<PlateGrid> reads;
    for (std::size_t k = 0; k < runs.size(); ++k)
      reads.push_back(
          {read_title(head, k, runs.size(), time), {sheet.file, header_line, 0}, last, format, {}});
    // Every row has its line where the block is followed by something beyond its last one.
    const bool whole =
        next < sheet.lines.size() ? sheet.lines[next].front().line >= begin + rows : last == begin + rows - 1;
    if (whole) {
      for (const PlateLine* cells : filled)
        for (std::size_t k = 0; k < runs.size(); ++k)
          take_row(*cells, runs[k], cells->front().line - begin, reads[k]);
    } else {
      place_short_block(filled, runs, head, header_line, sheet.file, reads);
    }
    for (PlateGrid& grid : reads) out.push_back(std::move(grid));
    line = next;
    if (next >= sheet.lines.size() || !begins_time(sheet.lines[next])) return;
    begin = sheet.lines[next].front().line;  // the next time of a kinetic
  }
}

bool read_wells_in_columns(const Sheet& sheet, std::size_t& line, const SoftmaxHead& head,
                           std::vector<PlateGrid>& out) {
  constexpr std::size_t least = 4;
  const PlateLine& header = sheet.lines[line];
  std::map<std::size_t, Position> wells;
  std::set<Position> distinct;
  for (std::size_t c = 0; c < header.size(); ++c)
    if (const auto at = assays::parse_position(header[c].text, assays::plate_384)) {
      wells[c] = *at;
      distinct.insert(*at);
    }
  if (wells.size() < least || distinct.size() != wells.size()) return false;
  int rows = 0, columns = 0;
  for (const Position at : distinct) {
    rows = std::max(rows, at.row + 1);
    columns = std::max(columns, at.column + 1);
  }
  std::vector<PlateGrid> reads;
  std::vector<std::string> times;
  for (++line; line < sheet.lines.size(); ++line) {
    const PlateLine& cells = sheet.lines[line];
    if (!plate_cell(cells, 0).empty() && !begins_time(cells)) break;
    PlateGrid grid{
        {}, {sheet.file, cells.front().line, 0}, cells.front().line, smallest_format(rows, columns), {}};
    for (const auto& [c, at] : wells) {
      grid.rows.insert(at.row);
      if (!plate_cell(cells, c).empty()) grid.cells[at] = cells[c];
    }
    if (!holds_number(grid)) break;
    times.push_back(begins_time(cells) ? cells[0].text : "");
    reads.push_back(std::move(grid));
  }
  for (std::size_t k = 0; k < reads.size(); ++k) {
    reads[k].title = read_title(head, k, reads.size(), times[k]);
    out.push_back(std::move(reads[k]));
  }
  return !reads.empty();
}

}  // namespace stroma::io

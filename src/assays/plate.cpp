#include "assays/plate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "core/errors.hpp"

namespace stroma::assays {
namespace {

constexpr std::array<std::pair<WellRole, std::string_view>, 4> roles{{{WellRole::empty, "empty"},
                                                                      {WellRole::blank, "blank"},
                                                                      {WellRole::standard, "standard"},
                                                                      {WellRole::sample, "sample"}}};

// Rows of wells: each distinct group, in the order of its first sample, with the indices of its samples.
std::vector<std::vector<std::size_t>> rows_of(std::span<const std::string> groups) {
  std::vector<std::vector<std::size_t>> rows;
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto found = std::find(names.begin(), names.end(), groups[i]);
    const auto row = static_cast<std::size_t>(found - names.begin());
    if (found == names.end()) {
      names.push_back(groups[i]);
      rows.emplace_back();
    }
    rows[row].push_back(i);
  }
  return rows;
}

// One group per row from (row0, column0) on; the free places of `outer` (or any other) take the blanks.
Arrangement by_rows(const std::vector<std::vector<std::size_t>>& rows, std::size_t samples,
                    std::size_t blanks, int row0, int column0, bool blanks_first_column) {
  Arrangement out;
  out.samples.resize(samples);
  std::set<Position> taken;
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      const Position place{row0 + static_cast<int>(r), column0 + static_cast<int>(c)};
      out.samples[rows[r][c]] = place;
      taken.insert(place);
    }
  if (blanks_first_column) {
    for (std::size_t b = 0; b < blanks; ++b) out.blanks.push_back({row0 + static_cast<int>(b), 0});
    return out;
  }
  for (std::size_t i = plate_wells; i-- > 0 && out.blanks.size() < blanks;)
    if (!taken.contains(position_of(i))) out.blanks.push_back(position_of(i));
  std::sort(out.blanks.begin(), out.blanks.end());
  return out;
}

}  // namespace

Position position_of(std::size_t index) {
  core::require(index < static_cast<std::size_t>(plate_wells), "a plate has 96 wells");
  return {static_cast<int>(index) / plate_columns, static_cast<int>(index) % plate_columns};
}

std::string to_string(Position position) {
  return fmt::format("{}{}", static_cast<char>('A' + position.row), position.column + 1);
}

std::optional<Position> parse_position(std::string_view text, PlateFormat format) {
  if (text.size() < 2 || text.size() > 3) return std::nullopt;
  const int row = std::toupper(static_cast<unsigned char>(text[0])) - 'A';
  int column = 0;
  for (const char c : text.substr(1)) {
    if (c < '0' || c > '9') return std::nullopt;
    column = column * 10 + (c - '0');
  }
  const Position position{row, column - 1};
  return format.contains(position) ? std::optional(position) : std::nullopt;
}

std::string_view to_string(WellRole role) {
  for (const auto& [value, name] : roles)
    if (value == role) return name;
  throw core::InternalError("a well role without a name");
}

std::optional<WellRole> parse_role(std::string_view text) {
  for (const auto& [value, name] : roles)
    if (name == text) return value;
  return std::nullopt;
}

Arrangement arrange(std::span<const std::string> groups, std::size_t blanks) {
  const std::size_t all = static_cast<std::size_t>(plate_wells);
  if (groups.size() > all || blanks > all - groups.size()) {
    core::Diagnostics problems;
    problems.add(
        "plate-full", {}, "plate",
        fmt::format("{} samples and {} blanks do not fit on one plate of 96 wells", groups.size(), blanks),
        "use a plate per replicate, or fewer technical repeats");
    problems.throw_if_any();
  }
  const auto rows = rows_of(groups);
  std::size_t longest = 0;
  for (const auto& row : rows) longest = std::max(longest, row.size());
  if (longest <= plate_columns - 2 && rows.size() <= plate_rows - 2 && blanks <= plate_rows - 2)
    return by_rows(rows, groups.size(), blanks, 1, 1, true);
  if (longest <= plate_columns && rows.size() <= plate_rows)
    return by_rows(rows, groups.size(), blanks, 0, 0, false);
  Arrangement out;
  for (std::size_t i = 0; i < groups.size(); ++i) out.samples.push_back(position_of(i));
  for (std::size_t b = 0; b < blanks; ++b) out.blanks.push_back(position_of(all - blanks + b));
  return out;
}

void check_positions(std::span<const Position> positions, std::string_view plate,
                     core::Diagnostics& problems) {
  std::set<Position> taken, reported;
  for (const Position p : positions) {
    if (p.row < 0 || p.row >= plate_rows || p.column < 0 || p.column >= plate_columns) {
      problems.add("no-such-well", {}, std::string(plate),
                   fmt::format("row {}, column {} is not on a plate of 8 rows and 12 columns", p.row + 1,
                               p.column + 1));
    } else if (!taken.insert(p).second && reported.insert(p).second) {
      problems.add("well-taken-twice", {}, to_string(p),
                   fmt::format("well {} of plate '{}' is used twice", to_string(p), plate),
                   "give each well its own place");
    }
  }
}

}  // namespace stroma::assays

#include "store/results_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/errors.hpp"
#include "io/hdf5_archive_seal.hpp"

namespace stroma::store {
namespace {

const std::string& one_line(const std::string& text) {
  core::require(text.find_first_of(std::string_view("\t\n\r\0", 4)) == std::string::npos,
                "a name or unit of the results holds a tab, a line break or NUL");
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + 1;
  }
}

template <class Number>
bool to_number(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

bool parse_grid(const std::vector<std::string_view>& parts, FrameGrid& grid) {
  if (parts.size() != 10) return false;
  for (std::size_t d = 0; d < 3; ++d)
    if (!to_number(parts[1 + d], grid.voxels[d]) || !to_number(parts[4 + d], grid.origin[d]) ||
        !to_number(parts[7 + d], grid.spacing[d]))
      return false;
  return true;
}

}  // namespace

std::string schema_text(const ResultsSchema& schema) {
  const FrameGrid& grid = schema.grid;
  std::string text = fmt::format("grid\t{}\t{}\t{}", fmt::join(grid.voxels, "\t"),
                                 fmt::join(grid.origin, "\t"), fmt::join(grid.spacing, "\t"));
  for (const NamedUnit& field : schema.fields)
    text += fmt::format("\nfield\t{}\t{}", one_line(field.name), one_line(field.unit));
  for (const StoredColumn& column : schema.columns) {
    text += fmt::format("\ncolumn\t{}\t{}\t{}", one_line(column.name), one_line(column.unit),
                        io::scalar_names[static_cast<std::size_t>(column.type)]);
    for (const std::string& category : column.categories) text += '\t' + one_line(category);
  }
  for (const NamedUnit& series : schema.series)
    text += fmt::format("\nseries\t{}\t{}", one_line(series.name), one_line(series.unit));
  return text;
}

bool parse_schema(std::string_view text, ResultsSchema& schema) {
  bool grid = false;
  for (const std::string_view line : split(text, '\n')) {
    const std::vector<std::string_view> parts = split(line, '\t');
    if (parts[0] == "grid") {
      if (grid || !parse_grid(parts, schema.grid)) return false;
      grid = true;
    } else if ((parts[0] == "field" || parts[0] == "series") && parts.size() == 3) {
      (parts[0] == "field" ? schema.fields : schema.series)
          .push_back({std::string(parts[1]), std::string(parts[2])});
    } else if (parts[0] == "column" && parts.size() >= 4) {
      const auto type = std::find(io::scalar_names.begin(), io::scalar_names.end(), parts[3]);
      if (type == io::scalar_names.end()) return false;
      schema.columns.push_back({std::string(parts[1]),
                                std::string(parts[2]),
                                static_cast<core::Scalar>(type - io::scalar_names.begin()),
                                {parts.begin() + 4, parts.end()}});
    } else {
      return false;
    }
  }
  return grid;
}

std::string frame_file(core::Tick tick) {
  return fmt::format("frames/{:015}.h5", tick.count);
}

}  // namespace stroma::store

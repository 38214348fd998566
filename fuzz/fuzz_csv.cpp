// Arbitrary bytes as a table. The first byte chooses the options.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/csv.hpp"
#include "core/diagnostics.hpp"
#include "io/csv.hpp"

using namespace stroma;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  io::CsvOptions options;
  options.delimiter = (data[0] & 1) != 0 ? '\t' : ',';
  options.comments = (data[0] & 2) != 0;
  if ((data[0] & 4) != 0) options.field_limit = 8;
  if ((data[0] & 8) != 0) options.cell_limit = 16;
  core::Diagnostics problems;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const core::Table table = io::read_csv(text, "f", options, problems);
  if (problems.size() > options.problem_limit + 1) std::abort();
  for (const auto& row : table.rows)
    if (row.size() != table.header.size()) std::abort();
  if (!problems.empty() || table.header.empty()) return 0;

  std::vector<std::string> header;
  for (const core::Cell& cell : table.header) header.push_back(cell.text);
  std::vector<std::vector<core::CsvValue>> rows;
  for (const auto& row : table.rows) {
    rows.emplace_back();
    for (const core::Cell& cell : row) rows.back().emplace_back(cell.text);
  }
  const core::Table again = io::read_csv(core::write_csv(header, rows, options.delimiter), "f",
                                         {.delimiter = options.delimiter}, problems);
  // A single column whose name holds another delimiter is taken for a table of that delimiter, on purpose.
  if (header.size() == 1) return 0;
  if (!problems.empty() || again.rows.size() != table.rows.size()) std::abort();
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t c = 0; c < header.size(); ++c)
      if (again.rows[r][c].text != table.rows[r][c].text) std::abort();
  return 0;
}

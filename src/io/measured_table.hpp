// Long tables of measurements: one line per measurement, columns found by name, units in the header
// ("dose_uM", "time (h)") or in every cell ("2 uM"), the same one throughout a column.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/document.hpp"
#include "core/table.hpp"
#include "core/units.hpp"
#include "io/sheet.hpp"

namespace stroma::io {

/// A column that a table may have. Names are compared as plain_name does.
struct ColumnSpec {
  std::string name;
  bool required = true;
  std::vector<std::string> aliases = {};         ///< other names, such as those of instruments
  std::vector<core::Dimension> dimensions = {};  ///< of a quantity: those allowed; empty: text or a number
};

enum class OtherColumns { refuse, ignore };

class MeasuredTable {
 public:
  /// Problems: missing-column, duplicate-column, unknown-column (with "did you mean"), unknown-unit.
  MeasuredTable(core::Table table, std::vector<ColumnSpec> columns, OtherColumns others,
                core::Diagnostics& problems);

  bool complete() const { return complete_; }              ///< all required columns are there
  bool decimal_commas() const { return decimal_commas_; }  ///< numbers were written so, and are read
  std::size_t rows() const { return table_.rows.size(); }
  bool has(std::string_view column) const { return found_.contains(column); }
  /// The unit in the header of a column or of its first cell; empty where there is none (yet).
  /// `scope`: as in quantity().
  std::string unit(std::string_view column, const std::string& scope = {}) const;

  /// The header of a column as the file writes it; empty where it is not there.
  std::string header(std::string_view column) const;
  /// Adds one problem where some cells of a column are empty and others are not: a replicate that is not said
  /// would be counted as the first. True where every cell is empty: the column says nothing.
  bool check_gaps(std::string_view column);

  std::string text(std::size_t row, std::string_view column) const;
  std::string required_text(std::size_t row, std::string_view column);
  /// A whole number >= 1; 1 where the column or cell is empty.
  int repeat(std::size_t row, std::string_view column);
  /// What a number's cell says; limits and gaps are the caller's to judge.
  ReadCell reading(std::size_t row, std::string_view column) const;
  /// A finite number inside `range`, or a problem.
  std::optional<double> number(std::size_t row, std::string_view column, core::Range range);
  /// A quantity in internal units inside `range`, or a problem (missing-unit, two-units, wrong-dimension,
  /// out-of-range). Where the cells say the unit, it is one throughout the column, or for each `scope` one of
  /// its own: the doses of each drug of a table.
  std::optional<double> quantity(std::size_t row, std::string_view column, core::Range range,
                                 const std::string& scope = {});
  /// `value` of a reading in the column's unit, as internal units; a column without unit: as it is.
  double internal(std::string_view column, double value) const;

  core::Place place(std::size_t row, std::string_view column) const;
  void wrong(std::size_t row, std::string_view column, std::string code, const std::string& message,
             std::string hint = {});

 private:
  struct Found {
    std::size_t index = 0;
    std::string unit;  ///< of the header
    bool in_header = false;
    std::vector<core::Dimension> dimensions;
    std::map<std::string, std::pair<std::string, core::Place>> said =
        {};  ///< unit of cells and where, by scope
  };
  void find_columns(const std::vector<ColumnSpec>& columns, OtherColumns others);
  bool allowed(const Found& found, const core::Dimension& dimension) const;

  core::Table table_;
  core::Diagnostics& problems_;
  std::map<std::string, Found, std::less<>> found_;
  bool complete_ = true;
  bool decimal_commas_ = false;
};

}  // namespace stroma::io

// Series matrix files of the Gene Expression Omnibus, plain or gzip: lines that begin with '!' say what the
// series and its samples are, and between !series_matrix_table_begin and !series_matrix_table_end stands one
// tab-separated line per probe, one column per sample
// (https://www.ncbi.nlm.nih.gov/geo/info/soft.html; the same quoting and names in all of them).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assays/expression/expression.hpp"
#include "io/text_lines.hpp"

namespace stroma::io {

struct GeoSeriesOptions {
  LineLimits limits;
  std::size_t cell_limit = 100'000'000;  ///< values of one table
  std::size_t sample_limit = 20'000;     ///< samples of one series; the largest of GEO have a few thousand
  std::size_t annotation_limit = 2'000'000;  ///< values that describe samples, all lines together
  std::size_t problem_limit = 100;           ///< reading stops after so many, and says so
  /// Words that stand for a missing value, letter case ignored, beside the empty cell. Nothing unless asked:
  /// a word in a table of numbers is a problem until somebody has said what it means.
  std::vector<std::string> missing_words;
};

/// The series in `bytes`; `file` is its name in places. Throws core::InputError with every problem: those of
/// for_each_line, and geo-no-table, geo-table-twice, geo-table-not-ended, geo-empty-table, geo-header (no
/// ID_REF, no samples, samples that differ from those described), geo-duplicate-sample, geo-duplicate-probe
/// (with both lines), geo-empty-probe, geo-ragged-row, geo-null (a value "null", "NA" and the like that was
/// not declared missing), geo-not-a-number, geo-too-many-values and geo-too-many-samples (both
/// before the values are stored), geo-open-quote, not-utf8, too-many-problems. A quoted value that describes
/// a sample may hold line breaks, which are read as blanks. Columns in places count bytes.
assays::ExpressionSeries read_geo_series(std::string_view bytes, const std::string& file,
                                         const GeoSeriesOptions& options = {});

}  // namespace stroma::io

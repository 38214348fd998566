// Which gene a probe measures: platform tables of GEO, plain or gzip, as SOFT (between !platform_table_begin
// and !platform_table_end), as annotation file (GPL570.annot.gz) or as the bare table with '#' comments that
// the platform's page offers. The first column is the probe, another one holds gene symbols.
#pragma once

#include <string>
#include <string_view>

#include "assays/expression/expression.hpp"
#include "io/text_lines.hpp"

namespace stroma::io {

struct GeoPlatformOptions {
  LineLimits limits;
  std::string column;  ///< with the symbols; empty: the first of those that GEO's platforms use
  std::size_t problem_limit = 100;
};

/// The platform in `bytes`. Throws core::InputError with every problem: those of for_each_line, and
/// geo-platform-no-table, geo-platform-not-ended, geo-platform-empty, geo-no-symbol-column (with the columns
/// there are), geo-ragged-row, geo-duplicate-probe, not-utf8, too-many-problems.
assays::ProbeGenes read_geo_platform(std::string_view bytes, const std::string& file,
                                     const GeoPlatformOptions& options = {});

}  // namespace stroma::io

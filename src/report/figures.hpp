// Figures and tables as files: each figure as a specification (data for Vega-Lite, or for the network's own
// layout) and as CSV, each table as CSV.
#pragma once

#include <string>
#include <vector>

#include "report/document.hpp"

namespace stroma::report {

/// A figure ready to be drawn. `spec` is JSON: a Vega-Lite v5 specification, or for the network
/// {"stroma": "network", ...}. `csv` holds the data that the figure shows.
struct FigureFile {
  std::string id;
  std::string spec;
  std::string csv;
};

/// A table as CSV (RFC 4180, "\n" line ends; text cells that a spreadsheet would run as a formula are quoted
/// by an apostrophe).
struct TableFile {
  std::string id;
  std::string csv;
};

/// Makes the ids of figures and tables what their files and anchors need: letters, digits, '-' and '_', and
/// each one once. Names of experiments, panels and probes are people's and need not be.
void settle_ids(Report& report);

/// Every figure of the report in order, beginning with "findings" (the forest plot) where there are findings.
/// Throws as render_html.
std::vector<FigureFile> figure_files(const Report& report);

/// "findings", "tests" (every test of the figures, with the ratio of its two arms alone) and every table of
/// the sections; the first two where there are any.
std::vector<TableFile> table_files(const Report& report);

}  // namespace stroma::report

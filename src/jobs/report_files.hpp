// A report as files in a result folder: the page, its figures and its tables.
#pragma once

#include <string>
#include <vector>

#include "jobs/job.hpp"
#include "report/document.hpp"
#include "store/drawings.hpp"
#include "store/output_folder.hpp"

namespace stroma::jobs {

/// Writes report.html, figures/*.vl.json, tables/*.csv and, where there is a `renderer`, figures/*.svg.
/// Without Node the SVGs are left out and a note (told to `progress`) says so; the page offers every figure
/// as SVG all the same. Returns the names of the specifications and tables.
std::vector<std::string> write_report(store::OutputFolder& folder, const report::Report& page,
                                      store::Renderer* renderer, Progress& progress);

/// "report: /where/it/is/report.html", a line of text.
std::string report_line(const std::filesystem::path& folder);

}  // namespace stroma::jobs

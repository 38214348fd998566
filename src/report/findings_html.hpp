// The findings as HTML: how many of each verdict, and the table of all of them.
#pragma once

#include <string>
#include <vector>

#include "report/document.hpp"

namespace stroma::report {

/// A table of counts: calibrated and predicted findings against the three verdicts, at each n.
std::string verdict_counts_html(const std::vector<Finding>& findings);

/// One row per finding with both verdicts.
std::string findings_table_html(const std::vector<Finding>& findings);

}  // namespace stroma::report

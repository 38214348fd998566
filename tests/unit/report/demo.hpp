// A report with made-up numbers of every figure kind, for tests that need a whole page.
#pragma once

#include "report/document.hpp"

namespace stroma::report {

/// Deterministic. `hostile` puts names into it that would break a page, a specification or a spreadsheet if
/// anything were not escaped.
Report demo_report(bool hostile);

}  // namespace stroma::report

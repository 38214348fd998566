// A report with made-up numbers of every figure kind, for tests that need a whole page.
#pragma once

#include <functional>
#include <string>

#include "report/document.hpp"

namespace stroma::report {

/// Deterministic. `hostile` puts names into it that would break a page, a specification or a spreadsheet if
/// anything were not escaped.
Report demo_report(bool hostile);

/// Draws from a distribution of mean 0 and standard deviation 1.
using Draw = std::function<double()>;

/// The part of it with the kinds of bench_figures.hpp; where `hostile` is not empty it stands for names.
Section bench_section(const Draw& noise, const std::string& hostile);

}  // namespace stroma::report

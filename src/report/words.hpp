// The words and marks by which tables, figures and the page say the same thing.
#pragma once

#include <string>

#include "report/document.hpp"

namespace stroma::report {

std::string word(Direction direction);  ///< "up", "down", "same"
std::string word(Role role);            ///< "calibrated", "predicted"
std::string word(Verdict verdict);      ///< "reproduced", "contradicted", "inconclusive"
std::string mark(Direction direction);  ///< an arrow or an equals sign
std::string mark(Verdict verdict);      ///< a tick, a cross or a question mark: a cue that is not colour
std::string colour(Verdict verdict);    ///< "#rrggbb"

/// A number for a reader: `digits` significant digits, no exponent between 0.001 and 100000; NaN is a dash.
std::string print(double value, int digits = 3);

/// A p value: "< 0.0001" below that, else two significant digits.
std::string print_p(double p);

/// "low to high", or a dash.
std::string print(const Interval& interval, int digits = 3);

/// What the stars of a figure mean (stats::stars).
inline constexpr const char* star_convention =
    "* p < 0.01, ** p < 0.001, *** p < 0.0001, **** p < 0.00001, N.S. p >= 0.05";

/// Units as they are printed: "3 uM" becomes "3 µM"; so do uL, ug and um. Words are left alone.
std::string typeset(std::string text);

}  // namespace stroma::report

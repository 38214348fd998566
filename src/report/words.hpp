// The words and marks by which tables, figures and the page say the same thing.
#pragma once

#include <string>
#include <vector>

#include "report/document.hpp"

namespace stroma::report {

std::string word(Direction direction);  ///< "up", "down", "same"
std::string word(Role role);            ///< "calibrated", "predicted"
std::string word(Verdict verdict);      ///< "reproduced", "contradicted", "inconclusive"
std::string mark(Direction direction);  ///< an arrow or an equals sign
std::string mark(Verdict verdict);      ///< a tick, a cross or a question mark: a cue that is not colour
std::string colour(Verdict verdict);    ///< "#rrggbb"

/// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& words);

/// A number for a reader: `digits` significant digits, no exponent between 0.001 and 100000; NaN is a dash.
std::string print(double value, int digits = 3);

/// A p value in two significant digits, as 1.5e-24 below 0.0001; "< 1e-99" where it is smaller still.
std::string print_p(double p);

/// "low to high", or a dash.
std::string print(const Interval& interval, int digits = 3);

/// What the stars of a figure mean (stats::stars).
inline constexpr const char* star_convention =
    "*\u00a0p\u00a0<\u00a00.05, **\u00a0p\u00a0<\u00a00.01, ***\u00a0p\u00a0<\u00a00.001, "
    "****\u00a0p\u00a0<\u00a00.0001, N.S.\u00a0p\u00a0≥\u00a00.05";  // no line ends within one
/// Those of a study of Zhao et al. (stats::stars_of_zhao).
inline constexpr const char* star_convention_of_zhao =
    "*\u00a0p\u00a0<\u00a00.01, **\u00a0p\u00a0<\u00a00.001, ***\u00a0p\u00a0<\u00a00.0001, "
    "****\u00a0p\u00a0<\u00a00.00001, N.S.\u00a0p\u00a0≥\u00a00.05";
/// Whether a study reproduces Zhao et al., by the source that it cites.
inline bool has_stars_of_zhao(const std::string& source) {
  return source.find("10.1186/s12885-023-11613-8") != std::string::npos;
}

/// Units as they are printed: "3 uM" becomes "3 µM"; so do uL, ug and um. Words are left alone.
std::string typeset(std::string text);

}  // namespace stroma::report

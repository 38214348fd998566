#include "io/decimal_commas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <vector>

namespace stroma::io {
namespace {

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// The number at the beginning of a cell, if that is what it begins with, as far as the sign of its decimals.
struct Written {
  bool number = false;     ///< digits with one comma or one point at most, then nothing, a blank or %
  char sign = '\0';        ///< ',' or '.'
  std::size_t at = 0;      ///< of the sign
  bool thousands = false;  ///< one to three digits before the sign and three after it: both could be meant
};

Written written(std::string_view text) {
  Written w;
  std::size_t i = 0;
  while (i < text.size() && (text[i] == ' ' || text[i] == '\t')) ++i;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
  std::size_t before = 0, after = 0;
  for (; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      ++(w.sign == '\0' ? before : after);
    } else if ((text[i] == ',' || text[i] == '.') && w.sign == '\0') {
      w.sign = text[i];
      w.at = i;
    } else {
      break;
    }
  }
  if (before + after == 0) return w;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    while (i < text.size() && is_digit(text[i])) ++i;
  }
  w.number = i == text.size() || text[i] == ' ' || text[i] == '\t' || text[i] == '%';
  w.thousands = w.sign != '\0' && before >= 1 && before <= 3 && after == 3;
  return w;
}

/// "1.234,5" as "1234.5"; empty where the text is not written so.
std::string without_thousands(const std::string& text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string::npos || text.find('.') > comma || text.find(',', comma + 1) != std::string::npos)
    return {};
  std::string out;
  std::size_t run = 0, groups = 0;
  for (std::size_t i = text.starts_with('-') || text.starts_with('+') ? 1 : 0; i < comma; ++i) {
    if (is_digit(text[i])) {
      ++run;
      out += text[i];
    } else if (text[i] == '.' && run >= 1 && run <= 3 && (groups == 0 || run == 3)) {
      ++groups;
      run = 0;
    } else {
      return {};
    }
  }
  const std::string decimals = text.substr(comma + 1);
  if (run != 3 || groups == 0 || decimals.empty() || !std::all_of(decimals.begin(), decimals.end(), is_digit))
    return {};
  return (text.starts_with('-') ? "-" : "") + out + "." + decimals;
}

struct Signs {
  std::size_t commas = 0, points = 0;
  bool thousands = true;  ///< every comma could divide thousands
  bool point_thousands = true;
};

Signs signs_of(const core::Table& table, std::size_t column) {
  Signs s;
  for (const auto& row : table.rows) {
    if (!without_thousands(row[column].text).empty()) {
      ++s.commas;
      s.thousands = false;
      continue;
    }
    const Written w = written(row[column].text);
    if (!w.number || w.sign == '\0') continue;
    ++(w.sign == ',' ? s.commas : s.points);
    (w.sign == ',' ? s.thousands : s.point_thousands) &= w.thousands;
  }
  return s;
}

}  // namespace

std::string write_points(core::Table& table, char delimiter) {
  if (delimiter == ',') return {};
  std::vector<Signs> signs;
  bool certain = false, points = false;  // in some column a comma, or a point, can only divide decimals
  for (std::size_t c = 0; c < table.header.size(); ++c) {
    signs.push_back(signs_of(table, c));
    certain = certain || (signs[c].commas > 0 && !signs[c].thousands);
    points = points || signs[c].points > 0;
  }
  std::size_t changed = 0;
  for (std::size_t c = 0; c < signs.size(); ++c) {
    if (signs[c].commas == 0 || signs[c].points > 0) continue;
    if (signs[c].thousands && !certain && (delimiter == '\t' || points)) continue;
    for (auto& row : table.rows) {
      if (const std::string plain = without_thousands(row[c].text); !plain.empty()) row[c].text = plain;
      const Written w = written(row[c].text);
      if (w.number && w.sign == ',') row[c].text[w.at] = '.';
    }
    ++changed;
  }
  if (changed == 0) return {};
  return fmt::format("decimal commas in {} column{}", changed, changed == 1 ? "" : "s");
}

}  // namespace stroma::io

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/units.hpp"
#include "io/fcs.hpp"
#include "io/text.hpp"

namespace stroma::io {
namespace {

struct Spill {
  std::string keyword;
  std::vector<std::size_t> channels;
  std::vector<double> matrix;  // row after row
};

class Parser {
 public:
  Parser(const Fcs& fcs, const std::string& file) : fcs_(fcs), file_(file) {}

  Spill read(const char* keyword, const std::string& text) const {
    Spill out;
    out.keyword = keyword;
    std::vector<std::string_view> words;
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(',', begin), text.size());
      words.push_back(trimmed(std::string_view(text).substr(begin, end - begin)));
      begin = end + 1;
    }
    const double count = number(keyword, words[0]);
    const std::size_t most = std::min<std::size_t>(fcs_.channels.size(), words.size());
    if (!(count >= 1.0 && count <= static_cast<double>(most)) || count != std::floor(count))
      refuse(keyword,
             fmt::format("it begins with '{}', which is not the number of its channels", shown(words[0])));
    const auto n = static_cast<std::size_t>(count);
    if (words.size() != 1 + n + n * n)
      refuse(keyword, fmt::format("of {} channels it should have {} entries and has {}", n, 1 + n + n * n,
                                  words.size()));
    for (std::size_t i = 0; i < n; ++i) {
      const auto at = std::find_if(fcs_.channels.begin(), fcs_.channels.end(),
                                   [&](const FcsChannel& c) { return trimmed(c.name) == words[1 + i]; });
      if (at == fcs_.channels.end())
        refuse(keyword,
               fmt::format("it names a channel '{}' that the file does not have", shown(words[1 + i])));
      out.channels.push_back(static_cast<std::size_t>(at - fcs_.channels.begin()));
      if (std::count(out.channels.begin(), out.channels.end(), out.channels.back()) > 1)
        refuse(keyword, fmt::format("it names channel '{}' twice", shown(words[1 + i])));
    }
    for (std::size_t i = 0; i < n * n; ++i) out.matrix.push_back(number(keyword, words[1 + n + i]));
    return out;
  }

  [[noreturn]] void refuse(const std::string& keyword, const std::string& message) const {
    throw core::InputError(
        {{"fcs-bad-spillover",
          {file_, 0, 0},
          keyword,
          fmt::format("FCS: the spillover matrix '{}' cannot be used: {}", keyword, message),
          "export the file again, or leave it uncompensated by --no-compensation"}});
  }

 private:
  static std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
  }
  static std::string shown(std::string_view text) { return replace_invalid_utf8(text.substr(0, 60)); }

  double number(const char* keyword, std::string_view text) const {
    const core::ParsedNumber parsed = core::parse_number(text);
    if (!parsed.error.empty() || !std::isfinite(parsed.value))
      refuse(keyword, fmt::format("'{}' is not a number", shown(text)));
    return parsed.value;
  }

  const Fcs& fcs_;
  const std::string& file_;
};

/// The inverse by Gauss and Jordan with the largest pivot of each column; empty where there is none.
std::vector<double> inverse(std::vector<double> a, std::size_t n) {
  constexpr double least_pivot = 1e-6;  // of a matrix whose diagonal is 1 or near it
  std::vector<double> out(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) out[i * n + i] = 1.0;
  for (std::size_t c = 0; c < n; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c + 1; r < n; ++r)
      if (std::fabs(a[r * n + c]) > std::fabs(a[pivot * n + c])) pivot = r;
    if (!(std::fabs(a[pivot * n + c]) > least_pivot)) return {};
    for (std::size_t k = 0; k < n; ++k) {
      std::swap(a[pivot * n + k], a[c * n + k]);
      std::swap(out[pivot * n + k], out[c * n + k]);
    }
    const double scale = 1.0 / a[c * n + c];
    for (std::size_t k = 0; k < n; ++k) {
      a[c * n + k] *= scale;
      out[c * n + k] *= scale;
    }
    for (std::size_t r = 0; r < n; ++r) {
      const double factor = a[r * n + c];
      if (r == c || factor == 0.0) continue;
      for (std::size_t k = 0; k < n; ++k) {
        a[r * n + k] -= factor * a[c * n + k];
        out[r * n + k] -= factor * out[c * n + k];
      }
    }
  }
  return out;
}

}  // namespace

std::string compensate(Fcs& fcs, const std::string& file) {
  const Parser parser(fcs, file);
  for (const char* keyword : {"$SPILLOVER", "SPILL", "SPILLOVER"}) {
    const std::string* text = fcs.keyword(keyword);
    if (text == nullptr || text->find_first_not_of(' ') == std::string::npos) continue;
    const Spill spill = parser.read(keyword, *text);
    const std::size_t n = spill.channels.size(), width = fcs.channels.size();
    bool none = true;
    for (std::size_t i = 0; i < n * n; ++i) none = none && spill.matrix[i] == (i / n == i % n ? 1.0 : 0.0);
    if (none) return {};
    const std::vector<double> back = inverse(spill.matrix, n);
    if (back.empty()) parser.refuse(keyword, "its rows do not differ, so that dyes cannot be told apart");
    std::vector<double> seen(n);
    for (std::size_t row = 0; row + width <= fcs.events.size(); row += width) {
      for (std::size_t i = 0; i < n; ++i) seen[i] = fcs.events[row + spill.channels[i]];
      for (std::size_t j = 0; j < n; ++j) {
        double dye = 0.0;
        for (std::size_t i = 0; i < n; ++i) dye += seen[i] * back[i * n + j];
        if (!std::isfinite(dye)) parser.refuse(keyword, "its entries are too large for the events");
        fcs.events[row + spill.channels[j]] = dye;
      }
    }
    return keyword;
  }
  return {};
}

}  // namespace stroma::io

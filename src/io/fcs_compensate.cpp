#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/text.hpp"
#include "core/units.hpp"
#include "io/fcs.hpp"

namespace stroma::io {
namespace {

struct Spill {
  std::string keyword;
  std::vector<std::size_t> channels;
  std::vector<double> matrix;  // row after row; empty where no dye spills
};

class Parser {
 public:
  Parser(const Fcs& fcs, const std::string& file) : fcs_(fcs), file_(file) {}

  Spill read(const char* keyword, const std::string& text) const {
    Spill out;
    out.keyword = keyword;
    std::vector<std::string> words;
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(',', begin), text.size());
      words.emplace_back(trimmed(std::string_view(text).substr(begin, end - begin)));
      begin = end + 1;
    }
    const double count = number(keyword, words[0]);
    if (!(count >= 1.0 && count <= static_cast<double>(words.size())) || count != std::floor(count))
      refuse(keyword,
             fmt::format("it begins with '{}', which is not the number of its channels", shown(words[0])));
    const auto n = static_cast<std::size_t>(count);
    if (words.size() == 1 + n && n > 1) return out;  // names alone: no matrix was measured
    if (words.size() == 1 + n + 2 * n * n) words = joined(words, 1 + n);
    if (words.size() != 1 + n + n * n)
      refuse(keyword, fmt::format("of {} channels it should have {} entries and has {}", n, 1 + n + n * n,
                                  words.size()));
    std::vector<double> matrix;
    for (std::size_t i = 0; i < n * n; ++i) matrix.push_back(number(keyword, words[1 + n + i]));
    std::vector<std::size_t> used;  // without dyes that neither spill nor are spilled into
    for (std::size_t i = 0; i < n; ++i) {
      bool alone = true;
      for (std::size_t j = 0; j < n; ++j)
        alone =
            alone && matrix[i * n + j] == (i == j ? 1.0 : 0.0) && matrix[j * n + i] == (i == j ? 1.0 : 0.0);
      if (!alone) used.push_back(i);
    }
    for (const std::size_t i : used) {
      out.channels.push_back(channel(keyword, words[1 + i]));
      if (std::count(out.channels.begin(), out.channels.end(), out.channels.back()) > 1)
        refuse(keyword, fmt::format("it names channel '{}' twice", shown(words[1 + i])));
      for (const std::size_t j : used) out.matrix.push_back(matrix[i * n + j]);
    }
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
  /// Where the decimal point is a comma: "1,000,0,150" are 1.000 and 0.150.
  static std::vector<std::string> joined(const std::vector<std::string>& words, std::size_t from) {
    std::vector<std::string> out(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(from));
    for (std::size_t i = from; i + 1 < words.size(); i += 2) out.push_back(words[i] + "." + words[i + 1]);
    return out;
  }

  /// The channel of this name, of this stain, or of this number from 1.
  std::size_t channel(const char* keyword, const std::string& word) const {
    const auto by = [&](auto text) {
      const auto of = [&](const FcsChannel& c) { return trimmed(text(c)) == word; };
      return std::count_if(fcs_.channels.begin(), fcs_.channels.end(), of) == 1
                 ? std::find_if(fcs_.channels.begin(), fcs_.channels.end(), of) - fcs_.channels.begin()
                 : std::ptrdiff_t{-1};
    };
    for (const std::ptrdiff_t at : {by([](const FcsChannel& c) { return std::string_view(c.name); }),
                                    by([](const FcsChannel& c) { return std::string_view(c.stain); })})
      if (at >= 0) return static_cast<std::size_t>(at);
    const core::ParsedNumber place = core::parse_number(word);
    if (place.error.empty() && place.value >= 1.0 &&
        place.value <= static_cast<double>(fcs_.channels.size()) && place.value == std::floor(place.value))
      return static_cast<std::size_t>(place.value) - 1;
    refuse(keyword, fmt::format("it names a channel '{}' that the file does not have once", shown(word)));
  }

  static std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
  }
  static std::string shown(std::string_view text) { return core::replace_invalid_utf8(text.substr(0, 60)); }

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

Compensation compensate(Fcs& fcs, const std::string& file) {
  const Parser parser(fcs, file);
  Compensation out;
  for (const char* keyword : {"$SPILLOVER", "SPILL", "SPILLOVER"}) {
    const std::string* text = fcs.keyword(keyword);
    if (text == nullptr || text->find_first_not_of(' ') == std::string::npos) continue;
    const Spill spill = parser.read(keyword, *text);
    out.keyword = keyword;
    if (spill.channels.empty()) return out;
    out.none = false;
    out.channels = spill.channels;
    const std::size_t n = spill.channels.size(), width = fcs.channels.size();
    const std::vector<double> back = inverse(spill.matrix, n);
    if (back.empty()) parser.refuse(keyword, "its rows do not differ, so that dyes cannot be told apart");
    std::vector<double> seen(n);
    for (std::size_t row = 0; row + width <= fcs.events.size(); row += width) {
      for (std::size_t i = 0; i < n; ++i) seen[i] = fcs.events[row + spill.channels[i]];
      for (std::size_t j = 0; j < n; ++j) {
        double dye = 0.0;
        for (std::size_t i = 0; i < n; ++i) dye += seen[i] * back[i * n + j];
        if (std::fabs(dye) > std::numeric_limits<float>::max())
          parser.refuse(keyword, "its entries are too large for the events");
        fcs.events[row + spill.channels[j]] = dye;
      }
    }
    return out;
  }
  return out;
}

}  // namespace stroma::io

#include "report/words.hpp"

#include <cmath>
#include <cstdio>

#include "core/errors.hpp"

namespace stroma::report {

std::string word(Direction direction) {
  switch (direction) {
    case Direction::up:
      return "up";
    case Direction::down:
      return "down";
    case Direction::same:
      return "same";
  }
  throw core::InternalError("a direction without a word");
}

std::string word(Role role) {
  return role == Role::calibrated ? "calibrated" : "predicted";
}

std::string word(Verdict verdict) {
  switch (verdict) {
    case Verdict::reproduced:
      return "reproduced";
    case Verdict::contradicted:
      return "contradicted";
    case Verdict::inconclusive:
      return "inconclusive";
  }
  throw core::InternalError("a verdict without a word");
}

std::string mark(Direction direction) {
  return direction == Direction::up ? "↑" : direction == Direction::down ? "↓" : "=";
}

std::string mark(Verdict verdict) {
  return verdict == Verdict::reproduced ? "✓" : verdict == Verdict::contradicted ? "✗" : "?";
}

std::string colour(Verdict verdict) {
  return verdict == Verdict::reproduced     ? "#007a59"
         : verdict == Verdict::contradicted ? "#c04a00"
                                            : "#6f6f6f";
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  return text;
}

std::string print(double value, int digits) {
  if (std::isnan(value)) return "–";
  if (std::isinf(value)) return value > 0 ? "∞" : "−∞";
  if (value == 0) return "0";
  const double size = std::abs(value);
  char text[64];
  if (size >= 1e-3 && size < 1e5) {
    const int before = static_cast<int>(std::floor(std::log10(size))) + 1;
    std::snprintf(text, sizeof text, "%.*f", std::max(0, digits - before), size);
  } else {
    std::snprintf(text, sizeof text, "%.*e", digits - 1, size);
  }
  return (value < 0 ? "−" : "") + std::string(text);
}

std::string print_p(double p) {
  if (std::isnan(p)) return "–";
  if (p < 1e-4) {
    if (p < 1e-99) return "< 1e-99";
    char text[32];
    std::snprintf(text, sizeof text, "%.1e", p);
    return text;
  }
  return print(p, 2);
}

std::string typeset(std::string text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const std::string micro = "µ";
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    const bool unit = text[i] == 'u' && std::string("MLgm").find(text[i + 1]) != std::string::npos;
    const bool alone = i + 2 == text.size() || !letter(text[i + 2]);
    if (!unit || !alone || text[i - 1] != ' ') continue;
    text.replace(i, 1, micro);
  }
  return text;
}

std::string print(const Interval& interval, int digits) {
  if (std::isnan(interval.low) && std::isnan(interval.high)) return "–";
  return print(interval.low, digits) + " to " + print(interval.high, digits);
}

}  // namespace stroma::report

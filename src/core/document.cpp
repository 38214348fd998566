#include "core/document.hpp"

#include <fmt/format.h>

#include <cmath>

namespace stroma::core {

std::string example_unit(const Dimension& dim) {
  const std::string text = describe(dim);
  const auto begin = text.find("(such as ");
  if (begin == std::string::npos) return {};
  return text.substr(begin + 9, text.size() - begin - 10);
}

Node::Node() = default;
Node::Node(const Node&) = default;
Node::Node(Node&&) noexcept = default;
Node& Node::operator=(const Node&) = default;
Node& Node::operator=(Node&&) noexcept = default;
Node::~Node() = default;

const Node* Node::find(std::string_view key) const {
  for (const auto& [name, value] : keys)
    if (name == key) return &value;
  return nullptr;
}

std::string Range::describe() const {
  const bool no_low = std::isinf(low), no_high = std::isinf(high);
  if (no_low && no_high) return "any number";
  if (no_high) return low_open ? fmt::format("above {}", low) : fmt::format("{} or more", low);
  if (no_low) return fmt::format("{} or less", high);
  return fmt::format("{} {} to {}", low_open ? "above" : "from", low, high);
}

std::optional<double> check_quantity(std::string_view text, Dimension dim, Range range, const Place& place,
                                     std::string_view key, Diagnostics& problems) {
  const ParsedQuantity parsed = parse_quantity(text);
  const std::string name(key);
  if (!parsed.error.empty()) {
    problems.add("bad-quantity", place, name,
                 fmt::format("{}: {}; expected {}", key, parsed.error, describe(dim)));
    return std::nullopt;
  }
  if (!parsed.has_unit && dim != dimension::none) {
    problems.add("missing-unit", place, name,
                 fmt::format("{}: '{}' has no unit; expected {}", key, text, describe(dim)),
                 fmt::format("write it as \"{} {}\"", text, example_unit(dim)));
    return std::nullopt;
  }
  if (parsed.quantity.dim != dim) {
    problems.add(
        "wrong-dimension", place, name,
        fmt::format("{}: '{}' is {}; expected {}", key, text, describe(parsed.quantity.dim), describe(dim)));
    return std::nullopt;
  }
  if (!range.contains(parsed.quantity.value) || !std::isfinite(parsed.quantity.value)) {
    const std::string unit_text = dim == dimension::none ? "" : example_unit(dim);
    const double scale = unit_text.empty() ? 1.0 : unit(unit_text);
    const Range shown{range.low / scale, range.high / scale, range.low_open};
    problems.add("out-of-range", place, name,
                 fmt::format("{}: '{}' is out of range; allowed is {}{}{}", key, text, shown.describe(),
                             unit_text.empty() ? "" : " ", unit_text));
    return std::nullopt;
  }
  return parsed.quantity.value;
}

}  // namespace stroma::core

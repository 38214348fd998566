#include "core/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace stroma::core {
namespace {

std::string_view kind_name(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::text:
      return "a text";
    case Node::Kind::number:
      return "a number";
    case Node::Kind::boolean:
      return "true or false";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::table:
      return "a table";
  }
  return "a value";
}

std::string example_unit(const Dimension& dim) {
  const std::string text = describe(dim);
  const auto begin = text.find("(such as ");
  if (begin == std::string::npos) return {};
  return text.substr(begin + 9, text.size() - begin - 10);
}

// The whole number that a Node holds, exactly: digits are read as they were written, because a double cannot
// hold every 64-bit seed; "1e6" is read as a double, which is exact up to 2^53.
std::optional<std::int64_t> whole_number(const Node& node) {
  if (node.kind != Node::Kind::number) return std::nullopt;
  std::string_view digits = node.text;
  if (digits.size() > 1 && digits.front() == '+') digits.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (!digits.empty() && status == std::errc{} && end == digits.data() + digits.size()) return value;
  if (std::floor(node.number) != node.number || std::abs(node.number) > 0x1p53) return std::nullopt;
  return static_cast<std::int64_t>(node.number);
}

}  // namespace

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

Section::Section(const Node& node, std::string path, Diagnostics& problems)
    : node_(node), path_(std::move(path)), problems_(problems) {
  if (node.kind != Node::Kind::table)
    problems_.add("wrong-type", node.place, path_,
                  fmt::format("{}: expected a table, found {}", path_, kind_name(node.kind)));
}

std::string Section::full(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

const Node* Section::ask(std::string_view key) {
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
  return node_.find(key);
}

bool Section::has(std::string_view key) const {
  return node_.find(key) != nullptr;
}

Place Section::place(std::string_view key) const {
  const Node* found = node_.find(key);
  return found != nullptr ? found->place : node_.place;
}

const Node* Section::node(std::string_view key) {
  return ask(key);
}

void Section::missing(std::string_view key, std::string_view expected) {
  ask(key);
  problems_.add("missing-key", node_.place, full(key),
                fmt::format("{} is missing; expected {}", full(key), expected));
}

void Section::wrong(std::string_view key, std::string code, std::string message, std::string hint) {
  problems_.add(std::move(code), place(key), full(key), fmt::format("{}: {}", full(key), message),
                std::move(hint));
}

std::string Section::text(std::string_view key) {
  const Node* found = ask(key);
  if (found == nullptr) {
    missing(key, "a text");
    return {};
  }
  if (found->kind != Node::Kind::text) {
    wrong(key, "wrong-type", fmt::format("expected a text in quotes, found {}", kind_name(found->kind)));
    return {};
  }
  if (found->text.empty()) wrong(key, "empty", "expected a text, found an empty one");
  return found->text;
}

std::string Section::text_or(std::string_view key, std::string fallback) {
  return ask(key) == nullptr ? fallback : text(key);
}

double Section::quantity(std::string_view key, Dimension dim, Range range) {
  const Node* found = ask(key);
  if (found == nullptr) {
    missing(key, describe(dim));
    return 0.0;
  }
  if (found->kind != Node::Kind::text && found->kind != Node::Kind::number) {
    wrong(key, "wrong-type", fmt::format("expected {}, found {}", describe(dim), kind_name(found->kind)));
    return 0.0;
  }
  return check_quantity(found->text, dim, range, found->place, full(key), problems_).value_or(0.0);
}

double Section::quantity_or(std::string_view key, Dimension dim, Range range, double fallback) {
  return ask(key) == nullptr ? fallback : quantity(key, dim, range);
}

double Section::number(std::string_view key, Range range) {
  return quantity(key, dimension::none, range);
}

double Section::number_or(std::string_view key, Range range, double fallback) {
  return ask(key) == nullptr ? fallback : number(key, range);
}

std::int64_t Section::integer(std::string_view key, std::int64_t low, std::int64_t high) {
  const Node* found = ask(key);
  const std::string expected = fmt::format("a whole number from {} to {}", low, high);
  if (found == nullptr) {
    missing(key, expected);
    return low;
  }
  const std::optional<std::int64_t> value = whole_number(*found);
  // A number beyond 2^63 is whole as well, only out of range.
  const bool whole =
      value || (found->kind == Node::Kind::number && std::floor(found->number) == found->number);
  if (!value || *value < low || *value > high) {
    wrong(key, whole ? "out-of-range" : "wrong-type",
          fmt::format("expected {}, found {}", expected,
                      found->text.empty() ? std::string(kind_name(found->kind)) : "'" + found->text + "'"));
    return low;
  }
  return *value;
}

std::int64_t Section::integer_or(std::string_view key, std::int64_t low, std::int64_t high,
                                 std::int64_t fallback) {
  return ask(key) == nullptr ? fallback : integer(key, low, high);
}

bool Section::boolean_or(std::string_view key, bool fallback) {
  const Node* found = ask(key);
  if (found == nullptr) return fallback;
  if (found->kind != Node::Kind::boolean) {
    wrong(key, "wrong-type", fmt::format("expected true or false, found {}", kind_name(found->kind)));
    return fallback;
  }
  return found->boolean;
}

std::vector<const Node*> Section::tables(std::string_view key) {
  std::vector<const Node*> out;
  const Node* found = ask(key);
  if (found == nullptr) return out;
  if (found->kind == Node::Kind::table) return {found};
  if (found->kind != Node::Kind::list) {
    wrong(key, "wrong-type",
          fmt::format("expected a table [[{}]], found {}", full(key), kind_name(found->kind)));
    return out;
  }
  for (const Node& item : found->items) {
    if (item.kind == Node::Kind::table) {
      out.push_back(&item);
    } else {
      problems_.add("wrong-type", item.place, full(key),
                    fmt::format("{}: expected a table, found {}", full(key), kind_name(item.kind)));
    }
  }
  return out;
}

std::vector<std::pair<std::string, Place>> Section::texts(std::string_view key) {
  std::vector<std::pair<std::string, Place>> out;
  const Node* found = ask(key);
  if (found == nullptr) return out;
  if (found->kind == Node::Kind::text || found->kind == Node::Kind::number)
    return {{found->text, found->place}};
  if (found->kind != Node::Kind::list) {
    wrong(key, "wrong-type", fmt::format("expected a list of texts, found {}", kind_name(found->kind)));
    return out;
  }
  for (const Node& item : found->items) {
    if (item.kind == Node::Kind::text || item.kind == Node::Kind::number) {
      out.emplace_back(item.text, item.place);
    } else {
      problems_.add("wrong-type", item.place, full(key),
                    fmt::format("{}: expected a text, found {}", full(key), kind_name(item.kind)));
    }
  }
  return out;
}

void Section::finish() {
  for (const auto& [key, value] : node_.keys) {
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    problems_.add("unknown-key", value.key_place.line > 0 ? value.key_place : value.place, full(key),
                  fmt::format("unknown key '{}'", full(key)), did_you_mean(key, asked_));
  }
}

}  // namespace stroma::core

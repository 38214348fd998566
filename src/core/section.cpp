#include "core/section.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/errors.hpp"

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

// The number that a declaration gives as its default; 0 where it gives none.
double default_of(const Key& key) {
  if (key.by_default.empty()) return 0.0;
  const ParsedQuantity parsed = parse_quantity(key.by_default);
  require(parsed.error.empty(), "a declared default that is no quantity");
  return parsed.quantity.value;
}

}  // namespace

std::optional<double> check_quantity(const Key& key, std::string_view text, const Place& place,
                                     std::string_view name, Diagnostics& problems) {
  return check_quantity(text, key.dimensions.front(), key.range, place, name, problems);
}

Section::Section(const Node& node, const Keys& keys, std::string path, Diagnostics& problems)
    : node_(node), keys_(keys), path_(std::move(path)), problems_(problems) {
  if (node.kind != Node::Kind::table)
    problems_.add("wrong-type", node.place, path_,
                  fmt::format("{}: expected a table, found {}", path_, kind_name(node.kind)));
}

std::string Section::full(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

const Key& Section::declared(std::string_view key) const {
  const Key* found = keys_.find(key);
  if (found == nullptr) throw InternalError(fmt::format("the key '{}' is not declared", full(key)));
  return *found;
}

const Node* Section::ask(std::string_view key) {
  declared(key);
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
  return node_.find(key);
}

bool Section::has(std::string_view key) const {
  declared(key);
  return node_.find(key) != nullptr;
}

Place Section::place(std::string_view key) const {
  const Node* found = node_.find(key);
  return found != nullptr ? found->place : node_.place;
}

const Node* Section::node(std::string_view key) {
  return ask(key);
}

void Section::missing(std::string_view key) {
  ask(key);
  problems_.add("missing-key", node_.place, full(key),
                fmt::format("{} is missing; expected {}", full(key), declared(key).expectation()));
}

void Section::wrong(std::string_view key, std::string code, std::string message, std::string hint) {
  wrong_.emplace_back(key);
  problems_.add(std::move(code), place(key), full(key), fmt::format("{}: {}", full(key), message),
                std::move(hint));
}

std::string Section::text(std::string_view key) {
  const Node* found = ask(key);
  const Key& is = declared(key);
  if (found == nullptr) {
    if (is.is_required) missing(key);
    return is.by_default;
  }
  if (found->kind != Node::Kind::text) {
    wrong(key, "wrong-type", fmt::format("expected a text in quotes, found {}", kind_name(found->kind)));
    return {};
  }
  if (found->text.empty()) wrong(key, "empty", "expected a text, found an empty one");
  return found->text;
}

std::size_t Section::word(std::string_view key) {
  const std::vector<std::string>& words = declared(key).words;
  const std::size_t before = problems_.size();
  const std::string written = text(key);
  const bool is_vowel = std::string_view("aeiou").find(key.front()) != std::string_view::npos;
  const auto found = std::find(words.begin(), words.end(), written);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  if (problems_.size() == before && has(key))
    wrong(key, fmt::format("unknown-{}", key),
          fmt::format("'{}' is not {} {}; expected {}", written, is_vowel ? "an" : "a", key,
                      fmt::join(words, ", ")),
          did_you_mean(written, words));
  return 0;
}

double Section::read_quantity(std::string_view key, Dimension dimension, double fallback) {
  const Node* found = ask(key);
  const Key& is = declared(key);
  if (found == nullptr) {
    if (is.is_required) missing(key);
    return fallback;
  }
  if (found->kind != Node::Kind::text && found->kind != Node::Kind::number) {
    wrong(key, "wrong-type",
          fmt::format("expected {}, found {}", describe(dimension), kind_name(found->kind)));
    return 0.0;
  }
  return check_quantity(found->text, dimension, is.range, found->place, full(key), problems_).value_or(0.0);
}

double Section::quantity(std::string_view key) {
  const Key& is = declared(key);
  return read_quantity(key, is.dimensions.front(), has(key) ? 0.0 : default_of(is));
}

double Section::quantity_or(std::string_view key, double fallback) {
  return read_quantity(key, declared(key).dimensions.front(), fallback);
}

double Section::quantity(std::string_view key, Dimension dimension) {
  return read_quantity(key, dimension, 0.0);
}

std::string Section::chosen(std::string_view first) {
  const auto group = std::find_if(keys_.alternatives.begin(), keys_.alternatives.end(),
                                  [&](const Alternatives& a) { return a.names.front() == first; });
  require(group != keys_.alternatives.end(), "alternatives that are not declared");
  std::string there;
  for (const std::string& name : group->names) {
    if (ask(name) == nullptr) continue;
    if (!there.empty())
      wrong(name, "conflict", fmt::format("give either `{}` or `{}`, not both", there, name));
    else
      there = name;
  }
  if (there.empty()) missing(first);
  return there;
}

std::int64_t Section::whole(std::string_view key) {
  const Node* found = ask(key);
  const Key& is = declared(key);
  // Both are whole numbers that a double holds, but for the largest of 64 bits.
  const auto low = static_cast<std::int64_t>(is.range.low);
  if (found == nullptr) {
    if (is.is_required) missing(key);
    return is.by_default.empty() ? low : static_cast<std::int64_t>(default_of(is));
  }
  const std::optional<std::int64_t> value = whole_number(*found);
  // A number beyond 2^63 is whole as well, only out of range.
  const bool is_whole =
      value || (found->kind == Node::Kind::number && std::floor(found->number) == found->number);
  if (!value || !is.range.contains(static_cast<double>(*value))) {
    wrong(key, is_whole ? "out-of-range" : "wrong-type",
          fmt::format("expected {}, found {}", is.kind_words(),
                      found->text.empty() ? std::string(kind_name(found->kind)) : "'" + found->text + "'"));
    return low;
  }
  return *value;
}

bool Section::says_word(std::string_view key) {
  const std::vector<std::string>& words = declared(key).words;
  const Node* found = ask(key);
  return std::find(words.begin(), words.end(), found == nullptr ? declared(key).by_default : found->text) !=
         words.end();
}

void Section::schema() {
  const Node* found = ask("schema");
  const Range& ours = declared("schema").range;
  if (found != nullptr && whole_number(*found) && !ours.contains(found->number))
    wrong("schema", "unknown-schema", fmt::format("this version of Stroma reads schema {}", ours.high));
  else
    whole("schema");
}

bool Section::boolean(std::string_view key) {
  const Node* found = ask(key);
  const bool otherwise = declared(key).by_default == "true";
  if (found == nullptr) return otherwise;
  if (found->kind != Node::Kind::boolean) {
    wrong(key, "wrong-type", fmt::format("expected true or false, found {}", kind_name(found->kind)));
    return otherwise;
  }
  return found->boolean;
}

const Node* Section::table(std::string_view key) {
  const Node* found = ask(key);
  if (found == nullptr) {
    if (declared(key).is_required) missing(key);
    return nullptr;
  }
  if (found->kind == Node::Kind::table) return found;
  wrong(key, "wrong-type", fmt::format("expected a table [{}], found {}", full(key), kind_name(found->kind)));
  return nullptr;
}

std::vector<const Node*> Section::tables(std::string_view key) {
  std::vector<const Node*> out;
  const Node* found = ask(key);
  if (found == nullptr || (found->kind == Node::Kind::list && found->items.empty())) {
    if (declared(key).is_required) missing(key);
    return out;
  }
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
  if (found == nullptr || (found->kind == Node::Kind::list && found->items.empty())) {
    if (declared(key).is_required) missing(key);
    return out;
  }
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

std::vector<NamedQuantity> Section::named(std::string_view key) {
  std::vector<NamedQuantity> out;
  const Node* found = ask(key);
  const Key& is = declared(key);
  if (found == nullptr) {
    if (is.is_required) missing(key);
    return out;
  }
  if (found->kind != Node::Kind::table || found->keys.empty()) {
    wrong(key, "wrong-type", fmt::format("expected {}", is.expectation()));
    return out;
  }
  for (const auto& [name, value] : found->keys)
    out.push_back(
        {name, check_quantity(is, value.text, value.place, fmt::format("{}.{}", full(key), name), problems_),
         value.place});
  return out;
}

void Section::finish() {
  for (const auto& [key, value] : node_.keys) {
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    const Place& at = value.key_place.line > 0 ? value.key_place : value.place;
    const Key* known = keys_.find(key);
    // One message for one cause: what hangs on a key that is wrong is not judged.
    if (known != nullptr && std::find(wrong_.begin(), wrong_.end(), known->with) != wrong_.end()) continue;
    if (known != nullptr && !known->condition().empty())
      problems_.add("cannot-act", at, full(key), fmt::format("{}: is read {}", full(key), known->condition()),
                    "leave it out");
    else
      problems_.add("unknown-key", at, full(key), fmt::format("unknown key '{}'", full(key)),
                    did_you_mean(key, asked_));
  }
}

}  // namespace stroma::core

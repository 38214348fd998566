#include "core/keys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace stroma::core {
namespace {

// A changed copy: a declaration is written from left to right.
template <class Change>
Key changed(Key key, const Change& change) {
  change(key);
  return key;
}

}  // namespace

Key Key::required(std::string what) const {
  return changed(*this, [&](Key& k) {
    k.is_required = true;
    k.expected = std::move(what);
  });
}
Key Key::expects(std::string what) const {
  return changed(*this, [&](Key& k) { k.expected = std::move(what); });
}
Key Key::default_is(std::string written) const {
  return changed(*this, [&](Key& k) { k.by_default = std::move(written); });
}
Key Key::else_is(std::string words_for_it) const {
  return changed(*this, [&](Key& k) { k.otherwise = std::move(words_for_it); });
}
Key Key::only_with(std::string key, std::vector<std::string> values) const {
  return changed(*this, [&](Key& k) {
    k.with = std::move(key);
    k.with_words = std::move(values);
  });
}
Key Key::not_with(std::string key) const {
  return changed(*this, [&](Key& k) { k.without = std::move(key); });
}
Key Key::list() const {
  return changed(*this, [](Key& k) { k.form = KeyForm::list; });
}
Key Key::pair() const {
  return changed(*this, [](Key& k) { k.form = KeyForm::pair; });
}
Key Key::lists() const {
  return changed(*this, [](Key& k) { k.form = KeyForm::lists; });
}
Key Key::named() const {
  return changed(*this, [](Key& k) { k.form = KeyForm::named; });
}
Key Key::or_in(Dimension dimension) const {
  return changed(*this, [&](Key& k) { k.dimensions.push_back(dimension); });
}
Key Key::or_words(std::vector<std::string> allowed) const {
  return changed(*this, [&](Key& k) { k.words = std::move(allowed); });
}
Key Key::or_table(const Keys& keys) const {
  return changed(*this, [&](Key& k) { k.tables.push_back(&keys); });
}

std::string Key::condition() const {
  std::string out;
  if (!with.empty() && !with_words.empty())
    out = fmt::format("only with `{}` = {}", with, fmt::join(with_words, " or "));
  else if (!with.empty())
    out = fmt::format("only with `{}`", with);
  if (!without.empty()) out += fmt::format("{}not with `{}`", out.empty() ? "" : ", ", without);
  return out;
}

std::string Key::kind_words() const {
  if (!words.empty() && kind == KeyKind::text) return fmt::format("one of {}", fmt::join(words, ", "));
  switch (kind) {
    case KeyKind::text:
      return form == KeyForm::one ? "a text" : "a list";
    case KeyKind::quantity:
      return describe(dimensions.front());
    case KeyKind::whole:
      return fmt::format("a whole number from {:.0f} to {:.0f}", range.low, range.high);
    case KeyKind::boolean:
      return "true or false";
    case KeyKind::table:
      return form == KeyForm::list ? fmt::format("at least one [[{}]]", name)
                                   : fmt::format("a table [{}]", name);
  }
  return "a value";
}

Key text_key(std::string name, std::string help) {
  return {.name = std::move(name), .kind = KeyKind::text, .help = std::move(help)};
}
Key word_key(std::string name, std::vector<std::string> words, std::string help) {
  return {.name = std::move(name), .kind = KeyKind::text, .help = std::move(help), .words = std::move(words)};
}
Key quantity_key(std::string name, Dimension dimension, Range range, std::string help) {
  return {.name = std::move(name),
          .kind = KeyKind::quantity,
          .help = std::move(help),
          .dimensions = {dimension},
          .range = range};
}
Key number_key(std::string name, Range range, std::string help) {
  return quantity_key(std::move(name), dimension::none, range, std::move(help));
}
Key whole_key(std::string name, double low, double high, std::string help) {
  return {.name = std::move(name),
          .kind = KeyKind::whole,
          .help = std::move(help),
          .range = Range::closed(low, high)};
}
Key boolean_key(std::string name, std::string help) {
  return {.name = std::move(name), .kind = KeyKind::boolean, .help = std::move(help)};
}
Key table_key(std::string name, const Keys& keys, std::string help) {
  return {.name = std::move(name), .kind = KeyKind::table, .help = std::move(help), .tables = {&keys}};
}
Key tables_key(std::string name, const Keys& keys, std::string help) {
  return table_key(std::move(name), keys, std::move(help)).list();
}

const Key* Keys::find(std::string_view key) const {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Key& k) { return k.name == key; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> Keys::names() const {
  std::vector<std::string> out;
  for (const Key& key : all) out.push_back(key.name);
  return out;
}

}  // namespace stroma::core

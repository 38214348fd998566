#include "io/toml.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>
#include <vector>

#include "core/text.hpp"
#include "core/units.hpp"

namespace stroma::io {
namespace {

constexpr std::size_t largest_text = std::size_t{4} << 20;  // written by hand: some hundred thousand lines
constexpr int deepest_brackets = 32;
constexpr int deepest_key = 16;  // parts of a dotted key

// What toml++ does for each level of nesting it does by recursion, and so do all who walk the tree. This
// scan, which knows only strings and comments, finds a file that nests too deeply before anything recurses
// into it.
class DepthScan {
 public:
  explicit DepthScan(std::string_view text) : text_(text) {}

  /// The line and column of the first place that is too deep.
  std::optional<std::pair<int, int>> too_deep() {
    int brackets = 0, dots = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      switch (c) {
        case '#':
          at_ = std::min(text_.find('\n', at_), text_.size());
          continue;
        case '"':
        case '\'':
          skip_string(c);
          continue;
        case '\n':
          ++line_;
          line_start_ = at_ + 1;
          dots = 0;
          break;
        case '[':
        case '{':
          if (++brackets > deepest_brackets) return here();
          dots = 0;
          break;
        case ']':
        case '}':
          --brackets;
          dots = 0;
          break;
        case '=':
        case ',':
          dots = 0;
          break;
        case '.':
          if (++dots >= deepest_key) return here();
          break;
        default:
          break;
      }
      ++at_;
    }
    return std::nullopt;
  }

 private:
  std::pair<int, int> here() const { return {line_, static_cast<int>(at_ - line_start_) + 1}; }

  void skip_string(char quote) {
    const std::string_view triple = quote == '"' ? "\"\"\"" : "'''";
    const bool many_lines = text_.substr(at_, 3) == triple;
    at_ += many_lines ? 3 : 1;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\\' && quote == '"' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') {
        at_ += 2;
      } else if (c == '\n' && !many_lines) {
        return;  // not closed on its line: the parser will say so
      } else if (many_lines ? text_.substr(at_, 3) == triple : c == quote) {
        at_ += many_lines ? 3 : 1;
        return;
      } else {
        if (c == '\n') {
          ++line_;
          line_start_ = at_ + 1;
        }
        ++at_;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0, line_start_ = 0;
  int line_ = 1;
};

class Converter {
 public:
  Converter(std::string_view text, const std::string& file, core::Diagnostics& problems)
      : file_(file), problems_(problems) {
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      lines_.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
  }

  core::Place place(const toml::source_position& position) const {
    return {file_, static_cast<int>(position.line), static_cast<int>(position.column)};
  }

  core::Node table(const toml::table& from, core::Place where) {
    core::Node node;
    node.kind = core::Node::Kind::table;
    node.place = std::move(where);
    for (auto&& [key, value] : from) {
      const core::Place key_place = place(key.source().begin);
      node.keys.emplace_back(std::string(key.str()), convert(value, key_place));
      node.keys.back().second.key_place = key_place;
    }
    std::stable_sort(node.keys.begin(), node.keys.end(), [](const auto& a, const auto& b) {
      const core::Place &p = a.second.key_place, &q = b.second.key_place;
      return std::tie(p.line, p.column) < std::tie(q.line, q.column);
    });
    return node;
  }

 private:
  core::Node convert(const toml::node& from, const core::Place& key_place) {
    core::Node node;
    node.place = from.source().begin.line > 0 ? place(from.source().begin) : key_place;
    if (const toml::table* members = from.as_table()) return table(*members, node.place);
    if (const toml::array* items = from.as_array()) {
      node.kind = core::Node::Kind::list;
      for (const toml::node& item : *items) node.items.push_back(convert(item, node.place));
    } else if (const auto* text = from.as_string()) {
      node.kind = core::Node::Kind::text;
      node.text = text->get();
    } else if (const auto* boolean = from.as_boolean()) {
      node.kind = core::Node::Kind::boolean;
      node.boolean = boolean->get();
      node.text = boolean->get() ? "true" : "false";
    } else if (const auto* whole = from.as_integer()) {
      node.kind = core::Node::Kind::number;
      node.number = static_cast<double>(whole->get());
      node.text = written(from.source()).value_or(fmt::format("{}", whole->get()));
      if (node.text.find_first_of("xob") != std::string::npos) node.text = fmt::format("{}", whole->get());
    } else if (const auto* real = from.as_floating_point()) {
      node.kind = core::Node::Kind::number;
      node.number = real->get();
      node.text = written(from.source()).value_or(fmt::format("{}", real->get()));
      check_number(node);
    } else {
      not_supported(node, "dates and times are not supported here",
                    "write a time span as a text, such as \"48 h\"");
    }
    return node;
  }

  // The characters of a value as they stand in the file. toml++ counts columns in characters.
  std::optional<std::string> written(const toml::source_region& region) {
    if (region.begin.line == 0 || region.begin.line != region.end.line || region.begin.line > lines_.size())
      return std::nullopt;
    const std::string_view line = lines_[region.begin.line - 1];
    std::string out;
    std::size_t column = region.begin.line == 1 && line.starts_with("\xEF\xBB\xBF") ? 0 : 1;
    std::size_t at = 0;
    // A list of a million numbers on one line: each is looked for behind the one before it.
    if (last_.line == region.begin.line && last_.column <= region.begin.column) {
      column = last_.column;
      at = last_.at;
    }
    for (; at < line.size() && column < region.end.column; ++column) {
      const std::size_t length = std::max<std::size_t>(core::utf8_length(line, at), 1);
      if (column >= region.begin.column && line[at] != '_') out.append(line, at, length);
      at += length;
    }
    last_ = {region.begin.line, column, at};
    while (!out.empty() && (out.back() == ' ' || out.back() == '\t' || out.back() == '\r')) out.pop_back();
    if (out.empty()) return std::nullopt;
    return out;
  }

  // The number is read again by the one parser of numbers that Stroma has, so that "1e-310" means the same in
  // every file; what that parser refuses is refused here only for infinities and NaN, which are words of
  // TOML. The rest is said by whoever asks for the value, together with what was expected.
  void check_number(core::Node& node) {
    if (!std::isfinite(node.number)) {
      not_supported(node, fmt::format("'{}' is not a finite number", node.text), {});
      node.number = 0.0;
      return;
    }
    const core::ParsedNumber parsed = core::parse_number(node.text);
    if (parsed.error.empty()) node.number = parsed.value;
  }

  void not_supported(const core::Node& node, std::string message, std::string hint) {
    problems_.add("not-supported", node.place, {}, std::move(message), std::move(hint));
  }

  const std::string& file_;
  core::Diagnostics& problems_;
  std::vector<std::string_view> lines_;
  struct {
    std::size_t line = 0, column = 0, at = 0;
  } last_;  ///< where the number before ended
};

std::string_view line_of(std::string_view text, std::size_t line) {
  for (; line > 1; --line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

std::size_t start_of_line(std::string_view text, std::size_t line) {
  std::size_t at = 0;
  for (; line > 1 && at != std::string_view::npos; --line) {
    at = text.find('\n', at);
    if (at != std::string_view::npos) ++at;
  }
  return std::min(at, text.size());
}

// The table that a header line "[a.b]" or "[[a.b]]" opens, in a document that ends before its first key.
const toml::table* opened_by(const toml::table& header, const toml::table& document) {
  const toml::table* at = &document;
  for (const toml::table* level = &header; at != nullptr && !level->empty();) {
    const auto first = level->begin();
    const toml::node& value = first->second;
    const toml::node* next = at->get(first->first.str());
    if (next != nullptr && next->is_array() && !next->as_array()->empty()) next = &next->as_array()->back();
    at = next != nullptr ? next->as_table() : nullptr;
    const toml::array* list = value.as_array();
    level = list != nullptr && !list->empty() ? list->back().as_table() : value.as_table();
    if (level == nullptr) break;
  }
  return at;
}

const toml::key* find_key(const toml::table& table, std::string_view dotted) {
  const toml::table* at = &table;
  for (;;) {
    const std::size_t dot = dotted.find('.');
    std::string part(dotted.substr(0, dot));
    std::erase_if(part, [](char c) { return c == '"' || c == '\'' || c == ' '; });
    const auto found = at->find(part);
    if (found == at->end()) return nullptr;
    if (dot == std::string_view::npos) return &found->first;
    const toml::node* next = &found->second;
    if (next->is_array() && !next->as_array()->empty()) next = &next->as_array()->back();
    at = next->as_table();
    if (at == nullptr) return nullptr;
    dotted.remove_prefix(dot + 1);
  }
}

// Where a key that is written twice stands for the first time. All lines before the second one parse; in
// their tree, and under the header in force there, lies the first. Keys twice inside one inline table are
// found by text.
std::optional<std::pair<int, int>> first_place(std::string_view text, std::string_view key,
                                               std::size_t line) {
  const std::string_view before = text.substr(0, start_of_line(text, line));
  const std::string_view repeated = line_of(text, line);
  try {
    const toml::table document = toml::parse(before);
    const toml::table* table = &document;
    const bool is_header = repeated.substr(0, repeated.find_first_not_of(" \t") + 1).ends_with('[');
    for (std::size_t l = line - 1; !is_header && l >= 1; --l) {
      const std::string_view candidate = line_of(text, l);
      const std::size_t first = candidate.find_first_not_of(" \t");
      if (first == std::string_view::npos || candidate[first] != '[') continue;
      try {
        const toml::table header = toml::parse(candidate);
        table = opened_by(header, document);
        break;
      } catch (const toml::parse_error&) {
        continue;  // a line of a list, not a header
      }
    }
    if (table != nullptr)
      if (const toml::key* found = find_key(*table, key))
        return std::pair(static_cast<int>(found->source().begin.line),
                         static_cast<int>(found->source().begin.column));
  } catch (const toml::parse_error&) {
    // The line before ends inside a list or a table; the text search below is all that is left.
  }
  for (std::size_t at = repeated.find(key); at != std::string_view::npos; at = repeated.find(key, at + 1)) {
    const std::size_t after = repeated.find_first_not_of(" \t\"'", at + key.size());
    const bool begins =
        at == 0 || std::string_view(" \t{,\"'").find(repeated[at - 1]) != std::string_view::npos;
    if (begins && after != std::string_view::npos && repeated[after] == '=')
      return std::pair(static_cast<int>(line), static_cast<int>(at) + 1);
  }
  return std::nullopt;
}

// "cannot redefine existing string 'a.b'" -> a.b; empty where the message is another one.
std::string redefined_key(std::string_view message) {
  const std::size_t at = message.find("cannot redefine existing ");
  if (at == std::string_view::npos) return {};
  const std::size_t open = message.find('\'', at);
  if (open == std::string_view::npos) return {};
  const std::size_t close = message.find('\'', open + 1);
  return close == std::string_view::npos ? std::string()
                                         : std::string(message.substr(open + 1, close - open - 1));
}

void report(const toml::parse_error& error, std::string_view text, const std::string& file,
            core::Diagnostics& problems) {
  const toml::source_position& at = error.source().begin;
  const core::Place place{file, static_cast<int>(at.line), static_cast<int>(at.column)};
  const std::string message = core::replace_invalid_utf8(error.description());
  const std::string key = redefined_key(message);
  if (key.empty()) {
    problems.add("bad-syntax", place, {}, "TOML: " + message,
                 message.find("expected a comment or whitespace") != std::string::npos
                     ? "texts and quantities need quotation marks, numbers a decimal point"
                     : "");
    return;
  }
  const auto first = first_place(text, key, at.line);
  const bool same = first && first->first == place.line && first->second >= place.column;
  problems.add("duplicate-key", place, key,
               first && !same ? fmt::format("'{}' is written twice; the first is at {}:{}:{}", key, file,
                                            first->first, first->second)
                              : fmt::format("'{}' is written twice", key),
               "remove one of them");
}

}  // namespace

core::Node read_toml(std::string_view text, std::string file, core::Diagnostics& problems) {
  core::Node empty;
  empty.place = {file, 1, 1};
  if (text.size() > largest_text) {
    problems.add("file-too-large", {file, 0, 0}, {},
                 fmt::format("a TOML file may have {} bytes at most", largest_text));
    return empty;
  }
  const std::size_t invalid = core::find_invalid_utf8(text);
  if (invalid != std::string_view::npos) {
    const std::string_view before = text.substr(0, invalid);
    const auto line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
    const std::size_t newline = before.rfind('\n');
    const std::string_view head = newline == std::string_view::npos ? before : before.substr(newline + 1);
    const auto column = static_cast<int>(std::count_if(
        head.begin(), head.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
    problems.add("not-utf8", {file, line, column + 1}, {},
                 fmt::format("the byte {} is not UTF-8 text", core::show_byte(text[invalid])),
                 "save the file as UTF-8");
    return empty;
  }
  if (const auto deep = DepthScan(text).too_deep()) {
    problems.add("too-deep", {file, deep->first, deep->second}, {},
                 fmt::format("nested too deeply: at most {} brackets and {} parts of a key are allowed",
                             deepest_brackets, deepest_key));
    return empty;
  }
  try {
    const toml::table root = toml::parse(text);
    return Converter(text, file, problems).table(root, {file, 1, 1});
  } catch (const toml::parse_error& error) {
    report(error, text, file, problems);
    return empty;
  }
}

}  // namespace stroma::io

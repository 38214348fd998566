// A neutral tree of what a structured text file said, each value with its place. Readers of formats (TOML)
// produce it; validators consume it through Section, which collects every problem: unknown keys, missing
// keys, wrong types, wrong dimensions, values out of range. Nothing is ever ignored.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/units.hpp"

namespace stroma::core {

struct Node {
  enum class Kind { text, number, boolean, list, table };
  // Defined out of line: a pair that holds a Node is complete only after Node is.
  Node();
  Node(const Node&);
  Node(Node&&) noexcept;
  Node& operator=(const Node&);
  Node& operator=(Node&&) noexcept;
  ~Node();

  Kind kind = Kind::table;
  Place place;
  std::string text;  ///< text value; for a number, as it was written
  double number = 0.0;
  bool boolean = false;
  std::vector<Node> items;                         ///< of a list
  std::vector<std::pair<std::string, Node>> keys;  ///< of a table, in the order of the file
  Place key_place;  ///< where its key is, for a member of a table; line 0 if unknown

  const Node* find(std::string_view key) const;
};

/// The range a number must lie in, as a person would say it. Bounds are in internal units.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;
  static Range any() { return {}; }
  static Range positive() { return {0.0, std::numeric_limits<double>::infinity(), true}; }
  static Range non_negative() { return {0.0, std::numeric_limits<double>::infinity(), false}; }
  static Range closed(double low, double high) { return {low, high, false}; }
  bool contains(double x) const { return (low_open ? x > low : x >= low) && x <= high; }
  std::string describe() const;
};

/// Parses `text` as a quantity of dimension `dim` inside `range`; adds a diagnostic and returns nothing
/// otherwise. Where a unit is needed and missing, the message says so and gives an example.
std::optional<double> check_quantity(std::string_view text, Dimension dim, Range range, const Place& place,
                                     std::string_view key, Diagnostics& problems);

/// A table of a Node, read key by key. Call finish() last: it reports the keys that nobody asked for.
class Section {
 public:
  Section(const Node& node, std::string path, Diagnostics& problems);

  bool has(std::string_view key) const;
  const Place& place() const { return node_.place; }
  Place place(std::string_view key) const;
  const std::string& path() const { return path_; }
  Diagnostics& problems() { return problems_; }

  /// Required values: a diagnostic and a neutral value where missing or wrong.
  std::string text(std::string_view key);
  double quantity(std::string_view key, Dimension dim, Range range);
  double number(std::string_view key, Range range);
  std::int64_t integer(std::string_view key, std::int64_t low, std::int64_t high);

  /// Optional values: `fallback` where the key is absent.
  std::string text_or(std::string_view key, std::string fallback);
  double quantity_or(std::string_view key, Dimension dim, Range range, double fallback);
  double number_or(std::string_view key, Range range, double fallback);
  std::int64_t integer_or(std::string_view key, std::int64_t low, std::int64_t high, std::int64_t fallback);
  bool boolean_or(std::string_view key, bool fallback);

  /// The raw value, or null; counts as asked for.
  const Node* node(std::string_view key);
  /// Tables of an array of tables `[[key]]`; a single table counts as one. Empty where absent.
  std::vector<const Node*> tables(std::string_view key);
  /// Strings of a list, or a single string. Empty where absent.
  std::vector<std::pair<std::string, Place>> texts(std::string_view key);

  void missing(std::string_view key, std::string_view expected);
  void wrong(std::string_view key, std::string code, std::string message, std::string hint = {});
  /// Reports unknown keys with "did you mean".
  void finish();

 private:
  const Node* ask(std::string_view key);
  std::string full(std::string_view key) const;
  const Node& node_;
  std::string path_;
  Diagnostics& problems_;
  std::vector<std::string> asked_;
};

}  // namespace stroma::core

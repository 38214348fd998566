// A neutral tree of what a structured text file said, each value with its place. Readers of formats (TOML)
// produce it; validators consume it through Section (section.hpp), which ignores nothing.
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

/// The unit in which messages write a dimension, such as "um"; empty where it has none.
std::string example_unit(const Dimension& dim);

/// Parses `text` as a quantity of dimension `dim` inside `range`; adds a diagnostic and returns nothing
/// otherwise. Where a unit is needed and missing, the message says so and gives an example.
std::optional<double> check_quantity(std::string_view text, Dimension dim, Range range, const Place& place,
                                     std::string_view key, Diagnostics& problems);

}  // namespace stroma::core

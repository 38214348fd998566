// A table of a Node, read key by key by its declaration: what is missing, wrong, out of range or unknown is
// collected with its place. Nothing is ever ignored, and nothing is read that is not declared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/keys.hpp"

namespace stroma::core {

/// Parses `text` as the quantity that `key` declares, under the name `name`; a diagnostic and nothing where
/// it is none.
std::optional<double> check_quantity(const Key& key, std::string_view text, const Place& place,
                                     std::string_view name, Diagnostics& problems);

/// One entry of a table of names: { CAF = "1e6 /mL" }.
struct NamedQuantity {
  std::string name;
  std::optional<double> value;  ///< nothing where it was wrong, which has been said
  Place place;
};

/// Every reader throws InternalError for a key that is not declared. Call finish() last: it reports the keys
/// that nobody asked for.
class Section {
 public:
  /// `path` stands in messages: "plate.arm.treatment".
  Section(const Node& node, const Keys& keys, std::string path, Diagnostics& problems);
  Section(const Node& node, const Keys& keys, Diagnostics& problems)
      : Section(node, keys, keys.name, problems) {}

  bool has(std::string_view key) const;
  const Place& place() const { return node_.place; }
  Place place(std::string_view key) const;
  const std::string& path() const { return path_; }
  /// "plate.volume", as the user would write it.
  std::string full(std::string_view key) const;
  Diagnostics& problems() { return problems_; }
  const Key& declared(std::string_view key) const;

  /// The value; where it is absent the declared default, a diagnostic where it is required, and else a
  /// neutral value. A wrong one gives a diagnostic and a neutral value.
  std::string text(std::string_view key);
  double quantity(std::string_view key);
  std::int64_t whole(std::string_view key);
  bool boolean(std::string_view key);
  /// Which of the declared words; 0 where it is none of them.
  std::size_t word(std::string_view key);
  /// The key `schema`: a version of the format that is not ours is said so.
  void schema();
  /// Where the default is not the declaration's to know.
  double quantity_or(std::string_view key, double fallback);
  /// In another of the declared dimensions.
  double quantity(std::string_view key, Dimension dimension);
  /// The declared alternative that is there, of those whose first is `first`; empty where none is, with a
  /// diagnostic where one must be. Two of them are a problem.
  std::string chosen(std::string_view first);

  /// Whether one of the declared words stands there instead of a quantity.
  bool says_word(std::string_view key);
  /// The raw value, or null; counts as asked for.
  const Node* node(std::string_view key);
  /// A table `[key]`, or null where it is absent or none.
  const Node* table(std::string_view key);
  /// Tables of an array of tables `[[key]]`; a single table counts as one. Empty where absent.
  std::vector<const Node*> tables(std::string_view key);
  /// Strings of a list, or a single string. Empty where absent.
  std::vector<std::pair<std::string, Place>> texts(std::string_view key);
  /// Names with a quantity each. Empty where absent.
  std::vector<NamedQuantity> named(std::string_view key);

  void missing(std::string_view key);
  void wrong(std::string_view key, std::string code, std::string message, std::string hint = {});
  /// Reports unknown keys with "did you mean", and those that are not read beside the others.
  void finish();

 private:
  const Node* ask(std::string_view key);
  double read_quantity(std::string_view key, Dimension dimension, double fallback);
  const Node& node_;
  const Keys& keys_;
  std::string path_;
  Diagnostics& problems_;
  std::vector<std::string> asked_, wrong_;
};

}  // namespace stroma::core

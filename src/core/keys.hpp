// The keys of a table that a person writes, as data: each is declared once with its kind, unit, limits,
// default and one line of help. The reader (Section) takes them from here; so do its messages, the JSON
// schema and the tables of the documentation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/document.hpp"

namespace stroma::core {

struct Keys;

/// What a value is. A quantity of no dimension is a plain number.
enum class KeyKind { text, quantity, whole, boolean, table };

/// How many there are: one; one or a list; a list of exactly two; a list of lists; or a table whose keys are
/// names of the user's choosing.
enum class KeyForm { one, list, pair, lists, named };

/// One key. The functions return it, so that a declaration reads as one sentence.
struct Key {
  std::string name;
  KeyKind kind = KeyKind::text;
  std::string help = {};  ///< what it means, without what the other members say
  KeyForm form = KeyForm::one;
  std::vector<Dimension> dimensions = {};    ///< of a quantity: the first is what is read, others are allowed
  Range range = {};                          ///< of quantities and whole numbers
  std::vector<std::string> words = {};       ///< of a text: the only ones; of a quantity: instead of it
  std::vector<const Keys*> tables = {};      ///< of a table; of another kind: tables that stand for it
  bool is_required = false;                  ///< where its conditions hold
  std::string expected = {};                 ///< of the message where it is missing; empty: its kind
  std::string by_default = {};               ///< the value where it is absent, as it would be written
  std::string otherwise = {};                ///< what holds where it is absent, in words
  std::string with = {};                     ///< another key without which it is not read
  std::vector<std::string> with_words = {};  ///< values that the other must have; empty: any
  std::string without = {};                  ///< another key with which it is not read

  Key required(std::string what = {}) const;
  /// Of one that only some files need: what the message says where it is missing.
  Key expects(std::string what) const;
  /// A text that the file could say as well.
  Key default_is(std::string written) const;
  Key else_is(std::string words) const;
  Key only_with(std::string key, std::vector<std::string> values = {}) const;
  Key not_with(std::string key) const;
  Key list() const;
  Key pair() const;
  Key lists() const;
  Key named() const;
  Key or_in(Dimension dimension) const;
  Key or_words(std::vector<std::string> allowed) const;
  Key or_table(const Keys& keys) const;

  /// "only with `shape` = sphere or cylinder", "not with `axis`"; empty where it is always read.
  std::string condition() const;
  /// "a whole number from 1 to 96".
  std::string kind_words() const;
  /// What the message says where it is missing.
  std::string expectation() const { return expected.empty() ? kind_words() : expected; }
};

Key text_key(std::string name, std::string help);
/// A text out of `words`.
Key word_key(std::string name, std::vector<std::string> words, std::string help);
Key quantity_key(std::string name, Dimension dimension, Range range, std::string help);
Key number_key(std::string name, Range range, std::string help);
Key whole_key(std::string name, double low, double high, std::string help);
Key boolean_key(std::string name, std::string help);
/// A table `[name]`.
Key table_key(std::string name, const Keys& keys, std::string help);
/// An array of tables `[[name]]`.
Key tables_key(std::string name, const Keys& keys, std::string help);

/// Keys of which a table has exactly one.
struct Alternatives {
  std::vector<std::string> names;
};

/// A table of keys. `name`: as it is written, such as "plate.treatment"; empty for a whole file.
struct Keys {
  std::string name, help;
  std::vector<Key> all;
  std::vector<Alternatives> alternatives = {};
  std::string file = {};  ///< what a whole file, or a table with columns, is called

  const Key* find(std::string_view key) const;
  std::vector<std::string> names() const;
};

}  // namespace stroma::core

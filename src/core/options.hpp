// What may be asked of the program, as data: every option is declared once, with its name, help, kind, unit,
// default and limits, and bound to the member of a request that it sets. The command line, the JSON schema,
// the reference page and every other door read the same table.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/diagnostics.hpp"

namespace stroma::core {

/// What a value is. A quantity is a text with a unit ("24 h").
enum class OptionKind { flag, whole, number, text, quantity, path };
std::string to_string(OptionKind kind);

/// One option of a command, or one of its positional arguments.
class Option {
 public:
  /// The member that it sets; optional ones and empty texts, paths and lists mean "not given".
  using Target =
      std::variant<bool*, int*, std::uint64_t*, double*, std::optional<double>*, std::optional<int>*,
                   std::optional<std::uint64_t>*, std::string*, std::filesystem::path*,
                   std::vector<std::string>*, std::vector<std::filesystem::path>*>;

  Option(std::string names, Target target, std::string help);

  Option& required();
  /// Numbers from `low` to `high`, both included.
  Option& range(double low, double high);
  Option& positive();
  Option& not_negative();
  Option& choices(std::vector<std::string> choices);
  /// The names of a table of choices.
  template <class Map>
  Option& names_of(const Map& known) {
    std::vector<std::string> names;
    for (const auto& [name, value] : known) names.push_back(name);
    return choices(std::move(names));
  }
  /// Choices are told apart without regard to letter case; the value is the choice as declared.
  Option& any_case();
  /// A unit or a dimension: of numbers it is fixed ("um"), of quantities an example of it ("h").
  Option& in(std::string unit);
  /// The default, which is the member's value now, is said in the help.
  Option& says_default();
  /// Of a list: one value at a time, the option is repeated.
  Option& repeated();
  /// Of a list: values in one word, with this between them.
  Option& separated(char by);
  /// Another option of the command without which this one has no effect.
  Option& needs(std::string other);
  /// Another option of the command that cannot hold at the same time.
  Option& excludes(std::string other);

  const std::vector<std::string>& names() const { return names_; }  ///< "-o", "--output"; or "file"
  /// The long name, or that of a positional argument.
  const std::string& name() const;
  bool is_named(std::string_view name) const;
  bool positional() const { return !names_.front().starts_with('-'); }
  bool list() const;
  OptionKind kind() const;
  const std::string& help() const { return help_; }
  const std::string& unit() const { return unit_; }
  bool is_required() const { return required_; }
  bool is_repeated() const { return repeated_; }
  char separator() const { return separator_; }
  const std::optional<double>& low() const { return low_; }
  const std::optional<double>& high() const { return high_; }
  bool excludes_low() const { return above_; }  ///< `low` itself is not allowed
  const std::vector<std::string>& choices() const { return choices_; }
  const std::vector<std::string>& needed() const { return needed_; }
  const std::vector<std::string>& excluded() const { return excluded_; }
  /// The default as it would be written; empty where the help does not say it.
  const std::string& default_text() const { return default_; }
  const Target& target() const { return target_; }
  /// The values there are now, as they would be written; none where nothing was given.
  std::vector<std::string> values() const;

  /// Sets the member from what was written: one word, for lists one or more, for flags none. Returns what is
  /// wrong with it, or nothing; the member is then as before.
  std::string assign(std::span<const std::string> words) const;

 private:
  std::string check_number(double value, const std::string& word) const;
  std::string check_choice(std::string& word) const;

  std::vector<std::string> names_;
  Target target_;
  std::string help_, unit_, default_;
  std::optional<double> low_, high_;
  std::vector<std::string> choices_, needed_, excluded_;
  bool required_ = false, above_ = false, any_case_ = false, repeated_ = false;
  char separator_ = '\0';
};

/// The options of one command, in the order of its help.
class Options {
 public:
  /// Binds `member` of a request, whose value now is the default. `names`: "-o,--output", or a word without
  /// hyphens for a positional argument.
  template <class T>
  Option& add(std::string names, T& member, std::string help) {
    return all_.emplace_back(std::move(names), Option::Target(&member), std::move(help));
  }
  const std::vector<Option>& all() const { return all_; }
  const Option* find(std::string_view name) const;
  /// The words that `name` was given. What is wrong is a diagnostic with the option's name: unknown-option,
  /// bad-value.
  void assign(std::string_view name, std::span<const std::string> words, Diagnostics& problems) const;
  /// Whether the options named in `given` go together: missing-option, excluded-option, and required ones.
  void check(std::span<const std::string> given, Diagnostics& problems) const;

 private:
  std::vector<Option> all_;
};

/// A command: its name, one line on what it does, what it may be asked, and what its help ends with.
struct Command {
  std::string name, summary;
  Options options;
  std::string footer;                 ///< below its help; may be empty
  std::vector<std::string> examples;  ///< as typed
};

}  // namespace stroma::core

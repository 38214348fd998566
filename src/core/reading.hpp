// How a program read what it was given: what each column, well, channel or picture was taken for, and which
// facts of the design were assumed. Said before every result, and kept in the report and in results.json, so
// that nobody has to guess what a number means; where two readings survive, the user is asked instead.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/diagnostics.hpp"

namespace stroma::core {

/// Where a fact comes from.
enum class Basis {
  given,    ///< an option says it
  found,    ///< the file says it: a header, a keyword, a column of words
  assumed,  ///< neither says it: a convention that may be wrong
};

/// One thing that was understood.
struct Fact {
  std::string about;  ///< the role or the design fact: "group", "independent unit", "route", "read"
  std::string what;   ///< what it was taken to be, in words: "column 'arm' (vehicle 10, sorafenib 9)"
  Basis basis = Basis::found;
  std::string option;  ///< that says it otherwise: "--group"; empty where the file alone decides
};

/// "group: column 'arm' (vehicle 10, sorafenib 9)"; an assumption says so and names its option.
std::string to_string(const Fact& fact);

/// "given", "found" or "assumed".
std::string to_string(Basis basis);

/// What was understood, in the order in which it is read aloud.
class Understanding {
 public:
  void given(std::string about, std::string what, std::string option);
  void found(std::string about, std::string what, std::string option = {});
  void assumed(std::string about, std::string what, std::string option);
  /// All of `other` after what is there; a fact that is there already is not said twice.
  void append(const Understanding& other);
  bool empty() const { return facts_.empty(); }
  std::span<const Fact> facts() const { return facts_; }

 private:
  void add(Fact fact);
  std::vector<Fact> facts_;
};

/// A reading that the file allows, and the options that say so.
struct Choice {
  std::string meaning;       ///< "each column is a group of its own"
  std::string arguments;     ///< "--wide"
  std::string command = {};  ///< where another command answers the question; empty: the one that was typed
};

/// The hint of a question: every reading with the whole command to copy. `command`: as it was typed.
std::string choices(const std::string& command, std::span<const Choice> readings);

}  // namespace stroma::core

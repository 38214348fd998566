// What is wrong with something a person wrote. Diagnostics are collected, never thrown one by one, so that a
// user sees every problem of every file at once, each with its place, what was expected and a suggestion.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace stroma::core {

/// A place in a file that a person wrote. Lines and columns count from 1; 0 means "the file as a whole".
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
};

/// One problem of one input.
struct Diagnostic {
  std::string code;     ///< stable, kebab-case, e.g. "unknown-key"
  Place place;          ///< where
  std::string key;      ///< the key, column or name that is wrong, as the user would write it
  std::string message;  ///< what is wrong and what was expected
  std::string hint;     ///< what to do about it; may be empty
};

/// "file:line:column: message [code]" and the hint, as printed on a terminal.
std::string to_string(const Diagnostic& diagnostic);

/// All problems found so far, in the order in which they were found.
class Diagnostics {
 public:
  void add(std::string code, Place place, std::string key, std::string message, std::string hint = {});
  void add(Diagnostic diagnostic) { entries_.push_back(std::move(diagnostic)); }
  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  std::span<const Diagnostic> entries() const { return entries_; }

  /// Throws InputError with all entries, sorted by file, line and column, where there are any.
  void throw_if_any() const;

 private:
  std::vector<Diagnostic> entries_;
};

/// Invalid model, experiment or data: all diagnostics at once. Exit code 3.
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::vector<Diagnostic> diagnostics);
  std::span<const Diagnostic> diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

/// The candidate nearest to `word` by edit distance (adjacent swaps count once), or empty where none is near:
/// at most a third of the letters may differ. Letter case is ignored.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

/// "did you mean 'x'?" for the nearest candidate; otherwise the list of candidates where it is short; else
/// empty.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace stroma::core

#include "assays/flow/flow_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace stroma::assays {
namespace {

bool all_digits(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

/// A word that an acquisition program or a plate gives: "Specimen", "Tube", "Well", "A01", "001".
bool says_nothing(const std::string& word) {
  static const std::set<std::string> given{
      "specimen", "tube", "sample", "samples", "well",    "plate",    "experiment", "exp", "group",
      "file",     "data", "fcs",    "export",  "unnamed", "untitled", "new",        "acq", "acquisition",
      "run",      "rack", "set",    "day",     "events",  "singlets", "ungated",    "all"};
  if (all_digits(word) || given.contains(word)) return true;
  const std::size_t letters = word.find_first_of("0123456789");
  if (letters == std::string::npos || !all_digits(word.substr(letters))) return false;
  const std::string front = word.substr(0, letters);
  return given.contains(front) || (front.size() == 1 && front[0] >= 'a' && front[0] <= 'p');  // a well
}

bool names_nothing(const std::string& arm) {
  std::string word;
  for (const char c : arm + " ") {
    const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool part = (small >= 'a' && small <= 'z') || (small >= '0' && small <= '9') ||
                      static_cast<unsigned char>(small) > 127;
    if (part) {
      word += small;
    } else {
      if (!word.empty() && !says_nothing(word)) return false;
      word.clear();
    }
  }
  return true;
}

}  // namespace

TubeName tube_name(const std::string& stem) {
  const std::size_t at = stem.find_last_of('_');
  if (at == std::string::npos || at == 0 || at + 1 == stem.size() || stem.size() - at > 5 ||
      !all_digits(stem.substr(at + 1)) || std::stoi(stem.substr(at + 1)) < 1)
    return {stem, 1, 1};
  return {stem.substr(0, at), std::stoi(stem.substr(at + 1)), 1};
}

std::optional<std::string> doubt_in_names(const std::vector<std::string>& stems) {
  std::map<std::string, std::vector<int>> numbers;
  std::set<int> distinct;
  std::size_t tubes = 0;
  int largest = 0;
  for (const std::string& stem : stems) {
    const TubeName name = tube_name(stem);
    numbers[name.arm].push_back(name.replicate);
    if (name.arm == stem) continue;
    distinct.insert(name.replicate);
    ++tubes;
    largest = std::max(largest, name.replicate);
  }
  // Numbers of the acquisition run through all tubes of a session.
  const bool session = distinct.size() == tubes && largest <= static_cast<int>(stems.size()) + 2;
  for (auto& [arm, of_arm] : numbers) {
    if (of_arm.size() < 2) continue;
    if (names_nothing(arm))
      return fmt::format(
          "{} files would be replicates of one arm '{}', a name that an acquisition program "
          "gives: it does not say what was in the tubes",
          of_arm.size(), arm);
    std::sort(of_arm.begin(), of_arm.end());
    if (std::adjacent_find(of_arm.begin(), of_arm.end()) != of_arm.end())
      return fmt::format("two files are tube {} of arm '{}'",
                         *std::adjacent_find(of_arm.begin(), of_arm.end()), arm);
    const bool counts = of_arm.back() - of_arm.front() + 1 == static_cast<int>(of_arm.size());
    if (!counts && !session) {
      std::string list;
      for (const int n : of_arm) list += fmt::format("{}{}", list.empty() ? "" : ", ", n);
      return fmt::format("the numbers of '{}' ({}) do not count its tubes: they may be doses or days", arm,
                         list);
    }
  }
  return std::nullopt;
}

}  // namespace stroma::assays

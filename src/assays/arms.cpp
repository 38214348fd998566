#include "assays/arms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "core/diagnostics.hpp"

namespace stroma::assays {
namespace {

constexpr std::array<std::string_view, 24> control_words{
    "control", "controls",    "ctrl",   "ctl",  "cntrl",      "vehicle", "veh",          "untreated",
    "ut",      "placebo",     "pbs",    "dmso", "saline",     "sham",    "mock",         "nacl",
    "medium",  "notreatment", "nodrug", "none", "nontreated", "igg",     "unstimulated", "diluent"};

bool is_control_word(std::string_view word) {
  return std::find(control_words.begin(), control_words.end(), word) != control_words.end();
}

// Words of letters, in small letters; `joined` is the name without anything but letters.
struct Words {
  std::vector<std::string> single;
  std::string joined;
  bool combined = false;
};

Words words_of(const std::string& name) {
  Words out;
  bool inside = false;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = std::isalpha(byte) != 0 || byte >= 0x80;
    if (letter) {
      const char small = byte < 0x80 ? static_cast<char>(std::tolower(byte)) : c;
      if (!inside) out.single.emplace_back();
      out.single.back() += small;
      out.joined += small;
    }
    inside = letter;
    out.combined = out.combined || c == '+' || c == '&';
  }
  return out;
}

}  // namespace

std::vector<std::string> arms_called_control(const std::vector<std::string>& arms) {
  std::vector<std::string> whole, part;
  for (const std::string& arm : arms) {
    const Words words = words_of(arm);
    if (is_control_word(words.joined))
      whole.push_back(arm);
    else if (!words.combined && std::any_of(words.single.begin(), words.single.end(),
                                            [](const std::string& w) { return is_control_word(w); }))
      part.push_back(arm);
  }
  return whole.empty() ? part : whole;
}

std::vector<std::string> ordered_arms(const std::vector<std::string>& arm_of_each,
                                      const std::string& reference) {
  std::vector<std::string> arms;
  for (const std::string& arm : arm_of_each)
    if (std::find(arms.begin(), arms.end(), arm) == arms.end()) arms.push_back(arm);
  if (reference.empty()) return arms;
  const auto found = std::find(arms.begin(), arms.end(), reference);
  if (found == arms.end()) {
    core::Diagnostics problems;
    problems.add("unknown-arm", {}, "--reference", fmt::format("there is no arm '{}'", reference),
                 core::did_you_mean(reference, arms));
    problems.throw_if_any();
  }
  std::rotate(arms.begin(), found, found + 1);
  return arms;
}

}  // namespace stroma::assays

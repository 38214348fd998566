#include "assays/arms.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/diagnostics.hpp"

namespace stroma::assays {

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

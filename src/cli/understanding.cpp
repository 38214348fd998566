#include "cli/understanding.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace stroma::cli {

void print_understanding(const core::Understanding& understanding) {
  if (understanding.empty()) return;
  fmt::print("read as:\n");
  for (const core::Fact& fact : understanding.facts()) fmt::print("  {}\n", core::to_string(fact));
}

nlohmann::ordered_json understanding_json(const core::Understanding& understanding) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const core::Fact& fact : understanding.facts()) {
    nlohmann::ordered_json row = {
        {"about", fact.about}, {"what", fact.what}, {"basis", core::to_string(fact.basis)}};
    if (!fact.option.empty()) row["option"] = fact.option;
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace stroma::cli

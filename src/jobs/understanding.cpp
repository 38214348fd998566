#include "jobs/understanding.hpp"

namespace stroma::jobs {

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

}  // namespace stroma::jobs

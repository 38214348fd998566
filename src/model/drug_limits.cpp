#include "model/drug_limits.hpp"

#include <fmt/format.h>

namespace stroma::model {

std::vector<std::string> beyond_limits(const Model& model, Index substance, double concentration) {
  std::vector<std::string> out;
  for (const Drug& drug : model.drugs) {
    if (drug.substance != substance) continue;
    const auto exceeds = [&](double limit) { return limit > 0.0 && concentration > limit; };
    const auto micromolar = [](double nanomolar) { return fmt::format("{:.4g} uM", 1e-3 * nanomolar); };
    if (exceeds(drug.solubility))
      out.push_back(fmt::format(
          "{} of {} is beyond its solubility in medium ({}): it is simulated as if it were dissolved",
          micromolar(concentration), drug.name, micromolar(drug.solubility)));
    if (exceeds(drug.acute_toxicity))
      out.push_back(fmt::format(
          "{} of {} is acutely toxic (above {}), by routes that are not in the model: cells that survive "
          "here would not",
          micromolar(concentration), drug.name, micromolar(drug.acute_toxicity)));
  }
  return out;
}

}  // namespace stroma::model

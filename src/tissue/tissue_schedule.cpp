// When what is due, and what the surroundings of a tissue contain.
#include <algorithm>

#include "tissue/tissue_passage.hpp"

namespace stroma::tissue {
namespace {

bool takes_from_surroundings(const fields::SubstancePlan& plan) {
  return std::any_of(plan.boundary.begin(), plan.boundary.end(), [](const fields::Boundary& boundary) {
    return boundary.kind != fields::Boundary::Kind::flux;
  });
}

void change_surroundings(const TissueSetup::Treatment& treatment, double sign, const TissuePlan& plan,
                         TissueState& s) {
  fields::Field& field = s.fields.substances[treatment.substance];
  const fields::SubstancePlan& substance = plan.fields.substances[treatment.substance];
  if (takes_from_surroundings(substance)) {
    for (std::size_t face = 0; face < substance.boundary.size(); ++face) {
      if (substance.boundary[face].kind == fields::Boundary::Kind::flux) continue;
      if (face + 1 == fields::faces && substance.layer_depth > 0.0)
        fields::pour_above(field, substance, plan.fields.grid, treatment.concentration);
      else
        field.boundary_value[face] += sign * treatment.concentration;
    }
    return;
  }
  if (sign < 0.0) return;
  for (double& c : field.concentration.span()) c += treatment.concentration;
  fields::account(field, substance, plan.fields.grid);
}

}  // namespace

Step next_step(const TissuePlan& plan, core::Tick now, core::Tick end) {
  const std::int64_t period = plan.setup.step.count;
  core::Tick next = std::min(end, core::Tick{(now.count / period + 1) * period});
  for (const TissueSetup::Treatment& treatment : plan.setup.treatments)
    for (const core::Tick change : {treatment.at, treatment.until})
      if (change > now) next = std::min(next, change);
  next = next_arrival(plan.setup.arrivals, now, next);
  return {now, next};
}

void administer(const Step& step, const TissuePlan& plan, TissueState& s) {
  for (const TissueSetup::Treatment& treatment : plan.setup.treatments) {
    if (treatment.at == step.begin) change_surroundings(treatment, 1.0, plan, s);
    if (treatment.until == step.begin) change_surroundings(treatment, -1.0, plan, s);
  }
  OutsideOfTissue tissue(plan, s, step.begin, nullptr);
  admit_due(plan.setup.arrivals, step.begin, s, plan, tissue);
}

}  // namespace stroma::tissue

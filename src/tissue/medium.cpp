#include "tissue/medium.hpp"

#include <cmath>
#include <span>

#include "core/errors.hpp"
#include "core/maths.hpp"

namespace stroma::tissue {

void Medium::hash(core::Hasher& hasher) const {
  hasher.array(std::span<const double>(solution.concentration));
  hasher.number(solution.serum);
  hasher.number(volume);
}

double decay_rate(const model::Substance& substance, double serum) {
  return substance.decay + serum * substance.decay_in_serum;
}

void exchange(double& concentration, Budget& budget, double volume, double secretion, double clearance,
              double decay, double minutes) {
  core::require(volume > 0.0, "a medium without volume");
  const double uptake = clearance / volume;
  const double loss = decay + uptake;
  const double before = concentration;
  const double source = secretion / volume;
  // What is left of the old plus what is left of the new: two terms that cannot be negative. expm1 keeps both
  // limits (no loss, fast loss) exact.
  const double after = loss > 0.0 ? before * core::maths::exp(-loss * minutes) -
                                        source / loss * core::maths::expm1(-loss * minutes)
                                  : before + source * minutes;
  const double lost = before + source * minutes - after;
  concentration = after;
  budget.secreted += secretion * minutes;
  if (loss > 0.0) {
    budget.taken_up += lost * volume * (uptake / loss);
    budget.decayed += lost * volume * (decay / loss);
  }
}

Solution mix(const Solution& first, const Solution& second, double share) {
  core::require(first.concentration.size() == second.concentration.size(),
                "mixing solutions of different models");
  Solution out = first;
  for (std::size_t i = 0; i < out.concentration.size(); ++i)
    out.concentration[i] = share * first.concentration[i] + (1.0 - share) * second.concentration[i];
  out.serum = share * first.serum + (1.0 - share) * second.serum;
  return out;
}

}  // namespace stroma::tissue

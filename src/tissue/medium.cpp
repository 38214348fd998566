#include "tissue/medium.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/maths.hpp"

namespace stroma::tissue {

Solution plain_solution(const model::Model& model, double serum) {
  Solution plain{std::vector<double>(model.substances.size(), 0.0), serum};
  for (std::size_t i = 0; i < plain.concentration.size(); ++i)
    plain.concentration[i] =
        model.substances[i].ambient + model.substances[i].in_medium + serum * model.substances[i].in_serum;
  return plain;
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
    budget.cleared += lost * volume * (uptake / loss);
    budget.decayed += lost * volume * (decay / loss);
  }
}

void exchange_saturable(double& concentration, Budget& budget, double volume, double secretion,
                        double clearance, double consumption, double half_max, double decay, double minutes,
                        double tolerance) {
  core::require(half_max > 0.0 && tolerance > 0.0, "saturable consumption without a half-max or tolerance");
  constexpr double shortest =
      1e-6;  // of the step; c halves in a sub-step at most, so that no dish comes near it
  double left = minutes, sub_step = minutes;
  while (left > 0.0) {
    sub_step = std::min(sub_step, left);
    const double before = concentration;
    Budget unused;
    double first = before, second = before;
    exchange(first, unused, volume, secretion, clearance + consumption / (half_max + before), decay,
             sub_step);
    Budget spent = budget;
    exchange(second, spent, volume, secretion, clearance + consumption / (half_max + 0.5 * (before + first)),
             decay, sub_step);
    const double error = std::abs(second - first) / (tolerance * (half_max + std::max(before, second)));
    if (error > 1.0) {
      if (sub_step <= shortest * minutes)
        throw core::NumericalError(fmt::format(
            "consumption of {} nM um^3/min in {} um^3: a sub-step of {} min misses the tolerance of {} "
            "by a factor of {}",
            consumption, volume, sub_step, tolerance, error));
      sub_step *= std::max(0.2, 0.9 / std::sqrt(error));
      continue;
    }
    concentration = second;
    const double rate = consumption / (half_max + 0.5 * (before + first));
    const double both = spent.cleared - budget.cleared;
    const double eaten = both * (rate / (clearance + rate));
    spent.cleared = budget.cleared + (both - eaten);
    spent.consumed += eaten;
    budget = spent;
    left -= sub_step;
    if (left < 1e-12 * minutes) left = 0.0;
    sub_step *= error > 0.0 ? std::min(4.0, 0.9 / std::sqrt(error)) : 4.0;
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

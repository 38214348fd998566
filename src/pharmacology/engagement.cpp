#include "pharmacology/engagement.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "core/maths.hpp"

namespace stroma::pharmacology {

double free_fraction(double free_fraction_in_serum, double serum) {
  core::require(free_fraction_in_serum > 0.0 && free_fraction_in_serum <= 1.0,
                "unbound fraction out of (0, 1]");
  core::require(serum >= 0.0 && serum <= 1.0, "serum fraction out of [0, 1]");
  return 1.0 / (1.0 + serum * (1.0 / free_fraction_in_serum - 1.0));
}

double occupancy(double ligand, double kd, double antagonism) {
  core::require(ligand >= 0.0 && kd > 0.0 && antagonism >= 0.0, "occupancy of a negative concentration");
  const double bound = ligand / kd;
  return bound / (1.0 + bound + antagonism);
}

double remaining_activity(double c, double ic50, double hill) {
  return 1.0 / (1.0 + core::maths::pow(c / ic50, hill));
}

void remaining_activities(std::span<float> remaining, std::span<const float> c, double ic50, double hill) {
  core::require(remaining.size() == c.size(), "one activity per cell");
  const float per_ic50 = static_cast<float>(1.0 / ic50);
  if (hill == 1.0) {  // the common case, free of pow
    for (std::size_t i = 0; i < c.size(); ++i) remaining[i] = 1.0f / (1.0f + c[i] * per_ic50);
    return;
  }
  // Whole and half powers up to 4, which nearly all targets have, from products and one square root.
  const double doubled = 2.0 * hill;
  if (doubled <= 8.0 && std::floor(doubled) == doubled) {
    const bool half = std::floor(hill) != hill;
    const int whole = static_cast<int>(hill);
    for (std::size_t i = 0; i < c.size(); ++i) {
      const float x = c[i] * per_ic50;
      float power = half ? std::sqrt(x) : 1.0f;
      for (int k = 0; k < whole; ++k) power *= x;
      remaining[i] = 1.0f / (1.0f + power);
    }
    return;
  }
  const float h = static_cast<float>(hill);
  for (std::size_t i = 0; i < c.size(); ++i)
    remaining[i] = 1.0f / (1.0f + core::maths::pow(c[i] * per_ic50, h));
}

double enter_cells(std::span<double> held, double volume, std::span<const float> influx_multiplier,
                   std::span<const float> transporter, const Entry& entry, double free_outside,
                   double minutes) {
  core::require(influx_multiplier.empty() || influx_multiplier.size() == held.size(),
                "one influx multiplier per cell");
  core::require(transporter.empty() || transporter.size() == held.size(),
                "one transporter activity per cell");
  double change = 0.0;
  for (std::size_t i = 0; i < held.size(); ++i) {
    const double m = influx_multiplier.empty() ? 1.0 : influx_multiplier[i];
    const double a = transporter.empty() ? 0.0 : transporter[i];
    const double before = held[i];
    const double out = entry.efflux + entry.efflux_by_transporter * a;
    const double in = entry.influx * m * free_outside * volume;
    // expm1 keeps the step exact for out -> 0, where the amount grows linearly.
    held[i] = out > 0.0 ? before + (in / out - before) * -core::maths::expm1(-out * minutes)
                        : before + in * minutes;
    change += held[i] - before;
  }
  return change;
}

void entry_rates(std::span<double> lost, std::span<double> gained, std::span<const float> influx_multiplier,
                 std::span<const float> transporter, const Entry& entry, double minutes,
                 core::Threads threads) {
  const std::size_t n = lost.size();
  core::require(gained.size() == n && (influx_multiplier.empty() || influx_multiplier.size() == n) &&
                    (transporter.empty() || transporter.size() == n),
                "one value per cell");
  core::for_chunks(n, 1024, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const double m = influx_multiplier.empty() ? 1.0 : influx_multiplier[i];
      const double a = transporter.empty() ? 0.0 : transporter[i];
      const double passed = (entry.efflux + entry.efflux_by_transporter * a) * minutes;
      lost[i] = -core::maths::expm1(-passed);
      gained[i] = entry.influx * m * (passed > 0.0 ? lost[i] / passed : 1.0);
    }
  });
}

}  // namespace stroma::pharmacology

// See motility.hpp.
#include "cells/motility.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "core/maths.hpp"
#include "core/random.hpp"

namespace stroma::cells {

void turn(Bodies& bodies, std::size_t i, const Motion& motion, int dimensions) {
  core::Stream stream(motion.seed, core::Purpose::motility, bodies.id[i], bodies.turns[i]++);
  bodies.turn_budget[i] = static_cast<float>(stream.exponential());
  double g[3] = {0.0, 0.0, 0.0};
  double bias = 0.0;
  if (!motion.attraction.empty() && !motion.bias.empty()) {
    for (std::size_t k = 0; k < 3; ++k) g[k] = static_cast<double>(motion.attraction[3 * i + k]);
    if (g[0] != 0.0 || g[1] != 0.0 || g[2] != 0.0) bias = static_cast<double>(motion.bias[i]);
  }
  double e[3] = {0.0, 0.0, 0.0};
  double norm = 0.0;
  while (norm < 1e-9) {  // b = 1/2 and e = -g cancel: draw again
    const core::maths::OnCircle round = core::maths::on_circle(stream.uniform());
    const double cosine = dimensions == 3 ? 2.0 * stream.uniform() - 1.0 : 0.0;
    const double sine = std::sqrt(1.0 - cosine * cosine);
    e[0] = bias * g[0] + (1.0 - bias) * sine * round.cosine;
    e[1] = bias * g[1] + (1.0 - bias) * sine * round.sine;
    e[2] = dimensions == 3 ? bias * g[2] + (1.0 - bias) * cosine : 0.0;
    norm = std::sqrt(e[0] * e[0] + e[1] * e[1] + e[2] * e[2]);
  }
  for (std::size_t k = 0; k < 3; ++k) bodies.heading[3 * i + k] = static_cast<float>(e[k] / norm);
}

void migrate(Bodies& bodies, std::size_t i, const Motion& motion, int dimensions, double minutes,
             double (&path)[3]) {
  const double speed = motion.speed.empty() ? 0.0 : static_cast<double>(motion.speed[i]);
  if (speed == 0.0) return;
  const double persistence =
      motion.persistence.empty() ? default_persistence : static_cast<double>(motion.persistence[i]);
  core::require(speed > 0.0 && persistence > 0.0, "a migrating cell has a speed and a persistence above 0");
  if (bodies.turn_budget[i] < 0.0F) turn(bodies, i, motion, dimensions);
  while (true) {
    const double until_turn = static_cast<double>(bodies.turn_budget[i]) * persistence;
    const double t = std::min(minutes, until_turn);
    for (std::size_t k = 0; k < 3; ++k) path[k] += speed * t * static_cast<double>(bodies.heading[3 * i + k]);
    if (until_turn > minutes) {
      bodies.turn_budget[i] = static_cast<float>((until_turn - minutes) / persistence);
      return;
    }
    minutes -= t;
    turn(bodies, i, motion, dimensions);
  }
}

}  // namespace stroma::cells

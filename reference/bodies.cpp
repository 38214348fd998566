// See bodies.hpp.
#include "reference/bodies.hpp"

#include <algorithm>
#include <cmath>

namespace stroma::reference {

namespace {

double distance(const Ball& a, const Ball& b) {
  double square = 0.0;
  for (std::size_t k = 0; k < 3; ++k) square += (a.at[k] - b.at[k]) * (a.at[k] - b.at[k]);
  return std::sqrt(square);
}

}  // namespace

std::vector<std::vector<std::size_t>> near(const std::vector<Ball>& balls, double reach, double contact,
                                           double skin) {
  std::vector<std::vector<std::size_t>> lists(balls.size());
  for (std::size_t i = 0; i < balls.size(); ++i) {
    for (std::size_t j = 0; j < balls.size(); ++j) {
      const double sum = balls[i].radius + balls[j].radius;
      if (i != j && distance(balls[i], balls[j]) <= std::max(reach * sum, sum + contact) + skin) {
        lists[i].push_back(j);
      }
    }
  }
  return lists;
}

std::vector<Vector> velocities(const std::vector<Ball>& balls, const PairLaw& law) {
  std::vector<Vector> v(balls.size(), Vector{0.0, 0.0, 0.0});
  const std::size_t types = law.repulsion.size();
  for (std::size_t i = 0; i < balls.size(); ++i) {
    for (std::size_t j = 0; j < balls.size(); ++j) {
      if (i == j) continue;
      const Ball &a = balls[i], &b = balls[j];
      const double d = distance(a, b), sum = a.radius + b.radius;
      const double affinity =
          std::sqrt(law.affinity[a.type * types + b.type] * law.affinity[b.type * types + a.type]);
      double f = 0.0;
      if (d < sum) f += std::sqrt(law.repulsion[a.type] * law.repulsion[b.type]) * std::pow(1.0 - d / sum, 2);
      if (d < law.reach * sum) {
        f -= std::sqrt(law.adhesion[a.type] * a.adhesion_factor * law.adhesion[b.type] * b.adhesion_factor) *
             affinity * std::pow(1.0 - d / (law.reach * sum), 2);
      }
      for (std::size_t k = 0; k < 3; ++k) v[i][k] += f * (a.at[k] - b.at[k]) / d;
    }
  }
  return v;
}

void move(std::vector<Ball>& balls, const PairLaw& law, double h, int steps) {
  std::vector<Vector> before;
  for (int s = 0; s < steps; ++s) {
    const std::vector<Vector> now = velocities(balls, law);
    if (s == 0) before = now;
    for (std::size_t i = 0; i < balls.size(); ++i) {
      for (std::size_t k = 0; k < 3; ++k) balls[i].at[k] += h * (1.5 * now[i][k] - 0.5 * before[i][k]);
    }
    before = now;
  }
}

}  // namespace stroma::reference

// The equation of one voxel in double precision, whatever the coefficients: used where the vector rows of the
// finest level do not apply, and where amounts are counted. Internal to the module.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "fields/transport.hpp"

namespace stroma::fields {

/// What is being solved.
struct Task {
  const Transport& t;
  const Given& given;
  const double* start;  ///< null where steady
  double per_minute;
  bool lagged() const { return start != nullptr; }
};

/// One voxel's equation: in - out c + saturable = 0, neighbours included.
struct Voxel {
  double in = 0.0, out = 0.0;
  double most = 0.0;  ///< saturable uptake that is not in `out`
  double boundary_in = 0.0, boundary_out = 0.0, above_in = 0.0, above_out = 0.0, fixed_in = 0.0,
         fixed_out = 0.0;
  double chord = 0.0;  ///< rate of saturable uptake
};

class Stencil {
 public:
  Stencil(const Task& task, const double* c) : task_(task), t_(task.t), c_(c) {
    n_ = {t_.grid.size(0), t_.grid.size(1), t_.grid.size(2)};
    stride_ = {1, n_[0], n_[0] * n_[1]};
  }
  bool fixed(std::size_t v) const { return !t_.is_fixed.empty() && t_.is_fixed[v] != 0; }

  Voxel operator()(std::size_t i, std::size_t j, std::size_t k) const {
    const std::array<std::size_t, 3> at{i, j, k};
    const std::size_t v = i + stride_[1] * j + stride_[2] * k;
    Voxel x;
    for (std::size_t a = 0; a < 3; ++a) {
      if (at[a] > 0) neighbour(x, v - stride_[a], coupling(a, v));
      if (at[a] + 1 < n_[a]) neighbour(x, v + stride_[a], coupling(a, v + stride_[a]));
      if (at[a] == 0) face(x, 2 * a, v);
      if (at[a] + 1 == n_[a]) face(x, 2 * a + 1, v);
    }
    const Exchange& exchange = *task_.given.exchange;
    x.out += t_.plan->decay + task_.per_minute;
    if (!exchange.uptake_linear.empty()) x.out += exchange.uptake_linear[v];
    if (!exchange.source.empty()) x.in += exchange.source[v];
    if (task_.start) x.in += task_.per_minute * task_.start[v];
    if (!exchange.uptake_saturable.empty()) {
      x.chord = chord(v);
      if (task_.lagged())
        x.out += x.chord;
      else
        x.most = exchange.uptake_saturable[v];
    }
    return x;
  }

  /// Rate of saturable uptake [1/min], at the start of a step or at the present c.
  double chord(std::size_t v) const {
    const double where = task_.lagged() ? task_.start[v] : c_[v];
    return task_.given.exchange->uptake_saturable[v] / (t_.plan->half_uptake + std::max(where, 0.0));
  }

 private:
  double coupling(std::size_t a, std::size_t upper) const {
    return t_.face_mobility[a].empty() ? t_.rate[a] : t_.rate[a] * t_.face_mobility[a][upper];
  }
  void neighbour(Voxel& x, std::size_t other, double weight) const {
    x.in += weight * c_[other];
    x.out += weight;
    if (fixed(other)) {
      x.fixed_in += weight * c_[other];
      x.fixed_out += weight;
    }
  }
  void face(Voxel& x, std::size_t face, std::size_t v) const {
    const bool above = static_cast<int>(face / 2) >= t_.grid.dimensions;
    if (above && !(face + 1 == faces && t_.is_under_medium)) return;
    const double sink = t_.sink_of(face, v), in = t_.inflow_of(face, v) * task_.given.boundary_value[face];
    x.in += in;
    x.out += sink;
    (above ? x.above_in : x.boundary_in) += in;
    (above ? x.above_out : x.boundary_out) += sink;
  }

  const Task& task_;
  const Transport& t_;
  const double* c_;
  std::array<std::size_t, 3> n_{}, stride_{};
};

}  // namespace stroma::fields

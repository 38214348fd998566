// The dense system, face by face.
#include "reference/diffusion.hpp"

#include <cmath>
#include <stdexcept>

namespace stroma::reference {
namespace {

using Matrix = std::vector<std::vector<double>>;
using Vector = std::vector<double>;

/// dc/dt = b - A c.
struct System {
  Matrix a;
  Vector b;
};

std::size_t voxel(const Diffusion& p, const std::array<int, 3>& at) {
  return static_cast<std::size_t>(at[0] + p.n[0] * (at[1] + p.n[1] * at[2]));
}

System empty_system(const Diffusion& p) {
  const auto size = static_cast<std::size_t>(p.n[0] * p.n[1] * p.n[2]);
  return {Matrix(size, Vector(size, 0.0)), Vector(size, 0.0)};
}

double mobility(const Diffusion& p, std::size_t v) {
  return p.mobility.empty() ? 1.0 : p.mobility[v];
}

/// Fluxes through the two faces that a voxel has along one axis.
void add_axis(System& s, const Diffusion& p, int axis) {
  std::array<int, 3> at{};
  for (at[2] = 0; at[2] < p.n[2]; ++at[2])
    for (at[1] = 0; at[1] < p.n[1]; ++at[1])
      for (at[0] = 0; at[0] < p.n[0]; ++at[0])
        for (const int side : {-1, 1}) {
          const std::size_t v = voxel(p, at);
          const double h = p.h[axis], m = mobility(p, v);
          std::array<int, 3> there = at;
          there[axis] += side;
          if (there[axis] >= 0 && there[axis] < p.n[axis]) {
            const std::size_t u = voxel(p, there);
            const double mean = 2.0 / (1.0 / m + 1.0 / mobility(p, u));
            s.a[v][v] += p.diffusivity * mean / h / h;
            s.a[v][u] -= p.diffusivity * mean / h / h;
            continue;
          }
          const auto face = static_cast<std::size_t>(2 * axis + (side > 0 ? 1 : 0));
          const double half_voxel = 0.5 * h / (p.diffusivity * m);  // resistance, min/um
          switch (p.face[face]) {
            case Diffusion::Face::flux:
              s.b[v] += p.face_value[face] / h;
              break;
            case Diffusion::Face::value:
              s.a[v][v] += 1.0 / half_voxel / h;
              s.b[v] += p.face_value[face] / half_voxel / h;
              break;
            case Diffusion::Face::exchange: {
              const double resistance = half_voxel + 1.0 / p.permeability[face];
              s.a[v][v] += 1.0 / resistance / h;
              s.b[v] += p.face_value[face] / resistance / h;
              break;
            }
          }
        }
}

/// Decay, linear uptake and sources.
void add_local(System& s, const Diffusion& p) {
  for (std::size_t v = 0; v < s.b.size(); ++v) {
    s.a[v][v] += p.decay + (p.uptake.empty() ? 0.0 : p.uptake[v]);
    s.b[v] += p.source.empty() ? 0.0 : p.source[v];
  }
}

/// Solves A x = b in place, with pivots.
Vector solve(Matrix a, Vector b) {
  const std::size_t n = b.size();
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < n; ++i)
      if (std::fabs(a[i][k]) > std::fabs(a[pivot][k])) pivot = i;
    std::swap(a[k], a[pivot]);
    std::swap(b[k], b[pivot]);
    for (std::size_t i = k + 1; i < n; ++i) {
      const double factor = a[i][k] / a[k][k];
      if (factor == 0.0) continue;
      for (std::size_t j = k; j < n; ++j) a[i][j] -= factor * a[k][j];
      b[i] -= factor * b[k];
    }
  }
  for (std::size_t k = n; k-- > 0;) {
    for (std::size_t j = k + 1; j < n; ++j) b[k] -= a[k][j] * b[j];
    b[k] /= a[k][k];
  }
  return b;
}

void hold_fixed(Matrix& a, Vector& b, const Diffusion& p) {
  for (const auto& [v, value] : p.fixed) {
    a[v].assign(b.size(), 0.0);
    a[v][v] = 1.0;
    b[v] = value;
  }
}

Vector backward_euler(System s, const Diffusion& p, const Vector& start, double minutes) {
  for (std::size_t v = 0; v < start.size(); ++v) {
    for (double& entry : s.a[v]) entry *= minutes;
    s.a[v][v] += 1.0;
    s.b[v] = start[v] + minutes * s.b[v];
  }
  hold_fixed(s.a, s.b, p);
  return solve(s.a, s.b);
}

void add_lagged_uptake(System& s, const Diffusion& p, const Vector& c) {
  if (p.most.empty()) return;
  for (std::size_t v = 0; v < c.size(); ++v) s.a[v][v] += p.most[v] / (p.half_uptake + c[v]);
}

}  // namespace

Vector implicit_step(const Diffusion& p, const Vector& start, double minutes) {
  System s = empty_system(p);
  for (int axis = 0; axis < p.dimensions; ++axis) add_axis(s, p, axis);
  add_local(s, p);
  add_lagged_uptake(s, p, start);
  return backward_euler(s, p, start, minutes);
}

Vector split_step(const Diffusion& p, const Vector& start, double minutes) {
  Vector c = start;
  for (int axis = 0; axis < p.dimensions; ++axis) {
    System s = empty_system(p);
    add_axis(s, p, axis);
    if (axis + 1 == p.dimensions) {
      add_local(s, p);
      add_lagged_uptake(s, p, c);
    }
    c = backward_euler(s, p, c, minutes);
  }
  return c;
}

Vector steady_state(const Diffusion& p, const Vector& guess) {
  System s = empty_system(p);
  for (int axis = 0; axis < p.dimensions; ++axis) add_axis(s, p, axis);
  add_local(s, p);
  Vector c = guess;
  for (int iteration = 0; iteration < 200; ++iteration) {
    Matrix a = s.a;
    Vector b = s.b;
    for (std::size_t v = 0; v < c.size() && !p.most.empty(); ++v) {
      // Vmax c/(Km + c), continued below 0 by its tangent, as a line through the present point.
      const double positive = std::fmax(c[v], 0.0), below = p.half_uptake + positive;
      const double slope = p.most[v] * p.half_uptake / below / below;
      a[v][v] += slope;
      b[v] += slope * positive - p.most[v] * positive / below;
    }
    hold_fixed(a, b, p);
    const Vector next = solve(a, b);
    double change = 0.0, largest = 0.0;
    for (std::size_t v = 0; v < c.size(); ++v) {
      change = std::fmax(change, std::fabs(next[v] - c[v]));
      largest = std::fmax(largest, std::fabs(next[v]));
    }
    c = next;
    if (change <= 1e-13 * largest) return c;
  }
  throw std::runtime_error("the reference found no steady state");
}

}  // namespace stroma::reference

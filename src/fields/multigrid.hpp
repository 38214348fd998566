// Unsplit solves by geometric multigrid: one backward Euler step, (w + k + U + A) c = w c0 + S + inflow with
// w = 1/minutes, or the steady state, w = 0. Defect correction in double precision around V-cycles in
// single precision; cell-centred coarsening by two, of the axes with the strongest coupling first;
// four-colour Gauss-Seidel smoothing. Source: Trottenberg, Oosterlee, Schueller, Multigrid (2001). Internal
// to the module.
#pragma once

#include <memory>

#include "core/parallel.hpp"
#include "fields/transport.hpp"

namespace stroma::fields {

/// What a solve did.
struct Solved {
  Terms terms;  ///< per minute where steady, else over the step; balanced to rounding
  int cycles = 0;
  double error = 0.0;  ///< estimate of the algebraic error, relative to the largest concentration
  bool converged = false;
};

/// The levels of one grid, shared by all substances of a plan.
class Multigrid {
 public:
  explicit Multigrid(const Grid& grid);
  ~Multigrid();

  /// One backward Euler step: `result` is the first guess and becomes the solution; `start` is c0, another
  /// array. Saturable uptake acts as U = Vmax/(Km + c0).
  Solved step(double* result, const double* start, const Transport& transport, const Given& given,
              double minutes, double tolerance, core::Threads threads);

  /// The steady state, with saturable uptake in full (Newton's method); `result` is the first guess.
  Solved steady(double* result, const Transport& transport, const Given& given, double tolerance,
                core::Threads threads);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stroma::fields

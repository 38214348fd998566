// One call advances every substance by some minutes while cells' uptake and secretion stay as given. Each
// substance is solved by the method of its plan, in as many sub-steps as its error target needs.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "core/parallel.hpp"
#include "fields/fields.hpp"
#include "fields/plan.hpp"

namespace stroma::fields {

/// What is given of one substance during a call, per voxel (by Grid::index): what cells, vessels and matrix
/// do to it. An empty span is zero everywhere. All >= 0.
struct Exchange {
  std::span<const double> uptake_linear;     ///< U, 1/min
  std::span<const double> uptake_saturable;  ///< Vmax, nM/min; only where the plan's half_uptake is > 0
  std::span<const double> source;            ///< S, nM/min
  std::span<const double> mobility{};        ///< m in (0, 1]; empty: that of the plan
};

/// What happened to one substance in one call.
struct SubstanceReport {
  Method method = Method::split;  ///< what was used (last, where the choice changed within the call)
  int steps = 0;                  ///< sub-steps that were taken
  int rejected = 0;               ///< sub-steps that were too long and were repeated
  int cycles = 0;                 ///< multigrid cycles
  /// Sub-steps whose extrapolation to second order would have been negative somewhere: it was limited
  /// there, and the amount restored by a common factor.
  int limited = 0;
  double error_estimate = 0.0;  ///< the largest of an accepted sub-step (or solve), relative
  /// |content after - content before - what came in + what went out|, relative to the sum of the magnitudes
  /// of both contents and of all that came in and went out; the largest of a sub-step. A quasi-steady solve:
  /// |what comes in - what goes out| over the call, relative to the same sum.
  double balance_residual = 0.0;
  std::size_t negative = 0;  ///< voxels below zero at the end (only from negative sources or data)
};

/// The worst over substances; details per substance are in the workspace, valid until its next use.
struct StepReport {
  double balance_residual = 0.0;
  double error_estimate = 0.0;
  int steps = 0;  ///< sub-steps, all substances
  std::size_t negative = 0;
  std::span<const SubstanceReport> substances;
};

/// Buffers of `advance`; grown by the first calls, then no call allocates. Belongs to one plan; holds
/// nothing that results depend on. A mobility that changed since the last call costs as much as the first
/// call.
class Workspace {
 public:
  Workspace();
  ~Workspace();
  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;
  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

/// Advances all substances by `minutes` > 0. `exchange` has one entry per substance, or none at all.
/// Same bits for any number of threads. Throws NumericalError with substance, voxel (i, j, k), centre and
/// value where a concentration is not finite, or where a solve does not converge; `fields` is then as far as
/// it came and must not be used on.
StepReport advance(Fields& fields, const Plan& plan, std::span<const Exchange> exchange, double minutes,
                   Workspace& workspace, core::Threads threads);

}  // namespace stroma::fields

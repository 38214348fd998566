// Defect correction in double precision around V-cycles in single precision. A cycle: residual and local
// rates of the finest level from the concentrations, V(1,1) for the error, correction. Steady saturable
// uptake: the rates are the derivatives at the present guess (Newton), one cycle each. At the end: guesses
// below zero are lifted by a positive sweep, and a common factor near 1 closes the mass balance.
#include "fields/multigrid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "fields/mixing.hpp"
#include "fields/multigrid_cycle.hpp"
#include "fields/multigrid_stencil.hpp"
#include "fields/sums.hpp"

namespace stroma::fields {
namespace {

constexpr int most_cycles = 200;
/// Cycles that leave more than this of the error are mixed from then on.
constexpr double slow = 0.4;

/// What one row of voxels adds to the balance of the whole grid, fixed voxels left out but for `held`.
struct RowBalance {
  double held = 0.0;  ///< c of fixed voxels
  double start = 0.0, source = 0.0, boundary_in = 0.0, above_in = 0.0,
         fixed_in = 0.0;  ///< do not depend on c
  double content = 0.0, uptake_linear = 0.0, uptake_saturable = 0.0, boundary_out = 0.0, above_out = 0.0,
         fixed_out = 0.0;  ///< proportional to c
};

double sum_of(const std::vector<RowBalance>& rows, double RowBalance::*term) {
  Sum sum;
  for (const RowBalance& row : rows) sum.add(row.*term);
  return sum.value();
}

}  // namespace

struct Multigrid::Impl {
  VCycle vcycle;
  Level& level;  ///< the finest
  Mixing mixing;
  std::vector<kernel::Extremes> extremes;
  std::vector<RowBalance> balances;

  explicit Impl(const Grid& grid) : vcycle(grid), level(vcycle.finest()) {}

  // ---- the finest level, in double precision -------------------------------------------------------------

  void residual(const Task& task, const double* c, core::Threads threads) {
    if (task.t.mobility.empty())
      residual_uniform(task, c, threads);
    else
      residual_general(task, c, threads);
    for (const FixedVoxel& fixed : task.t.plan->fixed) {
      const auto [i, j, k] = task.t.grid.place(fixed.voxel);
      const std::size_t at = level.offset(static_cast<std::size_t>(j), static_cast<std::size_t>(k)) +
                             static_cast<std::size_t>(i);
      level.react[at] = std::numeric_limits<float>::infinity();
      level.r[at] = 0.0f;
    }
  }

  void residual_uniform(const Task& task, const double* c, core::Threads threads) {
    const Transport& t = task.t;
    const Exchange& x = *task.given.exchange;
    const auto inflow = [&](std::size_t face) {
      return t.inflow_per_value[face] * task.given.boundary_value[face];
    };
    const std::array<std::size_t, 3> n = level.n;
    for_rows(level, threads, [&](std::size_t j, std::size_t k) {
      const std::size_t first = n[0] * (j + n[1] * k);
      const auto from = [&](std::span<const double> values) {
        return values.empty() ? nullptr : values.data() + first;
      };
      kernel::FineRow row;
      row.c = c + first;
      row.y_low = j > 0 ? row.c - n[0] : row.c;
      row.y_high = j + 1 < n[1] ? row.c + n[0] : row.c;
      row.z_low = k > 0 ? row.c - n[0] * n[1] : row.c;
      row.z_high = k + 1 < n[2] ? row.c + n[0] * n[1] : row.c;
      row.start = task.start ? task.start + first : nullptr;
      row.uptake = from(x.uptake_linear);
      row.most = from(x.uptake_saturable);
      row.source = from(x.source);
      row.x_weight = t.rate[0];
      row.y_weight_low = row.y_weight_high = t.rate[1];
      row.z_weight_low = row.z_weight_high = t.rate[2];
      if (t.grid.dimensions > 1 && j == 0) row.sink += t.sink[2], row.inflow += inflow(2);
      if (t.grid.dimensions > 1 && j + 1 == n[1]) row.sink += t.sink[3], row.inflow += inflow(3);
      if (t.grid.dimensions > 2 && k == 0) row.sink += t.sink[4], row.inflow += inflow(4);
      if ((t.grid.dimensions > 2 || t.is_under_medium) && k + 1 == n[2])
        row.sink += t.sink[5], row.inflow += inflow(5);
      row.x_sink_low = t.sink[0];
      row.x_sink_high = t.sink[1];
      row.x_inflow_low = inflow(0);
      row.x_inflow_high = inflow(1);
      row.per_minute = task.per_minute;
      row.decay = t.plan->decay;
      row.half_uptake = t.plan->half_uptake;
      row.lagged = task.lagged();
      row.size = n[0];
      const std::size_t at = level.offset(j, k);
      kernel::fine_residual(row, level.r.data() + at, level.react.data() + at);
    });
  }

  void residual_general(const Task& task, const double* c, core::Threads threads) {
    const Stencil stencil(task, c);
    const std::array<std::size_t, 3> n = level.n;
    for_rows(level, threads, [&](std::size_t j, std::size_t k) {
      const std::size_t first = n[0] * (j + n[1] * k), at = level.offset(j, k);
      for (std::size_t i = 0; i < n[0]; ++i) {
        const Voxel x = stencil(i, j, k);
        const double here = c[first + i], half = task.t.plan->half_uptake;
        level.r[at + i] = static_cast<float>(x.in - (x.out + (task.lagged() ? 0.0 : x.chord)) * here);
        double local = task.t.plan->decay + task.per_minute + x.boundary_out + x.above_out;
        if (!task.given.exchange->uptake_linear.empty())
          local += task.given.exchange->uptake_linear[first + i];
        // Where nothing is taken up so, Km may be 0, and 0/(0 + 0) is no slope.
        if (x.chord > 0.0) local += task.lagged() ? x.chord : x.chord * (half / (half + std::max(here, 0.0)));
        level.react[at + i] = std::max(static_cast<float>(local), kernel::least_rate);
      }
    });
  }

  /// Newton's method for saturable uptake overshoots where c is far above Km and far from the solution;
  /// `bounded` keeps its guesses positive.
  kernel::Extremes correct(double* c, bool bounded, core::Threads threads) {
    extremes.assign(level.rows(), {});
    for_rows(level, threads, [&](std::size_t j, std::size_t k) {
      extremes[j + level.n[1] * k] = kernel::correct(
          c + level.n[0] * (j + level.n[1] * k), level.e.data() + level.offset(j, k), level.n[0], bounded);
    });
    kernel::Extremes all;
    for (const kernel::Extremes& row : extremes) {
      all.correction = std::max(all.correction, row.correction);
      all.largest = std::max(all.largest, row.largest);
      all.lowest = std::min(all.lowest, row.lowest);
    }
    return all;
  }

  /// A first guess may be lifted; a state may not.
  void lift_guess(double* c, core::Threads threads) const {
    for_rows(level, threads, [&](std::size_t j, std::size_t k) {
      double* row = c + level.n[0] * (j + level.n[1] * k);
      for (std::size_t i = 0; i < level.n[0]; ++i) row[i] = std::max(row[i], 0.0);
    });
  }

  /// One Gauss-Seidel sweep with the exact positive root of each voxel's equation, from a guess whose
  /// negative values are lifted to 0: the result is nowhere negative, and closer to the (positive) solution.
  void lift(const Task& task, double* c, core::Threads threads) {
    lift_guess(c, threads);
    const std::size_t nx = level.n[0];
    const Stencil stencil(task, c);
    const double half = task.t.plan->half_uptake;
    for (const std::size_t colour : {0U, 1U})
      for_rows(level, threads, [&](std::size_t j, std::size_t k) {
        if ((j + k) % 2 != colour) return;
        const std::size_t first = nx * (j + level.n[1] * k);
        for (std::size_t i = 0; i < nx; ++i) {
          if (stencil.fixed(first + i)) continue;
          const Voxel x = stencil(i, j, k);
          // out c^2 + (out Km + Vmax - in) c - in Km = 0; without Vmax: c = in/out.
          const double p = x.out * half + x.most - x.in, q = x.in * half;
          const double root = std::sqrt(p * p + 4.0 * x.out * std::max(q, 0.0));
          if (x.most == 0.0)
            c[first + i] = x.in / x.out;
          else
            c[first + i] = p > 0.0 ? 2.0 * q / (p + root) : (root - p) / (2.0 * x.out);
        }
      });
  }

  /// Multiplies the solution by the factor that makes in = out over the whole grid, and says what went where.
  Terms balance(const Task& task, double* c, core::Threads threads) {
    balances.assign(level.rows(), {});
    const Stencil stencil(task, c);
    for_rows(level, threads, [&](std::size_t j, std::size_t k) {
      balances[j + level.n[1] * k] = row_balance(task, stencil, c, j, k);
    });
    const auto sum = [&](double RowBalance::*term) { return sum_of(balances, term); };
    Terms in, out;  // out: of the solution as it is
    in.source = sum(&RowBalance::source);
    in.boundary = sum(&RowBalance::boundary_in);
    in.above = sum(&RowBalance::above_in);
    in.fixed = sum(&RowBalance::fixed_in);
    out.content = sum(&RowBalance::content);
    out.uptake_linear = sum(&RowBalance::uptake_linear);
    out.uptake_saturable = sum(&RowBalance::uptake_saturable);
    out.boundary = sum(&RowBalance::boundary_out);
    out.above = sum(&RowBalance::above_out);
    out.fixed = sum(&RowBalance::fixed_out);
    out.decayed = task.t.plan->decay * out.content;
    const double w = task.per_minute;
    const double gain = w * sum(&RowBalance::start) + in.source + in.boundary + in.above + in.fixed;
    const double loss = w * out.content + out.decayed + out.uptake_linear + out.uptake_saturable +
                        out.boundary + out.above + out.fixed;
    // Where nothing comes in, nothing is there.
    const double factor = loss > 0.0 && gain >= 0.0 ? gain / loss : 1.0;
    scale(task, c, factor, threads);
    Terms terms;
    terms.content = sum(&RowBalance::held) + factor * out.content;
    terms.source = in.source;
    terms.boundary = in.boundary - factor * out.boundary;
    terms.above = in.above - factor * out.above;
    terms.fixed = in.fixed - factor * out.fixed;
    terms.decayed = factor * out.decayed;
    terms.uptake_linear = factor * out.uptake_linear;
    terms.uptake_saturable = factor * out.uptake_saturable;
    return terms;
  }

  RowBalance row_balance(const Task& task, const Stencil& stencil, const double* c, std::size_t j,
                         std::size_t k) const {
    const Exchange& exchange = *task.given.exchange;
    const std::size_t nx = level.n[0], first = nx * (j + level.n[1] * k);
    RowBalance row;
    for (std::size_t v = first; v < first + nx; ++v) {
      if (stencil.fixed(v)) {
        row.held += c[v];
        continue;
      }
      row.content += c[v];
      if (task.start) row.start += task.start[v];
      if (!exchange.source.empty()) row.source += exchange.source[v];
      if (!exchange.uptake_linear.empty()) row.uptake_linear += exchange.uptake_linear[v] * c[v];
      if (!exchange.uptake_saturable.empty()) row.uptake_saturable += stencil.chord(v) * c[v];
    }
    add_edges(row, task, stencil, c, j, k);
    return row;
  }

  /// What faces and fixed neighbours exchange with a row; inner voxels of inner rows have neither, unless
  /// voxels are fixed somewhere.
  void add_edges(RowBalance& row, const Task& task, const Stencil& stencil, const double* c, std::size_t j,
                 std::size_t k) const {
    const std::size_t nx = level.n[0], first = nx * (j + level.n[1] * k);
    const bool edge_row = j == 0 || j + 1 == level.n[1] || k == 0 || k + 1 == level.n[2];
    const bool all = edge_row || !task.t.is_fixed.empty() || nx == 1;
    for (std::size_t i = 0; i < nx; i += all ? 1 : nx - 1) {
      if (stencil.fixed(first + i)) continue;
      const Voxel x = stencil(i, j, k);
      const double here = c[first + i];
      row.boundary_in += x.boundary_in;
      row.boundary_out += x.boundary_out * here;
      row.above_in += x.above_in;
      row.above_out += x.above_out * here;
      row.fixed_in += x.fixed_in;
      row.fixed_out += x.fixed_out * here;
    }
  }

  void scale(const Task& task, double* c, double factor, core::Threads threads) {
    if (factor == 1.0) return;
    const Stencil stencil(task, c);
    for_rows(level, threads, [&](std::size_t j, std::size_t k) {
      const std::size_t first = level.n[0] * (j + level.n[1] * k);
      for (std::size_t v = first; v < first + level.n[0]; ++v)
        if (!stencil.fixed(v)) c[v] *= factor;
    });
  }

  Solved solve(const Task& task, double* c, double tolerance, core::Threads threads) {
    vcycle.choose(task.t, threads);
    const bool newton = !task.lagged() && !task.given.exchange->uptake_saturable.empty();
    if (newton) lift_guess(c, threads);
    Solved solved;
    kernel::Extremes now;
    double before = 0.0;
    bool mixes = false;
    while (solved.cycles < most_cycles && !solved.converged) {
      residual(task, c, threads);
      if (solved.cycles == 0 || newton) vcycle.restrict_rates(threads);
      vcycle.run(threads);
      if (mixes) mixing.mix(level.e, threads);
      now = correct(c, newton, threads);
      ++solved.cycles;
      // The error that is left, of cycles that each leave `rate` of it; one half until two cycles tell.
      const double rate =
          solved.cycles == 1 ? 0.5 : std::clamp(now.correction / std::max(before, 1e-300), 0.05, 0.99);
      solved.error = now.correction * rate / (1.0 - rate) / std::max(now.largest, 1e-300);
      if (!mixes && solved.cycles > 1 && now.correction > slow * before) {
        mixes = true;
        mixing.restart();
      }
      before = now.correction;
      if (!std::isfinite(solved.error)) return solved;
      solved.converged = solved.error <= tolerance;
    }
    if (!solved.converged) return solved;
    if (now.lowest < 0.0) lift(task, c, threads);
    solved.terms = balance(task, c, threads);
    if (now.lowest < 0.0) solved.terms.lowest = *std::min_element(c, c + task.t.grid.voxels());
    solved.terms.lowest = std::min(solved.terms.lowest, 0.0);
    return solved;
  }
};

Multigrid::Multigrid(const Grid& grid) : impl_(std::make_unique<Impl>(grid)) {}
Multigrid::~Multigrid() = default;

Solved Multigrid::step(double* result, const double* start, const Transport& transport, const Given& given,
                       double minutes, double tolerance, core::Threads threads) {
  Solved solved = impl_->solve({transport, given, start, 1.0 / minutes}, result, tolerance, threads);
  const Terms per_minute = solved.terms;
  solved.terms = combine(minutes, per_minute, 0.0, {});
  solved.terms.content = per_minute.content;
  solved.terms.lowest = per_minute.lowest;
  return solved;
}

Solved Multigrid::steady(double* result, const Transport& transport, const Given& given, double tolerance,
                         core::Threads threads) {
  return impl_->solve({transport, given, nullptr, 0.0}, result, tolerance, threads);
}

}  // namespace stroma::fields

// The split step where diffusivity is the same everywhere and no voxel is fixed: x and y of a plane while
// it is in the cache, then z over blocks of columns; all systems of an axis share their factors. Two passes
// over memory for a step.
#include <omp.h>

#include <algorithm>

#include "fields/split.hpp"
#include "fields/split_kernel.hpp"

namespace stroma::fields {
namespace {

/// The systems of one axis.
struct Axis {
  std::vector<double>&weight, &ratio, &diagonal;
  kernel::Factors factors;
  double coupling = 0.0, sink_low = 0.0, sink_high = 0.0;  ///< dt times the rates
};

Axis make_axis(SplitScratch& scratch, const Transport& t, const Given& given, double dt, std::size_t a) {
  Axis axis{scratch.weight[a], scratch.ratio[a], scratch.diagonal[a], {}};
  const std::size_t n = t.grid.size(static_cast<int>(a));
  const double decay = static_cast<int>(a) == t.reaction_axis ? t.plan->decay : 0.0;
  axis.coupling = dt * t.rate[a];
  axis.sink_low = dt * t.sink[2 * a];
  axis.sink_high = dt * t.sink[2 * a + 1];
  axis.weight.resize(n);
  axis.ratio.resize(n);
  axis.diagonal.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    double out = decay;
    if (i > 0) out += t.rate[a];
    if (i + 1 < n) out += t.rate[a];
    if (i == 0) out += t.sink[2 * a];
    if (i + 1 == n) out += t.sink[2 * a + 1];
    axis.diagonal[i] = 1.0 + dt * out;
    const double pivot = axis.diagonal[i] - (i > 0 ? axis.coupling * axis.ratio[i - 1] : 0.0);
    axis.weight[i] = 1.0 / pivot;
    axis.ratio[i] = axis.coupling * axis.weight[i];
  }
  axis.factors = {axis.weight.data(), axis.ratio.data(), n,
                  dt * t.inflow_per_value[2 * a] * given.boundary_value[2 * a],
                  dt * t.inflow_per_value[2 * a + 1] * given.boundary_value[2 * a + 1]};
  axis.factors.ghost_low = axis.factors.add_low / axis.coupling;
  axis.factors.ghost_high = axis.factors.add_high / axis.coupling;
  return axis;
}

class UniformStep {
 public:
  UniformStep(double* result, const double* start, const Transport& t, const Given& given, double minutes,
              SplitScratch& scratch, core::Threads threads)
      : result_(result),
        start_(start),
        t_(t),
        exchange_(*given.exchange),
        dt_(minutes),
        nx_(t.grid.size(0)),
        ny_(t.grid.size(1)),
        nz_(t.grid.size(2)),
        scratch_(scratch),
        threads_(threads),
        teams_(static_cast<std::size_t>(std::max(1, threads.count))),
        x_(make_axis(scratch, t, given, minutes, 0)),
        y_(make_axis(scratch, t, given, minutes, 1)),
        z_(make_axis(scratch, t, given, minutes, 2)) {
    const std::size_t longest = std::max({nx_, ny_, nz_});
    if (scratch.lines.size() < teams_) scratch.lines.resize(teams_);
    for (AlignedDoubles& lines : scratch.lines)
      if (lines.size() < 4 * kernel::columns_at_once * longest)
        lines = AlignedDoubles(4 * kernel::columns_at_once * longest);
  }

  Terms run() {
    if (t_.grid.dimensions == 3) {
      planes();
      columns(nx_ * ny_, z_);
    } else {
      rows();
      columns(nx_, y_);
    }
    return total_;
  }

 private:
  double* lines() { return scratch_.lines[static_cast<std::size_t>(omp_get_thread_num()) % teams_].data(); }

  /// x, then y, of one plane after the other.
  void planes() {
    scratch_.parts.assign(nz_, Terms{});
    core::for_chunks(nz_, 1, threads_, [&](std::size_t k, std::size_t) {
      const std::size_t first = k * nx_ * ny_;
      double* plane = result_ + first;
      double boundary =
          x_flow(kernel::solve_plane(plane, start_ + first, x_.factors, y_.factors, lines()), ny_);
      if (y_.sink_low > 0.0) boundary -= y_.sink_low * sum(plane, nx_);
      if (y_.sink_high > 0.0) boundary -= y_.sink_high * sum(plane + (ny_ - 1) * nx_, nx_);
      boundary += static_cast<double>(nx_) * (y_.factors.add_low + y_.factors.add_high);
      scratch_.parts[k].boundary = boundary;
    });
    total_ = sum_terms(scratch_.parts);
  }

  /// x of a two-dimensional grid.
  void rows() {
    constexpr std::size_t chunk = 16;
    scratch_.parts.assign(core::chunk_count(ny_, chunk), Terms{});
    core::for_chunks(ny_, chunk, threads_, [&](std::size_t begin, std::size_t end) {
      double* first = result_ + begin * nx_;
      const kernel::Ends ends =
          kernel::solve_rows(first, start_ + begin * nx_, end - begin, x_.factors, lines());
      scratch_.parts[begin / chunk].boundary = x_flow(ends, end - begin);
    });
    total_ = sum_terms(scratch_.parts);
  }

  /// The last axis, in blocks of columns.
  void columns(std::size_t stride, const Axis& axis) {
    constexpr std::size_t chunk = kernel::columns_at_once;
    scratch_.parts.assign(core::chunk_count(stride, chunk), Terms{});
    core::for_chunks(stride, chunk, threads_, [&](std::size_t begin, std::size_t end) {
      add(scratch_.parts[begin / chunk], block(begin, end - begin, stride, axis), axis, end - begin);
    });
    const Terms last = sum_terms(scratch_.parts);
    const double boundary = total_.boundary;
    total_ = last;
    total_.boundary += boundary;
    total_.decayed = dt_ * t_.plan->decay * last.content;
  }

  kernel::ColumnSums block(std::size_t i, std::size_t count, std::size_t stride, const Axis& axis) {
    const auto from = [&](std::span<const double> values) {
      return values.empty() ? nullptr : values.data() + i;
    };
    const kernel::Reaction reaction{from(exchange_.uptake_linear),
                                    from(exchange_.uptake_saturable),
                                    from(exchange_.source),
                                    axis.diagonal.data(),
                                    axis.coupling,
                                    dt_,
                                    t_.plan->half_uptake};
    return kernel::react_columns(result_ + i, stride, count, axis.factors, reaction, lines());
  }

  void add(Terms& terms, const kernel::ColumnSums& sums, const Axis& axis, std::size_t count) const {
    terms.content += sums.content;
    terms.lowest = std::min(terms.lowest, sums.lowest);
    terms.source += dt_ * sums.source;
    terms.uptake_linear += dt_ * sums.uptake;
    terms.uptake_saturable += dt_ * sums.saturable;
    terms.boundary += static_cast<double>(count) * (axis.factors.add_low + axis.factors.add_high) -
                      axis.sink_low * sums.ends.first - axis.sink_high * sums.ends.last;
  }

  /// What came in through the x faces of some rows.
  double x_flow(const kernel::Ends& ends, std::size_t rows) const {
    return static_cast<double>(rows) * (x_.factors.add_low + x_.factors.add_high) - x_.sink_low * ends.first -
           x_.sink_high * ends.last;
  }

  static double sum(const double* values, std::size_t n) {
    double total = 0.0;
    for (std::size_t i = 0; i < n; ++i) total += values[i];
    return total;
  }

  double* result_;
  const double* start_;
  const Transport& t_;
  const Exchange& exchange_;
  double dt_;
  std::size_t nx_, ny_, nz_;
  SplitScratch& scratch_;
  core::Threads threads_;
  std::size_t teams_;
  Axis x_, y_, z_;
  Terms total_;
};

}  // namespace

Terms split_step(double* result, const double* start, const Transport& transport, const Given& given,
                 double minutes, SplitScratch& scratch, core::Threads threads) {
  if (!transport.uniform || transport.grid.dimensions == 1)
    return split_step_general(result, start, transport, given, minutes, scratch, threads);
  return UniformStep(result, start, transport, given, minutes, scratch, threads).run();
}

}  // namespace stroma::fields

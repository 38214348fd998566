// The split step by general line systems: coefficients per voxel, eight lines side by side.
#include "fields/split.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>

namespace stroma::fields {
namespace {

constexpr std::size_t lanes = 8;  ///< lines that are solved side by side

/// Systems of eight lines of n voxels: below[i] c[i-1] + diagonal[i] c[i] + above[i] c[i+1] = right[i].
struct Systems {
  double *below, *diagonal, *above, *right, *saturable;
};

/// Gaussian elimination; the solution replaces `right`. Stable without pivoting: the matrices are diagonally
/// dominant.
void solve(const Systems& s, std::size_t n) {
  for (std::size_t l = 0; l < lanes; ++l) {
    const double inverse = 1.0 / s.diagonal[l];
    s.above[l] *= inverse;
    s.right[l] *= inverse;
  }
  for (std::size_t at = lanes; at < n * lanes; ++at) {
    const double inverse = 1.0 / (s.diagonal[at] - s.below[at] * s.above[at - lanes]);
    s.above[at] *= inverse;
    s.right[at] = (s.right[at] - s.below[at] * s.right[at - lanes]) * inverse;
  }
  for (std::size_t at = (n - 1) * lanes; at-- > 0;) s.right[at] -= s.above[at] * s.right[at + lanes];
}

double at(std::span<const double> values, std::size_t voxel) {
  return values.empty() ? 0.0 : values[voxel];
}

/// One axis.
class Sweep {
 public:
  Sweep(double* result, const double* start, const Transport& transport, const Given& given, double minutes,
        int axis)
      : result_(result), start_(start), t_(transport), given_(given), dt_(minutes), axis_(axis) {
    const Grid& grid = t_.grid;
    n_ = grid.size(axis);
    stride_ = axis == 0 ? 1 : axis == 1 ? grid.size(0) : grid.size(0) * grid.size(1);
    lines_ = grid.voxels() / n_;
    reacts_ = axis == t_.reaction_axis;
    rate_ = t_.rate[static_cast<std::size_t>(axis)];
    low_ = static_cast<std::size_t>(2 * axis);
    from_above_ = reacts_ && t_.is_under_medium;
  }

  std::size_t lines() const { return lines_; }
  std::size_t scratch_size() const { return 5 * n_ * lanes; }

  /// Solves lines [first, first + count), count <= lanes.
  void run(std::size_t first, std::size_t count, double* scratch, Terms& terms) const {
    const std::size_t size = n_ * lanes;
    const Systems s{scratch, scratch + size, scratch + 2 * size, scratch + 3 * size, scratch + 4 * size};
    for (std::size_t l = 0; l < lanes; ++l) assemble(s, l, line(first + std::min(l, count - 1)));
    solve(s, n_);
    for (std::size_t l = 0; l < count; ++l) finish(s, l, line(first + l), terms);
  }

 private:
  static constexpr std::size_t top = faces - 1;

  /// The first voxel of a line. Lines count along x first.
  std::size_t line(std::size_t index) const {
    if (axis_ == 0) return index * n_;
    return index % stride_ + index / stride_ * stride_ * n_;
  }
  bool fixed(std::size_t v) const { return !t_.is_fixed.empty() && t_.is_fixed[v] != 0; }
  double fixed_value(std::size_t v) const {
    const auto& plan = t_.plan->fixed;
    const auto found = std::lower_bound(
        plan.begin(), plan.end(), v, [](const FixedVoxel& f, std::size_t voxel) { return f.voxel < voxel; });
    return given_.fixed_value[found - plan.begin()];
  }
  /// a between voxel i of a line and the one below it.
  double coupling(std::size_t v, std::size_t i) const {
    if (i == 0 || i == n_) return 0.0;
    const auto& m = t_.face_mobility[static_cast<std::size_t>(axis_)];
    return m.empty() ? rate_ : rate_ * m[v];
  }
  double sink(std::size_t face, std::size_t v) const { return t_.sink_of(face, v); }
  double inflow(std::size_t face, std::size_t v) const {
    return t_.inflow_of(face, v) * given_.boundary_value[face];
  }

  void assemble(const Systems& s, std::size_t l, std::size_t v0) const {
    for (std::size_t i = 0; i < n_; ++i) {
      const std::size_t v = v0 + i * stride_, e = i * lanes + l;
      const double c = start_[v];
      s.saturable[e] = 0.0;
      if (fixed(v)) {
        s.below[e] = s.above[e] = 0.0;
        s.diagonal[e] = 1.0;
        s.right[e] = fixed_value(v);
        continue;
      }
      const double below = coupling(v, i), above = i + 1 == n_ ? 0.0 : coupling(v + stride_, i + 1);
      double out = below + above, in = 0.0;
      if (i == 0) {
        out += sink(low_, v);
        in += inflow(low_, v);
      }
      if (i + 1 == n_) {
        out += sink(low_ + 1, v);
        in += inflow(low_ + 1, v);
      }
      if (from_above_) {
        out += sink(top, v);
        in += inflow(top, v);
      }
      if (reacts_) {
        const double most = at(given_.exchange->uptake_saturable, v);
        if (most != 0.0) s.saturable[e] = most / (t_.plan->half_uptake + std::max(c, 0.0));
        out += t_.plan->decay + at(given_.exchange->uptake_linear, v) + s.saturable[e];
        in += at(given_.exchange->source, v);
      }
      s.below[e] = -dt_ * below;
      s.above[e] = -dt_ * above;
      s.diagonal[e] = 1.0 + dt_ * out;
      s.right[e] = c + dt_ * in;
    }
  }

  /// Writes a line back and counts what went in and out.
  void finish(const Systems& s, std::size_t l, std::size_t v0, Terms& terms) const {
    for (std::size_t i = 0; i < n_; ++i) {
      const std::size_t v = v0 + i * stride_, e = i * lanes + l;
      const double c = s.right[e];
      result_[v] = c;
      terms.content += c;
      terms.lowest = std::min(terms.lowest, c);
      if (fixed(v)) continue;
      if (i == 0) terms.boundary += dt_ * (inflow(low_, v) - sink(low_, v) * c);
      if (i + 1 == n_) terms.boundary += dt_ * (inflow(low_ + 1, v) - sink(low_ + 1, v) * c);
      if (from_above_) terms.above += dt_ * (inflow(top, v) - sink(top, v) * c);
      if (!t_.is_fixed.empty()) {
        if (i > 0 && fixed(v - stride_)) terms.fixed += dt_ * coupling(v, i) * (s.right[e - lanes] - c);
        if (i + 1 < n_ && fixed(v + stride_))
          terms.fixed += dt_ * coupling(v + stride_, i + 1) * (s.right[e + lanes] - c);
      }
      if (reacts_) {
        terms.decayed += dt_ * t_.plan->decay * c;
        terms.uptake_linear += dt_ * at(given_.exchange->uptake_linear, v) * c;
        terms.uptake_saturable += dt_ * s.saturable[e] * c;
        terms.source += dt_ * at(given_.exchange->source, v);
      }
    }
  }

  double* result_;
  const double* start_;
  const Transport& t_;
  const Given& given_;
  double dt_;
  int axis_;
  std::size_t n_ = 1, stride_ = 1, lines_ = 1, low_ = 0;
  bool reacts_ = false;
  bool from_above_ = false;  ///< medium above is exchanged with in the systems of this axis
  double rate_ = 0.0;
};

}  // namespace

Terms split_step_general(double* result, const double* start, const Transport& transport, const Given& given,
                         double minutes, SplitScratch& scratch, core::Threads threads) {
  Terms total;
  const auto teams = static_cast<std::size_t>(std::max(1, threads.count));
  if (scratch.lines.size() < teams) scratch.lines.resize(teams);
  for (int axis = 0; axis <= transport.reaction_axis; ++axis) {
    const Sweep sweep(result, axis == 0 ? start : result, transport, given, minutes, axis);
    for (AlignedDoubles& lines : scratch.lines)
      if (lines.size() < sweep.scratch_size()) lines = AlignedDoubles(sweep.scratch_size());
    scratch.parts.assign(core::chunk_count(sweep.lines(), lanes), Terms{});
    core::for_chunks(sweep.lines(), lanes, threads, [&](std::size_t begin, std::size_t end) {
      const auto mine = static_cast<std::size_t>(omp_get_thread_num()) % teams;
      sweep.run(begin, end - begin, scratch.lines[mine].data(), scratch.parts[begin / lanes]);
    });
    const Terms terms = sum_terms(scratch.parts);
    total = combine(1.0, total, 1.0, terms);
    total.content = terms.content;
    total.lowest = terms.lowest;
  }
  return total;
}

}  // namespace stroma::fields

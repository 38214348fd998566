// Defect correction in double precision around V-cycles in single precision. A cycle: residual and local
// rates of the finest level from the concentrations, V(1,1) for the error, correction. Steady saturable
// uptake: the rates are the derivatives at the present guess (Newton), one cycle each. At the end: guesses
// below zero are lifted by a positive sweep, and a common factor near 1 closes the mass balance.
#include "fields/multigrid.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "fields/mixing.hpp"
#include "fields/multigrid_levels.hpp"

namespace stroma::fields {
namespace {

constexpr int most_cycles = 200;
/// Cycles that leave more than this of the error are mixed from then on.
constexpr double slow = 0.4;
constexpr std::size_t voxels_per_chunk = 16384;

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
  double boundary_in = 0.0, boundary_out = 0.0, fixed_in = 0.0, fixed_out = 0.0;
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
      const double most = exchange.uptake_saturable[v];
      const double where = task_.lagged() ? task_.start[v] : c_[v];
      x.chord = most / (t_.plan->half_uptake + std::max(where, 0.0));
      if (task_.lagged())
        x.out += x.chord;
      else
        x.most = most;
    }
    return x;
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
    if (static_cast<int>(face / 2) >= t_.grid.dimensions) return;
    const bool flux = t_.plan->boundary[face].kind == Boundary::Kind::flux;
    const double sink =
        t_.plan->mobility.empty() ? t_.sink[face] : t_.sink_at(static_cast<int>(face), t_.plan->mobility[v]);
    const double in = (flux ? t_.inflow_per_value[face] : sink) * task_.given.boundary_value[face];
    x.in += in;
    x.out += sink;
    x.boundary_in += in;
    x.boundary_out += sink;
  }

  const Task& task_;
  const Transport& t_;
  const double* c_;
  std::array<std::size_t, 3> n_{}, stride_{};
};

}  // namespace

struct Multigrid::Impl {
  std::vector<Level> levels;
  struct Cached {
    const Transport* transport;
    std::vector<Weights> weights;
  };
  std::vector<Cached> cache;
  std::vector<AlignedFloats> rows;  ///< per thread
  AlignedFloats zeros;
  std::vector<kernel::Extremes> extremes;
  std::vector<Terms> parts, outs;
  Mixing mixing;
  bool holds = false;  ///< the problem at hand has fixed voxels

  explicit Impl(const Grid& grid) : levels(make_levels(grid)), zeros(levels[0].size + 4 * kernel::row_unit) {}

  const std::vector<Weights>& weights_of(const Transport& transport) {
    for (const Cached& entry : cache)
      if (entry.transport == &transport) return entry.weights;
    cache.push_back({&transport, make_weights(levels, transport)});
    return cache.back().weights;
  }

  const float* zero_row() const { return zeros.data() + kernel::row_unit; }

  float* row_buffer(core::Threads threads) {
    const auto teams = static_cast<std::size_t>(std::max(1, threads.count));
    return rows[static_cast<std::size_t>(omp_get_thread_num()) % teams].data() + kernel::row_unit;
  }

  void prepare(core::Threads threads) {
    const auto teams = static_cast<std::size_t>(std::max(1, threads.count));
    while (rows.size() < teams) rows.emplace_back(2 * levels[0].size + 6 * kernel::row_unit);
  }

  /// Calls body(j, k) for all rows of a level.
  template <class Body>
  static void for_rows(const Level& level, core::Threads threads, const Body& body) {
    const std::size_t chunk = std::max<std::size_t>(1, voxels_per_chunk / level.size);
    core::for_chunks(level.rows(), chunk, threads, [&](std::size_t begin, std::size_t end) {
      for (std::size_t row = begin; row < end; ++row) body(row % level.n[1], row / level.n[1]);
    });
  }

  kernel::Row row_of(Level& level, const Weights& w, std::size_t j, std::size_t k) const {
    const auto neighbour = [&](const float* array, bool there, std::size_t jj, std::size_t kk) {
      return there ? array + level.offset(jj, kk) : zero_row();
    };
    kernel::Row row;
    const std::size_t at = level.offset(j, k);
    const bool below = j > 0, above = j + 1 < level.n[1], under = k > 0, over = k + 1 < level.n[2];
    row.e = level.e.data() + at;
    row.r = level.r.data() + at;
    row.react = level.react.data() + at;
    row.y_low = neighbour(level.e.data(), below, j - 1, k);
    row.y_high = neighbour(level.e.data(), above, j + 1, k);
    row.z_low = neighbour(level.e.data(), under, j, k - 1);
    row.z_high = neighbour(level.e.data(), over, j, k + 1);
    row.x_weight_low = w.x_low.data();
    row.x_weight_high = w.x_high.data();
    row.x_diagonal = w.x_diagonal.data();
    row.y_weight_low = w.low[1][j];
    row.y_weight_high = w.high[1][j];
    row.z_weight_low = w.low[2][k];
    row.z_weight_high = w.high[2][k];
    row.diagonal = w.diagonal[1][j] + w.diagonal[2][k];
    if (w.mobility[0].size() > 0) {
      row.x_mobility = w.mobility[0].data() + at;
      row.y_mobility_low = w.mobility[1].data() + at;
      row.y_mobility_high = neighbour(w.mobility[1].data(), above, j + 1, k);
      row.z_mobility_low = w.mobility[2].data() + at;
      row.z_mobility_high = neighbour(w.mobility[2].data(), over, j, k + 1);
    }
    row.size = level.size;
    return row;
  }

  /// Four-colour Gauss-Seidel: rows of even j + k, then odd ones; within rows even i, then odd i. Backwards
  /// where not `forward`.
  void smooth(Level& level, const Weights& w, bool forward, core::Threads threads) {
    for (const std::size_t colour : {forward ? 0U : 1U, forward ? 1U : 0U})
      for_rows(level, threads, [&](std::size_t j, std::size_t k) {
        if ((j + k) % 2 == colour) kernel::smooth(row_of(level, w, j, k), forward);
      });
  }

  void restrict_residual(Level& fine, Level& coarse, const Weights& w, core::Threads threads) {
    const auto& t = w.transfer;
    for_rows(coarse, threads, [&](std::size_t J, std::size_t K) {
      float* sum = row_buffer(threads);
      std::fill(sum, sum + std::max(fine.size, 2 * coarse.size), 0.0f);
      for (std::size_t z = 0; z < t[2].children[K]; ++z)
        for (std::size_t y = 0; y < t[1].children[J]; ++y)
          kernel::add_residual(sum, row_of(fine, w, t[1].first[J] + y, t[2].first[K] + z),
                               (y == 0 ? t[1].low[J] : t[1].high[J]) * (z == 0 ? t[2].low[K] : t[2].high[K]));
      float* r = coarse.r.data() + coarse.offset(J, K);
      if (fine.coarsen[0])
        kernel::restrict_pairs(r, sum, w.x_restrict_low.data(), w.x_restrict_high.data(), coarse.size);
      else
        std::copy(sum, sum + coarse.size, r);
    });
  }

  void prolong(Level& fine, const Level& coarse, const Weights& w, core::Threads threads) {
    const auto& t = w.transfer;
    for_rows(fine, threads, [&](std::size_t j, std::size_t k) {
      float* sum = row_buffer(threads);
      std::fill(sum, sum + coarse.size, 0.0f);
      const auto add = [&](std::size_t J, std::size_t K, float weight) {
        if (weight != 0.0f) kernel::add_row(sum, coarse.e.data() + coarse.offset(J, K), weight, coarse.size);
      };
      add(t[1].parent[j], t[2].parent[k], t[1].near[j] * t[2].near[k]);
      add(t[1].other[j], t[2].parent[k], t[1].far[j] * t[2].near[k]);
      add(t[1].parent[j], t[2].other[k], t[1].near[j] * t[2].far[k]);
      add(t[1].other[j], t[2].other[k], t[1].far[j] * t[2].far[k]);
      sum[-1] = 0.0f;
      sum[coarse.size] = 0.0f;
      float* e = fine.e.data() + fine.offset(j, k);
      if (fine.coarsen[0])
        kernel::prolong_pairs(e, sum, w.x_even_near.data(), w.x_even_far.data(), w.x_odd_near.data(),
                              w.x_odd_far.data(), coarse.size);
      else
        kernel::add_row(e, sum, 1.0f, fine.size);
      if (holds) kernel::hold(e, fine.react.data() + fine.offset(j, k), fine.size);
    });
  }

  /// Local rates of a coarse level where nothing is held: means.
  void restrict_rates(const Level& fine, Level& coarse, const Weights& w, core::Threads threads) {
    if (holds) {
      restrict_held_rates(fine, coarse, w, threads);
      return;
    }
    const auto& t = w.transfer;
    for_rows(coarse, threads, [&](std::size_t J, std::size_t K) {
      float* sum = row_buffer(threads);
      std::fill(sum, sum + std::max(fine.size, 2 * coarse.size), 0.0f);
      for (std::size_t z = 0; z < t[2].children[K]; ++z)
        for (std::size_t y = 0; y < t[1].children[J]; ++y)
          kernel::add_row(sum, fine.react.data() + fine.offset(t[1].first[J] + y, t[2].first[K] + z),
                          (y == 0 ? t[1].low[J] : t[1].high[J]) * (z == 0 ? t[2].low[K] : t[2].high[K]),
                          fine.size);
      float* react = coarse.react.data() + coarse.offset(J, K);
      if (fine.coarsen[0])
        kernel::restrict_pairs(react, sum, w.x_restrict_low.data(), w.x_restrict_high.data(), coarse.size);
      else
        std::copy(sum, sum + coarse.size, react);
      std::fill(react + coarse.n[0], react + coarse.size, padding_rate);
    });
  }

  /// Local rates of a coarse voxel: the mean of its parts that are not held, plus their coupling to those
  /// that are.
  void restrict_held_rates(const Level& fine, Level& coarse, const Weights& w, core::Threads threads) {
    const auto& t = w.transfer;
    for_rows(coarse, threads, [&](std::size_t J, std::size_t K) {
      for (std::size_t I = 0; I < coarse.n[0]; ++I) {
        float sum = 0.0f, weight = 0.0f, whole = 0.0f;
        for (std::size_t z = 0; z < t[2].children[K]; ++z)
          for (std::size_t y = 0; y < t[1].children[J]; ++y) {
            const float* react =
                fine.react.data() + fine.offset(t[1].first[J] + y, t[2].first[K] + z) + t[0].first[I];
            const float share = (y == 0 ? t[1].low[J] : t[1].high[J]) * (z == 0 ? t[2].low[K] : t[2].high[K]);
            for (std::size_t x = 0; x < t[0].children[I]; ++x) {
              const float part = share * (x == 0 ? t[0].low[I] : t[0].high[I]);
              whole += part;
              if (react[x] > 3e38f) continue;
              sum += part * react[x];
              weight += part;
            }
          }
        float& result = coarse.react.data()[coarse.offset(J, K) + I];
        if (weight <= 0.501f * whole)
          result = std::numeric_limits<float>::infinity();
        else
          result = sum / weight +
                   (weight < 0.999f * whole ? pinning(w, I, J, K) * (whole - weight) / weight : 0.0f);
      }
    });
  }

  /// Coupling of a fine voxel to one that is held, where a coarse voxel contains both.
  static float pinning(const Weights& w, std::size_t I, std::size_t J, std::size_t K) {
    const std::array<std::size_t, 3> at{I, J, K};
    float strongest = 0.0f;
    for (std::size_t a = 0; a < 3; ++a) {
      const std::size_t f = w.transfer[a].first[at[a]];
      if (w.transfer[a].children[at[a]] == 2) strongest += 2.0f * w.high[a][f];
    }
    return strongest;
  }

  void cycle(const std::vector<Weights>& weights, std::size_t l, core::Threads threads) {
    Level& level = levels[l];
    const Weights& w = weights[l];
    for_rows(level, threads, [&](std::size_t j, std::size_t k) {
      float* e = level.e.data() + level.offset(j, k);
      std::fill(e, e + level.size, 0.0f);
    });
    if (l + 1 == levels.size()) {
      smooth(level, w, true, threads);
      return;
    }
    smooth(level, w, true, threads);
    restrict_residual(level, levels[l + 1], w, threads);
    cycle(weights, l + 1, threads);
    prolong(level, levels[l + 1], w, threads);
    smooth(level, w, false, threads);
  }

  // ---- the finest level, in double precision -------------------------------------------------------------

  void residual(const Task& task, const double* c, core::Threads threads) {
    if (task.t.plan->mobility.empty())
      residual_uniform(task, c, threads);
    else
      residual_general(task, c, threads);
    Level& level = levels[0];
    for (const FixedVoxel& fixed : task.t.plan->fixed) {
      const auto [i, j, k] = task.t.grid.place(fixed.voxel);
      const std::size_t at = level.offset(static_cast<std::size_t>(j), static_cast<std::size_t>(k)) +
                             static_cast<std::size_t>(i);
      level.react[at] = std::numeric_limits<float>::infinity();
      level.r[at] = 0.0f;
    }
  }

  void residual_uniform(const Task& task, const double* c, core::Threads threads) {
    Level& level = levels[0];
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
      if (t.grid.dimensions > 2 && k + 1 == n[2]) row.sink += t.sink[5], row.inflow += inflow(5);
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
    Level& level = levels[0];
    const Stencil stencil(task, c);
    const std::array<std::size_t, 3> n = level.n;
    for_rows(level, threads, [&](std::size_t j, std::size_t k) {
      const std::size_t first = n[0] * (j + n[1] * k), at = level.offset(j, k);
      for (std::size_t i = 0; i < n[0]; ++i) {
        const Voxel x = stencil(i, j, k);
        const double here = c[first + i], half = task.t.plan->half_uptake;
        level.r[at + i] = static_cast<float>(x.in - (x.out + (task.lagged() ? 0.0 : x.chord)) * here);
        double local = task.t.plan->decay + task.per_minute + x.boundary_out;
        if (!task.given.exchange->uptake_linear.empty())
          local += task.given.exchange->uptake_linear[first + i];
        local += task.lagged() ? x.chord : x.chord * (half / (half + std::max(here, 0.0)));
        level.react[at + i] = static_cast<float>(local);
      }
    });
  }

  /// Newton's method for saturable uptake overshoots where c is far above Km and far from the solution;
  /// `bounded` keeps its guesses positive.
  kernel::Extremes correct(double* c, bool bounded, core::Threads threads) {
    Level& level = levels[0];
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
    const Level& level = levels[0];
    for_rows(level, threads, [&](std::size_t j, std::size_t k) {
      double* row = c + level.n[0] * (j + level.n[1] * k);
      for (std::size_t i = 0; i < level.n[0]; ++i) row[i] = std::max(row[i], 0.0);
    });
  }

  /// One Gauss-Seidel sweep with the exact positive root of each voxel's equation, from a guess whose
  /// negative values are lifted to 0: the result is nowhere negative, and closer to the (positive) solution.
  void lift(const Task& task, double* c, core::Threads threads) {
    lift_guess(c, threads);
    const Level& level = levels[0];
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
    const Level& level = levels[0];
    const std::size_t nx = level.n[0];
    // ins: what does not depend on c; outs: what is proportional to it. `content` holds the start and c.
    parts.assign(level.rows(), {});
    outs.assign(level.rows(), {});
    const Stencil stencil(task, c);
    const Exchange& exchange = *task.given.exchange;
    for_rows(level, threads, [&](std::size_t j, std::size_t k) {
      const std::size_t first = nx * (j + level.n[1] * k);
      Terms in, out;
      for (std::size_t i = 0; i < nx; ++i) {
        const std::size_t v = first + i;
        if (stencil.fixed(v)) {
          in.fixed += c[v];  // content of fixed voxels, not to be scaled
          continue;
        }
        out.content += c[v];
        if (task.start) in.content += task.start[v];
        if (!exchange.source.empty()) in.source += exchange.source[v];
        if (!exchange.uptake_linear.empty()) out.uptake_linear += exchange.uptake_linear[v] * c[v];
        if (!exchange.uptake_saturable.empty()) {
          const double where = task.start ? task.start[v] : c[v];
          out.uptake_saturable +=
              exchange.uptake_saturable[v] / (task.t.plan->half_uptake + std::max(where, 0.0)) * c[v];
        }
      }
      add_edges(task, stencil, c, j, k, in, out);
      out.decayed = task.t.plan->decay * out.content;
      parts[j + level.n[1] * k] = in;
      outs[j + level.n[1] * k] = out;
    });
    const Terms in = sum_terms(parts), out = sum_terms(outs);
    const double w = task.per_minute;
    const double gain = w * in.content + in.source + in.boundary + in.decayed;
    const double loss =
        w * out.content + out.decayed + out.uptake_linear + out.uptake_saturable + out.boundary + out.fixed;
    // Where nothing comes in, nothing is there.
    const double factor = loss > 0.0 && gain >= 0.0 ? gain / loss : 1.0;
    scale(task, c, factor, threads);
    Terms terms;
    terms.content = in.fixed + factor * out.content;
    terms.source = in.source;
    terms.boundary = in.boundary - factor * out.boundary;
    terms.fixed = in.decayed - factor * out.fixed;
    terms.decayed = factor * out.decayed;
    terms.uptake_linear = factor * out.uptake_linear;
    terms.uptake_saturable = factor * out.uptake_saturable;
    return terms;
  }

  /// Boundary and fixed neighbours (in.decayed holds what they give) of one row.
  void add_edges(const Task& task, const Stencil& stencil, const double* c, std::size_t j, std::size_t k,
                 Terms& in, Terms& out) const {
    const Level& level = levels[0];
    const std::size_t nx = level.n[0], first = nx * (j + level.n[1] * k);
    const bool edge_row = j == 0 || j + 1 == level.n[1] || k == 0 || k + 1 == level.n[2];
    const bool all = edge_row || !task.t.is_fixed.empty();
    for (std::size_t i = 0; i < nx; i += all || nx == 1 ? 1 : nx - 1) {
      if (stencil.fixed(first + i)) continue;
      const Voxel x = stencil(i, j, k);
      const double here = c[first + i];
      in.boundary += x.boundary_in;
      out.boundary += x.boundary_out * here;
      in.decayed += x.fixed_in;
      out.fixed += x.fixed_out * here;
    }
  }

  void scale(const Task& task, double* c, double factor, core::Threads threads) {
    if (factor == 1.0) return;
    const Level& level = levels[0];
    const Stencil stencil(task, c);
    for_rows(level, threads, [&](std::size_t j, std::size_t k) {
      const std::size_t first = level.n[0] * (j + level.n[1] * k);
      for (std::size_t v = first; v < first + level.n[0]; ++v)
        if (!stencil.fixed(v)) c[v] *= factor;
    });
  }

  Solved solve(const Task& task, double* c, double tolerance, core::Threads threads) {
    prepare(threads);
    const std::vector<Weights>& weights = weights_of(task.t);
    const bool newton = !task.lagged() && !task.given.exchange->uptake_saturable.empty();
    holds = !task.t.plan->fixed.empty();
    if (newton) lift_guess(c, threads);
    Solved solved;
    kernel::Extremes now;
    double before = 0.0;
    bool mixes = false;
    while (solved.cycles < most_cycles && !solved.converged) {
      residual(task, c, threads);
      if (solved.cycles == 0 || newton)
        for (std::size_t l = 0; l + 1 < levels.size(); ++l)
          restrict_rates(levels[l], levels[l + 1], weights[l], threads);
      cycle(weights, 0, threads);
      if (mixes) mixing.mix(levels[0].e, threads);
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
  Terms& terms = solved.terms;
  const Terms rates = terms;
  terms = combine(minutes, rates, 0.0, rates);
  terms.content = rates.content;
  terms.lowest = rates.lowest;
  return solved;
}

Solved Multigrid::steady(double* result, const Transport& transport, const Given& given, double tolerance,
                         core::Threads threads) {
  return impl_->solve({transport, given, nullptr, 0.0}, result, tolerance, threads);
}

}  // namespace stroma::fields

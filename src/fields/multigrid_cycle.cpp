// One cycle, level by level; see the header.
#include "fields/multigrid_cycle.hpp"

#include <omp.h>

#include <algorithm>
#include <limits>

namespace stroma::fields {
namespace {

/// Coupling of a fine voxel to one that is held, where a coarse voxel contains both.
float pinning(const Weights& w, std::size_t I, std::size_t J, std::size_t K) {
  const std::array<std::size_t, 3> at{I, J, K};
  float strongest = 0.0f;
  for (std::size_t a = 0; a < 3; ++a) {
    const std::size_t f = w.transfer[a].first[at[a]];
    if (w.transfer[a].children[at[a]] == 2) strongest += 2.0f * w.high[a][f];
  }
  return strongest;
}

}  // namespace

VCycle::VCycle(const Grid& grid)
    : levels_(make_levels(grid)), zeros_(levels_[0].size + 4 * kernel::row_unit) {}

void VCycle::choose(const Transport& transport, core::Threads threads) {
  const auto teams = static_cast<std::size_t>(std::max(1, threads.count));
  while (rows_.size() < teams) rows_.emplace_back(2 * levels_[0].size + 6 * kernel::row_unit);
  holds_ = !transport.plan->fixed.empty();
  for (chosen_ = 0; chosen_ < cache_.size(); ++chosen_)
    if (cache_[chosen_].transport == &transport) return;
  cache_.push_back({&transport, make_weights(levels_, transport)});
}

float* VCycle::row_buffer() {
  return rows_[static_cast<std::size_t>(omp_get_thread_num()) % rows_.size()].data() + kernel::row_unit;
}

void VCycle::cycle(std::size_t l, core::Threads threads) {
  Level& level = levels_[l];
  const Weights& w = cache_[chosen_].weights[l];
  for_rows(level, threads, [&](std::size_t j, std::size_t k) {
    float* e = level.e.data() + level.offset(j, k);
    // With what pads the next row in front, where errors that grew beyond all numbers leave 0 times infinity.
    std::fill(e, e + level.size + kernel::row_unit, 0.0f);
  });
  smooth(level, w, true, threads);
  if (l + 1 == levels_.size()) return;
  restrict_residual(level, levels_[l + 1], w, threads);
  cycle(l + 1, threads);
  prolong(level, levels_[l + 1], w, threads);
  smooth(level, w, false, threads);
}

kernel::Row VCycle::row_of(Level& level, const Weights& w, std::size_t j, std::size_t k) const {
  const float* const zero = zeros_.data() + kernel::row_unit;
  const auto neighbour = [&](const float* array, bool there, std::size_t jj, std::size_t kk) {
    return there ? array + level.offset(jj, kk) : zero;
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
void VCycle::smooth(Level& level, const Weights& w, bool forward, core::Threads threads) {
  for (const std::size_t colour : {forward ? 0U : 1U, forward ? 1U : 0U})
    for_rows(level, threads, [&](std::size_t j, std::size_t k) {
      if ((j + k) % 2 == colour) kernel::smooth(row_of(level, w, j, k), forward);
    });
}

/// to = the mean over the fine rows of coarse row (J, K) of what `add(sum, j, k, weight)` adds for each.
template <class Add>
void VCycle::restrict_row(float* to, const Level& fine, const Level& coarse, const Weights& w, std::size_t J,
                          std::size_t K, const Add& add) {
  const auto& t = w.transfer;
  float* sum = row_buffer();
  std::fill(sum, sum + std::max(fine.size, 2 * coarse.size), 0.0f);
  for (std::size_t z = 0; z < t[2].children[K]; ++z)
    for (std::size_t y = 0; y < t[1].children[J]; ++y)
      add(sum, t[1].first[J] + y, t[2].first[K] + z,
          (y == 0 ? t[1].low[J] : t[1].high[J]) * (z == 0 ? t[2].low[K] : t[2].high[K]));
  if (fine.coarsen[0])
    kernel::restrict_pairs(to, sum, w.x_restrict_low.data(), w.x_restrict_high.data(), coarse.size);
  else
    std::copy(sum, sum + coarse.size, to);
}

void VCycle::restrict_residual(Level& fine, Level& coarse, const Weights& w, core::Threads threads) {
  for_rows(coarse, threads, [&](std::size_t J, std::size_t K) {
    restrict_row(coarse.r.data() + coarse.offset(J, K), fine, coarse, w, J, K,
                 [&](float* sum, std::size_t j, std::size_t k, float weight) {
                   kernel::add_residual(sum, row_of(fine, w, j, k), weight);
                 });
  });
}

void VCycle::prolong(Level& fine, const Level& coarse, const Weights& w, core::Threads threads) {
  const auto& t = w.transfer;
  for_rows(fine, threads, [&](std::size_t j, std::size_t k) {
    float* sum = row_buffer();
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
    if (holds_) kernel::hold(e, fine.react.data() + fine.offset(j, k), fine.size);
  });
}

void VCycle::restrict_rates(core::Threads threads) {
  for (std::size_t l = 0; l + 1 < levels_.size(); ++l) {
    const Weights& w = cache_[chosen_].weights[l];
    if (holds_)
      restrict_held_rates(levels_[l], levels_[l + 1], w, threads);
    else
      restrict_mean_rates(levels_[l], levels_[l + 1], w, threads);
  }
}

/// Local rates of a coarse level where nothing is held: means.
void VCycle::restrict_mean_rates(const Level& fine, Level& coarse, const Weights& w, core::Threads threads) {
  for_rows(coarse, threads, [&](std::size_t J, std::size_t K) {
    float* react = coarse.react.data() + coarse.offset(J, K);
    restrict_row(react, fine, coarse, w, J, K, [&](float* sum, std::size_t j, std::size_t k, float weight) {
      kernel::add_row(sum, fine.react.data() + fine.offset(j, k), weight, fine.size);
    });
    std::fill(react + coarse.n[0], react + coarse.size, padding_rate);
  });
}

/// Local rates of a coarse voxel: the mean of its parts that are not held, plus their coupling to those
/// that are.
void VCycle::restrict_held_rates(const Level& fine, Level& coarse, const Weights& w,
                                 core::Threads threads) const {
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
        result =
            sum / weight + (weight < 0.999f * whole ? pinning(w, I, J, K) * (whole - weight) / weight : 0.0f);
    }
  });
}

}  // namespace stroma::fields

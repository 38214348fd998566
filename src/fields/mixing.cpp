// The least-squares problem of Anderson mixing by its normal equations, at most five unknowns.
#include "fields/mixing.hpp"

#include <algorithm>

namespace stroma::fields {
namespace {
constexpr std::size_t chunk = 16384;
}

double Mixing::dot(const AlignedArray<float>& a, const AlignedArray<float>& b, core::Threads threads) {
  return core::sum_chunks(a.size(), chunk, threads, scratch_, [&](std::size_t begin, std::size_t end) {
    double sum = 0.0;
    for (std::size_t i = begin; i < end; ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
  });
}

void Mixing::solve(std::array<double, depth>& weights) const {
  // Gauss-Jordan without pivots on a positive semidefinite matrix; directions that depend on others get 0.
  const std::size_t n = std::min(stored_, depth);
  auto a = gram_;
  auto b = right_;
  std::array<bool, depth> used{};
  for (std::size_t k = 0; k < n; ++k) {
    used[k] = a[k][k] > 1e-9 * gram_[k][k];
    if (!used[k]) continue;
    for (std::size_t i = 0; i < n; ++i) {
      if (i == k) continue;
      const double factor = a[i][k] / a[k][k];
      for (std::size_t j = 0; j < n; ++j) a[i][j] -= factor * a[k][j];
      b[i] -= factor * b[k];
    }
  }
  for (std::size_t k = 0; k < n; ++k) weights[k] = used[k] ? b[k] / a[k][k] : 0.0;
}

void Mixing::mix(AlignedArray<float>& e, core::Threads threads) {
  if (last_.size() != e.size()) {
    last_ = applied_ = AlignedArray<float>(e.size());
    for (std::size_t i = 0; i < depth; ++i) changes_[i] = moves_[i] = AlignedArray<float>(e.size());
  }
  std::array<double, depth> weights{};
  if (started_) {
    const std::size_t slot = stored_++ % depth;
    core::for_chunks(e.size(), chunk, threads, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        changes_[slot][i] = e[i] - last_[i];
        moves_[slot][i] = applied_[i];
      }
    });
    const std::size_t n = std::min(stored_, depth);
    for (std::size_t i = 0; i < n; ++i) {
      gram_[slot][i] = gram_[i][slot] = dot(changes_[slot], changes_[i], threads);
      right_[i] = dot(changes_[i], e, threads);
    }
    solve(weights);
  }
  started_ = true;
  const std::size_t n = std::min(stored_, depth);
  core::for_chunks(e.size(), chunk, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const float latest = e[i];
      double mixed = static_cast<double>(latest);
      for (std::size_t m = 0; m < n; ++m)
        mixed -= weights[m] * (static_cast<double>(changes_[m][i]) + static_cast<double>(moves_[m][i]));
      e[i] = applied_[i] = static_cast<float>(mixed);
      last_[i] = latest;
    }
  });
}

}  // namespace stroma::fields

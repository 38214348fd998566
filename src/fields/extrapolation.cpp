// See the header; docs/theory/fields.md says why the difference is the error estimate.
#include "fields/extrapolation.hpp"

#include <algorithm>
#include <cmath>

#include "fields/sums.hpp"

namespace stroma::fields {
namespace {
constexpr std::size_t chunk = 8192;
}

void Extrapolation::copy(std::span<double> to, std::span<const double> from, core::Threads threads) const {
  core::for_chunks(to.size(), chunk, threads, [&](std::size_t begin, std::size_t end) {
    std::copy(from.begin() + begin, from.begin() + end, to.begin() + begin);
  });
}

Norms Extrapolation::compare(std::span<const double> a, std::span<const double> b, core::Threads threads) {
  norms_.assign(core::chunk_count(a.size(), chunk), Norms{});
  core::for_chunks(a.size(), chunk, threads, [&](std::size_t begin, std::size_t end) {
    Norms norms;
    norms.lowest = 2.0 * a[begin] - b[begin];
    for (std::size_t v = begin; v < end; ++v) {
      norms.difference = std::max(norms.difference, std::fabs(a[v] - b[v]));
      norms.largest = std::max(norms.largest, std::fabs(a[v]));
      norms.lowest = std::min(norms.lowest, 2.0 * a[v] - b[v]);
      norms.sum += a[v] - b[v];
    }
    norms_[begin / chunk] = norms;
  });
  Norms all = norms_.front();
  for (std::size_t i = 1; i < norms_.size(); ++i) {
    const Norms& part = norms_[i];
    all.difference = std::max(all.difference, part.difference);
    all.largest = std::max(all.largest, part.largest);
    all.lowest = std::min(all.lowest, part.lowest);
    all.sum += part.sum;
  }
  return all;
}

/// c[v] = value(v); returns the sum.
template <class Value>
double Extrapolation::assign(std::span<double> c, core::Threads threads, const Value& value) {
  sums_.assign(core::chunk_count(c.size(), chunk), 0.0);
  core::for_chunks(c.size(), chunk, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v < end; ++v) c[v] = value(v);
    sums_[begin / chunk] = compensated_sum(c.subspan(begin, end - begin));
  });
  Sum sum;
  for (const double part : sums_) sum.add(part);
  return sum.value();
}

double Extrapolation::extrapolate(std::span<double> c, std::span<const double> half,
                                  std::span<const double> full, core::Threads threads) {
  return assign(c, threads, [&](std::size_t v) { return 2.0 * half[v] - full[v]; });
}

double Extrapolation::extrapolate_positively(std::span<double> c, std::span<const double> half,
                                             std::span<const double> full, double content,
                                             const SubstancePlan& plan, std::span<const double> fixed_value,
                                             core::Threads threads) {
  const double sum = assign(c, threads, [&](std::size_t v) {
    return full[v] > 1.5 * half[v] ? 0.25 * half[v] * (half[v] / (full[v] - half[v]))
                                   : 2.0 * half[v] - full[v];
  });
  Sum held;
  for (const FixedVoxel& fixed : plan.fixed) held.add(c[fixed.voxel]);
  const double free = sum - held.value();
  const double factor = free > 0.0 ? std::max(0.0, content - held.value()) / free : 1.0;
  core::for_chunks(c.size(), chunk, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v < end; ++v) c[v] *= factor;
  });
  for (std::size_t f = 0; f < plan.fixed.size(); ++f) c[plan.fixed[f].voxel] = fixed_value[f];
  return free * factor + held.value();
}

}  // namespace stroma::fields

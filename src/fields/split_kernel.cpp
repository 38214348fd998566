// Lines of the split step in vectors; see the header.
#include "fields/split_kernel.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fields/split_kernel.cpp"
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>  // includes this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace stroma::fields::kernel {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Wide = hn::CappedTag<double, 8>;
using V = hn::Vec<Wide>;
using Single = hn::CappedTag<double, 1>;
constexpr Wide wide;
constexpr std::size_t width = hn::MaxLanes(wide);

/// v[r] lane l <-> v[l] lane r, for squares of 8, 4 or 2.
HWY_INLINE void transpose([[maybe_unused]] V* v) {
#if HWY_TARGET != HWY_SCALAR
  if constexpr (width == 2) {
    const V low = hn::InterleaveLower(wide, v[0], v[1]), high = hn::InterleaveUpper(wide, v[0], v[1]);
    v[0] = low;
    v[1] = high;
  } else if constexpr (width == 4) {
    const V a = hn::InterleaveLower(wide, v[0], v[1]), b = hn::InterleaveUpper(wide, v[0], v[1]);
    const V c = hn::InterleaveLower(wide, v[2], v[3]), d = hn::InterleaveUpper(wide, v[2], v[3]);
    v[0] = hn::ConcatLowerLower(wide, c, a);
    v[1] = hn::ConcatLowerLower(wide, d, b);
    v[2] = hn::ConcatUpperUpper(wide, c, a);
    v[3] = hn::ConcatUpperUpper(wide, d, b);
  } else if constexpr (width == 8) {
    // Pairs of rows, then squares of 128-bit blocks, then halves.
    V pair[8];
#pragma GCC unroll 16
    for (std::size_t p = 0; p < 4; ++p) {
      pair[p] = hn::InterleaveLower(wide, v[2 * p], v[2 * p + 1]);  // columns 0, 2, 4, 6 of rows 2 p, 2 p + 1
      pair[4 + p] = hn::InterleaveUpper(wide, v[2 * p], v[2 * p + 1]);  // columns 1, 3, 5, 7
    }
#pragma GCC unroll 16
    for (std::size_t odd = 0; odd < 2; ++odd) {
      const V* q = pair + 4 * odd;
      const V a = hn::OddEvenBlocks(hn::SwapAdjacentBlocks(q[1]), q[0]);
      const V b = hn::OddEvenBlocks(q[1], hn::SwapAdjacentBlocks(q[0]));
      const V c = hn::OddEvenBlocks(hn::SwapAdjacentBlocks(q[3]), q[2]);
      const V d = hn::OddEvenBlocks(q[3], hn::SwapAdjacentBlocks(q[2]));
      v[0 + odd] = hn::ConcatLowerLower(wide, c, a);
      v[4 + odd] = hn::ConcatUpperUpper(wide, c, a);
      v[2 + odd] = hn::ConcatLowerLower(wide, d, b);
      v[6 + odd] = hn::ConcatUpperUpper(wide, d, b);
    }
  }
#endif
}

/// `groups` squares of `width` rows; row r of the call is row[r] (repeated where there are fewer rows).
template <std::size_t groups>
HWY_INLINE void solve_row_groups(double* const* to, const double* const* from, std::size_t rows,
                                 const Factors& f, double* scratch) {
  constexpr std::size_t lines = groups * width;
  const std::size_t n = f.n, whole = n / width * width;
  V g[groups];
#pragma GCC unroll 16
  for (std::size_t q = 0; q < groups; ++q) g[q] = hn::Set(wide, f.ghost_low);
  const auto forward = [&](std::size_t i, std::size_t q, V right) {
    g[q] = hn::Add(hn::Mul(hn::Set(wide, f.weight[i]), right), hn::Mul(hn::Set(wide, f.ratio[i]), g[q]));
    hn::Store(g[q], wide, scratch + i * lines + q * width);
  };
  for (std::size_t i = 0; i < whole; i += width) {
    V v[groups][width];
#pragma GCC unroll 16
    for (std::size_t q = 0; q < groups; ++q) {
#pragma GCC unroll 16
      for (std::size_t r = 0; r < width; ++r) {
        v[q][r] = hn::LoadU(wide, from[q * width + r] + i);
        hwy::Prefetch(from[q * width + r] + i + lines * n);  // the next call's; harmless beyond the end
      }
      transpose(v[q]);
    }
#pragma GCC unroll 16
    for (std::size_t l = 0; l < width; ++l)
#pragma GCC unroll 16
      for (std::size_t q = 0; q < groups; ++q) forward(i + l, q, v[q][l]);
  }
  for (std::size_t i = whole; i < n; ++i) {
#pragma GCC unroll 16
    for (std::size_t r = 0; r < lines; ++r) scratch[i * lines + r] = from[r][i];
#pragma GCC unroll 16
    for (std::size_t q = 0; q < groups; ++q) forward(i, q, hn::Load(wide, scratch + i * lines + q * width));
  }
  // Backwards: g becomes c.
#pragma GCC unroll 16
  for (std::size_t q = 0; q < groups; ++q) g[q] = hn::Set(wide, f.ghost_high);
  const auto backward = [&](std::size_t i, std::size_t q) {
    const V here = hn::Load(wide, scratch + i * lines + q * width);
    g[q] = hn::Add(here, hn::Mul(hn::Set(wide, f.ratio[i]), g[q]));
  };
  for (std::size_t i = n; i-- > whole;) {
#pragma GCC unroll 16
    for (std::size_t q = 0; q < groups; ++q) {
      backward(i, q);
      hn::Store(g[q], wide, scratch + i * lines + q * width);
    }
#pragma GCC unroll 16
    for (std::size_t r = 0; r < rows; ++r) to[r][i] = scratch[i * lines + r];
  }
  for (std::size_t i = whole; i > 0; i -= width) {
    V v[groups][width];
#pragma GCC unroll 16
    for (std::size_t back = 1; back <= width; ++back)
#pragma GCC unroll 16
      for (std::size_t q = 0; q < groups; ++q) {
        backward(i - back, q);
        v[q][width - back] = g[q];
      }
#pragma GCC unroll 16
    for (std::size_t q = 0; q < groups; ++q) {
      transpose(v[q]);
#pragma GCC unroll 16
      for (std::size_t r = 0; r < width; ++r)
        if (q * width + r < rows) hn::StoreU(v[q][r], wide, to[q * width + r] + i - width);
    }
  }
}

void solve_rows(double* result, const double* start, std::size_t rows, const Factors& factors,
                double* scratch) {
  constexpr std::size_t lines = 2 * width;
  const std::size_t n = factors.n;
  double* to[lines];
  const double* from[lines];
  for (std::size_t first = 0; first < rows; first += lines) {
    const std::size_t count = std::min(lines, rows - first);
    for (std::size_t r = 0; r < lines; ++r) {
      const std::size_t row = first + std::min(r, count - 1);
      to[r] = result + row * n;
      from[r] = start + row * n;
    }
    if (count > width)
      solve_row_groups<2>(to, from, count, factors, scratch);
    else
      solve_row_groups<1>(to, from, count, factors, scratch);
  }
}

/// Columns [0, columns) of one row after the other; rows are long enough to be read as streams, and the
/// row before, in `scratch`, is in the nearest cache.
template <class D>
HWY_INLINE void solve_range(double* c, std::size_t stride, std::size_t begin, std::size_t end,
                            const Factors& f, double* scratch) {
  const D d;
  constexpr std::size_t lanes = hn::MaxLanes(D());
  for (std::size_t i = 0; i < f.n; ++i) {
    const auto w = hn::Set(d, f.weight[i]), e = hn::Set(d, f.ratio[i]);
    const auto add = hn::Set(d, (i == 0 ? f.add_low : 0.0) + (i + 1 == f.n ? f.add_high : 0.0));
    const double* row = c + i * stride;
    double* here = scratch + i * columns_at_once;
    const double* before = i == 0 ? nullptr : here - columns_at_once;
    for (std::size_t v = begin; v < end; v += lanes) {
      const auto g = hn::Mul(w, hn::Add(hn::LoadU(d, row + v), add));
      hn::Store(before ? hn::Add(g, hn::Mul(e, hn::Load(d, before + v))) : g, d, here + v);
    }
  }
  for (std::size_t i = f.n; i-- > 0;) {
    const auto e = hn::Set(d, f.ratio[i]);
    double* row = c + i * stride;
    const double* here = scratch + i * columns_at_once;
    if (i + 1 == f.n) {
      for (std::size_t v = begin; v < end; v += lanes) hn::StoreU(hn::Load(d, here + v), d, row + v);
      continue;
    }
    for (std::size_t v = begin; v < end; v += lanes)
      hn::StoreU(hn::Add(hn::Load(d, here + v), hn::Mul(e, hn::LoadU(d, row + stride + v))), d, row + v);
  }
}

void solve_columns(double* c, std::size_t stride, std::size_t columns, const Factors& factors,
                   double* scratch) {
  const std::size_t whole = columns / width * width;
  solve_range<Wide>(c, stride, 0, whole, factors, scratch);
  solve_range<Single>(c, stride, whole, columns, factors, scratch);
}

/// Sums in eight strands, column modulo 8, whatever the width of the vectors.
template <class D>
class Strands {
 public:
  Strands() {
    for (auto& part : parts_) part = hn::Zero(D());
  }
  HWY_INLINE void add(std::size_t column, hn::Vec<D> values) {
    auto& part = parts_[column / lanes % many];
    part = hn::Add(part, values);
  }
  double total() const {
    HWY_ALIGN double lane[8];
    for (std::size_t m = 0; m < many; ++m) hn::Store(parts_[m], D(), lane + m * lanes);
    double sum = 0.0;
    for (const double value : lane) sum += value;
    return sum;
  }

 private:
  static constexpr std::size_t lanes = hn::MaxLanes(D());
  static constexpr std::size_t many = 8 / lanes;
  hn::Vec<D> parts_[many];
};

template <class D>
double row_sum(const double* row, std::size_t begin, std::size_t end) {
  Strands<D> sum;
  for (std::size_t v = begin; v < end; v += hn::MaxLanes(D())) sum.add(v, hn::LoadU(D(), row + v));
  return sum.total();
}

template <class D, bool uptake, bool saturable, bool source>
HWY_INLINE ColumnSums react_range(double* c, std::size_t stride, std::size_t begin, std::size_t end,
                                  const Factors& f, const Reaction& x, double* scratch) {
  const D d;
  constexpr std::size_t lanes = hn::MaxLanes(D());
  constexpr bool varies = uptake || saturable;
  ColumnSums sums;
  if (begin == end) return sums;
  const std::size_t n = f.n, size = n * columns_at_once;
  const auto dt = hn::Set(d, x.minutes), a = hn::Set(d, x.coupling), half = hn::Set(d, x.half_uptake),
             one = hn::Set(d, 1.0), zero = hn::Zero(d);
  Strands<D> gained;
  for (std::size_t i = 0; i < n; ++i) {
    const auto add = hn::Set(d, (i == 0 ? f.add_low : 0.0) + (i + 1 == n ? f.add_high : 0.0));
    const auto w = hn::Set(d, f.weight[i]), e = hn::Set(d, f.ratio[i]), diagonal = hn::Set(d, x.diagonal[i]);
    double* here = scratch + i * columns_at_once;
    const double* before = i == 0 ? nullptr : here - columns_at_once;
    for (std::size_t v = begin; v < end; v += lanes) {
      const std::size_t at = i * stride + v;
      const auto old = hn::LoadU(d, c + at);
      auto right = hn::Add(old, add);
      if constexpr (source) {
        const auto amount = hn::LoadU(d, x.source + at);
        gained.add(v, amount);
        right = hn::Add(right, hn::Mul(dt, amount));
      }
      auto weight = w, ratio = e;
      if constexpr (varies) {
        auto rate = zero;
        if constexpr (uptake) {
          rate = hn::LoadU(d, x.uptake + at);
          hn::Store(rate, d, here + 3 * size + v);  // rows of x.uptake compete for cache sets, these do not
        }
        if constexpr (saturable) {
          const auto chord = hn::Div(hn::LoadU(d, x.most + at), hn::Add(half, hn::Max(old, zero)));
          hn::Store(chord, d, here + 2 * size + v);
          rate = hn::Add(rate, chord);
        }
        auto pivot = hn::Add(diagonal, hn::Mul(dt, rate));
        if (before) pivot = hn::Sub(pivot, hn::Mul(a, hn::Load(d, before + size + v)));
        weight = hn::Div(one, pivot);
        ratio = hn::Mul(a, weight);
        hn::Store(ratio, d, here + size + v);
      }
      const auto g = hn::Mul(weight, right);
      hn::Store(before ? hn::Add(g, hn::Mul(ratio, hn::Load(d, before + v))) : g, d, here + v);
    }
  }
  Strands<D> content, taken, saturated;
  auto lowest = zero;
  for (std::size_t i = n; i-- > 0;) {
    const auto e = hn::Set(d, f.ratio[i]);
    const double* here = scratch + i * columns_at_once;
    const bool last = i + 1 == n;
    for (std::size_t v = begin; v < end; v += lanes) {
      const std::size_t at = i * stride + v;
      auto value = hn::Load(d, here + v);
      if (!last) {
        const auto ratio = varies ? hn::Load(d, here + size + v) : e;
        value = hn::Add(value, hn::Mul(ratio, hn::LoadU(d, c + at + stride)));
      }
      hn::StoreU(value, d, c + at);
      content.add(v, value);
      lowest = hn::Min(lowest, value);
      if constexpr (uptake) taken.add(v, hn::Mul(hn::Load(d, here + 3 * size + v), value));
      if constexpr (saturable) saturated.add(v, hn::Mul(hn::Load(d, here + 2 * size + v), value));
    }
  }
  sums.content = content.total();
  sums.first = row_sum<D>(c, begin, end);
  sums.last = row_sum<D>(c + (n - 1) * stride, begin, end);
  sums.uptake = taken.total();
  sums.saturable = saturated.total();
  sums.source = gained.total();
  HWY_ALIGN double lane[lanes];
  hn::Store(lowest, d, lane);
  sums.lowest = *std::min_element(lane, lane + lanes);
  return sums;
}

template <bool uptake, bool saturable, bool source>
ColumnSums react_all(double* c, std::size_t stride, std::size_t columns, const Factors& f, const Reaction& x,
                     double* scratch) {
  const std::size_t whole = columns / 8 * 8;
  ColumnSums all = react_range<Wide, uptake, saturable, source>(c, stride, 0, whole, f, x, scratch);
  const ColumnSums rest =
      react_range<Single, uptake, saturable, source>(c, stride, whole, columns, f, x, scratch);
  all.content += rest.content;
  all.first += rest.first;
  all.last += rest.last;
  all.uptake += rest.uptake;
  all.saturable += rest.saturable;
  all.source += rest.source;
  all.lowest = std::min(all.lowest, rest.lowest);
  return all;
}

ColumnSums react_columns(double* c, std::size_t stride, std::size_t columns, const Factors& factors,
                         const Reaction& x, double* scratch) {
  const int kind = (x.uptake ? 4 : 0) + (x.most ? 2 : 0) + (x.source ? 1 : 0);
  const auto run = [&](auto* function) { return function(c, stride, columns, factors, x, scratch); };
  switch (kind) {
    case 0:
      return run(react_all<false, false, false>);
    case 1:
      return run(react_all<false, false, true>);
    case 2:
      return run(react_all<false, true, false>);
    case 3:
      return run(react_all<false, true, true>);
    case 4:
      return run(react_all<true, false, false>);
    case 5:
      return run(react_all<true, false, true>);
    case 6:
      return run(react_all<true, true, false>);
    default:
      return run(react_all<true, true, true>);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace stroma::fields::kernel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stroma::fields::kernel {
namespace {
HWY_EXPORT(solve_rows);
HWY_EXPORT(solve_columns);
HWY_EXPORT(react_columns);
}  // namespace

void solve_rows(double* result, const double* start, std::size_t rows, const Factors& factors,
                double* scratch) {
  HWY_DYNAMIC_DISPATCH(solve_rows)(result, start, rows, factors, scratch);
}
void solve_columns(double* c, std::size_t stride, std::size_t columns, const Factors& factors,
                   double* scratch) {
  HWY_DYNAMIC_DISPATCH(solve_columns)(c, stride, columns, factors, scratch);
}
ColumnSums react_columns(double* c, std::size_t stride, std::size_t columns, const Factors& factors,
                         const Reaction& reaction, double* scratch) {
  return HWY_DYNAMIC_DISPATCH(react_columns)(c, stride, columns, factors, reaction, scratch);
}
}  // namespace stroma::fields::kernel
#endif  // HWY_ONCE

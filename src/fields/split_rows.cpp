// Lines of the split step along x and along the y of a plane; see the header. Rows are transposed in
// registers, so that neighbouring lines lie in the lanes of a vector.
#include <algorithm>

#include "fields/split_kernel.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fields/split_rows.cpp"
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

/// One value after the other, so that sums do not depend on the width of the vectors.
void add_all(double& sum, const double* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) sum += values[i];
}

/// Rows [first, first + rows) of the lines along x, side by side in `groups` squares of `width` (the last row
/// repeated where there are fewer). With `y`, each solved row goes straight into the forward elimination
/// along y: what is stored is g of y, for which the row before must be stored already.
template <std::size_t groups, bool with_y>
HWY_INLINE void solve_row_groups(double* result, const double* start, std::size_t first, std::size_t rows,
                                 const Factors& f, [[maybe_unused]] const Factors* y, double* scratch,
                                 Ends& ends) {
  constexpr std::size_t lines = groups * width;
  const std::size_t n = f.n, whole = n / width * width;
  double* to[lines];
  const double* from[lines];
#pragma GCC unroll 16
  for (std::size_t r = 0; r < lines; ++r) {
    const std::size_t row = first + std::min(r, rows - 1);
    to[r] = result + row * n;
    from[r] = start + row * n;
  }
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
    if (i + 1 == n) add_all(ends.last, scratch + i * lines, rows);
#pragma GCC unroll 16
    for (std::size_t r = 0; r < rows; ++r) {
      double value = scratch[i * lines + r];
      if constexpr (with_y) {
        const double before = first + r == 0 ? y->ghost_low : *(to[r] + i - n);
        value = y->weight[first + r] * value + y->ratio[first + r] * before;
      }
      to[r][i] = value;
    }
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
    if (i == n) {
#pragma GCC unroll 16
      for (std::size_t q = 0; q < groups; ++q)
        hn::Store(v[q][width - 1], wide, scratch + (n - 1) * lines + q * width);
      add_all(ends.last, scratch + (n - 1) * lines, rows);
    }
    [[maybe_unused]] V before = hn::Zero(wide);
    if constexpr (with_y)
      before = first == 0 ? hn::Set(wide, y->ghost_low) : hn::LoadU(wide, to[0] + i - width - n);
#pragma GCC unroll 16
    for (std::size_t q = 0; q < groups; ++q) {
      transpose(v[q]);
#pragma GCC unroll 16
      for (std::size_t r = 0; r < width; ++r) {
        const std::size_t row = q * width + r;
        if (row >= rows) break;
        V value = v[q][r];
        if constexpr (with_y)
          before = value = hn::Add(hn::Mul(hn::Set(wide, y->weight[first + row]), value),
                                   hn::Mul(hn::Set(wide, y->ratio[first + row]), before));
        hn::StoreU(value, wide, to[row] + i - width);
      }
    }
  }
#pragma GCC unroll 16
  for (std::size_t q = 0; q < groups; ++q) hn::Store(g[q], wide, scratch + q * width);
  add_all(ends.first, scratch, rows);
}

template <bool with_y>
Ends solve_all_rows(double* result, const double* start, std::size_t rows, const Factors& x, const Factors* y,
                    double* scratch) {
  constexpr std::size_t lines = 2 * width;
  Ends ends;
  for (std::size_t first = 0; first < rows; first += lines) {
    const std::size_t count = std::min(lines, rows - first);
    if (count > width)
      solve_row_groups<2, with_y>(result, start, first, count, x, y, scratch, ends);
    else
      solve_row_groups<1, with_y>(result, start, first, count, x, y, scratch, ends);
  }
  return ends;
}

Ends solve_rows(double* result, const double* start, std::size_t rows, const Factors& x, double* scratch) {
  return solve_all_rows<false>(result, start, rows, x, nullptr, scratch);
}

Ends solve_plane(double* result, const double* start, const Factors& x, const Factors& y, double* scratch) {
  const Ends ends = solve_all_rows<true>(result, start, y.n, x, &y, scratch);
  const std::size_t whole = x.n / width * width;
  for (std::size_t j = y.n; j-- > 0;) {
    const bool last = j + 1 == y.n;
    double* row = result + j * x.n;
    const double* next = row + x.n;
    const V ratio = hn::Set(wide, y.ratio[j]), ghost = hn::Set(wide, y.ghost_high);
    for (std::size_t i = 0; i < whole; i += width) {
      const V above = last ? ghost : hn::LoadU(wide, next + i);
      hn::StoreU(hn::Add(hn::LoadU(wide, row + i), hn::Mul(ratio, above)), wide, row + i);
    }
    for (std::size_t i = whole; i < x.n; ++i) row[i] += y.ratio[j] * (last ? y.ghost_high : next[i]);
  }
  return ends;
}

}  // namespace HWY_NAMESPACE
}  // namespace stroma::fields::kernel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stroma::fields::kernel {
namespace {
HWY_EXPORT(solve_rows);
HWY_EXPORT(solve_plane);
}  // namespace

Ends solve_rows(double* result, const double* start, std::size_t rows, const Factors& x, double* scratch) {
  return HWY_DYNAMIC_DISPATCH(solve_rows)(result, start, rows, x, scratch);
}
Ends solve_plane(double* result, const double* start, const Factors& x, const Factors& y, double* scratch) {
  return HWY_DYNAMIC_DISPATCH(solve_plane)(result, start, x, y, scratch);
}
}  // namespace stroma::fields::kernel
#endif  // HWY_ONCE

// Rows of the multigrid solver in vectors; see the header.
#include "fields/multigrid_kernel.hpp"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fields/multigrid_kernel.cpp"
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>  // includes this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace stroma::fields::kernel {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Lanes = hn::CappedTag<float, row_unit>;
using V = hn::Vec<Lanes>;
constexpr Lanes lanes;
using Wide = hn::CappedTag<double, 8>;
using W = hn::Vec<Wide>;
constexpr Wide wide;

constexpr double left_of_c = 0.05;

struct Equation {
  V right, diagonal;
};

/// Right side and diagonal of the voxels from i on.
template <bool with_mobility>
HWY_INLINE Equation equation(const Row& row, std::size_t i) {
  const auto at = [&](const float* p) { return hn::LoadU(lanes, p + i); };
  V right = at(row.r);
  V diagonal = hn::Add(at(row.react), hn::Add(at(row.x_diagonal), hn::Set(lanes, row.diagonal)));
  const auto add = [&](V weight, const float* neighbour) {
    right = hn::Add(right, hn::Mul(weight, hn::LoadU(lanes, neighbour)));
    if constexpr (with_mobility) diagonal = hn::Add(diagonal, weight);
  };
  const auto mobile = [&](V weight, const float* mobility) {
    if constexpr (with_mobility) return hn::Mul(weight, hn::LoadU(lanes, mobility));
    return weight;
  };
  add(mobile(at(row.x_weight_low), row.x_mobility + i), row.e + i - 1);
  add(mobile(at(row.x_weight_high), row.x_mobility + i + 1), row.e + i + 1);
  add(mobile(hn::Set(lanes, row.y_weight_low), row.y_mobility_low + i), row.y_low + i);
  add(mobile(hn::Set(lanes, row.y_weight_high), row.y_mobility_high + i), row.y_high + i);
  add(mobile(hn::Set(lanes, row.z_weight_low), row.z_mobility_low + i), row.z_low + i);
  add(mobile(hn::Set(lanes, row.z_weight_high), row.z_mobility_high + i), row.z_high + i);
  return {right, diagonal};
}

template <bool with_mobility>
HWY_INLINE void smooth_row(const Row& row, bool even_first) {
  const hn::RebindToSigned<Lanes> integers;
  const auto odd_lane = hn::And(hn::Iota(integers, 0), hn::Set(integers, 1));
  const auto even = hn::RebindMask(lanes, hn::Eq(odd_lane, hn::Zero(integers)));
  for (int half = 0; half < 2; ++half) {
    const bool even_now = (half == 0) == even_first;
    const auto now = even_now ? even : hn::Not(even);
    for (std::size_t i = 0; i < row.size; i += hn::Lanes(lanes)) {
      // Vectors of one lane are even or odd as a whole.
      if (hn::MaxLanes(lanes) == 1 && (i % 2 == 0) != even_now) continue;
      const Equation eq = equation<with_mobility>(row, i);
      const V value = hn::Div(eq.right, eq.diagonal);
      const V kept = hn::Load(lanes, row.e + i);
      hn::Store(hn::MaxLanes(lanes) == 1 ? value : hn::IfThenElse(now, value, kept), lanes, row.e + i);
    }
  }
}

void smooth(const Row& row, bool even_first) {
  if (row.x_mobility)
    smooth_row<true>(row, even_first);
  else
    smooth_row<false>(row, even_first);
}

template <bool with_mobility>
HWY_INLINE void add_residual_row(float* sum, const Row& row, float weight) {
  const V factor = hn::Set(lanes, weight), most = hn::Set(lanes, 3e38f);
  for (std::size_t i = 0; i < row.size; i += hn::Lanes(lanes)) {
    const Equation eq = equation<with_mobility>(row, i);
    const V residual = hn::Sub(eq.right, hn::Mul(eq.diagonal, hn::Load(lanes, row.e + i)));
    const V kept = hn::IfThenElseZero(hn::Lt(eq.diagonal, most), residual);
    hn::Store(hn::Add(hn::Load(lanes, sum + i), hn::Mul(factor, kept)), lanes, sum + i);
  }
}

void add_residual(float* sum, const Row& row, float weight) {
  if (row.x_mobility)
    add_residual_row<true>(sum, row, weight);
  else
    add_residual_row<false>(sum, row, weight);
}

void restrict_pairs(float* coarse, const float* fine, const float* low, const float* high, std::size_t size) {
  for (std::size_t i = 0; i < size; i += hn::Lanes(lanes)) {
    V even, odd;
    hn::LoadInterleaved2(lanes, fine + 2 * i, even, odd);
    const V sum = hn::Add(hn::Mul(hn::Load(lanes, low + i), even), hn::Mul(hn::Load(lanes, high + i), odd));
    hn::Store(sum, lanes, coarse + i);
  }
}

void add_row(float* sum, const float* row, float weight, std::size_t size) {
  const V factor = hn::Set(lanes, weight);
  for (std::size_t i = 0; i < size; i += hn::Lanes(lanes))
    hn::Store(hn::Add(hn::Load(lanes, sum + i), hn::Mul(factor, hn::Load(lanes, row + i))), lanes, sum + i);
}

void prolong_pairs(float* fine, const float* coarse, const float* even_near, const float* even_far,
                   const float* odd_near, const float* odd_far, std::size_t size) {
  for (std::size_t i = 0; i < size; i += hn::Lanes(lanes)) {
    const V own = hn::Load(lanes, coarse + i);
    const V low = hn::LoadU(lanes, coarse + i - 1), high = hn::LoadU(lanes, coarse + i + 1);
    V even, odd;
    hn::LoadInterleaved2(lanes, fine + 2 * i, even, odd);
    even = hn::Add(even, hn::Add(hn::Mul(hn::Load(lanes, even_near + i), own),
                                 hn::Mul(hn::Load(lanes, even_far + i), low)));
    odd = hn::Add(odd, hn::Add(hn::Mul(hn::Load(lanes, odd_near + i), own),
                               hn::Mul(hn::Load(lanes, odd_far + i), high)));
    hn::StoreInterleaved2(even, odd, lanes, fine + 2 * i);
  }
}

void hold(float* e, const float* react, std::size_t size) {
  const V most = hn::Set(lanes, 3e38f);
  for (std::size_t i = 0; i < size; i += hn::Lanes(lanes))
    hn::Store(hn::IfThenElseZero(hn::Lt(hn::Load(lanes, react + i), most), hn::Load(lanes, e + i)), lanes,
              e + i);
}

/// Residual and diagonal of one voxel of a row; the vectors below do the same.
HWY_INLINE void fine_voxel(const FineRow& row, std::size_t i, float* r, float* react) {
  const double c = row.c[i];
  double flow = row.y_weight_low * (row.y_low[i] - c);
  flow = flow + row.y_weight_high * (row.y_high[i] - c);
  flow = flow + row.z_weight_low * (row.z_low[i] - c);
  flow = flow + row.z_weight_high * (row.z_high[i] - c);
  if (i > 0) flow = flow + row.x_weight * (row.c[i - 1] - c);
  if (i + 1 < row.size) flow = flow + row.x_weight * (row.c[i + 1] - c);
  double sink = row.sink, in = row.inflow;
  if (i == 0) sink += row.x_sink_low, in += row.x_inflow_low;
  if (i + 1 == row.size) sink += row.x_sink_high, in += row.x_inflow_high;
  double rate = row.decay + row.per_minute;
  if (row.uptake) rate = rate + row.uptake[i];
  double slope = rate;
  if (row.most) {
    const double at = row.lagged ? row.start[i] : c;
    const double inverse = 1.0 / (row.half_uptake + std::max(at, 0.0));
    const double chord = row.most[i] * inverse;
    rate = rate + chord;
    slope = slope + (row.lagged ? chord : chord * (row.half_uptake * inverse));
  }
  if (row.source) in = in + row.source[i];
  if (row.start) in = in + row.per_minute * row.start[i];
  r[i] = static_cast<float>(flow + (in - (rate + sink) * c));
  react[i] = std::max(static_cast<float>(slope), least_rate);
}

void fine_residual(const FineRow& row, float* r, float* react) {
  const std::size_t n = row.size, step = hn::Lanes(wide);
  const hn::Rebind<float, Wide> narrow;
  fine_voxel(row, 0, r, react);
  std::size_t i = 1;
  const W xw = hn::Set(wide, row.x_weight), yl = hn::Set(wide, row.y_weight_low),
          yh = hn::Set(wide, row.y_weight_high), zl = hn::Set(wide, row.z_weight_low),
          zh = hn::Set(wide, row.z_weight_high), sink = hn::Set(wide, row.sink),
          base = hn::Set(wide, row.decay + row.per_minute), half = hn::Set(wide, row.half_uptake),
          per_minute = hn::Set(wide, row.per_minute), one = hn::Set(wide, 1.0);
  const auto least = hn::Set(narrow, least_rate);
  for (; i + step < n; i += step) {
    const auto at = [&](const double* p) { return hn::LoadU(wide, p + i); };
    const W c = at(row.c);
    W flow = hn::Mul(yl, hn::Sub(at(row.y_low), c));
    flow = hn::Add(flow, hn::Mul(yh, hn::Sub(at(row.y_high), c)));
    flow = hn::Add(flow, hn::Mul(zl, hn::Sub(at(row.z_low), c)));
    flow = hn::Add(flow, hn::Mul(zh, hn::Sub(at(row.z_high), c)));
    flow = hn::Add(flow, hn::Mul(xw, hn::Sub(at(row.c - 1), c)));
    flow = hn::Add(flow, hn::Mul(xw, hn::Sub(at(row.c + 1), c)));
    W in = hn::Set(wide, row.inflow), rate = base;
    if (row.uptake) rate = hn::Add(rate, at(row.uptake));
    W slope = rate;
    if (row.most) {
      const W where = hn::Max(row.lagged ? at(row.start) : c, hn::Zero(wide));
      const W inverse = hn::Div(one, hn::Add(half, where));
      const W chord = hn::Mul(at(row.most), inverse);
      rate = hn::Add(rate, chord);
      slope = hn::Add(slope, row.lagged ? chord : hn::Mul(chord, hn::Mul(half, inverse)));
    }
    if (row.source) in = hn::Add(in, at(row.source));
    if (row.start) in = hn::Add(in, hn::Mul(per_minute, at(row.start)));
    const W residual = hn::Add(flow, hn::Sub(in, hn::Mul(hn::Add(rate, sink), c)));
    hn::StoreU(hn::DemoteTo(narrow, residual), narrow, r + i);
    hn::StoreU(hn::Max(hn::DemoteTo(narrow, slope), least), narrow, react + i);
  }
  for (; i < n; ++i) fine_voxel(row, i, r, react);
}

Extremes correct(double* c, const float* e, std::size_t size, bool bounded) {
  const W share = hn::Set(wide, left_of_c);
  const std::size_t step = hn::Lanes(wide);
  const hn::Rebind<float, Wide> narrow;
  W correction = hn::Zero(wide), largest = hn::Zero(wide), lowest = hn::Zero(wide);
  std::size_t i = 0;
  for (; i + step <= size; i += step) {
    const W change = hn::PromoteTo(wide, hn::LoadU(narrow, e + i)), old = hn::LoadU(wide, c + i);
    W value = hn::Add(old, change);
    if (bounded) value = hn::Max(value, hn::Mul(share, old));
    hn::StoreU(value, wide, c + i);
    correction = hn::Max(correction, hn::Abs(change));
    largest = hn::Max(largest, hn::Abs(value));
    lowest = hn::Min(lowest, value);
  }
  Extremes all;
  all.correction = hn::GetLane(hn::MaxOfLanes(wide, correction));
  all.largest = hn::GetLane(hn::MaxOfLanes(wide, largest));
  all.lowest = hn::GetLane(hn::MinOfLanes(wide, lowest));
  for (; i < size; ++i) {
    const double change = static_cast<double>(e[i]);
    const double old = c[i];
    c[i] = old + change;
    if (bounded) c[i] = std::max(c[i], left_of_c * old);
    all.correction = std::max(all.correction, std::fabs(change));
    all.largest = std::max(all.largest, std::fabs(c[i]));
    all.lowest = std::min(all.lowest, c[i]);
  }
  return all;
}

}  // namespace HWY_NAMESPACE
}  // namespace stroma::fields::kernel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stroma::fields::kernel {
namespace {
HWY_EXPORT(smooth);
HWY_EXPORT(add_residual);
HWY_EXPORT(restrict_pairs);
HWY_EXPORT(add_row);
HWY_EXPORT(prolong_pairs);
HWY_EXPORT(hold);
HWY_EXPORT(fine_residual);
HWY_EXPORT(correct);
}  // namespace

void smooth(const Row& row, bool even_first) {
  HWY_DYNAMIC_DISPATCH(smooth)(row, even_first);
}
void add_residual(float* sum, const Row& row, float weight) {
  HWY_DYNAMIC_DISPATCH(add_residual)(sum, row, weight);
}
void restrict_pairs(float* coarse, const float* fine, const float* low, const float* high, std::size_t size) {
  HWY_DYNAMIC_DISPATCH(restrict_pairs)(coarse, fine, low, high, size);
}
void add_row(float* sum, const float* row, float weight, std::size_t size) {
  HWY_DYNAMIC_DISPATCH(add_row)(sum, row, weight, size);
}
void prolong_pairs(float* fine, const float* coarse, const float* even_near, const float* even_far,
                   const float* odd_near, const float* odd_far, std::size_t size) {
  HWY_DYNAMIC_DISPATCH(prolong_pairs)(fine, coarse, even_near, even_far, odd_near, odd_far, size);
}
void hold(float* e, const float* react, std::size_t size) {
  HWY_DYNAMIC_DISPATCH(hold)(e, react, size);
}
void fine_residual(const FineRow& row, float* r, float* react) {
  HWY_DYNAMIC_DISPATCH(fine_residual)(row, r, react);
}
Extremes correct(double* c, const float* e, std::size_t size, bool bounded) {
  return HWY_DYNAMIC_DISPATCH(correct)(c, e, size, bounded);
}
}  // namespace stroma::fields::kernel
#endif  // HWY_ONCE

// Velocities measured, cells moved and placed on the lattice, a block at a time; see kernel.hpp. Lanes are
// cells, and the last few go through the same arithmetic one by one.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "cells/kernel.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cells/kernel_moves.cpp"
// On x86: the emulation that any processor runs, SSE4, AVX2 and AVX-512.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>  // includes this file once per instruction set
#include <hwy/highway.h>

#include "cells/kernel_lanes.hpp"

HWY_BEFORE_NAMESPACE();
namespace stroma::cells::kernel {
namespace HWY_NAMESPACE {

/// One body of largest_of; the vectors do the same to `lanes` of them.
HWY_INLINE void measure(const float* v, const float* p, Largest& largest) {
  const float dx = v[0] - p[0], dy = v[1] - p[1], dz = v[2] - p[2];
  const float speed = (v[0] * v[0] + v[1] * v[1]) + v[2] * v[2];
  const float change = ((dx * dx + dy * dy) + dz * dz) * p[3];
  if (!(speed <= largest.speed)) largest.speed = speed;  // a NaN is kept
  if (!(change <= largest.change)) largest.change = change;
}

Largest largest_of(const float* velocity, const float* previous, std::size_t begin, std::size_t end) {
  Largest largest;
  std::size_t i = begin;
#if HWY_TARGET != HWY_SCALAR
  V speed = hn::Zero(floats), change = hn::Zero(floats);
  auto finite = hn::Eq(speed, speed);
  const V most = hn::Set(floats, std::numeric_limits<float>::max());
  for (; i + lanes <= end; i += lanes) {
    V vx, vy, vz, vw, px, py, pz, pw;
    hn::LoadInterleaved4(floats, velocity + 4 * i, vx, vy, vz, vw);
    hn::LoadInterleaved4(floats, previous + 4 * i, px, py, pz, pw);
    const V dx = hn::Sub(vx, px), dy = hn::Sub(vy, py), dz = hn::Sub(vz, pz);
    const V s = hn::Add(hn::Add(hn::Mul(vx, vx), hn::Mul(vy, vy)), hn::Mul(vz, vz));
    const V c = hn::Mul(hn::Add(hn::Add(hn::Mul(dx, dx), hn::Mul(dy, dy)), hn::Mul(dz, dz)), pw);
    finite = hn::And(finite, hn::And(hn::Le(s, most), hn::Le(c, most)));
    speed = hn::Max(speed, s);
    change = hn::Max(change, c);
  }
  largest.speed = hn::GetLane(hn::MaxOfLanes(floats, speed));
  largest.change = hn::GetLane(hn::MaxOfLanes(floats, change));
  if (!hn::AllTrue(floats, finite)) largest.speed = std::numeric_limits<float>::infinity();
#endif
  for (; i < end; ++i) measure(velocity + 4 * i, previous + 4 * i, largest);
  return largest;
}

/// u + reach g of one body at lattice point `at`, in lattice units.
HWY_INLINE float drift_of(const std::int32_t* at, float radius, const std::int32_t* reference, float reach) {
  const auto dx = static_cast<float>(at[0] - reference[0]), dy = static_cast<float>(at[1] - reference[1]),
             dz = static_cast<float>(at[2] - reference[2]);
  const float growth = std::max(0.0f, radius - std::bit_cast<float>(reference[3]));
  return std::sqrt((dx * dx + dy * dy) + dz * dz) + reach * growth;
}

/// Lattice coordinate along axis k of a position inside the box; false where it is outside or a NaN.
HWY_INLINE bool locate(const Advance& how, std::size_t k, double position, std::int32_t& at) {
  const bool in = position >= how.low[k] && position <= how.high[k];
  at = in ? static_cast<std::int32_t>(std::floor((position - how.lattice.low[k]) * how.lattice.per_um + 0.5))
          : 0;
  return in;
}

#if HWY_TARGET != HWY_SCALAR
using Doubles = hn::Repartition<double, Floats>;
using HalfFloats = hn::Half<Floats>;
using HalfInts = hn::Half<Ints>;
constexpr std::size_t half = lanes / 2;

/// The same of `half` bodies; `inside` becomes false where one is not.
HWY_INLINE hn::Vec<HalfInts> locate(const Advance& how, std::size_t k, hn::Vec<Doubles> position,
                                    hn::Mask<Doubles>& inside) {
  const Doubles doubles;
  inside = hn::And(inside, hn::And(hn::Ge(position, hn::Set(doubles, how.low[k])),
                                   hn::Le(position, hn::Set(doubles, how.high[k]))));
  const auto scaled =
      hn::Mul(hn::Sub(position, hn::Set(doubles, how.lattice.low[k])), hn::Set(doubles, how.lattice.per_um));
  return hn::DemoteTo(HalfInts(), hn::Add(scaled, hn::Set(doubles, 0.5)));
}

HWY_INLINE V drift_of(const I (&at)[3], I radius, const std::int32_t* reference, float reach) {
  I rx, ry, rz, before;
  hn::LoadInterleaved4(ints, reference, rx, ry, rz, before);
  const V dx = hn::ConvertTo(floats, hn::Sub(at[0], rx)), dy = hn::ConvertTo(floats, hn::Sub(at[1], ry)),
          dz = hn::ConvertTo(floats, hn::Sub(at[2], rz));
  const V growth =
      hn::Max(hn::Sub(hn::BitCast(floats, radius), hn::BitCast(floats, before)), hn::Zero(floats));
  const V far = hn::Sqrt(hn::Add(hn::Add(hn::Mul(dx, dx), hn::Mul(dy, dy)), hn::Mul(dz, dz)));
  return hn::Add(far, hn::Mul(hn::Set(floats, reach), growth));
}
#endif

Moved place(const Advance& how, const double* x, const double* y, const double* z, const float* radius,
            Point* points, std::size_t begin, std::size_t end) {
  const double* const position[3] = {x, y, z};
  const auto per_um = static_cast<float>(how.lattice.per_um);
  Moved moved;
  std::size_t i = begin;
#if HWY_TARGET != HWY_SCALAR
  const Doubles doubles;
  auto inside = hn::Eq(hn::Zero(doubles), hn::Zero(doubles));
  V farthest = hn::Zero(floats);
  for (; i + lanes <= end; i += lanes) {
    I at[3];
    for (std::size_t k = 0; k < 3; ++k) {
      const auto low = locate(how, k, hn::LoadU(doubles, position[k] + i), inside);
      const auto high = locate(how, k, hn::LoadU(doubles, position[k] + i + half), inside);
      at[k] = hn::Combine(ints, high, low);
    }
    const I size = hn::BitCast(ints, hn::Mul(hn::LoadU(floats, radius + i), hn::Set(floats, per_um)));
    hn::StoreInterleaved4(at[0], at[1], at[2], size, ints, &points[i].x);
    if (how.reference != nullptr) {
      farthest = hn::Max(farthest, drift_of(at, size, how.reference + 4 * i, how.reach));
    }
  }
  moved.drift = hn::GetLane(hn::MaxOfLanes(floats, farthest));
  moved.outside = !hn::AllTrue(doubles, inside);
#endif
  for (; i < end; ++i) {
    std::int32_t at[3];
    for (std::size_t k = 0; k < 3; ++k) moved.outside |= !locate(how, k, position[k][i], at[k]);
    points[i] = {at[0], at[1], at[2], radius[i] * per_um};
    if (how.reference != nullptr) {
      moved.drift = std::max(moved.drift, drift_of(at, points[i].radius, how.reference + 4 * i, how.reach));
    }
  }
  return moved;
}

/// One body of advance; the vectors do the same to `lanes` of them.
struct Move {
  const Advance& how;
  double* const (&position)[3];
  double displacement2 = 0.0;
  float drift = 0.0f;
  bool outside = false;

  HWY_INLINE void one(const double* path, Point& point, std::size_t i) {
    const float* const v = how.velocity + 4 * i;
    const float* const p = how.previous + 4 * i;
    const double blend = how.blend * static_cast<double>(p[3]);
    double square = 0.0;
    std::int32_t at[3] = {0, 0, 0};
    for (std::size_t k = 0; k < 3; ++k) {
      const double now = static_cast<double>(v[k]), then = static_cast<double>(p[k]);
      double d = how.step * (now + blend * (now - then));
      if (path != nullptr) d += path[k];
      const double to = position[k][i] + d;
      position[k][i] = to;
      square += d * d;
      outside |= !locate(how, k, to, at[k]);
    }
    if (square > displacement2) displacement2 = square;
    drift = std::max(drift, drift_of(at, point.radius, how.reference + 4 * i, how.reach));
    point = {at[0], at[1], at[2], point.radius};
  }

#if HWY_TARGET != HWY_SCALAR
  struct Pair {
    hn::Vec<Doubles> low, high;
  };
  static HWY_INLINE Pair widen(V v) {
    const Doubles doubles;
    const HalfFloats halves;
    return {hn::PromoteTo(doubles, hn::LowerHalf(halves, v)),
            hn::PromoteTo(doubles, hn::UpperHalf(halves, v))};
  }
  struct State {
    hn::Vec<Doubles> square, largest;
    hn::Mask<Doubles> inside;
  };
  /// Moves `half` bodies along axis k; returns their lattice coordinates.
  HWY_INLINE hn::Vec<HalfInts> shift(std::size_t k, std::size_t i, hn::Vec<Doubles> now,
                                     hn::Vec<Doubles> then, hn::Vec<Doubles> blend, const double* path,
                                     State& state) {
    const Doubles doubles;
    auto d = hn::Mul(hn::Set(doubles, how.step), hn::Add(now, hn::Mul(blend, hn::Sub(now, then))));
    if (path != nullptr) {
      HWY_ALIGN double along[half];
      for (std::size_t b = 0; b < half; ++b) along[b] = path[3 * b + k];
      d = hn::Add(d, hn::Load(doubles, along));
    }
    const auto to = hn::Add(hn::LoadU(doubles, position[k] + i), d);
    hn::StoreU(to, doubles, position[k] + i);
    state.square = hn::Add(state.square, hn::Mul(d, d));
    return locate(how, k, to, state.inside);
  }

  HWY_INLINE std::size_t vectors(const double* path, Point* points, std::size_t i, std::size_t end) {
    const Doubles doubles;
    const auto zero = hn::Zero(doubles);
    State state{zero, zero, hn::Eq(zero, zero)};
    V farthest = hn::Zero(floats);
    const std::size_t first = i;
    for (; i + lanes <= end; i += lanes) {
      V v[3], p[3], flag, other;
      hn::LoadInterleaved4(floats, how.velocity + 4 * i, v[0], v[1], v[2], other);
      hn::LoadInterleaved4(floats, how.previous + 4 * i, p[0], p[1], p[2], flag);
      const Pair flags = widen(flag);
      const auto blend_low = hn::Mul(hn::Set(doubles, how.blend), flags.low);
      const auto blend_high = hn::Mul(hn::Set(doubles, how.blend), flags.high);
      const double* const along = path == nullptr ? nullptr : path + 3 * (i - first);
      const double* const along_high = along == nullptr ? nullptr : along + 3 * half;
      I at[3];
      State high{zero, zero, state.inside};
      state.square = zero;
      for (std::size_t k = 0; k < 3; ++k) {
        const Pair now = widen(v[k]), then = widen(p[k]);
        const auto low_at = shift(k, i, now.low, then.low, blend_low, along, state);
        const auto high_at = shift(k, i + half, now.high, then.high, blend_high, along_high, high);
        at[k] = hn::Combine(ints, high_at, low_at);
      }
      state.inside = hn::And(state.inside, high.inside);
      state.largest = hn::Max(state.largest, hn::Max(state.square, high.square));

      std::int32_t* const record = &points[i].x;
      I px, py, pz, radius;
      hn::LoadInterleaved4(ints, record, px, py, pz, radius);
      hn::StoreInterleaved4(at[0], at[1], at[2], radius, ints, record);
      farthest = hn::Max(farthest, drift_of(at, radius, how.reference + 4 * i, how.reach));
    }
    displacement2 = hn::GetLane(hn::MaxOfLanes(doubles, state.largest));
    drift = hn::GetLane(hn::MaxOfLanes(floats, farthest));
    outside = !hn::AllTrue(doubles, state.inside);
    return i;
  }
#endif
};

Moved advance(const Advance& how, const double* path, double* x, double* y, double* z, Point* points,
              std::size_t begin, std::size_t end) {
  double* const position[3] = {x, y, z};
  Move move{how, position};
  std::size_t i = begin;
#if HWY_TARGET != HWY_SCALAR
  i = move.vectors(path, points, begin, end);
#endif
  for (; i < end; ++i) move.one(path == nullptr ? nullptr : path + 3 * (i - begin), points[i], i);
  return {static_cast<float>(move.displacement2), move.drift, move.outside};
}

}  // namespace HWY_NAMESPACE
}  // namespace stroma::cells::kernel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stroma::cells::kernel {
namespace {
HWY_EXPORT(largest_of);
HWY_EXPORT(advance);
HWY_EXPORT(place);
}  // namespace

Largest largest_of(const float* velocity, const float* previous, std::size_t begin, std::size_t end) {
  return HWY_DYNAMIC_DISPATCH(largest_of)(velocity, previous, begin, end);
}

Moved advance(const Advance& how, const double* path, double* x, double* y, double* z, Point* points,
              std::size_t begin, std::size_t end) {
  return HWY_DYNAMIC_DISPATCH(advance)(how, path, x, y, z, points, begin, end);
}

Moved place(const Advance& how, const double* x, const double* y, const double* z, const float* radius,
            Point* points, std::size_t begin, std::size_t end) {
  return HWY_DYNAMIC_DISPATCH(place)(how, x, y, z, radius, points, begin, end);
}

}  // namespace stroma::cells::kernel
#endif  // HWY_ONCE

// See kernel.hpp. A list entry is fetched as one load of 16 bytes; sixteen of them are transposed in
// registers into vectors of x, y, z and radius, which is several times cheaper than gathers.
#include "cells/kernel.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cells/kernel.cpp"
// On x86: the emulation that any processor runs, SSE4, AVX2 and AVX-512.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>  // includes this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace stroma::cells::kernel {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

static_assert(HWY_MAX_BYTES <= 64, "sixteen lanes are one register or several, not a part of one");
using Floats = hn::CappedTag<float, 16>;
using Ints = hn::RebindToSigned<Floats>;
using Indices = hn::RebindToUnsigned<Floats>;
using V = hn::Vec<Floats>;
using I = hn::Vec<Ints>;
constexpr Floats floats;
constexpr Ints ints;
constexpr Indices indices;
constexpr std::size_t lanes = hn::MaxLanes(floats);
constexpr std::size_t parts = 16 / lanes;  // registers that make 16 lanes

/// The four fields of `lanes` records of 16 bytes.
struct Fields {
  I x, y, z, w;
};

#if HWY_TARGET == HWY_SCALAR
HWY_INLINE Fields fetch(const void* base, const std::uint32_t* entry) {
  const std::int32_t* const r = static_cast<const std::int32_t*>(base) + 4 * static_cast<std::size_t>(*entry);
  return {hn::Load(ints, r), hn::Load(ints, r + 1), hn::Load(ints, r + 2), hn::Load(ints, r + 3)};
}
#else
HWY_INLINE auto record(const void* base, std::uint32_t index) {
  const hn::FixedTag<std::int32_t, 4> four;
  return hn::Load(four, static_cast<const std::int32_t*>(base) + 4 * static_cast<std::size_t>(index));
}

/// Every fourth record from entry[0]: entry[0], entry[4], ... in the blocks of one register.
HWY_INLINE I every_fourth(const void* base, const std::uint32_t* entry) {
#if HWY_MAX_BYTES == 64
  const hn::FixedTag<std::int32_t, 8> eight;
  const auto low = hn::Combine(eight, record(base, entry[4]), record(base, entry[0]));
  const auto high = hn::Combine(eight, record(base, entry[12]), record(base, entry[8]));
  return hn::Combine(ints, high, low);
#elif HWY_MAX_BYTES == 32
  return hn::Combine(ints, record(base, entry[4]), record(base, entry[0]));
#else
  return record(base, entry[0]);
#endif
}

HWY_INLINE Fields fetch(const void* base, const std::uint32_t* entry) {
  const I a = every_fourth(base, entry), b = every_fourth(base, entry + 1);
  const I c = every_fourth(base, entry + 2), d = every_fourth(base, entry + 3);
  const I ac = hn::InterleaveLower(ints, a, c), bd = hn::InterleaveLower(ints, b, d);
  const I ac2 = hn::InterleaveUpper(ints, a, c), bd2 = hn::InterleaveUpper(ints, b, d);
  return {hn::InterleaveLower(ints, ac, bd), hn::InterleaveUpper(ints, ac, bd),
          hn::InterleaveLower(ints, ac2, bd2), hn::InterleaveUpper(ints, ac2, bd2)};
}
#endif

bool list_neighbours(const Bins& bins, const Cutoff& cutoff, const std::uint32_t* bin,
                     const std::int32_t* centre, std::size_t begin, std::size_t end,
                     std::vector<std::uint32_t>& entries, std::size_t& used, std::uint32_t* first,
                     std::uint16_t* count) {
  const V reach = hn::Set(floats, cutoff.reach), contact = hn::Set(floats, cutoff.contact);
  const V skin = hn::Set(floats, cutoff.skin);
  const std::int64_t nx = bins.across[0], ny = bins.across[1], nz = bins.across[2];
  std::uint32_t from[9], to[9];
  std::size_t ranges = 0, candidates = 0;
  std::uint32_t here = 0xFFFFFFFFu;
  for (std::size_t i = begin; i < end; ++i) {
    if (bin[i] != here) {  // consecutive bodies mostly share their bin
      here = bin[i];
      const std::int64_t bx = here % nx, by = here / nx % ny, bz = here / (nx * ny);
      ranges = candidates = 0;
      for (std::int64_t z = bz > 0 ? bz - 1 : 0; z <= bz + 1 && z < nz; ++z) {
        for (std::int64_t y = by > 0 ? by - 1 : 0; y <= by + 1 && y < ny; ++y) {
          const std::int64_t row = (z * ny + y) * nx;
          from[ranges] = bins.start[row + (bx > 0 ? bx - 1 : 0)];
          to[ranges] = bins.start[row + (bx + 1 < nx ? bx + 1 : bx) + 1];
          candidates += to[ranges] - from[ranges];
          ranges += to[ranges] > from[ranges] ? 1 : 0;
        }
      }
    }
    if (used + candidates + 32 > entries.size()) {
      const std::size_t room = used + candidates + 32 + entries.size() / 8;
      entries.reserve(room);  // exactly: resize alone would double it
      entries.resize(room);
    }
    std::uint32_t* out = entries.data() + used;
    const std::uint32_t* const list = out;
    const std::int32_t* const own = centre + 4 * i;
    const I x = hn::Set(ints, own[0]), y = hn::Set(ints, own[1]), z = hn::Set(ints, own[2]);
    const V radius = hn::BitCast(floats, hn::Set(ints, own[3]));
    const auto self = hn::Set(indices, static_cast<std::uint32_t>(i));
    for (std::size_t r = 0; r < ranges; ++r) {
      for (std::uint32_t k = from[r]; k < to[r]; k += lanes) {
        const V dx = hn::ConvertTo(floats, hn::Sub(hn::LoadU(ints, bins.x + k), x));
        const V dy = hn::ConvertTo(floats, hn::Sub(hn::LoadU(ints, bins.y + k), y));
        const V dz = hn::ConvertTo(floats, hn::Sub(hn::LoadU(ints, bins.z + k), z));
        const V d2 = hn::Add(hn::Add(hn::Mul(dx, dx), hn::Mul(dy, dy)), hn::Mul(dz, dz));
        const V sum = hn::Add(hn::LoadU(floats, bins.radius + k), radius);
        const V range = hn::Add(hn::Max(hn::Mul(reach, sum), hn::Add(sum, contact)), skin);
        const auto body = hn::LoadU(indices, bins.body + k);
        const auto other = hn::RebindMask(floats, hn::Ne(body, self));
        const auto valid = hn::FirstN(floats, to[r] - k);
        const auto near = hn::And(hn::And(hn::Le(d2, hn::Mul(range, range)), other), valid);
        const auto chosen = hn::RebindMask(indices, near);
        // not CompressStore, which is a hundred cycles on some processors; there is room for a whole vector
        hn::StoreU(hn::Compress(body, chosen), indices, out);
        out += hn::CountTrue(indices, chosen);
      }
    }
    const auto length = static_cast<std::size_t>(out - list);
    if (length > 0xFFFF) return false;
    first[i] = static_cast<std::uint32_t>(used);
    count[i] = static_cast<std::uint16_t>(length);
    used += length;
  }
  return true;
}

/// out = (x, y, z, 1), each the sum of 16 lanes, always in the same tree: with s_b = (l_0 + l_2) + (l_1 +
/// l_3) of each block of four lanes, (s_0 + s_2) + (s_1 + s_3).
#if HWY_TARGET == HWY_SCALAR
HWY_INLINE float total(const V (&v)[16]) {
  float s[4];
  for (std::size_t b = 0; b < 4; ++b) {
    const V* const l = v + 4 * b;
    s[b] = (hn::GetLane(l[0]) + hn::GetLane(l[2])) + (hn::GetLane(l[1]) + hn::GetLane(l[3]));
  }
  return (s[0] + s[2]) + (s[1] + s[3]);
}
HWY_INLINE void store_total(const V (&x)[16], const V (&y)[16], const V (&z)[16], float* out) {
  out[0] = total(x);
  out[1] = total(y);
  out[2] = total(z);
  out[3] = 1.0f;
}
#else
HWY_INLINE void store_total(const V (&x)[parts], const V (&y)[parts], const V (&z)[parts], float* out) {
  V s[parts];
  const V zero = hn::Zero(floats);
  for (std::size_t p = 0; p < parts; ++p) {
    const V xz = hn::Add(hn::InterleaveLower(floats, x[p], z[p]), hn::InterleaveUpper(floats, x[p], z[p]));
    const V y0 = hn::Add(hn::InterleaveLower(floats, y[p], zero), hn::InterleaveUpper(floats, y[p], zero));
    s[p] = hn::Add(hn::InterleaveLower(floats, xz, y0), hn::InterleaveUpper(floats, xz, y0));
  }
  const hn::FixedTag<float, 4> four;
#if HWY_MAX_BYTES == 64
  const hn::FixedTag<float, 8> eight;
  const auto half = hn::Add(hn::LowerHalf(eight, s[0]), hn::UpperHalf(eight, s[0]));
  const auto sum = hn::Add(hn::LowerHalf(four, half), hn::UpperHalf(four, half));
#elif HWY_MAX_BYTES == 32
  const V half = hn::Add(s[0], s[1]);
  const auto sum = hn::Add(hn::LowerHalf(four, half), hn::UpperHalf(four, half));
#else
  const V sum = hn::Add(hn::Add(s[0], s[2]), hn::Add(s[1], s[3]));
#endif
  alignas(16) static constexpr float has_velocity[4] = {0.0f, 0.0f, 0.0f, 1.0f};
  hn::StoreU(hn::Add(sum, hn::Load(four, has_velocity)), four, out);
}
#endif

template <bool uniform>
HWY_INLINE void forces(const Pairs& pairs, const Point* points, const std::uint32_t* entries,
                       const std::uint32_t* first, const std::uint16_t* count, std::size_t begin,
                       std::size_t end, float* velocity, std::vector<std::uint32_t>& coincident) {
  const V reach = hn::Set(floats, pairs.reach), one = hn::Set(floats, 1.0f), zero = hn::Zero(floats);
  const V repulsion = hn::Set(floats, pairs.repulsion), adhesion = hn::Set(floats, pairs.adhesion);
  for (std::size_t i = begin; i < end; ++i) {
    const Point& centre = points[i];
    const I x = hn::Set(ints, centre.x), y = hn::Set(ints, centre.y), z = hn::Set(ints, centre.z);
    const V radius = hn::Set(floats, centre.radius);
    V fx[parts], fy[parts], fz[parts];
    for (std::size_t p = 0; p < parts; ++p) fx[p] = fy[p] = fz[p] = zero;
    const std::uint32_t* const list = entries + first[i];
    const std::size_t n = count[i];
    bool met = false;
    for (std::size_t k = 0; k < n; k += 16) {
      for (std::size_t p = 0; p < parts; ++p) {
        const std::size_t at = k + p * lanes;
        if (lanes < 16 && at >= n) break;
        const auto valid = hn::FirstN(floats, n - at);
        const Fields other = fetch(points, list + at);
        const V dx = hn::ConvertTo(floats, hn::Sub(x, other.x));
        const V dy = hn::ConvertTo(floats, hn::Sub(y, other.y));
        const V dz = hn::ConvertTo(floats, hn::Sub(z, other.z));
        const V sum = hn::Add(radius, hn::BitCast(floats, other.w));
        const V d2 = hn::Add(hn::Add(hn::Mul(dx, dx), hn::Mul(dy, dy)), hn::Mul(dz, dz));
        const V square = hn::Max(d2, one);  // one lattice unit is the smallest distance but 0
        const V d = hn::Sqrt(square);
        const V inverse = hn::Div(one, hn::Mul(d, sum));
        const V per_sum = hn::Mul(d, inverse), per_d = hn::Mul(sum, inverse);
        const V overlap = hn::Max(hn::Mul(hn::Sub(sum, d), per_sum), zero);
        const V tie = hn::Max(hn::Mul(hn::Sub(hn::Mul(reach, sum), d), per_sum), zero);
        V push = hn::Mul(overlap, overlap), pull = hn::Mul(tie, tie);
        if constexpr (uniform) {
          push = hn::Mul(push, repulsion);
          pull = hn::Mul(pull, adhesion);
        } else {
          const float* const own = pairs.stickiness + 4 * i;
          const Fields its = fetch(pairs.stickiness, list + at);
          push = hn::Mul(push, hn::Mul(hn::Set(floats, own[0]), hn::BitCast(floats, its.x)));
          pull = hn::Mul(pull, hn::Mul(hn::Set(floats, own[1]), hn::BitCast(floats, its.y)));
          if (pairs.affinity != nullptr) {
            std::int32_t type;
            hwy::CopyBytes<4>(own + 2, &type);
            pull = hn::Mul(pull, hn::GatherIndex(floats, pairs.affinity + type * pairs.types, its.z));
          }
        }
        const V force = hn::IfThenElseZero(valid, hn::Mul(hn::Sub(push, pull), per_d));
        fx[p] = hn::Add(fx[p], hn::Mul(force, dx));
        fy[p] = hn::Add(fy[p], hn::Mul(force, dy));
        fz[p] = hn::Add(fz[p], hn::Mul(force, dz));
        met |= !hn::AllFalse(floats, hn::And(valid, hn::Lt(d2, one)));
      }
    }
    store_total(fx, fy, fz, velocity + 4 * i);
    if (HWY_UNLIKELY(met)) coincident.push_back(static_cast<std::uint32_t>(i));
  }
}

void add_forces(const Pairs& pairs, const Point* points, const std::uint32_t* entries,
                const std::uint32_t* first, const std::uint16_t* count, std::size_t begin, std::size_t end,
                float* velocity, std::vector<std::uint32_t>& coincident) {
  if (pairs.stickiness == nullptr) {
    forces<true>(pairs, points, entries, first, count, begin, end, velocity, coincident);
  } else {
    forces<false>(pairs, points, entries, first, count, begin, end, velocity, coincident);
  }
}

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
HWY_EXPORT(list_neighbours);
HWY_EXPORT(add_forces);
HWY_EXPORT(largest_of);
HWY_EXPORT(advance);
HWY_EXPORT(place);
}  // namespace

bool list_neighbours(const Bins& bins, const Cutoff& cutoff, const std::uint32_t* bin,
                     const std::int32_t* centre, std::size_t begin, std::size_t end,
                     std::vector<std::uint32_t>& entries, std::size_t& used, std::uint32_t* first,
                     std::uint16_t* count) {
  return HWY_DYNAMIC_DISPATCH(list_neighbours)(bins, cutoff, bin, centre, begin, end, entries, used, first,
                                               count);
}
void add_forces(const Pairs& pairs, const Point* points, const std::uint32_t* entries,
                const std::uint32_t* first, const std::uint16_t* count, std::size_t begin, std::size_t end,
                float* velocity, std::vector<std::uint32_t>& coincident) {
  HWY_DYNAMIC_DISPATCH(add_forces)
  (pairs, points, entries, first, count, begin, end, velocity, coincident);
}
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

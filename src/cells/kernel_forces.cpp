// Forces on a block of cells; see kernel.hpp. A list entry is fetched as one load of 16 bytes; sixteen of
// them are transposed in registers into vectors of x, y, z and radius, which is several times cheaper than
// gathers. One square root and one division serve sixteen pairs.
#include "cells/kernel.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cells/kernel_forces.cpp"
// On x86: the emulation that any processor runs, SSE4, AVX2 and AVX-512.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>  // includes this file once per instruction set
#include <hwy/highway.h>

#include "cells/kernel_lanes.hpp"

HWY_BEFORE_NAMESPACE();
namespace stroma::cells::kernel {
namespace HWY_NAMESPACE {

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

}  // namespace HWY_NAMESPACE
}  // namespace stroma::cells::kernel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stroma::cells::kernel {
namespace {
HWY_EXPORT(add_forces);
}  // namespace

void add_forces(const Pairs& pairs, const Point* points, const std::uint32_t* entries,
                const std::uint32_t* first, const std::uint16_t* count, std::size_t begin, std::size_t end,
                float* velocity, std::vector<std::uint32_t>& coincident) {
  HWY_DYNAMIC_DISPATCH(add_forces)
  (pairs, points, entries, first, count, begin, end, velocity, coincident);
}

}  // namespace stroma::cells::kernel
#endif  // HWY_ONCE

// Lists of neighbours of a block of cells; see kernel.hpp. The 27 bins around a cell are nine runs of the
// sorted arrays; each is tested a vector at a time, and who is near enough is compressed into the list.
#include "cells/kernel.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cells/kernel_lists.cpp"
// On x86: the emulation that any processor runs, SSE4, AVX2 and AVX-512.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>  // includes this file once per instruction set
#include <hwy/highway.h>

#include "cells/kernel_lanes.hpp"

HWY_BEFORE_NAMESPACE();
namespace stroma::cells::kernel {
namespace HWY_NAMESPACE {

using Indices = hn::RebindToUnsigned<Floats>;
constexpr Indices indices;

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

}  // namespace HWY_NAMESPACE
}  // namespace stroma::cells::kernel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stroma::cells::kernel {
namespace {
HWY_EXPORT(list_neighbours);
}  // namespace

bool list_neighbours(const Bins& bins, const Cutoff& cutoff, const std::uint32_t* bin,
                     const std::int32_t* centre, std::size_t begin, std::size_t end,
                     std::vector<std::uint32_t>& entries, std::size_t& used, std::uint32_t* first,
                     std::uint16_t* count) {
  return HWY_DYNAMIC_DISPATCH(list_neighbours)(bins, cutoff, bin, centre, begin, end, entries, used, first,
                                               count);
}

}  // namespace stroma::cells::kernel
#endif  // HWY_ONCE

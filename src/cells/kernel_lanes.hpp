// What the kernels of this module compute with: sixteen lanes on every machine. Included once per instruction
// set by a kernel_*.cpp, after hwy/highway.h, hence the guard that toggles.
#if defined(STROMA_CELLS_KERNEL_LANES_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef STROMA_CELLS_KERNEL_LANES_HPP
#undef STROMA_CELLS_KERNEL_LANES_HPP
#else
#define STROMA_CELLS_KERNEL_LANES_HPP
#endif

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace stroma::cells::kernel::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

static_assert(HWY_MAX_BYTES <= 64, "sixteen lanes are one register or several, not a part of one");
using Floats = hn::CappedTag<float, 16>;
using Ints = hn::RebindToSigned<Floats>;
using V = hn::Vec<Floats>;
using I = hn::Vec<Ints>;
constexpr Floats floats;
constexpr Ints ints;
constexpr std::size_t lanes = hn::MaxLanes(floats);

}  // namespace stroma::cells::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif

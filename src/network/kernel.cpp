// F of a block of cells: for each node one walk over its terms with the running numerator N and denominator D
// of four vectors of cells in registers, and one division at the end. x^n is made of products and square
// roots for n in halves up to 4, and of 2^(n log2(x/K)) otherwise. Every operation rounds once, as in IEEE
// 754, and products and sums are never fused, so a block comes out the same whatever the width of the
// vectors.
#include "network/kernel.hpp"

#include "network/activities.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "network/kernel.cpp"
// On x86: the emulation that any processor runs, SSE4, AVX2 and AVX-512.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>  // includes this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace stroma::network::kernel {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Lanes = hn::CappedTag<float, 16>;
using V = hn::Vec<Lanes>;
constexpr Lanes lanes;

/// Four vectors that go through the same operations side by side, to hide their latency.
struct Quad {
  V a, b, c, d;
};

HWY_INLINE std::size_t quad_size() {
  return 4 * hn::Lanes(lanes);
}

HWY_INLINE Quad load(const float* p) {
  const std::size_t n = hn::Lanes(lanes);
  return {hn::LoadU(lanes, p), hn::LoadU(lanes, p + n), hn::LoadU(lanes, p + 2 * n),
          hn::LoadU(lanes, p + 3 * n)};
}

HWY_INLINE void store(const Quad& x, float* p) {
  const std::size_t n = hn::Lanes(lanes);
  hn::Store(x.a, lanes, p);
  hn::Store(x.b, lanes, p + n);
  hn::Store(x.c, lanes, p + 2 * n);
  hn::Store(x.d, lanes, p + 3 * n);
}

HWY_INLINE Quad fill(float x) {
  const V v = hn::Set(lanes, x);
  return {v, v, v, v};
}

HWY_INLINE Quad operator+(const Quad& x, const Quad& y) {
  return {hn::Add(x.a, y.a), hn::Add(x.b, y.b), hn::Add(x.c, y.c), hn::Add(x.d, y.d)};
}
HWY_INLINE Quad operator-(const Quad& x, const Quad& y) {
  return {hn::Sub(x.a, y.a), hn::Sub(x.b, y.b), hn::Sub(x.c, y.c), hn::Sub(x.d, y.d)};
}
HWY_INLINE Quad operator*(const Quad& x, const Quad& y) {
  return {hn::Mul(x.a, y.a), hn::Mul(x.b, y.b), hn::Mul(x.c, y.c), hn::Mul(x.d, y.d)};
}
HWY_INLINE Quad operator/(const Quad& x, const Quad& y) {
  return {hn::Div(x.a, y.a), hn::Div(x.b, y.b), hn::Div(x.c, y.c), hn::Div(x.d, y.d)};
}
HWY_INLINE Quad square_root(const Quad& x) {
  return {hn::Sqrt(x.a), hn::Sqrt(x.b), hn::Sqrt(x.c), hn::Sqrt(x.d)};
}
HWY_INLINE Quad at_least(const Quad& x, const Quad& y) {
  return {hn::Max(x.a, y.a), hn::Max(x.b, y.b), hn::Max(x.c, y.c), hn::Max(x.d, y.d)};
}
HWY_INLINE V largest_magnitude(V sofar, const Quad& x) {
  const V ab = hn::Max(hn::Abs(x.a), hn::Abs(x.b));
  const V cd = hn::Max(hn::Abs(x.c), hn::Abs(x.d));
  return hn::Max(sofar, hn::Max(ab, cd));
}

/// log2(x) of a positive, normal x: x = 2^e m with m in [sqrt(1/2), sqrt(2)), and the series of
/// log2(m) = 2/ln 2 artanh(s), s = (m - 1)/(m + 1), up to s^9, whose remainder is below 2^-28 for |s| <=
/// 0.172.
HWY_INLINE V log2_positive(V x) {
  const hn::RebindToSigned<Lanes> integers;
  const auto root_half = hn::Set(integers, 0x3F3504F3);
  const auto bits = hn::BitCast(integers, x);
  const auto e = hn::ShiftRight<23>(hn::Sub(bits, root_half));
  const V m = hn::BitCast(lanes, hn::Sub(bits, hn::ShiftLeft<23>(e)));
  const V one = hn::Set(lanes, 1.0f);
  const V s = hn::Div(hn::Sub(m, one), hn::Add(m, one));
  const V z = hn::Mul(s, s);
  V series = hn::Set(lanes, 0.32059890f);                             // 2/(9 ln 2)
  series = hn::Add(hn::Mul(series, z), hn::Set(lanes, 0.41219858f));  // 2/(7 ln 2)
  series = hn::Add(hn::Mul(series, z), hn::Set(lanes, 0.57707802f));  // 2/(5 ln 2)
  series = hn::Add(hn::Mul(series, z), hn::Set(lanes, 0.96179669f));  // 2/(3 ln 2)
  series = hn::Add(hn::Mul(series, z), hn::Set(lanes, 2.88539008f));  // 2/ln 2
  return hn::Add(hn::ConvertTo(lanes, e), hn::Mul(s, series));
}

/// 2^t for t in [-100, 100]: t = r + g with r an integer and |g| <= 1/2, and the series of e^(g ln 2) up to
/// g^7.
HWY_INLINE V exp2_bounded(V t) {
  const hn::RebindToSigned<Lanes> integers;
  const V r = hn::Round(t);
  const V g = hn::Mul(hn::Sub(t, r), hn::Set(lanes, 0.69314718f));
  V series = hn::Set(lanes, 1.0f / 5040.0f);
  series = hn::Add(hn::Mul(series, g), hn::Set(lanes, 1.0f / 720.0f));
  series = hn::Add(hn::Mul(series, g), hn::Set(lanes, 1.0f / 120.0f));
  series = hn::Add(hn::Mul(series, g), hn::Set(lanes, 1.0f / 24.0f));
  series = hn::Add(hn::Mul(series, g), hn::Set(lanes, 1.0f / 6.0f));
  series = hn::Add(hn::Mul(series, g), hn::Set(lanes, 0.5f));
  series = hn::Add(hn::Mul(series, g), hn::Set(lanes, 1.0f));
  series = hn::Add(hn::Mul(series, g), hn::Set(lanes, 1.0f));
  const auto exponent = hn::Add(hn::ConvertTo(integers, r), hn::Set(integers, 127));
  return hn::Mul(series, hn::BitCast(lanes, hn::ShiftLeft<23>(exponent)));
}

/// p = (x/K)^n of four vectors, cut at 2^40 and exactly 0 at x <= 0. Long and rare, so not copied into every
/// loop.
HWY_NOINLINE void general_power(const Term& term, const float* x, float* p) {
  const V exponent = hn::Set(lanes, term.exponent), log2_half_max = hn::Set(lanes, term.log2_half_max);
  const V smallest = hn::Set(lanes, 1e-30f), low = hn::Set(lanes, -100.0f), high = hn::Set(lanes, 40.0f);
  for (std::size_t at = 0; at < quad_size(); at += hn::Lanes(lanes)) {
    const V value = hn::Load(lanes, x + at);
    const V ratio = hn::Sub(log2_positive(hn::Max(value, smallest)), log2_half_max);
    const V power = exp2_bounded(hn::Max(hn::Min(hn::Mul(exponent, ratio), high), low));
    hn::Store(hn::IfThenElseZero(hn::Gt(value, hn::Zero(lanes)), power), lanes, p + at);
  }
}

/// p of a term whose source is a node with the activities `values`.
HWY_INLINE Quad power_of(const Term& term, const float* values) {
  if (term.power == Power::general) {
    HWY_ALIGN float p[block_size];
    general_power(term, values, p);
    return load(p);
  }
  const Quad x = load(values);
  switch (term.power) {
    case Power::half:
      return square_root(at_least(x, fill(0.0f)));
    case Power::three_halves:
      return x * square_root(at_least(x, fill(0.0f)));
    case Power::two:
      return x * x;
    case Power::five_halves:
      return x * x * square_root(at_least(x, fill(0.0f)));
    case Power::three:
      return x * x * x;
    case Power::seven_halves:
      return x * x * x * square_root(at_least(x, fill(0.0f)));
    case Power::four: {
      const Quad square = x * x;
      return square * square;
    }
    case Power::general:
    case Power::one:
    case Power::occupancy:
      break;
  }
  return x;
}

/// Multiplies the factor of one term into num/den, for the cells from `cell` on.
HWY_INLINE void multiply(Quad& num, Quad& den, const Block& block, const Term& term, const float* x,
                         std::size_t cell) {
  const auto source = static_cast<std::size_t>(term.source);
  if (term.power == Power::occupancy) {
    num = num * (fill(term.offset) + fill(term.slope) * load(block.inputs[source] + cell));
    return;
  }
  const Quad p = power_of(term, x + source * block_size + cell);
  num = num * (fill(term.offset) + fill(term.slope) * p);
  den = den * (fill(term.scale) + p);
  if (term.divide_after) {
    num = num / den;
    den = fill(1.0f);
  }
}

/// F of one node, for the cells from `cell` on.
HWY_INLINE Quad target(const Block& block, const NodeCode& node, const float* x, std::size_t cell) {
  const Term* terms = block.program->terms.data();
  const Modifier* modifiers = block.program->modifiers.data();
  Quad num = fill(1.0f), den = fill(1.0f);
  // One loop body for both ranges of terms keeps the code small, for the compiler and for the instruction
  // cache.
  std::uint32_t t = node.activators;
  for (bool activating = true;; activating = false) {
    for (const std::uint32_t end = activating ? node.inhibitors : node.end; t < end; ++t)
      multiply(num, den, block, terms[t], x, cell);
    if (!activating) break;
    num = fill(node.u) * den + fill(node.v) * num;
    for (std::uint32_t m = node.drives; m < node.modifiers; ++m)
      num = num + load(block.inputs[modifiers[m].input] + cell) * (den - num);
  }
  for (std::uint32_t m = node.modifiers; m < node.modifiers_end; ++m) {
    const Quad value = load(block.inputs[modifiers[m].input] + cell);
    if (modifiers[m].kind == Modifier::Kind::odds) den = den + (value - fill(1.0f)) * num;
    num = value * num;
  }
  return num / den;
}

void evaluate(const Block& block, const float* x, float* f) {
  const std::size_t nodes = block.program->size();
  for (std::size_t i = 0; i < nodes; ++i)
    for (std::size_t cell = 0; cell < block_size; cell += quad_size())
      store(target(block, block.program->code[i], x, cell), f + i * block_size + cell);
}

float predict(const Block& block, const float* x, const float* q, float* f, float* x1) {
  const std::size_t nodes = block.program->size();
  V distance = hn::Zero(lanes);
  for (std::size_t i = 0; i < nodes; ++i)
    for (std::size_t cell = 0; cell < block_size; cell += quad_size()) {
      const std::size_t at = i * block_size + cell;
      const Quad fx = target(block, block.program->code[i], x, cell);
      const Quad x0 = load(x + at);
      const Quad pull = fx - x0;
      distance = largest_magnitude(distance, pull);
      store(fx, f + at);
      store(x0 + fill(q[i]) * pull, x1 + at);
    }
  return hn::GetLane(hn::MaxOfLanes(lanes, distance));
}

void predict_again(std::size_t nodes, const float* x, const float* q, const float* f, float* x1) {
  for (std::size_t i = 0; i < nodes; ++i)
    for (std::size_t cell = 0; cell < block_size; cell += quad_size()) {
      const std::size_t at = i * block_size + cell;
      const Quad x0 = load(x + at);
      store(x0 + fill(q[i]) * (load(f + at) - x0), x1 + at);
    }
}

float correct(const Block& block, const float* x1, const float* f, const float* p, float* next) {
  const std::size_t nodes = block.program->size();
  V error = hn::Zero(lanes);
  for (std::size_t i = 0; i < nodes; ++i)
    for (std::size_t cell = 0; cell < block_size; cell += quad_size()) {
      const std::size_t at = i * block_size + cell;
      const Quad change = fill(p[i]) * (target(block, block.program->code[i], x1, cell) - load(f + at));
      error = largest_magnitude(error, change);
      store(load(x1 + at) + change, next + at);
    }
  return hn::GetLane(hn::MaxOfLanes(lanes, error));
}

bool settle(std::size_t nodes, float* x) {
  const V zero = hn::Zero(lanes), one = hn::Set(lanes, 1.0f), tolerance = hn::Set(lanes, rounding);
  bool settled = true;
  for (std::size_t at = 0; at < nodes * block_size; at += hn::Lanes(lanes)) {
    const V value = hn::Load(lanes, x + at);
    const V bounded = hn::Min(hn::Max(value, zero), one);
    const auto close = hn::Le(hn::Abs(hn::Sub(value, bounded)), tolerance);
    settled &= hn::AllTrue(lanes, close);
    hn::Store(hn::IfThenElse(close, bounded, value), lanes, x + at);
  }
  return settled;
}

bool all_within(const float* row, float low, float high) {
  const V lowest = hn::Set(lanes, low), highest = hn::Set(lanes, high);
  bool within = true;
  for (std::size_t at = 0; at < block_size; at += hn::Lanes(lanes)) {
    const V value = hn::LoadU(lanes, row + at);
    within &= hn::AllTrue(lanes, hn::And(hn::Ge(value, lowest), hn::Le(value, highest)));
  }
  return within;
}

}  // namespace HWY_NAMESPACE
}  // namespace stroma::network::kernel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stroma::network::kernel {
namespace {
HWY_EXPORT(evaluate);
HWY_EXPORT(predict);
HWY_EXPORT(predict_again);
HWY_EXPORT(correct);
HWY_EXPORT(settle);
HWY_EXPORT(all_within);
}  // namespace

void evaluate(const Block& block, const float* x, float* f) {
  HWY_DYNAMIC_DISPATCH(evaluate)(block, x, f);
}
float predict(const Block& block, const float* x, const float* q, float* f, float* x1) {
  return HWY_DYNAMIC_DISPATCH(predict)(block, x, q, f, x1);
}
void predict_again(std::size_t nodes, const float* x, const float* q, const float* f, float* x1) {
  HWY_DYNAMIC_DISPATCH(predict_again)(nodes, x, q, f, x1);
}
float correct(const Block& block, const float* x1, const float* f, const float* p, float* next) {
  return HWY_DYNAMIC_DISPATCH(correct)(block, x1, f, p, next);
}
bool settle(std::size_t nodes, float* x) {
  return HWY_DYNAMIC_DISPATCH(settle)(nodes, x);
}
bool all_within(const float* row, float low, float high) {
  return HWY_DYNAMIC_DISPATCH(all_within)(row, low, high);
}

}  // namespace stroma::network::kernel
#endif  // HWY_ONCE

// Lines of the split step along the last axis, with decay, uptake and sources; see the header. Neighbouring
// columns lie in the lanes of a vector; rows are a plane apart, so what is read next is prefetched by hand.
#include <algorithm>

#include "fields/split_kernel.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fields/split_columns.cpp"
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>  // includes this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace stroma::fields::kernel {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Wide = hn::CappedTag<double, 8>;
using Single = hn::CappedTag<double, 1>;

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

/// Columns [begin, end) of the lines, `Lanes(D)` at a time. `scratch` holds four values per voxel: g, ratio,
/// rate of saturable uptake, rate of linear uptake. (Rows of the arrays themselves are a plane apart and
/// compete for the same sets of the cache; rows of `scratch` do not.)
template <class D, bool uptake, bool saturable, bool source>
class Columns {
 public:
  Columns(double* c, std::size_t stride, std::size_t begin, std::size_t end, const Factors& factors,
          const Reaction& reaction, double* scratch)
      : c_(c),
        stride_(stride),
        begin_(begin),
        end_(end),
        n_(factors.n),
        f_(factors),
        x_(reaction),
        a_(hn::Set(d, reaction.coupling)),
        squared_(hn::Mul(a_, a_)),
        dt_(hn::Set(d, reaction.minutes)),
        half_(hn::Set(d, reaction.half_uptake)),
        g_(scratch),
        ratio_(g_ + n_ * columns_at_once),
        chord_(ratio_ + n_ * columns_at_once),
        rate_(chord_ + n_ * columns_at_once) {}

  HWY_INLINE ColumnSums run() {
    eliminate();
    return substitute();
  }

 private:
  using Values = hn::Vec<D>;
  static constexpr D d{};
  static constexpr std::size_t lanes = hn::MaxLanes(D());
  static constexpr bool varies = uptake || saturable;  ///< factors are the columns' own

  HWY_INLINE void eliminate() {
    for (std::size_t i = 0; i < n_;) {
      if (varies && i + 1 < n_) {
        for (std::size_t v = begin_; v < end_; v += lanes) eliminate_two(i, v);
        i += 2;
      } else {
        const Values weight = hn::Set(d, f_.weight[i]), ratio = hn::Set(d, f_.ratio[i]);
        for (std::size_t v = begin_; v < end_; v += lanes) eliminate_one(i, v, weight, ratio);
        ++i;
      }
    }
  }

  HWY_INLINE void eliminate_one(std::size_t i, std::size_t v, Values weight, Values ratio) {
    if constexpr (varies) {
      weight = hn::Div(hn::Set(d, 1.0), pivot(i, v));
      ratio = hn::Mul(a_, weight);
      hn::Store(ratio, d, row(ratio_, i) + v);
    }
    hn::Store(carry(i, v, hn::Mul(weight, right(i, v)), ratio), d, row(g_, i) + v);
  }

  /// Rows i and i + 1 with one division: their pivots p and q = m/p from 1/(p m), m = diagonal p - a^2.
  HWY_INLINE void eliminate_two(std::size_t i, std::size_t v) {
    const Values p = pivot(i, v);
    const Values m = hn::Sub(hn::Mul(diagonal(i + 1, v), p), squared_);
    const Values inverse = hn::Div(hn::Set(d, 1.0), hn::Mul(p, m));
    const Values weight = hn::Mul(inverse, m), next_weight = hn::Mul(hn::Mul(p, inverse), p);
    const Values ratio = hn::Mul(a_, weight), next_ratio = hn::Mul(a_, next_weight);
    const Values g = carry(i, v, hn::Mul(weight, right(i, v)), ratio);
    const Values next_g = hn::Add(hn::Mul(next_weight, right(i + 1, v)), hn::Mul(next_ratio, g));
    hn::Store(ratio, d, row(ratio_, i) + v);
    hn::Store(next_ratio, d, row(ratio_, i + 1) + v);
    hn::Store(g, d, row(g_, i) + v);
    hn::Store(next_g, d, row(g_, i + 1) + v);
  }

  /// Value + ratio g of the row before.
  HWY_INLINE Values carry(std::size_t i, std::size_t v, Values value, Values ratio) const {
    return i == 0 ? value : hn::Add(value, hn::Mul(ratio, hn::Load(d, row(g_, i - 1) + v)));
  }

  HWY_INLINE Values pivot(std::size_t i, std::size_t v) {
    const Values own = diagonal(i, v);
    if (i == 0) return own;
    return hn::Sub(own, hn::Mul(a_, hn::Load(d, row(ratio_, i - 1) + v)));
  }

  /// Diagonal before the elimination; the rates in it are kept for the sums.
  HWY_INLINE Values diagonal(std::size_t i, std::size_t v) {
    const std::size_t at = i * stride_ + v;
    Values rate = hn::Zero(d);
    if constexpr (uptake) {
      prefetch(x_.uptake, i, v);
      rate = hn::LoadU(d, x_.uptake + at);
      hn::Store(rate, d, row(rate_, i) + v);
    }
    if constexpr (saturable) {
      prefetch(x_.most, i, v);
      const Values c = hn::Max(hn::LoadU(d, c_ + at), hn::Zero(d));
      const Values chord = hn::Div(hn::LoadU(d, x_.most + at), hn::Add(half_, c));
      hn::Store(chord, d, row(chord_, i) + v);
      rate = hn::Add(rate, chord);
    }
    return hn::Add(hn::Set(d, x_.diagonal[i]), hn::Mul(dt_, rate));
  }

  HWY_INLINE Values right(std::size_t i, std::size_t v) {
    prefetch(c_, i, v);
    const std::size_t at = i * stride_ + v;
    Values right = hn::Add(hn::LoadU(d, c_ + at), hn::Set(d, inflow(i)));
    if constexpr (source) {
      const Values amount = hn::LoadU(d, x_.source + at);
      gained_.add(v, amount);
      right = hn::Add(right, hn::Mul(dt_, amount));
    }
    return right;
  }
  double inflow(std::size_t i) const {
    return (i == 0 ? f_.add_low : 0.0) + (i + 1 == n_ ? f_.add_high : 0.0);
  }

  /// Two rows ahead.
  HWY_INLINE void prefetch(const double* array, std::size_t i, std::size_t v) const {
    if (i + 2 < n_) hwy::Prefetch(array + (i + 2) * stride_ + v);
  }

  HWY_INLINE ColumnSums substitute() {
    Strands<D> content, taken, saturated;
    Values lowest = hn::Zero(d);
    for (std::size_t i = n_; i-- > 0;) {
      const Values same = hn::Set(d, f_.ratio[i]);
      for (std::size_t v = begin_; v < end_; v += lanes) {
        if (i > 1)
          hwy::Prefetch(c_ + (i - 2) * stride_ + v);  // its line was evicted; writing fetches it again
        double* here = c_ + i * stride_ + v;
        Values c = hn::Load(d, row(g_, i) + v);
        if (i + 1 < n_) {
          const Values ratio = varies ? hn::Load(d, row(ratio_, i) + v) : same;
          c = hn::Add(c, hn::Mul(ratio, hn::LoadU(d, here + stride_)));
        }
        hn::StoreU(c, d, here);
        content.add(v, c);
        lowest = hn::Min(lowest, c);
        if constexpr (uptake) taken.add(v, hn::Mul(hn::Load(d, row(rate_, i) + v), c));
        if constexpr (saturable) saturated.add(v, hn::Mul(hn::Load(d, row(chord_, i) + v), c));
      }
    }
    ColumnSums sums;
    sums.content = content.total();
    sums.ends = {row_sum<D>(c_, begin_, end_), row_sum<D>(c_ + (n_ - 1) * stride_, begin_, end_)};
    sums.uptake = taken.total();
    sums.saturable = saturated.total();
    sums.source = gained_.total();
    HWY_ALIGN double lane[lanes];
    hn::Store(lowest, d, lane);
    sums.lowest = *std::min_element(lane, lane + lanes);
    return sums;
  }

  static double* row(double* array, std::size_t i) { return array + i * columns_at_once; }

  double* c_;
  std::size_t stride_, begin_, end_, n_;
  Factors f_;  ///< by value, as stores through double* cannot change them then
  Reaction x_;
  Values a_, squared_, dt_, half_;
  double *g_, *ratio_, *chord_, *rate_;
  Strands<D> gained_;
};

template <bool uptake, bool saturable, bool source>
ColumnSums react_all(double* c, std::size_t stride, std::size_t columns, const Factors& f, const Reaction& x,
                     double* scratch) {
  const std::size_t whole = columns / 8 * 8;
  ColumnSums all = Columns<Wide, uptake, saturable, source>(c, stride, 0, whole, f, x, scratch).run();
  if (whole == columns) return all;
  const ColumnSums rest =
      Columns<Single, uptake, saturable, source>(c, stride, whole, columns, f, x, scratch).run();
  all.content += rest.content;
  all.ends.first += rest.ends.first;
  all.ends.last += rest.ends.last;
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
HWY_EXPORT(react_columns);
}  // namespace

ColumnSums react_columns(double* c, std::size_t stride, std::size_t columns, const Factors& factors,
                         const Reaction& reaction, double* scratch) {
  return HWY_DYNAMIC_DISPATCH(react_columns)(c, stride, columns, factors, reaction, scratch);
}

}  // namespace stroma::fields::kernel
#endif  // HWY_ONCE

// Compensated sums (Neumaier 1974): the error is that of one rounding, however many terms. Internal to the
// module. Relies on -ffp-contract=off and on the absence of -ffast-math.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace stroma::fields {

class Sum {
 public:
  void add(double x) {
    const double total = total_ + x;
    lost_ += std::fabs(total_) >= std::fabs(x) ? (total_ - total) + x : (x - total) + total_;
    total_ = total;
  }
  void add(const Sum& other) {
    add(other.total_);
    lost_ += other.lost_;
  }
  double value() const { return total_ + lost_; }

 private:
  double total_ = 0.0, lost_ = 0.0;
};

/// Sum of an array: plain sums of 256 terms in eight strands, which may go through a vector register, and a
/// compensated sum of those.
inline double compensated_sum(std::span<const double> values) {
  Sum sum;
  constexpr std::size_t block = 256, strands = 8;
  for (std::size_t begin = 0; begin < values.size(); begin += block) {
    const std::size_t end = begin + block < values.size() ? begin + block : values.size();
    double strand[strands] = {};
    std::size_t i = begin;
    for (; i + strands <= end; i += strands)
      for (std::size_t l = 0; l < strands; ++l) strand[l] += values[i + l];
    for (; i < end; ++i) strand[i - begin - (i - begin) / strands * strands] += values[i];
    for (const double part : strand) sum.add(part);
  }
  return sum.value();
}

}  // namespace stroma::fields

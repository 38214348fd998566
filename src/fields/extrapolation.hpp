// Passes over whole fields between the sub-steps: how far a step and its two halves are apart, and what they
// extrapolate to. Sums and extremes are taken per chunk and combined in a fixed order. Internal to the
// module.
#pragma once

#include <span>
#include <vector>

#include "core/parallel.hpp"
#include "fields/plan.hpp"

namespace stroma::fields {

/// Of two fields a and b.
struct Norms {
  double difference = 0.0, largest = 0.0;  ///< of |a - b| and |a|
  double lowest = 0.0;                     ///< of 2 a - b
  double sum = 0.0;                        ///< of a - b, plainly added: finite where all values are
};

class Extrapolation {
 public:
  void copy(std::span<double> to, std::span<const double> from, core::Threads threads) const;

  Norms compare(std::span<const double> a, std::span<const double> b, core::Threads threads);

  /// c = 2 half - full; returns the sum of c.
  double extrapolate(std::span<double> c, std::span<const double> half, std::span<const double> full,
                     core::Threads threads);

  /// The same where 2 half - full would be negative somewhere, in front of which half is far below full:
  /// there, from full = 1.5 half on, half^2/(4 (full - half)), which continues it smoothly and stays
  /// positive. What that adds is taken from all voxels that are not fixed by one common factor, so that the
  /// sum is `content`, that of 2 half - full.
  double extrapolate_positively(std::span<double> c, std::span<const double> half,
                                std::span<const double> full, double content, const SubstancePlan& plan,
                                std::span<const double> fixed_value, core::Threads threads);

 private:
  template <class Value>
  double assign(std::span<double> c, core::Threads threads, const Value& value);

  std::vector<Norms> norms_;  ///< per chunk
  std::vector<double> sums_;
};

}  // namespace stroma::fields

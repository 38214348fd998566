// An interval estimate: two ends in the unit of the estimate.
#pragma once

namespace stroma::stats {

/// The interval [low, high]; an end may be infinite where the data leave it open.
struct Interval {
  double low = 0.0;
  double high = 0.0;
  bool contains(double value) const { return low <= value && value <= high; }
};

}  // namespace stroma::stats

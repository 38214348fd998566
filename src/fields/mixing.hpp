// Anderson mixing (Anderson 1965; Walker and Ni 2011): corrections of a fixed-point iteration are combined so
// that what is left of the latest corrections is smallest. It makes slow or diverging multigrid cycles
// converge, as they occur with large jumps of the mobility. Internal to the module.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "core/parallel.hpp"
#include "fields/aligned.hpp"

namespace stroma::fields {

class Mixing {
 public:
  void restart() { stored_ = 0, started_ = false; }
  /// Replaces the correction of the latest cycle by the mixed one. Fixed order of sums.
  void mix(AlignedArray<float>& correction, core::Threads threads);

 private:
  static constexpr std::size_t depth = 5;
  double dot(const AlignedArray<float>& a, const AlignedArray<float>& b, core::Threads threads);
  void solve(std::array<double, depth>& weights) const;

  std::array<AlignedArray<float>, depth> changes_, moves_;  ///< of the correction, of the solution
  AlignedArray<float> last_, applied_;
  std::array<std::array<double, depth>, depth> gram_{};
  std::array<double, depth> right_{};
  std::vector<double> scratch_;
  std::size_t stored_ = 0;
  bool started_ = false;
};

}  // namespace stroma::fields

// V(1,1)-cycles for the error of a multigrid solve, in single precision: four-colour Gauss-Seidel, mean
// restriction, linear interpolation, coarse equations discretised anew. Internal to the module.
#pragma once

#include <vector>

#include "core/parallel.hpp"
#include "fields/multigrid_levels.hpp"

namespace stroma::fields {

class VCycle {
 public:
  explicit VCycle(const Grid& grid);

  /// Residual `r` and local rates `react` of the finest level are what is solved for; `e` is the answer.
  Level& finest() { return levels_[0]; }
  const Level& finest() const { return levels_[0]; }

  /// Chooses the substance whose equation is solved next; its weights are made at the first use.
  void choose(const Transport& transport, core::Threads threads);
  /// Local rates of all coarser levels from those of the finest one.
  void restrict_rates(core::Threads threads);
  /// e of the finest level from its r.
  void run(core::Threads threads) { cycle(0, threads); }

 private:
  struct Cached {
    const Transport* transport;
    std::vector<Weights> weights;
  };

  void cycle(std::size_t l, core::Threads threads);
  kernel::Row row_of(Level& level, const Weights& w, std::size_t j, std::size_t k) const;
  void smooth(Level& level, const Weights& w, bool forward, core::Threads threads);
  template <class Add>
  void restrict_row(float* to, const Level& fine, const Level& coarse, const Weights& w, std::size_t J,
                    std::size_t K, const Add& add);
  void restrict_residual(Level& fine, Level& coarse, const Weights& w, core::Threads threads);
  void restrict_mean_rates(const Level& fine, Level& coarse, const Weights& w, core::Threads threads);
  void restrict_held_rates(const Level& fine, Level& coarse, const Weights& w, core::Threads threads) const;
  void prolong(Level& fine, const Level& coarse, const Weights& w, core::Threads threads);
  float* row_buffer();

  std::vector<Level> levels_;
  std::vector<Cached> cache_;
  std::size_t chosen_ = 0;           ///< in the cache
  bool holds_ = false;               ///< the chosen substance has fixed voxels
  std::vector<AlignedFloats> rows_;  ///< per thread
  AlignedFloats zeros_;
};

}  // namespace stroma::fields

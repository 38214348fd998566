// Results of a small run whose every value is known: fields linear in x, y and z on an oblong grid, and cells
// on a line.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "store/results_h5.hpp"

namespace stroma::test {

inline store::ResultsSetup small_results() {
  return {"a made-up run", "0.2.0", {{4, 3, 2}, {-40.0, 5.0, 0.0}, {20.0, 10.0, 5.0}}, 0};
}

/// Frame k at tick 6000 k: oxygen = x + 10 y + 100 z + 1000 k at the middle of each voxel; k + 2 cells, cell
/// i at (10 i, 1, 2), of radius 5 + i, id 100 + i, type i mod 2.
struct SmallFrame {
  std::vector<double> oxygen, drug, x, y, z, radius;
  std::vector<std::uint64_t> id;
  std::vector<std::uint8_t> type;
  std::vector<std::int32_t> phase;
  std::vector<float> erk;
  store::Frame frame;

  explicit SmallFrame(int k, const store::FrameGrid& grid = small_results().grid) {
    for (std::size_t c = 0; c < grid.voxels[2]; ++c)
      for (std::size_t b = 0; b < grid.voxels[1]; ++b)
        for (std::size_t a = 0; a < grid.voxels[0]; ++a) {
          const auto at = [&](std::size_t d, std::size_t i) {
            return grid.origin[d] + grid.spacing[d] * (static_cast<double>(i) + 0.5);
          };
          oxygen.push_back(at(0, a) + 10 * at(1, b) + 100 * at(2, c) + 1000 * k);
          drug.push_back(k);
        }
    for (int i = 0; i < k + 2; ++i) {
      x.push_back(10.0 * i);
      y.push_back(1.0);
      z.push_back(2.0);
      radius.push_back(5.0 + i);
      id.push_back(100u + static_cast<std::uint64_t>(i));
      type.push_back(static_cast<std::uint8_t>(i % 2));
      phase.push_back(-i);
      erk.push_back(0.25f * static_cast<float>(i));
    }
    frame.tick = {6000 * k};
    frame.fields = {{"oxygen", "nM", oxygen}, {"drug <5 & up>", "nM", drug}};
    frame.cells = {x,
                   y,
                   z,
                   {{"id", "", std::span<const std::uint64_t>(id), {}},
                    {"type", "", std::span<const std::uint8_t>(type), {"HepG2", "CAF"}},
                    {"phase", "", std::span<const std::int32_t>(phase), {}},
                    {"radius", "um", std::span<const double>(radius), {}},
                    {"ERK", "", std::span<const float>(erk), {}}}};
  }
  SmallFrame(const SmallFrame&) = delete;
  SmallFrame& operator=(const SmallFrame&) = delete;
};

inline void add_small_frame(store::ResultsH5& results, int k) {
  const SmallFrame small(k, small_results().grid);
  results.add(small.frame);
  results.sample({6000 * k}, std::vector<store::SeriesValue>{{"count/HepG2/live", "", 10.0 * k},
                                                             {"volume", "um^3", 0.5 * k}});
}

}  // namespace stroma::test

#include "bench/cases.hpp"

#include <array>

#include "bench/cells_bench.hpp"
#include "bench/fields_bench.hpp"
#include "bench/tissue_bench.hpp"

namespace stroma::bench {

std::span<const Case> cases() {
  static constexpr std::array all = {
      Case{"mechanics_1e5", "packed 3-D aggregate of 1e5 cells, step 0.1 min", mechanics_1e5, true},
      Case{"mechanics_1e6", "the same with 1e6 cells", mechanics_1e6, true},
      Case{"cell_bytes", "memory per cell without network, lists included", cell_bytes},
      Case{"diffusion_128_s1", "split diffusion-decay step, 128^3, double, 1 substance, 10 steps per call",
           diffusion_128_s1, true},
      Case{"diffusion_128_s8", "the same with 8 substances", diffusion_128_s8, true},
      Case{"diffusion_128_s8_single", "the same with one step per call", diffusion_128_s8_single, true},
      Case{"diffusion_128_uptake", "1 substance with uptake per voxel in the operator", diffusion_128_uptake,
           true},
      Case{"quasi_steady", "oxygen in a growing spheroid, 75^3, to 0.1 %, warm-started", quasi_steady},
      Case{"phenotype", "phenotype, rules and a network of 100 nodes, 1e5 cells", phenotype, true},
      Case{"whole_tumour", "3-D tumour of 18 000 cells, 6 h", whole_tumour},
      Case{"small_2d", "2-D, 1300 cells, 5 substances, 8 rules, 360 min", small_2d},
      Case{"cells_1e7", "1e7 cells in 3-D with oxygen", cells_1e7, true, true},
  };
  return all;
}

}  // namespace stroma::bench

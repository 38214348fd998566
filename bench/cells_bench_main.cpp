// Runs the benchmarks of cells in space: bench_cells [threads]; one line of JSON per case.
#include <cstdio>
#include <cstdlib>

#include "bench/cells_bench.hpp"

namespace {

void print(const char* name, int threads, const stroma::bench::Result& r) {
  std::printf(
      "{\"case\": \"%s\", \"value\": %.4g, \"unit\": \"%s\", \"threads\": %d, \"n\": %zu, \"error\": %.3g, "
      "\"floor\": %.4g, \"floor_unit\": \"%s\"}\n",
      name, r.value, r.unit.c_str(), threads, r.n, r.error, r.floor, r.floor_unit.c_str());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  print("mechanics_1e5", threads, stroma::bench::mechanics_1e5(threads));
  print("mechanics_1e6", threads, stroma::bench::mechanics_1e6(threads));
  print("cell_bytes", threads, stroma::bench::cell_bytes(threads));
  return 0;
}

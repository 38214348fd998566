// Runs the benchmarks of the fields: bench_fields [threads]; one line of JSON per case.
#include <cstdio>
#include <cstdlib>

#include "bench/fields_bench.hpp"

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
  print("diffusion_128_s1", threads, stroma::bench::diffusion_128_s1(threads));
  print("diffusion_128_s8", threads, stroma::bench::diffusion_128_s8(threads));
  print("diffusion_128_s8_single", threads, stroma::bench::diffusion_128_s8_single(threads));
  print("diffusion_128_uptake", threads, stroma::bench::diffusion_128_uptake(threads));
  print("quasi_steady", threads, stroma::bench::quasi_steady(threads));
  return 0;
}

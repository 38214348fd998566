// Node updates per second and thread. One update is one node of one cell advanced by one accepted substep,
// both stages included; repeated substeps are not counted, so the rate is of useful work. The counter
// `of_floor` compares with the time that the same number of divisions alone takes, one per node, stage and
// cell: no kernel that divides can be faster.
#include <benchmark/benchmark.h>

#include <chrono>
#include <limits>
#include <utility>
#include <vector>

#include "unit/network/cases.hpp"

namespace {

using namespace stroma;
using network::testing::Case;

constexpr std::size_t cells = 2048;
constexpr int nodes = 100;

model::Model bench_model(std::vector<double> hills) {
  reference::RandomNetwork options;
  options.nodes = nodes;
  options.rows_per_node = 3;
  options.hills = std::move(hills);
  options.receptors = 5;
  options.drug_targets = 5;
  options.traits = 3;
  options.all_nodes_everywhere = true;
  return reference::random_network(options, 7);
}

/// x = 1.5/x, with the widest vectors of the machine.
__attribute__((target_clones("avx512f", "avx2", "default"), optimize("O3"))) void divide(float* x,
                                                                                         std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) x[i] = 1.5f / x[i];
}

/// Seconds per node update that one division per node and stage takes on this machine.
double division_floor() {
  static const double floor = [] {
    constexpr std::size_t size = 4096;
    network::AlignedFloats values(size);
    float* x = values.data();
    for (std::size_t i = 0; i < size; ++i) x[i] = 1.0f + static_cast<float>(i) / size;
    double best = std::numeric_limits<double>::infinity();
    for (int repeat = 0; repeat < 200; ++repeat) {
      const auto begin = std::chrono::steady_clock::now();
      for (int pass = 0; pass < 16; ++pass) {
        divide(x, size);
        benchmark::ClobberMemory();
      }
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
      best = std::min(best, taken.count() / (16.0 * size));
    }
    return 2.0 * best;
  }();
  return floor;
}

/// Every substep is accepted and takes both stages: the cost of the method itself.
void relax_once(benchmark::State& state, std::vector<double> hills) {
  const Case one(bench_model(std::move(hills)), 0, cells, 3);
  network::Activities activities = one.activities();
  network::Workspace workspace;
  network::Accuracy accuracy;
  accuracy.tolerance = std::numeric_limits<double>::infinity();
  accuracy.steady = -1.0;
  std::uint64_t updates = 0;
  for (auto _ : state) {
    updates +=
        network::relax(activities, one.program(), one.inputs(), 6.0, accuracy, workspace, core::Threads{1})
            .node_updates;
  }
  const auto done = static_cast<double>(updates);
  state.counters["node_updates"] = benchmark::Counter(done, benchmark::Counter::kIsRate);
  state.counters["of_floor"] = benchmark::Counter(done * division_floor(), benchmark::Counter::kIsRate);
}

/// As in a run: default accuracy, from a random state, one hour in steps of `range(0)` minutes.
void relax_hour(benchmark::State& state) {
  const Case one(bench_model({1.0, 2.0, 3.0, 4.0}), 0, cells, 3);
  network::Workspace workspace;
  const auto dt = static_cast<double>(state.range(0));
  network::RelaxReport report;
  for (auto _ : state) {
    state.PauseTiming();
    network::Activities activities = one.activities();
    state.ResumeTiming();
    for (double t = 0.0; t < 60.0; t += dt)
      report.add(
          network::relax(activities, one.program(), one.inputs(), dt, {}, workspace, core::Threads{1}));
  }
  state.counters["node_updates"] =
      benchmark::Counter(static_cast<double>(report.node_updates), benchmark::Counter::kIsRate);
  state.counters["cell_hours"] =
      benchmark::Counter(static_cast<double>(cells), benchmark::Counter::kIsIterationInvariantRate);
  state.counters["substeps"] =
      static_cast<double>(report.substeps) / (static_cast<double>(state.iterations()) * cells / 64);
  state.counters["rejected"] = static_cast<double>(report.rejected) / static_cast<double>(report.substeps);
}

}  // namespace

BENCHMARK_CAPTURE(relax_once, hill_1, {1.0});
BENCHMARK_CAPTURE(relax_once, hill_2, {2.0});
BENCHMARK_CAPTURE(relax_once, hill_1_to_4, {1.0, 2.0, 3.0, 4.0});
BENCHMARK_CAPTURE(relax_once, hill_halves, {1.5, 2.5});
BENCHMARK_CAPTURE(relax_once, hill_general, {2.7});
BENCHMARK(relax_hour)->Arg(1)->Arg(6)->Arg(60);

BENCHMARK_MAIN();

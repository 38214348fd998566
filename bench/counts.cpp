// Small, fixed pieces of work of every kernel, for counting instructions: tools/check_counts runs each under
// valgrind and compares with bench/counts.csv. One thread, no clock, the same work on every run.
//   bench_counts            names the cases
//   bench_counts CASE N     does the work of CASE N times; the difference of two counts is free of set-up
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "bench/cells_bench.hpp"
#include "fields/advance.hpp"
#include "unit/network/cases.hpp"

namespace {

using namespace stroma;

constexpr core::Threads one{1};

fields::Plan plan_of(int n, int substances, fields::Method method) {
  fields::Plan plan;
  plan.grid.n = {n, n, n};
  for (int s = 0; s < substances; ++s) {
    fields::SubstancePlan substance;
    substance.name = "s" + std::to_string(s);
    substance.diffusivity = 1000.0;
    substance.decay = 0.1;
    substance.method = method;
    if (method == fields::Method::split) substance.fixed_step = 0.1;
    plan.substances.push_back(std::move(substance));
  }
  return plan;
}

void fill(fields::Fields& fields, const fields::Plan& plan) {
  for (std::size_t s = 0; s < plan.substances.size(); ++s)
    for (std::size_t v = 0; v < plan.grid.voxels(); ++v)
      fields.concentration(s)[v] = 2.0 + 1e-3 * static_cast<double>(v % 97);
  account(fields, plan);
}

// Split steps of 0.1 min, 10 a call.
double diffusion(int substances, bool with_uptake, int times) {
  const fields::Plan plan = plan_of(32, substances, fields::Method::split);
  fields::Fields fields = make_fields(plan);
  fill(fields, plan);
  const std::vector<double> uptake(with_uptake ? plan.grid.voxels() : 0, 0.5);
  std::vector<fields::Exchange> exchange(plan.substances.size());
  for (fields::Exchange& x : exchange) x.uptake_linear = uptake;
  fields::Workspace workspace;
  for (int i = 0; i < times; ++i) advance(fields, plan, exchange, 1.0, workspace, one);
  return fields.concentration(0)[0];
}

double fields_split(int times) {
  return diffusion(4, false, times);
}

double fields_uptake(int times) {
  return diffusion(1, true, times);
}

// Oxygen about a ball of cells that grows a little between solves.
double fields_quasi_steady(int times) {
  fields::Plan plan = plan_of(24, 1, fields::Method::quasi_steady);
  fields::SubstancePlan& oxygen = plan.substances[0];
  oxygen.diffusivity = 1.2e5;
  oxygen.half_uptake = 1000.0;
  oxygen.error_target = 1e-2;
  for (fields::Boundary& boundary : oxygen.boundary) boundary = {fields::Boundary::Kind::value, 5e4, 0.0};
  fields::Fields fields = make_fields(plan);
  std::vector<double> most(plan.grid.voxels());
  fields::Exchange exchange;
  exchange.uptake_saturable = most;
  fields::Workspace workspace;
  for (int i = 0; i < times; ++i) {
    for (std::size_t v = 0; v < most.size(); ++v) {
      const auto x = plan.grid.centre(v);
      const double r = std::hypot(x[0] - 240.0, x[1] - 240.0, x[2] - 240.0);
      most[v] = 6e5 * std::clamp(0.5 + (100.0 + 0.5 * i - r) / 20.0, 0.0, 1.0);
    }
    advance(fields, plan, {&exchange, 1}, 6.0, workspace, one);
  }
  return fields.concentration(0)[plan.grid.voxels() / 2];
}

// 100 nodes with three rows each in 512 cells, 6 minutes, default accuracy.
double network_relax(int times) {
  reference::RandomNetwork options;
  options.nodes = 100;
  options.rows_per_node = 3;
  options.hills = {1.0, 2.0, 3.0, 4.0};
  options.receptors = options.drug_targets = 5;
  options.traits = 3;
  options.all_nodes_everywhere = true;
  const network::testing::Case cells(reference::random_network(options, 7), 0, 512, 3);
  network::Workspace workspace;
  double sum = 0.0;
  for (int i = 0; i < times; ++i) {
    network::Activities activities = cells.activities();
    network::relax(activities, cells.program(), cells.inputs(), 6.0, {}, workspace, one);
    sum += static_cast<double>(activities.at(0, 0));
  }
  return sum;
}

struct Case {
  const char* name;
  double (*run)(int times);
};
constexpr Case cases[] = {{"fields_split", fields_split},
                          {"fields_uptake", fields_uptake},
                          {"fields_quasi_steady", fields_quasi_steady},
                          {"network_relax", network_relax},
                          {"mechanics", bench::move_aggregate}};

}  // namespace

int main(int argc, char** argv) {
  for (const Case& one_case : cases) {
    if (argc < 3) std::puts(one_case.name);
    if (argc == 3 && std::strcmp(argv[1], one_case.name) == 0) {
      std::printf("%.17g\n", one_case.run(std::atoi(argv[2])));
      return 0;
    }
  }
  return argc < 3 ? 0 : 2;
}

// See tissue_bench.hpp. The models are made in code: what is timed depends on their size, not on their
// biology.
#include "bench/tissue_bench.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <vector>

#include "core/errors.hpp"
#include "core/random.hpp"
#include "tissue/tissue_loop.hpp"

namespace stroma::bench {
namespace {

constexpr double cell_volume = 2494.0;  // um^3, the reference simulator's default cell

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void set(model::CellType& type, const std::string& name, double value) {
  type.parameters[name].value = value;
}

model::Behaviour behaviour(const model::Model& m, const std::string& name) {
  return model::find_behaviour(m, name).value();
}

// A dividing cell type with every parameter that a tissue asks for.
model::CellType cell_type(double doubling_hours) {
  model::CellType type;
  type.name = type.label = "tumour";
  type.cycle = {{"G1", 0.5 * doubling_hours * 60.0, 4}, {"S-G2-M", 0.5 * doubling_hours * 60.0, 8}};
  for (const auto& [name, value] :
       std::initializer_list<std::pair<const char*, double>>{{"volume", cell_volume},
                                                             {"apoptosis", 5.31667e-5},
                                                             {"early_apoptosis", 480.0},
                                                             {"late_apoptosis", 240.0},
                                                             {"plating_efficiency", 1.0},
                                                             {"repulsion", 10.0},
                                                             {"adhesion", 0.4},
                                                             {"fluid_fraction", 0.75},
                                                             {"fluid_exchange", 0.05},
                                                             {"biomass_growth", 0.0045},
                                                             {"shrinkage", 0.0167},
                                                             {"swelling", 2.0}})
    set(type, name, value);
  type.behaviours[behaviour({}, "cycle_entry")] = 1.0 / type.cycle[0].duration;
  type.behaviours[behaviour({}, "apoptosis")] = 5.31667e-5;
  type.behaviours[behaviour({}, "necrosis")] = 0.0;
  return type;
}

model::Substance substance(const std::string& name, double diffusivity, double decay) {
  model::Substance s;
  s.name = s.label = name;
  s.diffusivity = diffusivity;
  s.decay = decay;
  return s;
}

void add_rule(model::Model& m, model::SignalKind kind, model::Index signal, model::Direction direction,
              const std::string& name, double saturation, double half_max, double hill) {
  model::Rule rule;
  rule.id = fmt::format("rule_{}", m.rules.size() + 1);
  rule.cell_types = {0};
  rule.signal = {kind, signal, {}};
  rule.direction = direction;
  rule.behaviour = behaviour(m, name);
  rule.saturation = saturation;
  rule.half_max = half_max;
  rule.hill = hill;
  m.rules.push_back(rule);
}

// Places of a hexagonal packing (2-D: in the plane) around `centre`, nearest first, with 5 % jitter.
std::vector<std::array<double, 3>> packed(std::size_t n, int dimensions,
                                          const std::array<double, 3>& centre) {
  const double radius = std::cbrt(0.75 * cell_volume / std::numbers::pi);
  const double s = 0.95 * 2.0 * radius, row = s * std::sqrt(3.0) / 2.0, layer = s * std::sqrt(2.0 / 3.0);
  const double share =
      dimensions == 3 ? std::cbrt(static_cast<double>(n) * 3.0 / (4.0 * std::numbers::pi * std::sqrt(2.0)))
                      : std::sqrt(static_cast<double>(n) * std::sqrt(0.75) / std::numbers::pi);
  const double ball = s * (share + 2.0);
  std::vector<std::pair<double, std::array<double, 3>>> places;
  const int most = static_cast<int>(ball / row) + 2;
  for (int k = dimensions == 3 ? -most : 0; k <= (dimensions == 3 ? most : 0); ++k)
    for (int j = -most; j <= most; ++j)
      for (int i = -most; i <= most; ++i) {
        const int odd_layer = std::abs(k) % 2;
        const std::array<double, 3> p = {s * (i + 0.5 * (std::abs(j) % 2) + 0.5 * odd_layer),
                                         row * (j + odd_layer / 3.0), layer * k};
        const double squares = p[0] * p[0] + p[1] * p[1] + p[2] * p[2];
        if (squares <= ball * ball) places.emplace_back(squares, p);
      }
  std::sort(places.begin(), places.end());
  places.resize(std::min(n, places.size()));
  core::Stream stream(1, core::Purpose::test, n);
  std::vector<std::array<double, 3>> points;
  points.reserve(n);
  for (auto& [squares, p] : places) {
    for (std::size_t a = 0; a < 3; ++a)
      p[a] =
          centre[a] +
          (a < static_cast<std::size_t>(dimensions) ? p[a] + 0.05 * s * (2.0 * stream.uniform() - 1.0) : 0.0);
    points.push_back(p);
  }
  return points;
}

tissue::TissueSetup cube(int dimensions, int voxels, double spacing) {
  tissue::TissueSetup setup;
  setup.grid.dimensions = dimensions;
  for (int a = 0; a < 3; ++a) setup.grid.n[static_cast<std::size_t>(a)] = a < dimensions ? voxels : 1;
  setup.grid.spacing = {spacing, spacing, spacing};
  setup.seed = 1;
  return setup;
}

void add_field(tissue::TissueSetup& setup, const model::Model& m, model::Index index, double surroundings,
               bool sealed) {
  tissue::TissueSetup::Substance s;
  const model::Substance& substance = m.substances[static_cast<std::size_t>(index)];
  s.plan.name = substance.name;
  s.plan.diffusivity = substance.diffusivity;
  s.plan.decay = substance.decay;
  s.index = index;
  s.initial = {surroundings};
  if (!sealed)
    for (int face = 0; face < 2 * setup.grid.dimensions; ++face)
      s.plan.boundary[static_cast<std::size_t>(face)] = {fields::Boundary::Kind::value, surroundings, 0.0};
  setup.substances.push_back(s);
}

struct Tissue {
  tissue::TissuePlan plan;
  tissue::TissueState state;
  tissue::TissueWorkspace work;
  Tissue(const model::Model& m, const tissue::TissueSetup& setup, int threads) {
    core::Diagnostics problems;
    plan = tissue::compile_tissue(std::make_shared<const model::Model>(m), setup, {threads}, problems);
    problems.throw_if_any();
    state = tissue::found_tissue(plan, setup);
  }
  void run(double minutes) { tissue::advance(state, plan, work, state.tick + core::to_tick(minutes)); }
};

// 100 nodes, each with three activators or inhibitors among the others, and rules on two of them.
model::Model network_model() {
  model::Model m;
  m.name = "bench";
  m.cell_types.push_back(cell_type(40.0));
  constexpr int nodes = 100;
  for (int n = 0; n < nodes; ++n) {
    model::Node node;
    node.name = node.label = fmt::format("N{}", n);
    node.per_cell_type = {model::Node::Kinetics{0.1, 60.0, {}, {}}};
    m.nodes.push_back(node);
  }
  core::Stream stream(1, core::Purpose::test, 7);
  for (int n = 0; n < nodes; ++n)
    for (int r = 0; r < 3; ++r) {
      model::Mechanism row;
      row.id = fmt::format("M{}_{}", n, r);
      row.source_node = static_cast<model::Index>(static_cast<int>(stream.uniform() * nodes));
      row.target = n;
      row.effect = r == 2 ? model::Effect::inhibits : model::Effect::activates;
      row.cell_types = {0};
      row.weight = 0.8;
      row.half_max = 0.5;
      row.hill = 1.0 + static_cast<int>(stream.uniform() * 3.0);
      m.mechanisms.push_back(row);
    }
  add_rule(m, model::SignalKind::node, 3, model::Direction::increases, "cycle_entry", 1.0 / 600.0, 0.5, 3.0);
  add_rule(m, model::SignalKind::node, 5, model::Direction::decreases, "cycle_entry", 0.0, 0.5, 2.0);
  add_rule(m, model::SignalKind::node, 7, model::Direction::increases, "apoptosis", 1e-3, 0.5, 2.0);
  add_rule(m, model::SignalKind::pressure, model::none, model::Direction::decreases, "cycle_entry", 0.0, 1.5,
           4.0);
  return m;
}

model::Model tumour_model() {
  model::Model m;
  m.name = "tumour";
  m.substances = {substance("oxygen", 1e5, 0.1), substance("factor", 1000.0, 0.016)};
  model::CellType type = cell_type(36.0);
  type.behaviours[behaviour(m, "uptake:oxygen")] = 10.0 * cell_volume;  // 10/min of the volume of the cell
  type.behaviours[behaviour(m, "secretion:factor")] = 10.0 * cell_volume;
  m.cell_types.push_back(type);
  add_rule(m, model::SignalKind::substance, 0, model::Direction::increases, "cycle_entry", 1.0 / 600.0, 2e4,
           4.0);
  add_rule(m, model::SignalKind::pressure, model::none, model::Direction::decreases, "cycle_entry", 0.0, 1.5,
           4.0);
  return m;
}

tissue::TissueSetup tumour_setup(const model::Model& m, double error) {
  tissue::TissueSetup setup = cube(3, 75, 20.0);
  add_field(setup, m, 0, 5e4, false);  // 38 mmHg
  add_field(setup, m, 1, 0.0, true);
  for (auto& s : setup.substances) s.plan.error_target = error;
  setup.cells.push_back({0, packed(18000, 3, {750.0, 750.0, 750.0})});
  return setup;
}

double largest_difference(const tissue::TissueState& a, const tissue::TissueState& b) {
  double worst = 0.0;
  for (std::size_t f = 0; f < a.fields.substances.size(); ++f) {
    const auto x = a.fields.concentration(f), y = b.fields.concentration(f);
    double difference = 0.0, largest = 0.0;
    for (std::size_t v = 0; v < x.size(); ++v) {
      difference = std::max(difference, std::abs(x[v] - y[v]));
      largest = std::max(largest, std::abs(y[v]));
    }
    worst = std::max(worst, difference / largest);
  }
  return worst;
}

}  // namespace

Result phenotype(int threads) {
  const model::Model m = network_model();
  tissue::TissueSetup setup = cube(3, 50, 20.0);
  setup.cells.push_back({0, packed(100000, 3, {500.0, 500.0, 500.0})});
  Tissue t(m, setup, threads);
  t.run(6.0);  // memory and lists are warm
  double best = std::numeric_limits<double>::infinity();
  for (int repeat = 0; repeat < 8; ++repeat) {
    const tissue::Step step = tissue::next_step(t.plan, t.state.tick, t.state.tick + t.plan.setup.step);
    tissue::exchange(step, t.plan, t.state, t.work);
    const auto begin = std::chrono::steady_clock::now();
    tissue::sense(step, t.plan, t.state, t.work);
    tissue::signal(step, t.plan, t.state, t.work);
    tissue::decide(step, t.plan, t.state, t.work);
    tissue::grow(step, t.plan, t.state, t.work);
    tissue::commit(step, t.plan, t.state, t.work);
    best = std::min(best, seconds_since(begin));
    t.state.tick = step.end;
  }
  const double cells = static_cast<double>(t.state.cells());
  // The network alone at 1e9 node updates a second and thread, two stages of one substep.
  return {best / cells * 1e9,
          "ns per cell and 6-min step",
          t.state.cells(),
          0.0,
          100.0 / static_cast<double>(threads),
          "ns per cell: 100 nodes at 1e9 updates per second and thread"};
}

Result whole_tumour(int threads) {
  const model::Model m = tumour_model();
  constexpr double minutes = 360.0, target = 1e-2;
  Tissue t(m, tumour_setup(m, target), threads);
  const auto begin = std::chrono::steady_clock::now();
  t.run(minutes);
  const double seconds = seconds_since(begin);
  Tissue converged(m, tumour_setup(m, target / 20.0), threads);
  converged.run(minutes);
  // Fields read and written once per coupling step and substance, at 55 GB/s on one thread.
  const double bytes = 60.0 * 2.0 * 16.0 * 75.0 * 75.0 * 75.0;
  return {seconds,         "s for 6 h",
          t.state.cells(), largest_difference(t.state, converged.state),
          bytes / 55e9,    "s: both fields read and written once per step of 6 min"};
}

Result small_2d(int threads) {
  model::Model m;
  m.name = "small";
  model::CellType type = cell_type(30.0);
  const char* names[] = {"oxygen", "a", "b", "c", "d"};
  for (int s = 0; s < 5; ++s) {
    m.substances.push_back(substance(names[s], s == 0 ? 1e5 : 1000.0 * s, s == 0 ? 0.1 : 0.02));
    type.behaviours[behaviour(m, std::string(s == 0 ? "uptake:" : "secretion:") + names[s])] =
        s == 0 ? 10.0 * cell_volume : 100.0 * s;
  }
  type.behaviours[behaviour(m, "migration_speed")] = 0.1;
  m.cell_types.push_back(type);
  add_rule(m, model::SignalKind::substance, 0, model::Direction::increases, "cycle_entry", 1.0 / 500.0, 2e4,
           4.0);
  add_rule(m, model::SignalKind::pressure, model::none, model::Direction::decreases, "cycle_entry", 0.0, 1.0,
           4.0);
  add_rule(m, model::SignalKind::substance, 0, model::Direction::decreases, "necrosis", 0.0, 4e3, 4.0);
  add_rule(m, model::SignalKind::substance, 1, model::Direction::increases, "apoptosis", 1e-4, 10.0, 2.0);
  add_rule(m, model::SignalKind::substance, 2, model::Direction::increases, "migration_speed", 0.5, 5.0, 2.0);
  add_rule(m, model::SignalKind::substance, 3, model::Direction::decreases, "migration_speed", 0.0, 5.0, 2.0);
  add_rule(m, model::SignalKind::substance, 4, model::Direction::increases, "secretion:a", 500.0, 5.0, 2.0);
  add_rule(m, model::SignalKind::pressure, model::none, model::Direction::decreases, "secretion:b", 0.0, 1.0,
           2.0);
  const auto setup = [&](double error) {
    tissue::TissueSetup out = cube(2, 50, 20.0);
    for (model::Index s = 0; s < 5; ++s) add_field(out, m, s, s == 0 ? 5e4 : 0.0, s != 0);
    for (auto& s : out.substances) s.plan.error_target = error;
    out.cells.push_back({0, packed(1300, 2, {500.0, 500.0, 0.0})});
    return out;
  };
  Tissue t(m, setup(1e-2), threads);
  const auto begin = std::chrono::steady_clock::now();
  t.run(360.0);
  const double seconds = seconds_since(begin);
  Tissue converged(m, setup(1e-3), threads);
  converged.run(360.0);
  return {seconds,
          "s for 360 min",
          t.state.cells(),
          largest_difference(t.state, converged.state),
          1300.0 * 3600.0 * 25e-9,
          "s: mechanics alone at 25 ns per cell and 0.1 min"};
}

Result cells_1e7(int threads) {
  model::Model m = tumour_model();
  m.cell_types[0].behaviours.erase(behaviour(m, "secretion:factor"));
  m.substances.pop_back();
  constexpr std::size_t n = 10'000'000;
  tissue::TissueSetup setup = cube(3, 216, 20.0);
  add_field(setup, m, 0, 5e4, false);
  setup.cells.push_back({0, packed(n, 3, {2160.0, 2160.0, 2160.0})});
  Tissue t(m, setup, threads);
  setup = {};
  t.run(6.0);
  const auto begin = std::chrono::steady_clock::now();
  constexpr int steps = 2;
  t.run(6.0 * steps);
  const double seconds = seconds_since(begin);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double cells = static_cast<double>(t.state.cells());
  return {seconds / steps / cells * 1e9,
          "ns per cell and 6-min step",
          t.state.cells(),
          static_cast<double>(usage.ru_maxrss) / 1048576.0,
          300.0 * 16.0 / 55.0,
          "ns: 300 bytes per cell in each of 16 steps of the mechanics at 55 GB/s; `error` is the peak "
          "memory in GiB"};
}

}  // namespace stroma::bench

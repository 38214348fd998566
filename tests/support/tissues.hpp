// A tissue of a model made in code, ready to run, and the model that most tests of tissues use.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/archive.hpp"
#include "core/diagnostics.hpp"
#include "core/random.hpp"
#include "support/cultures.hpp"
#include "support/memory_archive.hpp"
#include "tissue/tissue_loop.hpp"

namespace stroma::test {

/// What a cell type of 2000 um^3 needs to live in space.
inline void put_in_space(ModelBuilder& b, Index type) {
  b.parameter(type, "repulsion", 10.0);
  b.parameter(type, "adhesion", 0.4);
  b.parameter(type, "fluid_fraction", 0.75);
  b.parameter(type, "fluid_exchange", 0.05);
  b.parameter(type, "biomass_growth", 4.5e-3);
  b.parameter(type, "shrinkage", 1.67e-2);
  b.parameter(type, "swelling", 1.5);
}

/// T and S of tumour_and_stroma() in space, and a macrophage M: oxygen O is consumed by all; T divides, dies
/// of every death and takes up the drug D; S walks; M walks up the gradient of L, eats the dead and kills T.
inline model::Model living_tissue() {
  using model::Direction;
  ModelBuilder b;
  b.model = tumour_and_stroma();
  const Index m = b.cell_type("M"), t = b.model.cell_type("T"), s = b.model.cell_type("S");
  b.substance("O");
  b.model.substances.back().ambient = 1e5;
  b.model.substances.back().consumption_half_max = 5e3;
  for (const Index type : {t, s, m}) {
    put_in_space(b, type);
    b.behaviour(type, "consumption:O", 4e6);
  }
  b.parameter(t, "affinity:S", 1.5);
  b.parameter(s, "persistence", 30.0);
  b.behaviour(t, "necrosis", 2e-4);
  b.behaviour(s, "migration_speed", 0.2);
  b.behaviour(m, "migration_speed", 0.6);
  b.behaviour(m, "chemotaxis:L", 0.7);
  b.behaviour(m, "phagocytosis", 4e-3);
  b.behaviour(m, "attack:T", 2e-4);
  return b.model;
}

inline bool is_life(model::BehaviourKind kind) {
  using enum model::BehaviourKind;
  return kind == cycle_entry || kind == apoptosis || kind == necrosis || kind == phagocytosis ||
         kind == attack;
}

/// Nobody divides, dies, kills or eats from now on.
inline void stop_life(model::Model& m) {
  for (model::CellType& type : m.cell_types) {
    type.cycle.clear();
    type.behaviours.erase(behaviour_of(m, "cycle_entry"));
    std::erase_if(type.traits, [](const model::Trait& t) { return t.target == "cycle_entry"; });
    for (auto& [behaviour, value] : type.behaviours)
      if (is_life(behaviour.kind)) value = 0.0;
  }
  std::erase_if(m.rules, [](const model::Rule& r) { return is_life(r.behaviour.kind); });
}

/// Nobody walks from now on, and none pushes or pulls another: a cell that crosses from one voxel to the next
/// is a jump for the fields.
inline void stop_motion(model::Model& m) {
  for (model::CellType& type : m.cell_types) {
    type.parameters["repulsion"].value = type.parameters["adhesion"].value = 0.0;
    if (type.base(model::BehaviourKind::migration_speed) > 0.0) base_of(m, type, "migration_speed") = 0.0;
  }
}

/// A substance that diffuses. `index` none: unknown to the model.
inline tissue::TissueSetup::Substance diffusing(const std::string& name, Index index, double diffusivity,
                                                double decay, double initial = 0.0) {
  tissue::TissueSetup::Substance substance;
  substance.plan.name = name;
  substance.plan.diffusivity = diffusivity;
  substance.plan.decay = decay;
  substance.index = index;
  substance.initial = {initial};
  return substance;
}

/// The used faces hold a concentration.
inline void hold_faces(tissue::TissueSetup::Substance& substance, int dimensions, double value) {
  for (int face = 0; face < 2 * dimensions; ++face)
    substance.plan.boundary[static_cast<std::size_t>(face)] = {fields::Boundary::Kind::value, value, 0.0};
}

/// A cube (square) of `voxels` voxels of 20 um around the origin.
inline fields::Grid cube(int dimensions, int voxels, double spacing = 20.0) {
  fields::Grid grid;
  grid.dimensions = dimensions;
  grid.spacing = {spacing, spacing, dimensions == 3 ? spacing : 20.0};
  for (int a = 0; a < 3; ++a) {
    const auto i = static_cast<std::size_t>(a);
    grid.n[i] = a < dimensions ? voxels : 1;
    grid.origin[i] = a < dimensions ? -0.5 * voxels * spacing : 0.0;
  }
  return grid;
}

/// n points at least 14 um from each other within `radius` of the origin, drawn.
inline std::vector<std::array<double, 3>> drawn_points(std::size_t n, double radius, int dimensions,
                                                       std::uint64_t seed,
                                                       std::vector<std::array<double, 3>>& taken) {
  core::Stream draw(seed, core::Purpose::test, 3);
  std::vector<std::array<double, 3>> out;
  while (out.size() < n) {
    std::array<double, 3> p{};
    double squares = 0.0;
    for (int a = 0; a < dimensions; ++a) {
      const auto i = static_cast<std::size_t>(a);
      p[i] = radius * (2.0 * draw.uniform() - 1.0);
      squares += p[i] * p[i];
    }
    bool is_free = squares <= radius * radius;
    for (const auto& q : taken)
      is_free = is_free && std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) >= 14.0;
    if (!is_free) continue;
    out.push_back(p);
    taken.push_back(p);
  }
  return out;
}

/// side x side pairs in 2-D, each 40 um from the next: a cell of `one`, and 14 um beside it one of `other`.
inline tissue::TissueSetup pairs(Index one, Index other, int side, double step, std::uint64_t seed) {
  tissue::TissueSetup out;
  out.grid = cube(2, 2 * side);
  out.step = core::to_tick(step);
  out.seed = seed;
  out.cells = {{one, {}}, {other, {}}};
  for (int i = 0; i < side; ++i)
    for (int j = 0; j < side; ++j) {
      const double x = 40.0 * (i - side / 2) + 20.0, y = 40.0 * (j - side / 2) + 20.0;
      out.cells[0].positions.push_back({x - 7.0, y, 0.0});
      out.cells[1].positions.push_back({x + 7.0, y, 0.0});
    }
  return out;
}

/// T, S and M together in a box, five substances, the drug from outside for a while, an antagonist poured in.
inline tissue::TissueSetup busy_setup(const model::Model& m, int dimensions, std::size_t t_cells,
                                      std::size_t s_cells, std::size_t m_cells, int voxels = 10) {
  tissue::TissueSetup setup;
  setup.grid = cube(dimensions, voxels);
  const auto of = [&](const char* name, double diffusivity, double decay, double initial = 0.0) {
    setup.substances.push_back(diffusing(name, m.substance(name), diffusivity, decay, initial));
    return setup.substances.size() - 1;
  };
  const std::size_t o = of("O", 1e5, 0.0, 1e5), l = of("L", 3e3, 1.0 / 900.0),
                    f = of("F", 500.0, 1.0 / 600.0), d = of("D", 2e4, 0.0), k = of("K", 4e3, 1.0 / 600.0);
  setup.substances[o].plan.half_uptake = 5e3;
  for (const std::size_t open : {o, l, f, d})
    hold_faces(setup.substances[open], dimensions, open == o ? 1e5 : 0.0);
  setup.treatments = {{core::to_tick(120.0), core::to_tick(1290.0), d, 2000.0},
                      {core::to_tick(200.0), {-1}, k, 30.0}};
  setup.serum = 0.1;
  setup.seed = 20240917;
  std::vector<std::array<double, 3>> taken;
  const double radius = 0.5 * setup.grid.length(0) - 15.0;
  setup.cells = {{m.cell_type("T"), drawn_points(t_cells, radius, dimensions, 1, taken)},
                 {m.cell_type("S"), drawn_points(s_cells, radius, dimensions, 2, taken)},
                 {m.cell_type("M"), drawn_points(m_cells, radius, dimensions, 3, taken)}};
  setup.faces[2] = {10.0, 0.2};
  return setup;
}

inline MemoryArchive saved(const tissue::TissueState& state) {
  MemoryArchive archive;
  tissue::save(archive, state);
  return archive;
}

/// Plan, state and scratch of one tissue.
struct Tissue {
  Tissue(const model::Model& m, const tissue::TissueSetup& setup, int threads = 1) {
    core::Diagnostics problems;
    plan = tissue::compile_tissue(std::make_shared<model::Model>(m), setup, {threads}, problems);
    problems.throw_if_any();
    state = tissue::found_tissue(plan, setup);
  }

  void run_to(double minutes, tissue::TissueObserver* observer = nullptr) {
    tissue::advance(state, plan, work, core::to_tick(minutes), observer);
  }
  std::size_t field(const std::string& substance) const {
    for (std::size_t f = 0; f < plan.fields.substances.size(); ++f)
      if (plan.fields.substances[f].name == substance) return f;
    return plan.fields.substances.size();
  }
  double content(const std::string& substance) const {
    double sum = 0.0;
    for (const double c : state.fields.concentration(field(substance))) sum += c;
    return sum * plan.fields.grid.voxel_volume();
  }
  /// What the cells hold of the drug `d` of their populations [nM um^3].
  double inside(std::size_t d = 0) const {
    double sum = 0.0;
    for (const auto& population : state.populations)
      if (d < population.held.size())
        for (const double amount : population.held[d]) sum += amount;
    return sum;
  }
  std::string hash() const { return tissue::state_hash(state); }

  tissue::TissuePlan plan;
  tissue::TissueState state;
  tissue::TissueWorkspace work;
};

}  // namespace stroma::test

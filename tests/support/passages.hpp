// A model made for cells that come, go and become others, and cultures and tissues of it.
#pragma once

#include <numeric>

#include "support/tissues.hpp"

namespace stroma::test {

/// A and B become each other; both have X (driven by the drug D), the transporter P and the trait of X; only
/// A has Y and a trait of cycle entry, only B has Z and a trait of the influx of D. Both divide and die, B
/// with other phases. C stands alone and becomes nothing. Nobody secretes or clears anything, so that cells
/// meet through the drug alone.
inline model::Model turncoats(double to_b = 1.0 / 500.0, double to_a = 1.0 / 800.0) {
  ModelBuilder b;
  const Index a = b.cell_type("A", 100.0, 200.0), other = b.cell_type("B", 100.0, 200.0),
              alone = b.cell_type("C", 100.0, 200.0);
  b.node("X", 0.3, 60.0);
  b.node("P", 0.2, 600.0);
  b.node("Y", 0.4, 60.0);
  b.node("Z", 0.1, 60.0);
  const auto only = [&](const char* node, Index type) {
    for (const Index t : {a, other, alone})
      if (t != type)
        b.model.nodes[static_cast<std::size_t>(b.model.node(node))]
            .per_cell_type[static_cast<std::size_t>(t)]
            .reset();
  };
  only("Y", a);
  only("Z", other);
  b.drug("D", 0.5, 0.02, 0.02, 0.05, b.model.node("P"));
  b.arrow("X", "Z", model::Effect::activates, 0.8, 0.4, 2.0);
  b.model.mechanisms.back().cell_types = {other};
  b.drug_target("D", "X", model::TargetMode::inhibits_activity, 50.0);
  for (const Index t : {a, other, alone}) {
    put_in_space(b, t);
    b.phase(t, "G1", 600.0, 2);
    if (t == other) b.phase(t, "G2", 200.0, 2);
    b.phase(t, "S", 400.0, 4);
    b.behaviour(t, "apoptosis", 4e-4);
    b.behaviour(t, "necrosis", 1e-4);
    b.behaviour(t, "migration_speed", 0.1);
    b.trait(t, "node:X", 0.4, 0.7);
  }
  b.trait(a, "cycle_entry", 0.2, 0.7);
  b.trait(other, "influx:D", 0.3, 0.7);
  b.behaviour(a, "conversion:B", to_b);
  b.behaviour(other, "conversion:A", to_a);
  b.rule("X", model::Direction::increases, "conversion:B", 2.0 * to_b, 0.5, 2.0);
  b.model.rules.back().cell_types = {a};
  return b.model;
}

/// Nobody divides or dies.
inline model::Model lifeless(model::Model m) {
  stop_life(m);
  return m;
}

/// A alone in medium with the drug; B is there because A may become it.
inline tissue::CultureSetup drugged(const model::Model& m, std::size_t cells) {
  tissue::CultureSetup setup = setup_of(m, {{m.cell_type("A"), cells}}, 1e4 * static_cast<double>(cells + 1));
  setup.treatments = {{core::to_tick(60.0), m.substance("D"), 300.0}};
  return setup;
}

/// The same in a box, closed for the drug, that A walks in.
inline tissue::TissueSetup drugged_box(const model::Model& m, std::size_t cells) {
  tissue::TissueSetup setup;
  setup.grid = cube(3, 10);
  setup.substances = {diffusing("D", m.substance("D"), 2e4, 0.0, 200.0)};
  setup.seed = 20240917;
  std::vector<std::array<double, 3>> taken;
  setup.cells = {{m.cell_type("A"), drawn_points(cells, 80.0, 3, 1, taken)}};
  setup.attachments = {{m.cell_type("A"), m.cell_type("A"), 0.1, 1e-3, 0.03}};
  return setup;
}

/// C comes in two lots, the second with drug inside; `places` where cells have any.
inline std::vector<tissue::Arrival> two_lots(const model::Model& m, bool places) {
  std::vector<tissue::Arrival> arrivals = {
      {core::to_tick(100.0), m.cell_type("C"), 5, {}, {}},
      {core::to_tick(400.0), m.cell_type("C"), 7, {}, {{m.substance("D"), 1e5}}}};
  if (places)
    for (tissue::Arrival& arrival : arrivals)
      for (std::size_t i = 0; i < arrival.count; ++i)
        arrival.positions.push_back({-90.0 + 15.0 * static_cast<double>(i), 90.0, 90.0});
  return arrivals;
}

inline double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

/// The ids of all cells, ascending.
inline std::vector<std::uint64_t> ids(const tissue::Populations& s) {
  std::vector<std::uint64_t> all;
  for (const auto& population : s.populations)
    all.insert(all.end(), population.cells.id.begin(), population.cells.id.end());
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace stroma::test

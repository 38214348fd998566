// Who gave and took what in space: the ports of the populations and of what lies between the cells sum to
// what the fields booked, and each has what is its own.
#include <gtest/gtest.h>

#include "core/maths.hpp"
#include "support/passages.hpp"

namespace stroma::tissue {
namespace space_ports {

using test::Tissue;

struct Sums {
  double in = 0.0, linear = 0.0, saturable = 0.0, turnover = 0.0;
};

Sums of_ports(const TissueState& s, std::size_t f) {
  const GroundPort& ground = s.ground_ports[f];
  Sums out{ground.source, ground.sink, ground.consumption, 0.0};
  for (const CellPort& port : s.ports[f]) {
    out.in += port.secreted;
    out.linear += port.cleared + port.entered;
    out.saturable += port.consumed;
  }
  const fields::Budget& b = s.fields.substances[f].budget;
  for (const auto& [name, term] : fields::budget_terms) out.turnover += std::abs(b.*term);
  return out;
}

// Drug that leaves cells is a source to the fields and of no port's own: entered is the difference.
void expect_sums(const Tissue& t) {
  for (std::size_t f = 0; f < t.state.ports.size(); ++f) {
    const Sums sums = of_ports(t.state, f);
    const fields::Budget& b = t.state.fields.substances[f].budget;
    const double bound = 1e-12 * sums.turnover;
    EXPECT_NEAR(sums.in - sums.linear, b.source - b.uptake_linear, bound) << f;
    EXPECT_NEAR(sums.saturable, b.uptake_saturable, bound) << f;
  }
}

// T and S both secrete, clear and consume L, and hold the drug D.
model::Model both_exchange() {
  model::Model m = test::living_tissue();
  m.substances[static_cast<std::size_t>(m.substance("L"))].consumption_half_max = 0.5;
  for (const char* name : {"T", "S"}) {
    model::CellType& type = m.cell_types[static_cast<std::size_t>(m.cell_type(name))];
    const bool is_t = type.name == "T";
    type.behaviours[test::behaviour_of(m, "secretion:L")] = is_t ? 70.0 : 400.0;
    type.behaviours[test::behaviour_of(m, "uptake:L")] = is_t ? 20.0 : 55.0;
    type.behaviours[test::behaviour_of(m, "consumption:L")] = is_t ? 15.0 : 40.0;
  }
  return m;
}

TEST(SpacePorts, sum_to_what_the_fields_booked_by_every_method) {
  const model::Model m = both_exchange();
  for (const fields::Method method :
       {fields::Method::automatic, fields::Method::split, fields::Method::implicit}) {
    TissueSetup setup = test::busy_setup(m, 2, 60, 30, 8, 16);
    for (TissueSetup::Substance& substance : setup.substances) substance.plan.method = method;
    TissueSetup::Substance& l = setup.substances[1];
    l.plan.half_uptake = 0.5;
    for (std::size_t v = 0; v < setup.grid.voxels(); ++v) {
      l.source.push_back(v % 7 == 0 ? 0.02 : 0.0);
      l.sink.push_back(v % 5 == 0 ? 0.01 : 0.0);
      l.consumption.push_back(v % 3 == 0 ? 0.03 : 0.0);
    }
    Tissue t(m, setup);
    t.run_to(1440.0);
    EXPECT_GT(t.state.counters.tally.births, 3);
    EXPECT_GT(t.state.counters.tally.lyses, 3);
    expect_sums(t);
    for (const std::size_t k : {0u, 1u}) {
      EXPECT_GT(t.state.ports[1][k].secreted, 0.0);
      EXPECT_GT(t.state.ports[1][k].cleared, 0.0);
      EXPECT_GT(t.state.ports[1][k].consumed, 0.0);
    }
    EXPECT_GT(t.state.ground_ports[1].sink, 0.0);
    EXPECT_GT(t.state.ground_ports[1].consumption, 0.0);
    // What entered is what is held now, whoever was born, died or fell apart meanwhile.
    const std::size_t d = t.field("D");
    for (std::size_t k = 0; k < 3; ++k)
      EXPECT_NEAR(t.state.ports[d][k].entered, test::sum(t.state.populations[k].held[0]),
                  1e-10 * of_ports(t.state, d).turnover);
  }
}

TEST(SpacePorts, follow_a_drug_through_conversions_and_arrivals) {
  const model::Model m = test::turncoats();
  TissueSetup setup = test::drugged_box(m, 60);
  setup.arrivals = test::two_lots(m, true);
  Tissue t(m, setup);
  t.run_to(1200.0);
  EXPECT_GT(t.state.counters.conversions[2], 20);
  expect_sums(t);
  for (std::size_t k = 0; k < t.state.populations.size(); ++k)
    EXPECT_NEAR(t.state.ports[0][k].entered, test::sum(t.state.populations[k].held[0]),
                1e-10 * of_ports(t.state, 0).turnover);
}

// Two cells in voxels of their own that exchange nothing, in a box that loses nothing. Where c decays at U/V
// a cell takes c V (1 - exp(-U t/V)): the one that takes fast has emptied its voxel while the other draws on,
// so that rates alone would give it ten times as much, and what it took is less than two and a half times.
TEST(SpacePorts, divide_by_the_concentration_where_the_cells_are) {
  test::ModelBuilder b;
  const model::Index fast = b.cell_type("fast"), slow = b.cell_type("slow");
  b.substance("L");
  for (const model::Index type : {fast, slow}) test::put_in_space(b, type);
  b.behaviour(fast, "uptake:L", 2000.0);
  b.behaviour(slow, "uptake:L", 200.0);
  TissueSetup setup;
  setup.grid = test::cube(2, 6);
  setup.cells = {{fast, {{-45.0, 5.0, 0.0}}}, {slow, {{45.0, 5.0, 0.0}}}};
  setup.substances = {test::diffusing("L", 0, 1e-9, 0.0, 10.0)};
  setup.substances[0].plan.error_target = 1e-5;
  Tissue t(b.model, setup);
  t.run_to(30.0);
  const double voxel = setup.grid.voxel_volume();
  const auto taken = [&](double rate) { return 10.0 * voxel * -core::maths::expm1(-rate / voxel * 30.0); };
  EXPECT_NEAR(t.state.ports[0][0].cleared, taken(2000.0), 2e-3 * taken(2000.0));
  EXPECT_NEAR(t.state.ports[0][1].cleared, taken(200.0), 2e-3 * taken(200.0));
  EXPECT_LT(t.state.ports[0][0].cleared, 5.0 * t.state.ports[0][1].cleared);
}

// Far above half its maximum, consumption does not depend on the concentration: each takes rate times time.
TEST(SpacePorts, of_saturated_consumption_are_rate_times_time) {
  test::ModelBuilder b;
  const model::Index one = b.cell_type("one"), two = b.cell_type("two");
  b.substance("L");
  b.model.substances.back().consumption_half_max = 1e-3;
  for (const model::Index type : {one, two}) test::put_in_space(b, type);
  b.behaviour(one, "consumption:L", 300.0);
  b.behaviour(two, "consumption:L", 100.0);
  TissueSetup setup;
  setup.grid = test::cube(2, 6);
  setup.cells = {{one, {{-45.0, 5.0, 0.0}}}, {two, {{45.0, 5.0, 0.0}}}};
  setup.substances = {test::diffusing("L", 0, 1e3, 0.0, 10.0)};
  setup.substances[0].plan.half_uptake = 1e-3;
  setup.substances[0].plan.error_target = 1e-6;
  Tissue t(b.model, setup);
  t.run_to(60.0);
  // c/(Km + c) is above 1 - 1e-3/c, and c stays above half of 10 nM.
  EXPECT_NEAR(t.state.ports[0][0].consumed, 300.0 * 60.0, 300.0 * 60.0 * 2.1e-4);
  EXPECT_NEAR(t.state.ports[0][1].consumed, 100.0 * 60.0, 100.0 * 60.0 * 2.1e-4);
}

// What a cell in a fixed voxel gives goes to whoever holds it, and what it takes comes from there.
TEST(SpacePorts, of_a_cell_in_a_fixed_voxel_are_balanced_by_it) {
  test::ModelBuilder b;
  const model::Index type = b.cell_type("T");
  b.substance("L");
  test::put_in_space(b, type);
  b.behaviour(type, "secretion:L", 50.0);
  b.behaviour(type, "uptake:L", 20.0);
  TissueSetup setup;
  setup.grid = test::cube(2, 3);
  setup.cells = {{type, {{0.0, 0.0, 0.0}}}};
  setup.substances = {test::diffusing("L", 0, 1e3, 0.0, 7.0)};
  setup.substances[0].plan.fixed = {{4, 7.0}};
  Tissue t(b.model, setup);
  t.run_to(60.0);
  EXPECT_NEAR(t.state.ports[0][0].secreted, 50.0 * 60.0, 1e-9);
  EXPECT_NEAR(t.state.ports[0][0].cleared, 20.0 * 7.0 * 60.0, 1e-9);
  EXPECT_NEAR(t.state.fields.substances[0].budget.fixed, (20.0 * 7.0 - 50.0) * 60.0, 1e-7);
  expect_sums(t);
}

}  // namespace space_ports
}  // namespace stroma::tissue

// Springs between cells of a tissue: they join the types that they are for, no cell has more than it may,
// they go with their cells, and they are part of the state.
#include <gtest/gtest.h>

#include <map>

#include "support/tissues.hpp"

namespace stroma::tissue {
namespace space_springs {

TissueSetup tied(const model::Model& m, double formation, double breaking) {
  TissueSetup setup = test::busy_setup(m, 2, 60, 40, 0, 12);
  setup.cells.resize(2);
  setup.attachments = {{m.cell_type("S"), m.cell_type("T"), formation, breaking, 0.05}};
  setup.attachments_per_cell = 2;
  return setup;
}

std::map<std::uint64_t, std::size_t> bodies_by_id(const cells::Bodies& bodies) {
  std::map<std::uint64_t, std::size_t> out;
  for (std::size_t b = 0; b < bodies.size(); ++b) out[bodies.id[b]] = b;
  return out;
}

TEST(SpaceSprings, join_a_pair_of_types_and_not_more_than_a_cell_may_have) {
  const model::Model m = test::living_tissue();
  test::Tissue t(m, tied(m, 10.0, 0.0));
  std::size_t most = 0;
  for (double at = 60.0; at <= 1440.0; at += 60.0) {
    t.run_to(at);
    const cells::Attachments& springs = t.state.attachments;
    const auto body = bodies_by_id(t.state.bodies);
    std::map<std::uint64_t, int> degree;
    for (std::size_t k = 0; k < springs.size(); ++k) {
      const std::size_t a = body.at(springs.a[k]), b = body.at(springs.b[k]);  // at: both cells are there
      EXPECT_NE(t.state.bodies.type[a], t.state.bodies.type[b]);
      EXPECT_LE(std::max(++degree[springs.a[k]], ++degree[springs.b[k]]), 2);
      EXPECT_FLOAT_EQ(springs.stiffness[k], 0.05F);
    }
    most = std::max(most, springs.size());
  }
  EXPECT_GT(most, 10u);
  EXPECT_GT(t.state.counters.tally.lyses, 0) << "no spring has lost its cell";
}

// With formation at rate f per pair in contact and breaking at rate b, the share of tied pairs is f/(f + b)
// where nothing moves: b = 1000/min in a step of 6 min leaves none of the old and of the new those of one
// step.
TEST(SpaceSprings, break_at_their_rate) {
  model::Model m = test::living_tissue();
  test::stop_life(m);
  test::stop_motion(m);
  test::Tissue lasting(m, tied(m, 10.0, 0.0)), fleeting(m, tied(m, 10.0, 1000.0));
  lasting.run_to(60.0);
  const std::vector<std::uint64_t> first = lasting.state.attachments.a;
  ASSERT_GT(first.size(), 5u);
  lasting.run_to(600.0);
  EXPECT_EQ(lasting.state.attachments.a, first) << "nobody moves, and every pair is tied already";
  fleeting.run_to(600.0);
  cells::AttachmentPlan none = fleeting.plan.attachments;
  std::fill(none.formation.begin(), none.formation.end(), 0.0F);
  fleeting.plan.attachments = none;
  fleeting.run_to(606.0);
  EXPECT_EQ(fleeting.state.attachments.size(), 0u);
}

TEST(SpaceSprings, hold_cells_that_would_walk_away) {
  model::Model m = test::living_tissue();
  test::stop_life(m);
  const auto spread = [&](double stiffness) {
    TissueSetup setup = test::busy_setup(m, 2, 0, 0, 0, 20);
    setup.cells[0].positions = {{0.0, 0.0, 0.0}};   // T
    setup.cells[1].positions = {{14.0, 0.0, 0.0}};  // S, which walks
    setup.cells.resize(2);
    if (stiffness > 0.0) setup.attachments = {{m.cell_type("S"), m.cell_type("T"), 100.0, 0.0, stiffness}};
    test::Tissue t(m, setup);
    double largest = 0.0;
    for (double at = 6.0; at <= 2880.0; at += 6.0) {
      t.run_to(at);
      const cells::Bodies& b = t.state.bodies;
      largest = std::max(largest, std::hypot(b.x[0] - b.x[1], b.y[0] - b.y[1]));
    }
    return largest;
  };
  // Walking at 0.2 um/min stretches a spring of 0.05/min on which both ends move by at most 0.2/(2 x 0.05) =
  // 2 um, were adhesion nothing; untied, S is gone beyond the reach of adhesion.
  EXPECT_LT(spread(0.05), 14.0 + 2.0 + 1.0);
  EXPECT_GT(spread(0.0), 25.0);
}

}  // namespace space_springs
}  // namespace stroma::tissue

// What bounds a well: its area, what its medium contains, and its water.
#include <gtest/gtest.h>

#include <cmath>

#include "support/cultures.hpp"

namespace stroma::tissue {
namespace plate_bounds {

using model::Direction;

// Cells that double every ten hours at most, of 300 um^2 each.
test::ModelBuilder growing() {
  test::ModelBuilder b;
  const model::Index type = b.cell_type("A");
  b.parameter(type, "footprint", 300.0);
  b.phase(type, "G", 600.0, 4);
  return b;
}

TEST(Confluence, stops_growth_at_the_area_and_not_before) {
  test::ModelBuilder b = growing();
  b.rule("confluence", Direction::decreases, "cycle_entry", 0.0, 1.0, 8.0);
  CultureSetup setup = test::setup_of(b.model, {{0, 100}});
  const auto after = [&](double area, double hours) {
    setup.area = area;
    test::Culture culture(b.model, setup);
    culture.run_to(60.0 * hours);
    return static_cast<double>(culture.cells().size());
  };
  const double room = 2000.0;
  EXPECT_GT(after(0.0, 80.0), 10.0 * room) << "without a bound";
  EXPECT_EQ(after(1e12, 80.0), after(0.0, 80.0)) << "far from it it is not felt";
  // Hill 8: at 1.5 times the area entry is a 26th of what it was, at twice a 257th.
  EXPECT_GT(after(room * 300.0, 80.0), room);
  EXPECT_LT(after(room * 300.0, 160.0), 2.0 * room);
}

TEST(Serum, is_perceived_as_its_share_of_the_medium) {
  test::ModelBuilder b = growing();
  b.rule("serum", Direction::increases, "apoptosis", 1.0 / 60.0, 0.05, 1.0);
  for (const double serum : {0.0, 0.1}) {
    test::Culture culture(b.model, test::setup_of(b.model, {{0, 500}}, 1e8, serum));
    culture.run_to(60.0);
    const auto dead = culture.state.counters.tally.apoptoses;
    // Rate 2/3 of 1/h at twice the half-max: half the cells in an hour.
    if (serum == 0.0)
      EXPECT_EQ(dead, 0);
    else
      EXPECT_NEAR(static_cast<double>(dead), 500.0 * (1.0 - std::exp(-2.0 / 3.0)), 4.0 * 12.0);
  }
}

TEST(Medium, contains_what_base_medium_and_serum_bring) {
  test::ModelBuilder b = growing();
  b.substance("glucose");
  b.model.substances.back().in_medium = 25e6;
  b.substance("factor");
  b.model.substances.back().in_serum = 100.0;
  const Solution plain = plain_solution(b.model, 0.1);
  EXPECT_EQ(plain.concentration[0], 25e6);
  EXPECT_DOUBLE_EQ(plain.concentration[1], 10.0);
}

// Solutes stay: c V is what it was, at any step; fresh medium fills the well again.
TEST(Evaporation, concentrates_what_is_dissolved_and_nothing_else) {
  for (const double step : {5.0, 60.0}) {
    test::ModelBuilder b = growing();
    b.substance("L");
    b.substance("O");
    b.model.substances.back().ambient = 1e5;
    CultureSetup setup = test::setup_of(b.model, {{0, 10}});
    setup.medium.concentration[0] = 8.0;
    setup.step = core::to_tick(step);
    setup.evaporation = 0.02 / 60.0;  // 2 % an hour
    setup.renewal = core::to_tick(600.0);
    test::Culture culture(b.model, setup);
    culture.run_to(600.0);
    EXPECT_NEAR(culture.state.medium.volume, 0.8 * setup.volume, 1e-9 * setup.volume);
    EXPECT_NEAR(culture.concentration("L"), 10.0, 1e-9);
    EXPECT_EQ(culture.concentration("O"), 1e5) << "the incubator holds it";
    EXPECT_LT(culture.mass_error(), 1e-12);
    culture.run_to(600.0 + step);
    EXPECT_NEAR(culture.state.medium.volume, setup.volume * (1.0 - 0.02 * step / 60.0), 1e-9 * setup.volume);
    EXPECT_LT(culture.mass_error(), 1e-12);
  }
}

}  // namespace plate_bounds
}  // namespace stroma::tissue

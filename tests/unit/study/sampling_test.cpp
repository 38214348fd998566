// Which cells of a vessel are simulated, and that a rare type is what it would be among all cells.
#include "study/sampling.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/errors.hpp"
#include "support/cultures.hpp"

namespace stroma::study {
namespace sampling_test {

using Cells = std::vector<std::pair<model::Index, double>>;

double real_cells(const SampledCells& s, std::size_t i) {
  return static_cast<double>(s.cells[i].count) * s.cells[i].weight / s.share;
}

TEST(Sampling, keeps_the_number_of_a_rare_type_and_the_density_of_the_others) {
  const model::Model m = test::tumour_and_stroma();
  const Cells cells{{0, 1e6}, {1, 200.0}};
  const SampledCells s = sample_cells(cells, 2000, m, true);
  EXPECT_EQ(s.cells[0].count, 2000u);
  EXPECT_EQ(s.cells[0].weight, 1.0);
  EXPECT_EQ(s.cells[1].count, 100u);
  EXPECT_DOUBLE_EQ(real_cells(s, 0), 1e6);
  EXPECT_DOUBLE_EQ(real_cells(s, 1), 200.0);
  ASSERT_EQ(say_weights(s, m).size(), 1u);
  EXPECT_NE(say_weights(s, m)[0].find("uncertain by 10 %"), std::string::npos);
  // Fewer than the least part: each is one.
  const SampledCells few = sample_cells(Cells{{0, 1e6}, {1, 7.0}}, 2000, m, true);
  EXPECT_EQ(few.cells[1].count, 7u);
  EXPECT_DOUBLE_EQ(real_cells(few, 1), 7.0);
}

TEST(Sampling, leaves_what_needs_no_weight_as_it_is) {
  const model::Model m = test::tumour_and_stroma();
  for (const double stroma : {100.0, 1000.0, 10000.0}) {
    const SampledCells s = sample_cells(Cells{{0, 10000.0}, {1, stroma}}, 2000, m, false);
    EXPECT_TRUE(say_weights(s, m).empty());
    EXPECT_NEAR(real_cells(s, 1), stroma, 0.05 * stroma);
  }
  EXPECT_EQ(sample_cells(Cells{{0, 900.0}, {1, 3.0}}, 2000, m, true).cells[1].weight, 1.0)
      << "all are simulated";
  EXPECT_TRUE(say_weights(sample_cells(Cells{{0, 10000.0}, {1, 1000.0}}, 2000, m, true), m).empty());
}

TEST(Sampling, refuses_a_rare_type_that_others_may_become) {
  model::Model m = test::tumour_and_stroma();
  test::ModelBuilder b;
  b.model = m;
  b.behaviour(0, "conversion:S", 1e-3);
  const Cells cells{{0, 1e6}, {1, 200.0}};
  EXPECT_THROW(sample_cells(cells, 2000, b.model, true), core::InputError);
  EXPECT_EQ(sample_cells(Cells{{0, 1e6}, {1, 20000.0}}, 2000, b.model, true).cells[1].count, 39u);
}

// Stroma by weight against stroma by number: what they secrete is the same in the mean, and nothing is lost.
TEST(Weights, are_as_good_as_that_many_cells) {
  test::ModelBuilder b;
  b.model = test::tumour_and_stroma();
  const auto run = [&](std::size_t stroma, double weight) {
    tissue::CultureSetup setup = test::setup_of(b.model, {{0, 400}, {1, stroma, weight}}, 1e8, 0.1);
    setup.treatments = {{{}, b.model.substance("D"), 2000.0}};
    test::Culture culture(b.model, setup);
    culture.run_to(1440.0);
    EXPECT_LT(culture.mass_error(), 1e-12);
    double held = 0.0;
    for (std::size_t k = 0; k < 2; ++k)
      for (const double amount : culture.state.populations[k].held[0])
        held += culture.plan.populations[k].weight * amount;
    EXPECT_NEAR(culture.budget("D").entered, held, 1e-9 * held);
    return culture.concentration("L");
  };
  // Secretion varies by a sigma of 0.3 from cell to cell: 1.5 % of the mean of 400 cells, and 1.5 % of the
  // other.
  const double by_number = run(400, 1.0), by_weight = run(400, 0.25), quarter = run(100, 1.0);
  EXPECT_NEAR(by_weight / quarter, 1.0, 4.0 * std::hypot(0.3 / 20.0, 0.3 / 10.0));
  EXPECT_GT(by_number / by_weight, 2.0);
  EXPECT_NEAR(run(400, 1e-9), run(0, 1.0), 1e-6);
}

}  // namespace sampling_test
}  // namespace stroma::study

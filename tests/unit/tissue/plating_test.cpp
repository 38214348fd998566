#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "support/cultures.hpp"

namespace stroma::tissue {
namespace plating_test {

using test::Culture;

TEST(Plate, every_cell_attaches_at_an_efficiency_of_one_and_none_at_zero) {
  test::ModelBuilder b;
  const model::Index type = b.cell_type("C");
  EXPECT_EQ(Culture(b.model, test::setup_of(b.model, {{type, 1000}})).cells().size(), 1000u);
  b.parameter(type, "plating_efficiency", 0.0);
  EXPECT_EQ(Culture(b.model, test::setup_of(b.model, {{type, 1000}})).cells().size(), 0u);
}

TEST(Plate, attachment_is_binomial) {
  test::ModelBuilder b;
  const model::Index type = b.cell_type("C");
  b.parameter(type, "plating_efficiency", 0.6);
  double sum = 0.0, squares = 0.0;
  const int wells = 2000;
  for (int w = 0; w < wells; ++w) {
    CultureSetup setup = test::setup_of(b.model, {{type, 100}});
    setup.seed = core::derive_seed(5, static_cast<std::uint64_t>(w));
    const double n = static_cast<double>(Culture(b.model, setup).cells().size());
    sum += n;
    squares += (n - 60.0) * (n - 60.0);
  }
  // Mean 60, variance 24; the variance of (n - 60)^2 is about 2 x 24^2. Two checks at z < 4: error
  // below 1.3e-4.
  EXPECT_LT(std::abs(sum / wells - 60.0), 4.0 * std::sqrt(24.0 / wells));
  EXPECT_LT(std::abs(squares / wells - 24.0), 4.0 * 24.0 * std::sqrt(2.0 / wells));
  EXPECT_GT(std::abs(sum / wells - 66.0), 4.0 * std::sqrt(24.0 / wells))
      << "an efficiency 10 % higher is told apart";
}

TEST(Plate, nodes_are_at_the_steady_state_without_ligands) {
  test::ModelBuilder b;
  b.cell_type("C");
  b.substance("L");
  b.node("A", 0.8, 60.0);
  b.node("B", 0.1, 600.0);
  b.node("R", 0.05, 10.0);
  b.arrow("A", "B", model::Effect::activates, 0.5, 0.5, 2.0);
  b.arrow("L", "R");
  CultureSetup setup = test::setup_of(b.model, {{0, 5}});
  setup.medium.concentration[0] = 1e6;  // the ligand waits in the well; the cells have not met it
  Culture culture(b.model, setup);
  // h(0.8) = 0.64 x 1.25/(0.64 + 0.25); F = 1 - (1 - 0.1)(1 - 0.5 h)
  const double h = 0.64 * 1.25 / 0.89;
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(culture.activity("A")[i], 0.8, 1e-5);
    EXPECT_NEAR(culture.activity("B")[i], 1.0 - 0.9 * (1.0 - 0.5 * h), 1e-5);
    EXPECT_NEAR(culture.activity("R")[i], 0.05, 1e-5);
  }
}

TEST(Plate, an_empty_well_of_cells_with_traits_is_a_valid_culture) {
  const model::Model m = test::tumour_and_stroma();
  Culture culture(m, test::treated(m, 0, 0));
  culture.run_to(1440.0);
  EXPECT_EQ(culture.cells(0).size() + culture.cells(1).size(), 0u);
}

TEST(Plate, ids_are_unique_over_populations_and_every_founder_is_its_own_lineage) {
  const model::Model m = test::tumour_and_stroma();
  Culture culture(m, test::treated(m, 30, 20));
  std::vector<std::uint64_t> ids = culture.cells(0).id;
  ids.insert(ids.end(), culture.cells(1).id.begin(), culture.cells(1).id.end());
  EXPECT_EQ(culture.cells(0).id, culture.cells(0).lineage);
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::unique(ids.begin(), ids.end()), ids.end());
  EXPECT_EQ(culture.state.next_id, ids.back() + 1);
}

TEST(Plate, another_seed_gives_other_cells_and_the_same_seed_the_same_bits) {
  const model::Model m = test::tumour_and_stroma();
  CultureSetup setup = test::treated(m, 50, 50);
  const std::string first = Culture(m, setup).hash();
  EXPECT_EQ(Culture(m, setup).hash(), first);
  setup.seed += 1;
  EXPECT_NE(Culture(m, setup).hash(), first);
}

TEST(DonorFactor, is_shared_by_vessels_of_one_donor_and_lognormal_over_donors) {
  test::ModelBuilder b;
  const model::Index type = b.cell_type("C");
  b.substance("L");
  b.behaviour(type, "secretion:L", 1.0);
  b.parameter(type, "donor_sigma", 0.25);
  const auto factor = [&](std::uint64_t donor, std::uint64_t seed) {
    CultureSetup setup = test::setup_of(b.model, {{type, 1}});
    setup.donor_seed = donor;
    setup.seed = seed;
    return compile_culture(std::make_shared<model::Model>(b.model), setup, {1}).populations[0].donor_factor;
  };
  EXPECT_EQ(factor(3, 1), factor(3, 2));
  double sum = 0.0, squares = 0.0;
  const int n = 4000;
  for (int d = 0; d < n; ++d) {
    const double x = std::log(factor(core::derive_seed(1, static_cast<std::uint64_t>(d)), 1));
    sum += x;
    squares += x * x;
  }
  // z < 4 for mean and variance of a normal sample.
  EXPECT_LT(std::abs(sum / n), 4.0 * 0.25 / std::sqrt(n));
  EXPECT_LT(std::abs(squares / n - 0.0625), 4.0 * 0.0625 * std::sqrt(2.0 / n));
  const double wider = 0.0625 * 1.21;
  EXPECT_GT(std::abs(squares / n - wider), 4.0 * wider * std::sqrt(2.0 / n))
      << "a sigma 10 % larger is told apart";
  b.parameter(type, "donor_sigma", 0.0);
  EXPECT_EQ(factor(3, 1), 1.0);
}

TEST(CompileCulture, contradicting_rules_are_the_users_error) {
  test::ModelBuilder b;
  b.cell_type("C");
  b.node("X", 0.1, 10.0);
  b.node("Y", 0.1, 10.0);
  b.rule("X", model::Direction::increases, "apoptosis", 0.1);
  b.rule("Y", model::Direction::increases, "apoptosis", 0.2);
  EXPECT_THROW(Culture(b.model, test::setup_of(b.model, {{0, 1}})), core::InputError);
}

}  // namespace plating_test
}  // namespace stroma::tissue

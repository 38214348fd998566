// Cultures of the curated model where their result is known without running it: closed forms, conservation,
// symmetry.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "io/model_folder.hpp"
#include "support/cultures.hpp"
#include "test_paths.hpp"

namespace stroma {
namespace culture_hcc {

using test::Culture;

const model::Model& hcc() {
  static const model::Model m = io::load_model(std::filesystem::path(STROMA_SOURCE_DIR) / "models" / "hcc");
  return m;
}

model::CellType& type_of(model::Model& m, const std::string& name) {
  return m.cell_types[static_cast<std::size_t>(m.cell_type(name))];
}

tissue::CultureSetup well(const model::Model& m, const std::string& type, std::size_t cells,
                          double serum = 0.1) {
  return test::setup_of(m, {{m.cell_type(type), cells}},
                        core::unit("uL") * static_cast<double>(cells) / 100.0, serum);
}

constexpr double two_days = 48.0 * 60.0;

// c(t) = (N s/(k V)) (1 - e^(-k t)); secretion is float32, hence 1e-6.
TEST(HccCulture, caf_medium_holds_the_integral_of_secretion_and_decay) {
  model::Model m = hcc();
  model::CellType& caf = type_of(m, "CAF");
  caf.parameters["donor_sigma"].value = 0.0;
  caf.parameters["plating_efficiency"].value = 1.0;
  test::base_of(m, caf, "apoptosis") = 0.0;
  for (model::Trait& trait : caf.traits) trait.sigma = 0.0;
  for (const double serum : {0.0, 0.1}) {
    tissue::CultureSetup setup = well(m, "CAF", 500, serum);
    Culture culture(m, setup);
    culture.run_to(two_days);
    for (const char* factor : {"CXCL12", "HGF", "IL6", "VEGF"}) {
      const model::Substance& s = m.substances[static_cast<std::size_t>(m.substance(factor))];
      const double k = s.decay + serum * s.decay_in_serum;
      const double source = 500.0 * test::base_of(m, caf, std::string("secretion:") + factor) / setup.volume;
      const double expected = source / k * -std::expm1(-k * two_days);
      ASSERT_GT(expected, 0.0);
      EXPECT_NEAR(culture.concentration(factor), expected, 1e-6 * expected) << factor << ", serum " << serum;
    }
  }
}

// With deaths at hazard h and lognormal cells: E c(t) = N s e^(sigma^2/2)/V (e^(-h t) - e^(-k t))/(k - h).
TEST(HccCulture, caf_medium_holds_the_expected_amount_when_cells_differ_and_die) {
  model::Model m = hcc();
  model::CellType& caf = type_of(m, "CAF");
  caf.parameters["donor_sigma"].value = 0.0;
  caf.parameters["plating_efficiency"].value = 1.0;
  double sigma = 0.0;
  for (const model::Trait& trait : caf.traits)
    if (trait.target == "secretion") sigma = trait.sigma;
  const double cells = 4000.0;
  tissue::CultureSetup setup = well(m, "CAF", 4000);
  setup.step = core::to_tick(60.0);
  Culture culture(m, setup);
  culture.run_to(two_days);
  const model::Substance& s = m.substances[static_cast<std::size_t>(m.substance("CXCL12"))];
  const double k = s.decay + 0.1 * s.decay_in_serum, h = test::base_of(m, caf, "apoptosis");
  const double source =
      cells * test::base_of(m, caf, "secretion:CXCL12") * std::exp(0.5 * sigma * sigma) / setup.volume;
  const double expected = source * (std::exp(-h * two_days) - std::exp(-k * two_days)) / (k - h);
  // Spread of N lognormal cells, and at most that of N cells of which each is there or not (variance of a
  // share <= 1/4); exchange uses the live cells at the start of a step, an error of at most h x 60 min.
  const double relative = std::sqrt((std::expm1(sigma * sigma) + 0.25) / cells);
  const double bound = 4.0 * relative + h * 60.0;
  const double ratio = culture.concentration("CXCL12") / expected;
  EXPECT_LT(std::abs(ratio - 1.0), bound);
  EXPECT_GT(std::abs(ratio / 1.1 - 1.0), bound) << "a tenth more secretion would be seen";
}

TEST(HccCulture, keeps_every_mass_budget_over_two_days_of_secretion_uptake_drug_division_and_lysis) {
  const model::Model& m = hcc();
  tissue::CultureSetup setup = well(m, "HepG2", 300);
  setup.cells.push_back({m.cell_type("CAF"), 300});
  setup.treatments = {{core::to_tick(0.0), m.substance("sorafenib"), 8000.0},
                      {core::to_tick(600.0), m.substance("AMD3100"), 500.0},
                      {core::to_tick(600.0), m.substance("CXCL12"), 5.0}};
  setup.renewal = core::to_tick(24.0 * 60.0);
  Culture culture(m, setup);
  culture.run_to(two_days);
  EXPECT_LE(culture.mass_error(), 1e-10);
  EXPECT_GT(culture.state.counters.tally.births, 0);
  EXPECT_GT(culture.state.counters.tally.apoptoses, 0);
}

TEST(HccCulture, has_the_same_bits_for_one_two_and_three_threads) {
  const model::Model& m = hcc();
  const auto run = [&](int threads) {
    tissue::CultureSetup setup = well(m, "HepG2", 18000);  // about 10 800 attach
    setup.step = core::to_tick(60.0);
    setup.treatments = {{core::to_tick(0.0), m.substance("sorafenib"), 8000.0},
                        {core::to_tick(0.0), m.substance("CXCL12"), 5.0}};
    Culture culture(m, setup, threads);
    EXPECT_GT(culture.cells().size(), 10000u);
    culture.run_to(240.0);
    return culture.hash();
  };
  const std::string one = run(1);
  EXPECT_EQ(run(2), one);
  EXPECT_EQ(run(3), one);
}

std::int64_t live_after_two_days(double sorafenib, double serum, std::int64_t* plated = nullptr) {
  const model::Model& m = hcc();
  tissue::CultureSetup setup = well(m, "HepG2", 2000, serum);
  setup.step = core::to_tick(30.0);
  if (sorafenib > 0.0) setup.treatments = {{core::to_tick(0.0), m.substance("sorafenib"), sorafenib}};
  Culture culture(m, setup);
  if (plated != nullptr) *plated = static_cast<std::int64_t>(culture.cells().size());
  culture.run_to(two_days);
  return cells::count_fates(culture.cells()).live;
}

TEST(HccCulture, of_hepg2_without_drug_about_doubles_in_two_days) {
  std::int64_t plated = 0;
  const double growth =
      static_cast<double>(live_after_two_days(0.0, 0.1, &plated)) / static_cast<double>(plated);
  std::printf("growth in 48 h: %.3f, doubling time %.1f h\n", growth, 48.0 / std::log2(growth));
  // Doubling times of 24 to 72 h, the span of what is published for the line.
  EXPECT_GT(growth, std::exp2(48.0 / 72.0));
  EXPECT_LT(growth, 4.0);
}

// The same total dose acts less where more of it is bound. Counts scatter by at most about sqrt(2 n) for
// growing clones.
TEST(HccCulture, sorafenib_does_less_in_more_serum) {
  const double control = static_cast<double>(live_after_two_days(0.0, 0.1));
  const double in_10 = static_cast<double>(live_after_two_days(8000.0, 0.1));
  const double in_50 = static_cast<double>(live_after_two_days(8000.0, 0.5));
  std::printf("live at 48 h: control %.0f, 8 uM in 10 %% serum %.0f, in 50 %% serum %.0f\n", control, in_10,
              in_50);
  const double z = 4.0 * std::sqrt(2.0 * (in_10 + in_50));
  EXPECT_GT(in_50, in_10 + z);
  EXPECT_GT(control, in_10 + z);
}

// What a culture's own accuracy of the networks costs, against the same cells with networks resolved to 1e-6:
// the error estimate of a substep is that of the lower-order result, so what accumulates must stay below it.
TEST(HccCulture, networks_at_the_cultures_accuracy_stay_within_its_tolerance_of_exact_ones) {
  const model::Model& m = hcc();
  tissue::CultureSetup setup = well(m, "HepG2", 300);
  setup.treatments = {{core::to_tick(0.0), m.substance("sorafenib"), 4000.0},
                      {core::to_tick(60.0), m.substance("CXCL12"), 10.0},
                      {core::to_tick(60.0), m.substance("HGF"), 0.5}};
  Culture plain(m, setup), fine(m, setup);
  fine.plan.accuracy = {.tolerance = 1e-6, .steady = -1.0};
  double worst = 0.0;
  for (double hours = 1.0; hours <= 12.0; hours += 1.0) {
    plain.run_to(60.0 * hours);
    fine.run_to(60.0 * hours);
    const network::Activities &x = plain.state.populations[0].activities,
                              &y = fine.state.populations[0].activities;
    for (std::size_t slot = 0; slot < x.nodes(); ++slot) {
      double a = 0.0, b = 0.0;
      for (const float v : x.node(slot)) a += v / static_cast<double>(x.size());
      for (const float v : y.node(slot)) b += v / static_cast<double>(y.size());
      worst = std::max(worst, std::abs(a - b));
    }
  }
  std::printf("largest difference of a mean activity: %.2e\n", worst);
  EXPECT_LE(worst, plain.plan.accuracy.tolerance);
}

TEST(HccCulture, without_cxcl12_amd3100_changes_not_one_bit_of_the_cells) {
  const model::Model& m = hcc();
  const auto cells_after = [&](double amd3100) {
    tissue::CultureSetup setup = well(m, "HepG2", 500);
    setup.treatments = {{core::to_tick(0.0), m.substance("sorafenib"), 4000.0}};
    if (amd3100 > 0.0) setup.treatments.push_back({core::to_tick(0.0), m.substance("AMD3100"), amd3100});
    Culture culture(m, setup);
    culture.run_to(24.0 * 60.0);
    core::Hasher hasher;
    culture.cells().hash(hasher);
    const network::Activities& x = culture.state.populations[0].activities;
    for (std::size_t slot = 0; slot < x.nodes(); ++slot) hasher.array(x.node(slot));
    return hasher.digest();
  };
  EXPECT_EQ(cells_after(500.0), cells_after(0.0));
}

TEST(HccCulture, with_cxcl12_amd3100_does_change_the_cells) {
  const model::Model& m = hcc();
  const auto mean_cxcr4 = [&](double amd3100) {
    tissue::CultureSetup setup = well(m, "HepG2", 200);
    setup.treatments = {{core::to_tick(0.0), m.substance("CXCL12"), 10.0}};
    if (amd3100 > 0.0) setup.treatments.push_back({core::to_tick(0.0), m.substance("AMD3100"), amd3100});
    Culture culture(m, setup);
    culture.run_to(12.0 * 60.0);
    double sum = 0.0;
    for (const float x : culture.activity("CXCR4")) sum += x;
    return sum / static_cast<double>(culture.cells().size());
  };
  EXPECT_LT(mean_cxcr4(5000.0), 0.5 * mean_cxcr4(0.0));
}

}  // namespace culture_hcc
}  // namespace stroma

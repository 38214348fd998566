// The noise of every instrument is what its constants say and moves no readout: over many draws the truth
// lies within four standard errors (one two-sided test at z < 4 errs with 6e-5; the twelve here together with
// less than 1e-3). Seeds are fixed. Each test must reject a mutant: the same instrument or content off by 10
// %.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "assays/blot/western_blot.hpp"
#include "assays/cck8/cck8.hpp"
#include "assays/colonies/colonies.hpp"
#include "assays/elisa/elisa.hpp"
#include "assays/flow/flow.hpp"
#include "assays/noise.hpp"
#include "assays/qpcr/qpcr.hpp"
#include "core/units.hpp"
#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"

namespace stroma::assays {
namespace assays_noise_test {

constexpr double bound = 4.0;

Specimen vessel(FateCounts fates) {
  Specimen s;
  s.volume = core::unit("mL");
  s.medium = {{"CXCL12", 0.25}};  // 2 ng/mL at 8 kDa
  CellSpecimen cells;
  cells.fates = fates;
  cells.nodes = {"FOLR1", "FOLR1_mRNA"};
  cells.lysate = {0.4, 0.4};
  s.cells.push_back(cells);
  return s;
}

// z of the mean of independent values against what it should be, the spread estimated from them.
double z_of(const std::vector<double>& values, double truth) {
  return std::abs(stats::mean(values) - truth) / stats::standard_error(values);
}

TEST(Dispensing, has_mean_one_and_the_stated_coefficient_of_variation) {
  const auto draw = [](double scale) {
    std::vector<double> values;
    core::Stream stream(1, core::Purpose::pipetting, 0);
    for (int i = 0; i < 20000; ++i) values.push_back(scale * dispense(stream, 0.2));
    return values;
  };
  EXPECT_LT(z_of(draw(1.0), 1.0), bound);
  EXPECT_GT(z_of(draw(1.1), 1.0), bound);
  // sd of a sample sd: for a lognormal of CV 0.2 the kurtosis is 3.64, so se(sd)/sd = sqrt((3.64 - 1)/4n) =
  // 0.0057
  EXPECT_NEAR(stats::standard_deviation(draw(1.0)) / 0.2, 1.0, bound * 0.0057);
  EXPECT_GT(std::abs(stats::standard_deviation(draw(1.1)) / 0.2 - 1.0), bound * 0.0057);
}

TEST(PipettedCells, have_the_nominal_mean) {
  const auto draw = [](double nominal) {
    std::vector<double> values;
    for (std::uint64_t well = 0; well < 4000; ++well)
      values.push_back(static_cast<double>(pipette_cells(nominal, 0.03, 2, well)));
    return values;
  };
  EXPECT_LT(z_of(draw(2500.0), 2500.0), bound);
  EXPECT_GT(z_of(draw(2750.0), 2500.0), bound);
}

// Net optical densities of one plate per seed (wells of one plate share its blanks, so plates are the units).
std::vector<double> net_od(const Cck8Instrument& instrument) {
  const Specimen s = vessel({20000, 0, 0, 0});
  std::vector<double> means;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Cck8Plate plate{"p", "", {}, {}, 6};
    for (int t = 1; t <= 6; ++t) plate.wells.push_back({&s, "a", 0.0, 1, t, std::nullopt});
    means.push_back(analyse_cck8(read_cck8(plate, instrument, seed)).responses[0].control_od);
  }
  return means;
}

TEST(Cck8Noise, leaves_the_net_absorbance_unbiased) {
  const Cck8Instrument instrument;
  Cck8Instrument mutant;
  mutant.extinction *= 1.1;
  EXPECT_LT(z_of(net_od(instrument), 1.0), bound);  // 20000 cells at 5e-5
  EXPECT_GT(z_of(net_od(mutant), 1.0), bound);
}

// ln IC50 of plates whose cells follow a logistic with midpoint `ic50`.
std::vector<double> log_ic50(double ic50) {
  const double doses[] = {0, 250, 500, 1000, 2000, 4000, 8000, 16000, 32000, 64000};
  std::vector<Specimen> wells;
  for (const double dose : doses)
    wells.push_back(vessel({std::llround(2e4 / (1.0 + std::pow(dose / ic50, 2.0))), 0, 0, 0}));
  std::vector<double> logs;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Cck8Plate plate{"p", "drug", {}, {}, 3};
    for (int t = 1; t <= 3; ++t)
      for (std::size_t d = 0; d < wells.size(); ++d)
        plate.wells.push_back({&wells[d], "a", doses[d], 1, t, std::nullopt});
    const Cck8Analysis analysis = analyse_cck8(read_cck8(plate, {}, seed));
    logs.push_back(std::log(analysis.responses[0].fit->relative_ic50.value));
  }
  return logs;
}

TEST(Cck8Noise, leaves_the_ic50_unbiased) {
  EXPECT_LT(z_of(log_ic50(4000.0), std::log(4000.0)), bound);
  EXPECT_GT(z_of(log_ic50(4400.0), std::log(4000.0)), bound);
}

TEST(ColonyCounting, misses_the_stated_share) {
  Specimen dish = vessel({60 * 500, 0, 0, 0});
  dish.cells[0].lineage_sizes.assign(500, 60);
  const auto rates = [&](double seen) {
    std::vector<double> shares;
    for (std::uint64_t seed = 0; seed < 200; ++seed)
      shares.push_back(static_cast<double>(count_colonies(dish, "a", 1, 1, 800, {50, seen}, seed).colonies) /
                       500.0);
    return shares;
  };
  EXPECT_LT(z_of(rates(0.98), 0.98), bound);
  EXPECT_GT(z_of(rates(0.98 * 0.9), 0.98), bound);
}

// Share of a lognormal population above a threshold.
double above(const Stain& stain, double threshold) {
  return 1.0 - stats::normal_cdf(std::log(threshold / stain.median) / stain.sigma);
}

TEST(FlowSampling, gives_the_annexin_positive_share_that_stains_and_fates_imply) {
  const FlowInstrument instrument;
  const QuadrantGate gate{560.0, 420.0};
  const double expected = 0.7 * above(instrument.live.annexin, gate.annexin) +
                          0.2 * above(instrument.early_apoptotic.annexin, gate.annexin) +
                          0.1 * above(instrument.late_apoptotic.annexin, gate.annexin);
  const auto shares = [&](FateCounts fates) {
    const Specimen s = vessel(fates);
    std::vector<double> values;
    for (std::uint64_t seed = 0; seed < 40; ++seed)
      values.push_back(*analyse_flow(acquire(s, "a", 1, 1, instrument, seed), gate).apoptotic);
    return values;
  };
  EXPECT_LT(z_of(shares({21000, 6000, 3000, 0}), expected), bound);
  EXPECT_GT(z_of(shares({20100, 6600, 3300, 0}), expected), bound);
}

TEST(FlowGate, lets_one_per_cent_of_live_cells_through_in_each_channel) {
  const FlowInstrument instrument;
  const auto shares = [&](double quantile) {
    std::vector<double> values;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      const GatingControls controls = acquire_controls(instrument, seed);
      const QuadrantGate gate = set_gate(controls.unstained, controls.live, quantile);
      values.push_back(above(instrument.live.annexin, gate.annexin));
    }
    return values;
  };
  // A type-7 quantile of order p of n = 10 000 leaves 1 - p above to within 1/n on average.
  EXPECT_LT(std::abs(stats::mean(shares(0.99)) - 0.01), 1e-4 + bound * stats::standard_error(shares(0.99)));
  EXPECT_GT(std::abs(stats::mean(shares(0.989)) - 0.01), 1e-4 + bound * stats::standard_error(shares(0.989)));
}

std::vector<double> log_concentration(double off) {
  Specimen s = vessel({1'000'000, 0, 0, 0});
  s.medium[0].concentration *= off;
  ElisaKit kit;
  kit.molar_mass = core::unit("kDa") * 8.0;
  std::vector<double> logs;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    std::vector<ElisaSample> samples;
    for (int r = 1; r <= 8; ++r) samples.push_back({&s, "a", r, 1.0});
    const ElisaRun run = run_elisa(samples, kit, "p", seed);
    double total = 0.0;
    for (const ElisaReadout& readout : analyse_elisa(run.plate, run.counts).readouts)
      total += std::log(*readout.concentration);
    logs.push_back(total / 8.0);
  }
  return logs;
}

TEST(ElisaNoise, leaves_the_concentration_unbiased_on_the_log_scale) {
  EXPECT_LT(z_of(log_concentration(1.0), std::log(2.0)), bound);
  EXPECT_GT(z_of(log_concentration(1.1), std::log(2.0)), bound);
}

std::vector<double> log2_fold(double amount) {
  const Specimen a = vessel({1000, 0, 0, 0});
  Specimen b = a;
  b.cells[0].lysate[1] = amount;
  std::vector<double> logs;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const std::vector<QpcrSample> samples{{&a, "u", 1}, {&b, "t", 1}};
    const std::vector<std::string> targets{"FOLR1_mRNA"};
    logs.push_back(
        std::log2(*analyse_qpcr(run_qpcr(samples, targets, {}, seed), "GAPDH", "u").readouts[1].fold));
  }
  return logs;
}

TEST(QpcrNoise, leaves_the_fold_change_unbiased_on_the_log_scale) {
  EXPECT_LT(z_of(log2_fold(0.8), 1.0), bound);
  EXPECT_GT(z_of(log2_fold(0.88), 1.0), bound);
}

TEST(QpcrNoise, has_the_spread_of_three_wells_of_two_genes_in_two_samples) {
  // var(ddCt) = 4 * 0.15^2 / 3; se(sd)/sd = 1/sqrt(2 (n - 1)) = 0.0354
  const double expected = 0.15 * std::sqrt(4.0 / 3.0);
  EXPECT_NEAR(stats::standard_deviation(log2_fold(0.8)) / expected, 1.0, bound * 0.0354);
}

std::vector<double> log2_ratio(double activity) {
  const Specimen a = vessel({1000, 0, 0, 0});
  Specimen b = a;
  b.cells[0].lysate[0] = activity;
  std::vector<double> logs;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    const std::vector<BlotLane> lanes{{&a, "u", 1}, {&b, "t", 1}};
    const std::vector<std::string> targets{"FOLR1"};
    logs.push_back(std::log2(
        *analyse_blot(run_blot("m", lanes, targets, {}, seed), "beta-actin", "u").readouts[1].relative));
  }
  return logs;
}

TEST(BlotNoise, leaves_the_ratio_unbiased_on_the_log_scale) {
  EXPECT_LT(z_of(log2_ratio(0.8), 1.0), bound);
  EXPECT_GT(z_of(log2_ratio(0.88), 1.0), bound);
}

}  // namespace assays_noise_test
}  // namespace stroma::assays

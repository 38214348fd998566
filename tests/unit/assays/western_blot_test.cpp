// Western blot: ratios to the loading control by hand, and without noise the ratio of the proteins.
#include "assays/blot/western_blot.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lab.hpp"
#include "support/over_seeds.hpp"

namespace stroma::assays {
namespace western_blot_test {

const std::vector<std::string> targets{"FOLR1", "CASP3"};

TEST(WesternBlot, agrees_with_a_calculation_by_hand) {
  // lane 1: (1100-100)/(2100-100) = 0.5; lane 2: (3100-100)/(4100-100) = 0.75; relative 1.5; mean of lanes
  // 0.625, share 1.2
  const std::vector<BlotBand> table{{"m", 1, "u", 1, "FOLR1", 1100, 100, false},
                                    {"m", 1, "u", 1, "actin", 2100, 100, false},
                                    {"m", 2, "t", 1, "FOLR1", 3100, 100, false},
                                    {"m", 2, "t", 1, "actin", 4100, 100, false}};
  const BlotAnalysis a = analyse_blot(table, "actin", "u");
  ASSERT_EQ(a.readouts.size(), 2u);
  EXPECT_DOUBLE_EQ(*a.readouts[0].ratio, 0.5);
  EXPECT_DOUBLE_EQ(*a.readouts[1].ratio, 0.75);
  EXPECT_DOUBLE_EQ(*a.readouts[1].relative, 1.5);
  EXPECT_DOUBLE_EQ(*a.readouts[0].share, 0.8);
  EXPECT_DOUBLE_EQ(*a.readouts[1].share, 1.2);
}

TEST(WesternBlot, without_noise_gives_back_the_ratio_of_the_proteins) {
  const Specimen a = vessel({900, 50, 50, 0}), b = with_node(a, "CASP3", 0.20);
  const std::vector<BlotLane> lanes{{&a, "u", 1}, {&b, "t", 1}};
  const auto table = run_blot("m", lanes, targets, quiet(BlotInstrument{}), 1);
  EXPECT_EQ(table.size(), 6u);
  const BlotAnalysis out = analyse_blot(table, "beta-actin", "u");
  EXPECT_NEAR(*out.readouts[2].relative, 1.0, 1e-12);  // FOLR1 of lane 2
  EXPECT_NEAR(*out.readouts[3].relative, 4.0, 1e-12);  // CASP3
}

TEST(WesternBlot, cancels_loading_and_exposure) {
  BlotInstrument uneven = quiet(BlotInstrument{});
  uneven.gain = uneven.control_gain = 5e3;  // far from saturation
  uneven.loading_cv = 0.3;
  uneven.exposure_cv = 0.3;
  const Specimen a = vessel({900, 0, 0, 0}), b = with_node(a, "CASP3", 0.20);
  const std::vector<BlotLane> lanes{{&a, "u", 1}, {&b, "t", 1}};
  EXPECT_NEAR(*analyse_blot(run_blot("m", lanes, targets, uneven, 9), "beta-actin", "u").readouts[3].relative,
              4.0, 1e-9);
}

TEST(WesternBlot, of_a_lane_without_cells_has_no_band) {
  const Specimen a = vessel({100, 0, 0, 0}), none = vessel({});
  const std::vector<BlotLane> lanes{{&a, "u", 1}, {&none, "dead", 1}};
  const BlotAnalysis out =
      analyse_blot(run_blot("m", lanes, targets, quiet(BlotInstrument{}), 1), "beta-actin", "u");
  EXPECT_FALSE(out.readouts[2].ratio);
  EXPECT_EQ(codes_of(out.warnings), "no-band no-band no-band");
}

TEST(WesternBlot, of_one_cell_and_of_dead_cells_reads_their_lysate) {
  for (const FateCounts fates : {FateCounts{1, 0, 0, 0}, FateCounts{0, 0, 30, 5}}) {
    const Specimen a = vessel(fates);
    const std::vector<BlotLane> lanes{{&a, "u", 1}};
    EXPECT_NEAR(*analyse_blot(run_blot("m", lanes, targets, quiet(BlotInstrument{}), 1), "beta-actin", "u")
                     .readouts[0]
                     .ratio,
                0.30 * 3e4 / 2e4, 1e-12);
  }
}

TEST(WesternBlot, is_a_pure_function_of_its_seed) {
  const Specimen a = vessel({100, 0, 0, 0});
  const auto volume = [&](std::string arm, std::uint64_t seed) {
    return run_blot("m", std::vector<BlotLane>{{&a, std::move(arm), 1}}, targets, {}, seed)[0].volume;
  };
  EXPECT_EQ(volume("u", 4), volume("u", 4));
  EXPECT_NE(volume("u", 4), volume("u", 5));
}

// A name keys the draws of its lane, and nothing else comes of it: over seeds the mean is the same.
TEST(WesternBlot, reads_nothing_from_the_name_of_an_arm_but_its_draws) {
  const Specimen a = vessel({100, 0, 0, 0});
  const auto difference = [&](std::uint64_t seed) {
    const auto volume = [&](const char* arm) {
      return std::log(run_blot("m", std::vector<BlotLane>{{&a, arm, 1}}, targets, {}, seed)[0].volume);
    };
    return volume("CAF supernatant") - volume("control");
  };
  EXPECT_LT(test::z_over_seeds(difference), 4.0);
  // The mutant: bands of another name are 10 % brighter.
  EXPECT_GT(test::z_over_seeds([&](std::uint64_t seed) { return difference(seed) + std::log(1.1); }), 4.0);
}

TEST(WesternBlot, warns_of_saturation_and_of_membranes_without_reference) {
  const std::vector<BlotBand> table{{"m", 1, "u", 1, "F", 65535, 100, true},
                                    {"m", 1, "u", 1, "actin", 2100, 100, false},
                                    {"n", 1, "t", 1, "F", 1000, 100, false},
                                    {"n", 1, "t", 1, "actin", 2100, 100, false},
                                    {"n", 2, "t", 2, "F", 1000, 100, false}};
  const BlotAnalysis out = analyse_blot(table, "actin", "u");
  EXPECT_EQ(codes_of(out.warnings), "saturated-band no-loading-control no-reference");
  EXPECT_FALSE(out.readouts[1].relative);
  EXPECT_TRUE(out.readouts[1].share);
}

TEST(WesternBlot, refuses_tables_with_every_problem) {
  const std::vector<BlotBand> table{{"m", 1, "u", 1, "F", -1, 100, false},
                                    {"m", 1, "u", 1, "F", 1, 100, false}};
  EXPECT_EQ(codes_of([&] { analyse_blot(table, "actin", "v"); }),
            "bad-volume duplicate-band no-loading-control no-reference-arm");
}

TEST(WesternBlot, arms_that_share_no_membrane_with_the_reference_are_apart) {
  const auto lane = [](const char* membrane, int number, const char* arm, double volume) {
    return std::vector<BlotBand>{{membrane, number, arm, 1, "P", volume, 0, false},
                                 {membrane, number, arm, 1, "actin", 1000, 0, false}};
  };
  std::vector<BlotBand> table;
  for (const auto& bands :
       {lane("m1", 1, "a", 500), lane("m1", 2, "b", 900), lane("m2", 1, "c", 500), lane("m2", 2, "d", 700)})
    table.insert(table.end(), bands.begin(), bands.end());
  const BlotComparability apart = compare_membranes(analyse_blot(table, "actin", "a"), "a");
  EXPECT_EQ(apart.apart, (std::vector<std::string>{"c", "d"}));
  EXPECT_TRUE(apart.unequal);
  // The same arms on both membranes: comparable, until one of them loses a band.
  for (BlotBand& band : table) band.arm = band.lane == 1 ? "a" : "b";
  EXPECT_FALSE(compare_membranes(analyse_blot(table, "actin", "a"), "a").unequal);
  table[2].volume = 0.0;
  const BlotComparability lost = compare_membranes(analyse_blot(table, "actin", "a"), "a");
  EXPECT_TRUE(lost.unequal);
  EXPECT_TRUE(lost.apart.empty());
}

}  // namespace western_blot_test
}  // namespace stroma::assays

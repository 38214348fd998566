// Livak's fold where every efficiency is 100 %, Pfaffl's by hand where not, errors by hand.
#include "assays/qpcr/qpcr_relative.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/codes.hpp"

namespace stroma::assays {
namespace qpcr_relative_test {

std::vector<CtRow> table() {
  std::vector<CtRow> out;
  for (const auto& [arm, replicate, gene, ct] :
       std::vector<std::tuple<std::string, int, std::string, double>>{{"u", 1, "T", 25.0},
                                                                      {"u", 1, "H", 18.0},
                                                                      {"u", 1, "G", 20.0},
                                                                      {"u", 2, "T", 25.4},
                                                                      {"u", 2, "H", 18.2},
                                                                      {"u", 2, "G", 20.4},
                                                                      {"t", 1, "T", 23.1},
                                                                      {"t", 1, "H", 18.3},
                                                                      {"t", 1, "G", 20.1},
                                                                      {"t", 2, "T", 22.9},
                                                                      {"t", 2, "H", 17.9},
                                                                      {"t", 2, "G", 19.9}})
    for (int w = 1; w <= 2; ++w) out.push_back({arm, replicate, gene, w, ct + (w == 1 ? -0.1 : 0.1)});
  return out;
}

TEST(RelativeQpcr, is_livaks_where_every_efficiency_is_one) {
  const auto rows = table();
  const QpcrAnalysis plain = analyse_qpcr(rows, "H", "u");
  const RelativeAnalysis relative = analyse_relative(rows, {"H"}, "u", {});
  for (const RelativeReadout& r : relative.readouts)
    for (const QpcrReadout& q : plain.readouts)
      if (q.arm == r.arm && q.replicate == r.replicate && q.gene == r.gene) {
        EXPECT_NEAR(*r.fold, *q.fold, 1e-12);
      }
  EXPECT_EQ(relative.readouts.size(), 8u);  // T and G
}

TEST(RelativeQpcr, is_pfaffls_ratio_over_the_geometric_mean_of_two_genes) {
  const std::map<std::string, Amplification> e{{"T", {1.9, 0, 0, 0, 0}}, {"H", {1.95, 0, 0, 0, 0}}};
  const RelativeAnalysis a = analyse_relative(table(), {"H", "G"}, "u", e);
  // Replicate 1 of t: reference Cts are means over u: T 25.2, H 18.1, G 20.2.
  const double target = std::pow(1.9, 25.2 - 23.1);
  const double keepers = std::sqrt(std::pow(1.95, 18.1 - 18.3) * std::pow(2.0, 20.2 - 20.1));
  for (const RelativeReadout& r : a.readouts)
    if (r.arm == "t" && r.replicate == 1) {
      EXPECT_NEAR(*r.fold, target / keepers, 1e-9);
    }
}

TEST(RelativeQpcr, propagates_the_errors_of_wells_and_efficiencies) {
  // Two wells 0.2 apart: variance of the mean 0.02 / 2 = 0.01.
  const RelativeAnalysis plain = analyse_relative(table(), {"H", "G"}, "u", {});
  EXPECT_NEAR(*plain.readouts[0].ddct_se, std::sqrt(0.01 + 0.25 * 0.01 + 0.25 * 0.01), 1e-9);
  const RelativeAnalysis uncertain =
      analyse_relative(table(), {"H", "G"}, "u", {{"T", {2.0, 0.05, 0, 0, 0}}});
  for (const RelativeReadout& r : uncertain.readouts)
    if (r.arm == "t" && r.replicate == 1) {  // 2.1 cycles from the reference
      EXPECT_NEAR(*r.ddct_se, std::sqrt(0.01 + 0.005 + std::pow(2.1 * 0.05, 2)), 1e-9);
    }
}

TEST(DilutionSeries, gives_the_efficiency_that_was_planted) {
  std::vector<QpcrStandard> standards;
  for (const double q : {1.0, 0.1, 0.01, 0.001})
    standards.push_back({"T", q, 20.0 - std::log(q) / std::log(1.92)});
  const Amplification a = amplification_of(standards).at("T");
  EXPECT_NEAR(a.factor, 1.92, 1e-9);
  EXPECT_NEAR(a.slope, -std::log(10.0) / std::log(1.92), 1e-9);
  EXPECT_NEAR(a.r_squared, 1.0, 1e-12);
  EXPECT_NEAR(a.log2_se, 0.0, 1e-7);
}

TEST(RelativeQpcr, refuses_and_warns) {
  using test::codes_of;
  const auto rows = table();
  EXPECT_EQ(codes_of([&] { analyse_relative(rows, {"X"}, "u", {}); }), "no-housekeeping-gene");
  EXPECT_EQ(codes_of([&] { analyse_relative(rows, {"H"}, "x", {}); }), "no-reference-arm");
  EXPECT_EQ(codes_of([&] {
              analyse_relative(rows, {"H"}, "u", {{"T", {93.0, 0, 0, 0, 0}}});
            }),
            "bad-efficiency");
  EXPECT_EQ(codes_of([] {
              amplification_of(std::vector<QpcrStandard>{{"T", 1, 20}, {"T", 0.1, 23}});
            }),
            "too-few-standards");
  EXPECT_EQ(codes_of([] {
              amplification_of(std::vector<QpcrStandard>{{"T", 1, 26}, {"T", 0.1, 23}, {"T", 0.01, 20}});
            }),
            "bad-standards");
  const RelativeAnalysis poor = analyse_relative(rows, {"H"}, "u", {{"T", {1.6, 0, 0, 0, 0}}});
  EXPECT_EQ(poor.warnings.entries()[0].code, "poor-efficiency");
}

}  // namespace qpcr_relative_test
}  // namespace stroma::assays

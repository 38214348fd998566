// Reports of a laboratory's own data: what is tested with what, and units as they were given.
#include "report/laboratory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "report/laboratory_plates.hpp"
#include "support/codes.hpp"

namespace stroma::report {
namespace laboratory_test {

using test::codes_of;
using testing::HasSubstr;

const Statistic& only_line(const Figure& figure) {
  EXPECT_EQ(figure.caption.statistics.size(), 1u);
  return figure.caption.statistics.front();
}

TEST(ArmFigure, tests_measured_arms_alike_with_and_without_simulated_ones) {
  const ArmValues measured{"CXCL12", {"CAF", "NF"}, {{3.7, 3.1, 2.9}, {1.2, 1.3, 0.8}}, false};
  ArmValues both = measured;
  for (const char* arm : {"CAF", "NF"}) {
    both.arms.push_back(arm_name(arm, true));
    both.values.push_back({2.0, 2.1, 1.7, 2.4, 1.9, 2.2, 2.0});
  }
  const Statistic alone = only_line(arm_figure("a", "", "", {measured}, "CAF"));
  const Figure beside = arm_figure("a", "", "", {both}, "CAF");
  ASSERT_EQ(beside.caption.statistics.size(), 2u);
  EXPECT_EQ(beside.caption.statistics[0].p, alone.p);
  EXPECT_EQ(beside.caption.statistics[0].statistic, alone.statistic);
  EXPECT_THAT(beside.caption.statistics[1].comparison, HasSubstr("NF (simulated) against CAF (simulated)"));
  EXPECT_THAT(beside.see, HasSubstr("CXCL12: NF has a mean of"));
  ArmValues nameless = measured;
  nameless.title.clear();
  const Figure figure = arm_figure("a", "", "", {nameless}, "CAF");
  EXPECT_EQ(only_line(figure).comparison, "NF against CAF");
  EXPECT_THAT(figure.see, testing::StartsWith("NF has a mean of"));
}

// R 4.2.2: t.test(b, a, paired = TRUE) of log2 values; p.adjust(.., "holm") of the two pairs.
TEST(ArmFigure, compares_values_of_one_block_within_it_and_never_with_another) {
  ArmValues two{"P", {"a", "b"}, {{1.0, 0.9, 1.2, 1.1}, {2.0, 2.9, 1.6, 2.1}}, true, {}};
  two.blocks = {{"m1", "m2", "m3", "m4"}, {"m4", "m3", "m2", "m1"}};  // not in order
  const Statistic paired = only_line(arm_figure("a", "", "", {two}, "a"));
  EXPECT_NEAR(paired.p, 0.0022515310, 1e-9);
  EXPECT_NEAR(paired.estimate.value, 2.0125084270, 1e-9);
  EXPECT_NEAR(paired.estimate.interval.low, 1.6039861428, 1e-9);
  EXPECT_EQ(paired.n, 4);
  // The mutant: as independent values the p is another.
  ArmValues free = two;
  free.blocks.clear();
  EXPECT_GT(only_line(arm_figure("a", "", "", {free}, "a")).p, 0.005);
  // A lost value takes its pair away and moves no other.
  ArmValues lost = two;
  lost.values[1].erase(lost.values[1].begin());
  lost.blocks[1].erase(lost.blocks[1].begin());
  EXPECT_NEAR(only_line(arm_figure("a", "", "", {lost}, "a")).p, 0.0143323261, 1e-9);
  ArmValues three = two;
  three.arms.push_back("c");
  three.values.push_back({0.7, 0.8, 0.6});
  three.blocks.push_back({"m2", "m3", "m4"});
  const Figure figure = arm_figure("a", "", "", {three}, "a");
  ASSERT_EQ(figure.caption.statistics.size(), 2u);
  EXPECT_NEAR(figure.caption.statistics[0].p, 0.0045030620, 1e-9);
  EXPECT_NEAR(figure.caption.statistics[1].p, 0.0547010480, 1e-9);
  three.blocks[2] = {"m7", "m8", "m9"};
  const Figure apart = arm_figure("a", "", "", {three}, "a");
  EXPECT_NEAR(apart.caption.statistics.back().p, 0.0022515310, 1e-9);
  EXPECT_THAT(apart.caption.statistics.front().comparison, HasSubstr("too few shared by both"));
}

TEST(Planning, takes_its_spread_from_measured_arms) {
  const ArmValues measured{"CXCL12", {"CAF", "NF"}, {{3.7, 3.1, 2.9}, {1.2, 1.3, 0.8}}, false};
  ArmValues both = measured;
  both.arms.push_back(arm_name("CAF", true));
  both.values.push_back({2.0, 2.1, 1.7, 2.4, 1.9, 2.2, 2.0});
  EXPECT_EQ(planning_table({both}, "CAF").rows, planning_table({measured}, "CAF").rows);
}

TEST(Assumptions, say_nothing_of_spread_where_arms_have_two_values) {
  // Both values of an arm are equally far from their median: within arms there is no scatter of distances.
  core::Diagnostics warnings;
  const ArmValues two{"IC50", {"a", "b", "c"}, {{3.83, 3.86}, {9.17, 9.18}, {4.92, 4.98}}, true};
  const Table table = assumptions_table({two}, warnings);
  EXPECT_EQ(codes_of(warnings), "none");
  EXPECT_TRUE(std::isnan(std::get<double>(table.rows[0][5])));
}

AnalysedPlate plate_in(const std::string& drug, const std::string& unit) {
  AnalysedPlate p;
  p.plate.substance = drug;
  p.plate.dose_unit = unit;
  assays::DoseResponse r{"CAF", 1, 1.0, {}, {}, unit};
  for (const double dose : {0.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0, 32000.0})
    r.points.push_back(
        {dose, {}, std::vector<double>{100.0 / (1.0 + dose / 4000.0)}, 100.0 / (1.0 + dose / 4000.0)});
  r.fit = assays::fit_percent(r);
  p.analysis.responses.push_back(r);
  return p;
}

TEST(DoseResponseSection, shows_doses_in_the_unit_in_which_they_were_given) {
  core::Diagnostics warnings;
  const Section mass = dose_response_section({plate_in("cetuximab", "ug/mL")}, "", warnings);
  const auto& drawn = std::get<DoseResponse>(mass.figures[0].content);
  EXPECT_EQ(drawn.dose_unit, "µg/mL");
  EXPECT_NEAR(drawn.panels[0].arms[0].ic50.value, 4.0, 1e-6);  // 4000 ng/mL
  EXPECT_THAT(mass.figures[0].see, HasSubstr("4.00 µg/mL"));
  EXPECT_EQ(mass.tables[0].columns[5], "IC50 (µg/mL)");
  const Section both =
      dose_response_section({plate_in("cetuximab", "ug/mL"), plate_in("sorafenib", "uM")}, "", warnings);
  EXPECT_EQ(std::get<DoseResponse>(both.figures[0].content).dose_unit, "µg/mL");  // axes of their own
  EXPECT_EQ(std::get<DoseResponse>(both.figures[1].content).dose_unit, "µM");
  EXPECT_EQ(both.tables[0].columns[5], "IC50");
}

TEST(DoseResponseSection, of_one_experiment_says_so) {
  core::Diagnostics warnings;
  EXPECT_THAT(dose_response_section({plate_in("a", "uM")}, "", warnings).lead,
              HasSubstr("from one experiment"));
  EXPECT_EQ(dose_response_section({plate_in("a", "uM"), plate_in("a", "uM")}, "", warnings).lead, "");
}

TEST(ElisaSection, compares_no_extrapolation) {
  const auto od = [](double ng) { return 3.0 + (0.1 - 3.0) / (1.0 + ng / 4.0); };
  AnalysedElisa plate;
  plate.plate.substance = "CXCL12";
  const double standards[] = {20, 10, 5, 2.5, 1.25, 0.625, 0.3125, 0};
  for (int r = 0; r < 8; ++r) {
    plate.plate.at({r, 0}).role = assays::WellRole::standard;
    plate.plate.at({r, 0}).standard = standards[r];
    plate.plate.at({r, 0}).od = od(standards[r]) * (r % 2 == 0 ? 1.01 : 0.99);
  }
  int row = 0;
  for (const auto& [arm, ng] : {std::pair{"CAF", 3.2}, {"NF", 1.1}, {"high", 140.0}}) {
    assays::PlateWell& well = plate.plate.at({row++, 1});
    well.role = assays::WellRole::sample;
    well.arm = arm;
    well.od = od(ng);
  }
  plate.analysis = assays::analyse_elisa(plate.plate, {});
  core::Diagnostics warnings;
  const Section section = elisa_section({plate}, "", warnings);
  EXPECT_EQ(std::get<Bars>(section.figures[0].content).panels[0].groups.size(), 2u);
  EXPECT_EQ(section.tables[0].rows.size(), 3u);  // shown, with its range
}

TEST(Elisa, is_shown_in_the_unit_of_its_standards) {
  AnalysedElisa plate;
  plate.plate.standard_unit = "pg/mL";
  const auto od = [](double ng) { return 0.06 + 3.1 / (1.0 + std::pow(0.005 / ng, 1.2)); };
  const std::vector<double> standards{0.01, 0.005, 0.0025, 0.00125, 0.000625};
  for (int r = 0; r < 5; ++r) {
    plate.plate.at({r, 0}).role = assays::WellRole::standard;
    plate.plate.at({r, 0}).standard = standards[static_cast<std::size_t>(r)];
    plate.plate.at({r, 0}).od = od(standards[static_cast<std::size_t>(r)]) * (r % 2 == 0 ? 1.01 : 0.99);
  }
  plate.plate.at({0, 1}) = {assays::WellRole::sample, "CAF", 1, 1, {}, {}, 1.0, od(0.0032), false};
  plate.analysis = assays::analyse_elisa(plate.plate, {});
  core::Diagnostics warnings;
  const Section section = elisa_section({plate}, "", warnings);
  EXPECT_EQ(section.tables[0].columns[4], "pg/mL");
  EXPECT_NEAR(std::get<double>(section.tables[0].rows.at(0)[4]), 3.2, 0.2);
  const auto& scatter = std::get<Scatter>(section.figures.back().content);
  EXPECT_EQ(scatter.x_title, "concentration (pg/mL)");
  EXPECT_NEAR(scatter.panels[0].at_x[1].at, 10.0, 1e-9);
}

TEST(Plasma, volumes_are_litres_where_the_units_give_them) {
  const auto is = [](const char* dose, const char* concentration) {
    return volume_unit({concentration, dose});
  };
  EXPECT_EQ(is("mg", "ng/mL").name, "L");
  EXPECT_NEAR(is("mg", "ng/mL").factor, 1000.0, 1e-9);  // 1 mg / (1 ng/mL) = 1e6 mL
  EXPECT_EQ(is("mg/kg", "mg/L").name, "L/kg");
  EXPECT_NEAR(is("mg/kg", "mg/L").factor, 1.0, 1e-12);
  EXPECT_NEAR(is("nmol", "nM").factor, 1.0, 1e-12);
  EXPECT_EQ(is("mg", "nM").name, "mg per nM");  // needs a molar mass, which nobody gave
  EXPECT_EQ(is("mg", "nM").factor, 1.0);
  EXPECT_EQ(is("", "ng/mL").factor, 1.0);
}

}  // namespace laboratory_test
}  // namespace stroma::report

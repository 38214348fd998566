// The size of the next experiment, held against R's power.t.test.
#include <gtest/gtest.h>

#include <cmath>

#include "report/laboratory_plates.hpp"

namespace stroma::report {
namespace laboratory_planning_test {

double number(const Cell& cell) {
  return std::get<double>(cell);
}
std::string text(const Cell& cell) {
  return std::get<std::string>(cell);
}

// x <- c(10, 11, 12.5); y <- c(13, 14.2, 15); s <- sqrt((var(x) + var(y)) / 2); d <- mean(y) - mean(x)
const ArmValues two_arms{"FOLR1", {"untreated", "treated"}, {{10, 11, 12.5}, {13, 14.2, 15}}, false};

TEST(Planning, agrees_with_power_t_test) {
  const Table table = planning_table({two_arms}, "untreated");
  ASSERT_EQ(table.rows.size(), 1u);
  const std::vector<Cell>& row = table.rows[0];
  EXPECT_EQ(text(row[1]), "treated against untreated");
  EXPECT_NEAR(number(row[2]), 1.13944430901, 1e-10);
  EXPECT_EQ(text(row[3]), "3");
  EXPECT_NEAR(number(row[4]), 2.9, 1e-12);
  EXPECT_NEAR(number(row[5]), 3.499111374414,
              1e-9);             // power.t.test(n = 3, sd = s, power = 0.8, tol = 1e-12)$delta
  EXPECT_EQ(text(row[6]), "4");  // 3.68
  EXPECT_EQ(text(row[7]), "5");  // 4.46
  EXPECT_EQ(text(row[8]), "7");  // 6.98 with sd = s * sqrt(4 / qchisq(0.2, 4))
}

TEST(Planning, of_ratios_is_done_on_logarithms_and_said_as_ratios) {
  ArmValues ratios = two_arms;
  ratios.ratios = true;
  for (std::vector<double>& arm : ratios.values)
    for (double& value : arm) value = std::exp2(value);
  const Table plain = planning_table({two_arms}, ""), logs = planning_table({ratios}, "");
  EXPECT_NEAR(number(logs.rows[0][2]), number(plain.rows[0][2]), 1e-12);
  EXPECT_NEAR(number(logs.rows[0][4]), std::exp2(2.9), 1e-9);
  EXPECT_NEAR(number(logs.rows[0][5]), std::exp2(number(plain.rows[0][5])), 1e-9);
  EXPECT_EQ(text(logs.rows[0][6]), "4");
}

TEST(Planning, says_nothing_where_nothing_can_be_said) {
  EXPECT_TRUE(planning_table({{"one value", {"a", "b"}, {{1}, {2}}, false}}, "a").rows.empty());
  EXPECT_TRUE(planning_table({{"no spread", {"a", "b"}, {{1, 1}, {2, 2}}, false}}, "a").rows.empty());
  const Table same = planning_table({{"no difference", {"a", "b"}, {{1, 2}, {1, 2}}, false}}, "a");
  EXPECT_EQ(text(same.rows.at(0)[6]), "more than 1000");
}

}  // namespace laboratory_planning_test
}  // namespace stroma::report

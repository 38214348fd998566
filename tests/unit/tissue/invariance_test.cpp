// The same bits for any number of threads, on every repeat, and in any locale or time zone. The population is
// larger than the chunks of every parallel loop (4096 cells for events, 1024 for rules, 64 for networks).
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <locale>

#include "support/cultures.hpp"

namespace stroma::tissue {
namespace invariance_test {

using test::Culture;

std::string hash_after_eight_hours(int threads) {
  const model::Model m = test::tumour_and_stroma();
  CultureSetup setup = test::treated(m, 9000, 1500);
  setup.step = core::to_tick(60.0);
  Culture culture(m, setup, threads);
  culture.run_to(480.0);
  EXPECT_GT(culture.state.counters.tally.births, 500);
  EXPECT_GT(culture.state.counters.tally.lyses, 100);
  return culture.hash();
}

TEST(StateHash, is_the_same_for_one_two_and_three_threads_and_on_every_repeat) {
  const std::string one = hash_after_eight_hours(1);
  EXPECT_EQ(hash_after_eight_hours(2), one);
  EXPECT_EQ(hash_after_eight_hours(3), one);
  EXPECT_EQ(hash_after_eight_hours(3), one);
}

struct DecimalComma : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

TEST(StateHash, does_not_depend_on_locale_or_time_zone) {
  const model::Model m = test::tumour_and_stroma();
  const auto run = [&] {
    Culture culture(m, test::treated(m, 200, 100));
    culture.run_to(900.0);
    return culture.hash();
  };
  const std::string before = run();
  const std::locale old = std::locale::global(std::locale(std::locale::classic(), new DecimalComma));
  setenv("TZ", "Pacific/Kiritimati", 1);
  tzset();
  EXPECT_EQ(run(), before);
  std::locale::global(old);
  unsetenv("TZ");
  tzset();
}

TEST(StateHash, sees_every_part_of_the_state) {
  const model::Model m = test::tumour_and_stroma();
  Culture culture(m, test::treated(m, 20, 10));
  culture.run_to(150.0);
  const std::string before = culture.hash();
  const auto seen = [&](auto&& change) {
    Culture other = culture;
    change(other);
    return other.hash() != before;
  };
  EXPECT_EQ(Culture(culture).hash(), before);
  EXPECT_TRUE(seen([](Culture& c) { c.state.tick.count += 1; }));
  EXPECT_TRUE(seen([](Culture& c) { c.state.next_id += 1; }));
  EXPECT_TRUE(seen([](Culture& c) { c.concentration("F") += 1e-9; }));
  EXPECT_TRUE(seen([](Culture& c) { c.state.medium.solution.serum = 0.11; }));
  EXPECT_TRUE(seen([](Culture& c) { c.state.medium.volume *= 2.0; }));
  EXPECT_TRUE(seen([](Culture& c) { c.state.budgets[1].decayed += 1.0; }));
  EXPECT_TRUE(seen([](Culture& c) { c.cells(1).draws[3] += 1; }));
  EXPECT_TRUE(seen([](Culture& c) { c.activity("X")[5] = 0.123f; }));
  EXPECT_TRUE(seen([](Culture& c) { c.state.populations[0].held[0][5] += 1e-3; }));
  EXPECT_TRUE(seen([](Culture& c) { c.state.counters.tally.births += 1; }));
}

}  // namespace invariance_test
}  // namespace stroma::tissue

// Numbers of a growing population that follow from the plan alone: growth rates of Erlang cycles read from
// the stable stages, against (n/T)(2^(1/n) - 1), and a culture's expected growth under a hazard.
#include <gtest/gtest.h>

#include <cmath>

#include "cells/life.hpp"

namespace stroma {
namespace cells_closed_forms {

// Growth is the flux of divisions in the stable distribution: the rate of the last stage times its share.
double growth_rate(const std::vector<model::Phase>& cycle, double entry) {
  const cells::StageShare last = cells::stable_stages(cycle, entry).back();
  const model::Phase& phase = cycle[last.phase];
  return last.share * phase.stages * (last.phase == 0 ? entry : 1.0 / phase.duration);
}

TEST(ErlangCycle, grows_at_n_over_t_times_the_nth_root_of_two_less_one) {
  const double day = 24.0;
  const auto rate = [&](int n) { return growth_rate({{"cycle", day, n}}, 1.0 / day); };
  for (const int n : {1, 2, 4, 16, 100})
    EXPECT_NEAR(rate(n), n / day * (std::exp2(1.0 / n) - 1.0), 1e-14) << n;
  EXPECT_NEAR(rate(1), 0.0416667, 5e-8);
  EXPECT_NEAR(std::log(2.0) / rate(4), 21.980585, 5e-7);
  EXPECT_NEAR(std::log(2.0) / rate(16), 23.483893, 5e-7);
}

TEST(ErlangCycle, split_into_phases_of_equal_stages_grows_as_the_whole) {
  const double whole = growth_rate({{"cycle", 24.0, 8}}, 1.0 / 24.0);
  EXPECT_NEAR(growth_rate({{"G1", 12.0, 4}, {"S", 9.0, 3}, {"M", 3.0, 1}}, 1.0 / 12.0), whole, 1e-14);
}

TEST(ErlangCycle, doubles_once_per_cycle_in_the_limit_of_no_spread) {
  // (n/T)(2^(1/n) - 1) = (ln 2/T)(1 + ln 2/(2 n) + ...)
  const double n = 1000.0;
  EXPECT_NEAR(growth_rate({{"cycle", 1.0, 1000}}, 1.0), std::log(2.0) * (1.0 + std::log(2.0) / (2.0 * n)),
              1e-6);
}

}  // namespace cells_closed_forms
}  // namespace stroma

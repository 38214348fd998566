// Attack and phagocytosis in a tissue whose cells stand still, against closed forms at any coupling step:
// what the loop makes of the events, and when it lets the killed begin to die.
#include <gtest/gtest.h>

#include "support/statistics.hpp"
#include "support/tissues.hpp"

namespace stroma::tissue {
namespace tissue_contacts {

constexpr int side = 40;  // places for killers, 1600 of them
constexpr double kills = 0.05, leaves_early = 0.1, end = 60.0;

// A killer beside each prey, nothing else: the prey is killed, dies early, and has left that stage.
struct Pairs {
  test::ModelBuilder b;
  model::Index killer, prey;
  Pairs() {
    killer = b.cell_type("killer");
    prey = b.cell_type("prey", 1.0 / leaves_early, 1e6);
    for (const model::Index type : {killer, prey}) test::put_in_space(b, type);
    b.behaviour(killer, "attack:prey", kills);
    test::stop_motion(b.model);
  }
  TissueSetup setup(double step) const { return test::pairs(killer, prey, side, step, 5); }
};

TEST(TissueContacts, kill_and_let_die_on_time_at_any_step) {
  const Pairs pairs;
  const double n = static_cast<double>(side * side);
  const double killed = 1.0 - std::exp(-kills * end);
  const double late = 1.0 - (leaves_early * std::exp(-kills * end) - kills * std::exp(-leaves_early * end)) /
                                (leaves_early - kills);
  for (const double step : {0.6, 6.0, 30.0, 60.0}) {
    test::Tissue t(pairs.b.model, pairs.setup(step));
    t.run_to(end);
    const cells::FateCounts fates = cells::count_fates(t.state.populations[1].cells);
    EXPECT_LT(std::abs(test::z_of_share(n - static_cast<double>(fates.live), n, killed)), test::z_bound)
        << step;
    EXPECT_EQ(static_cast<double>(t.state.counters.attacks), n - static_cast<double>(fates.live));
    EXPECT_LT(std::abs(test::z_of_share(static_cast<double>(fates.late_apoptotic), n, late)), test::z_bound)
        << step;
    // Were the killed to begin to die at the start of the step, or at its end:
    if (step == end) {
      const double at_start = killed * (1.0 - std::exp(-leaves_early * end));
      EXPECT_GT(std::abs(test::z_of_share(n * at_start, n, late)), test::z_bound);
      EXPECT_GT(std::abs(test::z_of_share(0.0, n, late)), test::z_bound);
    }
  }
}

// What is eaten within a step is gone at its end, counted once, and leaves what it held.
TEST(TissueContacts, what_is_eaten_is_gone_at_the_end_of_the_step) {
  Pairs pairs;
  pairs.b.behaviour(pairs.killer, "phagocytosis", 1e3);
  test::Tissue t(pairs.b.model, pairs.setup(30.0));
  t.run_to(30.0);
  const auto left = static_cast<std::int64_t>(t.state.populations[1].cells.size());
  EXPECT_EQ(t.state.counters.attacks, side * side - left);
  EXPECT_EQ(t.state.bodies.size(), static_cast<std::size_t>(side * side + left));
  EXPECT_EQ(t.state.counters.tally.lyses, t.state.counters.phagocytoses);
  // All but those killed in the last few thousandths of a minute.
  EXPECT_NEAR(static_cast<double>(t.state.counters.phagocytoses),
              static_cast<double>(t.state.counters.attacks), 2.0);
}

}  // namespace tissue_contacts
}  // namespace stroma::tissue

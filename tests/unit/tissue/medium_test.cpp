// dc/dt = S/V - (k + U/V) c against its closed form, its limits, and its budget.
#include "tissue/medium.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/errors.hpp"
#include "core/random.hpp"

namespace stroma::tissue {
namespace medium_test {

TEST(Medium, follows_the_closed_form) {
  double c = 3.0;
  Budget b;
  const double v = 1e6, s = 5e4, u = 2e3, k = 0.004, t = 90.0, loss = k + u / v;
  exchange(c, b, v, s, u, k, t);
  const double steady = s / v / loss;
  EXPECT_NEAR(c, steady + (3.0 - steady) * std::exp(-loss * t), 1e-14 * steady);
  // What left is the integral of c; uptake and decay share it as their rates.
  const double integral = steady * t + (3.0 - steady) * (1.0 - std::exp(-loss * t)) / loss;
  EXPECT_NEAR(b.taken_up(), u * integral, 1e-12 * u * integral);
  EXPECT_NEAR(b.decayed, k * v * integral, 1e-12 * k * v * integral);
  EXPECT_DOUBLE_EQ(b.secreted, s * t);
}

TEST(Medium, without_loss_accumulates_what_is_secreted) {
  double c = 1.0;
  Budget b;
  exchange(c, b, 100.0, 50.0, 0.0, 0.0, 8.0);
  EXPECT_DOUBLE_EQ(c, 5.0);
  EXPECT_EQ(b.taken_up(), 0.0);
  EXPECT_EQ(b.decayed, 0.0);
}

TEST(Medium, with_vanishing_loss_meets_that_limit) {
  for (const double k : {1e-12, 1e-18, 1e-300}) {
    double c = 1.0;
    Budget b;
    exchange(c, b, 100.0, 50.0, 0.0, k, 8.0);
    EXPECT_NEAR(c, 5.0, 3.0 * k * 8.0 * 5.0 + 1e-15 * 5.0) << k;
  }
}

TEST(Medium, with_fast_loss_is_at_its_steady_state_after_any_step) {
  double c = 1e3;
  Budget b;
  exchange(c, b, 100.0, 50.0, 0.0, 40.0, 1e6);
  EXPECT_DOUBLE_EQ(c, 50.0 / 100.0 / 40.0);
  exchange(c, b, 100.0, 0.0, 1e9, 0.0, 1e6);
  EXPECT_EQ(c, 0.0);
}

// Of dc/dt = -m c/(K + c): c + K log c falls by m t.
double implicit_form(double c, double half_max) {
  return c + half_max * std::log(c);
}

TEST(Medium, saturable_consumption_follows_its_implicit_solution_and_conserves) {
  for (const double start : {1e-3, 1.0, 30.0, 1e4}) {
    double c = start;
    Budget b;
    b.initial = start * 1e6;
    const double most = 2e5, half_max = 5.0, t = 60.0;
    exchange_saturable(c, b, 1e6, 0.0, 0.0, most, half_max, 0.0, t);
    ASSERT_GT(c, 0.0);
    const double residual = implicit_form(c, half_max) - implicit_form(start, half_max) + most / 1e6 * t;
    EXPECT_LE(std::abs(residual) / (1.0 + half_max / c), 5e-4 * (half_max + start)) << "as an error of c";
    EXPECT_NEAR(b.taken_up(), (start - c) * 1e6, 1e-12 * b.initial);
    EXPECT_NEAR(b.expected(), c * 1e6, 1e-12 * b.initial);
  }
}

TEST(Medium, saturable_consumption_is_of_second_order_in_its_sub_step) {
  double previous = 0.0;
  for (const int pieces : {8, 16, 32, 64}) {
    double c = 20.0;
    Budget b;
    for (int i = 0; i < pieces; ++i)
      exchange_saturable(c, b, 1e6, 3e4, 1e3, 4e5, 5.0, 0.002, 60.0 / pieces, HUGE_VAL);
    double exact = 20.0;
    Budget unused;
    for (int i = 0; i < 4096; ++i)
      exchange_saturable(exact, unused, 1e6, 3e4, 1e3, 4e5, 5.0, 0.002, 60.0 / 4096, HUGE_VAL);
    const double error = std::abs(c - exact);
    if (previous > 0.0) {
      EXPECT_NEAR(std::log2(previous / error), 2.0, 0.2) << pieces;
    }
    previous = error;
  }
}

TEST(Medium, saturable_consumption_is_never_more_than_there_is) {
  double c = 3.0;
  Budget b;
  b.initial = 3e6;
  exchange_saturable(c, b, 1e6, 0.0, 0.0, 1e9, 1e-3, 0.0, 1e4);
  EXPECT_GE(c, 0.0);
  EXPECT_LT(c, 1e-6);
  EXPECT_NEAR(b.taken_up(), 3e6, 1.0);
}

TEST(Medium, does_not_depend_on_how_the_time_is_cut) {
  double once = 2.0, often = 2.0;
  Budget b, b_often;
  exchange(once, b, 1e3, 40.0, 3.0, 0.01, 60.0);
  for (int i = 0; i < 600; ++i) exchange(often, b_often, 1e3, 40.0, 3.0, 0.01, 0.1);
  EXPECT_NEAR(once, often, 600 * 2e-16 * once);
  EXPECT_NEAR(b.decayed, b_often.decayed, 1e-12 * b.decayed);
}

TEST(Medium, never_turns_negative_and_keeps_its_budget_in_every_step) {
  core::Stream draw(7, core::Purpose::test, 1);
  const auto log_uniform = [&](double low, double high) {
    return low * std::pow(high / low, draw.uniform());
  };
  for (int i = 0; i < 20000; ++i) {
    const double v = log_uniform(1e3, 1e13);
    double c = draw.uniform() < 0.2 ? 0.0 : log_uniform(1e-9, 1e6);
    Budget b;
    b.initial = c * v;
    exchange(c, b, v, draw.uniform() < 0.3 ? 0.0 : v * log_uniform(1e-12, 1e3),
             draw.uniform() < 0.3 ? 0.0 : v * log_uniform(1e-12, 1e3),
             draw.uniform() < 0.3 ? 0.0 : log_uniform(1e-12, 1e3), log_uniform(1e-2, 1e4));
    ASSERT_GE(c, 0.0) << i;
    ASSERT_LE(std::abs(c * v - b.expected()), 1e-12 * b.turnover()) << i;
    ASSERT_GE(b.decayed, -1e-15 * b.turnover()) << i;
  }
}

TEST(Medium, without_volume_is_a_bug) {
  double c = 1.0;
  Budget b;
  EXPECT_THROW(exchange(c, b, 0.0, 1.0, 1.0, 1.0, 1.0), core::InternalError);
}

TEST(Medium, serum_adds_to_decay_in_proportion) {
  model::Substance s;
  s.decay = 0.01;
  s.decay_in_serum = 0.2;
  EXPECT_DOUBLE_EQ(decay_rate(s, 0.0), 0.01);
  EXPECT_DOUBLE_EQ(decay_rate(s, 0.1), 0.03);
}

TEST(Mix, is_by_volume_in_every_substance_and_in_serum) {
  const Solution m = mix({{10.0, 0.0}, 0.1}, {{2.0, 4.0}, 0.2}, 0.25);
  EXPECT_DOUBLE_EQ(m.concentration[0], 4.0);
  EXPECT_DOUBLE_EQ(m.concentration[1], 3.0);
  EXPECT_DOUBLE_EQ(m.serum, 0.175);
  EXPECT_THROW(mix({{1.0}, 0.0}, {{1.0, 2.0}, 0.0}, 0.5), core::InternalError);
}

}  // namespace medium_test
}  // namespace stroma::tissue

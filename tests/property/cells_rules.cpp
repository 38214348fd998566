// Random rules against the grammar written out in double precision.
#include <gtest/gtest.h>

#include <cmath>

#include "cells/rules.hpp"
#include "core/random.hpp"
#include "reference/culture.hpp"

namespace stroma {
namespace cells_rules {

// A power of float32 has a relative error of about n 2^-23 (n <= 8), sums and quotients a few 2^-24 more,
// which P/(1 + P) halves or better; the result is a mean of base, max and min, so 3e-6 of the largest of them
// bounds it.
constexpr double tolerance = 3e-6;

TEST(RulesProperty, any_rules_of_any_cells_give_the_value_of_the_grammar) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    core::Stream draw(3, core::Purpose::test, seed);
    const auto pick = [&](int n) { return static_cast<std::size_t>(draw.uniform() * n); };
    const std::size_t cells = 1 + pick(200), signals = 1 + pick(4);
    cells::Behaviour b;
    b.base = static_cast<float>(draw.uniform());
    b.max = static_cast<float>(b.base + draw.uniform());
    b.min = static_cast<float>(b.base * draw.uniform());
    const double powers[] = {1.0, 2.0, 3.0, 4.0, 1.5, 2.5, 6.0, 8.0};
    const auto responses = [&] {
      std::vector<cells::Response> out;
      for (std::size_t k = pick(4); k > 0; --k)
        out.push_back({pick(static_cast<int>(signals)), static_cast<float>(0.05 + 0.9 * draw.uniform()),
                       static_cast<float>(powers[pick(8)])});
      return out;
    };
    b.increasing = responses();
    b.decreasing = responses();
    std::vector<std::vector<float>> values(signals, std::vector<float>(cells));
    std::vector<cells::SignalView> views;
    for (auto& row : values) {
      for (float& v : row) v = draw.uniform() < 0.1 ? 0.0f : static_cast<float>(draw.uniform());
      if (draw.uniform() < 0.3) {
        std::fill(row.begin(), row.end(), row[0]);
        views.push_back({{}, row[0]});
      } else {
        views.push_back({row, 0.0f});
      }
    }
    std::vector<float> trait(cells), result(cells);
    for (float& t : trait) t = static_cast<float>(std::exp(0.5 * draw.normal()));
    cells::evaluate(result, b, views, trait, {1 + static_cast<int>(pick(3))});
    for (std::size_t i = 0; i < cells; ++i) {
      std::vector<reference::RuleSignal> up, down;
      for (const cells::Response& r : b.increasing) up.push_back({values[r.signal][i], r.half_max, r.hill});
      for (const cells::Response& r : b.decreasing) down.push_back({values[r.signal][i], r.half_max, r.hill});
      const double expected = trait[i] * reference::behaviour_value(b.base, b.max, b.min, up, down);
      ASSERT_NEAR(result[i], expected, tolerance * trait[i] * b.max) << "seed " << seed << ", cell " << i;
    }
  }
}

TEST(RulesProperty, values_stay_between_minimum_and_maximum_and_follow_their_signals) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    core::Stream draw(4, core::Purpose::test, seed);
    cells::Behaviour b;
    b.base = static_cast<float>(draw.uniform());
    b.max = b.base + 1.0f;
    b.min = 0.5f * b.base;
    const auto response = [&](std::size_t signal) {
      return cells::Response{signal, static_cast<float>(0.05 + 0.9 * draw.uniform()),
                             static_cast<float>(1.0 + 7.0 * draw.uniform())};
    };
    b.increasing = {response(0)};
    b.decreasing = {response(1)};
    std::vector<float> rising(101), value(101);
    for (std::size_t i = 0; i <= 100; ++i) rising[i] = static_cast<float>(i) / 100.0f;
    const float fixed = static_cast<float>(draw.uniform());
    const std::vector<cells::SignalView> up = {{rising, 0.0f}, {{}, fixed}},
                                         down = {{{}, fixed}, {rising, 0.0f}};
    cells::evaluate(value, b, up, {}, {1});
    for (std::size_t i = 1; i <= 100; ++i) ASSERT_GE(value[i], value[i - 1] - 1e-6f) << seed;
    ASSERT_LE(value[100], b.max * (1.0f + 1e-6f));
    cells::evaluate(value, b, down, {}, {1});
    for (std::size_t i = 1; i <= 100; ++i) ASSERT_LE(value[i], value[i - 1] + 1e-6f) << seed;
    ASSERT_GE(value[100], b.min * (1.0f - 1e-6f));
  }
}

}  // namespace cells_rules
}  // namespace stroma

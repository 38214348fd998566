// The grammar of Johnson et al. 2025 by hand:
//   U = P/(1 + P), P = sum (s/K)^n;  value = ((1 - U) base + U max)(1 - V) + V min.
// Everything is float32: a value is exact to a few units of 2^-24, hence 1e-6 relative.
#include "cells/rules.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/model_builder.hpp"

namespace stroma::cells {
namespace rules_test {

using model::Direction;

float value_of(const Behaviour& behaviour, std::vector<float> signals) {
  std::vector<SignalView> views;
  for (const float s : signals) views.push_back({{}, s});
  float value = -1.0f;
  evaluate({&value, 1}, behaviour, views, {}, {1});
  return value;
}

Behaviour behaviour(float base, float max, float min) {
  return {{}, base, max, min, {}, {}, -1};
}

TEST(Rules, a_behaviour_without_rules_keeps_its_base_value) {
  EXPECT_EQ(value_of(behaviour(3.0f, 3.0f, 3.0f), {}), 3.0f);
}

TEST(Rules, one_increasing_signal_moves_the_base_towards_the_maximum) {
  Behaviour b = behaviour(1.0f, 5.0f, 1.0f);
  b.increasing = {{0, 0.5f, 2.0f}};
  EXPECT_EQ(value_of(b, {0.0f}), 1.0f);
  EXPECT_FLOAT_EQ(value_of(b, {0.5f}), 3.0f);                // U = 1/2
  EXPECT_FLOAT_EQ(value_of(b, {1.0f}), 1.0f + 4.0f * 0.8f);  // P = 4, U = 4/5
}

TEST(Rules, one_decreasing_signal_moves_the_base_towards_the_minimum) {
  Behaviour b = behaviour(4.0f, 4.0f, 0.0f);
  b.decreasing = {{0, 0.25f, 1.0f}};
  EXPECT_EQ(value_of(b, {0.0f}), 4.0f);
  EXPECT_FLOAT_EQ(value_of(b, {0.25f}), 2.0f);
  EXPECT_FLOAT_EQ(value_of(b, {0.75f}), 1.0f);  // V = 3/4
}

TEST(Rules, increasing_signals_add_up_before_they_saturate) {
  Behaviour b = behaviour(0.0f, 1.0f, 0.0f);
  b.increasing = {{0, 0.5f, 1.0f}, {1, 0.25f, 2.0f}};
  // P = 0.5/0.5 + (0.5/0.25)^2 = 1 + 4 = 5, U = 5/6
  EXPECT_FLOAT_EQ(value_of(b, {0.5f, 0.5f}), 5.0f / 6.0f);
}

TEST(Rules, decreasing_signals_act_on_what_the_increasing_ones_gave) {
  Behaviour b = behaviour(1.0f, 9.0f, 0.5f);
  b.increasing = {{0, 0.5f, 1.0f}};
  b.decreasing = {{1, 0.5f, 1.0f}, {2, 1.0f, 3.0f}};
  // U = 1/2 -> 5;  P' = 1 + 1 = 2, V = 2/3 -> 5/3 + 1/3
  EXPECT_FLOAT_EQ(value_of(b, {0.5f, 0.5f, 1.0f}), 2.0f);
}

TEST(Rules, a_hill_power_acts_alike_whether_it_is_multiplied_out_or_not) {
  for (const float n : {1.0f, 2.0f, 3.0f, 4.0f, 1.5f, 2.5f, 8.0f}) {
    Behaviour b = behaviour(0.0f, 1.0f, 0.0f);
    b.increasing = {{0, 0.4f, n}};
    for (const float s : {0.0f, 0.05f, 0.4f, 0.9f, 1.0f}) {
      const double p = std::pow(static_cast<double>(s) / 0.4, n);
      EXPECT_NEAR(value_of(b, {s}), p / (1.0 + p), 1e-6) << "n " << n << ", s " << s;
    }
  }
}

TEST(Rules, a_signal_far_above_its_half_max_saturates_and_does_not_overflow) {
  Behaviour b = behaviour(1.0f, 7.0f, 0.25f);
  b.increasing = {{0, 0.01f, 8.0f}};  // (1e4/0.01)^8 = 1e48 is beyond float32
  EXPECT_EQ(value_of(b, {1e4f}), 7.0f);
  b.decreasing = {{0, 0.01f, 4.0f}};
  EXPECT_EQ(value_of(b, {1e8f}), 0.25f);
}

TEST(Rules, a_signal_that_is_not_a_number_is_passed_on_for_the_checks_to_find) {
  Behaviour b = behaviour(1.0f, 7.0f, 0.25f);
  b.increasing = {{0, 0.5f, 2.0f}};
  EXPECT_TRUE(std::isnan(value_of(b, {std::nanf("")})));
}

TEST(Rules, every_cell_has_its_own_signal_and_trait_in_any_number_of_cells_and_threads) {
  Behaviour b = behaviour(1.0f, 5.0f, 0.0f);
  b.increasing = {{0, 0.5f, 2.0f}, {1, 2.0f, 1.0f}};
  b.decreasing = {{2, 0.5f, 1.0f}};
  for (const std::size_t n : {1u, 63u, 1024u, 1025u, 5000u}) {
    std::vector<float> up(n), down(n), trait(n), value(n), one(1);
    for (std::size_t i = 0; i < n; ++i) {
      up[i] = static_cast<float>(i % 97) / 96.0f;
      down[i] = static_cast<float>(i % 31) / 30.0f;
      trait[i] = 0.5f + static_cast<float>(i % 5);
    }
    const std::vector<SignalView> views = {{up, 0.0f}, {{}, 1.0f}, {down, 0.0f}};
    for (const int threads : {1, 2, 3}) {
      std::fill(value.begin(), value.end(), -1.0f);
      evaluate(value, b, views, trait, {threads});
      for (std::size_t i = 0; i < n; ++i) {
        const double p = std::pow(up[i] / 0.5, 2.0) + 0.5, q = down[i] / 0.5;
        const double u = p / (1.0 + p), v = q / (1.0 + q);
        const double expected = trait[i] * (((1.0 - u) * 1.0 + u * 5.0) * (1.0 - v));
        ASSERT_NEAR(value[i], expected, 1e-6 * 5.0 * trait[i]) << i << " of " << n;
      }
    }
  }
}

struct Compiled {
  test::ModelBuilder b;
  model::Index type = b.cell_type("T");
  Compiled() {
    b.phase(type, "G1", 600.0, 2);
    b.node("X", 0.1, 10.0);
    b.node("Y", 0.1, 10.0);
    b.substance("L");
  }
};

TEST(CompileRules, base_values_rules_signals_and_traits_come_together) {
  Compiled c;
  c.b.behaviour(c.type, "secretion:L", 2.0);
  c.b.trait(c.type, "cycle_entry", 0.2);
  c.b.trait(c.type, "secretion", 0.3);
  c.b.rule("X", Direction::increases, "cycle_entry", 0.01, 0.4, 3.0);
  c.b.rule("X", Direction::decreases, "apoptosis", 0.0);
  c.b.rule("L", Direction::increases, "apoptosis", 0.002, 5.0, 1.0);
  core::Diagnostics problems;
  const RuleProgram program = compile_rules(c.b.model, c.type, problems);
  EXPECT_TRUE(problems.empty());
  ASSERT_EQ(program.signals.size(), 2u) << "a signal that two rules read is bound once";
  EXPECT_EQ(program.signals[0].operand, 0);
  EXPECT_EQ(program.signals[1].operand, 0);
  const Behaviour& entry =
      program.behaviours[static_cast<std::size_t>(program.behaviour(model::BehaviourKind::cycle_entry))];
  EXPECT_FLOAT_EQ(entry.base, 1.0f / 600.0f);
  EXPECT_FLOAT_EQ(entry.max, 0.01f);
  EXPECT_EQ(entry.trait, 0);
  ASSERT_EQ(entry.increasing.size(), 1u);
  EXPECT_FLOAT_EQ(entry.increasing[0].half_max, 0.4f);
  EXPECT_FLOAT_EQ(entry.increasing[0].hill, 3.0f);
  const Behaviour& apoptosis =
      program.behaviours[static_cast<std::size_t>(program.behaviour(model::BehaviourKind::apoptosis))];
  EXPECT_EQ(apoptosis.increasing.size(), 1u);
  EXPECT_EQ(apoptosis.decreasing.size(), 1u);
  EXPECT_EQ(apoptosis.trait, -1);
  EXPECT_EQ(program
                .behaviours[static_cast<std::size_t>(
                    program.behaviour(model::BehaviourKind::secretion, c.b.model.substance("L")))]
                .trait,
            1);
  EXPECT_EQ(program.behaviour(model::BehaviourKind::uptake, c.b.model.substance("L")), -1);
}

TEST(CompileRules, the_dying_follow_only_the_rules_that_say_so_and_begin_at_nothing) {
  Compiled c;
  c.b.behaviour(c.type, "secretion:L", 2.0);
  c.b.rule("X", Direction::increases, "secretion:L", 10.0);
  c.b.rule("Y", Direction::increases, "secretion:L", 10.0);
  c.b.model.rules[1].applies_to_dead = true;
  core::Diagnostics problems;
  const RuleProgram program = compile_rules(c.b.model, c.type, problems);
  ASSERT_EQ(program.of_the_dying.size(), 1u);
  const Behaviour& dying = program.of_the_dying[0];
  EXPECT_EQ(program.dying(c.b.model.rules[0].behaviour), &dying);
  EXPECT_EQ(dying.base, 0.0f);
  EXPECT_EQ(dying.max, 10.0f);
  ASSERT_EQ(dying.increasing.size(), 1u);
  EXPECT_EQ(program.signals[dying.increasing[0].signal].operand, c.b.model.node("Y"));
  EXPECT_EQ(program.dying({model::BehaviourKind::apoptosis, model::none, "apoptosis"}), nullptr);
}

TEST(CompileRules, a_rule_holds_for_its_cell_types_only) {
  Compiled c;
  c.b.rule("X", Direction::increases, "apoptosis", 0.002);
  const model::Index other = c.b.cell_type("U");
  core::Diagnostics problems;
  const RuleProgram program = compile_rules(c.b.model, other, problems);
  EXPECT_TRUE(program.signals.empty());
  EXPECT_TRUE(program.behaviours[static_cast<std::size_t>(program.behaviour(model::BehaviourKind::apoptosis))]
                  .increasing.empty());
}

TEST(CompileRules, two_saturations_of_one_behaviour_in_one_direction_are_reported_with_both_places) {
  Compiled c;
  c.b.rule("X", Direction::increases, "apoptosis", 0.002);
  c.b.rule("Y", Direction::increases, "apoptosis", 0.003);
  c.b.rule("Y", Direction::decreases, "apoptosis", 0.0);  // the other direction has a saturation of its own
  c.b.model.rules[0].provenance.place = {"rules.csv", 2, 1};
  c.b.model.rules[1].provenance.place = {"rules.csv", 3, 1};
  core::Diagnostics problems;
  compile_rules(c.b.model, c.type, problems);
  ASSERT_EQ(problems.entries().size(), 1u);
  const core::Diagnostic& d = problems.entries()[0];
  EXPECT_EQ(d.code, "saturation-differs");
  EXPECT_EQ(d.place.line, 3);
  EXPECT_NE(d.message.find("rule_1"), std::string::npos);
  EXPECT_NE(d.message.find("rules.csv:2"), std::string::npos);
}

}  // namespace rules_test
}  // namespace stroma::cells

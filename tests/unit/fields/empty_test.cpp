// Where there is nothing and nothing comes in, there is nothing afterwards: no norm of an empty field, no
// rate of an idle uptake and no balance of nothing divides 0 by 0.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "unit/fields/cases.hpp"

namespace stroma::fields {
namespace empty_test {

using testing::Case;

enum class Mobility { none, random, tiny };
enum class Given { nothing, zeros, uptake };

struct Setting {
  std::array<int, 3> n;
  Method method;
  Mobility mobility;
  Given given;
  bool open, fixed;
  double half_uptake, decay;
};

std::vector<Setting> settings() {
  std::vector<Setting> all;
  for (const std::array<int, 3> n : {std::array{1, 1, 1}, {9, 1, 1}, {6, 5, 1}, {5, 4, 3}})
    for (const Method method : {Method::split, Method::implicit, Method::quasi_steady, Method::automatic})
      for (const Mobility mobility : {Mobility::none, Mobility::random, Mobility::tiny})
        for (const Given given : {Given::nothing, Given::zeros, Given::uptake})
          for (const bool open : {false, true})
            for (const bool fixed : {false, true})
              for (const double half_uptake : {0.0, 1.0})
                for (const double decay : {0.0, 1e-300, 1e-40, 1e-20, 0.1})
                  all.push_back({n, method, mobility, given, open, fixed, half_uptake, decay});
  return all;
}

/// The empty case of a setting; without substances where the plan or what is given is not allowed.
Case empty_case(const Setting& setting) {
  Case c =
      testing::random_case(setting.n, {.mobility = setting.mobility != Mobility::none, .open = false}, 3);
  SubstancePlan& s = c.plan.substances[0];
  s.method = setting.method;
  s.decay = setting.decay;
  s.half_uptake = setting.half_uptake;
  if (setting.open) s.boundary[0] = {Boundary::Kind::exchange, 0.0, 100.0};
  if (setting.open) s.boundary[1] = {Boundary::Kind::value, 0.0, 0.0};
  if (setting.fixed) s.fixed = {{c.start.size() / 2, 0.0}};
  if (setting.mobility == Mobility::tiny)
    for (std::size_t v = 0; v < s.mobility.size(); v += 2) s.mobility[v] = 1e-12;
  const std::vector<double> zeros(c.start.size(), 0.0);
  c.start = zeros;
  if (setting.given != Given::uptake) c.uptake = c.most = zeros;
  c.source = zeros;
  if (setting.half_uptake == 0.0) c.most.clear();
  if (setting.given == Given::nothing) c.uptake = c.most = c.source = {};
  core::Diagnostics problems;
  validate(c.plan, {}, problems);
  if (!problems.empty()) c.plan.substances.clear();
  return c;
}

std::string words(const Setting& s) {
  return fmt::format("{} x {} x {}, {}, mobility {}, given {}, open {}, fixed {}, Km {}, decay {}", s.n[0],
                     s.n[1], s.n[2], to_string(s.method), static_cast<int>(s.mobility),
                     static_cast<int>(s.given), s.open, s.fixed, s.half_uptake, s.decay);
}

TEST(Empty, nothing_stays_nothing) {
  std::size_t tried = 0;
  for (const Setting& setting : settings()) {
    const Case c = empty_case(setting);
    if (c.plan.substances.empty()) continue;
    SCOPED_TRACE(words(setting));
    ++tried;
    Fields fields = testing::start_fields(c);
    Workspace work;
    const Exchange exchange = c.exchange();
    StepReport report;
    EXPECT_NO_THROW(report = advance(fields, c.plan, {&exchange, 1}, 0.1, work, {1}));
    EXPECT_EQ(std::ranges::count(fields.concentration(0), 0.0), std::ssize(c.start));
    EXPECT_EQ(report.error_estimate, 0.0);
    EXPECT_EQ(report.balance_residual, 0.0);
    EXPECT_EQ(report.negative, 0U);
    EXPECT_EQ(fields.substances[0].budget.storage, 0.0);
    EXPECT_EQ(fields.substances[0].content, 0.0);
  }
  EXPECT_GT(tried, 1000U);
}

// Km is a number of uptake that is there.
TEST(Empty, what_comes_in_is_the_same_whatever_the_km_of_no_uptake) {
  for (const Setting& setting : settings()) {
    if (setting.given != Given::zeros || setting.half_uptake > 0.0) continue;
    Case c = empty_case(setting);
    if (c.plan.substances.empty()) continue;
    SCOPED_TRACE(words(setting));
    c.source[0] = 1.0;
    std::vector<double> without;
    for (const double half_uptake : {0.0, 1.0}) {
      c.plan.substances[0].half_uptake = half_uptake;
      Fields fields = testing::start_fields(c);
      Workspace work;
      const Exchange exchange = c.exchange();
      if (c.plan.substances[0].method == Method::quasi_steady && setting.decay < 1e-12 && !setting.open)
        continue;
      ASSERT_NO_THROW(advance(fields, c.plan, {&exchange, 1}, 0.1, work, {1}));
      const auto found = fields.concentration(0);
      if (without.empty()) without.assign(found.begin(), found.end());
      EXPECT_TRUE(std::ranges::equal(found, without));
      EXPECT_TRUE(
          std::ranges::all_of(found, [](double value) { return value >= 0.0 && std::isfinite(value); }));
    }
  }
}

}  // namespace empty_test
}  // namespace stroma::fields

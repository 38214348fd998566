// The fast solvers against the slow twin, which solves the same discrete equations densely, and against
// themselves on other numbers of threads and instruction sets.
#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <array>
#include <cstring>
#include <utility>

#include "unit/fields/cases.hpp"

namespace stroma::fields::testing {
namespace twin_test {

constexpr std::array<std::array<int, 3>, 6> shapes{
    {{31, 1, 1}, {11, 9, 1}, {5, 6, 7}, {9, 3, 4}, {17, 2, 1}, {1, 4, 9}}};
constexpr std::array<Features, 5> kinds{{{},
                                         {false, false, false, false, false, true},
                                         {true, true, true, true, false, true},
                                         {true, true, true, false, true, true},
                                         {true, true, true, true, true, true}}};

struct Prepared {
  explicit Prepared(const Case& c)
      : fields(start_fields(c)),
        transport(c.plan.grid, c.plan.substances[0]),
        exchange(c.exchange()),
        given{&exchange, fields.substances[0].boundary_value.data(),
              fields.substances[0].fixed_value.data()} {}
  Fields fields;
  Transport transport;
  Exchange exchange;
  Given given;
};

template <class Body>
void for_cases(const Body& body) {
  unsigned seed = 1;
  for (const auto& shape : shapes)
    for (const Features& features : kinds) {
      SCOPED_TRACE(::testing::Message()
                   << shape[0] << " x " << shape[1] << " x " << shape[2] << ", seed " << seed);
      body(random_case(shape, features, seed++));
    }
}

/// Rounding of solves whose condition number is at most 1 + dt (4 sum D/h^2 + rates) < 1e5.
constexpr double rounding = 1e-11;

TEST(Split, a_step_is_that_of_the_slow_twin) {
  for_cases([](const Case& c) {
    Prepared p(c);
    SplitScratch scratch;
    std::vector<double> result(c.start.size());
    const double* start = p.fields.concentration(0).data();
    const std::vector<double> expected = reference::split_step(twin(c), {start, start + c.start.size()}, 0.7);
    const Terms terms =
        split_step(result.data(), start, p.transport, p.given, 0.7, scratch, core::Threads{1});
    EXPECT_LT(distance(result, expected), rounding);
    const double before = compensated_sum(p.fields.concentration(0));
    EXPECT_NEAR(terms.content, before + terms.change(), 1e-12 * (before + terms.turnover()));
    EXPECT_NEAR(terms.content, compensated_sum(result), 1e-13 * terms.content);
  });
}

TEST(Split, vector_lines_are_general_lines) {
  for (const auto& shape :
       {std::array{128, 5, 3}, std::array{37, 41, 5}, std::array{150, 19, 1}, std::array{3, 131, 2}}) {
    const Case c = random_case(shape, {}, 5);
    Prepared p(c);
    SplitScratch scratch;
    std::vector<double> fast(c.start.size()), slow(c.start.size());
    const Terms a =
        split_step(fast.data(), c.start.data(), p.transport, p.given, 0.3, scratch, core::Threads{2});
    const Terms b =
        split_step_general(slow.data(), c.start.data(), p.transport, p.given, 0.3, scratch, core::Threads{1});
    EXPECT_LT(distance(fast, slow), 1e-13);
    for (const auto term : {&Terms::content, &Terms::source, &Terms::boundary, &Terms::decayed,
                            &Terms::uptake_linear, &Terms::uptake_saturable})
      EXPECT_NEAR(a.*term, b.*term, 1e-12 * (b.content + b.turnover()));
  }
}

TEST(Multigrid, a_step_is_that_of_the_slow_twin) {
  for_cases([](const Case& c) {
    Prepared p(c);
    Multigrid multigrid(c.plan.grid);
    const auto span = p.fields.concentration(0);
    const std::vector<double> start(span.begin(), span.end());
    std::vector<double> result = start;
    const Solved solved =
        multigrid.step(result.data(), start.data(), p.transport, p.given, 0.7, 1e-10, core::Threads{1});
    EXPECT_TRUE(solved.converged);
    // The estimate of the error halves or better from cycle to cycle, so it is within a factor of the truth.
    EXPECT_LT(distance(result, reference::implicit_step(twin(c), start, 0.7)), 1e-9);
    const double before = compensated_sum(start);
    EXPECT_NEAR(solved.terms.content, before + solved.terms.change(),
                1e-12 * (before + solved.terms.turnover()));
  });
}

/// The steady state from the case's start, and how far it is from that of the slow twin.
std::pair<Solved, double> steady_against_the_twin(const Case& c, double tolerance) {
  Prepared p(c);
  Multigrid multigrid(c.plan.grid);
  const auto span = p.fields.concentration(0);
  const std::vector<double> start(span.begin(), span.end());
  std::vector<double> result = start;
  const Solved solved = multigrid.steady(result.data(), p.transport, p.given, tolerance, core::Threads{1});
  EXPECT_TRUE(solved.converged);
  return {solved, distance(result, reference::steady_state(twin(c), start))};
}

TEST(Multigrid, the_steady_state_is_that_of_the_slow_twin) {
  for_cases([](const Case& c) {
    const auto [solved, error] = steady_against_the_twin(c, 1e-9);
    EXPECT_LT(error, 1e-8);
    EXPECT_NEAR(solved.terms.change(), 0.0, 1e-12 * solved.terms.turnover());
  });
}

TEST(Multigrid, a_loose_tolerance_is_kept_with_a_margin_of_three) {
  // The estimate rests on the measured contraction of the cycles, not on a bound.
  for_cases([](const Case& c) {
    const auto [solved, error] = steady_against_the_twin(c, 1e-3);
    EXPECT_LT(error, 3e-3);
    EXPECT_LE(solved.cycles, 30);
  });
}

std::vector<double> after_some_steps(const Case& c, Method method, int threads, Budget* budget = nullptr) {
  Plan plan = c.plan;
  plan.substances[0].method = method;
  plan.substances[0].error_target = 0.1;
  Fields fields = start_fields(c);
  Workspace workspace;
  const Exchange exchange = c.exchange();
  for (int step = 0; step < 3; ++step)
    advance(fields, plan, {&exchange, 1}, 0.05, workspace, core::Threads{threads});
  if (budget) *budget = fields.substances[0].budget;
  const auto c_end = fields.concentration(0);
  return {c_end.begin(), c_end.end()};
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

TEST(Advance, one_two_and_three_threads_give_the_same_bits) {
  for (const Method method : {Method::split, Method::implicit, Method::quasi_steady, Method::automatic})
    for (const Features& features : {Features{}, Features{true, true, true, true, true, true}}) {
      const Case c = random_case({33, 31, 29}, features, 11);
      Budget one, other;
      const std::vector<double> expected = after_some_steps(c, method, 1, &one);
      for (const int threads : {2, 3}) {
        EXPECT_TRUE(same_bits(after_some_steps(c, method, threads, &other), expected)) << to_string(method);
        EXPECT_EQ(std::memcmp(&one, &other, sizeof one), 0) << to_string(method);
      }
    }
}

TEST(Advance, all_instruction_sets_give_the_same_bits) {
  const Case c = random_case({29, 21, 10}, {}, 3);
  for (const Method method : {Method::split, Method::implicit, Method::quasi_steady}) {
    Budget expected_budget, budget;
    const std::vector<double> expected = after_some_steps(c, method, 1, &expected_budget);
    for (const auto target : hwy::SupportedAndGeneratedTargets()) {
      hwy::SetSupportedTargetsForTest(target);
      EXPECT_TRUE(same_bits(after_some_steps(c, method, 1, &budget), expected))
          << to_string(method) << " " << hwy::TargetName(target);
      EXPECT_EQ(std::memcmp(&expected_budget, &budget, sizeof budget), 0) << hwy::TargetName(target);
    }
    hwy::SetSupportedTargetsForTest(0);
  }
}

}  // namespace twin_test
}  // namespace stroma::fields::testing

#include "stats/formula.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace stroma::stats {
namespace formula_test {

using V = std::vector<double>;
using Names = std::vector<std::string>;

double value(const std::string& text, double x = 0.0, double b = 0.0) {
  const Names used = names_in(text);
  Names predictors, parameters;
  for (const std::string& name : used) (name == "x" ? predictors : parameters).push_back(name);
  const Formula f(text, predictors, parameters);
  V out(1);
  const std::vector<V> columns(predictors.size(), V{x});
  f.evaluate(columns, V(parameters.size(), b), out);
  return out[0];
}

TEST(Formula, means_what_mathematics_means) {
  EXPECT_EQ(value("-2^2"), -4.0);
  EXPECT_EQ(value("2^3^2"), 512.0);
  EXPECT_EQ(value("2**-1"), 0.5);
  EXPECT_EQ(value("b*(1-exp(-x))", 1.0, 2.0), 2.0 * (1.0 - std::exp(-1.0)));
  EXPECT_EQ(value("log(x)", 10.0), std::log(10.0));
  EXPECT_EQ(value("log10(x)", 1000.0), 3.0);
  EXPECT_EQ(value("exp[-0.5*[x-b]**2]", 3.0, 1.0), std::exp(-2.0));
  EXPECT_EQ(value("arctan(x)/pi", 1.0), 0.25);
  EXPECT_EQ(value("x < 2 ? 5 : 6", 1.0), 5.0);
  EXPECT_EQ(value("1.5e-3*x", 2.0), 3e-3);
  EXPECT_EQ(value(".5*x", 2.0), 1.0);
  EXPECT_TRUE(std::isinf(value("1/x", 0.0)));
  EXPECT_TRUE(std::isnan(value("sqrt(x)", -1.0)));
}

TEST(Formula, names_come_in_the_order_of_their_first_use) {
  EXPECT_EQ(names_in("b2*exp(-b1*x) + b10 + exp(b2)"), (Names{"b2", "b1", "x", "b10"}));
  EXPECT_EQ(names_in("pi*x"), (Names{"x"}));
}

std::size_t place(const std::string& text, const Names& predictors, const Names& parameters) {
  try {
    const Formula f(text, predictors, parameters);
  } catch (const FormulaError& error) {
    return error.position;
  }
  ADD_FAILURE() << text << " was accepted";
  return 0;
}

TEST(Formula, says_where_it_went_wrong) {
  EXPECT_EQ(place("b*x+", {"x"}, {"b"}), 4u);
  EXPECT_EQ(place("b*(x", {"x"}, {"b"}), 4u);
  EXPECT_EQ(place("b x", {"x"}, {"b"}), 3u);
  EXPECT_EQ(place("foo(x)*b", {"x"}, {"b"}), 1u);
  EXPECT_EQ(place("b*x*c", {"x"}, {"b"}), 5u);
  EXPECT_EQ(place("b*x, 5", {"x"}, {"b"}), 4u);
  EXPECT_EQ(place("b = x", {"x"}, {"b"}), 3u);
  EXPECT_EQ(place("x", {"x"}, {"b"}), 0u);  // the parameter is nowhere
  EXPECT_THROW(Formula("", {"x"}, {}), FormulaError);
}

TEST(Formula, is_a_model_that_can_be_fitted) {
  const std::vector<V> columns{{0, 1, 2, 3, 4}};
  V y;
  for (const double x : columns[0]) y.push_back(3.0 * std::exp(-0.4 * x));
  const Formula f("a*exp(-k*t)", {"t"}, {"a", "k"});
  const NonlinearFit fit = fit_nonlinear(f.prediction(columns), y, V{1.0, 1.0});
  EXPECT_NEAR(fit.estimates[0], 3.0, 1e-9);
  EXPECT_NEAR(fit.estimates[1], 0.4, 1e-9);
}

}  // namespace formula_test
}  // namespace stroma::stats

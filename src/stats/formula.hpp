// A curve that a person typed, such as "b1*(1-exp(-b2*x))", through the expression parser muParser: + - * / ^
// and unary minus, parentheses, comparisons and ?:, exp, log (natural), log10, log2, sqrt, abs, sin, cos,
// tan, asin, acos, atan, sinh, cosh, tanh, min, max, and pi. As NIST and other languages write them, ** is ^,
// [ ] are parentheses and arctan is atan.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "stats/error.hpp"
#include "stats/nonlinear_fit.hpp"

namespace stroma::stats {

/// A formula that cannot be read; `position` is the byte (from 1) where it went wrong, 0 if the whole is
/// meant.
class FormulaError : public StatisticsError {
 public:
  FormulaError(const std::string& what, std::size_t at) : StatisticsError(what), position(at) {}
  std::size_t position;
};

/// The names (letters, digits, underscores) that a formula uses and that are neither functions nor constants,
/// in order of their first appearance. Throws FormulaError.
std::vector<std::string> names_in(const std::string& formula);

/// A formula with values for some of its names. One evaluation takes some 100 ns.
class Formula {
 public:
  /// `predictors` and `parameters` are the names that may occur; every parameter must. Throws FormulaError
  /// for a text that is no formula, a name that is neither, or a parameter that does not occur.
  Formula(const std::string& formula, std::vector<std::string> predictors,
          std::vector<std::string> parameters);
  ~Formula();
  Formula(Formula&&) noexcept;
  Formula& operator=(Formula&&) noexcept;

  /// Values at rows of predictors: `columns[k][i]` is the value of predictor k in row i. Not finite where the
  /// formula is not defined. Not to be called from two threads at once.
  void evaluate(std::span<const std::vector<double>> columns, std::span<const double> parameters,
                std::span<double> out) const;

  /// As a model of fit_nonlinear; formula and columns must outlive it.
  Prediction prediction(std::span<const std::vector<double>> columns) const;

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace stroma::stats

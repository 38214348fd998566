// The same linear model for every row of a table: y_g = X beta_g + e, least squares by QR, one row per gene
// and one column per sample, of which any may be missing; then contrasts c' beta_g with their unscaled errors
// sqrt(c' (X'X)^-1 c). R's lmFit (limma) is the check.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace stroma::stats {

/// Numbers row by row.
struct Table {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> values;

  double operator()(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
  double& operator()(std::size_t row, std::size_t column) { return values[row * columns + column]; }
  std::span<const double> row(std::size_t r) const { return std::span(values).subspan(r * columns, columns); }
};

/// One fit per gene. Estimates that a gene's values do not allow are NaN.
struct LinearModels {
  Table effect;                  ///< genes x contrasts, in the unit of y
  Table unscaled_error;          ///< genes x contrasts; times the residual sd: the standard error
  std::vector<double> variance;  ///< residual, per gene; NaN without residual degrees of freedom
  std::vector<double> df;        ///< residual, per gene
  std::vector<double> mean;      ///< of the values that are there
};

/// Fits `values` (genes x samples, NaN where missing, otherwise finite) with `design` (samples x
/// coefficients); `contrasts` is coefficients x contrasts, empty for the coefficients themselves. Throws
/// StatisticsError where sizes do not fit, a number is infinite or a column of the design follows from those
/// before it. A gene whose missing values make a coefficient follow from those before it has no estimate of
/// that one.
LinearModels fit_linear_models(const Table& values, const Table& design, const Table& contrasts = {});

}  // namespace stroma::stats

#include "stats/linear_models.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <cmath>
#include <limits>

#include "stats/error.hpp"

namespace stroma::stats {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

Matrix matrix_of(const Table& table) {
  return Eigen::Map<const Matrix>(table.values.data(), static_cast<Eigen::Index>(table.rows),
                                  static_cast<Eigen::Index>(table.columns));
}

// The columns that do not follow from those before them.
std::vector<Eigen::Index> independent_columns(const Matrix& x) {
  std::vector<Eigen::Index> kept;
  std::vector<Eigen::VectorXd> basis;
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    Eigen::VectorXd rest = x.col(j);
    const double length = rest.norm();
    for (int pass = 0; pass < 2; ++pass)
      for (const Eigen::VectorXd& q : basis) rest -= q.dot(rest) * q;
    if (!(rest.norm() > 1e-7 * length)) continue;
    kept.push_back(j);
    basis.push_back(rest.normalized());
  }
  return kept;
}

// What estimates contrasts from values: weights (contrasts x values) and unscaled errors, NaN where a
// contrast needs a coefficient that there is no estimate of.
struct Estimator {
  Matrix basis;  // values x rank, orthonormal
  Matrix weights;
  Eigen::VectorXd error;
};

Estimator estimator_of(const Matrix& x, const std::vector<Eigen::Index>& kept, const Matrix& contrasts) {
  const Matrix used = x(Eigen::all, kept);
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(used);
  const auto rank = static_cast<Eigen::Index>(kept.size());
  Estimator e;
  e.basis = qr.householderQ() * Eigen::MatrixXd::Identity(x.rows(), rank);
  const Eigen::MatrixXd r = qr.matrixQR().topRows(rank);
  // c' beta = c' R^-1 Q' y; rows of c' R^-1 have the unscaled error as their length.
  const Eigen::MatrixXd c = contrasts(kept, Eigen::all);
  const Eigen::MatrixXd half = r.triangularView<Eigen::Upper>().transpose().solve(c);
  e.weights = half.transpose() * e.basis.transpose();
  e.error = half.colwise().norm();
  for (Eigen::Index k = 0; k < contrasts.cols(); ++k) {
    double lost = 0.0;
    for (Eigen::Index j = 0, next = 0; j < contrasts.rows(); ++j) {
      if (next < rank && kept[static_cast<std::size_t>(next)] == j)
        ++next;
      else
        lost = std::max(lost, std::abs(contrasts(j, k)));
    }
    if (lost > 0.0) {
      e.error[k] = none;
      e.weights.row(k).setConstant(none);
    }
  }
  return e;
}

void fit_gene(LinearModels& models, std::size_t gene, const Estimator& e, const Eigen::VectorXd& y) {
  const Eigen::VectorXd effect = e.weights * y;
  for (Eigen::Index k = 0; k < effect.size(); ++k) {
    models.effect(gene, static_cast<std::size_t>(k)) = effect[k];
    models.unscaled_error(gene, static_cast<std::size_t>(k)) = e.error[k];
  }
  const double df = static_cast<double>(y.size() - e.basis.cols());
  models.df[gene] = df;
  models.mean[gene] = y.mean();
  if (df > 0.0) models.variance[gene] = (y - e.basis * (e.basis.transpose() * y)).squaredNorm() / df;
}

void require_sizes(const Table& values, const Table& design, const Table& contrasts) {
  if (design.rows != values.columns || design.columns == 0)
    throw StatisticsError(fmt::format("linear models: {} samples, but a design of {} rows and {} columns",
                                      values.columns, design.rows, design.columns));
  if (!contrasts.values.empty() && contrasts.rows != design.columns)
    throw StatisticsError(fmt::format("linear models: contrasts of {} rows for {} coefficients",
                                      contrasts.rows, design.columns));
  for (const double v : design.values)
    if (!std::isfinite(v))
      throw StatisticsError("linear models: the design holds a number that is not finite");
  for (std::size_t i = 0; i < values.values.size(); ++i)
    if (std::isinf(values.values[i]))
      throw StatisticsError(fmt::format("linear models: row {}, sample {} is infinite",
                                        i / values.columns + 1, i % values.columns + 1));
}

}  // namespace

LinearModels fit_linear_models(const Table& values, const Table& design, const Table& contrasts) {
  require_sizes(values, design, contrasts);
  const Matrix x = matrix_of(design);
  const Matrix c =
      contrasts.values.empty() ? Matrix(Matrix::Identity(x.cols(), x.cols())) : matrix_of(contrasts);
  const auto all = independent_columns(x);
  if (all.size() != design.columns)
    throw StatisticsError(fmt::format("linear models: the design has {} columns, of which {} are independent",
                                      design.columns, all.size()));
  const Estimator complete = estimator_of(x, all, c);
  const auto wanted = static_cast<std::size_t>(c.cols());
  LinearModels models;
  models.effect = {values.rows, wanted, std::vector<double>(values.rows * wanted, none)};
  models.unscaled_error = models.effect;
  models.variance.assign(values.rows, none);
  models.df.assign(values.rows, 0.0);
  models.mean.assign(values.rows, none);
  std::vector<Eigen::Index> there;
  for (std::size_t g = 0; g < values.rows; ++g) {
    const auto row = values.row(g);
    there.clear();
    for (std::size_t s = 0; s < row.size(); ++s)
      if (!std::isnan(row[s])) there.push_back(static_cast<Eigen::Index>(s));
    if (there.empty()) continue;
    const Eigen::Map<const Eigen::VectorXd> y(row.data(), static_cast<Eigen::Index>(row.size()));
    if (there.size() == row.size()) {
      fit_gene(models, g, complete, y);
    } else {
      const Matrix part = x(there, Eigen::all);
      fit_gene(models, g, estimator_of(part, independent_columns(part), c), y(there));
    }
  }
  return models;
}

}  // namespace stroma::stats

#include "stats/nonlinear_fit.hpp"

#include <ceres/ceres.h>
#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <optional>

#include "stats/error.hpp"

namespace stroma::stats {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// The fourth-order stencil's error is h^4 f''''' / 30 + eps f / h: about 1e-12 relative at this step, a
// fraction of the parameter's own size.
constexpr double kStep = 3e-4;

/// The problem in parameters divided by `scale`, so that steps and tolerances mean the same for all of them.
struct Problem {
  const Prediction& predict;
  std::span<const double> y;
  std::vector<double> root_weight;
  std::vector<double> scale;
  std::vector<Interval> bounds;  // of the scaled parameters
  const Derivatives& derivatives;

  std::size_t observations() const { return y.size(); }
  std::size_t parameters() const { return scale.size(); }

  std::vector<double> unscaled(std::span<const double> z) const {
    std::vector<double> theta(z.size());
    for (std::size_t i = 0; i < z.size(); ++i) theta[i] = z[i] * scale[i];
    return theta;
  }

  bool predict_at(std::span<const double> z, Eigen::VectorXd& out) const {
    out.setConstant(static_cast<Eigen::Index>(observations()), kNone);
    predict(unscaled(z), {out.data(), observations()});
    return out.allFinite();
  }

  bool residuals(std::span<const double> z, Eigen::VectorXd& r) const {
    if (!predict_at(z, r)) return false;
    for (std::size_t i = 0; i < observations(); ++i) {
      r[static_cast<Eigen::Index>(i)] = root_weight[i] * (r[static_cast<Eigen::Index>(i)] - y[i]);
    }
    return r.allFinite();
  }

  /// d residual / d z_j; central where the bounds leave room, one-sided (second order) on a bound.
  bool column(std::span<const double> z, std::size_t j, Eigen::VectorXd& out) const {
    std::vector<double> at(z.begin(), z.end());
    const auto value = [&](double zj, Eigen::VectorXd& f) {
      at[j] = zj;
      return predict_at(at, f);
    };
    double h = kStep * std::max(std::abs(z[j]), 1e-3);
    for (int attempt = 0; attempt < 3; ++attempt, h *= 0.03) {
      Eigen::VectorXd a, b, c, d;
      const bool room = z[j] - 2.0 * h >= bounds[j].low && z[j] + 2.0 * h <= bounds[j].high;
      if (room) {
        if (!value(z[j] + h, a) || !value(z[j] - h, b) || !value(z[j] + 2.0 * h, c) ||
            !value(z[j] - 2.0 * h, d))
          continue;
        out = (8.0 * (a - b) - (c - d)) / (12.0 * h);
      } else {
        const double s = z[j] + 2.0 * h <= bounds[j].high ? 0.1 * h : -0.1 * h;
        if (!value(z[j], a) || !value(z[j] + s, b) || !value(z[j] + 2.0 * s, c)) continue;
        out = (4.0 * b - 3.0 * a - c) / (2.0 * s);
      }
      for (std::size_t i = 0; i < observations(); ++i) out[static_cast<Eigen::Index>(i)] *= root_weight[i];
      if (out.allFinite()) return true;
    }
    return false;
  }

  bool exact_jacobian(std::span<const double> z, Eigen::MatrixXd& J) const {
    std::vector<double> rows(observations() * parameters());
    derivatives(unscaled(z), rows);
    for (std::size_t i = 0; i < observations(); ++i) {
      for (std::size_t j = 0; j < parameters(); ++j) {
        J(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
            root_weight[i] * scale[j] * rows[i * parameters() + j];
      }
    }
    return J.allFinite();
  }

  bool jacobian(std::span<const double> z, Eigen::MatrixXd& J) const {
    J.resize(static_cast<Eigen::Index>(observations()), static_cast<Eigen::Index>(parameters()));
    if (derivatives) return exact_jacobian(z, J);
    Eigen::VectorXd c;
    for (std::size_t j = 0; j < parameters(); ++j) {
      if (!column(z, j, c)) return false;
      J.col(static_cast<Eigen::Index>(j)) = c;
    }
    return true;
  }
};

class Residuals final : public ceres::CostFunction {
 public:
  explicit Residuals(const Problem& problem) : problem_(problem) {
    set_num_residuals(static_cast<int>(problem.observations()));
    mutable_parameter_block_sizes()->push_back(static_cast<int>(problem.parameters()));
  }

  bool Evaluate(double const* const* parameters, double* residuals, double** jacobians) const override {
    const std::span<const double> z(parameters[0], problem_.parameters());
    Eigen::VectorXd r;
    if (!problem_.residuals(z, r)) return false;
    std::copy(r.begin(), r.end(), residuals);
    if (jacobians != nullptr && jacobians[0] != nullptr) {
      Eigen::MatrixXd J;
      if (!problem_.jacobian(z, J)) return false;
      Eigen::Map<Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
          jacobians[0], J.rows(), J.cols()) = J;
    }
    return true;
  }

 private:
  const Problem& problem_;
};

double sum_of_squares(const Eigen::VectorXd& r) {
  long double s = 0.0L;
  for (const double v : r) s += static_cast<long double>(v) * v;
  return static_cast<double>(s);
}

int minimise(const Problem& problem, std::vector<double>& z, const NonlinearOptions& options,
             ceres::TrustRegionStrategyType strategy, double radius) {
  ceres::Problem ceres_problem;
  ceres_problem.AddResidualBlock(new Residuals(problem), nullptr, z.data());
  for (std::size_t j = 0; j < z.size(); ++j) {
    const int index = static_cast<int>(j);
    if (std::isfinite(problem.bounds[j].low))
      ceres_problem.SetParameterLowerBound(z.data(), index, problem.bounds[j].low);
    if (std::isfinite(problem.bounds[j].high))
      ceres_problem.SetParameterUpperBound(z.data(), index, problem.bounds[j].high);
  }
  ceres::Solver::Options o;
  o.linear_solver_type = ceres::DENSE_QR;
  o.trust_region_strategy_type = strategy;
  o.initial_trust_region_radius = radius;
  o.max_num_iterations = options.max_iterations;
  o.max_num_consecutive_invalid_steps = 50;
  o.function_tolerance = 1e-15;
  o.gradient_tolerance = 1e-30;
  o.parameter_tolerance = 1e-14;
  o.logging_type = ceres::SILENT;
  o.num_threads = 1;
  ceres::Solver::Summary summary;
  ceres::Solve(o, &ceres_problem, &summary);
  return static_cast<int>(summary.iterations.size());
}

/// The linearised problem at a point, over the parameters that are not on a bound.
struct Linearised {
  std::vector<std::size_t> free;
  bool full_rank = false;
  Eigen::VectorXd step;                 // Gauss-Newton, free parameters only
  Eigen::MatrixXd unscaled_covariance;  // (J'J)^-1 of the free parameters
  double sum = 0.0;
};

std::optional<Linearised> linearise(const Problem& problem, std::span<const double> z) {
  Linearised l;
  Eigen::VectorXd r;
  Eigen::MatrixXd J;
  if (!problem.residuals(z, r) || !problem.jacobian(z, J)) return std::nullopt;
  l.sum = sum_of_squares(r);
  for (std::size_t j = 0; j < z.size(); ++j) {
    const double margin = 1e-9 * std::max(1.0, std::abs(z[j]));
    const double slope = J.col(static_cast<Eigen::Index>(j)).dot(r);
    // On a bound counts only what the data push outward; a minimum that merely touches it is free.
    const bool low = z[j] <= problem.bounds[j].low + margin && slope >= 0.0;
    const bool high = z[j] >= problem.bounds[j].high - margin && slope <= 0.0;
    if (!low && !high) l.free.push_back(j);
  }
  const auto m = static_cast<Eigen::Index>(l.free.size());
  Eigen::MatrixXd A(J.rows(), m);
  Eigen::VectorXd norm(m);
  for (Eigen::Index k = 0; k < m; ++k) {
    A.col(k) = J.col(static_cast<Eigen::Index>(l.free[static_cast<std::size_t>(k)]));
    norm[k] = A.col(k).norm();
    if (norm[k] > 0.0) A.col(k) /= norm[k];
  }
  if (m == 0) return l;
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr;
  qr.setThreshold(1e-10);  // what differences of doubles can tell from zero
  qr.compute(A);
  l.full_rank = qr.rank() == m;
  if (!l.full_rank) return l;
  l.step = qr.solve(-r).cwiseQuotient(norm);
  const Eigen::MatrixXd R = qr.matrixR().topLeftCorner(m, m).template triangularView<Eigen::Upper>();
  const Eigen::MatrixXd inverse = R.triangularView<Eigen::Upper>().solve(Eigen::MatrixXd::Identity(m, m));
  const Eigen::MatrixXd permuted =
      qr.colsPermutation() * (inverse * inverse.transpose()) * qr.colsPermutation().transpose();
  l.unscaled_covariance = norm.cwiseInverse().asDiagonal() * permuted * norm.cwiseInverse().asDiagonal();
  return l;
}

/// A step that is nothing beside the parameter, or nothing beside its standard error, leads nowhere: a
/// minimum. (The second is Bates and Watts' relative offset, parameter by parameter.)
bool negligible(const Linearised& l, std::span<const double> z, double variance) {
  for (std::size_t k = 0; k < l.free.size(); ++k) {
    const auto i = static_cast<Eigen::Index>(k);
    const double error = std::sqrt(variance * l.unscaled_covariance(i, i));
    const double enough = std::max({1e-7 * std::abs(z[l.free[k]]), 1e-4 * error, 1e-12});
    if (std::abs(l.step[i]) > enough) return false;
  }
  return true;
}

/// Gauss-Newton steps while they do not increase the sum: they take the digits below a trust region's
/// stopping rule.
void polish(const Problem& problem, std::vector<double>& z) {
  for (int iteration = 0; iteration < 20; ++iteration) {
    const auto l = linearise(problem, z);
    if (!l || !l->full_rank || !l->free.size()) return;
    std::vector<double> next = z;
    double largest = 0.0;
    for (std::size_t k = 0; k < l->free.size(); ++k) {
      const std::size_t j = l->free[k];
      next[j] = std::clamp(z[j] + l->step[static_cast<Eigen::Index>(k)], problem.bounds[j].low,
                           problem.bounds[j].high);
      largest = std::max(largest, std::abs(next[j] - z[j]) / std::max(std::abs(z[j]), 1e-12));
    }
    Eigen::VectorXd r;
    if (!problem.residuals(next, r) || sum_of_squares(r) > l->sum * (1.0 + 1e-13)) return;
    z = next;
    if (largest < 1e-13) return;
  }
}

NonlinearFit assess(const Problem& problem, const std::vector<double>& z) {
  NonlinearFit fit;
  const std::size_t p = problem.parameters();
  fit.estimates = problem.unscaled(z);
  fit.standard_errors.assign(p, kNone);
  fit.covariance.assign(p * p, 0.0);
  fit.n = problem.observations();
  fit.dof = fit.n - p;
  fit.residual_sd = kNone;
  const auto l = linearise(problem, z);
  if (!l) {
    fit.message = "the model has no finite derivative at the best point found";
    fit.residual_sum_of_squares = kNone;
    return fit;
  }
  fit.residual_sum_of_squares = l->sum;
  const double variance = fit.dof > 0 ? l->sum / static_cast<double>(fit.dof) : 0.0;
  if (fit.dof > 0) fit.residual_sd = std::sqrt(variance);
  if (!l->full_rank) {
    fit.status = FitStatus::not_determined;
    fit.message = "the data do not determine all parameters: different values of them fit equally well";
    return fit;
  }
  for (std::size_t a = 0; a < l->free.size(); ++a) {
    for (std::size_t b = 0; b < l->free.size(); ++b) {
      fit.covariance[l->free[a] * p + l->free[b]] =
          variance * l->unscaled_covariance(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b)) *
          problem.scale[l->free[a]] * problem.scale[l->free[b]];
    }
    if (fit.dof > 0) fit.standard_errors[l->free[a]] = std::sqrt(fit.covariance[l->free[a] * p + l->free[a]]);
  }
  if (!negligible(*l, z, variance)) {
    fit.message = "the search stopped before it reached a minimum";
  } else if (l->free.size() < p) {
    fit.status = FitStatus::at_bound;
    std::size_t bound = 0;
    while (std::find(l->free.begin(), l->free.end(), bound) != l->free.end()) ++bound;
    fit.message = fmt::format("parameter {} lies on its bound, {:.6g}", bound + 1, fit.estimates[bound]);
  } else {
    fit.status = FitStatus::converged;
  }
  return fit;
}

/// Order of preference between two outcomes: a determined minimum first, then the smaller sum.
bool better(const NonlinearFit& a, const NonlinearFit& b) {
  const auto rank = [](const NonlinearFit& f) {
    return f.status == FitStatus::converged ? 0 : f.status == FitStatus::at_bound ? 1 : 2;
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  return a.residual_sum_of_squares < b.residual_sum_of_squares;
}

void require_options(const NonlinearOptions& options, std::size_t n, std::span<const double> start) {
  if (!options.weights.empty()) {
    if (options.weights.size() != n) {
      throw StatisticsError(
          fmt::format("nonlinear fit: {} weights for {} observations", options.weights.size(), n));
    }
    require_sample(options.weights, n, "nonlinear fit, weights");
    for (const double w : options.weights) {
      if (w <= 0.0)
        throw StatisticsError(fmt::format("nonlinear fit: weight {} given, positive weights are needed", w));
    }
  }
  if (!options.bounds.empty() && options.bounds.size() != start.size()) {
    throw StatisticsError(
        fmt::format("nonlinear fit: {} bounds for {} parameters", options.bounds.size(), start.size()));
  }
  for (std::size_t j = 0; j < options.bounds.size(); ++j) {
    if (!options.bounds[j].contains(start[j]) || !(options.bounds[j].low < options.bounds[j].high)) {
      throw StatisticsError(
          fmt::format("nonlinear fit: parameter {} starts at {}, outside its bounds [{}, {}]", j + 1,
                      start[j], options.bounds[j].low, options.bounds[j].high));
    }
  }
}

}  // namespace

NonlinearFit fit_nonlinear(const Prediction& predict, std::span<const double> y,
                           std::span<const double> start, const NonlinearOptions& options) {
  require_sample(start, 1, "nonlinear fit, starting values");
  require_sample(y, start.size(), "nonlinear fit, observations");
  require_options(options, y.size(), start);

  Problem problem{predict, y, std::vector<double>(y.size(), 1.0), {}, {}, options.derivatives};
  for (std::size_t i = 0; i < options.weights.size(); ++i)
    problem.root_weight[i] = std::sqrt(options.weights[i]);
  std::vector<double> z0;
  for (std::size_t j = 0; j < start.size(); ++j) {
    const double s = start[j] != 0.0 ? std::abs(start[j]) : 1.0;
    problem.scale.push_back(s);
    z0.push_back(start[j] / s);
    const Interval b = options.bounds.empty() ? Interval{-std::numeric_limits<double>::infinity(),
                                                         std::numeric_limits<double>::infinity()}
                                              : options.bounds[j];
    problem.bounds.push_back({b.low / s, b.high / s});
  }

  Eigen::VectorXd r;
  if (!problem.residuals(z0, r)) {
    NonlinearFit fit;
    fit.status = FitStatus::not_finite;
    fit.message = "the model is not finite at the starting values";
    fit.estimates.assign(start.begin(), start.end());
    fit.standard_errors.assign(start.size(), kNone);
    fit.covariance.assign(start.size() * start.size(), 0.0);
    fit.residual_sum_of_squares = fit.residual_sd = kNone;
    fit.n = y.size();
    fit.dof = y.size() - start.size();
    return fit;
  }

  // The default region first; then a cautious one and another strategy for starts from which long steps go
  // astray.
  struct Attempt {
    ceres::TrustRegionStrategyType strategy;
    double radius;
  };
  constexpr Attempt attempts[] = {{ceres::LEVENBERG_MARQUARDT, 1e4},
                                  {ceres::LEVENBERG_MARQUARDT, 1e-1},
                                  {ceres::DOGLEG, 1.0},
                                  {ceres::LEVENBERG_MARQUARDT, 1e-3},
                                  {ceres::DOGLEG, 1e-2},
                                  {ceres::LEVENBERG_MARQUARDT, 1e-6}};
  std::optional<NonlinearFit> best;
  int iterations = 0;
  for (const Attempt& a : attempts) {
    std::vector<double> z = z0;
    iterations += minimise(problem, z, options, a.strategy, a.radius);
    polish(problem, z);
    NonlinearFit fit = assess(problem, z);
    if (!best || better(fit, *best)) best = std::move(fit);
    if (best->converged()) break;
  }
  best->iterations = iterations;
  return *best;
}

NonlinearFit fit_nonlinear(const Curve& curve, std::span<const double> x, std::span<const double> y,
                           std::span<const double> start, const NonlinearOptions& options) {
  if (x.size() != y.size()) {
    throw StatisticsError(fmt::format("nonlinear fit: {} predictors and {} observations, as many are needed",
                                      x.size(), y.size()));
  }
  require_sample(x, start.size(), "nonlinear fit, predictor");
  const Prediction predict = [&](std::span<const double> parameters, std::span<double> predicted) {
    for (std::size_t i = 0; i < x.size(); ++i) predicted[i] = curve(x[i], parameters);
  };
  return fit_nonlinear(predict, y, start, options);
}

}  // namespace stroma::stats

// Nonlinear least squares: parameters that minimise sum w_i (y_i - f(x_i; theta))^2, by the
// Levenberg-Marquardt method of Ceres with derivatives from fourth-order central differences, followed by
// Gauss-Newton steps that take the last digits; standard errors from s^2 (J'WJ)^-1 (Bates and Watts,
// Nonlinear Regression Analysis, 1988). NIST's StRD sets, from both of their starting points, are the check.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "stats/interval.hpp"

namespace stroma::stats {

/// One predictor: the curve's value at x.
using Curve = std::function<double(double x, std::span<const double> parameters)>;

/// Any number of predictors: fills `predicted`, one value per observation. A value that is not finite tells
/// the fit that these parameters are outside the model's domain.
using Prediction = std::function<void(std::span<const double> parameters, std::span<double> predicted)>;

/// Derivatives of the predictions, row-major (observations x parameters); all finite where the predictions
/// are.
using Derivatives = std::function<void(std::span<const double> parameters, std::span<double> out)>;

/// What the caller may set. Empty vectors mean: all weights 1, no bounds.
struct NonlinearOptions {
  std::vector<double> weights;   ///< one positive weight per observation, 1 / variance up to a factor
  std::vector<Interval> bounds;  ///< one closed interval per parameter; ends may be infinite
  int max_iterations = 2000;
  Derivatives derivatives = {};  ///< exact ones, several times faster; fourth-order differences if not set
};

enum class FitStatus {
  converged,         ///< a minimum, all parameters determined
  at_bound,          ///< a minimum with a parameter on its bound: that one has no standard error
  not_determined,    ///< the data do not tell some parameters apart
  did_not_converge,  ///< the last point is no minimum
  not_finite         ///< the model is not finite where the fit began
};

/// A fit. Where `status` is not converged, `message` says why in a sentence; the estimates are then the best
/// point found.
struct NonlinearFit {
  FitStatus status = FitStatus::did_not_converge;
  std::string message;
  std::vector<double> estimates;
  std::vector<double> standard_errors;  ///< NaN for parameters without one, and all NaN if dof = 0
  std::vector<double>
      covariance;  ///< row-major, parameters x parameters; rows of parameters without error are 0
  double residual_sum_of_squares = 0.0;  ///< weighted
  double residual_sd = 0.0;              ///< sqrt(residual_sum_of_squares / dof); NaN if dof = 0
  std::size_t n = 0;
  std::size_t dof = 0;  ///< observations - parameters
  int iterations = 0;

  bool converged() const { return status == FitStatus::converged; }
  double covariance_at(std::size_t i, std::size_t j) const { return covariance[i * estimates.size() + j]; }
};

/// Fits `predict` to the observations y from `start`. As many observations as parameters at least, all
/// numbers finite, the start inside its bounds; throws StatisticsError otherwise. A fit that fails is a
/// status, not an exception.
NonlinearFit fit_nonlinear(const Prediction& predict, std::span<const double> y,
                           std::span<const double> start, const NonlinearOptions& options = {});

/// The same for a curve with one predictor.
NonlinearFit fit_nonlinear(const Curve& curve, std::span<const double> x, std::span<const double> y,
                           std::span<const double> start, const NonlinearOptions& options = {});

/// Gradient of a scalar function of the parameters by fourth-order central differences, relative accuracy
/// about 1e-11; for the delta method: the variance of g(theta) is grad' V grad.
std::vector<double> gradient(const std::function<double(std::span<const double>)>& g,
                             std::span<const double> parameters);

/// grad' V grad of a fit's covariance, V restricted to parameters with a standard error.
double delta_variance(const NonlinearFit& fit, std::span<const double> grad);

}  // namespace stroma::stats

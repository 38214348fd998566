// A dose-response curve that single wells cannot carry away: an M-estimate by iteratively reweighted least
// squares, in two stages. First Huber's weights, min(1, 1.345 / |u|), u = residual / s, with s estimated
// beside the curve by his proposal 2, s^2 = sum min(r^2, 1.345^2 s^2) / ((n - p) 0.7102), which together have
// one minimum (Robust Statistics, 1981). There s = median |r| / 0.6745 is taken and kept, and Tukey's
// biweight follows, w = (1 - (u / 4.685)^2)^2 for |u| < 4.685 and 0 beyond (Beaton and Tukey, Technometrics
// 16, 1974). Covariance of the estimate by Huber: s^2 [sum psi(u)^2 / (n - p)] / [mean psi'(u)]^2 (J'J)^-1.
#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>

#include "stats/descriptive.hpp"
#include "stats/dose_response_parts.hpp"

namespace stroma::stats {
namespace {

constexpr double kHuber = 1.345;  // both constants: 95 % efficiency for normal errors
constexpr double kBiweight = 4.685;

struct Wells {
  std::span<const double> doses, responses;
  std::vector<double> root_weight;  // of the caller
};

std::vector<double> scaled_residuals(const Wells& w, const LogisticCurve& curve) {
  std::vector<double> r(w.doses.size());
  for (std::size_t i = 0; i < r.size(); ++i)
    r[i] = w.root_weight[i] * (w.responses[i] - curve.at(w.doses[i]));
  return r;
}

double median_scale(std::vector<double> r) {
  for (double& v : r) v = std::abs(v);
  return median(r) / 0.6744897501960817;
}

double huber_weight(double u) {
  return std::abs(u) <= kHuber ? 1.0 : kHuber / std::abs(u);
}

double biweight(double u) {
  const double v = u / kBiweight;
  return std::abs(v) < 1.0 ? (1.0 - v * v) * (1.0 - v * v) : 0.0;
}

/// The weighted fit of the wells whose weight is not 0.
DoseResponseFit refit(const Wells& w, const std::vector<double>& weight, DoseResponseOptions options) {
  options.robust = false;
  options.weights.clear();
  std::vector<double> doses, responses;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    if (weight[i] <= 0.0) continue;
    doses.push_back(w.doses[i]);
    responses.push_back(w.responses[i]);
    options.weights.push_back(weight[i] * w.root_weight[i] * w.root_weight[i]);
  }
  return fit_dose_response(doses, responses, options);
}

/// Huber's proposal 2, from the scale so far.
double proposal_two(const std::vector<double>& r, double scale, std::size_t parameters) {
  constexpr double expected = 0.7101645482690486;  // E min(Z^2, 1.345^2) of a standard normal
  double sum = 0.0;
  for (const double v : r) sum += std::min(v * v, kHuber * kHuber * scale * scale);
  return std::sqrt(sum / (static_cast<double>(r.size() - parameters) * expected));
}

struct Stage {
  double (*weight_of)(double);
  bool scale_is_known;
};

/// Reweights and refits until the curve at the wells' doses moves less than 1e-8 of the scale. False where it
/// does not settle, or no curve is left.
bool settle(const Wells& w, const Stage& stage, const DoseResponseOptions& options, double& scale,
            DoseResponseFit& fit, std::vector<double>& weight) {
  for (int iteration = 0; iteration < 200; ++iteration) {
    const std::vector<double> r = scaled_residuals(w, fit.curve);
    const double last = scale;
    if (!stage.scale_is_known) scale = proposal_two(r, scale, fit.fit.estimates.size());
    for (std::size_t i = 0; i < r.size(); ++i) weight[i] = stage.weight_of(r[i] / scale);
    DoseResponseFit next = refit(w, weight, options);
    const bool lost = next.fit.estimates.empty();
    double moved = std::abs(scale - last);
    for (std::size_t i = 0; i < r.size() && !lost; ++i)
      moved =
          std::max(moved, w.root_weight[i] * std::abs(next.curve.at(w.doses[i]) - fit.curve.at(w.doses[i])));
    fit = std::move(next);
    if (lost) return false;
    if (moved < 1e-8 * scale) return true;
  }
  fit.status = DoseStatus::not_converged;
  fit.message = "the weights of the robust fit do not settle";
  return false;
}

/// Huber's covariance in place of that of a weighted fit, which takes the weights for known.
void set_covariance(DoseResponseFit& f, const Wells& w, double scale) {
  const std::size_t n = w.doses.size(), p = f.fit.estimates.size();
  Eigen::MatrixXd J(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(p));
  const std::vector<double> r = scaled_residuals(w, f.curve);
  double squares = 0.0, slope = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::array<double, 5> d = f.curve.derivatives(w.doses[i]);
    for (std::size_t j = 0, k = 0; j < p; ++j, ++k) {
      if (k == 1 && f.model == LogisticModel::three_parameter) ++k;
      J(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = w.root_weight[i] * d[k];
    }
    const double u = r[i] / scale, v = u / kBiweight;
    squares += std::pow(u * biweight(u), 2);
    if (std::abs(v) < 1.0) slope += (1.0 - v * v) * (1.0 - 5.0 * v * v);
  }
  const double mean_slope = slope / static_cast<double>(n);
  const double variance = scale * scale * squares / static_cast<double>(n - p) / (mean_slope * mean_slope);
  const Eigen::VectorXd norm = J.colwise().norm();
  const Eigen::MatrixXd unit = J * norm.cwiseInverse().asDiagonal();
  const Eigen::MatrixXd inverse = (unit.transpose() * unit).inverse();
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t j = 0; j < p; ++j) {
      const auto a = static_cast<Eigen::Index>(i), b = static_cast<Eigen::Index>(j);
      f.fit.covariance[i * p + j] = variance * inverse(a, b) / (norm[a] * norm[b]);
    }
    f.fit.standard_errors[i] = std::sqrt(f.fit.covariance[i * p + i]);
  }
  f.fit.residual_sd = scale;
  f.fit.n = n;
  f.fit.dof = n - p;
}

}  // namespace

DoseResponseFit fit_robustly(std::span<const double> doses, std::span<const double> responses,
                             const DoseResponseOptions& options) {
  Wells w{doses, responses, std::vector<double>(doses.size(), 1.0)};
  for (std::size_t i = 0; i < options.weights.size(); ++i) w.root_weight[i] = std::sqrt(options.weights[i]);
  std::vector<double> weight(doses.size(), 1.0);
  DoseResponseFit fit = refit(w, weight, options);
  if (fit.fit.estimates.empty()) return fit;
  double scale = median_scale(scaled_residuals(w, fit.curve));
  bool settled = scale > 0.0 && settle(w, {huber_weight, false}, options, scale, fit, weight);
  if (settled) scale = median_scale(scaled_residuals(w, fit.curve));
  if (!(scale > 0.0)) {
    fit.status = DoseStatus::not_converged;
    fit.message = "half of the observations lie exactly on the curve, so outliers have no scale";
    return fit;
  }
  settled = settled && settle(w, {biweight, true}, options, scale, fit, weight);
  fit.robust_weights = weight;
  fit.lack_of_fit.reset();  // its sums are not those of least squares
  if (!settled) return fit;
  if (fit.fit.converged()) {
    set_covariance(fit, w, scale);
    place_ic50s(fit, options);
  }
  return fit;
}

}  // namespace stroma::stats

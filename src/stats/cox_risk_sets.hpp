// One pass over the risk sets of a Cox model: what its likelihood, score and information, and the test of
// proportionality, are sums of.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "stats/cox_regression.hpp"

namespace stroma::stats {

/// Subjects by stratum, latest first, in units in which every covariate has mean 0 and variance 1 (constant
/// ones: 0), so that exp(beta' x) stays in range.
struct CoxRows {
  std::size_t covariates = 0;
  std::vector<double> x;  ///< subject by subject, `covariates` each
  std::vector<double> time;
  std::vector<double> entry;          ///< at risk in (entry, time]
  std::vector<std::size_t> entering;  ///< rows of each stratum in turn, latest entry first
  std::vector<char> event;
  std::vector<int> stratum;
  std::vector<double> scale;  ///< of each covariate: beta in these units is beta times the scale

  explicit CoxRows(const CoxData& data);
  std::span<const double> row(std::size_t i) const {
    return std::span(x).subspan(i * covariates, covariates);
  }
  double log_hazard(std::size_t i, std::span<const double> beta) const;
};

/// The mean and covariance (row by row) of x that one event sees, and the logarithm of the sum of
/// exp(beta' x).
struct RiskSet {
  double time = 0.0;
  double log_sum = 0.0;
  std::vector<double> mean, covariance;
};

/// Calls event(row) for every event and set(risk_set) once for every event, by strata and backwards in time.
/// By Efron the k-th of d tied events sees the tied ones with weight 1 - k / d, by Breslow with weight 1.
void sweep_risk_sets(const CoxRows& rows, std::span<const double> beta, Ties ties,
                     const std::function<void(std::size_t)>& event,
                     const std::function<void(const RiskSet&)>& set);

}  // namespace stroma::stats

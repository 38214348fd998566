// One pass over the risk sets of a Cox model: what its likelihood, score and information, and the test of
// proportionality, are sums of.
#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>
#include <vector>

#include "stats/cox_regression.hpp"

namespace stroma::stats {

/// Subjects by stratum, latest first, covariates in rows.
struct CoxRows {
  Eigen::MatrixXd x;  ///< covariates x subjects
  std::vector<double> time;
  std::vector<char> event;
  std::vector<int> stratum;

  /// In units of `scale` about `centre`, which keep exp(beta' x) in range.
  CoxRows(const CoxData& data, const Eigen::VectorXd& centre, const Eigen::VectorXd& scale);
};

/// The mean and covariance of x that one event sees, and the logarithm of the sum of exp(beta' x).
struct RiskSet {
  double log_sum = 0.0;
  Eigen::VectorXd mean;
  Eigen::MatrixXd covariance;
};

/// Calls event(row) for every event and set(time, risk_set) once for every event, by strata and backwards in
/// time. By Efron the k-th of d tied events sees the tied ones with weight 1 - k / d, by Breslow with weight
/// 1.
template <class OnEvent, class OnSet>
void sweep_risk_sets(const CoxRows& rows, const Eigen::VectorXd& beta, Ties ties, const OnEvent& event,
                     const OnSet& set) {
  const auto p = rows.x.rows();
  const Eigen::VectorXd eta = rows.x.transpose() * beta;
  double top = 0.0;  // sums are in units of exp(top), the largest of the risk set, so that none overflows
  double sum = 0.0, tied_sum = 0.0;
  Eigen::VectorXd first = Eigen::VectorXd::Zero(p), tied_first(p);
  Eigen::MatrixXd second = Eigen::MatrixXd::Zero(p, p), tied_second(p, p);
  RiskSet risk;
  const std::size_t n = rows.time.size();
  for (std::size_t i = 0; i < n;) {
    if (i == 0 || rows.stratum[i] != rows.stratum[i - 1]) {
      top = eta[static_cast<Eigen::Index>(i)];
      sum = 0.0;
      first.setZero();
      second.setZero();
    }
    int events = 0;
    tied_sum = 0.0;
    tied_first.setZero();
    tied_second.setZero();
    const double time = rows.time[i];
    const int stratum = rows.stratum[i];
    for (; i < n && rows.time[i] == time && rows.stratum[i] == stratum; ++i) {
      const auto column = static_cast<Eigen::Index>(i);
      if (eta[column] > top) {
        const double smaller = std::exp(top - eta[column]);
        for (double* s : {&sum, &tied_sum}) *s *= smaller;
        for (Eigen::VectorXd* s : {&first, &tied_first}) *s *= smaller;
        for (Eigen::MatrixXd* s : {&second, &tied_second}) *s *= smaller;
        top = eta[column];
      }
      const double hazard = std::exp(eta[column] - top);
      const auto x = rows.x.col(column);
      sum += hazard;
      first += hazard * x;
      second += hazard * x * x.transpose();
      if (rows.event[i] == 0) continue;
      event(column);
      ++events;
      tied_sum += hazard;
      tied_first += hazard * x;
      tied_second += hazard * x * x.transpose();
    }
    for (int k = 0; k < events; ++k) {
      const double away = ties == Ties::efron ? static_cast<double>(k) / events : 0.0;
      const double total = sum - away * tied_sum;
      risk.log_sum = std::log(total) + top;
      risk.mean = (first - away * tied_first) / total;
      risk.covariance = (second - away * tied_second) / total - risk.mean * risk.mean.transpose();
      set(time, risk);
    }
  }
}

}  // namespace stroma::stats

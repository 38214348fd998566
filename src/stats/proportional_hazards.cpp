// The score test of beta + theta g(t) at theta = 0: with r_i the Schoenfeld residual of an event and V(t_i)
// the covariance of x in its risk set, u = sum g(t_i) r_i has information
//   I = sum [1, g; g, g^2] (x) V,
// of which the part belonging to the fitted beta has a score of 0.
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "stats/cox_regression.hpp"
#include "stats/cox_risk_sets.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"
#include "stats/kaplan_meier.hpp"

namespace stroma::stats {
namespace {

// 1 - S(t-): how much of the whole sample had failed before t.
double failed_before(const KaplanMeier& curve, double time) {
  return 1.0 - survival_at(curve, std::nextafter(time, -1.0));
}

ChiSquareTest score_test(const Eigen::VectorXd& score, const Eigen::MatrixXd& information, double df) {
  const double statistic = score.dot(information.ldlt().solve(score));
  return {statistic, df, chi_square_upper(std::max(0.0, statistic), df)};
}

}  // namespace

Proportionality test_proportionality(const CoxData& data, const CoxFit& fit, Ties ties,
                                     std::span<const std::size_t> terms) {
  const auto p = static_cast<Eigen::Index>(data.covariates.size());
  if (!fit.fitted() || fit.coefficients.size() != data.covariates.size() || fit.n != data.subjects.size())
    throw StatisticsError("test of proportional hazards: a fitted model of the same data is needed");
  const CoxRows rows(data);
  std::vector<double> beta;
  for (std::size_t v = 0; v < rows.covariates; ++v) beta.push_back(fit.coefficients[v].beta * rows.scale[v]);
  const KaplanMeier curve = kaplan_meier(data.subjects);
  double middle = 0.0;
  for (const FollowUp& s : data.subjects)
    if (s.event) middle += failed_before(curve, s.time) / static_cast<double>(fit.events);
  double spread = 0.0;
  Eigen::VectorXd score = Eigen::VectorXd::Zero(2 * p);  // its first half is 0 at the estimate
  Eigen::MatrixXd information = Eigen::MatrixXd::Zero(2 * p, 2 * p);
  sweep_risk_sets(
      rows, beta, ties,
      [&](std::size_t i) {
        const double g = failed_before(curve, rows.time[i]) - middle;
        score.tail(p) += g * Eigen::Map<const Eigen::VectorXd>(rows.row(i).data(), p);
      },
      [&](const RiskSet& risk) {
        const double g = failed_before(curve, risk.time) - middle;
        const Eigen::Map<const Eigen::MatrixXd> covariance(risk.covariance.data(), p, p);
        spread = std::max(spread, std::abs(g));
        score.tail(p) -= g * Eigen::Map<const Eigen::VectorXd>(risk.mean.data(), p);
        information.topLeftCorner(p, p) += covariance;
        information.topRightCorner(p, p) += g * covariance;
        information.bottomRightCorner(p, p) += g * g * covariance;
      });
  information.bottomLeftCorner(p, p) = information.topRightCorner(p, p);
  if (spread < 1e-12) throw StatisticsError("test of proportional hazards: all events happened at one time");
  Proportionality result;
  const auto test = [&](Eigen::Index first, Eigen::Index count) {  // of the coefficients that grow
    Eigen::VectorXi kept(p + count);
    for (Eigen::Index k = 0; k < p; ++k) kept[k] = static_cast<int>(k);
    for (Eigen::Index k = 0; k < count; ++k) kept[p + k] = static_cast<int>(p + first + k);
    return score_test(score(kept), information(kept, kept), static_cast<double>(count));
  };
  for (Eigen::Index v = 0; v < p; ++v) result.covariates.push_back(test(v, 1));
  Eigen::Index first = 0;
  for (const std::size_t size : terms) {
    const auto count = static_cast<Eigen::Index>(size);
    if (count < 1 || first + count > p)
      throw StatisticsError("test of proportional hazards: the terms do not divide the covariates");
    result.terms.push_back(test(first, count));
    first += count;
  }
  if (terms.empty()) result.terms = result.covariates;
  result.global = score_test(score, information, static_cast<double>(p));
  return result;
}

}  // namespace stroma::stats

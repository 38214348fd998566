#include "stats/cox_regression.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/cox_risk_sets.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {

namespace {

void require_data(const CoxData& data) {
  require_follow_up(data.subjects, 1, "Cox regression");
  const std::size_t n = data.subjects.size();
  if (data.covariates.empty())
    throw StatisticsError("Cox regression: no covariate given, at least one is needed");
  for (const Covariate& c : data.covariates) {
    require_sample(c.values, 1, fmt::format("Cox regression, covariate '{}'", c.name));
    if (c.values.size() != n)
      throw StatisticsError(fmt::format("Cox regression: covariate '{}' has {} values for {} subjects",
                                        c.name, c.values.size(), n));
  }
  if (!data.strata.empty() && data.strata.size() != n)
    throw StatisticsError(
        fmt::format("Cox regression: {} strata given for {} subjects", data.strata.size(), n));
}

struct Point {
  double log_likelihood = 0.0;
  Eigen::VectorXd score;
  Eigen::MatrixXd information;
};

using Map = Eigen::Map<const Eigen::VectorXd>;

std::span<const double> span_of(const Eigen::VectorXd& v) {
  return {v.data(), static_cast<std::size_t>(v.size())};
}

Point evaluate(const CoxRows& rows, const Eigen::VectorXd& beta, Ties ties) {
  const auto p = beta.size();
  Point at{0.0, Eigen::VectorXd::Zero(p), Eigen::MatrixXd::Zero(p, p)};
  sweep_risk_sets(
      rows, span_of(beta), ties,
      [&](std::size_t i) {
        at.log_likelihood += rows.log_hazard(i, span_of(beta));
        at.score += Map(rows.row(i).data(), p);
      },
      [&](const RiskSet& risk) {
        at.log_likelihood -= risk.log_sum;
        at.score -= Map(risk.mean.data(), p);
        at.information += Eigen::Map<const Eigen::MatrixXd>(risk.covariance.data(), p, p);
      });
  return at;
}

std::string names_of(const CoxData& data, const std::vector<Eigen::Index>& which) {
  std::string text;
  for (const Eigen::Index v : which)
    text +=
        fmt::format("{}'{}'", text.empty() ? "" : ", ", data.covariates[static_cast<std::size_t>(v)].name);
  return text;
}

CoxFit failed(CoxFit fit, CoxStatus status, std::string message) {
  fit.status = status;
  fit.message = std::move(message);
  return fit;
}

// Covariates without information of their own at beta = 0, where every one that has an estimate has some.
std::vector<Eigen::Index> undetermined(const Eigen::MatrixXd& information) {
  std::vector<Eigen::Index> which;
  const Eigen::VectorXd own = information.diagonal();
  for (Eigen::Index v = 0; v < own.size(); ++v)
    if (!(own[v] > 1e-12)) which.push_back(v);
  if (!which.empty()) return which;
  const Eigen::VectorXd root = own.cwiseSqrt();
  const Eigen::MatrixXd correlation = information.cwiseQuotient(root * root.transpose());
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> values(correlation);
  if (values.eigenvalues()[0] > 1e-10) return which;
  const Eigen::VectorXd direction = values.eigenvectors().col(0).cwiseAbs();
  for (Eigen::Index v = 0; v < own.size(); ++v)
    if (direction[v] > 1e-3) which.push_back(v);
  return which;
}

// Where the likelihood rises for ever along a direction, beta grows by about 1 per step of Newton's method
// and the information of that direction falls to nothing of what it was at 0.
std::vector<Eigen::Index> unbounded(const Eigen::MatrixXd& information, const Eigen::MatrixXd& null) {
  std::vector<Eigen::Index> which;
  const Eigen::GeneralizedSelfAdjointEigenSolver<Eigen::MatrixXd> values(information, null);
  for (Eigen::Index k = 0; k < null.rows(); ++k) {
    if (values.eigenvalues()[k] > 1e-8) break;
    const Eigen::VectorXd direction = values.eigenvectors().col(k).cwiseAbs();
    for (Eigen::Index v = 0; v < null.rows(); ++v)
      if (direction[v] > 1e-3 * direction.maxCoeff()) which.push_back(v);
  }
  std::sort(which.begin(), which.end());
  which.erase(std::unique(which.begin(), which.end()), which.end());
  return which;
}

ChiSquareTest chi_square(double statistic, double df) {
  return {statistic, df, chi_square_upper(std::max(0.0, statistic), df)};
}

// Every pair of a stratum, both at risk when one fails, of which the one seen to fail first is known.
double concordance_of(const CoxRows& rows, const Eigen::VectorXd& beta) {
  std::vector<double> log_hazard;
  for (std::size_t i = 0; i < rows.time.size(); ++i) log_hazard.push_back(rows.log_hazard(i, span_of(beta)));
  double agree = 0.0, pairs = 0.0;
  for (std::size_t i = 0; i < rows.time.size(); ++i) {
    if (rows.event[i] == 0) continue;
    const double risk = log_hazard[i];
    const auto compare = [&](std::size_t j) {
      const double other = log_hazard[j];
      pairs += 1.0;
      agree += risk > other ? 1.0 : risk == other ? 0.5 : 0.0;
    };
    // Rows go backwards in time: who lived longer stands before, whoever was censored at the same time may
    // stand after.
    for (std::size_t j = i; j-- > 0 && rows.stratum[j] == rows.stratum[i];)
      if ((rows.time[j] > rows.time[i] || rows.event[j] == 0) && rows.entry[j] < rows.time[i]) compare(j);
    for (std::size_t j = i + 1;
         j < rows.time.size() && rows.stratum[j] == rows.stratum[i] && rows.time[j] == rows.time[i]; ++j)
      if (rows.event[j] == 0) compare(j);
  }
  return pairs > 0.0 ? agree / pairs : std::numeric_limits<double>::quiet_NaN();
}

constexpr int most_iterations = 60;

}  // namespace

CoxFit cox_regression(const CoxData& data, Ties ties, double level) {
  require_data(data);
  require_level(level);
  CoxFit fit;
  fit.n = data.subjects.size();
  fit.events = count_events(data.subjects);
  if (fit.events == 0) return failed(fit, CoxStatus::no_events, "no subject had the event");
  const auto p = static_cast<Eigen::Index>(data.covariates.size());
  const CoxRows rows(data);
  const Eigen::VectorXd scale = Map(rows.scale.data(), p);
  Eigen::VectorXd beta = Eigen::VectorXd::Zero(p);
  Point at = evaluate(rows, beta, ties);
  if (const auto which = undetermined(at.information); !which.empty())
    return failed(fit, CoxStatus::not_determined,
                  fmt::format("the events tell nothing about {}: constant among those at risk, or a "
                              "combination of the others",
                              names_of(data, which)));
  fit.log_likelihood_null = at.log_likelihood;
  fit.score = chi_square(at.score.dot(at.information.ldlt().solve(at.score)), static_cast<double>(p));

  const Eigen::MatrixXd information_null = at.information;
  bool small_step = false;
  std::vector<Eigen::Index> runaway;
  for (; !small_step && runaway.empty() && fit.iterations < most_iterations; ++fit.iterations) {
    Eigen::VectorXd step = at.information.ldlt().solve(at.score);
    Point next = evaluate(rows, beta + step, ties);
    for (int halving = 0;
         halving < 40 && !(next.log_likelihood >= at.log_likelihood - 1e-12 * std::abs(at.log_likelihood));
         ++halving) {
      step *= 0.5;
      next = evaluate(rows, beta + step, ties);
    }
    beta += step;
    at = std::move(next);
    runaway = unbounded(at.information, information_null);
    small_step = step.cwiseAbs().maxCoeff() < 1e-9;
  }
  if (!runaway.empty())
    return failed(fit, CoxStatus::infinite_coefficient,
                  fmt::format("the coefficient of {} has no finite estimate: the events are separated "
                              "completely, such as a group without any event",
                              names_of(data, runaway)));
  if (!small_step)
    return failed(
        fit, CoxStatus::did_not_converge,
        fmt::format("the likelihood has no maximum that {} steps of Newton's method reach", most_iterations));

  const Eigen::MatrixXd inverse = at.information.inverse();
  const Eigen::MatrixXd covariance = inverse.cwiseQuotient(scale * scale.transpose());
  const double z = normal_quantile(0.5 * (1.0 + level));
  for (Eigen::Index v = 0; v < p; ++v) {
    CoxCoefficient c;
    c.name = data.covariates[static_cast<std::size_t>(v)].name;
    c.beta = beta[v] / scale[v];
    c.standard_error = std::sqrt(covariance(v, v));
    c.z = c.beta / c.standard_error;
    c.p = normal_two_sided(c.z);
    c.hazard_ratio = std::exp(c.beta);
    c.hazard_ratio_ci = {std::exp(c.beta - z * c.standard_error), std::exp(c.beta + z * c.standard_error)};
    fit.coefficients.push_back(c);
    for (Eigen::Index w = 0; w < p; ++w) fit.covariance.push_back(covariance(v, w));
  }
  fit.log_likelihood = at.log_likelihood;
  const auto df = static_cast<double>(p);
  fit.likelihood_ratio = chi_square(2.0 * (fit.log_likelihood - fit.log_likelihood_null), df);
  fit.wald = chi_square(beta.dot(at.information * beta), df);
  fit.concordance = concordance_of(rows, beta);
  return fit;
}

}  // namespace stroma::stats

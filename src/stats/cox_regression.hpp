// Proportional hazards: h(t | x) = h0(t) exp(beta' x), h0 left open and one per stratum, beta by the partial
// likelihood (Cox, J. R. Stat. Soc. B 34, 1972)
//   l = sum over events of beta' x_i - log sum over the risk set of exp(beta' x_j),
// with tied events by Efron (J. Am. Stat. Assoc. 72, 1977) or Breslow (Biometrics 30, 1974), maximised by
// Newton's method with halved steps. The test of proportionality is the score test of an added coefficient
// that grows with g(t) = 1 - S(t-) (Grambsch and Therneau, Biometrika 81, 1994, in the form of the R package
// survival 3). Covariates that change with time are rows of their own, each at risk in its interval
// (entry, time]; one subject's rows must not overlap. R's coxph and cox.zph are the check.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "stats/follow_up.hpp"
#include "stats/interval.hpp"

namespace stroma::stats {

enum class Ties { efron, breslow };

/// One column of x, one value per subject; indicator columns (0, 1) for groups.
struct Covariate {
  std::string name;
  std::vector<double> values;
};

struct CoxData {
  std::vector<FollowUp> subjects;
  std::vector<Covariate> covariates;
  std::vector<int> strata = {};  ///< one number per subject; empty: one stratum
};

enum class CoxStatus {
  fitted,
  no_events,             ///< nobody had the event
  not_determined,        ///< a covariate is constant within every risk set, or follows from the others
  infinite_coefficient,  ///< a covariate orders the events completely: the likelihood has no maximum
  did_not_converge
};

struct CoxCoefficient {
  std::string name;
  double beta = 0.0;  ///< log hazard ratio per unit of the covariate
  double standard_error = 0.0;
  double z = 0.0;
  double p = 1.0;
  double hazard_ratio = 1.0;
  Interval hazard_ratio_ci;
};

/// A chi-square test of the whole model or of one assumption.
struct ChiSquareTest {
  double statistic = 0.0;
  double df = 0.0;
  double p = 1.0;
};

struct CoxFit {
  CoxStatus status = CoxStatus::fitted;
  std::string message;  ///< a sentence where the fit failed, with the covariates concerned
  std::vector<CoxCoefficient> coefficients;
  std::vector<double> covariance;  ///< of the coefficients, row by row
  double log_likelihood = 0.0;
  double log_likelihood_null = 0.0;  ///< at beta = 0
  ChiSquareTest likelihood_ratio, wald, score;
  /// Share of comparable pairs of a stratum, both at risk at the event, in which the higher hazard failed
  /// first, ties of the hazard counting a half; NaN where no pair is comparable.
  double concordance = 0.0;
  std::size_t n = 0;
  std::size_t events = 0;
  int iterations = 0;

  bool fitted() const { return status == CoxStatus::fitted; }
};

/// Fits the model. Throws StatisticsError where there is no subject or no covariate, lengths differ, or a
/// number is not finite; data that have no estimate are a status, and then only n, events, status and message
/// mean anything. beta and errors to 1e-8 relative.
CoxFit cox_regression(const CoxData& data, Ties ties = Ties::efron, double level = 0.95);

/// The test of proportional hazards, transform "km": one test per covariate, one per term, the global one.
struct Proportionality {
  std::vector<ChiSquareTest> covariates;
  std::vector<ChiSquareTest> terms;
  ChiSquareTest global;
};

/// For a fit of the same data and ties whose status is `fitted`; throws StatisticsError for others, and where
/// all events happened at one time. `terms`: how many of the covariates, in their order, stand for one term
/// (the indicators of one column of levels); empty: each is one.
Proportionality test_proportionality(const CoxData& data, const CoxFit& fit, Ties ties = Ties::efron,
                                     std::span<const std::size_t> terms = {});

}  // namespace stroma::stats

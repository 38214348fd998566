// Do arms differ in survival? At each event time the events of an arm are compared with those expected from
// its share of the subjects at risk, e_j = d n_j / n, with the hypergeometric covariance
// v_jk = d (n - d) / (n - 1) n_j / n (delta_jk - n_k / n); the sums of O - E, over strata too, give
// chi-square with arms - 1 degrees of freedom (Mantel, Cancer Chemother. Rep. 50, 1966). Weights S(t-)^rho
// from the pooled estimate of the stratum stress early events (Harrington and Fleming, Biometrika 69, 1982);
// rho = 1 is the Peto and Peto form of Gehan's test. R's survdiff is the check, and of late entries, which it
// does not take, the score test of coxph with exact ties.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "stats/follow_up.hpp"

namespace stroma::stats {

struct LogRankArm {
  std::size_t n = 0;
  double observed = 0.0;  ///< weighted number of events
  double expected = 0.0;
};

enum class LogRankStatus {
  tested,
  no_events,        ///< nobody had the event
  one_arm_at_risk,  ///< fewer than two arms had anyone at risk at an event
  no_variance       ///< the order of the events says nothing, such as one risk set that all dies at once
};

struct LogRank {
  LogRankStatus status = LogRankStatus::tested;
  std::string message;  ///< a sentence where there is no test
  double statistic = 0.0;
  double df = 0.0;  ///< arms with anyone expected - 1
  double p = 1.0;
  std::vector<LogRankArm> arms;
};

/// H0: the arms have the same hazard within each stratum. `arm[i]` (from 0, every number up to the largest
/// used) and `stratum[i]` (any number; empty: one stratum) belong to subject i. Throws StatisticsError for
/// lengths that differ, fewer than two arms, an arm without subjects, or rho < 0.
LogRank log_rank_test(std::span<const FollowUp> subjects, std::span<const int> arm,
                      std::span<const int> stratum = {}, double rho = 0.0);

}  // namespace stroma::stats

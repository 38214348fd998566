// Survival of animals or patients by arm: what a laboratory reports of a table of subjects with time and
// status. Kaplan-Meier curves, the log-rank test, Cox regression with its test of proportionality, and mean
// times within a common horizon; the statistics are those of `stats`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/diagnostics.hpp"
#include "stats/cox_regression.hpp"
#include "stats/kaplan_meier.hpp"
#include "stats/log_rank.hpp"
#include "stats/restricted_mean.hpp"

namespace stroma::assays {

/// One subject, or one interval of its observation where it has several, which do not overlap.
struct SurvivalSubject {
  std::string subject, arm;
  stats::FollowUp follow_up;
  std::string stratum;             ///< empty where the analysis is not stratified
  std::vector<double> covariates;  ///< as many as SurvivalData::covariates
};

struct SurvivalData {
  std::vector<SurvivalSubject> subjects;  ///< or intervals
  std::vector<std::string> covariates;    ///< names, such as "age" or "sex=male"
};

struct SurvivalOptions {
  std::string reference;      ///< arm; empty: the first
  std::optional<double> tau;  ///< horizon of the mean times; empty: the least of the arms' last times
  stats::Ties ties = stats::Ties::efron;
};

struct SurvivalArmResult {
  std::string arm;
  std::size_t n = 0;                      ///< different subjects
  std::vector<stats::FollowUp> subjects;  ///< each once, but where its observation has a gap
  stats::KaplanMeier curve;
  std::optional<stats::RestrictedMean> mean;  ///< none where the horizon cannot be reached
};

/// An arm against the reference.
struct SurvivalComparison {
  std::string arm;
  stats::LogRank log_rank;  ///< of these two arms, within strata where there are
  double adjusted_p = 1.0;  ///< of the log-rank tests, Holm; NaN where there was no test
  std::optional<stats::RestrictedMeanComparison> mean;  ///< arm - reference
};

struct SurvivalAnalysis {
  std::string reference;
  std::vector<SurvivalArmResult> arms;  ///< the reference first, then as they appear
  stats::LogRank log_rank;              ///< of all arms; status no test where there is one arm
  std::vector<SurvivalComparison> comparisons;
  double tau = 0.0;
  bool stratified = false;
  std::optional<stats::CoxFit> cox;  ///< arms against the reference, then covariates; none without either
  std::optional<stats::Proportionality> proportionality;
  core::Diagnostics warnings;
};

/// Intervals of one subject, arm and stratum that follow each other without a gap as one row: nobody is
/// censored where only a covariate changed. In the order of their first rows.
std::vector<SurvivalSubject> join_intervals(const std::vector<SurvivalSubject>& intervals);

/// Different subjects among the rows of one arm.
std::size_t count_subjects(const std::vector<SurvivalSubject>& rows, const std::string& arm);

/// Analyses at least one subject. Throws InputError for a reference that is no arm (unknown-arm) and a
/// horizon that an arm's curve does not reach (bad-horizon). Estimates that the data do not have are
/// warnings.
SurvivalAnalysis analyse_survival(const SurvivalData& data, const SurvivalOptions& options);

}  // namespace stroma::assays

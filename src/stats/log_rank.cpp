#include "stats/log_rank.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

struct Sums {
  Eigen::VectorXd observed, expected;
  Eigen::MatrixXd variance;
};

// Subjects of one stratum, ascending in time; whoever enters late is at risk from then on.
void add_stratum(Sums& sums, std::span<const FollowUp> subjects, std::span<const int> arm,
                 std::span<const std::size_t> order, double rho) {
  Eigen::VectorXd at_risk = Eigen::VectorXd::Zero(sums.observed.size());
  std::vector<std::size_t> entering(order.begin(), order.end());
  std::sort(entering.begin(), entering.end(),
            [&](std::size_t a, std::size_t b) { return subjects[a].entry < subjects[b].entry; });
  std::size_t entered = 0;
  double survival = 1.0;  // pooled, just before the time
  for (std::size_t k = 0; k < order.size();) {
    const double time = subjects[order[k]].time;
    for (; entered < entering.size() && subjects[entering[entered]].entry < time; ++entered)
      at_risk[arm[entering[entered]]] += 1.0;
    const double n = at_risk.sum(), weight = std::pow(survival, rho);
    Eigen::VectorXd leaving = Eigen::VectorXd::Zero(at_risk.size());
    double events = 0.0;
    for (; k < order.size() && subjects[order[k]].time == time; ++k) {
      leaving[arm[order[k]]] += 1.0;
      if (!subjects[order[k]].event) continue;
      events += 1.0;
      sums.observed[arm[order[k]]] += weight;
    }
    if (events > 0.0) {
      const Eigen::VectorXd share = at_risk / n;
      sums.expected += weight * events * share;
      if (n > 1.0) {
        const double scale = weight * weight * events * (n - events) / (n - 1.0);
        sums.variance += scale * (Eigen::MatrixXd(share.asDiagonal()) - share * share.transpose());
      }
      survival *= (n - events) / n;
    }
    at_risk -= leaving;
  }
}

std::size_t arm_count(std::span<const FollowUp> subjects, std::span<const int> arm,
                      std::span<const int> stratum) {
  require_follow_up(subjects, 2, "log-rank test");
  if (arm.size() != subjects.size() || (!stratum.empty() && stratum.size() != subjects.size()))
    throw StatisticsError(fmt::format("log-rank test: {} subjects, but {} arms and {} strata given",
                                      subjects.size(), arm.size(), stratum.size()));
  const auto [low, high] = std::minmax_element(arm.begin(), arm.end());
  if (*low < 0 || *high < 1)
    throw StatisticsError("log-rank test: arms are numbered from 0, and at least two are needed");
  if (static_cast<std::size_t>(*high) >= arm.size())
    throw StatisticsError(
        fmt::format("log-rank test: arm {} named, but there are {} subjects", *high, arm.size()));
  for (int a = 0; a <= *high; ++a)
    if (std::find(arm.begin(), arm.end(), a) == arm.end())
      throw StatisticsError(fmt::format("log-rank test: arm {} has no subjects", a));
  return static_cast<std::size_t>(*high) + 1;
}

LogRank without_test(LogRank r, LogRankStatus status, std::string message) {
  r.status = status;
  r.message = std::move(message);
  return r;
}

}  // namespace

LogRank log_rank_test(std::span<const FollowUp> subjects, std::span<const int> arm,
                      std::span<const int> stratum, double rho) {
  const std::size_t arms = arm_count(subjects, arm, stratum);
  if (!(rho >= 0.0 && std::isfinite(rho)))
    throw StatisticsError(fmt::format("log-rank test: rho is {}, a number not below 0 is needed", rho));
  std::vector<std::size_t> order(subjects.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto stratum_of = [&](std::size_t i) { return stratum.empty() ? 0 : stratum[i]; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(stratum_of(a), subjects[a].time) < std::pair(stratum_of(b), subjects[b].time);
  });
  const auto count = static_cast<Eigen::Index>(arms);
  Sums sums{Eigen::VectorXd::Zero(count), Eigen::VectorXd::Zero(count), Eigen::MatrixXd::Zero(count, count)};
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && stratum_of(order[end]) == stratum_of(order[begin])) ++end;
    add_stratum(sums, subjects, arm, std::span(order).subspan(begin, end - begin), rho);
    begin = end;
  }
  LogRank r;
  r.arms.resize(arms);
  for (const int a : arm) ++r.arms[static_cast<std::size_t>(a)].n;
  std::vector<Eigen::Index> used;  // arms that were ever at risk at an event
  for (Eigen::Index a = 0; a < count; ++a) {
    r.arms[static_cast<std::size_t>(a)].observed = sums.observed[a];
    r.arms[static_cast<std::size_t>(a)].expected = sums.expected[a];
    if (sums.expected[a] > 0.0) used.push_back(a);
  }
  if (used.empty())
    return without_test(r, LogRankStatus::no_events,
                        "no subject had the event, so there is nothing to compare");
  if (used.size() < 2)
    return without_test(r, LogRankStatus::one_arm_at_risk,
                        "fewer than two arms had subjects at risk when events happened");
  // The last of the arms follows from the others.
  const std::vector<Eigen::Index> kept(used.begin() + 1, used.end());
  const Eigen::VectorXd excess = (sums.observed - sums.expected)(kept);
  const Eigen::MatrixXd variance = sums.variance(kept, kept);
  const Eigen::VectorXd spectrum = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(variance).eigenvalues();
  if (!(spectrum[0] > 1e-12 * std::max(1.0, spectrum[spectrum.size() - 1])))
    return without_test(
        r, LogRankStatus::no_variance,
        "at every event all subjects at risk had it or were of one arm, so the order of events tells "
        "the arms not apart");
  r.statistic = excess.dot(variance.ldlt().solve(excess));
  r.df = static_cast<double>(kept.size());
  r.p = chi_square_upper(r.statistic, r.df);
  return r;
}

}  // namespace stroma::stats

#include "stats/repeated_measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

using Row = std::vector<long double>;

long double mean_of(const Row& x) {
  long double sum = 0.0L;
  for (const long double v : x) sum += v;
  return sum / static_cast<long double>(x.size());
}

AnovaEffect effect(long double ss, double df, double error_ss, double error_df) {
  AnovaEffect e;
  e.ss = static_cast<double>(std::max(0.0L, ss));
  e.df = df;
  e.f = e.ss / df / (error_ss / error_df);
  e.p = f_upper(e.f, df, error_df);
  e.partial_eta_squared = e.ss / (e.ss + error_ss);
  return e;
}

/// Greenhouse and Geisser's epsilon of what is left within groups: its covariance, centred both ways.
double epsilon_of(const std::vector<Row>& residuals) {
  const std::size_t levels = residuals.front().size();
  std::vector<Row> s(levels, Row(levels, 0.0L));
  for (const Row& r : residuals)
    for (std::size_t i = 0; i < levels; ++i)
      for (std::size_t j = 0; j < levels; ++j) s[i][j] += r[i] * r[j];
  Row row_mean;
  for (const Row& r : s) row_mean.push_back(mean_of(r));
  const long double all = mean_of(row_mean);
  long double trace = 0.0L, squares = 0.0L;
  for (std::size_t i = 0; i < levels; ++i)
    for (std::size_t j = 0; j < levels; ++j) {
      const long double centred = s[i][j] - row_mean[i] - row_mean[j] + all;
      trace += i == j ? centred : 0.0L;
      squares += centred * centred;
    }
  return static_cast<double>(trace * trace / (static_cast<long double>(levels - 1) * squares));
}

}  // namespace

RepeatedMeasures repeated_measures(const std::vector<std::vector<double>>& values,
                                   std::span<const std::size_t> group) {
  if (values.size() != group.size() || values.empty())
    throw StatisticsError(fmt::format("repeated measures: {} subjects with {} groups, as many are needed",
                                      values.size(), group.size()));
  const std::size_t levels = values.front().size();
  const std::size_t groups = 1 + *std::max_element(group.begin(), group.end());
  if (levels < 2) throw StatisticsError("repeated measures: 1 level, at least 2 needed");
  if (groups < 2) throw StatisticsError("repeated measures: 1 group, at least 2 needed");
  const long double origin = values.front().empty() ? 0.0L : values.front().front();
  std::vector<Row> y, group_mean(groups, Row(levels, 0.0L));
  std::vector<long double> size(groups, 0.0L);
  Row level_mean(levels, 0.0L);
  for (std::size_t s = 0; s < values.size(); ++s) {
    if (values[s].size() != levels)
      throw StatisticsError(
          fmt::format("repeated measures: a subject has {} values, each needs {}", values[s].size(), levels));
    require_sample(values[s], 1, "repeated measures");
    y.emplace_back();
    size[group[s]] += 1.0L;
    for (std::size_t j = 0; j < levels; ++j) {
      y[s].push_back(values[s][j] - origin);
      group_mean[group[s]][j] += y[s][j];
      level_mean[j] += y[s][j];
    }
  }
  const auto n = static_cast<long double>(values.size());
  const auto b = static_cast<long double>(levels);
  for (std::size_t g = 0; g < groups; ++g) {
    if (size[g] == 0.0L)
      throw StatisticsError(fmt::format("repeated measures: group {} has no subject", g + 1));
    for (long double& m : group_mean[g]) m /= size[g];
  }
  for (long double& m : level_mean) m /= n;
  const long double all = mean_of(level_mean);
  long double ss_groups = 0.0L, ss_levels = 0.0L, ss_both = 0.0L, ss_subjects = 0.0L, ss_rest = 0.0L;
  for (std::size_t g = 0; g < groups; ++g) {
    const long double m = mean_of(group_mean[g]);
    ss_groups += b * size[g] * (m - all) * (m - all);
    for (const long double cell : group_mean[g]) ss_both += size[g] * (cell - m) * (cell - m);
  }
  for (const long double m : level_mean) ss_levels += n * (m - all) * (m - all);
  std::vector<Row> residuals;
  for (std::size_t s = 0; s < y.size(); ++s) {
    const Row& cell = group_mean[group[s]];
    const long double m = mean_of(cell), own = mean_of(y[s]);
    ss_subjects += b * (own - m) * (own - m);
    Row& left = residuals.emplace_back();
    for (std::size_t j = 0; j < levels; ++j) {
      const long double r = y[s][j] - own - cell[j] + m;
      ss_rest += r * r;
      left.push_back(y[s][j] - cell[j]);
    }
  }
  RepeatedMeasures t;
  const double a1 = static_cast<double>(groups - 1), b1 = static_cast<double>(levels - 1);
  t.error_between_df = static_cast<double>(values.size() - groups);
  t.error_within_df = t.error_between_df * b1;
  t.error_between_ss = static_cast<double>(ss_subjects);
  t.error_within_ss = static_cast<double>(ss_rest);
  if (t.error_between_df <= 0.0)
    throw StatisticsError("repeated measures: as many groups as subjects, so the error is unknown");
  if (!(t.error_between_ss > 0.0) || !(t.error_within_ss > 0.0))
    throw StatisticsError("repeated measures: nothing varies beside the factors, so the error is unknown");
  t.between = effect(ss_groups, a1, t.error_between_ss, t.error_between_df);
  t.within = effect(ss_levels, b1, t.error_within_ss, t.error_within_df);
  t.interaction = effect(ss_both - ss_levels, a1 * b1, t.error_within_ss, t.error_within_df);
  t.epsilon = levels == 2 ? 1.0 : epsilon_of(residuals);
  const auto corrected = [&](const AnovaEffect& e) {
    return f_upper(e.f, e.df * t.epsilon, t.error_within_df * t.epsilon);
  };
  t.within_p_corrected = corrected(t.within);
  t.interaction_p_corrected = corrected(t.interaction);
  return t;
}

}  // namespace stroma::stats

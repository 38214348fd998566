#include "stats/anova.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

struct Layout {
  std::vector<Moments> groups;
  std::size_t n = 0;
  long double ss_between = 0.0L;
  long double ss_within = 0.0L;
};

Layout lay_out(const Groups& groups, std::size_t least, const char* what) {
  if (groups.size() < 2)
    throw StatisticsError(fmt::format("{}: {} groups given, at least 2 needed", what, groups.size()));
  Layout l;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    require_sample(groups[i], least, fmt::format("{}, group {}", what, i + 1));
    l.groups.push_back(moments(groups[i], groups.front().front()));
    l.n += groups[i].size();
  }
  long double grand_mean = 0.0L;
  for (const Moments& g : l.groups) grand_mean += static_cast<long double>(g.n) * g.mean;
  grand_mean /= static_cast<long double>(l.n);
  for (const Moments& g : l.groups) {
    const long double d = g.mean - grand_mean;
    l.ss_between += static_cast<long double>(g.n) * d * d;
    l.ss_within += g.sum_of_squares;
  }
  // A spread of a few roundings of the values is the arithmetic's and not the data's, as in the t tests.
  long double largest = 0.0L;
  for (const Moments& g : l.groups) largest = std::max(largest, std::abs(g.mean + groups.front().front()));
  const long double rounding = 10.0L * std::numeric_limits<double>::epsilon() * largest;
  if (l.ss_within <= static_cast<long double>(l.n - groups.size()) * rounding * rounding) {
    throw StatisticsError(
        fmt::format("{}: no group varies, so the error is unknown; groups with spread are needed", what));
  }
  return l;
}

Anova anova_of(const Groups& groups, std::size_t least, const char* what) {
  const Layout l = lay_out(groups, least, what);
  Anova a;
  a.df_between = static_cast<double>(groups.size() - 1);
  a.df_within = static_cast<double>(l.n - groups.size());
  a.ss_between = static_cast<double>(l.ss_between);
  a.ss_within = static_cast<double>(l.ss_within);
  a.f = static_cast<double>((l.ss_between / a.df_between) / (l.ss_within / a.df_within));
  a.p = f_upper(a.f, a.df_between, a.df_within);
  return a;
}

Anova anova_of_distances(const Groups& groups, double (*centre_of)(std::span<const double>),
                         const char* what) {
  std::vector<std::vector<double>> distances;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    require_sample(groups[i], 2, fmt::format("{}, group {}", what, i + 1));
    const double centre = centre_of(groups[i]);
    std::vector<double>& d = distances.emplace_back();
    for (const double v : groups[i]) d.push_back(std::abs(v - centre));
  }
  return anova_of(Groups(distances.begin(), distances.end()), 2, what);
}

}  // namespace

Anova one_way_anova(const Groups& groups) {
  return anova_of(groups, 1, "one-way ANOVA");
}

FTest brown_forsythe_means(const Groups& groups) {
  const Layout l = lay_out(groups, 2, "Brown-Forsythe test of means");
  std::vector<long double> terms;
  long double denominator = 0.0L;
  for (const Moments& g : l.groups) {
    const long double variance = g.sum_of_squares / static_cast<long double>(g.n - 1);
    terms.push_back((1.0L - static_cast<long double>(g.n) / static_cast<long double>(l.n)) * variance);
    denominator += terms.back();
  }
  long double inverse_df = 0.0L;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const long double c = terms[i] / denominator;
    inverse_df += c * c / static_cast<long double>(l.groups[i].n - 1);
  }
  FTest t;
  t.f = static_cast<double>(l.ss_between / denominator);
  t.df1 = static_cast<double>(groups.size() - 1);
  t.df2 = static_cast<double>(1.0L / inverse_df);
  t.p = f_upper(t.f, t.df1, t.df2);
  return t;
}

Anova brown_forsythe_variances(const Groups& groups) {
  return anova_of_distances(groups, median, "Brown-Forsythe test of variances");
}

Anova levene_variances(const Groups& groups) {
  return anova_of_distances(groups, mean, "Levene's test");
}

}  // namespace stroma::stats

#include "report/arms.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "stats/anova.hpp"
#include "stats/descriptive.hpp"
#include "stats/error.hpp"
#include "stats/multiple_comparison.hpp"
#include "stats/significance.hpp"
#include "stats/t_test.hpp"

namespace stroma::report {

PanelStatistics compare_arms(const std::string& panel, const std::vector<std::string>& arms,
                             const std::vector<std::vector<double>>& values,
                             const std::vector<std::pair<std::string, std::string>>& pairs) {
  PanelStatistics out;
  std::vector<std::size_t> usable;
  for (std::size_t a = 0; a < arms.size(); ++a)
    if (values[a].size() >= 2) usable.push_back(a);
  if (usable.size() < 2) return out;
  stats::Groups groups;
  for (const std::size_t a : usable) groups.emplace_back(values[a]);
  const auto index = [&](const std::string& arm) {
    for (std::size_t g = 0; g < usable.size(); ++g)
      if (arms[usable[g]] == arm) return static_cast<int>(g);
    return -1;
  };
  const auto add = [&](const std::pair<std::string, std::string>& pair, const std::string& test,
                       const std::string& statistic, double p, const Estimate& difference) {
    const int n = static_cast<int>(std::min(groups[static_cast<std::size_t>(index(pair.first))].size(),
                                            groups[static_cast<std::size_t>(index(pair.second))].size()));
    out.brackets.push_back({pair.first, pair.second, p, std::string(stats::stars(p))});
    out.lines.push_back({fmt::format("{}: {} against {}", panel, pair.first, pair.second), n, test, statistic,
                         p, "difference of means", difference});
  };
  try {
    if (groups.size() == 2) {
      for (const auto& pair : pairs) {
        const int a = index(pair.first), b = index(pair.second);
        if (a < 0 || b < 0) continue;
        const stats::TTest t =
            stats::welch_t_test(groups[static_cast<std::size_t>(a)], groups[static_cast<std::size_t>(b)]);
        add(pair, "Welch's t test", fmt::format("t = {:.3g}, {:.3g} df", t.statistic, t.df), t.p,
            {t.difference, {t.ci.low, t.ci.high}});
      }
      return out;
    }
    const stats::Anova anova = stats::one_way_anova(groups);
    const stats::FTest means = stats::brown_forsythe_means(groups);
    out.lines.push_back(
        {panel + ": all arms",
         static_cast<int>(groups.front().size()),
         "one-way ANOVA",
         fmt::format("F = {:.3g}, {:.0f} and {:.0f} df; Brown-Forsythe F* = {:.3g}, p = {:.2g}", anova.f,
                     anova.df_between, anova.df_within, means.f, means.p),
         anova.p,
         "",
         {}});
    const std::vector<stats::TukeyPair> tukey = stats::tukey_hsd(groups);
    for (const auto& pair : pairs) {
      const int a = index(pair.first), b = index(pair.second);
      for (const stats::TukeyPair& t : tukey) {
        const bool forward = static_cast<int>(t.second) == a && static_cast<int>(t.first) == b;
        const bool backward = static_cast<int>(t.first) == a && static_cast<int>(t.second) == b;
        if (!forward && !backward) continue;
        const double sign = forward ? 1.0 : -1.0;
        const Interval ci = forward ? Interval{t.ci.low, t.ci.high} : Interval{-t.ci.high, -t.ci.low};
        add(pair, "Tukey's HSD after one-way ANOVA",
            fmt::format("q = {:.3g}, {:.0f} df", t.q, anova.df_within), t.p_adjusted,
            {sign * t.difference, ci});
      }
    }
  } catch (const stats::StatisticsError& error) {
    out.lines.push_back({panel + ": " + error.what(), 0, "none", "", missing, "", {}});
  }
  return out;
}

BarGroup bar_of(const std::string& arm, const std::vector<double>& values) {
  BarGroup group{arm, values, missing, {}};
  if (values.empty()) return group;
  group.mean = stats::mean(values);
  if (values.size() < 2) return group;
  const double sem = stats::standard_error(values);
  group.error = {group.mean - sem, group.mean + sem};
  return group;
}

}  // namespace stroma::report

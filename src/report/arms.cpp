#include "report/arms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "stats/anova.hpp"
#include "stats/comparison.hpp"
#include "stats/descriptive.hpp"
#include "stats/error.hpp"
#include "stats/multiple_comparison.hpp"
#include "stats/significance.hpp"
#include "stats/t_test.hpp"

namespace stroma::report {
namespace {

using Pair = std::pair<std::string, std::string>;
using Blocks = std::map<std::string, std::vector<double>>;

Statistic line_of(const std::string& panel, const Pair& pair) {
  Statistic line;
  line.comparison = comparison_name(panel, pair.first, pair.second);
  line.panel = panel;
  line.arm = pair.first;
  line.reference_arm = pair.second;
  return line;
}

Statistic none_of(const std::string& text) {
  return {text, 0, "none", "", missing, "", {}};
}

// All arms are one another's, each with its own values.
PanelStatistics compare_arms(const std::string& panel, const std::vector<std::string>& arms,
                             const std::vector<std::vector<double>>& values, const std::vector<Pair>& pairs) {
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
  const auto add = [&](const Pair& pair, const std::string& test, const std::string& statistic, double p,
                       const Estimate& difference) {
    out.brackets.push_back({pair.first, pair.second, p, std::string(stats::stars(p))});
    Statistic line = line_of(panel, pair);
    line.n = static_cast<int>(std::min(groups[static_cast<std::size_t>(index(pair.first))].size(),
                                       groups[static_cast<std::size_t>(index(pair.second))].size()));
    line.test = test;
    line.statistic = statistic;
    line.p = p;
    line.estimate_name = "difference of means";
    line.estimate = difference;
    out.lines.push_back(std::move(line));
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
        {(panel.empty() ? "" : panel + ": ") + "all arms",
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
    out.lines.push_back(none_of((panel.empty() ? "" : panel + ": ") + error.what()));
  }
  return out;
}

struct InBlocks {
  stats::TTest test;
  bool paired = false;
  std::size_t n = 0;
};

// Over the blocks that hold both; nothing where there are too few.
std::optional<InBlocks> test_in_blocks(const Blocks& arm, const Blocks& reference) {
  std::vector<double> x, y;
  bool single = true;
  std::size_t shared = 0;
  for (const auto& [block, values] : arm) {
    const auto other = reference.find(block);
    if (other == reference.end()) continue;
    ++shared;
    single = single && values.size() == 1 && other->second.size() == 1;
    x.insert(x.end(), values.begin(), values.end());
    y.insert(y.end(), other->second.begin(), other->second.end());
  }
  if (shared == 0 || x.size() < 2 || y.size() < 2) return std::nullopt;
  return InBlocks{single ? stats::paired_t_test(x, y) : stats::welch_t_test(x, y), single,
                  std::min(x.size(), y.size())};
}

std::map<std::string, Blocks> blocks_of(const ArmValues& values) {
  std::map<std::string, Blocks> out;
  for (std::size_t a = 0; a < values.arms.size(); ++a)
    for (std::size_t i = 0; i < values.values[a].size(); ++i)
      out[values.arms[a]][values.blocks[a][i]].push_back(values.values[a][i]);
  return out;
}

PanelStatistics compare_in_blocks(const ArmValues& values, const std::vector<Pair>& pairs) {
  const std::string& panel = values.title;
  PanelStatistics out;
  std::map<std::string, Blocks> by_arm = blocks_of(values);
  std::vector<std::pair<Pair, InBlocks>> tested;
  const auto none = [&](const Pair& pair, const std::string& why) {
    out.lines.push_back(none_of(comparison_name(panel, pair.first, pair.second) + ": " + why));
  };
  for (const Pair& pair : pairs) try {
      if (const auto test = test_in_blocks(by_arm[pair.first], by_arm[pair.second]))
        tested.emplace_back(pair, *test);
      else
        none(pair, "too few shared by both to compare");
    } catch (const stats::StatisticsError& error) {
      none(pair, error.what());
    }
  std::vector<double> p;
  for (const auto& [pair, one] : tested) p.push_back(one.test.p);
  const std::vector<double> adjusted = p.size() > 1 ? stats::holm_adjust(p) : p;
  for (std::size_t k = 0; k < tested.size(); ++k) {
    const auto& [pair, one] = tested[k];
    out.brackets.push_back({pair.first, pair.second, adjusted[k], std::string(stats::stars(adjusted[k]))});
    Statistic line = line_of(panel, pair);
    line.n = static_cast<int>(one.n);
    line.test = std::string(one.paired ? "paired t test" : "Welch's t test") +
                (tested.size() > 1 ? " (p by Holm)" : "");
    line.statistic = fmt::format("t = {:.3g}, {:.3g} df", one.test.statistic, one.test.df);
    line.p = adjusted[k];
    line.estimate_name = "difference of means";
    line.estimate = {one.test.difference, {one.test.ci.low, one.test.ci.high}};
    out.lines.push_back(std::move(line));
  }
  return out;
}

std::vector<std::vector<double>> log2_of(std::vector<std::vector<double>> values) {
  for (std::vector<double>& arm : values)
    for (double& value : arm) value = std::log2(value);
  return values;
}

// A difference of logarithms is a ratio.
void as_ratios(PanelStatistics& statistics) {
  for (Statistic& line : statistics.lines) {
    if (line.estimate_name.empty()) continue;
    line.test += " of log2 values";
    line.estimate_name = "ratio";
    Estimate& e = line.estimate;
    e = {std::exp2(e.value), {std::exp2(e.interval.low), std::exp2(e.interval.high)}};
  }
}

Estimate ratio_of(double log2, const stats::Interval& ci) {
  return {std::exp2(log2), {std::exp2(ci.low), std::exp2(ci.high)}};
}

// What the two arms of a line are to each other alone, as a finding would have it.
Estimate ratio_alone(const ArmValues& values, const std::string& arm, const std::string& reference) {
  const auto of = [&](const std::string& name) {
    return values.values[static_cast<std::size_t>(std::find(values.arms.begin(), values.arms.end(), name) -
                                                  values.arms.begin())];
  };
  if (values.blocks.empty()) {
    const stats::ComparisonOutcome outcome = stats::compare_log2_ratio(of(arm), of(reference));
    const auto* c = std::get_if<stats::Comparison>(&outcome);
    return c == nullptr ? Estimate{} : ratio_of(c->effect, c->ci);
  }
  ArmValues logs = values;
  logs.values = log2_of(values.values);
  std::map<std::string, Blocks> by_arm = blocks_of(logs);
  try {
    const auto test = test_in_blocks(by_arm[arm], by_arm[reference]);
    return test ? ratio_of(test->test.difference, test->test.ci) : Estimate{};
  } catch (const stats::StatisticsError&) {
    return {};  // no logarithm of a value, or no spread: there is no ratio to tell
  }
}

}  // namespace

PanelStatistics compare(const ArmValues& values, const std::vector<Pair>& pairs) {
  ArmValues scaled = values;
  if (values.ratios) scaled.values = log2_of(values.values);
  PanelStatistics out = values.blocks.empty() ? compare_arms(values.title, values.arms, scaled.values, pairs)
                                              : compare_in_blocks(scaled, pairs);
  if (values.ratios) as_ratios(out);
  for (Statistic& line : out.lines)
    if (!line.arm.empty()) line.ratio = ratio_alone(values, line.arm, line.reference_arm);
  return out;
}

std::string comparison_name(const std::string& panel, const std::string& arm, const std::string& reference) {
  return fmt::format("{}{}{} against {}", panel, panel.empty() ? "" : ": ", arm, reference);
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

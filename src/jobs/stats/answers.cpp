#include "jobs/stats/answers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "core/text.hpp"
#include "stats/descriptive.hpp"
#include "stats/shapiro_wilk.hpp"

namespace stroma::jobs {
namespace {

using Json = nlohmann::ordered_json;

bool varies(const std::vector<double>& x) {
  return std::any_of(x.begin(), x.end(), [&](double v) { return v != x.front(); });
}

/// The first `longest` bytes of a name, at the end of a character.
std::string cropped(const std::string& name, std::size_t longest) {
  if (name.size() <= longest) return name;
  std::size_t end = 0;
  while (end < longest) end += std::max<std::size_t>(1, core::utf8_length(name, end));
  return name.substr(0, end) + "...";
}

}  // namespace

Json interval_json(const stats::Interval& ci) {
  return Json::array({ci.low, ci.high});
}

Json effect_json(const stats::EffectSize& effect) {
  return {{"value", effect.value}, {"ci", interval_json(effect.ci)}};
}

std::string shown_interval(const stats::Interval& ci) {
  const auto end = [](double v) { return std::isnan(v) ? std::string("open") : shown(v); };
  return fmt::format("{} to {}", end(ci.low), end(ci.high));
}

Json groups_json(const Grouped& g, double level) {
  Json all = Json::array();
  for (std::size_t i = 0; i < g.names.size(); ++i) {
    const auto& x = g.values[i];
    Json one = {{"name", g.names[i]}, {"n", x.size()}};
    if (!x.empty()) {
      one["mean"] = static_cast<double>(stats::moments(x).mean + static_cast<long double>(g.origin));
      if (x.size() > 1) {
        const stats::Interval ci = stats::mean_interval(x, level);
        one["sd"] = stats::standard_deviation(x);
        one["sem"] = stats::standard_error(x);
        one["ci"] = Json::array({ci.low + g.origin, ci.high + g.origin});
        if (varies(x)) one["autocorrelation"] = stats::autocorrelation(x);
      }
      for (const auto& [name, p] :
           {std::pair{"min", 0.0}, {"q1", 0.25}, {"median", 0.5}, {"q3", 0.75}, {"max", 1.0}})
        one[name] = stats::quantile(x, p) + g.origin;
    }
    all.push_back(std::move(one));
  }
  return all;
}

std::string groups_text(const Grouped& g) {
  constexpr std::size_t most = 20, longest = 60;  // groups and bytes of a name that a line of text may have
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < g.names.size(); ++i) {
    if (i == most && g.names.size() > most + 1) {
      parts.push_back(fmt::format("and {} more", g.names.size() - most));
      break;
    }
    const auto& x = g.values[i];
    const std::string name = cropped(g.names[i], longest);
    if (x.empty())
      parts.push_back(fmt::format("{} (n = 0)", name));
    else if (x.size() == 1)
      parts.push_back(fmt::format("{} (n = 1, {})", name, shown(x.front() + g.origin)));
    else
      parts.push_back(fmt::format("{} (n = {}, mean {}, sd {})", name, x.size(),
                                  shown(stats::mean(x) + g.origin), shown(stats::standard_deviation(x))));
  }
  return fmt::format("{}{}", fmt::join(parts, "; "), g.unit.empty() ? "" : fmt::format("; in {}", g.unit));
}

std::vector<std::vector<std::size_t>> block_indices(const Grouped& g) {
  std::map<std::string, std::size_t> index;
  std::vector<std::vector<std::size_t>> of_each;
  for (const std::vector<std::string>& labels : g.blocks) {
    auto& indices = of_each.emplace_back();
    for (const std::string& label : labels)
      indices.push_back(index.emplace(label, index.size()).first->second);
  }
  return of_each;
}

Grouped without_blocks(const Grouped& g) {
  std::map<std::string, std::pair<double, double>> sums;
  for (std::size_t i = 0; i < g.values.size(); ++i)
    for (std::size_t j = 0; j < g.values[i].size(); ++j) {
      auto& [sum, n] = sums[g.blocks[i][j]];
      sum += g.values[i][j];
      n += 1.0;
    }
  Grouped out = g;
  for (std::size_t i = 0; i < g.values.size(); ++i)
    for (std::size_t j = 0; j < g.values[i].size(); ++j) {
      const auto& [sum, n] = sums.at(g.blocks[i][j]);
      out.values[i][j] -= sum / n;
    }
  return out;
}

void check_assumptions(const Grouped& g, bool equal_variances, StatsAnswer& answer) {
  std::vector<double> residuals;
  std::size_t smallest = std::numeric_limits<std::size_t>::max();
  bool pairs_everywhere = true, judgeable = false;
  for (const auto& x : g.values) {
    smallest = std::min(smallest, x.size());
    pairs_everywhere = pairs_everywhere && x.size() >= 2;
    judgeable = judgeable || (x.size() >= 3 && varies(x));  // two values lie equally far from their median
    const double m = stats::mean(x);
    for (const double v : x) residuals.push_back(v - m);
  }
  Json& assumptions = answer.json["assumptions"];
  if (residuals.size() >= 3 && residuals.size() <= 5000 && varies(residuals)) {
    const stats::GoodnessOfFit w = stats::shapiro_wilk(residuals);
    assumptions["normality"] = {{"test", "Shapiro-Wilk of the residuals"}, {"w", w.statistic}, {"p", w.p}};
    if (w.p < 0.05)
      answer.notes.push_back(
          fmt::format("the values are not normal within the groups (Shapiro-Wilk p = {}): a rank test, or "
                      "logarithms of positive "
                      "values, may serve better",
                      shown_p(w.p)));
  }
  if (g.values.size() >= 2 && pairs_everywhere && judgeable) {
    const stats::Anova f = stats::brown_forsythe_variances(g.groups());
    assumptions["equal_variances"] = {{"test", "Brown-Forsythe"}, {"f", f.f}, {"p", f.p}};
    if (equal_variances && f.p < 0.05)
      answer.notes.push_back(
          fmt::format("the spreads of the groups differ (Brown-Forsythe p = {}): use welch or brown-forsythe",
                      shown_p(f.p)));
  }
  assumptions["smallest_group"] = smallest;
  if (smallest < 4)
    answer.notes.push_back(fmt::format(
        "the smallest group has {} value{}: neither normality nor equal spread can be judged from so few",
        smallest, smallest == 1 ? "" : "s"));
}

}  // namespace stroma::jobs

// How many next time: what the scatter between experiments means for the size of the next one.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "report/laboratory_plates.hpp"
#include "stats/descriptive.hpp"
#include "stats/power.hpp"

namespace stroma::report {
namespace {

constexpr double most = 1000.0;  // values per arm; beyond, a number would only pretend to be a plan

std::vector<double> on_test_scale(std::vector<double> values, bool ratios) {
  if (ratios)
    for (double& value : values) value = std::log2(value);
  return values;
}

struct Spread {
  double sd = missing;  // pooled within the arms
  double df = 0.0;
};

Spread spread_of(const ArmValues& panel) {
  double squares = 0.0;
  Spread out;
  for (const std::vector<double>& raw : panel.values) {
    if (raw.size() < 2) continue;
    const std::vector<double> arm = on_test_scale(raw, panel.ratios);
    squares += stats::variance(arm) * static_cast<double>(arm.size() - 1);
    out.df += static_cast<double>(arm.size() - 1);
  }
  if (out.df > 0.0) out.sd = std::sqrt(squares / out.df);
  return out;
}

// Whole values per arm; empty where even `most` are not enough.
std::optional<double> values_needed(double difference, double sd, double power) {
  stats::TPower design{.n = 2.0, .delta = difference, .sd = sd};
  const auto at = [&](double n) {
    design.n = n;
    return stats::power_t_test(design);
  };
  if (at(2.0) >= power) return 2.0;
  if (at(most) < power) return {};
  return std::ceil(stats::solve_power(at, power, 2.0, most, "n"));
}

Cell needed_cell(double difference, double sd, double power) {
  const std::optional<double> n = values_needed(difference, sd, power);
  return n ? whole(static_cast<std::size_t>(*n)) : Cell(fmt::format("more than {:g}", most));
}

double smallest_found(double n, double sd, double power) {
  stats::TPower design{.n = n, .delta = 0.0, .sd = sd};
  return stats::solve_power(
      [&](double delta) {
        design.delta = delta;
        return stats::power_t_test(design);
      },
      power, 0.0, 1000.0 * sd, "difference");
}

}  // namespace

Table planning_table(const std::vector<ArmValues>& panels, const std::string& reference) {
  Table table{
      "planning",
      "How many next time",
      "n: values per arm of a two-sided t test at 0.05 between two arms, for a power of 80 or 90 %, from the "
      "spread between experiments here. A difference seen in a small experiment tends to be larger than the "
      "true one, and a spread from few values is uncertain: the cautious number takes its upper 80 % limit "
      "(Browne 1995). Half the difference needs four times as many.",
      {"readout", "comparison", "sd", "n", "seen", "found by n, 80 %", "n for 80 %", "n for 90 %",
       "cautious n"},
      {}};
  for (const ArmValues& all : panels) {
    if (all.arms.empty()) continue;
    // The next experiment is planned from measured arms, whose spread simulated ones must not dilute.
    const ArmValues panel = tested_together(all).front();
    const Spread spread = spread_of(panel);
    if (!(spread.sd > 0.0)) continue;
    const auto named = std::find(panel.arms.begin(), panel.arms.end(), reference);
    const auto base =
        named == panel.arms.end() ? std::size_t{0} : static_cast<std::size_t>(named - panel.arms.begin());
    const double cautious = stats::sd_upper_limit(spread.sd, spread.df, 0.8);
    const auto shown = [&](double difference) { return panel.ratios ? std::exp2(difference) : difference; };
    for (std::size_t a = 0; a < panel.arms.size(); ++a) {
      const std::size_t n = std::min(panel.values[a].size(), panel.values[base].size());
      if (a == base || n < 2) continue;
      const double seen = stats::mean(on_test_scale(panel.values[a], panel.ratios)) -
                          stats::mean(on_test_scale(panel.values[base], panel.ratios));
      table.rows.push_back({panel.title, fmt::format("{} against {}", panel.arms[a], panel.arms[base]),
                            spread.sd, whole(n), shown(seen),
                            shown(smallest_found(static_cast<double>(n), spread.sd, 0.8)),
                            needed_cell(seen, spread.sd, 0.8), needed_cell(seen, spread.sd, 0.9),
                            needed_cell(seen, cautious, 0.8)});
    }
  }
  if (std::any_of(panels.begin(), panels.end(), [](const ArmValues& p) { return p.ratios; }))
    table.lead += " Spreads are of log2 values, differences are ratios.";
  return table;
}

}  // namespace stroma::report

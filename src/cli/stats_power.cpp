// Power, sample size, detectable difference: whichever of n, the effect and the power was not given.
#include <fmt/format.h>

#include <cmath>

#include "cli/stats_answers.hpp"
#include "stats/descriptive.hpp"
#include "stats/error.hpp"
#include "stats/power.hpp"

namespace stroma::cli {
namespace {

using stats::StatisticsError;
constexpr double kMost = 1e7;  // of n, and of a difference in standard deviations

double needed(const std::optional<double>& value, const char* option) {
  if (!value) throw StatisticsError(fmt::format("power: {} is missing", option));
  return *value;
}

/// Somebody who means 45 % may write 45.
void require_fraction(const std::optional<double>& value, const char* option) {
  if (!value || (*value > 0.0 && *value < 1.0)) return;
  throw StatisticsError(*value >= 1.0 && *value <= 100.0
                            ? fmt::format("power: {} {:g} is no fraction; {:g} % would be {:g}", option,
                                          *value, *value, 0.01 * *value)
                            : fmt::format("power: {} {:g} is no fraction between 0 and 1", option, *value));
}

/// Sizes from a pilot table where they were not given.
void read_pilot(StatsRequest& r, const io::PlainTable& table, StatsAnswer& answer) {
  const Grouped g = grouped(r, table, answer, true);
  answer.json["groups"] = groups_json(g, r.level);
  answer.lines.push_back(groups_text(g));
  const stats::Anova a = stats::one_way_anova(g.groups());
  if (r.test == "anova") {
    std::vector<double> means;
    for (const auto& x : g.values) means.push_back(stats::mean(x));
    if (!r.groups) r.groups = static_cast<double>(g.values.size());
    if (!r.between_var) r.between_var = stats::variance(means);
    if (!r.within_var) r.within_var = a.ss_within / a.df_within;
  } else if (g.values.size() == 2) {
    if (!r.delta) r.delta = stats::mean(g.values[0]) - stats::mean(g.values[1]);
    if (!r.sd) r.sd = std::sqrt(a.ss_within / a.df_within);
  }
  answer.notes.push_back(
      "the sizes are those of a pilot: an effect chosen because it was seen is likely to be smaller next "
      "time");
}

/// The value of one field of a design that gives the power wanted.
template <class Design>
double solve_for(Design design, double Design::*field, double (*power)(const Design&), double wanted,
                 double low, double high, const char* what) {
  const auto at = [&](double value) {
    design.*field = value;
    return power(design);
  };
  return stats::solve_power(at, wanted, low, high, what);
}

/// Writes the design and what was solved for.
void write(StatsAnswer& answer, const char* name, double value, const std::string& text) {
  answer.json[name] = value;
  answer.json["solved_for"] = name;
  answer.lines.push_back(text);
}

void write_n(StatsAnswer& answer, double n, double power, const char* what) {
  write(answer, "n", n,
        fmt::format("n = {} {} for a power of {:g} ({} whole ones)", shown(n), what, power, std::ceil(n)));
  answer.json["n_whole"] = std::ceil(n);
}

void solve_t(const StatsRequest& r, StatsAnswer& answer) {
  stats::TPower d;
  d.design = r.test == "paired"       ? stats::TDesign::paired
             : r.test == "one-sample" ? stats::TDesign::one_sample
                                      : stats::TDesign::two_sample;
  d.sd = r.sd.value_or(1.0);
  d.alpha = r.alpha;
  d.two_sided = !r.one_sided;
  d.strict = true;
  const char* per = d.design == stats::TDesign::two_sample ? "per group"
                    : d.design == stats::TDesign::paired   ? "pairs"
                                                           : "values";
  answer.json["sd"] = d.sd;
  if (!r.n) {
    d.delta = needed(r.delta, "--delta or --n");
    answer.json["delta"] = d.delta;
    answer.json["power"] = needed(r.power, "--power or --n");
    const double n = solve_for(d, &stats::TPower::n, stats::power_t_test, *r.power, 2.0, kMost, "n");
    write_n(answer, n, *r.power, per);
    return;
  }
  answer.json["n"] = d.n = *r.n;
  if (!r.delta) {
    answer.json["power"] = needed(r.power, "--power or --delta");
    const double delta =
        solve_for(d, &stats::TPower::delta, stats::power_t_test, *r.power, 0.0, 100.0 * d.sd, "difference");
    write(answer, "delta", delta,
          fmt::format("a difference of {} is found with a power of {:g}, {:g} {}", shown(delta), *r.power,
                      *r.n, per));
    return;
  }
  answer.json["delta"] = d.delta = *r.delta;
  const double power = stats::power_t_test(d);
  write(answer, "power", power,
        fmt::format("power {} for a difference of {} (sd {}) with {:g} {}", shown(power), shown(d.delta),
                    shown(d.sd), d.n, per));
}

void solve_anova(const StatsRequest& r, StatsAnswer& answer) {
  stats::AnovaPower d;
  d.groups = needed(r.groups, "--groups");
  d.within_var = needed(r.within_var, "--within-var");
  d.between_var = needed(r.between_var, "--between-var");
  d.alpha = r.alpha;
  answer.json["groups_count"] = d.groups;
  answer.json["between_var"] = d.between_var;
  answer.json["within_var"] = d.within_var;
  if (!r.n) {
    answer.json["power"] = needed(r.power, "--power or --n");
    const double n = solve_for(d, &stats::AnovaPower::n, stats::power_anova, *r.power, 2.0, 1e5, "n");
    write_n(answer, n, *r.power, "per group");
    return;
  }
  answer.json["n"] = d.n = *r.n;
  const double power = stats::power_anova(d);
  write(answer, "power", power, fmt::format("power {} with {:g} per group", shown(power), d.n));
}

void solve_proportions(const StatsRequest& r, StatsAnswer& answer) {
  require_fraction(r.p1, "--p1");
  require_fraction(r.p2, "--p2");
  stats::ProportionPower d;
  d.p1 = needed(r.p1, "--p1");
  d.alpha = r.alpha;
  d.two_sided = !r.one_sided;
  d.strict = true;
  answer.json["p1"] = d.p1;
  if (!r.p2) {
    answer.json["n"] = d.n = needed(r.n, "--n or --p2");
    answer.json["power"] = needed(r.power, "--power or --p2");
    const double p2 = solve_for(d, &stats::ProportionPower::p2, stats::power_proportions, *r.power, d.p1,
                                1.0 - 1e-12, "second proportion");
    write(answer, "p2", p2,
          fmt::format("a second proportion of {} is told from {} with a power of {:g}", shown(p2),
                      shown(d.p1), *r.power));
    return;
  }
  answer.json["p2"] = d.p2 = *r.p2;
  if (!r.n) {
    answer.json["power"] = needed(r.power, "--power or --n");
    const double n =
        solve_for(d, &stats::ProportionPower::n, stats::power_proportions, *r.power, 1.0, kMost, "n");
    write_n(answer, n, *r.power, "per group");
    return;
  }
  answer.json["n"] = d.n = *r.n;
  const double power = stats::power_proportions(d);
  write(answer, "power", power, fmt::format("power {} with {:g} per group", shown(power), d.n));
}

void solve_log_rank(const StatsRequest& r, StatsAnswer& answer) {
  require_fraction(r.event_chance == 1.0 ? std::nullopt : r.event_chance, "--event-chance");
  const double ratio = needed(r.hazard_ratio, "--hazard-ratio");
  answer.json["hazard_ratio"] = ratio;
  if (r.n) {
    answer.json["n"] = *r.n;
    const double power = stats::power_log_rank(ratio, *r.n, 0.5, r.alpha);
    write(answer, "power", power,
          fmt::format("power {} with {:g} events in both arms together", shown(power), *r.n));
    return;
  }
  answer.json["power"] = needed(r.power, "--power or --n");
  const stats::LogRankSize size =
      stats::log_rank_size(ratio, *r.power, r.event_chance.value_or(1.0), 0.5, r.alpha);
  answer.json["events"] = size.events;
  answer.json["subjects"] = size.subjects;
  write_n(answer, size.events, *r.power, "events in both arms together");
  answer.lines.push_back(fmt::format("{} subjects where each has the event with probability {:g}",
                                     std::ceil(size.subjects), r.event_chance.value_or(1.0)));
}

}  // namespace

StatsAnswer stats_power(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  StatsRequest r = request;
  require_fraction(r.power, "--power");
  if (!table.columns.empty()) read_pilot(r, table, answer);
  answer.json["test"] = r.test;
  answer.json["alpha"] = r.alpha;
  answer.json["two_sided"] = !r.one_sided;
  if (r.test == "anova")
    solve_anova(r, answer);
  else if (r.test == "proportions")
    solve_proportions(r, answer);
  else if (r.test == "logrank")
    solve_log_rank(r, answer);
  else
    solve_t(r, answer);
  return answer;
}

}  // namespace stroma::cli

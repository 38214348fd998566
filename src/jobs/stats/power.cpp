// Power, sample size, detectable difference: whichever of n, the effect and the power was not given.
#include "stats/power.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "jobs/stats/answers.hpp"
#include "stats/descriptive.hpp"
#include "stats/error.hpp"

namespace stroma::jobs {
namespace {

using stats::StatisticsError;
constexpr double kAlpha = 0.05;
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

/// The same question of the chances of the other outcome, in which the larger proportion is the first.
stats::ProportionPower mirrored(stats::ProportionPower d) {
  d.p2 = 1.0 - d.p2;
  return d;
}

/// Sizes from a pilot table where they were not given.
void read_pilot(StatsRequest& r, const io::PlainTable& table, StatsAnswer& answer) {
  const Grouped g = grouped(r, table, answer, true, {"power"});
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
    // With n and the power given as well, what is asked for is the difference that can be found.
    if (!r.delta && !(r.n && r.power)) r.delta = stats::mean(g.values[0]) - stats::mean(g.values[1]);
    if (!r.sd) r.sd = std::sqrt(a.ss_within / a.df_within);
  }
  answer.notes.push_back(
      "the sizes are those of a pilot: an effect chosen because it was seen is likely to be smaller next "
      "time");
}

/// The value of one field of a design that gives the power wanted. `falls`: the power falls with the field.
template <class Design>
double solve_for(Design design, double Design::*field, double (*power)(const Design&), double wanted,
                 double low, double high, const char* what, bool falls = false) {
  if (falls) {  // the solver wants a power that rises: with the reciprocal it does
    const auto at = [&](double reciprocal) {
      design.*field = 1.0 / reciprocal;
      return power(design);
    };
    return 1.0 / stats::solve_power(at, wanted, 1.0 / high, 1.0 / low, fmt::format("1 / {}", what).c_str());
  }
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

constexpr double kLeastAlpha = 1e-10;

/// The level at which a design that is given completely has the power wanted.
template <class Design>
void solve_alpha(const Design& design, double (*power)(const Design&), const StatsRequest& r,
                 StatsAnswer& answer) {
  if (r.alpha) throw StatisticsError("power: everything is given; leave out what is to be solved for");
  const double alpha =
      solve_for(design, &Design::alpha, power, *r.power, kLeastAlpha, 1.0 - kLeastAlpha, "level");
  write(answer, "alpha", alpha,
        fmt::format("a power of {:g} is reached at the level alpha = {}", *r.power, shown(alpha)));
}

void solve_t(const StatsRequest& r, StatsAnswer& answer) {
  stats::TPower d;
  d.design = r.test == "paired"       ? stats::TDesign::paired
             : r.test == "one-sample" ? stats::TDesign::one_sample
                                      : stats::TDesign::two_sample;
  d.sd = r.sd.value_or(1.0);
  d.alpha = r.alpha.value_or(kAlpha);
  d.two_sided = !r.one_sided;
  d.strict = r.strict;
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
  if (r.power) {
    answer.json["power"] = *r.power;
    if (r.sd) return solve_alpha(d, stats::power_t_test, r, answer);
    if (d.delta == 0.0) throw StatisticsError("power: a difference of 0 is found with no spread whatever");
    const double size = std::abs(d.delta);
    const double sd = solve_for(d, &stats::TPower::sd, stats::power_t_test, *r.power, 1e-3 * size, 1e7 * size,
                                "standard deviation", true);
    write(answer, "sd", sd,
          fmt::format("a difference of {} is found with a power of {:g}, {:g} {}, where the sd is {}",
                      shown(d.delta), *r.power, d.n, per, shown(sd)));
    return;
  }
  const double power = stats::power_t_test(d);
  write(answer, "power", power,
        fmt::format("power {} for a difference of {} (sd {}) with {:g} {}", shown(power), shown(d.delta),
                    shown(d.sd), d.n, per));
}

void solve_anova(const StatsRequest& r, StatsAnswer& answer) {
  struct Field {
    const std::optional<double>& given;
    double stats::AnovaPower::*at;
    const char *key, *option, *words;
    double low, high;
    bool falls;
  };
  const std::array fields{Field{r.groups, &stats::AnovaPower::groups, "groups_count", "--groups",
                                "number of groups", 2.0, 1e2, false},
                          Field{r.n, &stats::AnovaPower::n, "n", "--n", "n", 2.0, 1e5, false},
                          Field{r.between_var, &stats::AnovaPower::between_var, "between_var",
                                "--between-var", "variance between groups", 0.0, 1e7, false},
                          Field{r.within_var, &stats::AnovaPower::within_var, "within_var", "--within-var",
                                "variance within groups", 1e-7, 1e7, true}};
  stats::AnovaPower d;
  d.alpha = r.alpha.value_or(kAlpha);
  const Field* unknown = nullptr;
  for (const Field& f : fields) {
    if (f.given) {
      answer.json[f.key] = d.*f.at = *f.given;
      continue;
    }
    if (unknown != nullptr || !r.power)
      throw StatisticsError(
          fmt::format("power: {} is missing", unknown != nullptr ? unknown->option : f.option));
    unknown = &f;
  }
  if (r.power) answer.json["power"] = *r.power;
  if (unknown == nullptr) {
    if (r.power) return solve_alpha(d, stats::power_anova, r, answer);
    const double power = stats::power_anova(d);
    return write(answer, "power", power, fmt::format("power {} with {:g} per group", shown(power), d.n));
  }
  // Variances are known up to a common factor: the ends of the search are those of their ratio.
  double low = unknown->low, high = unknown->high;
  if (unknown->at == &stats::AnovaPower::between_var) high *= d.within_var;
  if (unknown->at == &stats::AnovaPower::within_var) {
    if (!(d.between_var > 0.0))
      throw StatisticsError("power: means that are alike are told apart by no test");
    low *= d.between_var;
    high *= d.between_var;
  }
  const double value =
      solve_for(d, unknown->at, stats::power_anova, *r.power, low, high, unknown->words, unknown->falls);
  if (unknown->at == &stats::AnovaPower::n) return write_n(answer, value, *r.power, "per group");
  write(answer, unknown->key, value,
        fmt::format("{} {} gives a power of {:g}", unknown->words, shown(value), *r.power));
}

void solve_proportions(const StatsRequest& r, StatsAnswer& answer) {
  require_fraction(r.p1, "--p1");
  require_fraction(r.p2, "--p2");
  stats::ProportionPower d;
  d.alpha = r.alpha.value_or(kAlpha);
  d.two_sided = !r.one_sided;
  d.strict = r.strict;
  if (r.p1) answer.json["p1"] = d.p1 = *r.p1;
  if (r.p2) answer.json["p2"] = d.p2 = *r.p2;
  if (!r.p1 || !r.p2) {
    const double known = r.p1 ? d.p1 : needed(r.p2, "--p1");
    const char* other = r.p1 ? "--n or --p2" : "--n or --p1";
    answer.json["n"] = d.n = needed(r.n, other);
    answer.json["power"] = needed(r.power, "--power, and one of --p1 and --p2");
    // The second is the larger one, as in R.
    const double found =
        r.p1 ? solve_for(d, &stats::ProportionPower::p2, stats::power_proportions, *r.power, known,
                         1.0 - 1e-12, "second proportion")
             : 1.0 - solve_for(mirrored(d), &stats::ProportionPower::p1, stats::power_proportions, *r.power,
                               1.0 - known, 1.0 - 1e-12, "mirrored first proportion");
    write(answer, r.p1 ? "p2" : "p1", found,
          fmt::format("a {} proportion of {} is told from {} with a power of {:g}", r.p1 ? "second" : "first",
                      shown(found), shown(known), *r.power));
    return;
  }
  if (!r.n) {
    answer.json["power"] = needed(r.power, "--power or --n");
    const double n =
        solve_for(d, &stats::ProportionPower::n, stats::power_proportions, *r.power, 1.0, kMost, "n");
    write_n(answer, n, *r.power, "per group");
    return;
  }
  answer.json["n"] = d.n = *r.n;
  if (r.power) {
    answer.json["power"] = *r.power;
    return solve_alpha(d, stats::power_proportions, r, answer);
  }
  const double power = stats::power_proportions(d);
  write(answer, "power", power, fmt::format("power {} with {:g} per group", shown(power), d.n));
}

void solve_log_rank(const StatsRequest& r, StatsAnswer& answer) {
  require_fraction(r.event_chance == 1.0 ? std::nullopt : r.event_chance, "--event-chance");
  const double alpha = r.alpha.value_or(kAlpha);
  if (!r.hazard_ratio && r.n && r.power) {
    answer.json["n"] = *r.n;
    answer.json["power"] = *r.power;
    // Events and the square of the log hazard ratio share a product: that at a ratio of e is known.
    const double product = stats::log_rank_size(std::exp(1.0), *r.power, 1.0, 0.5, alpha).events;
    if (!(*r.n > 0.0)) throw StatisticsError("power: --n must be a positive number of events");
    const double ratio = std::exp(-std::sqrt(product / *r.n));
    write(answer, "hazard_ratio", ratio,
          fmt::format("a hazard ratio of {} (or {}) is found with a power of {:g} from {:g} events",
                      shown(ratio), shown(1.0 / ratio), *r.power, *r.n));
    return;
  }
  const double ratio = needed(r.hazard_ratio, "--hazard-ratio");
  answer.json["hazard_ratio"] = ratio;
  if (r.n && r.power) throw StatisticsError("power: leave out one of --n, --power and --hazard-ratio");
  if (r.n) {
    answer.json["n"] = *r.n;
    const double power = stats::power_log_rank(ratio, *r.n, 0.5, alpha);
    write(answer, "power", power,
          fmt::format("power {} with {:g} events in both arms together", shown(power), *r.n));
    return;
  }
  answer.json["power"] = needed(r.power, "--power or --n");
  const stats::LogRankSize size =
      stats::log_rank_size(ratio, *r.power, r.event_chance.value_or(1.0), 0.5, alpha);
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
  answer.json["alpha"] = r.alpha.value_or(kAlpha);
  answer.json["two_sided"] = !r.one_sided;
  if (r.strict) answer.json["strict"] = true;
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

}  // namespace stroma::jobs

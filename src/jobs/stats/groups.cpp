// Several groups of one factor: descriptive statistics, analysis of variance and its relatives, comparisons
// of all pairs or with a control, normality.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "assays/arms.hpp"
#include "jobs/stats/answers.hpp"
#include "stats/bartlett.hpp"
#include "stats/blocked_anova.hpp"
#include "stats/dunnett.hpp"
#include "stats/error.hpp"
#include "stats/kruskal_wallis.hpp"
#include "stats/multiple_comparison.hpp"
#include "stats/shapiro_wilk.hpp"

namespace stroma::jobs {
namespace {

using Json = nlohmann::ordered_json;

Grouped several_groups(const StatsRequest& request, const io::PlainTable& table, StatsAnswer& answer,
                       const io::Ability& can) {
  Grouped g = grouped(request, table, answer, true, can);
  answer.json["groups"] = groups_json(g, request.level);
  answer.lines.push_back(groups_text(g));
  return g;
}

Json anova_json(const stats::Anova& a) {
  const double ms_between = a.ss_between / a.df_between, ms_within = a.ss_within / a.df_within;
  return {{"f", a.f},
          {"df_between", a.df_between},
          {"df_within", a.df_within},
          {"p", a.p},
          {"ss_between", a.ss_between},
          {"ss_within", a.ss_within},
          {"ms_between", ms_between},
          {"ms_within", ms_within},
          {"r_squared", a.r_squared()},
          {"residual_sd", std::sqrt(ms_within)}};
}

std::string anova_text(const std::string& what, const stats::Anova& a) {
  return fmt::format("{}: F({:g}, {:g}) = {}, p = {}", what, a.df_between, a.df_within, shown(a.f),
                     shown_p(a.p));
}

/// The spread that the groups are compared with where blocks enter: that of value ~ block + group. Their
/// means can be compared as they are only where every block has as many values of each group.
std::optional<stats::ErrorTerm> error_term(const Grouped& g) {
  if (g.block_name.empty()) return {};
  const stats::BlockedAnova b = stats::blocked_anova(g.groups(), block_indices(g));
  if (!b.complete)
    throw stats::StatisticsError(
        "the blocks do not all hold every group equally often, so the means of the groups are not comparable "
        "as they are: use anova with --block, or leave incomplete blocks out with --where");
  return stats::ErrorTerm{b.groups.ss_within / b.groups.df_within, b.groups.df_within};
}

/// The group that the others are compared with: --control, or the only one that is called as controls are.
std::string control_of(const StatsRequest& request, const io::PlainTable& table, const Grouped& g,
                       StatsAnswer& answer) {
  if (!request.control.empty()) {
    if (std::find(g.names.begin(), g.names.end(), request.control) == g.names.end()) {
      core::Diagnostics problems;
      problems.add("unknown-group", {table.file, 0, 0}, "--control",
                   fmt::format("there is no group '{}'", request.control),
                   core::did_you_mean(request.control, g.names));
      problems.throw_if_any();
    }
    answer.understanding.given("control", fmt::format("'{}'", request.control), "--control");
    return request.control;
  }
  const std::vector<std::string> named = assays::arms_called_control(g.names);
  if (named.size() == 1) {
    answer.understanding.found("control", fmt::format("'{}', by its name", named.front()), "--control");
    return named.front();
  }
  constexpr std::size_t most = 8;
  std::vector<core::Choice> readings;
  for (const std::string& group : named.empty() ? g.names : named)
    if (readings.size() < most)
      readings.push_back({fmt::format("'{}' is the control", group), "--control " + io::as_argument(group)});
  io::ask(table, "which-control",
          named.empty() ? "no group is called as controls are (control, vehicle, untreated ...)"
                        : "several groups are called as controls are",
          request.command, readings);
}

/// value ~ block + group: what the blocks share is no error of the groups.
StatsAnswer blocked_anova(const StatsRequest& request, const Grouped& g, StatsAnswer answer) {
  const stats::BlockedAnova b = stats::blocked_anova(g.groups(), block_indices(g));
  const stats::Anova& a = b.groups;
  answer.json.update(anova_json(a));
  answer.json["blocks"] = {{"column", g.block_name},
                           {"ss", b.ss_blocks},
                           {"df", b.df_blocks},
                           {"f", b.f_blocks},
                           {"p", b.p_blocks}};
  answer.lines.push_back(anova_text("analysis of variance with blocks", a));
  const stats::EffectSize eta = stats::eta_squared(a.f, a.df_between, a.df_within, request.level);
  answer.json["eta_squared"] = effect_json(eta);
  answer.lines.push_back(
      fmt::format("between groups: SS {}, within blocks: SS {}; partial eta squared {} ({})",
                  shown(a.ss_between), shown(a.ss_within), shown(eta.value), shown_interval(eta.ci)));
  answer.lines.push_back(fmt::format("blocks ('{}'): F({:g}, {:g}) = {}, p = {}", g.block_name, b.df_blocks,
                                     a.df_within, shown(b.f_blocks), shown_p(b.p_blocks)));
  check_assumptions(without_blocks(g), false, answer);
  return answer;
}

}  // namespace

StatsAnswer stats_describe(const StatsRequest& request, const io::PlainTable& original) {
  StatsAnswer answer;
  answer.json["level"] = request.level;
  const std::optional<io::PlainTable> rows_form = regrouped(request, original, answer);
  const io::PlainTable& table = rows_form ? *rows_form : original;
  std::vector<std::string> values = io::columns_to_describe(table, request);
  if (values.size() < 2) values = {request.value};
  Json all = Json::array();
  for (const std::string& value : values) {
    StatsRequest one = request;
    one.value = value;
    StatsAnswer part;
    const Grouped g = grouped(one, table, part, false, {"describe", false, true});
    answer.json.update(part.json);
    if (values.size() == 1) answer.understanding.append(part.understanding);
    for (const core::Fact& fact : part.understanding.facts())
      if (values.size() > 1 && fact.about != "value" && fact.about != "not used")
        answer.understanding.found(fact.about, fact.what, fact.option);
    for (const std::string& note : part.notes)
      if (std::find(answer.notes.begin(), answer.notes.end(), note) == answer.notes.end())
        answer.notes.push_back(note);
    for (Json& group : groups_json(g, request.level)) {
      std::string line = values.size() > 1 ? value + ", " : "";
      line += fmt::format("{}: n {}", group["name"].get<std::string>(), group["n"].get<std::size_t>());
      for (const char* key : {"mean", "sd", "sem", "min", "q1", "median", "q3", "max"})
        if (group.contains(key)) line += fmt::format(", {} {}", key, shown(group[key].get<double>()));
      answer.lines.push_back(line + (g.unit.empty() ? "" : fmt::format(" ({})", g.unit)));
      if (values.size() > 1) group["value"] = value;
      all.push_back(std::move(group));
    }
  }
  if (values.size() > 1) {
    answer.json["columns"]["value"] = values;
    answer.understanding.found("values", fmt::format("each column of numbers in turn ({})", values.size()),
                               "--value");
  }
  answer.json["groups"] = std::move(all);
  return answer;
}

StatsAnswer stats_anova(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  const Grouped g = several_groups(request, table, answer, {"anova", true});
  if (!g.block_name.empty()) return blocked_anova(request, g, std::move(answer));
  const stats::Anova a = stats::one_way_anova(g.groups());
  answer.json.update(anova_json(a));
  answer.lines.push_back(anova_text("one-way ANOVA", a));
  const stats::EffectSize eta = stats::eta_squared(a.f, a.df_between, a.df_within, request.level);
  answer.json["eta_squared"] = effect_json(eta);
  answer.lines.push_back(fmt::format("between groups: SS {}, within: SS {}; eta squared {} ({})",
                                     shown(a.ss_between), shown(a.ss_within), shown(eta.value),
                                     shown_interval(eta.ci)));
  check_assumptions(g, true, answer);
  return answer;
}

StatsAnswer stats_brown_forsythe(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  const Grouped g = several_groups(request, table, answer, {"brown-forsythe"});
  const stats::FTest means = stats::brown_forsythe_means(g.groups());
  answer.json["f"] = means.f;
  answer.json["df1"] = means.df1;
  answer.json["df2"] = means.df2;
  answer.json["p"] = means.p;
  answer.lines.push_back(
      fmt::format("Brown-Forsythe test of means (variances free): F({:g}, {}) = {}, p = {}", means.df1,
                  shown(means.df2), shown(means.f), shown_p(means.p)));
  try {
    const stats::Anova variances = stats::brown_forsythe_variances(g.groups());
    answer.json["variances"] = anova_json(variances);
    answer.lines.push_back(
        anova_text("Brown-Forsythe test of variances (Levene about the medians)", variances));
  } catch (const stats::StatisticsError& why) {  // groups of two have no spread of distances
    answer.notes.push_back(why.what());
  }
  check_assumptions(g, false, answer);
  return answer;
}

StatsAnswer stats_levene(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  const Grouped g = several_groups(request, table, answer, {"levene"});
  const stats::Anova levene = stats::levene_variances(g.groups());
  const stats::Anova medians = stats::brown_forsythe_variances(g.groups());
  answer.json["levene"] = anova_json(levene);
  answer.json["brown_forsythe"] = anova_json(medians);
  answer.lines.push_back(anova_text("Levene's test (about the means)", levene));
  answer.lines.push_back(anova_text("Brown-Forsythe test (about the medians; the robust one)", medians));
  try {
    const stats::GoodnessOfFit b = stats::bartlett_test(g.groups());
    answer.json["bartlett"] = {{"statistic", b.statistic}, {"df", b.df}, {"p", b.p}};
    answer.lines.push_back(fmt::format("Bartlett's test (normal values only): K2({:g}) = {}, p = {}", b.df,
                                       shown(b.statistic), shown_p(b.p)));
  } catch (const stats::StatisticsError& why) {  // a group without spread has no place in that test
    answer.notes.push_back(why.what());
  }
  return answer;
}

StatsAnswer stats_kruskal(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  const Grouped g = several_groups(request, table, answer, {"kruskal"});
  const stats::KruskalWallis h = stats::kruskal_wallis(g.groups());
  answer.json["statistic"] = h.statistic;
  answer.json["df"] = h.df;
  answer.json["p"] = h.p;
  answer.json["exact"] = h.exact;
  answer.json["p_chi_square"] = h.p_chi_square;
  answer.lines.push_back(fmt::format(
      "Kruskal-Wallis test: H({:g}) = {}, p = {} ({})", h.df, shown(h.statistic), shown_p(h.p),
      h.exact
          ? fmt::format("exact, over all ways to deal the ranks out; chi-square {}", shown_p(h.p_chi_square))
          : "chi-square"));
  return answer;
}

StatsAnswer stats_tukey(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  const Grouped g = several_groups(request, table, answer, {"tukey", true});
  answer.json["level"] = request.level;
  answer.json["pairs"] = Json::array();
  for (const stats::TukeyPair& pair : stats::tukey_hsd(g.groups(), request.level, error_term(g))) {
    answer.json["pairs"].push_back({{"first", g.names[pair.first]},
                                    {"second", g.names[pair.second]},
                                    {"difference", pair.difference},
                                    {"ci", interval_json(pair.ci)},
                                    {"q", pair.q},
                                    {"p_adjusted", pair.p_adjusted}});
    answer.lines.push_back(fmt::format("{} - {}: {} ({}), p = {}", g.names[pair.second], g.names[pair.first],
                                       shown(pair.difference), shown_interval(pair.ci),
                                       shown_p(pair.p_adjusted)));
  }
  check_assumptions(g, true, answer);
  return answer;
}

StatsAnswer stats_dunnett(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  const Grouped g = several_groups(request, table, answer, {"dunnett", true});
  const std::string name = control_of(request, table, g, answer);
  const auto control = std::find(g.names.begin(), g.names.end(), name);
  answer.json["control"] = name;
  answer.json["level"] = request.level;
  answer.json["comparisons"] = Json::array();
  for (const stats::DunnettComparison& c : stats::dunnett(
           g.groups(), static_cast<std::size_t>(control - g.names.begin()), request.level, error_term(g))) {
    answer.json["comparisons"].push_back({{"group", g.names[c.group]},
                                          {"difference", c.difference},
                                          {"ci", interval_json(c.ci)},
                                          {"statistic", c.statistic},
                                          {"p_adjusted", c.p_adjusted}});
    answer.lines.push_back(fmt::format("{} - {}: {} ({}), t = {}, p = {}", g.names[c.group], name,
                                       shown(c.difference), shown_interval(c.ci), shown(c.statistic),
                                       shown_p(c.p_adjusted)));
  }
  check_assumptions(g, true, answer);
  return answer;
}

StatsAnswer stats_shapiro(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  const Grouped g = grouped(request, table, answer, false, {"shapiro"});
  answer.json["groups"] = Json::array();
  for (std::size_t i = 0; i < g.names.size(); ++i) {
    const stats::GoodnessOfFit w = stats::shapiro_wilk(g.values[i]);
    answer.json["groups"].push_back(
        {{"name", g.names[i]}, {"n", g.values[i].size()}, {"w", w.statistic}, {"p", w.p}});
    answer.lines.push_back(fmt::format("{} (n = {}): Shapiro-Wilk W = {}, p = {}", g.names[i],
                                       g.values[i].size(), shown(w.statistic), shown_p(w.p)));
  }
  return answer;
}

}  // namespace stroma::jobs

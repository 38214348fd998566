// Several groups of one factor: descriptive statistics, analysis of variance and its relatives, comparisons
// of all pairs or with a control, normality.
#include <fmt/format.h>

#include <algorithm>

#include "cli/stats_answers.hpp"
#include "stats/bartlett.hpp"
#include "stats/dunnett.hpp"
#include "stats/error.hpp"
#include "stats/kruskal_wallis.hpp"
#include "stats/multiple_comparison.hpp"
#include "stats/shapiro_wilk.hpp"

namespace stroma::cli {
namespace {

using Json = nlohmann::ordered_json;

Grouped several_groups(const StatsRequest& request, const io::PlainTable& table, StatsAnswer& answer) {
  Grouped g = grouped(request, table, answer, true);
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

}  // namespace

StatsAnswer stats_describe(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  answer.json["level"] = request.level;
  std::vector<std::string> values;  // several columns of values beside the groups: each on its own
  StatsAnswer ignored;
  const io::PlainColumn* subject = Columns(table, ignored).subject();
  if (request.value.empty())
    if (const io::PlainColumn* by = only_group(request, table))
      for (const io::PlainColumn& c : table.columns)
        if (c.is_number && &c != by && &c != subject && c.name != request.subject) values.push_back(c.name);
  if (values.size() < 2) values = {request.value};
  Json all = Json::array();
  for (const std::string& value : values) {
    StatsRequest one = request;
    one.value = value;
    StatsAnswer part;
    const Grouped g = grouped(one, table, part, false);
    answer.json.update(part.json);
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
  if (values.size() > 1) answer.json["columns"]["value"] = values;
  answer.json["groups"] = std::move(all);
  return answer;
}

StatsAnswer stats_anova(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  const Grouped g = several_groups(request, table, answer);
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
  const Grouped g = several_groups(request, table, answer);
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
  const Grouped g = several_groups(request, table, answer);
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
  const Grouped g = several_groups(request, table, answer);
  const stats::GoodnessOfFit h = stats::kruskal_wallis(g.groups());
  answer.json["statistic"] = h.statistic;
  answer.json["df"] = h.df;
  answer.json["p"] = h.p;
  answer.lines.push_back(
      fmt::format("Kruskal-Wallis test: H({:g}) = {}, p = {}", h.df, shown(h.statistic), shown_p(h.p)));
  return answer;
}

StatsAnswer stats_tukey(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  const Grouped g = several_groups(request, table, answer);
  answer.json["level"] = request.level;
  answer.json["pairs"] = Json::array();
  for (const stats::TukeyPair& pair : stats::tukey_hsd(g.groups(), request.level)) {
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
  const Grouped g = several_groups(request, table, answer);
  const std::string name = request.control.empty() ? g.names.front() : request.control;
  const auto control = std::find(g.names.begin(), g.names.end(), name);
  if (control == g.names.end()) {
    core::Diagnostics problems;
    problems.add("unknown-group", {table.file, 0, 0}, "--control",
                 fmt::format("there is no group '{}'", name), core::did_you_mean(name, g.names));
    problems.throw_if_any();
  }
  if (request.control.empty())
    answer.notes.push_back(
        fmt::format("the control is the first group, '{}'; --control names another", name));
  answer.json["control"] = name;
  answer.json["level"] = request.level;
  answer.json["comparisons"] = Json::array();
  for (const stats::DunnettComparison& c :
       stats::dunnett(g.groups(), static_cast<std::size_t>(control - g.names.begin()), request.level)) {
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
  const Grouped g = grouped(request, table, answer, false);
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

}  // namespace stroma::cli

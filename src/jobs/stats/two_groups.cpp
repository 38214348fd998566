// Two groups: Student, Welch, pairs, Mann-Whitney; and one group against a reference.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "io/pairing.hpp"
#include "jobs/stats/answers.hpp"
#include "stats/error.hpp"
#include "stats/mann_whitney.hpp"

namespace stroma::jobs {
namespace {

using Json = nlohmann::ordered_json;

Grouped two_groups(const StatsRequest& request, const io::PlainTable& table, StatsAnswer& answer,
                   const char* method) {
  Grouped g = grouped(request, table, answer, true, {method});
  if (g.values.size() != 2) {
    throw stats::StatisticsError(
        g.values.size() == 1
            ? fmt::format("one group is in the table ({}); this test compares 2", groups_text(g))
            : fmt::format(
                  "{} groups are in the table ({}); this test compares 2: use anova, kruskal, tukey or "
                  "dunnett, or choose rows",
                  g.values.size(), groups_text(g)));
  }
  return g;
}

void write_t_test(StatsAnswer& answer, const stats::TTest& t, const std::string& what, double level) {
  answer.json["difference"] = t.difference;
  answer.json["standard_error"] = t.standard_error;
  answer.json["statistic"] = t.statistic;
  answer.json["df"] = t.df;
  answer.json["p"] = t.p;
  answer.json["level"] = level;
  answer.json["ci"] = interval_json(t.ci);
  answer.lines.push_back(fmt::format("{}: difference {} ({:g} % interval {}), t = {}, df = {}, p = {}", what,
                                     shown(t.difference), 100.0 * level, shown_interval(t.ci),
                                     shown(t.statistic), shown(t.df), shown_p(t.p)));
}

void write_effects(StatsAnswer& answer, const Grouped& g, double level) {
  const stats::EffectSize d = stats::cohens_d(g.values[0], g.values[1], level);
  const stats::EffectSize h = stats::hedges_g(g.values[0], g.values[1], level);
  answer.json["cohens_d"] = effect_json(d);
  answer.json["hedges_g"] = effect_json(h);
  answer.lines.push_back(fmt::format("Cohen's d {} ({}), Hedges' g {} ({})", shown(d.value),
                                     shown_interval(d.ci), shown(h.value), shown_interval(h.ci)));
}

StatsAnswer one_sample(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  const Grouped g = grouped(request, table, answer, false, {"ttest"});
  if (g.values.size() != 1)
    throw stats::StatisticsError(fmt::format(
        "{} groups are in the table; --reference compares one sample with a number", g.values.size()));
  answer.json["groups"] = groups_json(g, request.level);
  answer.lines.push_back(groups_text(g));
  const double reference = *request.reference;
  answer.json["reference"] = reference;
  write_t_test(answer, stats::one_sample_t_test(g.values[0], reference - g.origin, request.level),
               fmt::format("one-sample t test against {}", shown(reference)), request.level);
  check_assumptions(g, false, answer);
  return answer;
}

StatsAnswer t_test(const StatsRequest& request, const io::PlainTable& table, bool equal_variances) {
  StatsAnswer answer;
  const Grouped g = two_groups(request, table, answer, equal_variances ? "ttest" : "welch");
  answer.json["groups"] = groups_json(g, request.level);
  answer.lines.push_back(groups_text(g));
  const stats::TTest t = equal_variances ? stats::student_t_test(g.values[0], g.values[1], request.level)
                                         : stats::welch_t_test(g.values[0], g.values[1], request.level);
  write_t_test(answer, t,
               fmt::format("{}, {} - {}", equal_variances ? "Student's t test" : "Welch's t test", g.names[0],
                           g.names[1]),
               request.level);
  write_effects(answer, g, request.level);
  check_assumptions(g, equal_variances, answer);
  return answer;
}

}  // namespace

StatsAnswer stats_student(const StatsRequest& request, const io::PlainTable& table) {
  return request.reference ? one_sample(request, table) : t_test(request, table, true);
}

StatsAnswer stats_welch(const StatsRequest& request, const io::PlainTable& table) {
  return t_test(request, table, false);
}

StatsAnswer stats_paired(const StatsRequest& request, const io::PlainTable& original) {
  StatsAnswer answer;
  const std::optional<io::PlainTable> rows_form = regrouped(request, original, answer);
  const io::PlainTable& table = rows_form ? *rows_form : original;
  const io::GroupColumns chosen = io::choose_groups(table, request, true, true);
  Columns columns(table, answer);
  if (chosen.value != nullptr) columns.use(chosen.value, request.value.empty() ? "value" : "--value", true);
  if (chosen.group != nullptr) columns.use(chosen.group, "group", false);
  for (const io::PlainColumn* c : chosen.wide) columns.use(c, "group", true);
  columns.problems().throw_if_any();
  const io::Pairing pairs = io::pair_up(table, chosen, request, answer.understanding);
  if (pairs.by != nullptr) columns.use(pairs.by, "subject", false);
  columns.done(false);
  answer.json["incomplete_pairs"] = pairs.incomplete.size();
  Grouped g;
  g.names = pairs.names;
  g.value_name = chosen.value != nullptr ? chosen.value->name : "value";
  g.unit = chosen.value != nullptr ? chosen.value->unit : chosen.wide.front()->unit;
  std::vector<long double> all = pairs.first;
  all.insert(all.end(), pairs.second.begin(), pairs.second.end());
  g.origin = origin_of(all);
  g.values.resize(2);
  for (std::size_t i = 0; i < pairs.first.size(); ++i) {
    g.values[0].push_back(static_cast<double>(pairs.first[i] - static_cast<long double>(g.origin)));
    g.values[1].push_back(static_cast<double>(pairs.second[i] - static_cast<long double>(g.origin)));
  }
  for (const std::vector<double>& values : g.values) require_squares(values, g.value_name);
  answer.json["groups"] = groups_json(g, request.level);
  answer.lines.push_back(groups_text(g));
  write_t_test(answer, stats::paired_t_test(g.values[0], g.values[1], request.level),
               fmt::format("paired t test, {} - {}", g.names[0], g.names[1]), request.level);
  const stats::EffectSize d = stats::cohens_d_paired(g.values[0], g.values[1], request.level);
  answer.json["cohens_d"] = effect_json(d);
  answer.lines.push_back(
      fmt::format("Cohen's d of the differences {} ({})", shown(d.value), shown_interval(d.ci)));
  Grouped differences;
  differences.names = {"differences"};
  differences.values.emplace_back();
  differences.value_name = g.value_name;
  differences.unit = g.unit;
  for (std::size_t i = 0; i < g.values[0].size(); ++i)
    differences.values[0].push_back(g.values[0][i] - g.values[1][i]);
  check_assumptions(differences, false, answer);
  return answer;
}

StatsAnswer stats_mann_whitney(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  const Grouped g = two_groups(request, table, answer, "mannwhitney");
  answer.json["groups"] = groups_json(g, request.level);
  answer.lines.push_back(groups_text(g));
  const stats::MannWhitney t = stats::mann_whitney(g.values[0], g.values[1], request.level);
  answer.json["u"] = t.u;
  answer.json["p"] = t.p;
  answer.json["exact"] = t.exact;
  if (t.ties || !t.exact) answer.json["p_normal"] = t.p_normal;
  answer.json["shift"] = t.shift;
  answer.json["level"] = t.achieved_level;
  answer.json["ci"] = interval_json(t.ci);
  answer.lines.push_back(fmt::format(
      "Mann-Whitney test, {} - {}: U = {}, p = {} ({}); shift {} ({:.4g} % interval {})", g.names[0],
      g.names[1], shown(t.u), shown_p(t.p),
      !t.exact ? std::string("normal law with ties and continuity")
      : t.ties
          ? fmt::format("exact, over all ways to deal the tied ranks out; normal law {}", shown_p(t.p_normal))
          : std::string("exact"),
      shown(t.shift), 100.0 * t.achieved_level, shown_interval(t.ci)));
  if (t.achieved_level < request.level - 1e-9)
    answer.notes.push_back(fmt::format("so few values allow no interval of {:g} %; this one covers {:.4g} %",
                                       100.0 * request.level, 100.0 * t.achieved_level));
  if (t.n_first >= 2 && t.n_second >= 2) {
    const stats::EffectSize delta = stats::cliffs_delta(g.values[0], g.values[1], request.level);
    answer.json["cliffs_delta"] = effect_json(delta);
    answer.lines.push_back(fmt::format("Cliff's delta (rank-biserial correlation) {} ({})",
                                       shown(delta.value), shown_interval(delta.ci)));
  }
  return answer;
}

}  // namespace stroma::jobs

// Two columns of a table against each other, and one column of p values.
#include <fmt/format.h>

#include <array>

#include "io/two_columns.hpp"
#include "jobs/stats/answers.hpp"
#include "stats/correlation.hpp"
#include "stats/p_adjust.hpp"
#include "stats/spearman.hpp"

namespace stroma::jobs {
namespace {

using Json = nlohmann::ordered_json;

struct Pairs {
  std::vector<double> x, y;
  std::string names;
};

Pairs pairs_of(const StatsRequest& request, const io::PlainTable& table, StatsAnswer& answer,
               const char* method) {
  Columns columns(table, answer);
  const io::TwoColumns chosen = io::choose_two(table, request.x, request.y, request.command);
  const io::PlainColumn *x = columns.use(chosen.x, "x", true), *y = columns.use(chosen.y, "y", true);
  columns.problems().throw_if_any();
  const io::PairRows pairs = io::pair_rows(table, chosen, request, method, answer.understanding);
  if (pairs.subject != nullptr) columns.use(pairs.subject, "subject", false);
  columns.done(false);
  Pairs p;
  p.names = fmt::format("'{}' and '{}'", x->name, y->name);
  // Neither correlation has an origin: distances keep digits that a double of the number itself would not.
  const long double x0 = origin_of(pairs.x), y0 = origin_of(pairs.y);
  for (std::size_t i = 0; i < pairs.x.size(); ++i) {
    p.x.push_back(static_cast<double>(pairs.x[i] - x0));
    p.y.push_back(static_cast<double>(pairs.y[i] - y0));
  }
  require_squares(p.x, x->name);
  require_squares(p.y, y->name);
  answer.json["n"] = p.x.size();
  answer.json["incomplete_pairs"] = pairs.incomplete;
  if (pairs.incomplete > 0)
    answer.notes.push_back(fmt::format("{} pairs are incomplete and were left out", pairs.incomplete));
  return p;
}

struct Procedure {
  const char* name;
  const char* words;
  stats::Adjustment method;
};
constexpr std::array procedures{
    Procedure{"bonferroni", "Bonferroni", stats::Adjustment::bonferroni},
    Procedure{"holm", "Holm", stats::Adjustment::holm},
    Procedure{"hochberg", "Hochberg", stats::Adjustment::hochberg},
    Procedure{"hommel", "Hommel", stats::Adjustment::hommel},
    Procedure{"bh", "Benjamini-Hochberg", stats::Adjustment::benjamini_hochberg},
    Procedure{"by", "Benjamini-Yekutieli", stats::Adjustment::benjamini_yekutieli}};

/// A p value of 5 is 0.05 to somebody who thinks in per cent, and a mistake to everybody else.
void require_probabilities(Columns& columns, const io::PlainColumn& p) {
  for (std::size_t row = 0; row < p.values.size(); ++row) {
    const auto v = static_cast<double>(p.values[row]);
    if (std::isnan(v) || (v >= 0.0 && v <= 1.0 && p.unit.empty())) continue;
    const bool percent = v >= 0.0 && v <= 100.0;
    columns.problems().add(
        percent ? "percent-or-fraction" : "not-a-probability", p.places[row], p.name,
        percent ? fmt::format("{}: '{}' is no p value; it could mean {:g} % = {:g}, or another number",
                              p.name, p.texts[row], v, 0.01 * v)
                : fmt::format("{}: '{}' is no p value", p.name, p.texts[row]),
        "p values are fractions from 0 to 1, written without unit");
  }
}

}  // namespace

StatsAnswer stats_pearson(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  const Pairs p = pairs_of(request, table, answer, "pearson");
  const stats::Correlation c = stats::pearson(p.x, p.y, request.level);
  answer.json["r"] = c.r;
  answer.json["ci"] = interval_json(c.ci);
  answer.json["level"] = request.level;
  answer.json["statistic"] = c.statistic;
  answer.json["df"] = c.df;
  answer.json["p"] = c.p;
  answer.lines.push_back(fmt::format(
      "Pearson's r of {} = {} ({:g} % interval {}), n = {}, t = {}, df = {:g}, p = {}", p.names, shown(c.r),
      100.0 * request.level, shown_interval(c.ci), c.n, shown(c.statistic), c.df, shown_p(c.p)));
  return answer;
}

StatsAnswer stats_spearman(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  const Pairs p = pairs_of(request, table, answer, "spearman");
  const stats::Spearman c = stats::spearman(p.x, p.y, request.level);
  const char* method = c.method == stats::SpearmanMethod::exact ? "exact"
                       : c.method == stats::SpearmanMethod::permutation
                           ? "exact, over all pairings of tied ranks"
                       : c.method == stats::SpearmanMethod::edgeworth ? "Edgeworth series"
                                                                      : "Student's t, an approximation";
  answer.json["rho"] = c.rho;
  answer.json["ci"] = interval_json(c.ci);
  answer.json["level"] = request.level;
  answer.json["s"] = c.s;
  answer.json["p"] = c.p;
  answer.json["p_method"] = method;
  answer.json["p_student"] = c.p_student;
  answer.lines.push_back(fmt::format(
      "Spearman's rho of {} = {} ({:g} % interval {}), n = {}, S = {}, p = {} ({})", p.names, shown(c.rho),
      100.0 * request.level, shown_interval(c.ci), c.n, shown(c.s), shown_p(c.p), method));
  return answer;
}

StatsAnswer stats_adjust(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  Columns columns(table, answer);
  const io::PlainColumn* known = columns.known(
      {"p", "p_value", "p-value", "pvalue", "p value", "p.value", "pval", "p_val", "p.val", "raw_p", "rawp"});
  const io::PlainColumn* p = request.value.empty() && known != nullptr
                                 ? columns.use(known, "value", true)
                                 : columns.use(io::choose_value(table, request, {}), "value", true);
  if (p != nullptr) require_probabilities(columns, *p);
  columns.done();
  std::vector<double> raw;
  for (const long double v : p->values) raw.push_back(static_cast<double>(v));
  std::vector<std::string> labels = table.row_names;
  for (const io::PlainColumn& c : table.columns)
    if (labels.empty() && !c.is_number) labels = c.texts;
  Json rows = Json::array();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    Json row = Json::object();
    if (!labels.empty()) row["label"] = labels[i];
    row["p"] = raw[i];
    rows.push_back(std::move(row));
  }
  constexpr std::size_t most_for_hommel = 20'000;  // half a second
  for (const Procedure& procedure : procedures) {
    if (!request.method.empty() && request.method != procedure.name) continue;
    if (request.method.empty() && procedure.method == stats::Adjustment::hommel &&
        raw.size() > most_for_hommel) {
      answer.notes.push_back(
          "Hommel's procedure was left out of so many tests; --method hommel runs it alone");
      continue;
    }
    const std::vector<double> adjusted = stats::adjust_p(raw, procedure.method);
    for (std::size_t i = 0; i < raw.size(); ++i) rows[i][procedure.name] = adjusted[i];
  }
  for (std::size_t i = 0; i < raw.size(); ++i) {
    std::string line =
        fmt::format("{}: p {}", labels.empty() ? std::to_string(i + 1) : labels[i], shown_p(raw[i]));
    for (const Procedure& procedure : procedures)
      if (rows[i].contains(procedure.name))
        line += fmt::format(", {} {}", procedure.words, shown_p(rows[i][procedure.name].get<double>()));
    answer.lines.push_back(std::move(line));
  }
  answer.json["tests"] = std::move(rows);
  return answer;
}

}  // namespace stroma::jobs

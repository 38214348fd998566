// Two columns of a table against each other, and one column of p values.
#include <fmt/format.h>

#include <array>
#include <map>

#include "cli/stats_answers.hpp"
#include "stats/correlation.hpp"
#include "stats/p_adjust.hpp"
#include "stats/spearman.hpp"

namespace stroma::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Pairs {
  std::vector<double> x, y;
  std::string names;
};

Pairs pairs_of(const StatsRequest& request, const io::PlainTable& table, StatsAnswer& answer) {
  Columns columns(table, answer);
  std::vector<const io::PlainColumn*> numbers;
  for (const io::PlainColumn& c : table.columns)
    if (c.is_number && c.name != request.x && c.name != request.y) numbers.push_back(&c);
  const std::size_t needed = (request.x.empty() ? 1u : 0u) + (request.y.empty() ? 1u : 0u);
  if (numbers.size() != needed && needed > 0) {
    std::string names;
    for (const io::PlainColumn* c : numbers) names += fmt::format(" '{}'", c->name);
    columns.wrong("ambiguous-columns",
                  fmt::format("two columns of numbers are needed; those that could be:{}",
                              names.empty() ? " none" : names),
                  "say which with --x and --y");
    columns.problems().throw_if_any();
  }
  std::size_t next = 0;
  const io::PlainColumn* x =
      request.x.empty() ? columns.use(numbers[next++], "x", true) : columns.number(request.x, "--x");
  const io::PlainColumn* y =
      request.y.empty() ? columns.use(numbers[next++], "y", true) : columns.number(request.y, "--y");
  columns.done();
  Pairs p;
  p.names = fmt::format("'{}' and '{}'", x->name, y->name);
  // Neither correlation has an origin: distances keep digits that a double of the number itself would not.
  const long double x0 = origin_of(x->values), y0 = origin_of(y->values);
  std::size_t incomplete = 0;
  for (std::size_t row = 0; row < table.rows; ++row) {
    const bool no_x = std::isnan(x->values[row]), no_y = std::isnan(y->values[row]);
    incomplete += no_x != no_y ? 1 : 0;
    if (no_x || no_y) continue;
    p.x.push_back(static_cast<double>(x->values[row] - x0));
    p.y.push_back(static_cast<double>(y->values[row] - y0));
  }
  require_squares(p.x, x->name);
  require_squares(p.y, y->name);
  answer.json["n"] = p.x.size();
  answer.json["incomplete_pairs"] = incomplete;
  if (incomplete > 0)
    answer.notes.push_back(fmt::format("{} pairs are incomplete and were left out", incomplete));
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
  const Pairs p = pairs_of(request, table, answer);
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
  const Pairs p = pairs_of(request, table, answer);
  const stats::Spearman c = stats::spearman(p.x, p.y, request.level);
  const char* method = c.method == stats::SpearmanMethod::exact       ? "exact"
                       : c.method == stats::SpearmanMethod::edgeworth ? "Edgeworth series"
                                                                      : "Student's t";
  answer.json["rho"] = c.rho;
  answer.json["ci"] = interval_json(c.ci);
  answer.json["level"] = request.level;
  answer.json["s"] = c.s;
  answer.json["p"] = c.p;
  answer.json["p_method"] = method;
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
                                 : value_column(columns, request, table, {});
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

}  // namespace stroma::cli

// Cox regression of a plain table: which columns are covariates, and what came out.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "cli/stats_answers.hpp"
#include "cli/survival_rows.hpp"
#include "core/units.hpp"
#include "stats/cox_regression.hpp"
#include "stats/error.hpp"

namespace stroma::cli {
namespace {

using Json = nlohmann::ordered_json;
using io::PlainColumn;

/// A column of a Cox model, as a number or as levels.
struct Term {
  const PlainColumn* column = nullptr;
  bool levels = false;
  std::string base;              // the level that the others are compared with; empty: the first
  std::size_t coefficients = 0;  // how many stand for it
};

/// A level comes before another in the order of numbers, else of the alphabet.
bool level_before(const std::string& a, const std::string& b) {
  const core::ParsedNumber x = core::parse_number(a), y = core::parse_number(b);
  if (x.error.empty() && y.error.empty() && x.value != y.value) return x.value < y.value;
  return a < b;
}

/// Covariates of a Cox model: columns of numbers as they are, words (and numbers that were asked for as a
/// factor) as one indicator per level but the base.
std::vector<stats::Covariate> covariates_of(std::vector<Term>& terms, const std::vector<std::size_t>& rows,
                                            StatsAnswer& answer) {
  std::vector<stats::Covariate> all;
  for (Term& term : terms) {
    const PlainColumn* c = term.column;
    if (!term.levels) {
      term.coefficients = 1;
      stats::Covariate covariate{c->name, {}};
      for (const std::size_t row : rows) covariate.values.push_back(static_cast<double>(c->values[row]));
      all.push_back(std::move(covariate));
      continue;
    }
    std::vector<std::string> levels;
    for (const std::size_t row : rows)
      if (std::find(levels.begin(), levels.end(), c->texts[row]) == levels.end())
        levels.push_back(c->texts[row]);
    std::sort(levels.begin(), levels.end(), level_before);
    if (levels.size() < 2)
      throw stats::StatisticsError(
          fmt::format("Cox regression: '{}' is the same in all rows that are complete", c->name));
    if (!term.base.empty()) {
      const auto base = std::find(levels.begin(), levels.end(), term.base);
      if (base == levels.end())
        throw stats::StatisticsError(fmt::format("--base: column '{}' has no level '{}'; {}", c->name,
                                                 term.base, core::did_you_mean(term.base, levels)));
      std::rotate(levels.begin(), base, base + 1);
    }
    answer.notes.push_back(fmt::format("'{}' is compared with its level '{}'{}", c->name, levels.front(),
                                       term.base.empty() ? "; --base names another" : ""));
    term.coefficients = levels.size() - 1;
    for (auto level = std::next(levels.begin()); level != levels.end(); ++level) {
      stats::Covariate covariate{fmt::format("{}={}", c->name, *level), {}};
      for (const std::size_t row : rows) covariate.values.push_back(c->texts[row] == *level ? 1.0 : 0.0);
      all.push_back(std::move(covariate));
    }
  }
  return all;
}

std::vector<Term> terms_of(const StatsRequest& request, const io::PlainTable& table, Columns& columns,
                           const SurvivalRows& t) {
  std::vector<Term> terms;
  const PlainColumn* subject = columns.subject();
  std::vector<std::string> names = request.covariates;
  if (!request.group.empty() && names.empty()) names = {request.group};
  for (const std::string& name : names) {
    const bool factor = table.find(name) == nullptr && name.starts_with("factor(") && name.ends_with(")");
    const PlainColumn* c = columns.named(factor ? name.substr(7, name.size() - 8) : name, "--covariates");
    if (c != nullptr) terms.push_back({c, factor || !c->is_number, "", 0});
  }
  if (names.empty())
    for (const PlainColumn& c : table.columns)
      if (&c != t.time && &c != t.status && &c != t.strata && &c != subject)
        terms.push_back({&c, !c.is_number, "", 0});
  if (terms.empty() && names.empty())
    columns.wrong("missing-column", "there is no column beside time and status",
                  "a Cox model needs a covariate");
  for (const std::string& item : request.base) {
    const auto equals = item.find('=');
    const auto term = std::find_if(terms.begin(), terms.end(), [&](const Term& one) {
      return one.column->name == item.substr(0, equals);
    });
    if (equals == std::string::npos || term == terms.end() || !term->levels) {
      columns.wrong("unknown-group", fmt::format("--base {}: this is no level of a covariate of words", item),
                    "write COLUMN=LEVEL; numbers become levels with --covariates \"factor(COLUMN)\"");
      continue;
    }
    term->base = item.substr(equals + 1);
  }
  for (const Term& term : terms) columns.use(term.column, "covariates", !term.levels);
  return terms;
}

}  // namespace

StatsAnswer stats_cox(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  Columns columns(table, answer);
  SurvivalRows t = read_survival_rows(request, table, columns, false);
  std::vector<Term> terms = terms_of(request, table, columns, t);
  columns.done();
  std::vector<std::size_t> complete;
  stats::CoxData data;
  for (std::size_t i = 0; i < t.rows.size(); ++i) {
    const std::size_t row = t.rows[i];
    const bool whole = std::all_of(terms.begin(), terms.end(), [&](const Term& term) {
      return term.levels ? !term.column->texts[row].empty() : !std::isnan(term.column->values[row]);
    });
    if (!whole) continue;
    complete.push_back(row);
    data.subjects.push_back(t.subjects[i]);
    if (!t.stratum.empty()) data.strata.push_back(t.stratum[i]);
  }
  t.subjects = data.subjects;
  note_left_out(t, table, answer);
  data.covariates = covariates_of(terms, complete, answer);
  const auto ties = request.method == "breslow" ? stats::Ties::breslow : stats::Ties::efron;
  const stats::CoxFit fit = stats::cox_regression(data, ties, request.level);
  if (!fit.fitted()) throw stats::StatisticsError("Cox regression: " + fit.message);
  answer.json["events"] = fit.events;
  answer.json["ties"] = ties == stats::Ties::efron ? "efron" : "breslow";
  answer.json["level"] = request.level;
  answer.json["coefficients"] = Json::array();
  std::vector<std::size_t> sizes;
  for (const Term& term : terms) sizes.push_back(term.coefficients);
  std::optional<stats::Proportionality> test;
  try {
    test = stats::test_proportionality(data, fit, ties, sizes);
  } catch (const stats::StatisticsError& why) {  // the fit stands without it
    answer.notes.push_back(why.what());
  }
  for (std::size_t i = 0; i < fit.coefficients.size(); ++i) {
    const stats::CoxCoefficient& c = fit.coefficients[i];
    answer.json["coefficients"].push_back(
        {{"name", c.name},
         {"beta", c.beta},
         {"standard_error", c.standard_error},
         {"z", c.z},
         {"p", c.p},
         {"hazard_ratio", c.hazard_ratio},
         {"hazard_ratio_ci", interval_json(c.hazard_ratio_ci)},
         {"proportionality", test ? test_json(test->covariates[i]) : Json(nullptr)}});
    answer.lines.push_back(fmt::format("{}: hazard ratio {} ({:g} % interval {}), z = {}, p = {}", c.name,
                                       shown(c.hazard_ratio), 100.0 * request.level,
                                       shown_interval(c.hazard_ratio_ci), shown(c.z), shown_p(c.p)));
    if (test && test->covariates[i].p < 0.05)
      answer.notes.push_back(fmt::format(
          "the hazards of '{}' are not proportional (p = {}): its hazard ratio changes with time; "
          "compare restricted means (rmst)",
          c.name, shown_p(test->covariates[i].p)));
  }
  answer.json["log_likelihood"] = fit.log_likelihood;
  answer.json["log_likelihood_null"] = fit.log_likelihood_null;
  answer.json["likelihood_ratio"] = test_json(fit.likelihood_ratio);
  answer.json["wald"] = test_json(fit.wald);
  answer.json["score"] = test_json(fit.score);
  answer.json["proportionality"] = test ? test_json(test->global) : Json(nullptr);
  answer.json["proportionality_terms"] = Json::array();
  for (std::size_t i = 0; test && i < terms.size(); ++i) {
    Json one = {{"name", terms[i].column->name}};
    one.update(test_json(test->terms[i]));
    answer.json["proportionality_terms"].push_back(std::move(one));
  }
  answer.json["concordance"] = fit.concordance;
  answer.lines.push_back(fmt::format(
      "n {}, events {}; likelihood ratio chi-square({:g}) = {}, p = {}; proportional hazards p = {}", fit.n,
      fit.events, fit.likelihood_ratio.df, shown(fit.likelihood_ratio.statistic),
      shown_p(fit.likelihood_ratio.p), test ? shown_p(test->global.p) : "not testable"));
  return answer;
}

}  // namespace stroma::cli

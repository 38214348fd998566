// Cox regression of a plain table: which columns are covariates, and what came out.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "jobs/stats/answers.hpp"
#include "jobs/stats/survival_rows.hpp"
#include "stats/cox_regression.hpp"
#include "stats/error.hpp"

namespace stroma::jobs {
using Json = nlohmann::ordered_json;

namespace {

stats::CoxData cox_data(const io::SurvivalTable& t) {
  stats::CoxData data;
  for (const std::string& name : t.data.covariates) data.covariates.push_back({name, {}});
  std::vector<std::string> strata;
  for (const assays::SurvivalSubject& s : t.data.subjects) {
    data.subjects.push_back(s.follow_up);
    for (std::size_t k = 0; k < s.covariates.size(); ++k)
      data.covariates[k].values.push_back(s.covariates[k]);
    if (t.stratum.empty()) continue;
    const auto at = std::find(strata.begin(), strata.end(), s.stratum);
    data.strata.push_back(static_cast<int>(at - strata.begin()));
    if (at == strata.end()) strata.push_back(s.stratum);
  }
  return data;
}

}  // namespace

StatsAnswer stats_cox(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  const io::SurvivalTable t = read_survival(request, table, io::ArmsWanted::no, answer);
  const stats::CoxData data = cox_data(t);
  const auto ties = request.method == "breslow" ? stats::Ties::breslow : stats::Ties::efron;
  const stats::CoxFit fit = stats::cox_regression(data, ties, request.level);
  if (!fit.fitted()) throw stats::StatisticsError("Cox regression: " + fit.message);
  answer.json["ties"] = ties == stats::Ties::efron ? "efron" : "breslow";
  answer.json["level"] = request.level;
  answer.json["coefficients"] = Json::array();
  std::vector<std::size_t> sizes;
  for (const io::SurvivalTerm& term : t.terms) sizes.push_back(term.coefficients);
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
  for (std::size_t i = 0; test && i < t.terms.size(); ++i) {
    Json one = {{"name", t.terms[i].column}};
    one.update(test_json(test->terms[i]));
    answer.json["proportionality_terms"].push_back(std::move(one));
  }
  answer.json["concordance"] = fit.concordance;
  answer.lines.push_back(fmt::format(
      "n {}, events {}; likelihood ratio chi-square({:g}) = {}, p = {}; proportional hazards p = {}",
      t.subjects, fit.events, fit.likelihood_ratio.df, shown(fit.likelihood_ratio.statistic),
      shown_p(fit.likelihood_ratio.p), test ? shown_p(test->global.p) : "not testable"));
  return answer;
}

}  // namespace stroma::jobs

// Observation that begins late and covariates that change with time against R's survival package: heart
// transplants, chronic granulomatous disease, monoclonal gammopathy by age, and 80 generated sets.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "core/random.hpp"
#include "stats/cox_regression.hpp"
#include "stats/kaplan_meier.hpp"
#include "stats/log_rank.hpp"
#include "stats_r.hpp"

namespace late_entry_test {

using namespace stroma::stats;
using Answers = std::map<std::string, double>;

struct Set {
  std::vector<FollowUp> subjects;
  std::vector<int> arm, stratum;
  std::vector<double> x1, x2;
};

/// Two or three arms of 12 to 40 subjects that enter one after the other: whole times with many ties between
/// entries and events, and exact ones; a covariate of size 20 in every fifth set, which cancels badly.
void write_generated(const std::string& path) {
  std::ofstream out(path);
  out.precision(17);
  out << "set,entry,time,event,arm,stratum,x1,x2\n";
  for (std::uint64_t set = 0; set < 80; ++set) {
    stroma::core::Stream draw(20241, stroma::core::Purpose::test, set);
    const int arms = 2 + static_cast<int>(2.0 * draw.uniform());
    for (int a = 0; a < arms; ++a) {
      const int n = 12 + static_cast<int>(29.0 * draw.uniform());
      for (int i = 0; i < n; ++i) {
        const double x1 = draw.normal() * (set % 5 == 4 ? 20.0 : 1.0), x2 = draw.uniform() < 0.4 ? 1.0 : 0.0;
        double entry = 8.0 * draw.uniform();
        double length = draw.exponential() * 10.0 * std::exp(-0.3 * x2 - (set % 5 == 4 ? 0.05 : 0.4) * x1);
        length = std::min(length, 1e4);
        if (set % 2 == 0) {
          entry = std::floor(entry);
          length = std::ceil(length);
        }
        const bool event = draw.uniform() < 0.7;
        out << "gen" << set << ',' << entry << ',' << entry + length << ',' << (event ? 1 : 0) << ',' << a
            << ',' << 1 + static_cast<int>(3.0 * draw.uniform()) << ',' << x1 << ',' << x2 << '\n';
      }
    }
  }
}

std::map<std::string, Set> read_sets(const std::string& path) {
  std::map<std::string, Set> sets;
  for (const auto& row : r_oracle::read_csv(path)) {
    Set& s = sets[row.at(0)];
    s.subjects.push_back({r_oracle::number(row.at(2)), row.at(3) == "1", r_oracle::number(row.at(1))});
    s.arm.push_back(std::stoi(row.at(4)));
    s.stratum.push_back(std::stoi(row.at(5)));
    s.x1.push_back(r_oracle::number(row.at(6)));
    s.x2.push_back(r_oracle::number(row.at(7)));
  }
  return sets;
}

void add_curves(Answers& a, const Set& set) {
  const int arms = 1 + *std::max_element(set.arm.begin(), set.arm.end());
  for (int arm = 0; arm < arms; ++arm) {
    std::vector<FollowUp> these;
    for (std::size_t i = 0; i < set.arm.size(); ++i)
      if (set.arm[i] == arm) these.push_back(set.subjects[i]);
    const KaplanMeier curve = kaplan_meier(these);
    const std::string id = std::to_string(arm) + " ";
    a["median " + id + "value"] = curve.median.value;
    a["median " + id + "low"] = curve.median.ci.low;
    a["median " + id + "high"] = curve.median.ci.high;
    for (std::size_t i = 0; i < curve.points.size(); ++i) {
      const SurvivalPoint& p = curve.points[i];
      const std::string k = std::to_string(i);
      a["km " + id + "time " + k] = p.time;
      a["km " + id + "n.risk " + k] = p.at_risk;
      a["km " + id + "n.event " + k] = p.events;
      a["km " + id + "surv " + k] = p.survival;
      a["km " + id + "std.err " + k] = p.standard_error;
      a["km " + id + "lower " + k] = p.ci.low;
      a["km " + id + "upper " + k] = p.ci.high;
    }
  }
}

void add_models(Answers& a, const Set& set) {
  for (int strata = 0; strata < 2; ++strata) {
    const std::vector<int> stratum = strata != 0 ? set.stratum : std::vector<int>();
    const std::string of = " " + std::to_string(strata) + " ";
    a["logrank" + of + "chisq"] = log_rank_test(set.subjects, set.arm, stratum).statistic;
    for (const Ties ties : {Ties::efron, Ties::breslow}) {
      const CoxData data{set.subjects, {{"x1", set.x1}, {"x2", set.x2}}, stratum};
      const CoxFit fit = cox_regression(data, ties);
      const std::string id = std::string("cox ") + (ties == Ties::efron ? "efron" : "breslow") + of;
      a[id + "infinite"] = fit.fitted() ? 0.0 : 1.0;
      if (!fit.fitted()) continue;
      const Proportionality zph = test_proportionality(data, fit, ties);
      for (std::size_t v = 0; v < 2; ++v) {
        const std::string k = std::to_string(v);
        a[id + "beta " + k] = fit.coefficients[v].beta;
        a[id + "se " + k] = fit.coefficients[v].standard_error;
        a[id + "zph " + k] = zph.covariates[v].statistic;
      }
      a[id + "zph global"] = zph.global.statistic;
      a[id + "null"] = fit.log_likelihood_null;
      a[id + "loglik"] = fit.log_likelihood;
      a[id + "wald"] = fit.wald.statistic;
      a[id + "score"] = fit.score.statistic;
      a[id + "concordance"] = fit.concordance;
    }
  }
}

TEST(SurvivalAgainstR, late_entries_and_changing_covariates_agree_on_83_data_sets) {
  const r_oracle::Scratch scratch;
  write_generated(scratch.file("generated.csv"));
  r_oracle::run("late_entry_oracle.R",
                {scratch.file("generated.csv"), scratch.file("data.csv"), scratch.file("results.csv")},
                scratch);
  const auto sets = read_sets(scratch.file("data.csv"));
  ASSERT_EQ(sets.size(), 83u);
  std::map<std::string, Answers> ours;
  for (const auto& [name, set] : sets) {
    add_curves(ours[name], set);
    add_models(ours[name], set);
  }
  std::size_t compared = 0;
  for (const auto& row : r_oracle::read_csv(scratch.file("results.csv"))) {
    const std::string &set = row.at(0), &name = row.at(1), &cell = row.at(2);
    ASSERT_TRUE(ours[set].contains(name)) << set << ' ' << name;
    const double got = ours[set][name];
    ++compared;
    if (cell == "NA" || cell == "NaN") {
      EXPECT_TRUE(std::isnan(got)) << set << ' ' << name;
      continue;
    }
    const double expected = r_oracle::number(cell), tolerance = name.starts_with("cox") ? 1e-5 : 1e-6;
    EXPECT_NEAR(got, expected, tolerance * std::abs(expected) + 1e-9) << set << ' ' << name;
  }
  EXPECT_GT(compared, 83u * 100u);
}

/// The mutant: entries that are forgotten give another answer, the immortal time of who waits for a heart.
TEST(SurvivalAgainstR, an_entry_that_is_forgotten_shows) {
  const r_oracle::Scratch scratch;
  write_generated(scratch.file("generated.csv"));
  auto sets = read_sets(scratch.file("generated.csv"));
  std::size_t noticed = 0;
  for (auto& [name, set] : sets) {
    const double right = log_rank_test(set.subjects, set.arm).statistic;
    for (FollowUp& s : set.subjects) s.entry = 0.0;
    const double wrong = log_rank_test(set.subjects, set.arm).statistic;
    noticed += std::abs(wrong - right) > 1e-3 * (1.0 + right) ? 1 : 0;
  }
  EXPECT_GT(noticed, sets.size() * 9u / 10u);
}

}  // namespace late_entry_test

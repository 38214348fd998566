// Tests, intervals and adjusted p values against R on 14 of R's own data sets and 200 generated ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/random.hpp"
#include "stats/anova.hpp"
#include "stats/correlation.hpp"
#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/goodness_of_fit.hpp"
#include "stats/multiple_comparison.hpp"
#include "stats/studentized_range.hpp"
#include "stats/t_test.hpp"
#include "stats_r.hpp"

namespace stats_against_r_test {

using namespace stroma::stats;
using Answers = std::map<std::string, double>;
using Data = std::map<std::string, std::map<int, std::vector<double>>>;

/// 200 sets of 2 to 6 groups with 4 to 24 values each: different sizes, spreads, offsets; some skewed, some
/// with ties.
void write_generated(const std::string& path) {
  std::ofstream out(path);
  out.precision(17);
  out << "set,group,value\n";
  for (std::uint64_t set = 0; set < 200; ++set) {
    stroma::core::Stream draw(20231, stroma::core::Purpose::test, set);
    const int groups = 2 + static_cast<int>(5.0 * draw.uniform());
    const int common = set % 3 == 0 ? 4 + static_cast<int>(20.0 * draw.uniform()) : 0;
    const double offset = set % 5 == 0 && set % 7 != 1 ? 1000.0 * draw.normal() : 2.0;
    for (int g = 1; g <= groups; ++g) {
      const int n = common > 0 ? common : 4 + static_cast<int>(20.0 * draw.uniform());
      const double shift = draw.normal();
      const double spread = std::exp(draw.normal());
      for (int i = 0; i < n; ++i) {
        double v = offset + shift + spread * draw.normal();
        if (set % 7 == 1) v = std::exp(0.5 * v);
        if (set % 11 == 2) v = std::round(100.0 * v) / 100.0;
        out << "gen" << set << ',' << g << ',' << v << '\n';
      }
    }
  }
}

Answers answers_of(const std::map<int, std::vector<double>>& columns) {
  std::vector<std::vector<double>> g;
  for (const auto& [id, values] : columns) g.push_back(values);
  const Groups groups(g.begin(), g.end());
  const auto& x = g[0];
  const auto& y = g[1];
  Answers a;
  const auto put_interval = [&](const std::string& name, Interval ci) {
    a[name + "_low"] = ci.low;
    a[name + "_high"] = ci.high;
  };
  a["mean"] = mean(x);
  a["sd"] = standard_deviation(x);
  a["q10"] = quantile(x, 0.1);
  a["q50"] = median(x);
  a["q90"] = quantile(x, 0.9);
  put_interval("mean", mean_interval(x, 0.9));
  const TTest one = one_sample_t_test(x, 1.5);
  a["one_t"] = one.statistic;
  a["one_p"] = one.p;
  put_interval("one",
               {one.ci.low + 1.5, one.ci.high + 1.5});  // R's is of the mean, ours of its difference from 1.5
  const TTest student = student_t_test(x, y);
  a["student_t"] = student.statistic;
  a["student_p"] = student.p;
  put_interval("student", student.ci);
  const TTest welch = welch_t_test(x, y, 0.99);
  a["welch_t"] = welch.statistic;
  a["welch_df"] = welch.df;
  a["welch_p"] = welch.p;
  put_interval("welch", welch.ci);
  std::vector<double> both = x;
  both.insert(both.end(), y.begin(), y.end());
  const double bound = 0.5 * standard_deviation(both);
  a["tost_p"] = equivalence_test(x, y, -bound, bound).p;
  if (x.size() == y.size() && x.size() > 3) {
    const TTest paired = paired_t_test(x, y);
    a["paired_t"] = paired.statistic;
    a["paired_p"] = paired.p;
    const Correlation r = pearson(x, y);
    a["r"] = r.r;
    a["r_p"] = r.p;
    put_interval("r", r.ci);
  }
  const Anova anova = one_way_anova(groups);
  a["anova_f"] = anova.f;
  a["anova_p"] = anova.p;
  a["anova_between"] = anova.ss_between;
  a["anova_within"] = anova.ss_within;
  const Anova levene = brown_forsythe_variances(groups);
  a["levene_f"] = levene.f;
  a["levene_p"] = levene.p;
  const FTest bf = brown_forsythe_means(groups);
  a["bf_f"] = bf.f;
  a["bf_df"] = bf.df2;
  a["bf_p"] = bf.p;
  for (const TukeyPair& pair : tukey_hsd(groups)) {
    const std::string id = std::to_string(pair.first) + "_" + std::to_string(pair.second);
    a["tukey_diff_" + id] = pair.difference;
    a["tukey_low_" + id] = pair.ci.low;
    a["tukey_high_" + id] = pair.ci.high;
    a["tukey_p_" + id] = pair.p_adjusted;
  }
  std::vector<double> raw;
  for (const auto& values : g) raw.push_back(one_sample_t_test(values, 1.5).p);
  const auto holm = holm_adjust(raw);
  for (std::size_t i = 0; i < holm.size(); ++i) a["holm_" + std::to_string(i)] = holm[i];
  const double centre = 1.2 * median(x);
  const double width = 2.0 * (quantile(x, 0.75) - quantile(x, 0.25));
  if (width > 0.0) {
    const GoodnessOfFit ks =
        kolmogorov_smirnov(x, [&](double v) { return normal_cdf((v - centre) / width); });
    a["ks_d"] = ks.statistic;
    a["ks_p"] = ks.p;
  }
  if (std::all_of(x.begin(), x.end(), [](double v) { return std::abs(v) > 0.01; })) {
    std::vector<double> counts, expected;
    for (const double v : x) counts.push_back(std::abs(v));
    const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
    const double n = static_cast<double>(x.size());
    for (double i = 1.0; i <= n; i += 1.0) expected.push_back(total * 2.0 * i / (n * (n + 1.0)));
    const GoodnessOfFit chi = chi_square_test(counts, expected);
    a["chi_x"] = chi.statistic;
    a["chi_p"] = chi.p;
  }
  return a;
}

/// 1e-6 of the value. R's ptukey is accurate to about 1e-6 and no better in absolute terms (its source says
/// so), and a p value below 1e-12 need only be that; neither is a tolerance that a decision could notice. An
/// end of a Tukey interval may be close to 0; there it is the half-width, made with qtukey, that agrees.
double tolerance(const std::string& name, double expected, const Answers& ours) {
  if (name.starts_with("tukey_p")) return 1e-6;
  const bool end = name.starts_with("tukey_low_") || name.starts_with("tukey_high_");
  const double scale = end ? expected - ours.at("tukey_diff_" + name.substr(name.size() - 3)) : expected;
  return 1e-6 * std::abs(scale) + 1e-12;
}

TEST(StatsAgainstR, every_test_and_interval_agrees_on_214_data_sets) {
  const r_oracle::Scratch scratch;
  write_generated(scratch.file("generated.csv"));
  r_oracle::run("stats_oracle.R",
                {scratch.file("generated.csv"), scratch.file("data.csv"), scratch.file("results.csv")},
                scratch);
  Data data;
  for (const auto& row : r_oracle::read_csv(scratch.file("data.csv"))) {
    data[row.at(0)][std::stoi(row.at(1))].push_back(r_oracle::number(row.at(2)));
  }
  ASSERT_EQ(data.size(), 214u);
  std::map<std::string, Answers> ours;
  for (const auto& [set, columns] : data) ours[set] = answers_of(columns);
  std::size_t compared = 0;
  for (const auto& row : r_oracle::read_csv(scratch.file("results.csv"))) {
    const std::string& set = row.at(0);
    const std::string& name = row.at(1);
    const double expected = r_oracle::number(row.at(2));
    ++compared;
    if (set == "ptukey" || set == "qtukey") {
      std::istringstream cells(name);
      int k = 0;
      std::string df_text;
      double at = 0.0;
      cells >> k >> df_text >> at;
      const double df = r_oracle::number(df_text);
      if (set == "ptukey") {
        EXPECT_NEAR(studentized_range_cdf(at, k, df), expected, 1e-6) << name;
      } else {
        // R's quantile inverts R's cdf, which is good to 1e-6 and a little more; the law at it must give the
        // level back.
        EXPECT_NEAR(studentized_range_cdf(expected, k, df), at, 3e-6) << name;
      }
      continue;
    }
    ASSERT_TRUE(ours[set].contains(name)) << set << ' ' << name;
    EXPECT_NEAR(ours[set][name], expected, tolerance(name, expected, ours[set])) << set << ' ' << name;
  }
  EXPECT_GT(compared, 214u * 40u);  // R reported on everything it was asked for
}

}  // namespace stats_against_r_test

// Rank tests, two-way analysis of variance, Dunnett, Shapiro-Wilk, Bartlett, Levene, adjusted p values,
// effect sizes and power against R: 14 of R's own data sets and 200 generated ones (ties, tiny and unbalanced
// groups, empty cells), and grids of designs.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/random.hpp"
#include "stats/bartlett.hpp"
#include "stats/descriptive.hpp"
#include "stats/dunnett.hpp"
#include "stats/effect_size.hpp"
#include "stats/error.hpp"
#include "stats/kruskal_wallis.hpp"
#include "stats/mann_whitney.hpp"
#include "stats/p_adjust.hpp"
#include "stats/power.hpp"
#include "stats/shapiro_wilk.hpp"
#include "stats/spearman.hpp"
#include "stats/t_test.hpp"
#include "stats/two_way_anova.hpp"
#include "stats_r.hpp"

namespace rank_and_design_test {

using namespace stroma::stats;
using Answers = std::map<std::string, double>;

/// Every third set is rounded so that values tie, every fourth has groups down to two values, every tenth one
/// sample of more than 50, every seventh an offset of a million spreads; cells may be empty.
void write_generated(const std::string& path) {
  std::ofstream out(path);
  out.precision(17);
  out << "set,a,b,value\n";
  for (std::uint64_t set = 0; set < 200; ++set) {
    stroma::core::Stream draw(20261, stroma::core::Purpose::test, set);
    const int groups = 2 + static_cast<int>(4.0 * draw.uniform());
    const int blocks = 2 + static_cast<int>(3.0 * draw.uniform());
    const double offset = set % 7 == 3 ? 1e6 : 2.0;
    for (int g = 1; g <= groups; ++g) {
      int n = set % 4 == 0 ? 2 + static_cast<int>(3.0 * draw.uniform())
                           : 4 + static_cast<int>(20.0 * draw.uniform());
      if (set % 10 == 5 && g == 1) n = 55;
      const double shift = draw.normal();
      const double spread = std::exp(0.5 * draw.normal());
      for (int i = 0; i < n; ++i) {
        const int b = i < blocks && g == 1 ? i + 1 : 1 + static_cast<int>(blocks * draw.uniform());
        double v = shift + 0.3 * b + spread * draw.normal();
        if (set % 3 == 1) v = std::round(2.0 * v) / 2.0;
        if (set % 3 == 2) v = std::exp(0.7 * v);
        out << "gen" << set << ',' << g << ',' << b << ',' << offset + v << '\n';
      }
      // Every block occurs, whatever was drawn.
      for (int b = n + 1; g == 1 && b <= blocks; ++b)
        out << "gen" << set << ",1," << b << ',' << offset + draw.normal() << '\n';
    }
  }
}

struct Set {
  std::vector<double> value;
  std::vector<std::size_t> a, b;

  std::vector<std::vector<double>> groups() const {
    std::vector<std::vector<double>> g(1 + *std::max_element(a.begin(), a.end()));
    for (std::size_t i = 0; i < value.size(); ++i) g[a[i]].push_back(value[i]);
    return g;
  }
};

void put_effect(Answers& out, const std::string& name, const EffectSize& e) {
  out[name] = e.value;
  out[name + "_low"] = e.ci.low;
  out[name + "_high"] = e.ci.high;
}

void put_test(Answers& out, const std::string& name, const std::string& statistic, const GoodnessOfFit& g) {
  out[name + "_" + statistic] = g.statistic;
  out[name + "_p"] = g.p;
}

bool varies(const std::vector<double>& x) {
  return std::any_of(x.begin(), x.end(), [&](double v) { return v != x.front(); });
}

void two_way_answers(Answers& out, const Set& s, bool interaction) {
  const std::string model = interaction ? "full" : "add";
  for (const auto type : {SumsOfSquares::type_i, SumsOfSquares::type_ii, SumsOfSquares::type_iii}) {
    TwoWayAnova t;
    try {
      t = two_way_anova(s.value, s.a, s.b, interaction, type);
    } catch (const StatisticsError&) {
      return;  // R gives no answer either, or the comparison fails for the missing name
    }
    const std::string kind = model + std::to_string(1 + static_cast<int>(type));
    const auto put = [&](const std::string& name, const AnovaEffect& e) {
      out[kind + "_ss_" + name] = e.ss;
      out[kind + "_f_" + name] = e.f;
      out[kind + "_df_" + name] = e.df;
      out[kind + "_p_" + name] = e.p;
    };
    put("a", t.first);
    put("b", t.second);
    if (t.interaction) put("ab", *t.interaction);
    out[model + "_rss"] = t.residual_ss;
    out[model + "_rdf"] = t.residual_df;
  }
}

Answers answers_of(const Set& s) {
  const auto g = s.groups();
  const Groups groups(g.begin(), g.end());
  const auto& x = g[0];
  const auto& y = g[1];
  Answers out;
  const MannWhitney mw = mann_whitney(x, y, 0.9);
  out["mw_w"] = mw.u;
  // R takes the normal law where there are ties; over all ways to deal the tied ranks out: mw_perm.
  out["mw_p"] = mw.ties ? mw.p_normal : mw.p;
  out["mw_exact"] = mw.exact && !mw.ties ? 1.0 : 0.0;
  out["mw_perm"] = mw.p;
  out["mw_low"] = mw.ci.low;
  out["mw_high"] = mw.ci.high;
  out["mw_shift"] = mw.shift;
  const KruskalWallis kw = kruskal_wallis(groups);
  out["kw_h"] = kw.statistic;
  out["kw_p"] = kw.p_chi_square;
  out["kw_perm"] = kw.p;
  const std::size_t k = std::min(x.size(), y.size());
  const std::vector<double> xk(x.begin(), x.begin() + static_cast<long>(k)),
      yk(y.begin(), y.begin() + static_cast<long>(k));
  if (k >= 4 && varies(xk) && varies(yk)) {
    const Spearman sp = spearman(xk, yk);
    out["sp_rho"] = sp.rho;
    out["sp_s"] = sp.s;
    out["sp_p"] = sp.method == SpearmanMethod::permutation ? sp.p_student : sp.p;
    out["sp_perm"] = sp.p;
    out["sp_low"] = sp.ci.low;
    out["sp_high"] = sp.ci.high;
  }
  if (x.size() >= 3 && varies(x)) put_test(out, "sw", "w", shapiro_wilk(x));
  std::vector<double> residuals, raw;
  bool all_vary = true;
  for (const auto& group : g) {
    const double m = mean(group);
    for (const double v : group) residuals.push_back(v - m);
    all_vary = all_vary && group.size() >= 2 && varies(group);
  }
  put_test(out, "swr", "w", shapiro_wilk(residuals));
  if (all_vary) {
    put_test(out, "bt", "k", bartlett_test(groups));
    try {
      const Anova levene = levene_variances(groups);
      out["lv_f"] = levene.f;
      out["lv_p"] = levene.p;
    } catch (const StatisticsError&) {  // no spread of the distances: R must not have an answer either
    }
    for (const auto& group : g) raw.push_back(one_sample_t_test(group, 1.5).p);
    raw.push_back(std::nan(""));
    raw.push_back(raw.front());
    const std::map<std::string, Adjustment> methods = {
        {"bonferroni", Adjustment::bonferroni}, {"holm", Adjustment::holm},
        {"hochberg", Adjustment::hochberg},     {"hommel", Adjustment::hommel},
        {"BH", Adjustment::benjamini_hochberg}, {"BY", Adjustment::benjamini_yekutieli}};
    for (const auto& [name, method] : methods) {
      const auto adjusted = adjust_p(raw, method);
      for (std::size_t i = 0; i < adjusted.size(); ++i) out[name + "_" + std::to_string(i)] = adjusted[i];
    }
  }
  if (x.size() >= 2 && y.size() >= 2) {
    if (varies(x) || varies(y)) {
      put_effect(out, "d", cohens_d(x, y));
      put_effect(out, "g", hedges_g(x, y));
    }
    put_effect(out, "cliff", cliffs_delta(x, y));
  }
  const Anova one = one_way_anova(groups);
  put_effect(out, "eta", eta_squared(one.f, one.df_between, one.df_within));
  two_way_answers(out, s, true);
  two_way_answers(out, s, false);
  const auto comparisons = dunnett(groups);
  for (const auto& c : comparisons) out["dunnett_p_" + std::to_string(c.group)] = c.p_adjusted;
  out["dunnett_half"] = 0.5 * (comparisons.back().ci.high - comparisons.back().ci.low);
  return out;
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> w;
  for (std::string s; in >> s;) w.push_back(s);
  return w;
}

/// Our answer to a row of one of the grids.
double grid_answer(const std::string& grid, const std::string& arguments) {
  const auto w = words(arguments);
  const auto at = [&](std::size_t i) { return r_oracle::number(w.at(i)); };
  const auto design = [](const std::string& name) {
    return name == "two.sample" ? TDesign::two_sample
           : name == "paired"   ? TDesign::paired
                                : TDesign::one_sample;
  };
  if (grid == "mvt") {
    std::vector<double> loadings;
    for (const double n : {4.0, 5.0, 9.0}) loadings.push_back(std::sqrt(n / (n + at(1))));
    return dunnett_upper(at(2), loadings, at(0));
  }
  if (grid == "power_t") {
    return power_t_test(
        {at(0), at(1), 1.3, 0.04, design(w.at(2)), w.at(3) == "two.sided", w.at(4) == "TRUE"});
  }
  if (grid == "power_t_n") {
    return solve_power(
        [&](double n) {
          return power_t_test({n, at(1), 1.0, 0.05, design(w.at(2))});
        },
        at(0), 2.0, 1e7, "n");
  }
  if (grid == "power_t_delta") {
    return solve_power(
        [&](double delta) {
          return power_t_test({10.0 * at(1), delta, 1.0, 0.05, design(w.at(2))});
        },
        at(0), 1e-7, 1e2, "difference");
  }
  if (grid == "power_anova") return power_anova({at(0), at(1), at(2), 2.5, 0.01});
  if (grid == "power_anova_n") {
    return solve_power(
        [&](double n) {
          return power_anova({at(0), n, at(1), at(2), 0.05});
        },
        0.8, 2.0, 1e5, "n");
  }
  if (grid == "power_prop") return power_proportions({at(0), at(1), at(2), 0.05, true, w.at(3) == "TRUE"});
  if (grid == "power_prop_n")
    return solve_power([&](double n) { return power_proportions({n, at(0), at(1)}); }, 0.9, 1.0, 1e7, "n");
  if (grid == "schoenfeld") return log_rank_size(at(0), 0.8, 1.0, at(1)).events;
  return std::nan("");
}

/// 1e-9 of the value, for all that both sides compute in closed form. What R itself knows less well: its
/// noncentral t is good to about 1e-12 and its noncentral F to 1e-9 in absolute terms (the errmax of pnt and
/// pnbeta), which limits inherit divided by the density there; its solvers of power stop at 1e-13 of an
/// interval of 1e7, and those of intervals of shifts at 1e-10 of one; mvtnorm's cubature was asked for 1e-5.
/// An offset of 1e6 leaves the data 1e-16 * 1e6 = 1e-10 of their spread, of which sums of squares and p
/// values lose the same.
/// Where R prints 0 for Spearman's p its series is negative (n > 9, rho close to 1): anything small will do.
double tolerance(const std::string& set, const std::string& name, double expected, bool offset) {
  if (name == "sp_p" && expected == 0.0) return 1e-4;
  if (set == "mvt") return 2e-5;
  if (set == "power_anova") return 2e-9;
  if (name.starts_with("eta_")) return 2e-8;
  double relative = 1e-9;
  if (set.starts_with("power_t_") || set.ends_with("_n")) relative = 1e-6;
  if (name.ends_with("_low") || name.ends_with("_high") || offset) relative = 1e-7;
  if (name.starts_with("dunnett")) relative = 1e-8;
  return relative * std::abs(expected) + (name.starts_with("mw_") ? 1e-10 : 1e-11);
}

TEST(RankAndDesignAgainstR, every_test_agrees_on_214_data_sets_and_on_grids_of_designs) {
  const r_oracle::Scratch scratch;
  write_generated(scratch.file("generated.csv"));
  r_oracle::run("rank_and_design_oracle.R",
                {scratch.file("generated.csv"), scratch.file("data.csv"), scratch.file("results.csv")},
                scratch);
  std::map<std::string, Set> data;
  for (const auto& row : r_oracle::read_csv(scratch.file("data.csv"))) {
    Set& s = data[row.at(0)];
    s.a.push_back(std::stoul(row.at(1)) - 1);
    s.b.push_back(std::stoul(row.at(2)) - 1);
    s.value.push_back(r_oracle::number(row.at(3)));
  }
  ASSERT_EQ(data.size(), 214u);
  std::map<std::string, Answers> ours;
  for (const auto& [set, s] : data) ours[set] = answers_of(s);
  std::map<std::string, std::size_t> compared;
  for (const auto& row : r_oracle::read_csv(scratch.file("results.csv"))) {
    const std::string& set = row.at(0);
    const std::string& name = row.at(1);
    const double expected = row.at(2) == "NA" ? std::nan("") : r_oracle::number(row.at(2));
    ++compared[name.substr(0, name.find('_'))];
    if (!data.contains(set)) {
      EXPECT_NEAR(grid_answer(set, name), expected, tolerance(set, name, expected, false))
          << set << ' ' << name;
      continue;
    }
    ASSERT_TRUE(ours[set].contains(name)) << set << ' ' << name;
    const double value = ours[set][name];
    if (std::isnan(expected)) {
      EXPECT_TRUE(std::isnan(value)) << set << ' ' << name;
    } else {
      EXPECT_NEAR(value, expected, tolerance(set, name, expected, std::abs(data[set].value[0]) > 1e5))
          << set << ' ' << name;
    }
  }
  // R answered what it was asked.
  for (const auto& [name, least] : {std::pair{"mw", 1200},
                                    {"kw", 400},
                                    {"sp", 500},
                                    {"sw", 350},
                                    {"bt", 300},
                                    {"hommel", 600},
                                    {"full1", 2000},
                                    {"add1", 1600},
                                    {"dunnett", 50},
                                    {"d", 500},
                                    {"eta", 600}})
    EXPECT_GE(compared[name], static_cast<std::size_t>(least)) << name;
}

}  // namespace rank_and_design_test

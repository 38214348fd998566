// Linear models per gene, moderated tests, log odds and quantile normalisation against limma on 6 tables of R
// and 200 generated ones.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "core/random.hpp"
#include "stats/linear_models.hpp"
#include "stats/moderated_variance.hpp"
#include "stats/normalisation.hpp"
#include "stats/p_adjust.hpp"
#include "stats_r.hpp"

namespace limma_test {

using namespace stroma::stats;
using Answers = std::map<std::string, double>;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// 200 tables of 30 to 90 genes and 4 to 12 samples: equal variances (where the prior has infinite df) and
/// unequal ones, changing genes, missing values up to whole genes, ties.
void write_generated(const std::string& path) {
  std::ofstream out(path);
  out.precision(17);
  out << "set,gene,sample,value\n";
  for (std::uint64_t set = 0; set < 200; ++set) {
    stroma::core::Stream draw(20235, stroma::core::Purpose::test, set);
    const int genes = 30 + static_cast<int>(60.0 * draw.uniform());
    const int samples = 4 + static_cast<int>(9.0 * draw.uniform());
    for (int g = 1; g <= genes; ++g) {
      const double level = 8.0 + 2.0 * draw.normal();
      const double sd = set % 3 == 0 ? 0.3 : 0.3 * std::exp(0.5 * draw.normal());
      const double change = g % 10 == 0 ? 2.0 * draw.normal() : 0.0;
      for (int s = 1; s <= samples; ++s) {
        double v = level + sd * draw.normal() + (2 * (s - 1) >= samples - 1 ? change : 0.0);
        if (set % 5 == 1) v = std::round(5.0 * v) / 5.0;
        out << "gen" << set << ',' << g << ',' << s << ',';
        if (set % 4 == 2 && draw.uniform() < (g % 7 == 0 ? 0.6 : 0.05))
          out << "NA\n";
        else
          out << v << '\n';
      }
    }
  }
}

std::map<std::string, Table> read_tables(const std::string& path) {
  std::map<std::string, std::vector<std::array<double, 3>>> cells;
  for (const auto& row : r_oracle::read_csv(path))
    cells[row.at(0)].push_back({r_oracle::number(row.at(1)), r_oracle::number(row.at(2)),
                                row.at(3) == "NA" ? none : r_oracle::number(row.at(3))});
  std::map<std::string, Table> tables;
  for (const auto& [set, these] : cells) {
    Table& t = tables[set];
    for (const auto& c : these) {
      t.rows = std::max(t.rows, static_cast<std::size_t>(c[0]));
      t.columns = std::max(t.columns, static_cast<std::size_t>(c[1]));
    }
    t.values.assign(t.rows * t.columns, none);
    for (const auto& c : these)
      t(static_cast<std::size_t>(c[0]) - 1, static_cast<std::size_t>(c[1]) - 1) = c[2];
  }
  return tables;
}

void add_models(Answers& a, const std::string& id, const LinearModels& models) {
  const ModeratedTests tests = moderate(models);
  a[id + "prior df"] = tests.prior.df;
  a[id + "prior variance"] = tests.prior.variance;
  for (std::size_t k = 0; k < models.effect.columns; ++k) {
    std::vector<double> p;
    const std::string column = std::to_string(k) + " ";
    for (std::size_t g = 0; g < models.effect.rows; ++g) {
      const std::string gene = std::to_string(g);
      p.push_back(tests.p(g, k));
      a[id + "coefficients " + column + gene] = models.effect(g, k);
      a[id + "stdev.unscaled " + column + gene] = models.unscaled_error(g, k);
      a[id + "t " + column + gene] = tests.t(g, k);
      a[id + "p.value " + column + gene] = tests.p(g, k);
      a[id + "lods " + column + gene] = tests.log_odds(g, k);
    }
    const auto adjusted = adjust_p(p, Adjustment::benjamini_hochberg);
    for (std::size_t g = 0; g < p.size(); ++g) a[id + "adjusted " + column + std::to_string(g)] = adjusted[g];
  }
  for (std::size_t g = 0; g < models.effect.rows; ++g) {
    const std::string gene = std::to_string(g);
    a[id + "sigma " + gene] = std::sqrt(models.variance[g]);
    a[id + "df " + gene] = models.df[g];
    a[id + "posterior " + gene] = tests.variance[g];
    a[id + "mean " + gene] = models.mean[g];
  }
}

Answers answers_of(const Table& table) {
  Answers a;
  const std::size_t n = table.columns;
  Table design{n, n >= 8 ? 3u : 2u, {}}, three{n, 3, {}};
  for (std::size_t s = 0; s < n; ++s) {
    design.values.push_back(1.0);
    design.values.push_back(s >= n / 2 ? 1.0 : 0.0);
    if (n >= 8) design.values.push_back(static_cast<double>(s % 3));
    for (std::size_t k = 0; k < 3; ++k) three.values.push_back(s % 3 == k ? 1.0 : 0.0);
  }
  add_models(a, "lm ", fit_linear_models(table, design));
  if (n >= 6)
    add_models(a, "contrast ", fit_linear_models(table, three, {3, 2, {-1.0, -0.5, 1.0, -0.5, 0.0, 1.0}}));
  if (n >= 6 && n % 2 == 0) {
    Table pairs{n, n / 2 + 1, std::vector<double>(n * (n / 2 + 1), 0.0)}, last{n / 2 + 1, 1, {}};
    for (std::size_t s = 0; s < n; ++s) {
      pairs(s, s % (n / 2)) = 1.0;
      pairs(s, n / 2) = s >= n / 2 ? 1.0 : 0.0;
    }
    last.values.assign(n / 2 + 1, 0.0);
    last.values.back() = 1.0;
    add_models(a, "block ", fit_linear_models(table, pairs, last));
  }
  Table normalised = table;
  normalise_quantiles(normalised);
  for (std::size_t g = 0; g < table.rows; ++g)
    for (std::size_t s = 0; s < n; ++s)
      a["quantile " + std::to_string(g) + " " + std::to_string(s)] = normalised(g, s);
  return a;
}

TEST(LimmaAgainstR, every_model_moderated_test_and_normalised_value_agrees_on_206_tables) {
  const r_oracle::Scratch scratch;
  write_generated(scratch.file("generated.csv"));
  r_oracle::run("limma_oracle.R",
                {scratch.file("generated.csv"), scratch.file("data.csv"), scratch.file("results.csv")},
                scratch);
  const auto tables = read_tables(scratch.file("data.csv"));
  ASSERT_EQ(tables.size(), 206u);
  std::map<std::string, Answers> ours;
  for (const auto& [set, table] : tables) ours[set] = answers_of(table);
  std::size_t compared = 0, infinite_priors = 0;
  for (const auto& row : r_oracle::read_csv(scratch.file("results.csv"))) {
    const std::string &set = row.at(0), &name = row.at(1), &cell = row.at(2);
    ASSERT_TRUE(ours[set].contains(name)) << set << ' ' << name;
    const double got = ours[set][name];
    ++compared;
    if (cell == "NA" || cell == "NaN") {
      EXPECT_TRUE(std::isnan(got)) << set << ' ' << name << ' ' << got;
    } else if (cell == "Inf") {
      EXPECT_TRUE(std::isinf(got)) << set << ' ' << name << ' ' << got;
      ++infinite_priors;
    } else {
      const double expected = r_oracle::number(cell);
      EXPECT_NEAR(got, expected, 1e-5 * std::abs(expected) + 1e-9) << set << ' ' << name;
    }
  }
  EXPECT_GT(compared, 206u * 30u * 4u * 8u);
  EXPECT_GT(infinite_priors, 10u);
}

}  // namespace limma_test

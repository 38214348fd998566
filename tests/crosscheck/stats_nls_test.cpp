// Nonlinear fits against R's nls: four of R's own data sets and 200 generated dose-response plates, half of
// them weighted.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "core/random.hpp"
#include "stats/dose_response.hpp"
#include "stats/nonlinear_fit.hpp"
#include "stats_r.hpp"

namespace stats_nls_test {

using namespace stroma::stats;
using P = std::span<const double>;

void write_generated(const std::string& path) {
  std::ofstream out(path);
  out.precision(17);
  out << "set,x,y,weight,b,c,d,le\n";
  for (std::uint64_t set = 0; set < 200; ++set) {
    stroma::core::Stream draw(20232, stroma::core::Purpose::test, set);
    const LogisticCurve c{0.8 + 1.7 * draw.uniform(), 2.0 + 20.0 * draw.uniform(),
                          80.0 + 40.0 * draw.uniform(), 1.0 + 4.0 * draw.uniform(), 1.0};
    for (double dose = 0.125; dose <= 32.0; dose *= 2.0) {
      for (int replicate = 0; replicate < 3; ++replicate) {
        const double expected = c.at(dose);
        const bool weighted = set % 2 == 1;
        const double y = expected + (weighted ? 0.04 * expected : 3.0) * draw.normal();
        out << "gen" << set << ',' << dose << ',' << y << ','
            << (weighted ? 1.0 / (expected * expected) : 1.0) << ',' << c.slope << ',' << c.lower << ','
            << c.upper << ',' << std::log(c.location) << '\n';
      }
    }
  }
}

struct Observations {
  std::vector<double> x, y, weight;
};

NonlinearFit fit_of(const std::string& set, const Observations& o) {
  if (set == "michaelis") {
    return fit_nonlinear([](double x, P p) { return p[0] * x / (p[1] + x); }, o.x, o.y,
                         std::vector{150.0, 0.1});
  }
  if (set == "logistic") {
    return fit_nonlinear([](double x, P p) { return p[0] / (1.0 + std::exp((p[1] - x) / p[2])); }, o.x, o.y,
                         std::vector{500.0, 20.0, 10.0});
  }
  if (set == "asymptotic") {
    return fit_nonlinear([](double x, P p) { return p[0] + (p[1] - p[0]) * std::exp(-std::exp(p[2]) * x); },
                         o.x, o.y, std::vector{90.0, -5.0, -3.0});
  }
  if (set == "dnase") {
    return fit_nonlinear(
        [](double x, P p) { return p[0] + (p[1] - p[0]) / (1.0 + std::exp((p[2] - std::log(x)) / p[3])); },
        o.x, o.y, std::vector{0.1, 2.0, 1.0, 1.0});
  }
  DoseResponseOptions options;
  options.weights = o.weight;
  return fit_dose_response(o.x, o.y, options).fit;  // no start given
}

// 1e-6 of an estimate or of its standard error, whichever is larger, is the agreement asked for; R's
// selfStart models stop at a relative offset of 1e-5 of the standard error, so for R's own four sets that is
// the bound.
TEST(NlsAgainstR, estimates_and_errors_agree_on_204_data_sets) {
  const r_oracle::Scratch scratch;
  write_generated(scratch.file("generated.csv"));
  r_oracle::run("nls_oracle.R",
                {scratch.file("generated.csv"), scratch.file("data.csv"), scratch.file("results.csv")},
                scratch);
  std::map<std::string, Observations> data;
  for (const auto& row : r_oracle::read_csv(scratch.file("data.csv"))) {
    Observations& o = data[row.at(0)];
    o.x.push_back(r_oracle::number(row.at(1)));
    o.y.push_back(r_oracle::number(row.at(2)));
    o.weight.push_back(r_oracle::number(row.at(3)));
  }
  std::map<std::string, NonlinearFit> fits;
  for (const auto& [set, o] : data) {
    fits[set] = fit_of(set, o);
    EXPECT_TRUE(fits[set].converged()) << set << ": " << fits[set].message;
  }
  std::size_t compared = 0;
  for (const auto& row : r_oracle::read_csv(scratch.file("results.csv"))) {
    const std::string& set = row.at(0);
    const std::string& name = row.at(1);
    const double expected = r_oracle::number(row.at(2));
    if (set == "all") {
      EXPECT_LE(expected, 10.0) << "generated sets on which nls itself failed";
      continue;
    }
    const NonlinearFit& fit = fits[set];
    const bool generated = set.starts_with("gen");
    ++compared;
    if (name == "sigma") {
      EXPECT_NEAR(fit.residual_sd, expected, 1e-6 * expected) << set;
      continue;
    }
    const std::size_t j = static_cast<std::size_t>(name.back() - '0');
    if (name.starts_with("estimate")) {
      const double bound = generated ? 1e-6 * std::max(std::abs(expected), fit.standard_errors[j])
                                     : 1e-4 * fit.standard_errors[j];
      EXPECT_NEAR(fit.estimates[j], expected, bound) << set << ' ' << name;
    } else {
      EXPECT_NEAR(fit.standard_errors[j], expected, (generated ? 1e-6 : 1e-4) * expected)
          << set << ' ' << name;
    }
  }
  EXPECT_GT(compared, 190u * 9u);
}

}  // namespace stats_nls_test

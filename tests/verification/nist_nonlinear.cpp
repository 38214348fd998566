// Nonlinear least squares against NIST's certified parameters, standard errors and residual sums, from both
// of NIST's starting points.
#include <gtest/gtest.h>

#include <map>
#include <numbers>

#include "nist_file.hpp"
#include "stats/nonlinear_fit.hpp"

namespace nist_nonlinear {

using P = std::span<const double>;
using Model = std::function<double(P b, P x)>;

double exp_sum(P b, double x) {
  return b[0] * std::exp(-b[1] * x) + b[2] * std::exp(-b[3] * x) + b[4] * std::exp(-b[5] * x);
}

double gauss(P b, double x) {
  const double u = (x - b[3]) / b[4];
  const double v = (x - b[6]) / b[7];
  return b[0] * std::exp(-b[1] * x) + b[2] * std::exp(-u * u) + b[5] * std::exp(-v * v);
}

double cubic_ratio(P b, double x) {
  return (b[0] + x * (b[1] + x * (b[2] + x * b[3]))) / (1.0 + x * (b[4] + x * (b[5] + x * b[6])));
}

double enso(P b, double x) {
  const double w = 2.0 * std::numbers::pi * x;
  return b[0] + b[1] * std::cos(w / 12.0) + b[2] * std::sin(w / 12.0) + b[4] * std::cos(w / b[3]) +
         b[5] * std::sin(w / b[3]) + b[7] * std::cos(w / b[6]) + b[8] * std::sin(w / b[6]);
}

const std::map<std::string, Model>& models() {
  static const std::map<std::string, Model> all = {
      {"Bennett5", [](P b, P x) { return b[0] * std::pow(b[1] + x[0], -1.0 / b[2]); }},
      {"BoxBOD", [](P b, P x) { return b[0] * (1.0 - std::exp(-b[1] * x[0])); }},
      {"Chwirut1", [](P b, P x) { return std::exp(-b[0] * x[0]) / (b[1] + b[2] * x[0]); }},
      {"Chwirut2", [](P b, P x) { return std::exp(-b[0] * x[0]) / (b[1] + b[2] * x[0]); }},
      {"DanWood", [](P b, P x) { return b[0] * std::pow(x[0], b[1]); }},
      {"ENSO", [](P b, P x) { return enso(b, x[0]); }},
      {"Eckerle4",
       [](P b, P x) {
         const double u = (x[0] - b[2]) / b[1];
         return b[0] / b[1] * std::exp(-0.5 * u * u);
       }},
      {"Gauss1", [](P b, P x) { return gauss(b, x[0]); }},
      {"Gauss2", [](P b, P x) { return gauss(b, x[0]); }},
      {"Gauss3", [](P b, P x) { return gauss(b, x[0]); }},
      {"Hahn1", [](P b, P x) { return cubic_ratio(b, x[0]); }},
      {"Kirby2",
       [](P b, P x) { return (b[0] + x[0] * (b[1] + x[0] * b[2])) / (1.0 + x[0] * (b[3] + x[0] * b[4])); }},
      {"Lanczos1", [](P b, P x) { return exp_sum(b, x[0]); }},
      {"Lanczos2", [](P b, P x) { return exp_sum(b, x[0]); }},
      {"Lanczos3", [](P b, P x) { return exp_sum(b, x[0]); }},
      {"MGH09", [](P b, P x) { return b[0] * x[0] * (x[0] + b[1]) / (x[0] * (x[0] + b[2]) + b[3]); }},
      {"MGH10", [](P b, P x) { return b[0] * std::exp(b[1] / (x[0] + b[2])); }},
      {"MGH17",
       [](P b, P x) { return b[0] + b[1] * std::exp(-x[0] * b[3]) + b[2] * std::exp(-x[0] * b[4]); }},
      {"Misra1a", [](P b, P x) { return b[0] * (1.0 - std::exp(-b[1] * x[0])); }},
      {"Misra1b", [](P b, P x) { return b[0] * (1.0 - std::pow(1.0 + b[1] * x[0] / 2.0, -2.0)); }},
      {"Misra1c", [](P b, P x) { return b[0] * (1.0 - std::pow(1.0 + 2.0 * b[1] * x[0], -0.5)); }},
      {"Misra1d", [](P b, P x) { return b[0] * b[1] * x[0] / (1.0 + b[1] * x[0]); }},
      {"Nelson", [](P b, P x) { return b[0] - b[1] * x[0] * std::exp(-b[2] * x[1]); }},
      {"Rat42", [](P b, P x) { return b[0] / (1.0 + std::exp(b[1] - b[2] * x[0])); }},
      {"Rat43", [](P b, P x) { return b[0] / std::pow(1.0 + std::exp(b[1] - b[2] * x[0]), 1.0 / b[3]); }},
      {"Roszman1",
       [](P b, P x) { return b[0] - b[1] * x[0] - std::atan(b[2] / (x[0] - b[3])) / std::numbers::pi; }},
      {"Thurber", [](P b, P x) { return cubic_ratio(b, x[0]); }},
  };
  return all;
}

struct NonlinearSet {
  std::vector<double> start1, start2, certified, sd, y;
  std::vector<std::vector<double>> x;
  double rss = 0.0;
};

NonlinearSet read(const std::string& name) {
  const auto lines = nist::lines_of("nonlinear/" + name + ".dat");
  NonlinearSet set;
  set.rss = nist::certified(lines, "Residual Sum of Squares");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto equals = lines[i].find('=');
    if (i < 60 && equals != std::string::npos && lines[i].find('b') < equals) {
      const auto v = nist::numbers(lines[i].substr(equals + 1));
      if (v.size() == 4) {
        set.start1.push_back(v[0]);
        set.start2.push_back(v[1]);
        set.certified.push_back(v[2]);
        set.sd.push_back(v[3]);
      }
    }
    if (i >= 60) {
      const auto v = nist::numbers(lines[i]);
      if (v.size() < 2) continue;
      set.y.push_back(name == "Nelson" ? std::log(v[0]) : v[0]);
      set.x.emplace_back(v.begin() + 1, v.end());
    }
  }
  return set;
}

class NonlinearSets : public testing::TestWithParam<std::string> {};

// Six digits of every parameter and standard error; the certified values carry 11. The residual sum of
// Lanczos1 is 1.4e-25 for data of order 1, below what doubles of the data determine (3e-32 per point, times
// cancellation), and the errors that follow from it are too: there only the parameters are compared.
TEST_P(NonlinearSets, reach_six_digits_from_both_starts) {
  const NonlinearSet set = read(GetParam());
  const Model& model = models().at(GetParam());
  ASSERT_FALSE(set.certified.empty());
  const stroma::stats::Prediction predict = [&](P b, std::span<double> out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = model(b, set.x[i]);
  };
  for (const auto& start : {set.start1, set.start2}) {
    const auto fit = stroma::stats::fit_nonlinear(predict, set.y, start);
    EXPECT_TRUE(fit.converged()) << fit.message;
    for (std::size_t j = 0; j < start.size(); ++j) {
      EXPECT_GE(nist::digits(fit.estimates[j], set.certified[j]), 6.0)
          << "parameter " << j + 1 << " from " << start[0];
      if (GetParam() != "Lanczos1") {
        EXPECT_GE(nist::digits(fit.standard_errors[j], set.sd[j]), 6.0)
            << "standard error " << j + 1 << " from " << start[0];
      }
    }
    if (GetParam() != "Lanczos1") {
      EXPECT_GE(nist::digits(fit.residual_sum_of_squares, set.rss), 6.0);
    }
  }
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& [name, model] : models()) all.push_back(name);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Nist, NonlinearSets, testing::ValuesIn(names()),
                         [](const auto& instance) { return instance.param; });

}  // namespace nist_nonlinear

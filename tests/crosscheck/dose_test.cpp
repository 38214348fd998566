// Shared parameters, comparison of models, robust fits and growth-rate inhibition against R's nls on 60
// generated pairs of curves, half of them parallel.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "core/random.hpp"
#include "stats/dose_global.hpp"
#include "stats/dose_models.hpp"
#include "stats/growth_inhibition.hpp"
#include "stats_r.hpp"

namespace dose_test {

using namespace stroma::stats;

void write_generated(const std::string& path) {
  std::ofstream out(path);
  out.precision(17);
  out << "set,curve,x,y,b,c,d,le1,le2\n";
  for (std::uint64_t set = 0; set < 60; ++set) {
    stroma::core::Stream draw(20271, stroma::core::Purpose::test, set);
    const LogisticCurve first{0.8 + 1.2 * draw.uniform(), 5.0 + 15.0 * draw.uniform(),
                              95.0 + 10.0 * draw.uniform(), 1.0 + 3.0 * draw.uniform(), 1.0};
    LogisticCurve second = first;
    second.location *= std::exp(draw.normal());
    if (set % 2 == 1) second.slope *= 1.4;
    for (int curve = 1; curve <= 2; ++curve) {
      for (double dose = 0.0625; dose <= 64.0; dose *= 2.0) {
        for (int replicate = 0; replicate < 3; ++replicate) {
          const double y = (curve == 1 ? first : second).at(dose) + 3.0 * draw.normal();
          out << "gen" << set << ',' << curve << ',' << dose << ',' << y << ',' << first.slope << ','
              << first.lower << ',' << first.upper << ',' << std::log(first.location) << ','
              << std::log(second.location) << '\n';
        }
      }
    }
  }
}

std::map<std::string, double> answers_of(const DoseSeries& one, const DoseSeries& two) {
  std::map<std::string, double> a;
  const std::vector<DoseSeries> both{one, two};
  const GlobalDoseResponse g = fit_dose_responses(both, {});
  const auto potency = std::get<Ic50Ratio>(relative_potency(g, 1, 0));
  a["slope"] = g.curves[0].slope;
  a["lower"] = g.curves[0].lower;
  a["upper"] = g.curves[1].upper;
  a["le1"] = std::log(g.curves[0].location);
  a["lr"] = std::log(potency.ratio);
  a["lr_se"] = potency.log_se;
  a["rss"] = g.fit.residual_sum_of_squares;
  a["parallel_f"] = g.parallelism->f;
  a["parallel_p"] = g.parallelism->p;
  const DoseModels m = compare_dose_models(one.doses, one.responses);
  for (std::size_t i = 0; i < 3; ++i) a["aicc_" + std::to_string(i + 3)] = m.models[i].aicc;
  a["f43"] = m.four_over_three->f;
  a["p43"] = m.four_over_three->p;
  a["f54"] = m.five_over_four->f;
  a["p54"] = m.five_over_four->p;
  DoseSeries spoiled = one;
  for (std::size_t i = 2; i < spoiled.responses.size(); i += 10) spoiled.responses[i] += 60.0;
  DoseResponseOptions robust;
  robust.robust = true;
  const DoseResponseFit r = fit_dose_response(spoiled.doses, spoiled.responses, robust);
  a["robust_le"] = r.fit.estimates[3];
  a["robust_le_se"] = r.fit.standard_errors[3];
  a["robust_scale"] = r.fit.residual_sd;
  std::vector<double> gr = two.responses;
  for (double& v : gr) v /= 100.0;
  const GrowthInhibitionFit h = fit_growth_inhibition(two.doses, gr);
  a["gr_h"] = h.curve.slope;
  a["gr_inf"] = h.gr_inf;
  a["gr_le"] = std::log(h.curve.location);
  return a;
}

/// Both minimise the same sums; nls stops at a relative offset of 1e-7, which leaves 1e-7 of a standard error
/// in an estimate and, squared, 1e-14 in the sums. F of nested models is a difference of sums: 1e-6 of 1. The
/// reweighting stops, here at 1e-8 of the scale, in R at 1e-9, and converges linearly: 1e-6.
double tolerance(const std::string& name, double expected) {
  const double scale = std::abs(expected);
  if (name.starts_with("robust")) return 1e-6 * (1.0 + scale);
  if (name.ends_with("p43") || name.starts_with("f") || name.starts_with("p")) return 1e-6 * (1.0 + scale);
  return 1e-6 * scale + 1e-7;
}

TEST(DoseAgainstR, shared_parameters_models_robust_fits_and_growth_rates_agree) {
  const r_oracle::Scratch scratch;
  write_generated(scratch.file("generated.csv"));
  r_oracle::run("dose_oracle.R", {scratch.file("generated.csv"), scratch.file("results.csv")}, scratch);
  std::map<std::string, std::map<std::string, DoseSeries>> data;
  for (const auto& row : r_oracle::read_csv(scratch.file("generated.csv"))) {
    DoseSeries& s = data[row.at(0)][row.at(1)];
    s.doses.push_back(r_oracle::number(row.at(2)));
    s.responses.push_back(r_oracle::number(row.at(3)));
  }
  std::map<std::string, std::map<std::string, double>> ours;
  for (auto& [set, curves] : data) ours[set] = answers_of(curves["1"], curves["2"]);
  std::map<std::string, int> compared;
  for (const auto& row : r_oracle::read_csv(scratch.file("results.csv"))) {
    const std::string &set = row.at(0), &name = row.at(1);
    const double expected = r_oracle::number(row.at(2));
    ++compared[name];
    ASSERT_TRUE(ours[set].contains(name)) << name;
    EXPECT_NEAR(ours[set][name], expected, tolerance(name, expected)) << set << ' ' << name;
  }
  for (const char* name : {"lr_se", "parallel_f", "aicc_3", "robust_le_se"})
    EXPECT_GE(compared[name], 45) << name;
  EXPECT_GE(compared["f54"], 30);
  EXPECT_GE(compared["gr_le"], 30);
}

}  // namespace dose_test

#include "stats/dose_models.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

double aicc_of(const NonlinearFit& fit) {
  const auto n = static_cast<double>(fit.n);
  const auto k = static_cast<double>(fit.estimates.size() + 1);
  if (fit.estimates.empty() || n <= k + 1.0) return std::numeric_limits<double>::infinity();
  return n * std::log(fit.residual_sum_of_squares / n) + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0);
}

std::optional<FTest> nested(const NonlinearFit& smaller, const NonlinearFit& larger) {
  if (smaller.estimates.empty() || larger.estimates.empty() || !(larger.residual_sum_of_squares > 0.0))
    return std::nullopt;
  return extra_sum_of_squares(smaller.residual_sum_of_squares, smaller.dof, larger.residual_sum_of_squares,
                              larger.dof);
}

}  // namespace

FTest extra_sum_of_squares(double smaller_sum, std::size_t smaller_dof, double larger_sum,
                           std::size_t larger_dof) {
  if (larger_dof < 1 || smaller_dof <= larger_dof || !(larger_sum > 0.0)) {
    throw StatisticsError(
        fmt::format("extra sum of squares: residual sums {:.6g} and {:.6g} with {} and {} degrees of freedom "
                    "are not those of "
                    "two nested models with error",
                    smaller_sum, larger_sum, smaller_dof, larger_dof));
  }
  FTest t;
  t.df1 = static_cast<double>(smaller_dof - larger_dof);
  t.df2 = static_cast<double>(larger_dof);
  // The smaller model cannot fit better; where both fit alike, rounding may say so.
  t.f = std::max(0.0, (smaller_sum - larger_sum) / t.df1 / (larger_sum / t.df2));
  t.p = f_upper(t.f, t.df1, t.df2);
  return t;
}

DoseModels compare_dose_models(std::span<const double> doses, std::span<const double> responses,
                               const DoseResponseOptions& options) {
  if (options.robust)
    throw StatisticsError("comparison of dose-response models: robust fits have no common residual sum");
  DoseModels all;
  double least = std::numeric_limits<double>::infinity();
  for (const LogisticModel model :
       {LogisticModel::three_parameter, LogisticModel::four_parameter, LogisticModel::five_parameter}) {
    DoseResponseOptions own = options;
    own.model = model;
    DoseModel m{model, fit_dose_response(doses, responses, own), 0.0, 0.0};
    m.aicc = aicc_of(m.fit.fit);
    if (m.aicc < least) {
      least = m.aicc;
      all.best = all.models.size();
    }
    all.models.push_back(std::move(m));
  }
  double total = 0.0;
  for (DoseModel& m : all.models)
    if (std::isfinite(m.aicc)) total += m.weight = std::exp(-0.5 * (m.aicc - least));
  for (DoseModel& m : all.models)
    if (total > 0.0) m.weight /= total;
  all.four_over_three = nested(all.models[0].fit.fit, all.models[1].fit.fit);
  all.five_over_four = nested(all.models[1].fit.fit, all.models[2].fit.fit);
  return all;
}

}  // namespace stroma::stats

#include "stats/dose_area.hpp"

#include <fmt/format.h>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <map>
#include <utility>

#include "stats/error.hpp"

namespace stroma::stats {
namespace {

void require_control(double control) {
  if (!(control > 0.0) || !std::isfinite(control))
    throw StatisticsError(
        fmt::format("area under a dose response: control {} given, a positive number is needed", control));
}

}  // namespace

double area_under_responses(std::span<const double> doses, std::span<const double> responses,
                            double control) {
  require_control(control);
  require_sample(doses, 2, "area under a dose response, doses");
  require_sample(responses, 2, "area under a dose response, responses");
  if (doses.size() != responses.size())
    throw StatisticsError(
        fmt::format("area under a dose response: {} doses and {} responses, as many are needed", doses.size(),
                    responses.size()));
  std::map<double, std::pair<double, double>> sums;  // of responses, and how many
  for (std::size_t i = 0; i < doses.size(); ++i) {
    if (doses[i] < 0.0)
      throw StatisticsError(
          fmt::format("area under a dose response: dose {} given, doses of 0 or more are needed", doses[i]));
    if (doses[i] == 0.0) continue;  // has no place on a logarithmic axis
    sums[doses[i]].first += responses[i];
    sums[doses[i]].second += 1.0;
  }
  if (sums.size() < 2)
    throw StatisticsError(fmt::format(
        "area under a dose response: {} distinct positive doses, at least 2 needed", sums.size()));
  double area = 0.0;
  for (auto left = sums.begin(), right = std::next(left); right != sums.end(); ++left, ++right) {
    const double height =
        0.5 * (left->second.first / left->second.second + right->second.first / right->second.second);
    area += height * std::log(right->first / left->first);
  }
  return area / std::log(sums.rbegin()->first / sums.begin()->first) / control;
}

double area_under_curve(const LogisticCurve& curve, double low, double high, double control) {
  require_control(control);
  if (!(low > 0.0 && low < high && std::isfinite(high)))
    throw StatisticsError(
        fmt::format("area under a curve: doses {} to {} given, 0 < low < high is needed", low, high));
  const double from = std::log(low), to = std::log(high);
  const double area = boost::math::quadrature::gauss_kronrod<double, 31>::integrate(
      [&](double log_dose) { return curve.at(std::exp(log_dose)); }, from, to, 15, 1e-11);
  return area / (to - from) / control;
}

}  // namespace stroma::stats

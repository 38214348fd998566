#include "stats/tumour_growth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/random.hpp"
#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

GrowthSlope slope_of(int subject, const std::vector<double>& t, const std::vector<double>& y) {
  GrowthSlope g{subject, t.size(), none, none, none};
  const double mt = mean(t), my = mean(y);
  double tt = 0.0, ty = 0.0, rss = 0.0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    tt += (t[i] - mt) * (t[i] - mt);
    ty += (t[i] - mt) * (y[i] - my);
  }
  if (!(tt > 0.0)) return g;
  g.slope = ty / tt;
  g.start = std::exp(my - g.slope * mt);
  for (std::size_t i = 0; i < t.size(); ++i) rss += std::pow(y[i] - my - g.slope * (t[i] - mt), 2);
  if (t.size() > 2) g.standard_error = std::sqrt(rss / static_cast<double>(t.size() - 2) / tt);
  return g;
}

void require_arm(const ArmVolumes& arm, const char* name) {
  require_sample(arm.first, 2, fmt::format("tumour inhibition, {} arm, first day", name));
  require_sample(arm.last, 2, fmt::format("tumour inhibition, {} arm, last day", name));
  if (arm.first.size() != arm.last.size())
    throw StatisticsError(
        fmt::format("tumour inhibition, {} arm: {} animals on the first day, {} on the last", name,
                    arm.first.size(), arm.last.size()));
  for (const auto* day : {&arm.first, &arm.last})
    for (const double v : *day)
      if (!(v > 0.0))
        throw StatisticsError(
            fmt::format("tumour inhibition, {} arm: a volume is {}, a number above 0 is needed", name, v));
}

std::vector<double> changes(const ArmVolumes& arm) {
  std::vector<double> d;
  for (std::size_t i = 0; i < arm.first.size(); ++i) d.push_back(arm.last[i] - arm.first[i]);
  return d;
}

double resampled_mean(const std::vector<double>& x, core::Stream& draw) {
  double sum = 0.0;
  const double n = static_cast<double>(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) sum += x[static_cast<std::size_t>(draw.uniform() * n)];
  return sum / n;
}

void add_ratio(TumourInhibition& g, const ArmVolumes& treated, const ArmVolumes& control, double level) {
  const double mt = mean(treated.last), mc = mean(control.last);
  const double nt = static_cast<double>(treated.last.size()), nc = static_cast<double>(control.last.size());
  const double vt = variance(treated.last) / (nt * mt * mt), vc = variance(control.last) / (nc * mc * mc);
  g.treated_to_control = mt / mc;
  g.treated_to_control_ci = {g.treated_to_control, g.treated_to_control};
  if (!(vt + vc > 0.0)) return;
  const double df = (vt + vc) * (vt + vc) / (vt * vt / (nt - 1.0) + vc * vc / (nc - 1.0));
  const double factor = std::exp(student_t_critical(level, df) * std::sqrt(vt + vc));
  g.treated_to_control_ci = {g.treated_to_control / factor, g.treated_to_control * factor};
}

}  // namespace

std::vector<GrowthSlope> growth_slopes(std::span<const int> subject, std::span<const double> time,
                                       std::span<const double> volume) {
  require_sample(time, 1, "growth slopes, times");
  require_sample(volume, 1, "growth slopes, volumes");
  if (subject.size() != time.size() || subject.size() != volume.size())
    throw StatisticsError(fmt::format("growth slopes: {} animals, {} times and {} volumes", subject.size(),
                                      time.size(), volume.size()));
  std::map<int, std::pair<std::vector<double>, std::vector<double>>> animals;
  for (std::size_t i = 0; i < subject.size(); ++i) {
    if (!(volume[i] > 0.0))
      throw StatisticsError(fmt::format("growth slopes: volume {} of {} is {}, a number above 0 is needed",
                                        i + 1, volume.size(), volume[i]));
    animals[subject[i]].first.push_back(time[i]);
    animals[subject[i]].second.push_back(std::log(volume[i]));
  }
  std::vector<GrowthSlope> slopes;
  for (const auto& [id, ty] : animals) slopes.push_back(slope_of(id, ty.first, ty.second));
  return slopes;
}

TumourInhibition tumour_inhibition(const ArmVolumes& treated, const ArmVolumes& control, double level,
                                   std::uint64_t seed, int resamples) {
  require_arm(treated, "treated");
  require_arm(control, "control");
  require_level(level);
  if (resamples < 100)
    throw StatisticsError(fmt::format("tumour inhibition: {} resamples, at least 100 are needed", resamples));
  TumourInhibition g;
  add_ratio(g, treated, control, level);
  const std::vector<double> dt = changes(treated), dc = changes(control);
  g.inhibition_ci = {none, none};
  if (!(mean(dc) > 0.0)) {
    g.inhibition = none;
    g.message = "tumours of the control did not grow, so their growth cannot be inhibited";
    return g;
  }
  g.inhibition = 1.0 - mean(dt) / mean(dc);
  std::vector<double> drawn;
  for (int r = 0; r < resamples; ++r) {
    core::Stream draw(seed, core::Purpose::bootstrap, static_cast<std::uint64_t>(r));
    const double t = resampled_mean(dt, draw), c = resampled_mean(dc, draw);
    if (c > 0.0) drawn.push_back(1.0 - t / c);
  }
  const std::size_t all = static_cast<std::size_t>(resamples), lost = all - drawn.size();
  if (100 * lost > all) {
    g.message = fmt::format("in {} of {} resamples the control did not grow: no interval", lost, all);
    return g;
  }
  g.inhibition_ci = {quantile(drawn, 0.5 * (1.0 - level)), quantile(drawn, 0.5 * (1.0 + level))};
  return g;
}

}  // namespace stroma::stats

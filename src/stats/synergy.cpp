#include "stats/synergy.hpp"

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <limits>

#include "core/random.hpp"
#include "stats/descriptive.hpp"
#include "stats/error.hpp"
#include "stats/synergy_fit.hpp"

namespace stroma::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

using Means = std::vector<double>;

void check(const Checkerboard& board) {
  for (const std::vector<double>* doses : {&board.doses1, &board.doses2}) {
    if (doses->size() < 3)
      throw StatisticsError("a checkerboard needs at least three doses of each drug, zero included");
    if (doses->front() != 0.0) throw StatisticsError("the doses of each drug begin with 0");
    for (std::size_t i = 1; i < doses->size(); ++i)
      if (!((*doses)[i] > (*doses)[i - 1])) throw StatisticsError("the doses of each drug rise");
  }
  if (board.effects.size() != board.rows() * board.columns())
    throw StatisticsError("a checkerboard needs a cell for every pair of doses");
  for (const std::vector<double>& cell : board.effects) require_sample(cell, 1, "a cell of a checkerboard");
}

Means means_of(const Checkerboard& board) {
  Means out;
  for (const std::vector<double>& cell : board.effects) out.push_back(mean(cell));
  return out;
}

// The curves that a resample starts its fits from: those of the means.
struct Fitted {
  HillCurve loewe1, loewe2;               // top free
  HillCurve zip1, zip2;                   // top 1
  std::vector<HillCurve> along1, along2;  // row curves: in d1 at each d2, and the reverse
};

// The doses of each drug, prepared once for all fits.
struct Axes {
  explicit Axes(const Checkerboard& board) : first(board.doses1), second(board.doses2) {}
  HillGrid first, second;
};

struct Scores {
  std::array<Means, 4> of;  // in the order of synergy_models
  Fitted fitted;
};

std::vector<double> column_of(const Checkerboard& board, const Means& means, std::size_t j) {
  std::vector<double> out;
  for (std::size_t i = 0; i < board.rows(); ++i) out.push_back(means[board.cell(i, j)]);
  return out;
}

std::vector<double> row_of(const Checkerboard& board, const Means& means, std::size_t i) {
  const auto begin = means.begin() + static_cast<std::ptrdiff_t>(board.cell(i, 0));
  return {begin, begin + static_cast<std::ptrdiff_t>(board.columns())};
}

void score_loewe(const Checkerboard& board, const Means& means, const Fitted& fitted, Means& out) {
  for (std::size_t i = 1; i < board.rows(); ++i)
    for (std::size_t j = 1; j < board.columns(); ++j)
      out[board.cell(i, j)] = means[board.cell(i, j)] - loewe_expectation(board.doses1[i], board.doses2[j],
                                                                          fitted.loewe1, fitted.loewe2);
}

// (y0 + (d/m)^s) / (1 + (d/m)^s): from the other drug's effect y0 to 1.
double from_base(double base, const HillCurve& curve, double dose) {
  return base + (1.0 - base) * curve.at(dose);
}

void score_zip(const Checkerboard& board, const Axes& axes, const Means& means, const Fitted* start,
               Fitted& fitted, Means& out) {
  const std::size_t rows = board.rows(), columns = board.columns();
  fitted.along1.resize(columns);
  fitted.along2.resize(rows);
  for (std::size_t j = 1; j < columns; ++j)
    fitted.along1[j] = fit_hill_from(axes.first, column_of(board, means, j), fitted.zip2.at(board.doses2[j]),
                                     start ? &start->along1[j] : nullptr);
  for (std::size_t i = 1; i < rows; ++i)
    fitted.along2[i] = fit_hill_from(axes.second, row_of(board, means, i), fitted.zip1.at(board.doses1[i]),
                                     start ? &start->along2[i] : nullptr);
  for (std::size_t i = 1; i < rows; ++i)
    for (std::size_t j = 1; j < columns; ++j) {
      const double p1 = fitted.zip1.at(board.doses1[i]), p2 = fitted.zip2.at(board.doses2[j]);
      const HillCurve &a = fitted.along1[j], &b = fitted.along2[i];
      const bool usable = fitted.zip1.usable && fitted.zip2.usable && a.usable && b.usable;
      const double smooth = (from_base(p2, a, board.doses1[i]) + from_base(p1, b, board.doses2[j])) / 2.0;
      out[board.cell(i, j)] = usable ? smooth - (p1 + p2 - p1 * p2) : nan;
    }
}

Scores score(const Checkerboard& board, const Axes& axes, const Means& means, const Fitted* start) {
  Scores out;
  for (Means& scores : out.of) scores.assign(means.size(), 0.0);
  for (std::size_t i = 1; i < board.rows(); ++i)
    for (std::size_t j = 1; j < board.columns(); ++j) {
      const double y1 = means[board.cell(i, 0)], y2 = means[board.cell(0, j)], y = means[board.cell(i, j)];
      out.of[0][board.cell(i, j)] = y - (y1 + y2 - y1 * y2);
      out.of[2][board.cell(i, j)] = y - std::max(y1, y2);
    }
  const std::vector<double> alone1 = column_of(board, means, 0), alone2 = row_of(board, means, 0);
  Fitted& f = out.fitted;
  f.loewe1 = fit_hill(axes.first, alone1, start ? &start->loewe1 : nullptr);
  f.loewe2 = fit_hill(axes.second, alone2, start ? &start->loewe2 : nullptr);
  f.zip1 = fit_hill_from(axes.first, alone1, 0.0, start ? &start->zip1 : nullptr);
  f.zip2 = fit_hill_from(axes.second, alone2, 0.0, start ? &start->zip2 : nullptr);
  score_loewe(board, means, f, out.of[1]);
  score_zip(board, axes, means, start, f, out.of[3]);
  return out;
}

struct MeanScore {
  double mean = nan;
  std::size_t undefined = 0;
};

MeanScore mean_of(const Checkerboard& board, const Means& scores) {
  MeanScore out;
  double sum = 0.0;
  std::size_t n = 0;
  for (std::size_t i = 1; i < board.rows(); ++i)
    for (std::size_t j = 1; j < board.columns(); ++j) {
      const double s = scores[board.cell(i, j)];
      if (std::isfinite(s)) {
        sum += s;
        ++n;
      } else {
        ++out.undefined;
      }
    }
  if (n > 0) out.mean = sum / static_cast<double>(n);
  return out;
}

// The mean score of a resample, over the cells of the estimate: where one of them is undefined in the
// resample (or the reverse), the rest are compared cell by cell, so that no mean is taken over other cells.
double resampled_mean(const Checkerboard& board, const Means& scores, const Means& again, double estimate) {
  double change = 0.0;
  std::size_t n = 0;
  for (std::size_t i = 1; i < board.rows(); ++i)
    for (std::size_t j = 1; j < board.columns(); ++j) {
      const double moved = again[board.cell(i, j)] - scores[board.cell(i, j)];
      if (!std::isfinite(moved)) continue;
      change += moved;
      ++n;
    }
  return n > 0 ? estimate + change / static_cast<double>(n) : nan;
}

// Replicates drawn with replacement within each cell, widened about the mean.
Means resample(const Checkerboard& board, const Means& means, std::uint64_t seed, int draw) {
  Means out(means.size());
  for (std::size_t c = 0; c < means.size(); ++c) {
    const std::vector<double>& values = board.effects[c];
    const auto n = static_cast<double>(values.size());
    core::Stream stream(seed, core::Purpose::bootstrap, c, draw);
    double sum = 0.0;
    for (std::size_t k = 0; k < values.size(); ++k)
      sum += values[std::min(values.size() - 1, static_cast<std::size_t>(stream.uniform() * n))];
    out[c] = means[c] + std::sqrt(n / (n - 1.0)) * (sum / n - means[c]);
  }
  return out;
}

std::string why_undefined(SynergyModel model, const Synergy& synergy, std::size_t undefined) {
  if (undefined == 0) return {};
  if (!synergy.curve1.usable || !synergy.curve2.usable) {
    if (model == SynergyModel::loewe)
      return "a drug alone has no Hill curve (no effect, or too few doses), and Loewe needs the dose of "
             "every effect";
  }
  if (model == SynergyModel::loewe)
    return "the expected effect lies beyond the maximum of the weaker drug: no dose of it alone has that "
           "effect, so "
           "that Loewe additivity is not defined there";
  return "a curve could not be fitted there";
}

// Percentiles about the resamples' own middle, moved to the estimate. A maximum (HSA) or a curve that bends
// is higher on average over resamples than of their mean; plain percentiles would carry that shift twice and
// may then leave their own estimate out.
void set_interval(SynergySurface& surface, std::vector<double>& drawn) {
  constexpr std::size_t least = 40;
  std::erase_if(drawn, [](double v) { return !std::isfinite(v); });
  surface.resamples = drawn.size();
  surface.ci = {-infinity, infinity};
  if (drawn.size() < least) return;
  surface.shift = quantile(drawn, 0.5) - surface.mean;
  surface.ci = {quantile(drawn, 0.025) - surface.shift, quantile(drawn, 0.975) - surface.shift};
}

}  // namespace

double HillCurve::at(double dose) const {
  return dose > 0.0 ? top / (1.0 + std::pow(midpoint / dose, slope)) : 0.0;
}

double HillCurve::dose_of(double effect) const {
  if (effect >= top) return infinity;
  return effect <= 0.0 ? 0.0 : midpoint * std::pow(effect / (top - effect), 1.0 / slope);
}

double loewe_expectation(double d1, double d2, const HillCurve& first, const HillCurve& second) {
  if (!first.usable || !second.usable) return nan;
  const double most = std::min(first.top, second.top);
  // Falls with the effect from infinity: at the weaker maximum the other drug's share alone remains.
  const auto excess = [&](double effect) {
    return d1 / first.dose_of(effect) + d2 / second.dose_of(effect) - 1.0;
  };
  const double low = std::max(first.at(d1), second.at(d2));
  if (low >= most || excess(most) >= 0.0) return nan;
  if (excess(low) <= 0.0) return low;
  std::uintmax_t steps = 200;
  const auto [a, b] = boost::math::tools::toms748_solve(excess, low, most,
                                                        boost::math::tools::eps_tolerance<double>(40), steps);
  return (a + b) / 2.0;
}

Synergy analyse_synergy(const Checkerboard& board, const SynergyOptions& options) {
  check(board);
  const Means means = means_of(board);
  const Axes axes(board);
  const Scores scores = score(board, axes, means, nullptr);
  Synergy out;
  out.curve1 = scores.fitted.loewe1;
  out.curve2 = scores.fitted.loewe2;
  out.replicated = std::all_of(board.effects.begin(), board.effects.end(),
                               [](const std::vector<double>& cell) { return cell.size() >= 2; });
  const int draws = out.replicated ? options.resamples : 0;
  for (std::size_t m = 0; m < 4; ++m) {
    SynergySurface& surface = out.surfaces[m];
    surface.model = synergy_models[m];
    surface.scores = scores.of[m];
    const MeanScore score_mean = mean_of(board, surface.scores);
    surface.mean = score_mean.mean;
    surface.undefined = score_mean.undefined;
    surface.why_undefined = why_undefined(surface.model, out, surface.undefined);
  }
  std::array<std::vector<double>, 4> drawn;
  for (std::vector<double>& values : drawn) values.assign(static_cast<std::size_t>(draws), nan);
  core::for_chunks(static_cast<std::size_t>(draws), 16, options.threads,
                   [&](std::size_t begin, std::size_t end) {
                     for (std::size_t d = begin; d < end; ++d) {
                       const Means again = resample(board, means, options.seed, static_cast<int>(d));
                       const Scores of = score(board, axes, again, &scores.fitted);
                       for (std::size_t m = 0; m < 4; ++m)
                         drawn[m][d] = resampled_mean(board, scores.of[m], of.of[m], out.surfaces[m].mean);
                     }
                   });
  for (std::size_t m = 0; m < 4; ++m) set_interval(out.surfaces[m], drawn[m]);
  return out;
}

}  // namespace stroma::stats

#include "stats/cox_risk_sets.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "stats/descriptive.hpp"

namespace stroma::stats {
namespace {

// Sums of exp(beta' x), x exp(beta' x) and x x' exp(beta' x) over subjects.
struct Sums {
  double total = 0.0;
  std::vector<double> first, second;

  explicit Sums(std::size_t p) : first(p, 0.0), second(p * p, 0.0) {}
  void scale(double factor) {
    total *= factor;
    for (double& v : first) v *= factor;
    for (double& v : second) v *= factor;
  }
  void add(double hazard, std::span<const double> x) {
    total += hazard;
    for (std::size_t j = 0; j < x.size(); ++j) {
      first[j] += hazard * x[j];
      for (std::size_t k = 0; k < x.size(); ++k) second[j * x.size() + k] += hazard * x[j] * x[k];
    }
  }
};

// The set that is left when `away` of the tied subjects is taken from all at risk.
void fill(RiskSet& risk, const Sums& all, const Sums& tied, double away, double top) {
  const std::size_t p = all.first.size();
  const double total = all.total - away * tied.total;
  risk.log_sum = std::log(total) + top;
  for (std::size_t j = 0; j < p; ++j) risk.mean[j] = (all.first[j] - away * tied.first[j]) / total;
  for (std::size_t j = 0; j < p; ++j)
    for (std::size_t k = 0; k < p; ++k)
      risk.covariance[j * p + k] =
          (all.second[j * p + k] - away * tied.second[j * p + k]) / total - risk.mean[j] * risk.mean[k];
}

}  // namespace

CoxRows::CoxRows(const CoxData& data) : covariates(data.covariates.size()) {
  const std::size_t n = data.subjects.size();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto stratum_of = [&](std::size_t i) { return data.strata.empty() ? 0 : data.strata[i]; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(stratum_of(a), -data.subjects[a].time) <
           std::tuple(stratum_of(b), -data.subjects[b].time);
  });
  std::vector<double> centre;
  for (const Covariate& c : data.covariates) {
    const Moments m = moments(c.values);
    const double sd = std::sqrt(static_cast<double>(m.sum_of_squares) / static_cast<double>(n));
    centre.push_back(static_cast<double>(m.mean));
    scale.push_back(sd > 0.0 ? sd : 1.0);
  }
  for (const std::size_t i : order) {
    time.push_back(data.subjects[i].time);
    entry.push_back(data.subjects[i].entry);
    event.push_back(data.subjects[i].event ? 1 : 0);
    stratum.push_back(stratum_of(i));
    for (std::size_t v = 0; v < covariates; ++v)
      x.push_back((data.covariates[v].values[i] - centre[v]) / scale[v]);
  }
  entering.resize(n);
  std::iota(entering.begin(), entering.end(), std::size_t{0});
  std::stable_sort(entering.begin(), entering.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(stratum[a], -entry[a]) < std::pair(stratum[b], -entry[b]);
  });
}

double CoxRows::log_hazard(std::size_t i, std::span<const double> beta) const {
  const auto mine = row(i);
  return std::inner_product(mine.begin(), mine.end(), beta.begin(), 0.0);
}

void sweep_risk_sets(const CoxRows& rows, std::span<const double> beta, Ties ties,
                     const std::function<void(std::size_t)>& event,
                     const std::function<void(const RiskSet&)>& set) {
  const std::size_t p = rows.covariates, n = rows.time.size();
  Sums all(p);
  double top = 0.0;   // sums are in units of exp(top), the largest so far, so that none overflows
  double most = 0.0;  // the largest total since the sums were last made anew
  std::size_t begin = 0, left = 0;  // of the stratum; in `entering`: who is no longer at risk before that
  RiskSet risk{0.0, 0.0, std::vector<double>(p), std::vector<double>(p * p)};
  // Going back in time, whoever enters at `time` or later is taken away again. Where little is left of the
  // sums they are made anew from those at risk, so that no digits are lost to the difference. `end`: the row
  // that comes next.
  const auto take_away = [&](double time, std::size_t end) {
    constexpr double little = 1e-4;
    bool taken = false;
    for (; left < n && rows.stratum[rows.entering[left]] == rows.stratum[begin] &&
           rows.entry[rows.entering[left]] >= time;
         ++left) {
      const std::size_t i = rows.entering[left];
      all.add(-std::exp(rows.log_hazard(i, beta) - top), rows.row(i));
      taken = true;
    }
    if (!taken || all.total > little * most) return;
    all = Sums(p);
    top = rows.log_hazard(end, beta);
    for (std::size_t i = begin; i < end; ++i)
      if (rows.entry[i] < time) top = std::max(top, rows.log_hazard(i, beta));
    for (std::size_t i = begin; i < end; ++i)
      if (rows.entry[i] < time) all.add(std::exp(rows.log_hazard(i, beta) - top), rows.row(i));
    most = all.total;
  };
  for (std::size_t i = 0; i < n;) {
    if (i == 0 || rows.stratum[i] != rows.stratum[i - 1]) {
      all = Sums(p);
      top = rows.log_hazard(i, beta);
      most = 0.0;
      begin = i;
      while (left < n && rows.stratum[rows.entering[left]] < rows.stratum[i]) ++left;
    }
    Sums tied(p);
    int events = 0;
    risk.time = rows.time[i];
    const int stratum = rows.stratum[i];
    take_away(risk.time, i);
    for (; i < n && rows.time[i] == risk.time && rows.stratum[i] == stratum; ++i) {
      const double eta = rows.log_hazard(i, beta);
      if (eta > top) {
        for (Sums* sums : {&all, &tied}) sums->scale(std::exp(top - eta));
        most *= std::exp(top - eta);
        top = eta;
      }
      const double hazard = std::exp(eta - top);
      all.add(hazard, rows.row(i));
      most = std::max(most, all.total);
      if (rows.event[i] == 0) continue;
      event(i);
      ++events;
      tied.add(hazard, rows.row(i));
    }
    for (int k = 0; k < events; ++k) {
      fill(risk, all, tied, ties == Ties::efron ? static_cast<double>(k) / events : 0.0, top);
      set(risk);
    }
  }
}

}  // namespace stroma::stats

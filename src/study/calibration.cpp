#include "study/calibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/columns.hpp"
#include "core/errors.hpp"
#include "core/maths.hpp"
#include "core/section.hpp"
#include "core/units.hpp"
#include "stats/nonlinear_fit.hpp"
#include "study/evaluate.hpp"
#include "study/keys.hpp"

namespace stroma::study {
namespace {

constexpr double log_step = 0.15;      // of the Jacobian: 15 per cent
constexpr double close_enough = 0.05;  // of a log parameter; a tenth of what the data leave open
constexpr int most_iterations = 8;

bool same_dose(double a, double b) {
  return std::abs(a - b) <= 1e-6 * std::max(1.0, b);
}

// Net absorbance of one dose at one readout.
double net_od(const Measurements& m, std::size_t readout, double dose) {
  const assays::Pictures plate = m.runs.at(readout).pictures();
  for (const assays::DosePoint& point : plate.responses.front().points)
    if (same_dose(point.dose, dose)) {
      double sum = 0.0;
      for (const double od : point.net) sum += od;
      return sum / static_cast<double>(point.net.size());
    }
  throw core::NumericalError(fmt::format("the calibration experiment has no dose of {} nM", dose));
}

std::vector<double> simulate(const Calibration& c, std::span<const double> logs, int threads,
                             Ledger* ledger) {
  std::vector<model::Change> changes;
  for (std::size_t p = 0; p < logs.size(); ++p) {
    const model::Variable& v = c.parameters[p].variable;
    changes.push_back({v.address, v.written(core::maths::exp(logs[p]))});
  }
  StudyOptions options;
  options.seed = c.seed;
  options.executor.threads = threads;
  const StudyResult result = evaluate(c.study, changes, ledger, options);
  const Measurements& m = result.experiments.front().measurements;
  const Experiment& e = c.study.experiments.front();
  const std::size_t last = e.readouts.size() - 1;
  std::vector<double> predicted;
  for (const CalibrationDatum& d : c.data) {
    if (d.quantity == "growth_change") {
      predicted.push_back(net_od(m, last, d.dose) / net_od(m, last, 0.0) - 1.0);
    } else {
      const double minutes = core::minutes(e.readouts[last].at) - core::minutes(e.readouts.front().at);
      predicted.push_back(minutes / core::maths::log2(net_od(m, last, 0.0) / net_od(m, 0, 0.0)));
    }
  }
  return predicted;
}

double chi_square_of(const std::vector<CalibrationDatum>& data, const std::vector<double>& predicted) {
  double sum = 0.0;
  for (std::size_t i = 0; i < data.size(); ++i)
    sum += core::maths::power((data[i].value - predicted[i]) / data[i].sd, 2);
  return sum;
}

}  // namespace

std::vector<CalibrationDatum> read_calibration_data(const core::Table& table, core::Diagnostics& problems) {
  namespace dim = core::dimension;
  std::vector<CalibrationDatum> data;
  const core::Keys& columns = datum_columns();
  if (!core::check_columns(table, columns, problems)) return data;
  const auto range_of = [&](const char* column) { return columns.find(column)->range; };
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const core::Row row(table, i, problems);
    CalibrationDatum d;
    d.quantity = row.choice("quantity", columns.find("quantity")->words);
    const bool time = d.quantity == "doubling_time";
    d.dose = time ? 0.0 : row.quantity("dose", dim::concentration, range_of("dose"));
    d.value = row.quantity("value", time ? dim::time : dim::none,
                           time ? core::Range::positive() : range_of("value"));
    d.sd = row.quantity("sd", time ? dim::time : dim::none, range_of("sd"));
    d.reference = row.required_text("reference");
    data.push_back(std::move(d));
  }
  return data;
}

std::vector<CalibrationParameter> read_calibration_parameters(const std::vector<const core::Node*>& nodes,
                                                              const model::Model& m,
                                                              core::Diagnostics& problems) {
  std::vector<CalibrationParameter> parameters;
  const std::vector<model::Variable> all = model::variables(m);
  std::vector<std::string> addresses;
  for (const model::Variable& v : all) addresses.push_back(v.address);
  for (const core::Node* node : nodes) {
    core::Section section(*node, parameter_keys(), problems);
    CalibrationParameter p;
    const std::size_t before = problems.size();
    const std::string address = section.text("address");
    const auto found = std::find(addresses.begin(), addresses.end(), address);
    if (found != addresses.end()) p.variable = all[static_cast<std::size_t>(found - addresses.begin())];
    if (found == addresses.end() && !address.empty())
      section.wrong("address", "unknown-address",
                    fmt::format("no number of the model has the address '{}'", address),
                    core::did_you_mean(address, addresses));
    else if (!address.empty() && !(p.variable.value > 0.0))
      section.wrong("address", "not-positive",
                    fmt::format("'{}' is {}; a number that is fitted by its logarithm is above 0", address,
                                p.variable.written(p.variable.value)));
    const core::Quantity one = core::parse_quantity("1 " + p.variable.unit).quantity;
    p.low = section.quantity("low", one.dim) / one.value;
    p.high = section.quantity("high", one.dim) / one.value;
    if (p.low >= p.high) section.wrong("high", "inverted-range", "high must be above low");
    if (problems.size() == before && (p.low < p.variable.low || p.high > p.variable.high))
      section.wrong(p.low < p.variable.low ? "low" : "high", "outside-its-range",
                    fmt::format("the range of '{}' in the model is {} to {}", address,
                                p.variable.written(p.variable.low), p.variable.written(p.variable.high)),
                    "look within it, or widen the row's");
    section.finish();
    parameters.push_back(std::move(p));
  }
  return parameters;
}

void check_calibration(const Calibration& c, const core::Table& table, core::Diagnostics& problems) {
  const Experiment& e = c.study.experiments.front();
  const auto wrong = [&](std::string message) {
    problems.add("bad-experiment", {e.name, 0, 0}, "experiment", std::move(message));
  };
  for (const ReadoutSpec& readout : e.readouts)
    if (readout.assay->name != "cck8")
      wrong(fmt::format("a calibration reads cck8 plates, and '{}' has {}", e.name, readout.assay->name));
  if (e.arms.size() != 1 || e.systems.size() != 1)
    wrong(fmt::format("a calibration has one arm of one cell line, and '{}' has {} of {}", e.name,
                      e.arms.size(), e.systems.size()));
  std::vector<double> doses;
  for (const ArmSpec& arm : e.arms)
    for (const TreatmentSpec& treatment : arm.treatments)
      if (treatment.series) doses = treatment.doses;
  const auto tested = [&](double dose) {
    return std::any_of(doses.begin(), doses.end(), [&](double d) { return same_dose(d, dose); });
  };
  if (!tested(0.0)) wrong(fmt::format("'{}' has no dose of zero to compare with", e.name));
  for (std::size_t i = 0; i < c.data.size() && i < table.rows.size(); ++i) {
    const core::Row row(table, i, problems);
    if (c.data[i].quantity == "doubling_time" && e.readouts.size() < 2)
      row.wrong("quantity", "unanswerable",
                fmt::format("a doubling time needs two readouts, and '{}' has one", e.name));
    if (c.data[i].quantity == "growth_change" && !tested(c.data[i].dose))
      row.wrong("dose", "unanswerable", fmt::format("'{}' does not test {} nM", e.name, c.data[i].dose));
  }
}

CalibrationResult calibrate(const Calibration& c, int threads, Ledger* ledger,
                            const std::function<void(int, double, std::span<const double>)>& report) {
  const std::size_t np = c.parameters.size(), nd = c.data.size();
  std::vector<double> theta, prior_mean, prior_sd;
  for (const CalibrationParameter& p : c.parameters) {
    prior_mean.push_back(0.5 * (core::maths::log(p.low) + core::maths::log(p.high)));
    theta.push_back(prior_mean.back());  // not the model's value: the fit must not depend on an earlier fit
    prior_sd.push_back(0.25 * (core::maths::log(p.high) - core::maths::log(p.low)));
  }
  CalibrationResult result;
  std::vector<double> predicted = simulate(c, theta, threads, ledger);
  result.chi_square_at_start = chi_square_of(c.data, predicted);
  // Data, then one pseudo-observation per prior.
  std::vector<double> observed, weights;
  for (const CalibrationDatum& d : c.data) {
    observed.push_back(d.value);
    weights.push_back(1.0 / (d.sd * d.sd));
  }
  for (std::size_t p = 0; p < np; ++p) {
    observed.push_back(prior_mean[p]);
    weights.push_back(1.0 / (prior_sd[p] * prior_sd[p]));
  }
  std::vector<double> jacobian(nd * np);
  for (result.iterations = 1; result.iterations <= most_iterations; ++result.iterations) {
    for (std::size_t p = 0; p < np; ++p) {
      std::vector<double> up = theta, down = theta;
      up[p] = std::min(up[p] + log_step, core::maths::log(c.parameters[p].high));
      down[p] = std::max(down[p] - log_step, core::maths::log(c.parameters[p].low));
      const std::vector<double> above = simulate(c, up, threads, ledger),
                                below = simulate(c, down, threads, ledger);
      for (std::size_t i = 0; i < nd; ++i) jacobian[i * np + p] = (above[i] - below[i]) / (up[p] - down[p]);
    }
    const std::vector<double> here = theta;
    const stats::Prediction linear = [&](std::span<const double> x, std::span<double> out) {
      for (std::size_t i = 0; i < nd; ++i) {
        out[i] = predicted[i];
        for (std::size_t p = 0; p < np; ++p) out[i] += jacobian[i * np + p] * (x[p] - here[p]);
      }
      for (std::size_t p = 0; p < np; ++p) out[nd + p] = x[p];
    };
    stats::NonlinearOptions options;
    options.weights = weights;
    for (std::size_t p = 0; p < np; ++p)
      options.bounds.push_back(
          {core::maths::log(c.parameters[p].low), core::maths::log(c.parameters[p].high)});
    const stats::NonlinearFit fit = stats::fit_nonlinear(linear, observed, theta, options);
    double largest = 0.0;
    for (std::size_t p = 0; p < np; ++p) largest = std::max(largest, std::abs(fit.estimates[p] - theta[p]));
    theta = fit.estimates;
    result.log_sd.clear();
    // The weights are variances, not relative ones: the fit's scale is taken out.
    for (const double se : fit.standard_errors) {
      const double sd = se / fit.residual_sd;
      result.log_sd.push_back(std::isfinite(sd) ? sd : std::numeric_limits<double>::infinity());
    }
    predicted = simulate(c, theta, threads, ledger);
    if (report) report(result.iterations, chi_square_of(c.data, predicted), theta);
    if (largest < close_enough) break;
  }
  result.iterations = std::min(result.iterations, most_iterations);
  for (const double t : theta) result.estimates.push_back(core::maths::exp(t));
  result.predicted = predicted;
  result.chi_square = chi_square_of(c.data, predicted);
  return result;
}

}  // namespace stroma::study

// Calibration: a few constants of the model are fitted to published data by simulating the experiment that
// gave them. Each constant also has a prior, lognormal about the geometric mean of its range (the range is
// two standard deviations either way), so that data that say little leave it where it was thought to be.
// Gauss-Newton on log parameters; the Jacobian is taken by steps large against the sampling noise of a
// simulation with common random numbers.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/table.hpp"
#include "model/addresses.hpp"
#include "study/study.hpp"

namespace stroma::study {

/// A number of the model, > 0, and the range in which it is looked for.
struct CalibrationParameter {
  model::Variable variable;      ///< its value is the model's present one, for the record only: the fit
                                 ///< begins at the prior's mean
  double low = 0.0, high = 0.0;  ///< in the variable's unit
};

struct CalibrationDatum {
  std::string quantity;  ///< "growth_change" [fraction of control, minus 1] or "doubling_time" [min]
  double dose = 0.0;     ///< nM
  double value = 0.0, sd = 0.0;
  std::string reference;
};

struct Calibration {
  std::string title;
  std::vector<CalibrationParameter> parameters;
  std::vector<CalibrationDatum> data;
  Study study;  ///< of the one experiment that is simulated
  std::uint64_t seed = 1;
};

std::vector<CalibrationDatum> read_calibration_data(const core::Table& table, core::Diagnostics& problems);
/// Reads [[parameter]] tables: address (model/addresses.hpp), low, high.
std::vector<CalibrationParameter> read_calibration_parameters(const std::vector<const core::Node*>& nodes,
                                                              const model::Model& model,
                                                              core::Diagnostics& problems);

/// Reports what the experiment cannot answer: an assay other than cck8, more than one arm, no dose of zero, a
/// datum at a dose that is not tested, a doubling time from one readout. `table`: that of the data.
void check_calibration(const Calibration& calibration, const core::Table& table, core::Diagnostics& problems);

struct CalibrationResult {
  std::vector<double> estimates;  ///< as Calibration::parameters, in their units
  std::vector<double> log_sd;     ///< standard error of the logarithm; infinite at the edge of the range
  std::vector<double> predicted;  ///< as Calibration::data
  double chi_square = 0.0;        ///< of the data
  double chi_square_at_start = 0.0;
  int iterations = 0;
};

/// Throws NumericalError where a simulation fails. Simulations that `ledger` knows (null: none) are not run
/// again. `report` is called after every iteration.
CalibrationResult calibrate(const Calibration& calibration, int threads, Ledger* ledger,
                            const std::function<void(int, double, std::span<const double>)>& report);

}  // namespace stroma::study

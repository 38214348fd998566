// Which number of the model would have to move for the simulation to agree with what was measured? One step
// of each parameter alone, with common random numbers; no fit. With s_i the shift of arm i (log2
// simulated/measured), w_i = 1/se_i^2 and J_i its derivative by the parameter's logarithm, the move that
// serves all arms best is
//   d = - sum w J s / sum w J^2,   and it explains (sum w J s)^2 / (sum w J^2 sum w s^2) of sum w s^2,
// as far as the response is linear. A parameter that explains much is a hypothesis to test, not a value to
// adopt.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "model/addresses.hpp"
#include "study/agreement.hpp"
#include "study/study.hpp"

namespace stroma::study {

/// Every strength (weights, half-maxima, saturations, potencies, base values of behaviours) of rows that act
/// in cell types of the study's vessels and of drugs that they are given.
std::vector<model::Variable> parameters_of(const Study& study);

struct ParameterEffect {
  model::Variable parameter;
  std::vector<double> derivative;  ///< per arm: change of log2 readout for one natural unit of log parameter
  std::vector<double> error;       ///< its standard error over replicates
  double move = 0.0;               ///< d: natural logarithm of the factor by which it would have to change
  double explained = 0.0;          ///< share of the weighted squared shifts, [0, 1]
  bool detectable = false;         ///< some derivative exceeds four of its standard errors
  bool within_range = false;       ///< value * exp(move) lies in the stated range (true where none is stated)
};

struct SensitivityOptions {
  StudyOptions study;  ///< its executor and seed; `quick` for a tenth of the cells
  Ledger* ledger = nullptr;
  double log_step = 0.15;  ///< up; down, or less, where that would leave the range
  std::function<void(std::size_t done, std::size_t total)> on_progress;
};

/// The effects of `parameters`, most explaining first; those without a detectable derivative come last.
/// `arms` with a shift are used. Throws NumericalError where a simulation fails.
std::vector<ParameterEffect> rank_parameters(const Study& study, std::span<const ArmAgreement> arms,
                                             std::span<const model::Variable> parameters,
                                             const SensitivityOptions& options);

}  // namespace stroma::study

// Concentrations of a drug in plasma after one dose: what the curve itself says (non-compartmental), and the
// one-compartment model with first-order absorption. Sparse designs, in which every animal gives one sample,
// are the rule for mice.
//   AUC: linear trapezoids while concentrations rise, logarithmic ones while they fall
//   Var(AUC) = sum_j (dAUC/dmean_j)^2 s_j^2 / n_j        (Bailer, J. Pharmacokinet. Biopharm. 16, 1988)
//   C(t) = (F D / V) ka / (ka - ke) (exp(-ke t) - exp(-ka t))
// Source of the rules: Gabrielsson and Weiner, Pharmacokinetic and Pharmacodynamic Data Analysis, 2016.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/diagnostics.hpp"
#include "stats/interval.hpp"

namespace stroma::assays {

/// One sample. Units are the table's own; they are carried along as words.
struct PkSample {
  std::string arm;
  std::string subject;
  double time = 0.0;                    ///< h after the dose
  std::optional<double> concentration;  ///< none: below `limit`
  double limit = 0.0;                   ///< limit of quantification of a sample below it; 0: not said
  double dose = 0.0;                    ///< same for all samples of an arm; 0: not said
  core::Place place;
};

/// What is done with samples below the limit.
enum class BelowLimit {
  usual,  ///< 0 before the peak, left out after it
  zero,
  half,  ///< of the limit
  drop
};

enum class PkDesign {
  serial,       ///< every subject gives the whole curve
  destructive,  ///< every subject gives one sample
  batches       ///< in between; counted as destructive
};

struct PkPoint {
  double time = 0.0;  ///< h
  double mean = 0.0, sd = 0.0;
  std::size_t n = 0, below = 0;  ///< samples, of those below the limit
};

/// The last points on a straight line in log concentration.
struct TerminalPhase {
  std::vector<double> times;  ///< of the points used
  double rate = 0.0;          ///< 1/h
  double half_life = 0.0;     ///< h
  stats::Interval ci;         ///< of the half-life; infinite where three points leave it open
  double r_squared_adjusted = 0.0;
};

/// Estimate with its standard error; the interval is Student's with Satterthwaite's degrees of freedom.
struct PkArea {
  double value = 0.0;
  double se = 0.0;
  stats::Interval ci;
  double df = 0.0;
};

struct OneCompartment {
  double ka = 0.0, ke = 0.0, volume = 0.0;  ///< 1/h, 1/h, dose unit per concentration unit (V/F)
  stats::Interval ka_ci, ke_ci, volume_ci;
  double clearance = 0.0, half_life = 0.0, tmax = 0.0, cmax = 0.0, auc = 0.0;  ///< CL/F = ke V/F
  std::string message;  ///< empty where the fit converged
  bool usable = false;
};

struct PkProfile {
  std::string arm;
  PkDesign design = PkDesign::destructive;
  double dose = 0.0;
  std::vector<PkPoint> points;  ///< by time
  double cmax = 0.0, tmax = 0.0;
  std::optional<PkArea> auc;         ///< to the last time with a measurable mean
  std::optional<PkArea> auc_linear;  ///< the same by linear trapezoids alone: Bailer's own
  std::optional<TerminalPhase> terminal;
  std::optional<double> auc_infinity;  ///< auc + last mean / terminal rate
  double extrapolated = 0.0;           ///< share of auc_infinity behind the last sample
  std::optional<double> clearance;     ///< CL/F = dose / auc_infinity
  std::optional<OneCompartment> model;
};

struct PkAnalysis {
  std::vector<PkProfile> profiles;
  core::Diagnostics warnings;  ///< few-times, no-terminal-phase, extrapolated, mixed-design, below-limit
};

/// Concentration at t >= 0 of the one-compartment oral model; `amount` = F D / V. ka = ke is its limit.
double one_compartment_oral(double t, double amount, double ka, double ke);
/// Time of the peak, ln(ka/ke) / (ka - ke).
double one_compartment_tmax(double ka, double ke);
/// The steady state of that curve given every `interval` hours for ever: the concentration `t` after a dose.
double one_compartment_steady(double t, double amount, double ka, double ke, double interval);

/// Area under means at rising times, by linear trapezoids up and logarithmic ones down (or linear
/// throughout).
double area_under(std::span<const double> times, std::span<const double> means, bool log_down);

/// Analyses every arm. Throws InputError, all problems at once: doses that differ within an arm, an arm with
/// fewer than three times, negative times.
PkAnalysis analyse_pk(std::span<const PkSample> samples, BelowLimit policy);

}  // namespace stroma::assays

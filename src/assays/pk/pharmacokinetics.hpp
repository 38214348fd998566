// Concentrations of a drug in plasma: what the curve itself says (non-compartmental), and the one-compartment
// model with first-order absorption. How the drug was given decides where the curve begins, so that it is
// found or asked and never guessed: behind a bolus at C0, extrapolated back; else at nothing; in the steady
// state where the dosing interval ends. Sparse designs, in which every animal gives one sample or a few, are
// the rule for mice.
//   AUC: linear trapezoids while concentrations rise, logarithmic ones while they fall
//   Var(AUC) = sum_j w_j^2 s_j^2 / n_j + 2 sum_{j<k} w_j w_k r_jk s_jk / (n_j n_k),  w_j = dAUC/dmean_j
//     (Bailer, J. Pharmacokinet. Biopharm. 16, 1988, where no subject gave two samples; Holder, J. Biopharm.
//     Stat. 11, 2001, where some did: r_jk of them at both times)
//   C(t) = (F D / V) ka / (ka - ke) (exp(-ke t) - exp(-ka t))
// Source of the rules: Gabrielsson and Weiner, Pharmacokinetic and Pharmacodynamic Data Analysis, 2016.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/reading.hpp"
#include "stats/interval.hpp"

namespace stroma::assays {

/// How the drug got in.
enum class Route {
  unsaid,
  bolus,         ///< into the vein at once: the curve begins at C0
  infusion,      ///< into the vein over a time: the curve begins at 0
  extravascular  ///< by mouth, under the skin, into the belly or a muscle: the curve begins at 0
};

enum class Dosing {
  unsaid,
  single,
  steady  ///< given every `tau` for so long that every interval is alike
};

/// One sample. Units are the table's own; they are carried along as words.
struct PkSample {
  std::string arm;
  std::string subject;
  double time = 0.0;                    ///< h after the dose; below 0: before it
  std::optional<double> concentration;  ///< none: below `limit`
  double limit = 0.0;                   ///< limit of quantification of a sample below it; 0: not said
  double dose = 0.0;                    ///< 0: not said
  core::Place place;
  int repeat = 0;               ///< which of several measurements of one sample, where a column says it
  Route route = Route::unsaid;  ///< where a column says it
};

/// What is done with samples below the limit.
enum class BelowLimit {
  usual,     ///< 0 before the peak, left out after it: for the curve of one subject
  zero,      ///< 0
  majority,  ///< a mean of 0 at times at which more than half are below the limit, elsewhere 0
  half,      ///< half the limit
  missing    ///< left out; means of what is left are too high
};

/// What doses that differ between the subjects of an arm mean.
enum class PkDoses { unsaid, individual, arms };

/// What the file cannot say.
struct PkOptions {
  std::optional<BelowLimit> below =
      {};                       ///< empty: `usual` for whole curves, `zero` for means of few subjects
  Route route = Route::unsaid;  ///< of the arms whose samples do not say it
  double infusion = 0.0;        ///< h, of an infusion
  Dosing dosing = Dosing::unsaid;
  double tau = 0.0;  ///< h, the dosing interval of a steady state
  PkDoses doses = PkDoses::unsaid;
  std::string command = {};  ///< as typed: questions write their answers out as commands to copy
};

enum class PkDesign {
  serial,       ///< every subject gives a whole curve, at times of its own
  destructive,  ///< every subject gives one sample
  batches       ///< in between: some samples of a subject belong together
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

/// The curve of one subject, or of the means of an arm.
struct PkCurve {
  std::string subject;
  double dose = 0.0;
  double cmax = 0.0, tmax = 0.0;
  std::optional<double> c0;  ///< behind a bolus: measured at time 0, or extrapolated back from two samples
  double auc = 0.0;          ///< to the last measurable concentration; in the steady state over one interval
  double auc_linear = 0.0;   ///< the same by linear trapezoids alone
  double last_time = 0.0;    ///< h, where that area ends
  std::optional<TerminalPhase> terminal;
  std::optional<double> auc_infinity;  ///< auc + last / terminal rate; none in the steady state
  double extrapolated = 0.0;           ///< share of auc_infinity behind the last sample
  std::optional<double> clearance;  ///< dose over auc_infinity, in the steady state over auc; CL/F of drugs
                                    ///< that have to be absorbed
  std::optional<double> volume;     ///< into the vein: Vss = CL (AUMC / AUC - infusion / 2)
};

/// A mean over subjects.
struct PkMean {
  double value = 0.0;
  double se = 0.0;  ///< 0: of one subject, or of the curve of means
  std::size_t n = 0;
};

struct PkProfile {
  std::string arm;
  PkDesign design = PkDesign::destructive;
  Route route = Route::extravascular;
  Dosing dosing = Dosing::single;
  double tau = 0.0;               ///< h, of a steady state
  double dose = 0.0;              ///< of all subjects; 0: not said, or each has one of its own
  std::vector<PkPoint> points;    ///< by time
  std::vector<PkCurve> subjects;  ///< of serial designs
  BelowLimit below = BelowLimit::usual;
  double cmax = 0.0, tmax = 0.0;  ///< of the means; of serial designs the mean and the median of the subjects
  std::optional<double> c0;       ///< behind a bolus
  std::optional<PkArea> auc;      ///< to the last time with a measurable mean; steady: over one interval
  std::optional<PkArea> auc_linear;       ///< the same by linear trapezoids alone: Bailer's own
  std::optional<TerminalPhase> terminal;  ///< of the means; of serial designs only where there is one subject
  std::optional<PkMean> half_life;        ///< h
  std::optional<PkMean> auc_infinity;
  double extrapolated = 0.0;            ///< share of auc_infinity behind the last sample
  std::optional<PkMean> clearance;      ///< CL/F where the drug has to be absorbed
  std::optional<PkMean> volume;         ///< Vss, into the vein
  std::optional<OneCompartment> model;  ///< of single doses that have to be absorbed
};

struct PkAnalysis {
  std::vector<PkProfile> profiles;
  core::Diagnostics warnings;  ///< no-terminal-phase, extrapolated, below-limit, short-curves ...
  core::Understanding understanding;
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

/// Analyses every arm. Throws InputError, all problems at once: doses that differ within an arm or a subject,
/// a subject sampled twice at one time (doubled-sample), an arm with fewer than three times; and the
/// questions that the file leaves open: which-route where the curve looks as if the drug had been given into
/// the vein, which-dosing where there is drug before the dose, which-doses.
PkAnalysis analyse_pk(std::span<const PkSample> samples, const PkOptions& options);

}  // namespace stroma::assays

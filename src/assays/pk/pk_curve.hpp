// One curve of concentrations: where it begins, the area under it, its terminal phase. The parts that
// pharmacokinetics.cpp puts together for subjects and for arms.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "assays/pk/pharmacokinetics.hpp"

namespace stroma::assays {

/// How the drug was given, as far as it shapes a curve.
struct PkShape {
  Route route = Route::extravascular;
  Dosing dosing = Dosing::single;
  double infusion = 0.0;  ///< h
  double tau = 0.0;       ///< h, of a steady state
};

/// Means at rising times >= 0 from the first sample to the last measurable one.
struct PkSeries {
  std::vector<double> times, means;
};

/// What each sample counts as: its concentration, or where it is below the limit what the policy says
/// (nothing: it is left out). "Before the peak" is before the time of the largest mean of what could be
/// measured.
std::vector<std::optional<double>> counted(std::span<const PkSample* const> samples, BelowLimit policy);

/// Means of what the samples count as at each time.
std::vector<PkPoint> points_of(std::span<const PkSample* const> samples, BelowLimit policy);

/// The points up to the last measurable one.
PkSeries measurable(const std::vector<PkPoint>& points);

/// C0 behind a bolus: the sample at time 0 where it holds drug, else the straight line through the logarithms
/// of the first two samples, else (where they do not fall) the first of them.
double back_extrapolated(const PkSeries& series);

/// The whole curve from time 0: with C0 in front of it, with 0, or in the steady state with the concentration
/// at the end of the interval, up to the last measurable concentration or the end of the interval.
PkSeries whole_curve(const PkSeries& series, const PkShape& shape);

/// Area under the whole curve.
double area_of_curve(const PkSeries& series, const PkShape& shape, bool log_down);

/// The last three or more points after the peak (behind a bolus: from it) whose straight line in log
/// concentration has the best adjusted R squared; of lines as good to 1e-4 the longer.
std::optional<TerminalPhase> terminal_of(const PkSeries& series, const PkShape& shape);

/// Everything about one curve.
PkCurve analyse_curve(const PkSeries& series, const PkShape& shape, double dose);

/// The one-compartment model of single samples by weighted least squares (1/mean^2); nothing with fewer than
/// four times.
std::optional<OneCompartment> fit_one_compartment(std::span<const PkSample* const> samples,
                                                  const std::vector<PkPoint>& points, double dose);

}  // namespace stroma::assays

// Kinds of figure that bench data need beside those of document.hpp: points in a plane, heat maps, overlaps
// of sets and survival. Plain data, as there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/values.hpp"
#include "stats/kaplan_meier.hpp"

namespace stroma::report {

// ----------------------------------------------------------------------------------------------------
// scatter

struct ScatterPoint {
  double x = missing;
  double y = missing;
  std::string arm;         ///< colour and shape
  std::string label = {};  ///< which point it is, such as a gene: shown on hover and in the CSV
  Interval x_error = {};   ///< ends of the error bar in the unit of x; NaN: none
  Interval y_error = {};
  bool emphasis = false;  ///< larger, with a rim and its label beside it; always drawn
};

/// A fitted curve sampled at x, with its pointwise band (NaN: none).
struct ScatterCurvePoint {
  double x = 0;
  double y = 0;
  Interval band = {};
};

struct ScatterCurve {
  std::string arm;
  std::vector<ScatterCurvePoint> points;  ///< ascending in x; 50 to 100 samples draw smoothly
};

struct ScatterPanel {
  std::string title;
  std::vector<ScatterPoint> points;
  std::vector<ScatterCurve> curves = {};
  std::vector<LineMark> at_x = {}, at_y = {};  ///< vertical and horizontal reference lines
  std::string x_title = {}, y_title = {};      ///< with units; empty: those of the figure
};

/// Points in a plane: volcano plots, standard curves, measured against simulated, correlations. A point that
/// has no place on the axes (not finite, or not positive on a log axis) is not drawn, and the panel says how
/// many there are. Of more than 4000 points in a panel, those that hide each other are thinned, the most
/// numerous arms first and emphasised points never; the panel says how many are drawn. The CSV holds all.
struct Scatter {
  std::string x_title;  ///< with its unit
  std::string y_title;
  std::vector<ScatterPanel> panels;
  bool log_x = false;
  bool log_y = false;
  bool identity = false;  ///< a dashed line y = x, and both axes have one range
  int columns = 2;        ///< panels per row on a wide page
};

// ----------------------------------------------------------------------------------------------------
// heat map

struct HeatMapPanel {
  std::string title;
  std::vector<std::string> rows;     ///< labels from top to bottom
  std::vector<std::string> columns;  ///< labels from left to right
  std::vector<double> values;        ///< row by row, rows.size() x columns.size(); NaN: drawn as missing
  std::vector<std::string> row_groups = {}, column_groups = {};  ///< one per row or column, or empty;
                                                                 ///< coloured as the arm of that name
};

/// Values of rows by columns as shades, with numbers in the cells where there are few (up to 150). All panels
/// have one scale. Up to some 20 000 cells a panel stay usable.
struct HeatMap {
  std::string quantity;                           ///< with its unit
  std::string row_title = {}, column_title = {};  ///< what the labels are, such as "sorafenib (µM)"
  std::vector<HeatMapPanel> panels;
  std::optional<double> midpoint = {};  ///< set: a diverging scale, equally far to both sides of it
  int columns = 2;                      ///< panels per row on a wide page
};

// ----------------------------------------------------------------------------------------------------
// overlaps of sets

/// The elements that are in exactly the named sets and in no other.
struct VennRegion {
  std::vector<std::size_t> in;  ///< indices of `Venn::sets`, ascending, at least one
  std::int64_t size = 0;
  std::vector<std::string> members = {};  ///< for the CSV; empty, or as many as `size`
};

/// Overlaps: two or three sets as circles (not to scale), more as bars over a matrix of membership, largest
/// first. Regions that are not listed are empty.
struct Venn {
  std::string element = "genes";  ///< what is counted, plural
  std::vector<std::string> sets;  ///< at least two; coloured as arms
  std::vector<VennRegion> regions;
};

// ----------------------------------------------------------------------------------------------------
// survival

/// The estimate from `time` until the next step.
struct SurvivalStep {
  double time = 0;
  double survival = 1;  ///< [0, 1]
  Interval band = {};
};

struct SurvivalArm {
  std::string arm;
  std::vector<stats::FollowUp> subjects;  ///< censor marks and numbers at risk are counted from these
  std::vector<SurvivalStep> steps;        ///< ascending in time; all are alive before the first
  Estimate median = {};                   ///< NaN: not reached
};

/// An arm with its estimate as stats::kaplan_meier gave it.
SurvivalArm survival_arm(std::string arm, std::vector<stats::FollowUp> subjects,
                         const stats::KaplanMeier& estimate);

/// One cohort or experiment.
struct SurvivalPanel {
  std::string title;
  std::vector<SurvivalArm> arms;
};

/// Survival as steps with their bands, censor marks, medians as dashed lines, and under the axis the number
/// at risk (observed until at least then) at round times. The p of a test between arms belongs in the
/// caption.
struct Survival {
  std::string time_title;             ///< with its unit, such as "days after implantation"
  std::string y_title = "alive (%)";  ///< drawn in per cent
  std::vector<SurvivalPanel> panels;
  int columns = 2;  ///< panels per row on a wide page
};

}  // namespace stroma::report

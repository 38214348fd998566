// A report as plain data: what one page says and draws, complete, and nothing of where the data came from.
// Whoever has results fills these structs; render_html (html.hpp), figure_files and table_files (figures.hpp)
// turn them into a page, figures and tables. A number that is missing or could not be estimated is NaN and is
// written as a dash (page) or an empty cell (CSV), never as zero.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "report/bench_figures.hpp"
#include "report/values.hpp"

namespace stroma::report {

/// An experimental condition as it appears in every figure. Colours are assigned once for the whole report in
/// the order of `Report::arms`: arms with equal `colour_key` share one (where they meet, the table of + and -
/// tells them apart), controls are grey. Arms that a figure names and this list lacks are appended in order
/// of appearance.
struct Arm {
  std::string name;         ///< as figures name it, such as "CAF supernatant + sorafenib + AMD3100"
  bool control = false;     ///< drawn grey
  std::string colour_key;   ///< empty: the name
  std::string colour = {};  ///< "#rrggbb": this very colour, such as that of a cell type in pictures
};

// ---------------------------------------------------------------------------------------------- dose
// response

/// One well or one replicate's mean.
struct DosePoint {
  double dose = 0;      ///< >= 0, in `DoseResponse::dose_unit`; 0 is drawn apart from the log axis
  double response = 0;  ///< % of control
  int replicate = 1;    ///< from 1
};

/// The fitted curve sampled at one dose > 0, with its pointwise band (NaN: no band).
struct CurveSample {
  double dose = 0;
  double response = 0;
  Interval band;
};

struct DoseResponseArm {
  std::string arm;
  std::vector<DosePoint> points;
  std::vector<CurveSample> curve;  ///< ascending in dose; 50 to 100 samples draw smoothly; may be empty
  Estimate ic50;                   ///< in the dose's unit; NaN where the curve does not reach 50 %
};

/// One cell line.
struct DoseResponsePanel {
  std::string title;
  std::vector<DoseResponseArm> arms;
};

/// Response against log dose: points, fit with band, IC50 with interval as a tick on the axis. The spread of
/// the zero-dose points is drawn as a band about 100 %.
struct DoseResponse {
  std::string drug = "sorafenib";
  std::string dose_unit = "µM";
  std::string response_title = "viable cells (% of untreated)";
  std::vector<DoseResponsePanel> panels;
};

// -------------------------------------------------------------------------------------------------------
// bars

/// One arm of a bar chart: the points (one per independent experiment), their mean, and the ends of the error
/// bar.
struct BarGroup {
  std::string arm;
  std::vector<double> values;
  double mean = missing;
  Interval error;  ///< mean - SEM and mean + SEM, or an interval: `Bars::error_bar` says which
};

/// A pairwise comparison, drawn as a bracket between two arms of the panel.
struct Comparison {
  std::string arm;
  std::string reference_arm;
  double p = missing;
  std::string label;  ///< over the bracket: stars, "p<0.05" or "N.S."
};

/// One cell line, or one readout of one cell line.
struct BarPanel {
  std::string title;
  std::string y_title;  ///< with its unit; empty: `Bars::y_title`
  std::vector<BarGroup> groups;
  std::vector<Comparison> comparisons;
};

/// Points, mean and error bar per arm. Arms written "a + b + c" are resolved into a table of + and - under
/// the axis.
struct Bars {
  std::string y_title;              ///< with its unit
  std::string error_bar = "SEM";    ///< "SEM" or "95 % interval"
  std::optional<double> reference;  ///< a dashed horizontal line, such as 1 for a fold change
  std::vector<BarPanel> panels;
  int columns = 2;  ///< panels per row on a wide page
};

// -------------------------------------------------------------------------------------------------------
// flow

/// Events of one sample on two log axes with the quadrant gates.
struct FlowPanel {
  std::string system;  ///< cell line
  std::string arm;
  std::vector<float> annexin;  ///< fluorescence, as many as `pi`
  std::vector<float> pi;
  double annexin_gate = missing;  ///< events above are annexin positive
  double pi_gate = missing;
  /// Fractions in [0, 1]: viable (annexin-, PI-), early apoptotic (annexin+, PI-), late apoptotic (annexin+,
  /// PI+), necrotic (annexin-, PI+).
  std::array<double, 4> fractions{missing, missing, missing, missing};
};

/// Log density of events. Events at or below `low` are counted in the lowest bin and the figure says how
/// many.
struct Flow {
  std::string annexin_title = "annexin V-FITC (a.u.)";
  std::string pi_title = "propidium iodide (a.u.)";
  double low = 10;                ///< lower end of both axes, > 0
  double high = 1e6;              ///< upper end of both axes
  std::vector<FlowPanel> panels;  ///< samples; drawn in rows of `columns`
  int columns = 4;
};

// ------------------------------------------------------------------------------------------------------
// plate

struct PlateWell {
  int row = 0;             ///< 0 = A
  int column = 0;          ///< 0 = 1
  double value = missing;  ///< the instrument's raw value
  std::string arm;         ///< empty: not an arm (a blank, an empty well)
  std::string label;       ///< what is in the well beside the arm, short: the dose "4", "blank"
};

struct PlatePanel {
  std::string title;
  std::vector<PlateWell> wells;  ///< wells not listed are drawn empty
  int rows = 8, columns = 12;    ///< up to 26 rows
};

/// Heat maps of raw readings with the layout's labels.
struct Plate {
  std::string quantity = "absorbance at 450 nm";
  std::string label_title = "sorafenib (µM)";  ///< what the wells' labels are
  std::vector<PlatePanel> panels;
};

// ----------------------------------------------------------------------------------------------------
// network

enum class Layer { ligand, receptor, signalling, gene, protein, process, fate };
enum class Effect { activates, inhibits };

struct NetworkNode {
  std::string id;
  std::string label;
  Layer layer = Layer::signalling;
  std::string note;  ///< shown on hover
};

/// One mechanism or rule. `reference` is the citation in words, as the reader should see it.
struct NetworkEdge {
  std::string id;      ///< the row's id
  std::string source;  ///< a node's id
  std::string target;
  Effect effect = Effect::activates;
  double weight = 1;      ///< [0, 1]: thickness
  std::string reference;  ///< never empty: a citation, or "assumption: ..."
  std::string grade;      ///< evidence grade
  std::string note;
};

/// A drug at one of its targets, drawn as a tag on the target.
struct NetworkDrug {
  std::string id;
  std::string drug;
  std::string target;   ///< a node's id
  std::string potency;  ///< such as "IC50 6 nM"
  std::string reference;
  std::string grade;
};

/// The signalling network from ligands to fate.
struct Network {
  std::vector<NetworkNode> nodes;
  std::vector<NetworkEdge> edges;
  std::vector<NetworkDrug> drugs;
};

// ------------------------------------------------------------------------------------------------------
// lines

struct LinePoint {
  double x = 0;
  double y = 0;
};

/// One replicate thin, or the mean thick.
struct LineSeries {
  std::string arm;
  std::string replicate;  ///< names the line apart from others of the arm; empty where `mean`
  bool mean = false;
  std::vector<LinePoint> points;
};

struct LinePanel {
  std::string title;
  std::vector<LineSeries> series;
  std::string x_title = {}, y_title = {};      ///< with units; empty: those of the figure
  std::vector<LineMark> at_x = {}, at_y = {};  ///< in the panel's units
};

/// A time series or any other curve family.
struct Lines {
  std::string x_title;  ///< with its unit
  std::string y_title;
  bool log_y = false;
  std::vector<LinePanel> panels;
  bool zero = false;  ///< the y axis contains 0
  /// The arms are in order, such as times: they are coloured light to dark as they appear, and are no arms of
  /// the report's palette.
  bool ordered = false;
};

// ---------------------------------------------------------------------------------------------------
// captions

/// One test of a figure. Everything is said in words and numbers as they should be printed; NaN prints a
/// dash.
struct Statistic {
  std::string comparison;  ///< "HepG2: CAF supernatant against NF supernatant"
  int n = 0;               ///< independent experiments per arm
  std::string test;        ///< "Tukey HSD after one-way ANOVA"
  std::string statistic;   ///< "q = 14.2, 8 df"
  double p = missing;
  std::string estimate_name;  ///< "difference", "ratio", "log2 ratio"
  Estimate estimate;
  /// Of a comparison of two arms: their panel and names, and the ratio of their geometric means with the
  /// interval of this pair alone, as findings have it.
  std::string panel = {}, arm = {}, reference_arm = {};
  Estimate ratio = {};
};

struct Caption {
  std::string text;  ///< what was measured, what point, bar and error bar are
  std::vector<Statistic> statistics;
};

struct Figure {
  std::string
      id;  ///< file name and anchor: [A-Za-z0-9_-]+, unique in the report; "2b", "3cd", "plates-hepg2"
  std::string panel;  ///< of the paper, as printed: "2b", "3c,d"; empty: not in the paper
  std::string title;
  std::string see;  ///< one sentence: what to see
  std::string alt;  ///< alternative text: what a reader who cannot see it needs
  Caption caption;
  std::variant<DoseResponse, Bars, Flow, Plate, Network, Lines, Scatter, HeatMap, Venn, Survival> content;
};

// -----------------------------------------------------------------------------------------------------
// pictures

struct Picture {
  std::string png;      ///< the file's bytes
  std::string caption;  ///< under it, short: "24 h"
  std::string alt;
};

/// A colour that pictures use and what it means.
struct PictureColour {
  std::string colour;  ///< "#rrggbb"
  std::string label;
};

/// Pictures that were made elsewhere, such as sections of a tissue, side by side in the order given.
struct Pictures {
  std::string id;  ///< as for a figure
  std::string title;
  std::string see;  ///< one sentence: what to see
  std::vector<Picture> pictures;
  std::vector<PictureColour> legend;
  std::string note;  ///< how they were made and where the files are
};

// -----------------------------------------------------------------------------------------------------
// tables

using Cell = std::variant<std::string, double>;

struct Table {
  std::string id;  ///< file name and anchor, as for a figure
  std::string title;
  std::string lead;                  ///< a sentence; may be empty
  std::vector<std::string> columns;  ///< with units
  std::vector<std::vector<Cell>> rows;
};

// ---------------------------------------------------------------------------------------------------
// findings

enum class Direction { up, down, same };
enum class Role { calibrated, predicted };
enum class Verdict { reproduced, contradicted, inconclusive };

/// The comparison at one number of replicates.
struct FindingResult {
  int n = 0;
  Estimate effect;  ///< log2 of arm / reference arm, with its 95 % interval
  double p = missing;
  Verdict verdict = Verdict::inconclusive;
};

/// A published comparison and what the simulated experiment says of it.
struct Finding {
  std::string id;      ///< "Z03"
  std::string figure;  ///< panel of the paper, "2b"
  std::string system;
  std::string readout;
  std::string arm;
  std::string reference_arm;
  Direction expected = Direction::up;
  Role role = Role::predicted;
  std::string test;
  FindingResult result;                 ///< at the paper's n
  std::optional<FindingResult> larger;  ///< at n = 12
  std::string note;                     ///< why, where contradicted; may be empty
};

// --------------------------------------------------------------------------------------------------- the
// page

struct Section {
  std::string id;     ///< anchor
  std::string title;  ///< "Figure 2. CAFs make HCC cells resist sorafenib"
  std::string lead;   ///< a paragraph; may be empty
  std::vector<Figure> figures;
  std::vector<Table> tables;
  std::vector<Pictures> pictures = {};  ///< shown before the figures
};

/// Where the numbers come from. Strings are printed as they are; an empty one is left out.
struct RunFacts {
  std::string program;  ///< "Stroma 0.1.0"
  std::string command;  ///< what to type to get this again
  std::string model;    ///< "hcc"
  std::string model_hash;
  std::string state_hash;
  std::string date;  ///< given by the caller; the report asks no clock
  std::string machine;
  std::string wall_time;  ///< "3 min 12 s"
  std::uint64_t seed = 0;
  long runs_requested = 0;  ///< 0: the report is not of a study of many runs, and says nothing of them
  long runs_completed = 0;
  long runs_reused = 0;  ///< taken from the ledger, part of the completed ones
  long runs_failed = 0;  ///< not zero: the page opens with a warning
  struct More {
    std::string name, value;
  };
  std::vector<More> more = {};  ///< what else is to be said of this run
  bool has_seed = true;         ///< false: nothing was run, such as in a page about a model
};

/// A work cited in the methods or the network.
struct Reference {
  std::string key;
  std::string text;
  std::string url;  ///< https://...; empty: none
};

struct Report {
  std::string title;
  std::string source;                 ///< the paper: citation in words
  std::string question;               ///< one sentence
  std::string summary;                ///< two or three sentences: what came out
  std::vector<std::string> warnings;  ///< quick run, failed runs, knocked-out rows: shown at the top
  RunFacts facts;
  std::vector<Arm> arms;          ///< order decides colours
  std::vector<Finding> findings;  ///< table and forest plot at the top; written as tables/findings.csv
  std::vector<Section> sections;  ///< in the paper's order
  std::string methods;            ///< paragraphs to paste, separated by blank lines
  std::vector<Reference> references;
};

}  // namespace stroma::report

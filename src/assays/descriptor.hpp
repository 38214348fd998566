// All that the program knows of an assay. Adding one is a folder that returns a Descriptor, and its line in
// registry.cpp; an outsider adds it to a Registry of his own.
#pragma once

#include <any>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "assays/cck8/cck8.hpp"
#include "assays/flow/flow.hpp"
#include "assays/order.hpp"
#include "core/diagnostics.hpp"

namespace stroma::assays {

/// Raw output of a run in the form of its assay: what a reader, a cytometer or a counting sheet says.
using Raw = std::any;

/// One number that an analysis got out of raw output.
struct Reading {
  std::string target;  ///< a name of Question::targets; empty where the assay has none
  std::string arm;
  int replicate = 0;  ///< 0-based
  std::optional<double> value;
  std::string why_missing;  ///< where there is no value
};

struct Analysis {
  std::vector<Reading> readings;
  core::Diagnostics warnings;
  std::any details;  ///< what else the assay knows, for its own pictures
};

/// A file as a laboratory has it: text (CSV), or one tube of a cytometer (FCS).
struct RawFile {
  std::string ending;  ///< "-plate.csv"
  std::variant<std::string, FlowSample> content;
};
/// Files that belong together share a name, which tells the system and the replicate.
struct RawFiles {
  std::string name;  ///< "HepG2 replicate 01", without the time
  std::vector<RawFile> files;
};

/// What a page draws of a run beside the bars of its readings.
struct Cytogram {
  FlowSample sample;
  QuadrantGate gate;
  Quadrants quadrants;
};
struct Pictures {
  std::vector<DoseResponse> responses;
  std::vector<Plate> plates;
  std::vector<Cytogram> cytograms;
};

/// What a `[[readout]]` says beside `assay` and `at`.
enum class TargetKind { none, nodes, substances };

/// What an instrument runs at once.
enum class Batch { system_and_replicate, system, everything };

/// What is taken of a sample.
enum class Needs { cells, lineages, lysate, medium };

/// Words for a metric; "{}" stands for the target as a reader calls it.
struct MetricWords {
  std::string readout;             ///< "IC50 (CCK-8)"
  std::string noun;                ///< in a sentence: "apoptotic fraction"
  std::string axis;                ///< "{} (ng per 1e5 cells)"
  std::optional<double> baseline;  ///< a line in the figure, such as 1 for a fold
};

/// Room of one run; a sample takes `wells` of it.
struct Capacity {
  std::size_t samples = 0;  ///< most of one run; 0: any number
  std::size_t blanks = 0;   ///< wells that are taken already, of a plate of 96
};

struct Descriptor {
  std::string name;                      ///< in a [[readout]], and in the draws of its noise
  std::string analysis;                  ///< `stroma analyse` ANALYSIS of its raw files; empty: there is none
  std::string title;                     ///< for people: "CCK-8"
  std::string signal, noise, constants;  ///< of the simulated instrument, for docs/assays.md

  // What it needs and what may be asked.
  Needs needs = Needs::cells;
  TargetKind targets = TargetKind::none;
  bool relative = false;  ///< needs a reference arm
  bool diluted = false;   ///< may be told a dilution
  bool by_dose = false;  ///< has a dose axis of its own: arms are not split by dose, and each has a dose of 0
  bool one_well = false;  ///< reads one technical well of a replicate
  Batch batch = Batch::system;
  std::string together;  ///< of Batch::everything: the name under which all systems are read
  Capacity capacity;

  // What it yields: `metric`, or `metric`:TARGET for each target.
  std::string metric, unit;
  MetricWords words;
  // How arms are compared, in a study as in `analyse`.
  bool ratios = false;            ///< on the log2 scale: values are > 0 and effects are ratios
  bool within_replicate = false;  ///< samples of a replicate share what others do not, such as a membrane
  /// A line of a methods section, of targets as a reader lists them; `question` as asked.
  std::function<std::string(const Question& question, const std::string& targets)> methods;

  // The road. Without an instrument there are measured data only.
  std::function<Raw(const Order&)> instrument;
  /// Sees raw output and nothing else of the samples.
  std::function<Analysis(const Raw&, const Question&)> analyse;
  std::function<std::vector<RawFiles>(const Raw&, const Order&)> files;  ///< of Order only labels
  std::function<void(Raw&)> thin;  ///< lets go what is kept for nobody; may be empty
  std::function<Pictures(const Raw&, const Analysis&)> pictures;  ///< may be empty

  bool simulated() const { return static_cast<bool>(instrument); }
  /// Of "qpcr:FOLR1" the part behind the colon where the metric is this assay's; none where it is not.
  std::optional<std::string> target_of(const std::string& metric_name) const;
};

}  // namespace stroma::assays

// What a model contains, as plain tables of text: for `stroma describe`, as lines or as JSON, and for the
// report.
#pragma once

#include <string>
#include <vector>

#include "model/model.hpp"

namespace stroma::model {

/// One number with its unit and where it comes from.
struct NumberLine {
  std::string owner;      ///< "CXCL12", "sorafenib", "HepG2", "RAS in HepG2"
  std::string parameter;  ///< "half_life", "phase:G1", "basal"
  std::string value;      ///< as written, with its unit
  std::string reference;  ///< keys joined by "; "
  bool assumed = false;
  double low = 0.0, high = 0.0;  ///< internal units; NaN where no range is stated
  std::string note;
};

/// One mechanism, rule or drug target: everything that can be knocked out.
struct RowLine {
  std::string id;
  std::string kind;    ///< "mechanism", "rule" or "drug target"
  std::string source;  ///< node, substance or drug
  std::string effect;  ///< "activates", "inhibits", "increases", "decreases", "inhibits_activity", "competes"
  std::string target;  ///< node or behaviour
  std::vector<std::string> cell_types;  ///< concrete ones; of a drug target, those that have the node
  std::string strength;                 ///< "weight 0.8, half-max 3.6 nM, Hill 1"
  std::string grade;
  std::string reference;
  bool assumed = false;
  std::string note;
};

struct CellTypeLine {
  std::string name, label, parent;
  bool abstract = false;
  std::vector<std::string> nodes;
  std::vector<std::string> phases;  ///< in order
  std::vector<std::string> behaviours;
  std::vector<std::string> traits;
};

struct Counts {
  std::size_t substances = 0, drugs = 0, drug_targets = 0, nodes = 0, cell_types = 0, mechanisms = 0,
              rules = 0, references = 0;
  /// Rows of the parameter tables, IC50s, dissociation constants and saturations.
  std::size_t numbers_sourced = 0, numbers_assumed = 0;
  /// Weights, half-maxes and Hill powers of arrows: assumed within the ranges of model.toml.
  std::size_t strengths = 0;
  std::size_t arrows_by_grade[4] = {0, 0, 0, 0};  ///< mechanisms, rules and drug targets of grade A, B, C, D
};

struct Description {
  std::string name, version, title, content_hash;
  Counts counts;
  std::vector<CellTypeLine> cell_types;
  std::vector<NumberLine> numbers;
  std::vector<RowLine> rows;
  std::vector<Reference> references;
};

Description describe(const Model& model);

/// The description as lines for a terminal: counts, cell types, rows with sources, numbers with sources,
/// references.
std::string to_text(const Description& description);

}  // namespace stroma::model

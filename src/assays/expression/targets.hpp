// Which genes change alike in every series, and which of them are known to make tumour cells resist: the
// screen of Zhao et al. 2023, figure 4a, that found FOLR1. A gene is taken where its adjusted p and its
// change pass in every series and the change has one direction throughout; it is ranked by the largest of its
// adjusted p values, the p of the claim "in all of them" (intersection-union test; Berger, Technometrics 24,
// 1982).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assays/expression/expression.hpp"

namespace stroma::assays {

/// What more of a gene does to resistance; unclear where its source does not say.
enum class Influence { raises, lowers, unclear };

/// A gene of which a paper says that it changes how cells answer a drug.
struct ResistanceGene {
  std::string symbol;
  std::vector<std::string> also;  ///< other names of it, none of another gene
  std::string role;               ///< "ABC transporter", "ferroptosis"
  Influence influence = Influence::raises;
  std::string source;     ///< key and place: "zhao2023, Results, fig. 4"
  std::string statement;  ///< what is said of it there, in short
};

struct TargetCriteria {
  double fdr = 0.05;         ///< adjusted p at most this, in (0, 1]
  double log2_change = 1.0;  ///< at least this, in either direction; >= 0
};

enum class Change { none, up, down };

/// What one series says of a gene.
Change change_of(const GeneTest& gene, const TargetCriteria& criteria);

/// A gene that changes alike in all series.
struct TargetGene {
  std::string gene;
  Change change = Change::up;
  std::vector<double> log2_change;  ///< per series
  std::vector<double> p_adjusted;
  double mean_change = 0.0;
  double p_worst = 1.0;                 ///< the largest of p_adjusted
  std::optional<ResistanceGene> known;  ///< where the list names it
  /// Whether the change is the one that would make cells more resistant; false without `known`.
  bool towards_resistance = false;
};

/// Genes that changed in exactly the named series (or stand on the list), and in no other.
struct Overlap {
  std::vector<std::size_t> in;  ///< series by index; series.size() is the list
  std::vector<std::string> genes;
};

struct Targets {
  std::vector<TargetGene> common;       ///< by p_worst, then by the size of the mean change
  std::vector<TargetGene> ranked;       ///< those of `common` on the list, towards resistance first
  std::vector<Overlap> up, down;        ///< of the series and the list
  std::vector<std::string> opposed;     ///< changed in all series, but not in one direction
  std::size_t listed_and_measured = 0;  ///< genes of the list that every series measured
};

/// Symbols are compared without letter case. At least one series.
Targets find_targets(const std::vector<ExpressionResult>& series, const std::vector<ResistanceGene>& list,
                     const TargetCriteria& criteria);

}  // namespace stroma::assays

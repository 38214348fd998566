// The signalling network of one cell type, compiled from the model's rows into flat arrays that the kernel
// walks. Every row of the model becomes one factor (offset + slope p)/(scale + p) with p = x^n of its source,
// so that
//   F = [u D + v N] / D * prod over inhibitors,   N/D = prod over activators,
// covers both gates of design section 3 without a branch (docs/theory/network.md). Source: Kraeutler et al.
// 2010.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/model.hpp"

namespace stroma::network {

/// Position of a node in a program and in Activities; `no_slot` where the cell type lacks the node.
using Slot = std::int32_t;
inline constexpr Slot no_slot = -1;

/// How p is made of its source: theta itself, or x^n with n in halves up to 4, or (x/K)^n for any other n.
enum class Power : std::uint8_t {
  occupancy,
  half,
  one,
  three_halves,
  two,
  five_halves,
  three,
  seven_halves,
  four,
  general
};

/// One row of the model: the factor (offset + slope p)/(scale + p), or offset + slope p for an occupancy.
struct Term {
  std::int32_t source = 0;  ///< slot of the source node, or input row for an occupancy
  float offset = 0.0f, slope = 0.0f, scale = 1.0f;
  float exponent = 1.0f;       ///< n, used by Power::general only
  float log2_half_max = 0.0f;  ///< log2 K, used by Power::general only
  Power power = Power::one;
  bool divide_after =
      false;  ///< the running denominator is divided out here, so that no product under- or overflows
};

/// What changes F of a node beside its mechanisms; `input` is an input row.
struct Modifier {
  enum class Kind : std::uint8_t { drives, remains, odds };
  Kind kind = Kind::remains;
  std::int32_t input = 0;
};

/// Ranges of one node in Program::terms and Program::modifiers, and the coefficients of its gate.
struct NodeCode {
  std::uint32_t activators = 0, inhibitors = 0,
                end = 0;  ///< terms [activators, inhibitors) and [inhibitors, end)
  std::uint32_t drives = 0, modifiers = 0,
                modifiers_end = 0;  ///< modifiers [drives, modifiers) and [modifiers, modifiers_end)
  float u = 0.0f, v = 0.0f;         ///< any: 1, -(1-b); all: b, 1-b; without activators: b, 0
};

/// A receptor's ligand. The caller gives theta = (L/Kd)/(1 + L/Kd + sum_j B_j/K_j) in [0, 1].
struct SubstanceInput {
  model::Index mechanism = model::none;
  model::Index substance = model::none;
  double dissociation_constant = 0.0;   ///< nM
  model::Index receptor = model::none;  ///< model node
  Slot slot = no_slot;
};

/// A drug on an intracellular target. The caller gives, in [0, 1], for inhibits_activity the remaining
/// activity r (F becomes r F), for activates the strength s (a factor 1 - s among the activators).
struct DrugInput {
  model::Index drug_target = model::none;
  model::TargetMode mode = model::TargetMode::inhibits_activity;
  model::Index node = model::none;
  Slot slot = no_slot;
};

/// A heritable multiplier m > 0 of the odds of a node: F' = m F/(1 + (m - 1) F), the identity at m = 1.
struct TraitInput {
  std::size_t trait = 0;  ///< into CellType::traits
  model::Index node = model::none;
  Slot slot = no_slot;
};

/// Immutable once compiled. Input rows are numbered substances first, then drugs, then traits.
struct Program {
  std::string cell_type;
  std::vector<model::Index> nodes;      ///< model node of each slot, in the model's order
  std::vector<std::string> node_names;  ///< of each slot
  std::vector<double> basal, tau;       ///< of each slot; tau in min
  std::vector<NodeCode> code;           ///< of each slot
  std::vector<Term> terms;
  std::vector<Modifier> modifiers;
  std::vector<SubstanceInput> substance_inputs;
  std::vector<DrugInput> drug_inputs;
  std::vector<TraitInput> trait_inputs;

  std::size_t size() const { return nodes.size(); }
  std::size_t inputs() const { return substance_inputs.size() + drug_inputs.size() + trait_inputs.size(); }
  /// Slot of a model node, or no_slot where this cell type lacks it.
  Slot slot(model::Index node) const { return slots_.at(static_cast<std::size_t>(node)); }
  /// What an input row is, for messages: "occupancy by mechanism 'x'", ...
  std::string describe_input(std::size_t row) const;

  std::vector<Slot> slots_;               ///< by model node
  std::vector<std::string> input_names_;  ///< of each input row
};

/// Compiles the network of a concrete cell type. Rows of weight 0 and drug targets on nodes that the cell
/// type lacks are dropped; competing drugs act through the occupancy and are not inputs. Accuracy of F in
/// float32: about 1e-6 absolute. Throws InternalError where the model breaks what model::build guarantees (a
/// row between absent nodes, unequal gates on one target, a constant out of range).
Program compile(const model::Model& model, model::Index cell_type);

}  // namespace stroma::network

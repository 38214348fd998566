// The immutable description of the biology. All numbers are in internal units (um, min, nM); ids are indices
// into the vectors below and do not survive a change of the model folder, names do.
//
// Network equations (design, section 3): dx_i/dt = (F_i - x_i)/tau_i with F_i built of mechanisms; receptors
// bind their ligand with occupancy (L/Kd)/(1 + L/Kd + sum B_j/K_j); a drug leaves the fraction 1/(1 +
// (C/IC50)^h) of its target's activity.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/provenance.hpp"
#include "model/vocabulary.hpp"

namespace stroma::model {

/// Anything with a concentration: a secreted factor, a nutrient or a drug.
struct Substance {
  std::string name, label;
  double molar_mass = 0.0;      ///< pg per nM um^3; needed to convert mass concentrations; 0 where unknown
  double diffusivity = 0.0;     ///< um^2/min, in water or tissue; 0 where not needed yet
  double decay = 0.0;           ///< 1/min in serum-free medium at 37 C
  double decay_in_serum = 0.0;  ///< 1/min added at 100 % serum, in proportion to the serum fraction
  /// nM at which cells consume at half their greatest rate; 0 where consumption is not said to saturate
  double consumption_half_max = 0.0;
  /// nM that surroundings in equilibrium with the incubator hold, such as oxygen; 0 where there is none.
  /// A culture keeps an ambient substance at this value.
  double ambient = 0.0;
  /// nM that base medium contains, and what whole serum adds to it, in proportion to the serum fraction.
  double in_medium = 0.0, in_serum = 0.0;
  bool is_drug = false;
  std::map<std::string, Parameter> parameters;  ///< everything the file says, for reports
  core::Place place;                            ///< its first row
};

enum class TargetMode {
  inhibits_activity,  ///< intracellular: remaining activity = 1/(1 + (C/IC50)^h), C the free intracellular
                      ///< concentration
  activates,          ///< intracellular: drives the node like an activator of strength 1 - 1/(1 + (C/EC50)^h)
  competes,  ///< extracellular competitive antagonist of the ligands of a receptor node: B/K in Gaddum's
             ///< equation
};

struct DrugTarget {
  std::string id;
  Index drug = none;  ///< into Model::drugs
  Index node = none;  ///< into Model::nodes
  TargetMode mode = TargetMode::inhibits_activity;
  double ic50 = 0.0;  ///< nM: IC50, EC50 or K_i according to mode
  double hill = 1.0;
  Provenance provenance;
  std::string grade;
};

struct Drug {
  std::string name;
  Index substance = none;
  double free_fraction_in_serum = 1.0;  ///< unbound fraction in 100 % serum (plasma)
  /// nM of total drug in medium: beyond the one it does not dissolve, beyond the other cells die of what this
  /// model does not have; 0 where not said.
  double solubility = 0.0, acute_toxicity = 0.0;
  double influx = 0.0;                 ///< 1/min, k_in; 0 for a drug that does not enter cells
  double efflux = 0.0;                 ///< 1/min, k_out, passive
  double efflux_by_transporter = 0.0;  ///< 1/min at full activity of the transporter node
  Index transporter = none;            ///< node index, or none
  Provenance transporter_provenance;
  std::map<std::string, Parameter> parameters;
  core::Place place;  ///< its first row
};

enum class Layer { receptor, signalling, gene, protein, process };

/// A variable of the signalling network. Basal activity and time constant may differ per cell type.
struct Node {
  std::string name, label;
  Layer layer = Layer::signalling;
  struct Kinetics {
    double basal = 0.0;  ///< b in [0, 1]
    double tau = 60.0;   ///< min
    Provenance basal_provenance, tau_provenance;
  };
  /// Index: cell type; empty where the cell type lacks the node and for abstract types, of which there is no
  /// cell.
  std::vector<std::optional<Kinetics>> per_cell_type;
  core::Place place;  ///< its first row
};

enum class Effect { activates, inhibits };
enum class Gate { any, all };

/// One evidence-cited arrow. Exactly one of source_node and source_substance is set.
struct Mechanism {
  std::string id;
  Index source_node = none;
  Index source_substance = none;
  Effect effect = Effect::activates;
  Index target = none;            ///< node
  std::vector<Index> cell_types;  ///< concrete cell types in which it holds
  double weight = 1.0;            ///< [0, 1]
  double half_max = 0.5;          ///< activity in (0, 1); for a substance: Kd in nM
  double hill = 1.0;              ///< 1 for a substance (occupancy)
  Gate gate = Gate::any;          ///< of the target; the same on all its activating rows
  std::string grade;              ///< evidence grade A..D, see docs
  Provenance provenance;          ///< of the arrow; low and high are the range of half_max
};

enum class Direction { increases, decreases };

/// How a signal changes a behaviour: value = ((1-U) base + U max)(1-V) + V min (Johnson et al. 2025).
struct Rule {
  std::string id;
  std::vector<Index> cell_types;
  Signal signal;
  Direction direction = Direction::increases;
  Behaviour behaviour;
  double saturation = 0.0;  ///< value of the behaviour at full response, internal units
  double half_max = 0.5;    ///< in the units of the signal
  double hill = 1.0;
  /// Dying cells follow it too. Of themselves they do nothing: the base is 0, and only such rules count.
  bool applies_to_dead = false;
  std::string grade;
  Provenance provenance;  ///< low and high are the range of saturation, NaN where it is sourced without one
};

/// A heritable lognormal multiplier of one parameter.
struct Trait {
  std::string target;  ///< "node:NAME", "influx:DRUG", "cycle_entry", "apoptosis" or "secretion"
  Index node = none;
  Index drug = none;
  std::optional<BehaviourKind> behaviour;  ///< every behaviour of this kind is multiplied
  double sigma = 0.0;                      ///< standard deviation of the logarithm in the population
  double heritability = 1.0;  ///< correlation of log multiplier between mother and daughter, [0, 1]
  Provenance provenance;
};

struct Phase {
  std::string name;
  double duration = 0.0;  ///< mean, min
  int stages = 1;         ///< Erlang shape; 0: the duration is fixed
};

struct CellType {
  std::string name;
  std::string parent;                      ///< empty, or the abstract type whose rows it inherits
  bool abstract = false;                   ///< a family such as HCC: no cell is of this type itself
  std::vector<Phase> cycle;                ///< empty: does not divide
  std::map<Behaviour, double> behaviours;  ///< base values, internal units
  std::map<Index, double> affinity;        ///< factor on adhesion to a cell type or family; 1 where not said
  std::vector<Trait> traits;
  std::vector<std::pair<Index, double>>
      on_apoptosis;                             ///< node and the activity that a dying cell holds it at
  std::map<std::string, Parameter> parameters;  ///< everything the file says, inherited rows included
  std::string label;                            ///< what figures and reports call it
  core::Place place;                            ///< its first row
  /// The value of a row of cell_types.csv, own or inherited, in internal units. Where no row says it:
  /// necrosis, secretion:X, uptake:X and consumption:X are 0 (it does not happen), stages:X is 1. Everything
  /// else that may be asked for is required by build; throws InternalError for a name that neither the schema
  /// nor the file knows.
  double parameter(std::string_view name) const;
  /// Base value of a behaviour; 0 where the type does not have it.
  double base(BehaviourKind kind, Index operand = none) const;
};

/// The ranges that hold for every strength of mechanisms.csv and rules.csv (model.toml, [assumptions]).
struct Assumptions {
  Interval weight{0.0, 1.0}, half_max{0.0, 1.0}, hill{0.0, 10.0};
  std::optional<Interval> dissociation_constant;  ///< nM; of an assumed Kd that states no range of its own
  std::optional<Interval> saturation;  ///< factors of an assumed saturation that states no range of its own
};

struct Files;  // model/build.hpp

struct Model {
  std::string name, version, title;
  std::vector<Substance> substances;
  std::vector<Drug> drugs;
  std::vector<DrugTarget> drug_targets;
  std::vector<Node> nodes;
  std::vector<CellType> cell_types;
  std::vector<Mechanism> mechanisms;
  std::vector<Rule> rules;
  std::map<std::string, Reference> references;
  Assumptions assumptions;
  std::string content_hash;              ///< of the files as read, changed cells and rows left out
  std::shared_ptr<const Files> files;    ///< what it was built from (model/addresses.hpp); null where in code
  std::vector<std::string> knocked_out;  ///< rows left out by `without`, sorted

  Index substance(std::string_view name) const;  ///< none where unknown
  Index drug(std::string_view name) const;
  Index node(std::string_view name) const;
  Index cell_type(std::string_view name) const;
  bool is(Index type, Index family) const;       ///< the type itself, or of that family
  std::vector<Index> members(Index type) const;  ///< the concrete types of a family; the type itself
  bool has_behaviour(BehaviourKind kind) const;  ///< any concrete cell type has one of this kind
  std::vector<std::string> row_ids() const;      ///< ids of mechanisms, rules and drug targets
};

/// A copy without the rows of these ids (mechanisms: weight 0; rules and drug targets: removed), which the
/// content hash then tells apart. Ids that name no row are added to `problems` with "did you mean".
Model without(const Model& model, std::span<const std::string> ids, core::Diagnostics& problems);

}  // namespace stroma::model

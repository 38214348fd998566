// Compilation of mechanisms into factors. With h(x) = x^n (1 + K^n)/(x^n + K^n) and p = x^n,
//   1 - w h = (K^n + (1 - w (1 + K^n)) p)/(K^n + p)   (activator of gate any, or inhibitor)
//       w h = (        w (1 + K^n)      p)/(K^n + p)   (activator of gate all)
// so numerators and denominators of a node multiply up separately and one division per node remains.
#include "network/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/maths.hpp"

namespace stroma::network {
namespace {

using model::Effect;
using model::Gate;
using model::Index;
using model::Mechanism;

// K^n below which x^n of a subnormal source could meet a scale of zero; such steep rows use (x/K)^n instead.
constexpr double smallest_scale = 1e-12;
// Largest factor by which a running product may leave 1 in either direction; float32 ends at 1e38, and the
// square root is left to numerators and odds multipliers.
constexpr double largest_log10 = 20.0;
// (x/K)^n is cut at 2^40, where 1 - h differs from its limit by less than 1e-12 (kernel.cpp).
constexpr double largest_general_power = 1.1e12;

void require_row(bool holds, const Mechanism& row, const char* what) {
  if (!holds) throw core::InternalError(fmt::format("mechanism '{}': {}", row.id, what));
}

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

Power power_of(double hill, double scale) {
  if (scale < smallest_scale) return Power::general;
  constexpr std::pair<double, Power> table[] = {
      {0.5, Power::half},        {1.0, Power::one},   {1.5, Power::three_halves}, {2.0, Power::two},
      {2.5, Power::five_halves}, {3.0, Power::three}, {3.5, Power::seven_halves}, {4.0, Power::four}};
  for (const auto& [n, power] : table)
    if (hill == n) return power;
  return Power::general;
}

/// A term and the range of its denominator.
struct Compiled {
  Term term;
  double lowest = 1.0, highest = 1.0;
};

/// `positive` writes w h (activator of gate all), otherwise 1 - w h.
Compiled compile_node_term(const Mechanism& row, Slot source, bool positive) {
  require_row(row.half_max > 0.0 && row.half_max < 1.0, row, "half_max of a node must lie in (0, 1)");
  require_row(row.hill > 0.0 && std::isfinite(row.hill), row, "hill must be positive");
  const double k = core::maths::pow(row.half_max, row.hill);
  Compiled out;
  Term& term = out.term;
  term.source = source;
  term.power = power_of(row.hill, k);
  const bool general = term.power == Power::general;
  const double scale = general ? 1.0 : k;
  const double gain = row.weight * (1.0 + k);
  term.scale = static_cast<float>(scale);
  term.offset = positive ? 0.0f : term.scale;
  term.slope = static_cast<float>(positive ? gain : 1.0 - gain);
  term.exponent = static_cast<float>(row.hill);
  term.log2_half_max = static_cast<float>(core::maths::log2(row.half_max));
  out.lowest = scale;
  out.highest = scale + (general ? std::min(1.0 / k, largest_general_power) : 1.0);
  return out;
}

Compiled compile_occupancy_term(const Mechanism& row, std::size_t input, bool positive) {
  require_row(row.half_max > 0.0 && std::isfinite(row.half_max), row,
              "the dissociation constant must be positive");
  Compiled out;
  out.term.source = static_cast<std::int32_t>(input);
  out.term.power = Power::occupancy;
  out.term.offset = positive ? 0.0f : 1.0f;
  out.term.slope = static_cast<float>(positive ? row.weight : -row.weight);
  return out;
}

/// Marks where the running denominator must be divided out so that it stays within 10^±largest_log10.
class RangeGuard {
 public:
  void add(Compiled compiled, std::vector<Term>& terms) {
    low_ += core::maths::log10(compiled.lowest);
    high_ += core::maths::log10(compiled.highest);
    if (compiled.term.power != Power::occupancy && (low_ < -largest_log10 || high_ > largest_log10)) {
      compiled.term.divide_after = true;
      low_ = high_ = 0.0;
    }
    terms.push_back(compiled.term);
  }

 private:
  double low_ = 0.0, high_ = 0.0;
};

/// A row of weight 0 changes nothing, save as one of the activators that are all needed: there it is a factor
/// 0.
bool holds_in(const Mechanism& row, Index cell_type) {
  const bool needed = row.effect == model::Effect::activates && row.gate == model::Gate::all;
  return (row.weight != 0.0 || needed) &&
         std::find(row.cell_types.begin(), row.cell_types.end(), cell_type) != row.cell_types.end();
}

/// Rows of this cell type by target node, in the model's order.
std::vector<std::vector<Index>> rows_by_target(const model::Model& model, Index cell_type) {
  std::vector<std::vector<Index>> rows(model.nodes.size());
  for (std::size_t m = 0; m < model.mechanisms.size(); ++m) {
    const Mechanism& row = model.mechanisms[m];
    if (!holds_in(row, cell_type)) continue;
    require_row(row.weight >= 0.0 && row.weight <= 1.0, row, "the weight must lie in [0, 1]");
    require_row((row.source_node == model::none) != (row.source_substance == model::none), row,
                "exactly one of source node and source substance must be set");
    rows.at(at(row.target)).push_back(static_cast<Index>(m));
  }
  return rows;
}

void list_nodes(Program& program, const model::Model& model, Index cell_type) {
  program.slots_.assign(model.nodes.size(), no_slot);
  for (std::size_t n = 0; n < model.nodes.size(); ++n) {
    const auto& kinetics = model.nodes[n].per_cell_type.at(at(cell_type));
    if (!kinetics) continue;
    const bool valid = kinetics->basal >= 0.0 && kinetics->basal <= 1.0 && kinetics->tau > 0.0 &&
                       std::isfinite(kinetics->tau);
    if (!valid)
      throw core::InternalError(
          fmt::format("node '{}': basal must lie in [0, 1] and tau must be positive", model.nodes[n].name));
    program.slots_[n] = static_cast<Slot>(program.nodes.size());
    program.nodes.push_back(static_cast<Index>(n));
    program.node_names.push_back(model.nodes[n].name);
    program.basal.push_back(kinetics->basal);
    program.tau.push_back(kinetics->tau);
  }
}

/// Finds the inputs and numbers their rows: substances in the order of the mechanisms, then drugs, then
/// traits.
void list_inputs(Program& program, const model::Model& model, Index cell_type) {
  for (std::size_t m = 0; m < model.mechanisms.size(); ++m) {
    const Mechanism& row = model.mechanisms[m];
    if (row.source_substance == model::none || !holds_in(row, cell_type)) continue;
    program.substance_inputs.push_back(
        {static_cast<Index>(m), row.source_substance, row.half_max, row.target, program.slot(row.target)});
    program.input_names_.push_back(fmt::format("occupancy of mechanism '{}'", row.id));
  }
  for (std::size_t d = 0; d < model.drug_targets.size(); ++d) {
    const model::DrugTarget& target = model.drug_targets[d];
    if (target.mode == model::TargetMode::competes || program.slot(target.node) == no_slot) continue;
    program.drug_inputs.push_back(
        {static_cast<Index>(d), target.mode, target.node, program.slot(target.node)});
    program.input_names_.push_back(fmt::format("drug target '{}'", target.id));
  }
  const auto& traits = model.cell_types.at(at(cell_type)).traits;
  for (std::size_t t = 0; t < traits.size(); ++t) {
    if (traits[t].node == model::none) continue;
    const Slot slot = program.slot(traits[t].node);
    if (slot == no_slot)
      throw core::InternalError(
          fmt::format("trait '{}' names a node that {} lacks", traits[t].target, program.cell_type));
    program.trait_inputs.push_back({t, traits[t].node, slot});
    program.input_names_.push_back(fmt::format("trait '{}'", traits[t].target));
  }
}

void write_terms(Program& program, NodeCode& code, const model::Model& model,
                 const std::vector<Index>& rows) {
  const auto input_row = [&](Index mechanism) {
    const auto& inputs = program.substance_inputs;
    const auto found = std::find_if(inputs.begin(), inputs.end(), [&](const SubstanceInput& input) {
      return input.mechanism == mechanism;
    });
    return static_cast<std::size_t>(found - inputs.begin());
  };
  RangeGuard guard;
  const auto write = [&](Effect effect, bool positive) {
    for (const Index m : rows) {
      const Mechanism& row = model.mechanisms[at(m)];
      if (row.effect != effect) continue;
      if (row.source_substance != model::none) {
        guard.add(compile_occupancy_term(row, input_row(m), positive), program.terms);
      } else {
        const Slot source = program.slot(row.source_node);
        require_row(source != no_slot, row, "the cell type lacks the source node");
        guard.add(compile_node_term(row, source, positive), program.terms);
      }
    }
    return static_cast<std::uint32_t>(program.terms.size());
  };
  const Mechanism* first = nullptr;
  for (const Index m : rows) {
    const Mechanism& row = model.mechanisms[at(m)];
    if (row.effect != Effect::activates) continue;
    require_row(!first || first->gate == row.gate, row,
                "all activating rows of a target must have the same gate");
    if (!first) first = &row;
  }
  const bool all = first && first->gate == Gate::all;
  code.activators = static_cast<std::uint32_t>(program.terms.size());
  code.inhibitors = write(Effect::activates, all);
  code.end = write(Effect::inhibits, false);
  const double b = program.basal[program.code.size()];
  code.u = static_cast<float>(!first || all ? b : 1.0);
  code.v = static_cast<float>(!first ? 0.0 : all ? 1.0 - b : b - 1.0);
}

void write_modifiers(Program& program, NodeCode& code, Slot slot) {
  const auto position = [&] { return static_cast<std::uint32_t>(program.modifiers.size()); };
  const std::size_t first_drug = program.substance_inputs.size();
  const std::size_t first_trait = first_drug + program.drug_inputs.size();
  const auto write_drugs = [&](model::TargetMode mode, Modifier::Kind kind) {
    for (std::size_t d = 0; d < program.drug_inputs.size(); ++d)
      if (program.drug_inputs[d].slot == slot && program.drug_inputs[d].mode == mode)
        program.modifiers.push_back({kind, static_cast<std::int32_t>(first_drug + d)});
  };
  code.drives = position();
  write_drugs(model::TargetMode::activates, Modifier::Kind::drives);
  code.modifiers = position();
  write_drugs(model::TargetMode::inhibits_activity, Modifier::Kind::remains);
  for (std::size_t t = 0; t < program.trait_inputs.size(); ++t)
    if (program.trait_inputs[t].slot == slot)
      program.modifiers.push_back({Modifier::Kind::odds, static_cast<std::int32_t>(first_trait + t)});
  code.modifiers_end = position();
}

}  // namespace

std::string Program::describe_input(std::size_t row) const {
  return input_names_.at(row);
}

Program compile(const model::Model& model, Index cell_type) {
  core::require(cell_type >= 0 && at(cell_type) < model.cell_types.size(), "compile: no such cell type");
  core::require(!model.cell_types[at(cell_type)].abstract, "compile: an abstract cell type has no network");
  Program program;
  program.cell_type = model.cell_types[at(cell_type)].name;
  list_nodes(program, model, cell_type);
  const auto rows = rows_by_target(model, cell_type);
  for (std::size_t n = 0; n < rows.size(); ++n)
    if (!rows[n].empty() && program.slots_[n] == no_slot)
      require_row(false, model.mechanisms[at(rows[n].front())], "the cell type lacks the target node");
  list_inputs(program, model, cell_type);
  for (std::size_t slot = 0; slot < program.size(); ++slot) {
    NodeCode code;
    write_terms(program, code, model, rows[at(program.nodes[slot])]);
    write_modifiers(program, code, static_cast<Slot>(slot));
    program.code.push_back(code);
  }
  return program;
}

}  // namespace stroma::network

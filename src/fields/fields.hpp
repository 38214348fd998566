// The state of all substances on a grid: concentrations, current boundary values, where every amount came
// from and went to, and what the time integrator remembers. Everything that the future depends on is named
// in `walk`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/archive.hpp"
#include "fields/aligned.hpp"
#include "fields/plan.hpp"

namespace stroma::fields {

/// Where the amount of one substance came from and went to since the start [nM um^3].
struct Budget {
  double placed = 0.0;            ///< in: put into the fields by others (`account`), the initial amount first
  double source = 0.0;            ///< in: S, and what cells left behind (`account`)
  double boundary = 0.0;          ///< in: through the sides, negative where it left
  double above = 0.0;             ///< in: from medium above a plane, negative where it left
  double fixed = 0.0;             ///< in: from fixed voxels, negative where they took it
  double decayed = 0.0;           ///< out: k c
  double uptake_linear = 0.0;     ///< out: U c
  double uptake_saturable = 0.0;  ///< out: Vmax c/(Km + c)
  /// in: change of content that quasi-steady solves do not resolve in time (their dc/dt is 0).
  double storage = 0.0;
  /// Amount that must be in the fields now.
  double expected() const {
    return placed + source + boundary + above + fixed + storage - decayed - uptake_linear - uptake_saturable;
  }
};

/// All terms of a budget by name, but for `above`, which few fields have.
inline constexpr std::array<std::pair<std::string_view, double Budget::*>, 8> budget_terms{
    {{"placed", &Budget::placed},
     {"source", &Budget::source},
     {"boundary", &Budget::boundary},
     {"fixed", &Budget::fixed},
     {"decayed", &Budget::decayed},
     {"uptake_linear", &Budget::uptake_linear},
     {"uptake_saturable", &Budget::uptake_saturable},
     {"storage", &Budget::storage}}};

/// Of the closed layer above a plane, where its amount came from and went to [nM um^3]; what it gave to the
/// field below is Budget::above. The sum is its present content.
struct LayerBudget {
  double placed = 0.0;   ///< in: its start, and what was poured into it
  double decayed = 0.0;  ///< out
};

/// What the time integrator remembers of a substance.
struct Memory {
  double step_split = 0.0;        ///< next sub-step of the split method [min]; 0: not known yet
  double step_implicit = 0.0;     ///< next sub-step of the implicit method [min]
  std::int32_t steady_wait = 0;   ///< calls of `advance` before quasi-steady is tried again (automatic)
  std::int32_t steady_fails = 0;  ///< how often it was tried in vain in a row
};

/// One substance.
struct Field {
  AlignedDoubles concentration;        ///< nM, by Grid::index
  std::vector<double> boundary_value;  ///< the six current values; a treatment may change them between steps
  std::vector<double> fixed_value;     ///< nM, of SubstancePlan::fixed in its order; may change between steps
  double content = 0.0;                ///< nM um^3 when last counted
  Budget budget;
  Memory memory;
  bool is_under_medium = false;  ///< of the plan
  LayerBudget layer;
};

struct Fields {
  std::vector<Field> substances;
  std::span<double> concentration(std::size_t substance) {
    return substances[substance].concentration.span();
  }
  std::span<const double> concentration(std::size_t substance) const {
    return substances[substance].concentration.span();
  }
};

/// Fields of a valid plan: concentrations 0, boundary and fixed values as planned.
Fields make_fields(const Plan& plan);

/// Books what others changed in the concentrations since the last step (initial condition, a change of
/// medium, amounts released by hand) as `placed` or another term, and sets fixed voxels to their values. Call
/// after every such change; a step that finds amounts nobody booked reports them as its balance residual.
void account(Fields& fields, const Plan& plan);
void account(Field& field, const SubstancePlan& plan, const Grid& grid, double Budget::*as = &Budget::placed);

/// Pours `concentration` more [nM] into the closed layer above a plane.
void pour_above(Field& field, const SubstancePlan& plan, const Grid& grid, double concentration);

/// Names everything that the future depends on. `fields` must come from make_fields of the same plan; when
/// restoring, array lengths are checked by the reader.
template <class Archive, class F>
void walk(Archive& archive, F& fields, std::string_view prefix) {
  std::size_t s = 0;
  for (auto& field : fields.substances) {
    const std::string path = std::string(prefix) + "/" + std::to_string(s++) + "/";
    archive(path + "concentration", field.concentration.span());
    archive(path + "boundary_value", std::span(field.boundary_value));
    archive(path + "fixed_value", std::span(field.fixed_value));
    archive(path + "content", field.content);
    for (const auto& [name, term] : budget_terms)
      archive(path + "budget/" + std::string(name), field.budget.*term);
    if (field.is_under_medium) {
      archive(path + "budget/above", field.budget.above);
      archive(path + "layer/placed", field.layer.placed);
      archive(path + "layer/decayed", field.layer.decayed);
    }
    archive(path + "memory/step_split", field.memory.step_split);
    archive(path + "memory/step_implicit", field.memory.step_implicit);
    archive(path + "memory/steady_wait", field.memory.steady_wait);
    archive(path + "memory/steady_fails", field.memory.steady_fails);
  }
}

}  // namespace stroma::fields

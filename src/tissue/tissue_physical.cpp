// What a tissue must be at the end of every step: every number of its state finite, every volume positive.
// Where one is not, the run stops and says whose it is; a value that spread would only show the last victim.
#include <fmt/format.h>

#include <cmath>
#include <span>

#include "core/errors.hpp"
#include "tissue/tissue_loop.hpp"
#include "tissue/tissue_perceive.hpp"

namespace stroma::tissue {
namespace {

void require_populations(const Step& step, const TissuePlan& plan, const TissueState& s) {
  for (std::size_t k = 0; k < s.populations.size(); ++k) {
    const Population& population = s.populations[k];
    const auto require = [&](const auto& values, const char* what) {
      for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isfinite(values[i]))
          throw core::NumericalError(
              fmt::format("{}: {} of cell {} of {} is {}", when(step.end), what, population.cells.id[i],
                          plan.model->cell_types[index_of(plan.populations[k].type)].name, values[i]));
    };
    require(population.cells.cycle_budget, "the cycle budget");
    require(population.cells.death_budget, "the death budget");
    for (const auto& trait : population.cells.traits) require(trait, "a trait");
    for (const auto& held : population.held) require(held, "the drug inside");
    for (std::size_t slot = 0; slot < population.activities.nodes(); ++slot)
      require(population.activities.node(slot), "the activity of a node");
  }
}

void require_bodies(const Step& step, const TissueState& s) {
  const cells::Bodies& b = s.bodies;
  const auto fail = [&](std::size_t i, const char* what, double value) {
    throw core::NumericalError(fmt::format("{}: {} of cell {} is {}", when(step.end), what, b.id[i], value));
  };
  const auto require = [&](const auto& values, std::size_t per_body, const char* what) {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!std::isfinite(values[i])) fail(i / per_body, what, static_cast<double>(values[i]));
  };
  for (std::size_t i = 0; i < b.size(); ++i) {
    const double volume = static_cast<double>(b.fluid[i]) + static_cast<double>(b.solid[i]);
    if (!(volume > 0.0) || !std::isfinite(volume)) fail(i, "the volume [um^3]", volume);
  }
  for (const auto* position : {&b.x, &b.y, &b.z}) require(*position, 1, "the position [um]");
  require(b.radius, 1, "the radius [um]");
  require(b.heading, 3, "the heading");
  require(b.turn_budget, 1, "the time until it turns");
  require(b.previous, 4, "the velocity [um/min]");
  for (std::size_t i = 0; i < s.attachments.size(); ++i)
    if (!std::isfinite(s.attachments.stiffness[i]) || !std::isfinite(s.attachments.rest[i]))
      throw core::NumericalError(fmt::format("{}: the spring between cells {} and {} is not finite",
                                             when(step.end), s.attachments.a[i], s.attachments.b[i]));
}

// Concentrations are checked by the solver, voxel by voxel.
void require_fields(const Step& step, const TissuePlan& plan, const TissueState& s) {
  for (std::size_t f = 0; f < s.fields.substances.size(); ++f) {
    const fields::Field& field = s.fields.substances[f];
    const fields::Budget& b = field.budget;
    double sum = field.content + field.memory.step_split + field.memory.step_implicit + b.placed + b.source +
                 b.boundary + b.above + field.layer.placed + field.layer.decayed + b.fixed + b.decayed +
                 b.uptake_linear + b.uptake_saturable + b.storage;
    for (const double value : field.boundary_value) sum += value;
    for (const double value : field.fixed_value) sum += value;
    for (const CellPort& port : s.ports[f])
      sum += port.secreted + port.cleared + port.consumed + port.entered;
    sum += s.ground_ports[f].source + s.ground_ports[f].sink + s.ground_ports[f].consumption;
    if (!std::isfinite(sum))
      throw core::NumericalError(
          fmt::format("{}: the accounts or sides of the diffusion of {} are not finite", when(step.end),
                      plan.fields.substances[f].name));
  }
}

}  // namespace

void require_physical(const Step& step, const TissuePlan& plan, const TissueState& s) {
  require_populations(step, plan, s);
  require_bodies(step, s);
  require_fields(step, plan, s);
  const Counters& c = s.counters;
  const double sum = s.bodies.step + c.worst_balance + c.network.worst_excursion + c.network.largest_error;
  if (!std::isfinite(sum))
    throw core::NumericalError(
        fmt::format("{}: a counter of errors, or the step of the mechanics, is not finite", when(step.end)));
}

}  // namespace stroma::tissue

// From a model and a setup to the plan of a tissue: what the model must say about cells in space, checked all
// at once.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "core/errors.hpp"
#include "tissue/tissue_passage.hpp"

namespace stroma::tissue {
namespace {

std::size_t at(model::Index index) {
  return static_cast<std::size_t>(index);
}

constexpr std::array needed_parameters = {"volume",         "repulsion",      "adhesion",  "fluid_fraction",
                                          "fluid_exchange", "biomass_growth", "shrinkage", "swelling"};

bool has_parameters(const model::CellType& type, core::Diagnostics& problems) {
  bool complete = true;
  for (const char* name : needed_parameters) {
    if (type.parameters.contains(name)) continue;
    complete = false;
    problems.add("missing-parameter", type.place, name,
                 fmt::format("cell type '{}' has no row '{}', which a tissue needs", type.name, name),
                 "add it to cell_types.csv, here or in its family");
  }
  return complete;
}

// A behaviour that is more than its base value; -1 where it is not.
int moved_by_a_rule(const PopulationPlan& population, model::BehaviourKind kind) {
  const int index = population.one(kind);
  if (index < 0) return -1;
  return population.rules.behaviours[static_cast<std::size_t>(index)].is_constant() ? -1 : index;
}

TypeInSpace type_in_space(const model::Model& m, const TissuePlan& plan, std::size_t k) {
  const PopulationPlan& population = plan.populations[k];
  const model::CellType& type = m.cell_types[at(population.type)];
  const auto number = [&](const char* name) { return static_cast<float>(type.parameter(name)); };
  TypeInSpace out;
  out.volume = number("volume");
  out.fluid_fraction = number("fluid_fraction");
  out.persistence = number("persistence");
  if (type.parameters.contains("gradient_threshold"))
    out.gradient_threshold = type.parameter("gradient_threshold");
  const float solid = out.volume * (1.0F - out.fluid_fraction), fluid = out.volume * out.fluid_fraction;
  const float growth = number("biomass_growth"), exchange = number("fluid_exchange");
  out.laws[static_cast<std::size_t>(VolumeState::resting)] = {solid, fluid, growth, exchange};
  // A cell that has left the first phase grows to the volume of two.
  out.laws[static_cast<std::size_t>(VolumeState::growing)] = {2.0F * solid, 2.0F * fluid, growth, exchange};
  out.laws[static_cast<std::size_t>(VolumeState::apoptotic)] = {0.1F * solid, 0.0F, number("shrinkage"),
                                                                number("shrinkage")};
  // Necrosis takes up fluid until the membrane opens, then loses it.
  out.laws[static_cast<std::size_t>(VolumeState::swelling)] =
      cells::swelling_volume(out.volume, out.fluid_fraction);
  out.laws[static_cast<std::size_t>(VolumeState::swelling)].rupture = number("swelling") * out.volume;
  out.laws[static_cast<std::size_t>(VolumeState::lysed)] =
      cells::lysed_volume(out.volume, out.fluid_fraction);
  for (const PopulationPlan::Placed& chemotaxis : population.all(model::BehaviourKind::chemotaxis))
    if (const int field = plan.field_of[at(chemotaxis.at)]; field >= 0)
      out.chemotaxis.push_back({chemotaxis.behaviour, static_cast<std::size_t>(field)});
  for (std::size_t verb = 0; verb < contact_verbs.size(); ++verb)
    for (const PopulationPlan::Placed& contact : population.all(contact_verbs[verb].kind)) {
      TypeInSpace::Contact there{contact.behaviour, verb, {}};
      if (contact.at != model::none)
        for (const PopulationPlan& other : plan.populations)
          there.target.push_back(m.is(other.type, contact.at) ? 1 : 0);
      if (contact.at == model::none || std::ranges::find(there.target, 1) != there.target.end())
        out.contacts.push_back(std::move(there));
    }
  out.persistence_rule = moved_by_a_rule(population, model::BehaviourKind::persistence);
  out.adhesion_rule = moved_by_a_rule(population, model::BehaviourKind::adhesion);
  out.repulsion_rule = moved_by_a_rule(population, model::BehaviourKind::repulsion);
  return out;
}

// The factor on adhesion to cells of another type: of its own row, else of the nearest family that has one.
double affinity(const model::Model& m, const model::CellType& type, model::Index other) {
  for (; other != model::none; other = m.cell_type(m.cell_types[at(other)].parent))
    if (const auto said = type.affinity.find(other); said != type.affinity.end()) return said->second;
  return 1.0;
}

cells::MechanicsPlan mechanics_plan(const model::Model& m, const TissuePlan& plan, const TissueSetup& setup) {
  cells::MechanicsPlan mechanics;
  mechanics.domain.dimensions = std::max(2, setup.grid.dimensions);
  for (std::size_t a = 0; a < 3; ++a) {
    mechanics.domain.low[a] = setup.grid.origin[a];
    mechanics.domain.high[a] = setup.grid.origin[a] + setup.grid.length(static_cast<int>(a));
  }
  mechanics.domain.faces = setup.faces;
  mechanics.reach = setup.adhesion_reach;
  mechanics.tolerance = setup.mechanics_tolerance;
  mechanics.longest_step = setup.longest_mechanics_step;
  const std::size_t types = plan.populations.size();
  mechanics.affinity.assign(types * types, 1.0);
  for (std::size_t i = 0; i < types; ++i) {
    const model::CellType& type = m.cell_types[at(plan.populations[i].type)];
    mechanics.types.push_back({type.parameter("repulsion"), type.parameter("adhesion")});
    for (std::size_t j = 0; j < types; ++j)
      mechanics.affinity[i * types + j] = affinity(m, type, plan.populations[j].type);
  }
  if (types == 0) mechanics.types.push_back({});
  if (types == 0) mechanics.affinity.assign(1, 1.0);
  return mechanics;
}

cells::AttachmentPlan attachment_plan(const TissuePlan& plan, const TissueSetup& setup) {
  const std::size_t types = plan.populations.size();
  cells::AttachmentPlan out;
  for (auto* table : {&out.formation, &out.breaking, &out.stiffness}) table->assign(types * types, 0.0F);
  out.most = setup.attachments_per_cell;
  for (const TissueSetup::Attachment& pair : setup.attachments)
    for (std::size_t i = 0; i < types; ++i)
      for (std::size_t j = 0; j < types; ++j) {
        const model::Index one = plan.populations[i].type, other = plan.populations[j].type;
        if (!(one == pair.one && other == pair.other) && !(one == pair.other && other == pair.one)) continue;
        out.formation[i * types + j] = static_cast<float>(pair.formation);
        out.breaking[i * types + j] = static_cast<float>(pair.breaking);
        out.stiffness[i * types + j] = static_cast<float>(pair.stiffness);
      }
  return out;
}

// The bodies that stand at some places, so that cells on one point and outside are found at once.
void append_bodies(cells::Bodies& bodies, const std::vector<std::array<double, 3>>& positions, std::size_t k,
                   const TissuePlan& plan) {
  for (std::size_t i = 0; i < positions.size(); ++i)
    cells::append(bodies, body_at(positions[i], k, plan, bodies.size() + 1, static_cast<std::uint32_t>(i)));
}

void check_positions(const TissuePlan& plan, const TissueSetup& setup, core::Diagnostics& problems) {
  cells::Bodies founders;
  for (std::size_t k = 0; k < setup.cells.size(); ++k)
    append_bodies(founders, setup.cells[k].positions, k, plan);
  const std::size_t types = std::max<std::size_t>(1, plan.types.size());
  cells::validate(founders, plan.mechanics.domain, types, problems);
  for (const Arrival& arrival : setup.arrivals) {  // each alone: a place is free again by then
    cells::Bodies newcomers;
    append_bodies(newcomers, arrival.positions, plan.population_of(arrival.type), plan);
    cells::validate(newcomers, plan.mechanics.domain, types, problems);
  }
}

}  // namespace

int field_of_drug(const TissuePlan& plan, std::size_t k, std::size_t d) {
  return plan.field_of[at(plan.model->drugs[at(plan.populations[k].drugs[d].drug)].substance)];
}

double drug_inside(const TissueState& s, std::size_t k, std::size_t d, std::size_t b) {
  const double volume = static_cast<double>(s.bodies.fluid[b]) + static_cast<double>(s.bodies.solid[b]);
  return s.populations[k].held[d][s.bodies.slot[b]] / volume;
}

double memory_estimate(const TissueSetup& setup, const model::Model& model, std::size_t cells) {
  double bytes = 0.0;
  for (const TissueSetup::Substance& substance : setup.substances)
    bytes += fields::memory_estimate(setup.grid, 1, substance.plan.method, !substance.plan.mobility.empty());
  // Secretion, uptake, consumption and what a drug was before the step, per voxel.
  bytes +=
      4.0 * 8.0 * static_cast<double>(setup.grid.voxels()) * static_cast<double>(setup.substances.size());
  // Bodies and lists (300 bytes), life and traits (80), scratch (100), activities twice.
  const double per_cell = 480.0 + 8.0 * static_cast<double>(model.nodes.size());
  return bytes + per_cell * static_cast<double>(cells);
}

TissuePlan compile_tissue(std::shared_ptr<const model::Model> m, const TissueSetup& setup,
                          core::Threads threads, core::Diagnostics& problems) {
  TissuePlan plan;
  plan.model = m;
  plan.setup = setup;
  for (TissueSetup::Cells& cells : plan.setup.cells) cells.positions = {};
  for (TissueSetup::Substance& substance : plan.setup.substances) substance.initial = {};
  std::stable_sort(plan.setup.treatments.begin(), plan.setup.treatments.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  plan.threads = threads;
  const double strides = core::minutes(setup.step) / 15.0;
  plan.accuracy.tolerance = std::min(2e-2, plan.accuracy.tolerance * std::sqrt(std::max(1.0, strides)));
  plan.fields.grid = setup.grid;
  plan.field_of.assign(m->substances.size(), -1);
  for (std::size_t f = 0; f < setup.substances.size(); ++f) {
    plan.fields.substances.push_back(setup.substances[f].plan);
    if (setup.substances[f].index != model::none)
      plan.field_of[at(setup.substances[f].index)] = static_cast<int>(f);
    plan.fields.substances[f].saturable = !setup.substances[f].consumption.empty();
  }
  std::vector<model::Index> types;
  for (const TissueSetup::Cells& cells : setup.cells) types.push_back(cells.type);
  compile_populations(plan, types, setup.arrivals, setup.seed, setup.donor_seed, setup.serum, problems);
  for (std::size_t k = setup.cells.size(); k < plan.populations.size(); ++k)
    plan.setup.cells.push_back({plan.populations[k].type, {}});
  bool complete = true;
  for (const PopulationPlan& population : plan.populations) {
    complete = has_parameters(m->cell_types[at(population.type)], problems) && complete;
    for (const PopulationPlan::Placed& flow : population.all(model::BehaviourKind::consumption))
      if (const int f = plan.field_of[at(flow.at)]; f >= 0)
        plan.fields.substances[static_cast<std::size_t>(f)].saturable = true;
  }
  fields::validate(plan.fields, {}, problems);
  std::vector<std::vector<bool>> has_drug;
  for (std::size_t k = 0; k < plan.populations.size(); ++k) {
    has_drug.emplace_back();
    for (std::size_t d = 0; d < plan.populations[k].drugs.size(); ++d)
      has_drug[k].push_back(field_of_drug(plan, k, d) >= 0);
  }
  check_arrivals(setup.arrivals, plan, model::Setting::space, has_drug, problems);
  if (!complete) return plan;
  for (std::size_t k = 0; k < plan.populations.size(); ++k) plan.types.push_back(type_in_space(*m, plan, k));
  plan.mechanics = mechanics_plan(*m, plan, setup);
  plan.attachments = attachment_plan(plan, setup);
  const std::size_t before = problems.size();
  cells::validate(plan.mechanics, problems);
  if (problems.size() == before) check_positions(plan, setup, problems);
  return plan;
}

void check_tissue(std::shared_ptr<const model::Model> model, const TissueSetup& setup,
                  core::Diagnostics& problems) {
  compile_tissue(std::move(model), setup, {1}, problems);
}

TissueState found_tissue(const TissuePlan& plan, const TissueSetup& setup) {
  TissueState s;
  static_cast<Populations&>(s) = empty_populations(plan, plan.fields.substances.size());
  OutsideOfTissue tissue(plan, s, {}, nullptr);
  for (std::size_t k = 0; k < setup.cells.size(); ++k) {
    const auto& positions = setup.cells[k].positions;
    admit({{}, setup.cells[k].type, positions.size(), positions, {}}, k, s, plan, tissue);
  }
  s.fields = fields::make_fields(plan.fields);
  s.ground.resize(plan.fields.substances.size());
  s.ground_ports.resize(plan.fields.substances.size());
  for (std::size_t f = 0; f < setup.substances.size(); ++f) {
    const std::vector<double>& initial = setup.substances[f].initial;
    core::require(initial.size() == 1 || initial.size() == plan.fields.grid.voxels(),
                  "an initial concentration for every voxel, or one for all");
    const std::span<double> c = s.fields.concentration(f);
    for (std::size_t v = 0; v < c.size(); ++v) c[v] = initial.size() == 1 ? initial[0] : initial[v];
  }
  fields::account(s.fields, plan.fields);
  cells::Sorting sorting;
  sort_cells(s, plan, sorting);
  return s;
}

}  // namespace stroma::tissue

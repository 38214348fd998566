#include "store/tissue_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "cells/mechanics.hpp"
#include "cells/neighbourhood.hpp"
#include "fields/sample.hpp"
#include "io/h5ad.hpp"

namespace stroma::store {
namespace {

std::size_t at(model::Index index) {
  return static_cast<std::size_t>(index);
}

// What a cell has around it: the pressure of its neighbours and, per field, the concentration at its centre
// [nM].
struct Around {
  std::vector<float> pressure;
  std::vector<std::vector<float>> concentration;
};

Around around_cells(const tissue::TissueState& s, const tissue::TissuePlan& plan) {
  Around out;
  cells::Bodies bodies = s.bodies;  // the search for neighbours notes in them what it has looked at
  cells::Neighbourhood neighbourhood;
  cells::ContactSignals signals;
  cells::sense_contacts(bodies, plan.mechanics, neighbourhood, plan.threads, signals);
  out.pressure = std::move(signals.pressure);
  std::vector<double> sampled(s.bodies.size());
  for (std::size_t f = 0; f < plan.fields.substances.size(); ++f) {
    fields::sample(sampled, plan.fields.grid, s.fields.concentration(f), s.bodies.x, s.bodies.y, s.bodies.z,
                   plan.threads);
    out.concentration.emplace_back(sampled.begin(), sampled.end());
  }
  return out;
}

void add_marks(CellColumns& out, const tissue::TissueState& s, const tissue::TissuePlan& plan) {
  if (plan.populations.empty()) return;
  const std::vector<cells::Mark>& marks = plan.populations.front().life.marks;  // the same of all types
  for (std::size_t m = 0; m < marks.size(); ++m) {
    if (marks[m].kind == cells::Mark::Kind::memory) continue;
    out.mark_names.emplace_back(marks[m].kind == cells::Mark::Kind::damage ? "damage" : "damage_dealt");
    std::vector<float>& column = out.marks.emplace_back(s.bodies.size());
    for (std::size_t b = 0; b < column.size(); ++b)
      column[b] = s.populations[s.bodies.type[b]].cells.marks[m][s.bodies.slot[b]];
  }
}

}  // namespace

CellColumns cell_columns(const tissue::TissueState& s, const tissue::TissuePlan& plan) {
  CellColumns out;
  const std::size_t n = s.bodies.size();
  out.fate_names = {"live", "early apoptotic", "late apoptotic", "necrotic", "gone"};
  for (const tissue::PopulationPlan& population : plan.populations) {
    out.type_names.push_back(plan.model->cell_types[at(population.type)].name);
    for (const tissue::DrugEntry& drug : population.drugs) {
      const std::string& name = plan.model->drugs[at(drug.drug)].name;
      const bool is_there = plan.field_of[at(plan.model->drugs[at(drug.drug)].substance)] >= 0;
      if (is_there && std::find(out.drug_names.begin(), out.drug_names.end(), name) == out.drug_names.end())
        out.drug_names.push_back(name);
    }
  }
  out.type = s.bodies.type;
  out.fate.resize(n);
  out.phase.resize(n);
  out.lineage.resize(n);
  out.volume.resize(n);
  out.drugs.assign(out.drug_names.size(), std::vector<float>(n, 0.0F));
  add_marks(out, s, plan);
  for (std::size_t b = 0; b < n; ++b) {
    const tissue::Population& population = s.populations[s.bodies.type[b]];
    const std::size_t i = s.bodies.slot[b];
    out.fate[b] = static_cast<std::uint8_t>(population.cells.fate[i]);
    out.phase[b] = population.cells.phase[i];
    out.lineage[b] = population.cells.lineage[i];
    out.volume[b] = s.bodies.fluid[b] + s.bodies.solid[b];
    const auto& drugs = plan.populations[s.bodies.type[b]].drugs;
    for (std::size_t d = 0; d < drugs.size(); ++d) {
      const auto found =
          std::find(out.drug_names.begin(), out.drug_names.end(), plan.model->drugs[at(drugs[d].drug)].name);
      if (found != out.drug_names.end())
        out.drugs[static_cast<std::size_t>(found - out.drug_names.begin())][b] =
            static_cast<float>(tissue::drug_inside(s, s.bodies.type[b], d, b));
    }
  }
  return out;
}

std::vector<CellColumn> frame_columns(const CellColumns& c, const tissue::TissueState& s) {
  std::vector<CellColumn> columns;
  columns.push_back({"id", "", std::span<const std::uint64_t>(s.bodies.id)});
  columns.push_back({"type", "", std::span<const std::uint8_t>(c.type), c.type_names});
  columns.push_back({"fate", "", std::span<const std::uint8_t>(c.fate), c.fate_names});
  columns.push_back({"phase", "", std::span<const std::uint8_t>(c.phase)});
  columns.push_back({"lineage", "", std::span<const std::uint64_t>(c.lineage)});
  columns.push_back({"radius", "um", std::span<const float>(s.bodies.radius)});
  columns.push_back({"volume", "um^3", std::span<const float>(c.volume)});
  for (std::size_t d = 0; d < c.drug_names.size(); ++d)
    columns.push_back({c.drug_names[d] + "_inside", "nM", std::span<const float>(c.drugs[d])});
  for (std::size_t m = 0; m < c.mark_names.size(); ++m)
    columns.push_back({c.mark_names[m], "", std::span<const float>(c.marks[m])});
  return columns;
}

std::string link_name(const std::string& name) {
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 33 || byte > 126 || c == '/' || c == '%')
      out += fmt::format("%{:02X}", byte);
    else
      out += c;
  }
  return out == "." ? "%2E" : out;
}

std::string cell_table_bytes(const tissue::TissueState& s, const tissue::TissuePlan& plan) {
  const CellColumns c = cell_columns(s, plan);
  const std::size_t n = s.bodies.size();
  io::H5adTable table;
  std::vector<std::size_t> nodes;  // of the model, that any type has
  for (std::size_t node = 0; node < plan.model->nodes.size(); ++node) {
    const bool any = std::any_of(
        plan.populations.begin(), plan.populations.end(), [&](const tissue::PopulationPlan& population) {
          return population.program.slot(static_cast<model::Index>(node)) != network::no_slot;
        });
    if (!any) continue;
    nodes.push_back(node);
    table.variables.push_back(plan.model->nodes[node].name);
  }
  std::vector<float> x(n * nodes.size(), std::numeric_limits<float>::quiet_NaN());
  std::vector<double> spatial;
  std::vector<std::int32_t> type(n), fate(n), phase(n);
  std::vector<std::int64_t> id(n), lineage(n);
  const int dimensions = plan.mechanics.domain.dimensions;
  for (std::size_t b = 0; b < n; ++b) {
    const tissue::Population& population = s.populations[s.bodies.type[b]];
    const tissue::PopulationPlan& population_plan = plan.populations[s.bodies.type[b]];
    table.cells.push_back(fmt::format("{}-{}", c.type_names[s.bodies.type[b]], s.bodies.id[b]));
    for (std::size_t v = 0; v < nodes.size(); ++v) {
      const network::Slot slot = population_plan.program.slot(static_cast<model::Index>(nodes[v]));
      if (slot != network::no_slot)
        x[b * nodes.size() + v] = population.activities.at(static_cast<std::size_t>(slot), s.bodies.slot[b]);
    }
    spatial.push_back(s.bodies.x[b]);
    spatial.push_back(s.bodies.y[b]);
    if (dimensions == 3) spatial.push_back(s.bodies.z[b]);
    type[b] = s.bodies.type[b];
    fate[b] = c.fate[b];
    phase[b] = c.phase[b];
    id[b] = static_cast<std::int64_t>(s.bodies.id[b]);
    lineage[b] = static_cast<std::int64_t>(c.lineage[b]);
  }
  std::vector<std::string> phases;
  std::size_t most = 1;
  for (const tissue::PopulationPlan& population : plan.populations)
    most = std::max(most, population.life.cycle.size());
  for (std::size_t p = 0; p < most; ++p) {
    std::string name = fmt::format("phase {}", p);
    for (const tissue::PopulationPlan& population : plan.populations)
      if (p < population.life.cycle.size()) name = population.life.cycle[p].name;
    phases.push_back(name);
  }
  // Which types have a node: where one lacks it, its cells hold NaN.
  std::vector<std::vector<std::uint8_t>> has(plan.populations.size());
  for (std::size_t k = 0; k < has.size(); ++k)
    for (const std::size_t node : nodes)
      has[k].push_back(plan.populations[k].program.slot(static_cast<model::Index>(node)) != network::no_slot);
  for (std::size_t k = 0; k < has.size(); ++k)
    table.var.push_back({"in_" + link_name(c.type_names[k]), io::H5adFlags{has[k]}});
  const Around around = around_cells(s, plan);
  table.x = x;
  table.obs.push_back({"id", std::span<const std::int64_t>(id)});
  table.obs.push_back({"lineage", std::span<const std::int64_t>(lineage)});
  table.obs.push_back({"type", io::H5adCategories{type, c.type_names}});
  table.obs.push_back({"fate", io::H5adCategories{fate, c.fate_names}});
  table.obs.push_back({"phase", io::H5adCategories{phase, phases}});
  table.obs.push_back({"radius_um", std::span<const float>(s.bodies.radius)});
  table.obs.push_back({"volume_um3", std::span<const float>(c.volume)});
  for (std::size_t d = 0; d < c.drug_names.size(); ++d)
    table.obs.push_back({link_name(c.drug_names[d]) + "_inside_nM", std::span<const float>(c.drugs[d])});
  for (std::size_t m = 0; m < c.mark_names.size(); ++m)
    table.obs.push_back({c.mark_names[m], std::span<const float>(c.marks[m])});
  table.obs.push_back({"pressure", std::span<const float>(around.pressure)});
  for (std::size_t f = 0; f < around.concentration.size(); ++f)
    table.obs.push_back(
        {link_name(plan.fields.substances[f].name) + "_nM", std::span<const float>(around.concentration[f])});
  table.spatial = spatial;
  table.dimensions = dimensions;
  table.uns = {{"time_h", fmt::format("{:.6g}", core::minutes(s.tick) / 60.0)}, {"model", plan.model->name}};
  return io::h5ad_bytes(table);
}

}  // namespace stroma::store

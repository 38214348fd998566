// What there is to know about passages before a run: which populations there can be, and the maps between
// them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "model/conversions.hpp"
#include "tissue/passage.hpp"

namespace stroma::tissue {
namespace {

std::size_t at(model::Index index) {
  return static_cast<std::size_t>(index);
}

void add_type(std::vector<model::Index>& types, model::Index type) {
  if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
}

// Drugs that enter cells enter those of every type, so that a cell takes all that it holds with it.
void require_same_drugs(const PopulationPlan& from, const PopulationPlan& to) {
  core::require(std::ranges::equal(from.drugs, to.drugs, {}, &DrugEntry::drug, &DrugEntry::drug),
                "types whose cells hold other drugs");
}

void complete(PopulationPlan::Conversion& conversion, const PopulationPlan& from,
              const PopulationsPlan& plan) {
  conversion.to = plan.population_of(conversion.type);
  const PopulationPlan& to = plan.populations[conversion.to];
  require_same_drugs(from, to);
  conversion.life = cells::map_life(from.life, to.life);
  for (const model::Index node : to.program.nodes) conversion.node.push_back(from.program.slot(node));
  conversion.resting = resting_activities(to, plan.plain, plan.accuracy);
}

}  // namespace

void compile_populations(PopulationsPlan& plan, std::vector<model::Index> types,
                         const std::vector<Arrival>& arrivals, std::uint64_t seed, std::uint64_t donor_seed,
                         double serum, core::Diagnostics& problems) {
  plan.plain = plain_solution(*plan.model, serum);
  plan.has_arrivals = !arrivals.empty();
  for (const Arrival& arrival : arrivals) add_type(types, arrival.type);
  const std::size_t before = problems.size();
  for (std::size_t k = 0; k < types.size(); ++k) {  // grows by the types that cells of these may become
    plan.populations.push_back(compile_population(*plan.model, types[k], seed, donor_seed, problems));
    for (const PopulationPlan::Conversion& conversion : plan.populations.back().conversions)
      if (model::check_conversion(*plan.model, types[k], conversion.type,
                                  plan.model->cell_types[at(types[k])].place, problems))
        add_type(types, conversion.type);
  }
  if (problems.size() > before) return;
  for (PopulationPlan& population : plan.populations)
    for (PopulationPlan::Conversion& conversion : population.conversions)
      complete(conversion, population, plan);
}

void check_arrivals(const std::vector<Arrival>& arrivals, const PopulationsPlan& plan, model::Setting setting,
                    const std::vector<std::vector<bool>>& has_drug, core::Diagnostics& problems) {
  const model::Model& m = *plan.model;
  for (const Arrival& arrival : arrivals) {
    const std::string& type = m.cell_types[at(arrival.type)].name;
    const auto wrong = [&](const char* code, const std::string& message, const char* hint) {
      problems.add(code, {}, "arrival", message, hint);
    };
    if (arrival.at.count < 0)
      wrong("arrival-before-start", fmt::format("{} arrives before time 0", type), "");
    if (setting == model::Setting::space && arrival.positions.size() != arrival.count)
      wrong("arrival-without-a-place",
            fmt::format("{} cells of {} arrive at {} h at {} places", arrival.count, type,
                        core::minutes(arrival.at) / 60.0, arrival.positions.size()),
            "in space every cell needs a position");
    if (setting == model::Setting::culture && !arrival.positions.empty())
      wrong("arrival-with-a-place", fmt::format("{} arrives at places, and a culture has none", type),
            "leave the positions out");
    const std::size_t k = plan.population_of(arrival.type);
    for (const Arrival::Content& content : arrival.content) {
      const std::vector<DrugEntry>& drugs = plan.populations[k].drugs;
      const auto drug = std::find_if(drugs.begin(), drugs.end(), [&](const DrugEntry& entry) {
        return m.drugs[at(entry.drug)].substance == content.substance;
      });
      if (drug == drugs.end() || !has_drug[k][static_cast<std::size_t>(drug - drugs.begin())])
        wrong("content-cannot-be-held",
              fmt::format("{} arrives with {}, which its cells cannot hold here", type,
                          m.substances[at(content.substance)].name),
              "only drugs that enter cells and that the surroundings have are held");
      if (!(content.amount >= 0.0) || !std::isfinite(content.amount))
        wrong("out-of-range", fmt::format("{} arrives with {} nM um^3", type, content.amount), "");
    }
  }
}

}  // namespace stroma::tissue

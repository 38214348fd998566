#include "tissue/tissue_perceive.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stroma::tissue {
namespace {

constexpr std::size_t chunk = 4096;

bool reads_field(const PopulationPlan& population, const TissuePlan& plan, std::size_t field) {
  const auto is = [&](model::Index substance) {
    return substance != model::none && plan.field_of[index_of(substance)] == static_cast<int>(field);
  };
  for (const model::Signal& signal : population.rules.signals)
    for (const auto kind : {model::SignalKind::substance, model::SignalKind::rise, model::SignalKind::fall})
      if (is(signal.of(kind))) return true;
  for (const cells::Mark& mark : population.life.marks)  // of what cells of another type read, too
    if (mark.kind == cells::Mark::Kind::memory && is(mark.substance)) return true;
  for (const ReceptorBinding& binding : population.receptors) {
    if (is(binding.ligand)) return true;
    for (const ReceptorBinding::Antagonist& a : binding.antagonists)
      if (is(a.substance)) return true;
  }
  return false;
}

// A family is touched where a cell of any of its types is.
void count_contacts_with(TissueWorkspace::PerPopulation& mine, const TissuePlan& plan, std::size_t k) {
  std::size_t used = 0;
  for (const model::Signal& signal : plan.populations[k].rules.signals) {
    if (signal.kind != model::SignalKind::contact_with) continue;
    if (used == mine.contacts_with.size()) mine.contacts_with.emplace_back();
    auto& [type, count] = mine.contacts_with[used++];
    type = signal.operand;
    count.assign(mine.body_of.size(), 0.0F);
    for (std::size_t t = 0; t < plan.populations.size(); ++t)
      if (plan.model->is(plan.populations[t].type, type))
        for (std::size_t i = 0; i < count.size(); ++i) count[i] += mine.contacts_of_type[t][i];
  }
}

}  // namespace

void locate_cells(const TissuePlan& plan, const TissueState& s, TissueWorkspace& work) {
  work.populations.resize(plan.populations.size());
  for (std::size_t k = 0; k < plan.populations.size(); ++k)
    work.populations[k].body_of.resize(s.populations[k].cells.size());
  for (std::size_t b = 0; b < s.bodies.size(); ++b)
    work.populations[s.bodies.type[b]].body_of[s.bodies.slot[b]] = static_cast<std::uint32_t>(b);
}

void sample_fields(const TissuePlan& plan, const TissueState& s, TissueWorkspace& work) {
  work.sampled.resize(s.bodies.size());
  for (TissueWorkspace::PerPopulation& mine : work.populations)
    mine.concentration.resize(plan.fields.substances.size());
  for (std::size_t f = 0; f < plan.fields.substances.size(); ++f) {
    bool is_sampled = false;
    for (std::size_t k = 0; k < plan.populations.size(); ++k) {
      if (s.populations[k].cells.size() == 0 || !reads_field(plan.populations[k], plan, f)) continue;
      if (!is_sampled)
        fields::sample(work.sampled, plan.fields.grid, s.fields.concentration(f), s.bodies.x, s.bodies.y,
                       s.bodies.z, threads_for_cells(plan, s));
      is_sampled = true;
      TissueWorkspace::PerPopulation& mine = work.populations[k];
      mine.concentration[f].resize(mine.body_of.size());
      core::for_chunks(mine.body_of.size(), chunk, threads_for_cells(plan, s),
                       [&](std::size_t begin, std::size_t end) {
                         for (std::size_t i = begin; i < end; ++i)
                           mine.concentration[f][i] = static_cast<float>(work.sampled[mine.body_of[i]]);
                       });
    }
  }
}

void sense_neighbours(const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  const std::size_t types = plan.populations.size(), n = s.bodies.size();
  cells::sense_contacts(s.bodies, plan.mechanics, work.neighbourhood, threads_for_cells(plan, s),
                        work.contact_signals);
  work.condition.resize(n);
  bool anyone_dead = false;
  for (std::size_t b = 0; b < n; ++b) {
    const Population& population = s.populations[s.bodies.type[b]];
    const cells::Fate fate = population.cells.fate[s.bodies.slot[b]];
    work.condition[b] = fate == cells::Fate::live       ? cells::Condition::live
                        : fate == cells::Fate::necrotic ? cells::Condition::necrotic
                                                        : cells::Condition::apoptotic;
    anyone_dead = anyone_dead || fate != cells::Fate::live;
  }
  for (std::size_t k = 0; k < types; ++k) {
    TissueWorkspace::PerPopulation& mine = work.populations[k];
    const std::size_t cells = mine.body_of.size();
    mine.pressure.resize(cells);
    mine.contacts.resize(cells);
    for (auto* dead : {&mine.dead_contacts, &mine.apoptotic_contacts, &mine.necrotic_contacts})
      dead->resize(cells);
    mine.contacts_of_type.resize(types);
    for (std::vector<float>& of_type : mine.contacts_of_type) of_type.resize(cells);
    for (std::size_t i = 0; i < cells; ++i) {
      const std::size_t b = mine.body_of[i];
      mine.pressure[i] = work.contact_signals.pressure[b];
      float all = 0.0F;
      for (std::size_t t = 0; t < types; ++t) {
        const auto of_type = static_cast<float>(work.contact_signals.contacts[b * types + t]);
        mine.contacts_of_type[t][i] = of_type;
        all += of_type;
      }
      float apoptotic = 0.0F, necrotic = 0.0F;
      if (anyone_dead && all > 0.0F) {  // contacts are counted of the living and the dying alike
        cells::contacts_of(s.bodies, plan.mechanics, work.neighbourhood, b, work.touching);
        for (const std::uint32_t other : work.touching) {
          if (work.condition[other] == cells::Condition::live) continue;
          (work.condition[other] == cells::Condition::necrotic ? necrotic : apoptotic) += 1.0F;
          mine.contacts_of_type[s.bodies.type[other]][i] -= 1.0F;
        }
      }
      mine.contacts[i] = all - (apoptotic + necrotic);
      mine.dead_contacts[i] = apoptotic + necrotic;
      mine.apoptotic_contacts[i] = apoptotic;
      mine.necrotic_contacts[i] = necrotic;
    }
    count_contacts_with(mine, plan, k);
  }
}

cells::SignalView PerceiveTissue::operator()(const model::Signal& signal) const {
  switch (signal.kind) {
    case model::SignalKind::substance: {
      const int field = plan.field_of[index_of(signal.operand)];
      // A substance that the experiment leaves out is as in fresh medium.
      if (field < 0) return {{}, static_cast<float>(plan.plain.concentration[index_of(signal.operand)])};
      return {mine.concentration[static_cast<std::size_t>(field)], 0.0F};
    }
    case model::SignalKind::pressure:
      return {mine.pressure, 0.0F};
    case model::SignalKind::contact:
      return {mine.contacts, 0.0F};
    case model::SignalKind::contact_with:
      for (const auto& [type, count] : mine.contacts_with)
        if (type == signal.operand) return {count, 0.0F};
      return {{}, 0.0F};
    case model::SignalKind::dead_contact:
      return {mine.dead_contacts, 0.0F};
    case model::SignalKind::apoptotic_contact:
      return {mine.apoptotic_contacts, 0.0F};
    case model::SignalKind::necrotic_contact:
      return {mine.necrotic_contacts, 0.0F};
    case model::SignalKind::serum:
      return {{}, static_cast<float>(plan.setup.serum)};
    case model::SignalKind::time:
      return {{}, static_cast<float>(core::minutes(now))};
    case model::SignalKind::confluence:  // cells of a tissue do not share a floor
    case model::SignalKind::node:        // what is of the cell itself is bound by bind_signals
    case model::SignalKind::volume:
    case model::SignalKind::damage:
    case model::SignalKind::damage_dealt:
    case model::SignalKind::dying:
    case model::SignalKind::apoptotic:
    case model::SignalKind::necrotic:
    case model::SignalKind::inside:
    case model::SignalKind::rise:
    case model::SignalKind::fall:
      break;
  }
  return {{}, 0.0F};
}

}  // namespace stroma::tissue

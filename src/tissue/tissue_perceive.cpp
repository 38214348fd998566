#include "tissue/tissue_perceive.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stroma::tissue {
namespace {

constexpr std::size_t chunk = 4096;

bool reads_field(const CohortPlan& cohort, const TissuePlan& plan, std::size_t field) {
  const auto is = [&](model::Index substance) {
    return substance != model::none && plan.field_of[index_of(substance)] == static_cast<int>(field);
  };
  for (const model::Signal& signal : cohort.rules.signals)
    if (is(signal.of(model::SignalKind::substance))) return true;
  for (const ReceptorBinding& binding : cohort.receptors) {
    if (is(binding.ligand)) return true;
    for (const ReceptorBinding::Antagonist& a : binding.antagonists)
      if (is(a.substance)) return true;
  }
  return false;
}

// A family is touched where a cell of any of its types is.
void count_contacts_with(TissueWorkspace::PerCohort& mine, const TissuePlan& plan, std::size_t k) {
  std::size_t used = 0;
  for (const model::Signal& signal : plan.cohorts[k].rules.signals) {
    if (signal.kind != model::SignalKind::contact_with) continue;
    if (used == mine.contacts_with.size()) mine.contacts_with.emplace_back();
    auto& [type, count] = mine.contacts_with[used++];
    type = signal.operand;
    count.assign(mine.body_of.size(), 0.0F);
    for (std::size_t t = 0; t < plan.cohorts.size(); ++t)
      if (plan.model->is(plan.cohorts[t].type, type))
        for (std::size_t i = 0; i < count.size(); ++i) count[i] += mine.contacts_of_type[t][i];
  }
}

}  // namespace

void locate_cells(const TissuePlan& plan, const TissueState& s, TissueWorkspace& work) {
  work.cohorts.resize(plan.cohorts.size());
  for (std::size_t k = 0; k < plan.cohorts.size(); ++k)
    work.cohorts[k].body_of.resize(s.cohorts[k].cells.size());
  for (std::size_t b = 0; b < s.bodies.size(); ++b)
    work.cohorts[s.bodies.type[b]].body_of[s.bodies.slot[b]] = static_cast<std::uint32_t>(b);
}

void sample_fields(const TissuePlan& plan, const TissueState& s, TissueWorkspace& work) {
  work.sampled.resize(s.bodies.size());
  for (TissueWorkspace::PerCohort& mine : work.cohorts)
    mine.concentration.resize(plan.fields.substances.size());
  for (std::size_t f = 0; f < plan.fields.substances.size(); ++f) {
    bool is_sampled = false;
    for (std::size_t k = 0; k < plan.cohorts.size(); ++k) {
      if (s.cohorts[k].cells.size() == 0 || !reads_field(plan.cohorts[k], plan, f)) continue;
      if (!is_sampled)
        fields::sample(work.sampled, plan.fields.grid, s.fields.concentration(f), s.bodies.x, s.bodies.y,
                       s.bodies.z, threads_for_cells(plan, s));
      is_sampled = true;
      TissueWorkspace::PerCohort& mine = work.cohorts[k];
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
  const std::size_t types = plan.cohorts.size(), n = s.bodies.size();
  cells::sense_contacts(s.bodies, plan.mechanics, work.neighbourhood, threads_for_cells(plan, s),
                        work.contact_signals);
  work.dead.resize(n);
  bool anyone_dead = false;
  for (std::size_t b = 0; b < n; ++b) {
    const Cohort& cohort = s.cohorts[s.bodies.type[b]];
    work.dead[b] = cohort.cells.fate[s.bodies.slot[b]] != cells::Fate::live ? 1 : 0;
    anyone_dead = anyone_dead || work.dead[b] != 0;
  }
  for (std::size_t k = 0; k < types; ++k) {
    TissueWorkspace::PerCohort& mine = work.cohorts[k];
    const std::size_t cells = mine.body_of.size();
    mine.pressure.resize(cells);
    mine.contacts.resize(cells);
    mine.dead_contacts.resize(cells);
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
      float dead = 0.0F;
      if (anyone_dead && all > 0.0F) {  // contacts are counted of the living and the dying alike
        cells::contacts_of(s.bodies, plan.mechanics, work.neighbourhood, b, work.touching);
        for (const std::uint32_t other : work.touching) {
          if (work.dead[other] == 0) continue;
          dead += 1.0F;
          mine.contacts_of_type[s.bodies.type[other]][i] -= 1.0F;
        }
      }
      mine.contacts[i] = all - dead;
      mine.dead_contacts[i] = dead;
    }
    count_contacts_with(mine, plan, k);
  }
}

cells::SignalView PerceiveTissue::operator()(const model::Signal& signal) const {
  switch (signal.kind) {
    case model::SignalKind::substance: {
      const int field = plan.field_of[index_of(signal.operand)];
      // A substance that the experiment leaves out is absent, or at its ambient value.
      if (field < 0)
        return {{}, static_cast<float>(plan.model->substances[index_of(signal.operand)].ambient)};
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
    case model::SignalKind::time:
      return {{}, static_cast<float>(core::minutes(now))};
    case model::SignalKind::node:
      break;
  }
  return {{}, 0.0F};
}

}  // namespace stroma::tissue

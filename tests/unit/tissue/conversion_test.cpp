// Cells that become others and come back: what they keep, in a culture and in space.
#include <gtest/gtest.h>

#include "support/passages.hpp"
#include "tissue/culture_passage.hpp"
#include "tissue/tissue_passage.hpp"

namespace stroma::tissue {
namespace conversions {

using test::Culture;
using test::Tissue;

// Everything of one cell, by name; A's own arrays only.
struct Portrait {
  Portrait(const Populations& s, const PopulationsPlan& plan, std::size_t k, std::size_t i)
      : id(s.populations[k].cells.id[i]),
        lineage(s.populations[k].cells.lineage[i]),
        draws(s.populations[k].cells.draws[i]),
        fate(s.populations[k].cells.fate[i]) {
    const Population& population = s.populations[k];
    const model::CellType& type = plan.model->cell_types[static_cast<std::size_t>(plan.populations[k].type)];
    phase = type.cycle[population.cells.phase[i]].name;
    for (std::size_t slot = 0; slot < population.activities.nodes(); ++slot)
      nodes[plan.populations[k].program.node_names[slot]] = population.activities.at(slot, i);
    for (std::size_t t = 0; t < type.traits.size(); ++t)
      traits[type.traits[t].target] = population.cells.traits[t][i];
    for (const auto& drug : population.held) held.push_back(drug[i]);
  }
  std::uint64_t id, lineage;
  std::uint32_t draws;
  cells::Fate fate;
  std::string phase;
  std::map<std::string, float> nodes, traits;
  std::vector<double> held;
};

// Cell `i` of population k converts now; returns where it is afterwards: last of the other.
void convert_now(Populations& s, const PopulationsPlan& plan, std::size_t k, std::size_t i,
                 Outside& outside) {
  s.populations[k].cells.conversion_budgets[0][i] = 0.0f;
  std::vector<cells::Change> scratch;
  EXPECT_TRUE(convert_cells(s, plan, scratch, outside));
}

void expect_there_and_back(Populations& s, const PopulationsPlan& plan, Outside& outside) {
  const Portrait before(s, plan, 0, 3);
  const std::size_t n = s.populations[0].cells.size(), b = s.populations[1].cells.size();
  convert_now(s, plan, 0, 3, outside);
  ASSERT_EQ(s.populations[0].cells.size(), n - 1);
  ASSERT_EQ(s.populations[1].cells.size(), b + 1);
  const Portrait there(s, plan, 1, b);
  EXPECT_EQ(there.id, before.id);
  EXPECT_EQ(there.lineage, before.lineage);
  EXPECT_GT(there.draws, before.draws) << "draws go on where they were";
  EXPECT_EQ(there.phase, before.phase);
  EXPECT_EQ(there.held, before.held);
  EXPECT_EQ(there.nodes.at("X"), before.nodes.at("X"));
  EXPECT_EQ(there.nodes.at("P"), before.nodes.at("P"));
  EXPECT_EQ(there.traits.at("node:X"), before.traits.at("node:X"));
  EXPECT_FALSE(there.nodes.contains("Y"));
  const std::vector<float> rest = resting_activities(plan.populations[1], plan.plain, plan.accuracy);
  EXPECT_EQ(there.nodes.at("Z"),
            rest[static_cast<std::size_t>(plan.populations[1].program.slot(plan.model->node("Z")))]);
  EXPECT_GT(there.nodes.at("Z"), 0.1f) << "at rest it is driven by X";

  convert_now(s, plan, 1, b, outside);
  ASSERT_EQ(s.populations[0].cells.size(), n);
  const Portrait back(s, plan, 0, n - 1);
  EXPECT_EQ(back.id, before.id);
  EXPECT_EQ(back.lineage, before.lineage);
  EXPECT_EQ(back.phase, before.phase);
  EXPECT_EQ(back.held, before.held);
  EXPECT_EQ(back.nodes.at("X"), before.nodes.at("X"));
  EXPECT_EQ(back.traits, before.traits) << "of a founder, also the trait that B lacks";
}

TEST(Conversion, there_and_back_in_a_culture_keeps_who_a_cell_is) {
  const model::Model m = test::turncoats();
  Culture culture(m, test::drugged(m, 60));
  ASSERT_EQ(culture.plan.populations.size(), 2u) << "what A may become is there, and C is not";
  OutsideOfCulture outside(culture.plan, culture.state);
  // A founder in its second phase with drug inside, and others around it.
  culture.run_to(90.0);
  culture.cells().phase[3] = 1;
  culture.state.populations[0].held[0][3] = 123.0;
  expect_there_and_back(culture.state, culture.plan, outside);
}

TEST(Conversion, there_and_back_in_space_keeps_who_and_where_a_cell_is) {
  const model::Model m = test::turncoats();
  Tissue tissue(m, test::drugged_box(m, 40));
  tissue.run_to(90.0);
  locate_cells(tissue.plan, tissue.state, tissue.work);
  const std::uint32_t b = tissue.work.populations[0].body_of[3];
  const cells::Bodies before = tissue.state.bodies;
  OutsideOfTissue outside(tissue.plan, tissue.state, tissue.state.tick, &tissue.work);
  expect_there_and_back(tissue.state, tissue.plan, outside);
  const cells::Bodies& after = tissue.state.bodies;
  EXPECT_EQ(after.x, before.x);
  EXPECT_EQ(after.fluid, before.fluid);
  EXPECT_EQ(after.solid, before.solid);
  EXPECT_EQ(after.id, before.id);
  EXPECT_EQ(after.type, before.type);
  EXPECT_EQ(after.slot[b], tissue.state.populations[0].cells.size() - 1);
  test::MemoryArchive archive = test::saved(tissue.state);
  EXPECT_NO_THROW(restore(archive, tissue.plan)) << "bodies and cells belong together";
}

// A trait that cells of the new type have and a converted one has not is its own for good: the same at every
// return.
TEST(Conversion, a_trait_of_the_other_type_is_the_same_at_every_return) {
  const model::Model m = test::turncoats();
  Culture culture(m, test::drugged(m, 10));
  OutsideOfCulture outside(culture.plan, culture.state);
  convert_now(culture.state, culture.plan, 0, 4, outside);
  const float first = culture.cells(1).traits[1][0];
  EXPECT_NE(first, 1.0f);
  convert_now(culture.state, culture.plan, 1, 0, outside);
  convert_now(culture.state, culture.plan, 0, 9, outside);
  EXPECT_EQ(culture.cells(1).traits[1][0], first);
}

TEST(Conversion, in_a_culture_keeps_every_cell_and_all_of_the_drug) {
  const model::Model m = test::lifeless(test::turncoats());
  Culture culture(m, test::drugged(m, 200));
  const std::vector<std::uint64_t> everyone = test::ids(culture.state);
  culture.run_to(3000.0);
  EXPECT_EQ(test::ids(culture.state), everyone);
  for (std::size_t k = 0; k < 2; ++k) EXPECT_EQ(culture.cells(k).id, culture.cells(k).lineage);
  const auto& conversions = culture.state.counters.conversions;
  EXPECT_GT(conversions[1], 300);
  EXPECT_EQ(conversions[1] - conversions[2], static_cast<std::int64_t>(culture.cells(1).size()));
  EXPECT_LT(culture.mass_error(), 1e-12);
}

// Who holds what is in the ports: a cell takes its amount along.
TEST(Conversion, the_ports_say_who_holds_the_drug) {
  const model::Model m = test::turncoats();
  CultureSetup setup = test::drugged(m, 300);
  setup.arrivals = test::two_lots(m, false);
  Culture culture(m, setup);
  culture.run_to(2400.0);
  const auto d = static_cast<std::size_t>(m.substance("D"));
  EXPECT_GT(culture.state.counters.tally.births, 100);
  EXPECT_GT(culture.state.counters.tally.lyses, 20);
  EXPECT_EQ(culture.state.counters.arrivals, (std::vector<std::int64_t>{0, 12, 0}));
  double all = 0.0;
  for (std::size_t k = 0; k < culture.state.populations.size(); ++k) {
    const double held = test::sum(culture.state.populations[k].held[0]);
    EXPECT_GT(held, 0.0);
    EXPECT_NEAR(culture.state.ports[d][k].entered, held, 1e-9 * culture.state.budgets[d].turnover());
    all += held;
  }
  EXPECT_NEAR(culture.state.budgets[d].entered, all, 1e-9 * culture.state.budgets[d].turnover());
  EXPECT_DOUBLE_EQ(culture.state.budgets[d].added, 300.0 * culture.state.medium.volume + 7.0 * 1e5);
  EXPECT_LT(culture.mass_error(), 1e-12);
}

TEST(Conversion, in_space_keeps_every_cell_and_all_of_the_drug) {
  const model::Model m = test::lifeless(test::turncoats());
  TissueSetup setup = test::drugged_box(m, 60);
  setup.arrivals = test::two_lots(m, true);
  Tissue tissue(m, setup);
  const double total = tissue.content("D") + tissue.inside();
  tissue.run_to(1500.0);
  EXPECT_EQ(test::ids(tissue.state).size(), 72u);
  EXPECT_GT(tissue.state.counters.conversions[0 * 3 + 2], 80) << "A to B, after C";
  EXPECT_NEAR(tissue.content("D") + tissue.inside(), total + 7.0 * 1e5, 1e-10 * total);
}

// Springs of A, of which B has none.
TEST(Conversion, in_space_lets_go_of_springs_that_the_new_type_does_not_have) {
  const model::Model m = test::turncoats(1e-9, 1e-9);
  Tissue tissue(m, test::drugged_box(m, 120));
  tissue.run_to(600.0);
  ASSERT_GT(tissue.state.attachments.size(), 0u);
  const std::uint64_t id = tissue.state.attachments.a[0];
  auto& a = tissue.state.populations[0].cells;
  const auto i = static_cast<std::size_t>(std::find(a.id.begin(), a.id.end(), id) - a.id.begin());
  a.conversion_budgets[0][i] = 0.0f;
  tissue.run_to(606.0);
  ASSERT_EQ(tissue.state.populations[1].cells.size(), 1u);
  for (std::size_t s = 0; s < tissue.state.attachments.size(); ++s) {
    EXPECT_NE(tissue.state.attachments.a[s], id);
    EXPECT_NE(tissue.state.attachments.b[s], id);
  }
}

// Without the conversions a cell divides and dies at the same times: their draws are their own.
TEST(Conversion, that_never_happens_leaves_all_other_draws_as_they_were) {
  model::Model with = test::turncoats(0.0, 0.0), without = with;
  std::erase_if(without.rules,
                [](const auto& r) { return r.behaviour.kind == model::BehaviourKind::conversion; });
  std::erase_if(with.rules,
                [](const auto& r) { return r.behaviour.kind == model::BehaviourKind::conversion; });
  for (model::CellType& type : without.cell_types)
    std::erase_if(type.behaviours,
                  [](const auto& b) { return b.first.kind == model::BehaviourKind::conversion; });
  Culture a(with, test::drugged(with, 100)), b(without, test::drugged(without, 100));
  a.run_to(2000.0);
  b.run_to(2000.0);
  EXPECT_EQ(a.cells().id, b.cells().id);
  EXPECT_EQ(a.cells().death_budget, b.cells().death_budget);
  EXPECT_EQ(a.cells().cycle_budget, b.cells().cycle_budget);
  EXPECT_EQ(a.state.counters.tally.births, b.state.counters.tally.births);
}

TEST(Conversion, is_refused_where_nothing_passes_over_or_nobody_is_meant) {
  const model::Model m = test::turncoats();
  const auto b = static_cast<std::size_t>(m.cell_type("B"));
  const auto codes = [](const model::Model& broken) {
    try {
      Culture culture(broken, test::drugged(broken, 10));
    } catch (const core::InputError& error) {
      return error.diagnostics().front().code;
    }
    return std::string("accepted");
  };
  model::Model strangers = m;
  for (model::Node& node : strangers.nodes)
    if (node.name == "X" || node.name == "P") node.per_cell_type[b].reset();
  for (model::Mechanism& row : strangers.mechanisms) row.weight = 0.0;
  strangers.cell_types[b].traits.clear();
  strangers.drugs[0].transporter = model::none;
  EXPECT_EQ(codes(strangers), "conversion-without-map");
  model::Model family = m;
  family.cell_types[b].abstract = true;
  EXPECT_EQ(codes(family), "conversion-to-family");
  EXPECT_EQ(codes(m), "accepted");
}

}  // namespace conversions
}  // namespace stroma::tissue

// What leaves the incubator is what was in it.
#include "study/collect.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace stroma::study {
namespace collect_test {

struct Culture {
  tissue::Plan plan;
  tissue::State state;
};

// Five cells of one type with two nodes; the last one has fallen apart. Lineage 7 has two live cells, 8 one
// dying, 9 one live.
Culture culture() {
  auto m = std::make_shared<model::Model>();
  m->substances.resize(2);
  m->substances[0].name = "CXCL12";
  m->substances[1].name = "sorafenib";
  m->cell_types.resize(1);
  m->cell_types[0].name = "HepG2";
  Culture c;
  c.plan.model = m;
  c.plan.populations.resize(1);
  c.plan.populations[0].type = 0;
  c.plan.populations[0].program.node_names = {"FOLR1", "CASP3"};
  c.plan.setup.cells = {{0, 5}};
  c.state.tick = core::to_tick(60.0);
  c.state.medium.solution = {{1.5, 3000.0}, 0.1};
  c.state.medium.volume = 1000.0;
  c.state.populations.resize(1);
  tissue::Population& population = c.state.populations[0];
  for (int i = 0; i < 5; ++i) population.cells.append_copy(population.cells.size());
  using cells::Fate;
  population.cells.fate = {Fate::live, Fate::live, Fate::early_apoptotic, Fate::live, Fate::gone};
  population.cells.lineage = {7, 9, 8, 7, 9};
  population.activities = network::Activities(2);
  population.activities.resize(5);
  const float folr1[] = {0.5f, 0.25f, 0.0f, 0.25f, 1.0f}, casp3[] = {0.0f, 0.0f, 1.0f, 0.0f, 1.0f};
  for (std::size_t i = 0; i < 5; ++i) {
    population.activities.at(0, i) = folr1[i];
    population.activities.at(1, i) = casp3[i];
  }
  return c;
}

TEST(Collect, takes_cells_by_fate_the_lysate_of_all_and_the_scaled_medium) {
  const Culture c = culture();
  const assays::Specimen s = collect(c.state, c.plan, {4.0, true});
  ASSERT_EQ(s.cells.size(), 1u);
  EXPECT_EQ(s.cells[0].fates, (assays::FateCounts{3, 1, 0, 0}));
  EXPECT_EQ(s.cells[0].pipetted, 20.0);
  EXPECT_EQ(s.real_cells(), 16.0);
  EXPECT_EQ(s.minutes, 60.0);
  EXPECT_EQ(s.volume, 4000.0);
  EXPECT_EQ(s.serum, 0.1);
  EXPECT_EQ(medium_concentration(s, "sorafenib"), 3000.0);  // concentrations do not scale
  EXPECT_EQ(lysate_mean(s, "FOLR1"), 0.25);                 // of the four cells that are left
  EXPECT_EQ(lysate_mean(s, "CASP3"), 0.25);
  EXPECT_EQ(s.cells[0].lineage_sizes, (std::vector<std::int32_t>{2, 1}));
}

TEST(Collect, leaves_lineages_out_unless_asked_and_the_culture_as_it_was) {
  const Culture c = culture();
  const std::string before = tissue::state_hash(c.state);
  EXPECT_TRUE(collect(c.state, c.plan).cells[0].lineage_sizes.empty());
  EXPECT_EQ(tissue::state_hash(c.state), before);
}

TEST(Collect, of_a_vessel_whose_cells_are_all_gone_is_a_vessel_without_cells) {
  Culture c = culture();
  c.state.populations[0].cells.fate.assign(5, cells::Fate::gone);
  const assays::Specimen s = collect(c.state, c.plan, {1.0, true});
  EXPECT_EQ(s.counts().total(), 0.0);
  EXPECT_EQ(lysate_mean(s, "FOLR1"), 0.0);
  EXPECT_TRUE(s.cells[0].lineage_sizes.empty());
}

}  // namespace collect_test
}  // namespace stroma::study

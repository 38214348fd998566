// A warm step allocates nothing while the population does not grow.
#include <gtest/gtest.h>

#include "support/allocations.hpp"
#include "support/cultures.hpp"
#include "support/tissues.hpp"

namespace stroma::tissue {
namespace allocation_test {

TEST(Allocation, a_warm_step_makes_none_while_the_population_does_not_grow) {
  model::Model m = test::tumour_and_stroma();
  for (model::CellType& type : m.cell_types) {
    type.cycle.clear();  // cells die, change phase of dying and are removed, but none is born
    type.behaviours.erase(test::behaviour_of(m, "cycle_entry"));
  }
  std::erase_if(m.rules, [](const model::Rule& r) { return r.behaviour.name == "cycle_entry"; });
  std::erase_if(m.cell_types[0].traits, [](const model::Trait& t) { return t.target == "cycle_entry"; });
  const CultureSetup setup = test::treated(m, 1500, 500);
  for (const int threads : {1, 2}) {
    test::Culture culture(m, setup, threads);
    culture.run_to(135.0);  // past the first dose
    const std::size_t before = test::allocations();
    EXPECT_GT(before, 0u);
    culture.run_to(1440.0);
    EXPECT_EQ(test::allocations() - before, 0u) << threads << " threads";
    EXPECT_GT(culture.state.counters.tally.lyses, 100);
  }
}

// In space, with everything that happens in a step while nobody divides or falls apart: fields, contacts,
// drugs, walking, chemotaxis, attacks on cells that are long in dying, sorting. Neighbour lists of a tissue
// that rearranges may still find a new longest.
TEST(Allocation, a_warm_step_of_a_tissue_makes_none_while_the_population_stays) {
  model::Model m = test::living_tissue();
  test::stop_life(m);
  test::base_of(m, m.cell_types[static_cast<std::size_t>(m.cell_type("M"))], "attack:T") = 2e-3;
  for (model::CellType& type : m.cell_types) type.parameters["early_apoptosis"].value = 1e9;
  for (const int dimensions : {2, 3}) {
    for (const int threads : {1, 2}) {
      test::Tissue t(m, test::busy_setup(m, dimensions, 60, 25, 8, dimensions == 2 ? 16 : 10), threads);
      t.run_to(720.0);
      const std::size_t before = test::allocations(), cells = t.state.cells();
      t.run_to(834.0);  // with the sorting at 780
      EXPECT_EQ(test::allocations() - before, 0u) << dimensions << "-D, " << threads << " threads";
      EXPECT_EQ(t.state.cells(), cells);
      EXPECT_GT(t.state.counters.attacks, 0);
    }
  }
}

}  // namespace allocation_test
}  // namespace stroma::tissue

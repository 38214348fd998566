// A culture that is saved and restored goes on with the bits of the run that was not; arrays that do not fit
// together are refused.
#include <gtest/gtest.h>

#include "core/diagnostics.hpp"
#include "support/cultures.hpp"
#include "support/memory_archive.hpp"

namespace stroma::tissue {
namespace {

using test::Culture;
using test::MemoryArchive;

const model::Model& both() {
  static const model::Model m = test::tumour_and_stroma();
  return m;
}

MemoryArchive saved(const State& state) {
  MemoryArchive archive;
  save(archive, state);
  return archive;
}

// The treatment, the medium change and the drug inside lie before and after the cut; births and deaths on
// both sides.
TEST(CultureRestart, gives_the_bits_of_the_straight_run) {
  const CultureSetup setup = test::treated(both(), 400, 150);
  for (const int threads : {1, 2}) {
    Culture straight(both(), setup, threads);
    straight.run_to(2400.0);
    ASSERT_GT(straight.state.counters.tally.births, 20);
    ASSERT_GT(straight.state.counters.tally.lyses, 5);
    for (const double cut : {0.0, 150.0, 720.0, 1500.0}) {
      Culture first(both(), setup, threads);
      first.run_to(cut);
      MemoryArchive archive = saved(first.state);
      Culture second(both(), setup, 3 - threads);
      second.state = restore(archive, second.plan);
      EXPECT_EQ(second.hash(), first.hash()) << cut;
      second.run_to(2400.0);
      EXPECT_EQ(second.hash(), straight.hash()) << cut;
    }
  }
}

// Two arms that differ from a time on share what was before: the fork is the arm that was run from the start.
TEST(CultureRestart, a_fork_into_an_arm_is_the_arm_itself) {
  const CultureSetup untreated = test::setup_of(both(), {{0, 300}, {1, 100}}, 1e7, 0.1);
  CultureSetup arm = untreated;
  arm.treatments = {{core::to_tick(960.0), both().substance("D"), 400.0}};
  Culture history(both(), untreated);
  history.run_to(960.0);
  MemoryArchive archive = saved(history.state);
  Culture fork(both(), arm), whole(both(), arm);
  fork.state = restore(archive, fork.plan);
  fork.run_to(2000.0);
  whole.run_to(2000.0);
  EXPECT_EQ(fork.hash(), whole.hash());
  history.run_to(2000.0);
  EXPECT_NE(fork.hash(), history.hash()) << "the drug does something";
}

TEST(CultureRestart, refuses_what_does_not_fit_together) {
  const CultureSetup setup = test::treated(both(), 30, 10);
  Culture culture(both(), setup);
  culture.run_to(180.0);
  const auto refused = [&](auto&& spoil) {
    MemoryArchive archive = saved(culture.state);
    spoil(archive);
    EXPECT_THROW(restore(archive, culture.plan), core::InputError);
  };
  refused([](MemoryArchive& a) { a.entries.erase("medium/concentration"); });
  refused([](MemoryArchive& a) { a.entries.at("cohorts/0/held/0").bytes.resize(8); });
  refused([](MemoryArchive& a) { a.put<std::uint8_t>("cohorts/0/fate", 3, 77); });
  refused([](MemoryArchive& a) { a.put<std::uint8_t>("cohorts/1/phase", 3, 9); });
  refused([](MemoryArchive& a) { a.put<std::uint64_t>("next_id", 0, 2); });
  refused([](MemoryArchive& a) { a.put<double>("medium/volume", 0, 0.0); });
  refused([](MemoryArchive& a) { a.entries.at("medium/concentration").bytes.resize(8); });
}

// What enters cells leaves the medium, what falls apart returns: to rounding, through births, deaths and one
// medium change.
TEST(DrugStore, conserves_the_drug_to_rounding) {
  const CultureSetup setup = test::treated(both(), 400, 150);
  Culture culture(both(), setup);
  culture.run_to(2400.0);
  ASSERT_GT(culture.state.counters.tally.births, 20);
  double inside = 0.0;
  for (const Population& population : culture.state.populations)
    for (const double amount : population.held[0]) inside += amount;
  ASSERT_GT(inside, 0.0);
  EXPECT_NEAR(culture.budget("D").taken_up(), inside, 1e-12 * culture.budget("D").turnover());
}

// The ports of the populations say who gave and took what, and sum to the budget.
TEST(Ports, of_the_populations_sum_to_the_budget) {
  const CultureSetup setup = test::treated(both(), 300, 150);
  Culture culture(both(), setup);
  culture.run_to(1500.0);
  for (std::size_t i = 0; i < culture.state.budgets.size(); ++i) {
    const Budget& all = culture.state.budgets[i];
    CellPort sum;
    for (const CellPort& port : culture.state.ports[i]) {
      sum.secreted += port.secreted;
      sum.cleared += port.cleared;
      sum.consumed += port.consumed;
      sum.entered += port.entered;
    }
    const double scale = 1e-12 * all.turnover();
    EXPECT_NEAR(sum.secreted, all.secreted, scale) << i;
    EXPECT_NEAR(sum.cleared, all.cleared, scale) << i;
    EXPECT_NEAR(sum.consumed, all.consumed, scale) << i;
    EXPECT_NEAR(sum.entered, all.entered, scale) << i;
  }
  const auto& ligand = culture.state.ports[static_cast<std::size_t>(both().substance("L"))];
  EXPECT_GT(ligand[0].cleared, 0.0) << "T clears what S secretes";
  EXPECT_EQ(ligand[0].secreted, 0.0);
  EXPECT_GT(ligand[1].secreted, 0.0);
  EXPECT_EQ(ligand[1].cleared, 0.0);
}

}  // namespace
}  // namespace stroma::tissue

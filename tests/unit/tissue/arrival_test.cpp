// Cells that come while a culture or a tissue runs.
#include <gtest/gtest.h>

#include "core/errors.hpp"
#include "support/passages.hpp"

namespace stroma::tissue {
namespace arrivals {

using test::Culture;
using test::Tissue;

std::string first_code(const core::Diagnostics& problems) {
  return problems.empty() ? "accepted" : problems.entries().front().code;
}

// An arrival is a founding at another time: the same ids, traits, places in the cycle and networks.
TEST(Arrival, at_time_0_is_a_founding) {
  const model::Model m = test::turncoats();
  CultureSetup founded = test::setup_of(m, {{m.cell_type("A"), 50}}), joined = founded;
  joined.cells = {{m.cell_type("A"), 0}};
  joined.arrivals = {{{}, m.cell_type("A"), 50, {}, {}}};
  Culture a(m, founded), b(m, joined);
  a.run_to(600.0);
  b.run_to(600.0);
  EXPECT_EQ(a.cells().id, b.cells().id);
  EXPECT_EQ(a.cells().death_budget, b.cells().death_budget);
  EXPECT_EQ(a.cells().traits, b.cells().traits);
  const auto x = a.activity("X"), y = b.activity("X");
  EXPECT_TRUE(std::equal(x.begin(), x.end(), y.begin(), y.end()));
  EXPECT_EQ(b.state.counters.arrivals[0], 50);
}

// Draws are keyed by id: who is there does not notice who comes. (Cells born later have later ids.)
TEST(Arrival, of_another_type_leaves_the_draws_of_those_who_are_there_as_they_were) {
  model::Model m = test::turncoats();
  for (model::CellType& type : m.cell_types) type.behaviours[test::behaviour_of(m, "cycle_entry")] = 0.0;
  m.rules.clear();
  CultureSetup plain = test::setup_of(m, {{m.cell_type("A"), 200}});
  plain.step = core::to_tick(10.0);  // the arrivals come between two steps, and divide none
  CultureSetup joined = plain;
  joined.arrivals = test::two_lots(m, false);
  Culture a(m, plain), b(m, joined);
  for (Culture* culture : {&a, &b}) {
    for (std::size_t i = 0; i < 200; ++i) culture->cells().phase[i] = 0;  // and nobody divides
    culture->run_to(2400.0);
  }
  ASSERT_EQ(a.plan.populations.size(), 2u);
  ASSERT_EQ(b.plan.populations.size(), 3u);
  const std::size_t b_of_a = a.plan.population_of(m.cell_type("B")),
                    b_of_b = b.plan.population_of(m.cell_type("B"));
  EXPECT_GT(a.state.counters.tally.lyses, 20);
  EXPECT_GT(a.state.counters.conversions[1], 100);
  for (const auto& [k, l] : {std::pair{std::size_t{0}, std::size_t{0}}, {b_of_a, b_of_b}}) {
    EXPECT_EQ(a.cells(k).id, b.cells(l).id);
    EXPECT_EQ(a.cells(k).fate, b.cells(l).fate);
    EXPECT_EQ(a.cells(k).death_budget, b.cells(l).death_budget);
    EXPECT_EQ(a.cells(k).conversion_budgets, b.cells(l).conversion_budgets);
    EXPECT_EQ(a.cells(k).traits, b.cells(l).traits);
  }
}

TEST(Arrival, and_conversion_in_a_culture_have_the_same_bits_for_any_threads_and_after_a_restart) {
  const model::Model m = test::turncoats();
  CultureSetup setup = test::drugged(m, 400);
  setup.arrivals = test::two_lots(m, false);
  Culture straight(m, setup, 1);
  straight.run_to(1800.0);
  EXPECT_GT(straight.state.counters.conversions[2], 50);
  for (const int threads : {2, 3}) {
    Culture other(m, setup, threads);
    other.run_to(1800.0);
    EXPECT_EQ(other.hash(), straight.hash());
  }
  for (const double cut : {0.0, 100.0, 385.0, 400.0, 1000.0}) {
    Culture first(m, setup, 2);
    first.run_to(cut);
    test::MemoryArchive archive;
    save(archive, first.state);
    Culture second(m, setup, 1);
    second.state = restore(archive, second.plan);
    EXPECT_EQ(second.hash(), first.hash()) << cut;
    second.run_to(1800.0);
    EXPECT_EQ(second.hash(), straight.hash()) << cut;
  }
}

TEST(Arrival, and_conversion_in_space_have_the_same_bits_for_any_threads_and_after_a_restart) {
  const model::Model m = test::turncoats();
  TissueSetup setup = test::drugged_box(m, 60);
  setup.arrivals = test::two_lots(m, true);
  Tissue straight(m, setup, 1);
  straight.run_to(1200.0);
  const Counters& c = straight.state.counters;
  EXPECT_GT(c.conversions[2], 20);
  EXPECT_GT(c.tally.births, 10);
  EXPECT_GT(c.tally.lyses, 3);
  EXPECT_EQ(c.arrivals[1], 12);
  for (const int threads : {2, 3}) {
    Tissue other(m, setup, threads);
    other.run_to(1200.0);
    EXPECT_EQ(other.hash(), straight.hash());
  }
  for (const double cut : {0.0, 100.0, 396.0, 600.0}) {
    Tissue first(m, setup, 2);
    first.run_to(cut);
    test::MemoryArchive archive = test::saved(first.state);
    Tissue second(m, setup, 1);
    second.state = restore(archive, second.plan);
    EXPECT_EQ(second.hash(), first.hash()) << cut;
    second.run_to(1200.0);
    EXPECT_EQ(second.hash(), straight.hash()) << cut;
  }
}

TEST(Arrival, stands_in_space_where_it_was_put) {
  const model::Model m = test::lifeless(test::turncoats());
  TissueSetup setup = test::drugged_box(m, 3);
  setup.arrivals = {{core::to_tick(60.0), m.cell_type("C"), 1, {{50.0, -60.0, 70.0}}, {}}};
  Tissue tissue(m, setup);
  tissue.run_to(60.0);
  EXPECT_EQ(tissue.state.bodies.size(), 3u);
  administer(next_step(tissue.plan, tissue.state.tick, core::to_tick(66.0)), tissue.plan, tissue.state);
  ASSERT_EQ(tissue.state.bodies.size(), 4u);
  EXPECT_EQ(tissue.state.bodies.x[3], 50.0);
  EXPECT_EQ(tissue.state.bodies.y[3], -60.0);
  EXPECT_EQ(tissue.state.bodies.z[3], 70.0);
  EXPECT_EQ(tissue.state.bodies.id[3], 4u);
}

TEST(Arrival, is_refused_without_a_place_in_space_and_with_one_in_a_culture) {
  const model::Model m = test::turncoats();
  const auto in_space = [&](const Arrival& arrival) {
    TissueSetup setup = test::drugged_box(m, 3);
    setup.arrivals = {arrival};
    core::Diagnostics problems;
    compile_tissue(std::make_shared<model::Model>(m), setup, {1}, problems);
    return first_code(problems);
  };
  const auto in_culture = [&](const Arrival& arrival) {
    CultureSetup setup = test::drugged(m, 3);
    setup.arrivals = {arrival};
    try {
      compile_culture(std::make_shared<model::Model>(m), setup, {1});
    } catch (const core::InputError& error) {
      return error.diagnostics().front().code;
    }
    return std::string("accepted");
  };
  const model::Index c = m.cell_type("C");
  const Arrival::Content drug{m.substance("D"), 1.0};
  EXPECT_EQ(in_space({{}, c, 2, {{0.0, 0.0, 0.0}}, {}}), "arrival-without-a-place");
  EXPECT_EQ(in_space({{}, c, 1, {}, {}}), "arrival-without-a-place");
  EXPECT_EQ(in_space({{}, c, 1, {{0.0, 0.0, 900.0}}, {}}), "cell-outside-domain");
  EXPECT_EQ(in_space({{}, c, 2, {{0.0, 0.0, 0.0}, {0.0, 0.0, 0.0}}, {}}), "cells-on-one-point");
  EXPECT_EQ(in_space({core::to_tick(-6.0), c, 0, {}, {}}), "arrival-before-start");
  EXPECT_EQ(in_space({{}, c, 1, {{0.0, 0.0, 0.0}}, {drug}}), "accepted");
  EXPECT_EQ(in_culture({{}, c, 1, {{0.0, 0.0, 0.0}}, {}}), "arrival-with-a-place");
  EXPECT_EQ(in_culture({{}, c, 1, {}, {{m.substance("D"), -1.0}}}), "out-of-range");
  EXPECT_EQ(in_culture({{}, c, 1, {}, {drug}}), "accepted");
  model::Model outside = m;
  outside.drugs[0].influx = 0.0;
  for (model::CellType& type : outside.cell_types)
    std::erase_if(type.traits, [](const model::Trait& t) { return t.drug != model::none; });
  CultureSetup setup = test::drugged(outside, 3);
  setup.arrivals = {{{}, c, 1, {}, {drug}}};
  try {
    compile_culture(std::make_shared<model::Model>(outside), setup, {1});
    ADD_FAILURE() << "a drug that stays outside was accepted inside";
  } catch (const core::InputError& error) {
    EXPECT_EQ(error.diagnostics().front().code, "content-cannot-be-held");
  }
}

// A run that nobody came to is taken up under a plan in which they come: of types that it has a population
// of.
TEST(Arrival, of_a_type_without_a_population_is_refused_where_a_run_is_taken_up) {
  const model::Model m = test::lifeless(test::turncoats());
  const TissueSetup before = test::drugged_box(m, 3);
  const auto codes = [&](const TissueSetup& setup, const TissueSetup& later) {
    Tissue first(m, setup), second(m, later);
    core::Diagnostics problems;
    check_same_populations(first.plan, second.plan, "later.toml", problems);
    std::string all;
    for (const core::Diagnostic& d : problems.entries()) all += d.code + " " + d.key + " ";
    return all;
  };
  TissueSetup stranger = before, known = before;
  stranger.arrivals = test::two_lots(m, true);
  known.arrivals = {{core::to_tick(66.0), m.cell_type("B"), 1, {{50.0, -60.0, 70.0}}, {}}};
  EXPECT_EQ(codes(before, stranger), "type-without-a-population C ");
  EXPECT_EQ(codes(stranger, before), "population-without-a-type C ");
  EXPECT_EQ(codes(before, known), "");
  Tissue run(m, before), taken_up(m, known);
  run.run_to(60.0);
  taken_up.state = run.state;
  take_up(taken_up.state, taken_up.plan);
  taken_up.run_to(120.0);
  EXPECT_EQ(taken_up.state.counters.arrivals, (std::vector<std::int64_t>{0, 1}));
  EXPECT_EQ(taken_up.state.bodies.size(), 4u);
}

TEST(Arrival, of_more_than_the_limit_ends_the_run) {
  const model::Model m = test::turncoats();
  TissueSetup setup = test::drugged_box(m, 10);
  setup.arrivals = test::two_lots(m, true);
  setup.max_cells = 20;
  Tissue tissue(test::lifeless(m), setup);
  EXPECT_THROW(tissue.run_to(600.0), core::LimitError);
}

}  // namespace arrivals
}  // namespace stroma::tissue

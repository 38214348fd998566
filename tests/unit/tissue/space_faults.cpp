// What ends a run in space, and what does not (faults 10 and 11): no cells, no cell left, more cells than
// allowed, and a value that is not a number anywhere in the state.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "core/errors.hpp"
#include "support/tissues.hpp"

namespace stroma::tissue {
namespace space_faults {

using testing::AllOf;
using testing::HasSubstr;

TEST(SpaceFaults, no_cells_at_all_is_a_tissue) {
  const model::Model m = test::living_tissue();
  for (const int dimensions : {2, 3}) {
    TissueSetup empty = test::busy_setup(m, dimensions, 0, 0, 0);
    test::Tissue none(m, empty);
    none.run_to(720.0);
    EXPECT_EQ(none.state.cells(), 0u);
    EXPECT_EQ(none.state.tick, core::to_tick(720.0));
    empty.cells.clear();
    test::Tissue untyped(m, empty);
    untyped.run_to(720.0);
    EXPECT_NEAR(none.content("O"), untyped.content("O"), 1e-12 * untyped.content("O"));
    EXPECT_NEAR(none.content("D"), untyped.content("D"), 1e-12 * untyped.content("D"));
  }
}

TEST(SpaceFaults, consumption_without_a_half_maximum_is_refused) {
  const model::Model m = test::living_tissue();
  const auto codes = [&](const TissueSetup& setup) {
    core::Diagnostics problems;
    compile_tissue(std::make_shared<model::Model>(m), setup, {1}, problems);
    std::vector<std::string> found;
    for (const auto& entry : problems.entries()) found.push_back(entry.code);
    return found;
  };
  TissueSetup setup = test::busy_setup(m, 2, 5, 0, 0);
  EXPECT_THAT(codes(setup), testing::IsEmpty());
  setup.substances[0].plan.half_uptake = 0.0;  // oxygen, which the cells consume
  EXPECT_THAT(codes(setup), testing::ElementsAre("substance-half-uptake"));
  setup.cells.clear();
  EXPECT_THAT(codes(setup), testing::IsEmpty());
  setup.substances[0].consumption.assign(setup.grid.voxels(), 1.0);  // or a region does
  EXPECT_THAT(codes(setup), testing::ElementsAre("substance-half-uptake"));
}

TEST(SpaceFaults, all_cells_may_die) {
  model::Model m = test::living_tissue();
  for (model::CellType& type : m.cell_types) test::base_of(m, type, "apoptosis") = 0.02;
  std::erase_if(m.rules, [](const model::Rule& r) { return r.behaviour.name == "apoptosis"; });
  test::Tissue t(m, test::busy_setup(m, 3, 40, 10, 5));
  t.run_to(4.0 * 1440.0);
  EXPECT_EQ(t.state.cells(), 0u);
  EXPECT_GE(t.state.counters.tally.lyses, 55);
  EXPECT_EQ(t.inside(), 0.0);
  EXPECT_TRUE(t.state.ruptured.empty());
}

TEST(SpaceFaults, a_population_beyond_its_limit_ends_the_run) {
  model::Model m = test::living_tissue();
  TissueSetup setup = test::busy_setup(m, 2, 50, 0, 0);
  setup.max_cells = 60;
  for (model::CellType& type : m.cell_types) test::base_of(m, type, "apoptosis") = 0.0;
  test::Tissue t(m, setup);
  try {
    t.run_to(7.0 * 1440.0);
    FAIL() << "no limit, " << t.state.cells() << " cells";
  } catch (const core::LimitError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("61 cells"), HasSubstr("limit of 60"), HasSubstr(" h")));
  }
}

// Every array of numbers of a state in which everything is there, one element of it spoilt: the next step
// stops, and says at which tick and where.
bool is_finite(const test::MemoryArchive::Entry& entry, std::size_t i) {
  float single = 0.0F;
  double both = 0.0;
  if (entry.type == core::Scalar::f64) {
    std::memcpy(&both, entry.bytes.data() + i * sizeof both, sizeof both);
    return std::isfinite(both);
  }
  std::memcpy(&single, entry.bytes.data() + i * sizeof single, sizeof single);
  return std::isfinite(single);
}

class SpaceNan : public testing::TestWithParam<double> {};
INSTANTIATE_TEST_SUITE_P(Values, SpaceNan,
                         testing::Values(std::numeric_limits<double>::quiet_NaN(),
                                         std::numeric_limits<double>::infinity()));

TEST_P(SpaceNan, anywhere_in_the_state_stops_the_run) {
  const model::Model m = test::living_tissue();
  test::Tissue t(m, test::busy_setup(m, 3, 60, 20, 8));
  t.run_to(1260.0);
  cells::attach(t.state.attachments, t.state.bodies.id[0], t.state.bodies.id[1], 0.1F, 15.0F);
  const test::MemoryArchive good = test::saved(t.state);
  std::size_t arrays = 0;
  for (const auto& [name, entry] : good.entries) {
    if (!entry.is_real() || entry.count() == 0) continue;
    ++arrays;
    test::MemoryArchive spoilt = good;
    if (entry.type == core::Scalar::f32) {
      spoilt.put(name, entry.count() / 2, static_cast<float>(GetParam()));
    } else {
      spoilt.put(name, entry.count() / 2, GetParam());
    }
    test::Tissue next(m, test::busy_setup(m, 3, 60, 20, 8));
    next.state = restore(spoilt, next.plan);
    try {
      next.run_to(1266.0);
      // Nobody read it before it was written anew: then nothing of it may be left.
      for (const auto& [later, after] : test::saved(next.state).entries)
        for (std::size_t i = 0; i < after.count(); ++i)
          EXPECT_TRUE(!after.is_real() || is_finite(after, i)) << name << " went on, into " << later;
    } catch (const core::NumericalError& error) {
      EXPECT_THAT(error.what(), HasSubstr("tick 12")) << name;
      EXPECT_THAT(error.what(), testing::ContainsRegex("cell|voxel|diffusion|mechanics|network|step"))
          << name;
      const bool is_voxel = name.find("/concentration") != std::string::npos;
      EXPECT_THAT(error.what(), HasSubstr(is_voxel ? "voxel" : "")) << name;
      EXPECT_THAT(error.what(), HasSubstr(name.starts_with("cohorts/") ? "cell" : "")) << name;
    }
  }
  EXPECT_GT(arrays, 60u);
}

}  // namespace space_faults
}  // namespace stroma::tissue

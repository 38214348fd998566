// What lies between the cells is state: matrix and vessels may change it while a tissue runs.
#include <gtest/gtest.h>

#include "support/passages.hpp"

namespace stroma::tissue {
namespace ground_test {

using test::Tissue;

// Per voxel of the box: hindrance, a source and a sink that differ from place to place.
Ground uneven(std::size_t voxels) {
  Ground ground;
  for (std::size_t v = 0; v < voxels; ++v) {
    ground.mobility.push_back(1.0 / (1.0 + 0.01 * static_cast<double>(v % 100)));
    ground.source.push_back(v % 37 == 0 ? 5.0 : 0.0);
    ground.sink.push_back(v % 41 == 0 ? 0.3 : 0.0);
  }
  return ground;
}

TEST(Ground, that_changes_at_the_start_is_that_of_the_setup) {
  const model::Model m = test::turncoats();
  TissueSetup setup = test::drugged_box(m, 30);
  Tissue later(m, setup);
  const Ground ground = uneven(setup.grid.voxels());
  setup.substances[0].plan.mobility = ground.mobility;
  setup.substances[0].source = ground.source;
  setup.substances[0].sink = ground.sink;
  Tissue planned(m, setup), plain(m, test::drugged_box(m, 30));
  later.state.ground[0] = ground;
  for (Tissue* tissue : {&planned, &later, &plain}) tissue->run_to(120.0);
  const auto c = planned.state.fields.concentration(0), d = later.state.fields.concentration(0);
  EXPECT_TRUE(std::equal(c.begin(), c.end(), d.begin(), d.end()));
  EXPECT_EQ(planned.state.bodies.x, later.state.bodies.x);
  EXPECT_NE(plain.content("D"), later.content("D"));
}

TEST(Ground, that_changed_is_in_hash_and_checkpoint_and_else_it_is_not) {
  const model::Model m = test::turncoats();
  Tissue tissue(m, test::drugged_box(m, 30));
  tissue.run_to(60.0);
  const std::string before = tissue.hash();
  for (const auto& [name, entry] : test::saved(tissue.state).entries)
    EXPECT_FALSE(name.starts_with("ground"));
  tissue.state.ground[0] = uneven(tissue.plan.fields.grid.voxels());
  EXPECT_NE(tissue.hash(), before);
  test::MemoryArchive archive = test::saved(tissue.state);
  Tissue again(m, test::drugged_box(m, 30));
  again.state = restore(archive, again.plan);
  EXPECT_EQ(again.hash(), tissue.hash());
  tissue.run_to(180.0);
  again.run_to(180.0);
  EXPECT_EQ(again.hash(), tissue.hash());
}

TEST(Ground, that_cannot_be_is_refused) {
  const model::Model m = test::turncoats();
  Tissue tissue(m, test::drugged_box(m, 5));
  const Ground good = uneven(tissue.plan.fields.grid.voxels());
  const auto refused = [&](auto&& spoil) {
    tissue.state.ground[0] = good;
    spoil(tissue.state.ground[0]);
    test::MemoryArchive archive = test::saved(tissue.state);
    EXPECT_THROW(restore(archive, tissue.plan), core::InputError);
  };
  refused([](Ground& g) { g.mobility[3] = 0.0; });
  refused([](Ground& g) { g.mobility[3] = 1.5; });
  refused([](Ground& g) { g.source.pop_back(); });
  refused([](Ground& g) { g.sink[0] = -1.0; });
  refused([](Ground& g) { g.source[0] = std::nan(""); });
}

}  // namespace ground_test
}  // namespace stroma::tissue

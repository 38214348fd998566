#include "cells/lives.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"

namespace stroma::cells {
namespace population_test {

// Cell k has id 10 k, lineage 100 k and trait k/2.
Lives numbered(std::size_t n) {
  Lives cells;
  cells.traits.resize(1);
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t i = cells.append_copy(cells.size());
    cells.id[i] = 10 * k;
    cells.lineage[i] = 100 * k;
    cells.traits[0][i] = 0.5f * static_cast<float>(k);
  }
  return cells;
}

std::string hash_of(const Lives& cells) {
  core::Hasher hasher;
  cells.hash(hasher);
  return hasher.digest();
}

TEST(Lives, a_copy_has_every_array_of_its_original) {
  Lives cells = numbered(3);
  cells.phase[1] = 2;
  cells.fate[1] = Fate::necrotic;
  cells.cycle_budget[1] = 0.25f;
  cells.death_budget[1] = 0.75f;
  cells.draws[1] = 9;
  ASSERT_EQ(cells.append_copy(1), 3u);
  EXPECT_EQ(cells.id[3], 10u);
  EXPECT_EQ(cells.lineage[3], 100u);
  EXPECT_EQ(cells.phase[3], 2);
  EXPECT_EQ(cells.fate[3], Fate::necrotic);
  EXPECT_EQ(cells.cycle_budget[3], 0.25f);
  EXPECT_EQ(cells.death_budget[3], 0.75f);
  EXPECT_EQ(cells.draws[3], 9u);
  EXPECT_EQ(cells.traits[0][3], 0.5f);
}

TEST(Lives, a_removed_cell_leaves_its_place_to_the_last_one) {
  Lives cells = numbered(4);
  cells.remove(1);
  EXPECT_EQ(cells.id, (std::vector<std::uint64_t>{0, 30, 20}));
  EXPECT_EQ(cells.traits[0], (std::vector<float>{0.0f, 1.5f, 1.0f}));
  cells.remove(2);
  cells.remove(0);
  cells.remove(0);
  EXPECT_EQ(cells.size(), 0u);
}

TEST(Lives, copying_or_removing_a_cell_that_does_not_exist_is_a_bug) {
  Lives cells = numbered(2);
  EXPECT_THROW(cells.append_copy(3), core::InternalError);
  EXPECT_THROW(cells.remove(2), core::InternalError);
}

TEST(Lives, counts_every_fate_once) {
  Lives cells = numbered(7);
  cells.fate = {Fate::live,           Fate::live,    Fate::live, Fate::early_apoptotic, Fate::early_apoptotic,
                Fate::late_apoptotic, Fate::necrotic};
  const FateCounts counts = count_fates(cells);
  EXPECT_EQ(counts.live, 3);
  EXPECT_EQ(counts.early_apoptotic, 2);
  EXPECT_EQ(counts.late_apoptotic, 1);
  EXPECT_EQ(counts.necrotic, 1);
  EXPECT_EQ(counts.total(), 7);
}

TEST(Lives, every_array_is_in_the_hash) {
  const Lives before = numbered(5);
  const auto changed = [&](auto&& change) {
    Lives after = before;
    change(after);
    return hash_of(after) != hash_of(before);
  };
  EXPECT_EQ(hash_of(before), hash_of(numbered(5)));
  EXPECT_TRUE(changed([](Lives& c) { c.id[2] = 1; }));
  EXPECT_TRUE(changed([](Lives& c) { c.lineage[2] = 1; }));
  EXPECT_TRUE(changed([](Lives& c) { c.draws[2] = 1; }));
  EXPECT_TRUE(changed([](Lives& c) { c.fate[2] = Fate::necrotic; }));
  EXPECT_TRUE(changed([](Lives& c) { c.phase[2] = 1; }));
  EXPECT_TRUE(changed([](Lives& c) { c.cycle_budget[2] = 1e-30f; }));
  EXPECT_TRUE(changed([](Lives& c) { c.death_budget[2] = 1e-30f; }));
  EXPECT_TRUE(changed([](Lives& c) { c.traits[0][2] = 3.0f; }));
  EXPECT_TRUE(changed([](Lives& c) { std::swap(c.id[0], c.id[1]); }));
}

TEST(Lives, permuted_keeps_every_array_of_a_cell_together) {
  Lives p;
  p.traits.resize(2);
  for (std::size_t i = 0; i < 5; ++i) {
    p.append_copy(p.size());
    p.id[i] = p.lineage[i] = 10 + i;
    p.draws[i] = p.phase[i] = static_cast<std::uint8_t>(i);
    p.fate[i] = static_cast<Fate>(i % 4);
    p.cycle_budget[i] = p.death_budget[i] = p.traits[0][i] = p.traits[1][i] = static_cast<float>(i);
  }
  std::vector<std::byte> old;
  const std::vector<std::uint32_t> order = {3, 0, 4, 1, 2};
  p.permute(order, old);
  for (std::size_t k = 0; k < order.size(); ++k) {
    EXPECT_EQ(p.id[k], 10 + order[k]);
    EXPECT_EQ(p.lineage[k], 10 + order[k]);
    EXPECT_EQ(p.draws[k], order[k]);
    EXPECT_EQ(p.phase[k], order[k]);
    EXPECT_EQ(p.fate[k], static_cast<Fate>(order[k] % 4));
    for (const auto* values : {&p.cycle_budget, &p.death_budget, &p.traits[0], &p.traits[1]})
      EXPECT_EQ((*values)[k], static_cast<float>(order[k]));
  }
  EXPECT_THROW(p.permute(std::vector<std::uint32_t>{0, 1}, old), core::InternalError);
}

}  // namespace population_test
}  // namespace stroma::cells

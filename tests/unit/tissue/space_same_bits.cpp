// The bits of a tissue do not depend on the number of threads, on the pieces in which it is run, nor on a
// checkpoint in between; a fork without other treatments is the run itself. Cells of three types divide, die
// of every death, rupture, take up drugs, walk, eat and kill while five substances diffuse.
#include <gtest/gtest.h>

#include <set>

#include "core/errors.hpp"
#include "support/tissues.hpp"

namespace stroma::tissue {
namespace space_same_bits {

const model::Model& living() {
  static const model::Model m = [] {
    model::Model out = test::living_tissue();
    test::base_of(out, out.cell_types[static_cast<std::size_t>(out.cell_type("M"))], "attack:T") =
        2e-3;  // so that some do
    return out;
  }();
  return m;
}

TissueSetup busy(int dimensions) {
  TissueSetup setup = dimensions == 2 ? test::busy_setup(living(), 2, 60, 25, 16, 16)
                                      : test::busy_setup(living(), 3, 80, 30, 10);
  setup.attachments = {{living().cell_type("S"), living().cell_type("T"), 1.0, 1e-3, 0.03},
                       {living().cell_type("T"), living().cell_type("T"), 0.05, 1e-2, 0.03}};
  return setup;
}

// The hash after every step of a straight run.
struct Hashes : TissueObserver {
  void observe(const TissueState& s, const TissuePlan&) override { of[s.tick.count] = state_hash(s); }
  std::map<std::int64_t, std::string> of;
};

class SpaceSameBits : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Dimensions, SpaceSameBits, testing::Values(2, 3));

constexpr double day = 1440.0;

TEST_P(SpaceSameBits, one_two_and_three_threads) {
  const TissueSetup setup = busy(GetParam());
  test::Tissue one(living(), setup, 1), two(living(), setup, 2), three(living(), setup, 3);
  for (const double end : {300.0, day, 2.0 * day}) {
    for (test::Tissue* tissue : {&one, &two, &three}) tissue->run_to(end);
    EXPECT_EQ(one.hash(), two.hash()) << end;
    EXPECT_EQ(one.hash(), three.hash()) << end;
  }
  // What the claim is about has happened.
  const Counters& c = one.state.counters;
  EXPECT_GT(c.tally.births, 5);
  EXPECT_GT(c.tally.apoptoses, 5);
  EXPECT_GT(c.tally.necroses, 5);
  EXPECT_GT(c.tally.lyses, 0);
  EXPECT_GT(c.phagocytoses, 0);
  EXPECT_GT(c.attacks, 0);
  EXPECT_GT(one.inside(), 0.0);
  EXPECT_EQ(c.coincidences, 0);
  EXPECT_GT(one.state.attachments.size(), 0u);
}

TEST_P(SpaceSameBits, in_pieces_and_at_once) {
  const TissueSetup setup = busy(GetParam());
  test::Tissue straight(living(), setup), pieces(living(), setup);
  straight.run_to(1200.0);
  // Ends at multiples of the step, and at a treatment that lies between two of them (200 min).
  for (const double end : {6.0, 12.0, 114.0, 120.0, 198.0, 200.0, 204.0, 600.0, 606.0, 1200.0})
    pieces.run_to(end);
  EXPECT_EQ(straight.hash(), pieces.hash());
}

TEST_P(SpaceSameBits, restored_at_twenty_five_ticks_and_advanced) {
  const TissueSetup setup = busy(GetParam());
  test::Tissue straight(living(), setup);
  Hashes hashes;
  std::vector<test::MemoryArchive> archives;
  for (int k = 1; k <= 25; ++k) {
    straight.run_to(60.0 * k, &hashes);
    archives.push_back(test::saved(straight.state));
  }
  for (std::size_t k = 0; k < archives.size(); ++k) {
    test::Tissue resumed(living(), setup, k % 2 == 0 ? 1 : 2);
    resumed.state = restore(archives[k], resumed.plan);
    EXPECT_EQ(resumed.hash(), hashes.of.at(resumed.state.tick.count));
    // 90 min on: over the next sorting of the cells, whose period is an hour.
    resumed.run_to(std::min(1500.0, 60.0 * static_cast<double>(k + 1) + 90.0));
    EXPECT_EQ(resumed.hash(), hashes.of.at(resumed.state.tick.count)) << "restored at " << k + 1 << " h";
  }
}

TEST_P(SpaceSameBits, a_fork_without_other_treatments_is_the_run) {
  const TissueSetup setup = busy(GetParam());
  test::Tissue straight(living(), setup), before(living(), setup), untreated(living(), setup);
  straight.run_to(900.0);
  before.run_to(600.0);
  test::MemoryArchive archive = test::saved(before.state);
  untreated.state = restore(archive, untreated.plan);
  untreated.run_to(900.0);
  EXPECT_EQ(untreated.hash(), straight.hash());
  TissueSetup other = setup;
  other.treatments.push_back({core::to_tick(600.0), {-1}, 3, 500.0});
  test::Tissue treated(living(), other);
  treated.state = restore(archive, treated.plan);
  treated.run_to(900.0);
  EXPECT_NE(treated.hash(), straight.hash());
  EXPECT_GT(treated.content("D"), 1.05 * straight.content("D"));
}

// A bit flipped in the first, the last or a middle element of any array is refused or changes the hash.
TEST_P(SpaceSameBits, no_array_of_the_state_is_outside_the_hash) {
  test::Tissue t(living(), busy(GetParam()));
  t.run_to(1260.0);
  cells::attach(t.state.attachments, t.state.bodies.id[0], t.state.bodies.id[1], 0.1F, 15.0F);
  if (t.state.ruptured.empty()) t.state.ruptured.push_back(t.state.bodies.id[2]);
  const std::string hash = t.hash();
  test::MemoryArchive good = test::saved(t.state);
  EXPECT_EQ(state_hash(restore(good, t.plan)), hash);
  std::size_t arrays = 0;
  for (const auto& [name, entry] : good.entries) {
    if (entry.count() == 0) continue;
    ++arrays;
    for (const std::size_t at : {std::size_t{0}, entry.bytes.size() / 2, entry.bytes.size() - 1}) {
      test::MemoryArchive spoilt = good;
      spoilt.entries[name].bytes[at] ^= 1U;
      try {
        EXPECT_NE(state_hash(restore(spoilt, t.plan)), hash) << name << ", byte " << at;
      } catch (const core::InputError&) {  // refused is as good
      }
    }
  }
  EXPECT_GT(arrays, 80u);
}

TEST_P(SpaceSameBits, a_state_that_does_not_fit_together_is_refused) {
  test::Tissue t(living(), busy(GetParam()));
  t.run_to(1260.0);
  cells::attach(t.state.attachments, t.state.bodies.id[0], t.state.bodies.id[1], 0.1F, 15.0F);
  t.state.ruptured = {t.state.bodies.id[2]};
  const test::MemoryArchive good = test::saved(t.state);
  const auto refused = [&](test::MemoryArchive archive, const std::string& why) {
    EXPECT_THROW(restore(archive, t.plan), core::InputError) << why;
  };
  // Arrays of another length: shorter by one element, longer by one, empty.
  for (const auto& [name, entry] : good.entries) {
    if (name == "ruptured") continue;  // stands alone: any length is a state
    if (name == "bodies/list_reference" || entry.count() == 0) continue;
    const std::size_t size = core::size_of(entry.type);
    test::MemoryArchive shorter = good, longer = good;
    shorter.entries[name].bytes.resize(entry.bytes.size() - size);
    longer.entries[name].bytes.resize(entry.bytes.size() + size);
    refused(shorter, name + " is shorter");
    refused(longer, name + " is longer");
  }
  test::MemoryArchive reference = good;
  reference.entries["bodies/list_reference"].bytes.resize(16);
  if (t.state.bodies.size() > 1) refused(reference, "list_reference is shorter");
  // Slots, types, phases and fates that do not exist; two bodies of one cell; ids that are not unique.
  test::MemoryArchive spoilt = good;
  spoilt.put<std::uint32_t>("bodies/slot", 3, 1000000);
  refused(spoilt, "slot");
  spoilt = good;
  spoilt.put<std::uint8_t>("bodies/type", 3, 3);
  refused(spoilt, "type");
  spoilt = good;
  spoilt.put<std::uint8_t>("cohorts/0/phase", 1, 2);
  refused(spoilt, "phase");
  spoilt = good;
  spoilt.put<std::uint8_t>("cohorts/0/fate", 1, 5);
  refused(spoilt, "fate");
  spoilt = good;
  std::size_t first = 0;
  while (t.state.bodies.type[first] != 0) ++first;
  std::size_t second = first + 1;
  while (t.state.bodies.type[second] != 0) ++second;
  spoilt.put<std::uint32_t>("bodies/slot", second, t.state.bodies.slot[first]);
  refused(spoilt, "two bodies of one cell");
  spoilt = good;
  spoilt.put<std::uint64_t>("bodies/id", second, t.state.bodies.id[first]);
  refused(spoilt, "a body with the id of another cell");
}

}  // namespace space_same_bits
}  // namespace stroma::tissue

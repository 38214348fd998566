#include "cells/bodies.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <string>

#include "cells/mechanics.hpp"
#include "cells/volume.hpp"
#include "core/archive.hpp"
#include "core/errors.hpp"
#include "core/random.hpp"

namespace stroma::cells {
namespace bodies_test {

NewBody at(double x, double y, double z, std::uint64_t id, std::uint8_t type = 0) {
  return {x, y, z, id, type, static_cast<std::uint32_t>(id), 1800.0F, 600.0F};
}

Domain box() {
  Domain domain;
  domain.low = {-100.0, -100.0, -100.0};
  domain.high = {100.0, 100.0, 100.0};
  return domain;
}

std::vector<std::string> codes(const core::Diagnostics& diagnostics) {
  std::vector<std::string> out;
  for (const auto& d : diagnostics.entries()) out.push_back(d.code);
  return out;
}

/// Keeps what is written, in memory.
class Memory : public core::ArchiveWriter, public core::ArchiveReader {
 public:
  void write(std::string_view name, core::Scalar type, const void* data, std::size_t count) override {
    const auto* bytes = static_cast<const char*>(data);
    arrays_[std::string(name)] = std::string(bytes, bytes + count * core::size_of(type));
  }
  bool has(std::string_view name) const override { return arrays_.contains(std::string(name)); }
  std::size_t count(std::string_view name, core::Scalar type) override {
    return arrays_.at(std::string(name)).size() / core::size_of(type);
  }
  void read(std::string_view name, core::Scalar type, void* data, std::size_t count) override {
    const std::string& bytes = arrays_.at(std::string(name));
    ASSERT_EQ(bytes.size(), count * core::size_of(type));
    std::copy(bytes.begin(), bytes.end(), static_cast<char*>(data));
  }

 private:
  std::map<std::string, std::string> arrays_;
};

TEST(Bodies, that_stay_keep_their_order_and_everything_they_have) {
  Bodies b;
  for (std::uint64_t id = 0; id < 10; ++id) append(b, at(static_cast<double>(id), 0.0, 0.0, id));
  for (std::size_t i = 0; i < 10; ++i) b.heading[3 * i + 1] = static_cast<float>(i);
  for (std::size_t i = 0; i < 10; ++i) b.previous[4 * i + 3] = static_cast<float>(i);
  const std::vector<std::uint32_t> gone = {0, 3, 4, 9};
  remove(b, gone);
  EXPECT_EQ(b.id, (std::vector<std::uint64_t>{1, 2, 5, 6, 7, 8}));
  EXPECT_EQ(b.x, (std::vector<double>{1, 2, 5, 6, 7, 8}));
  EXPECT_EQ(b.heading[3 * 2 + 1], 5.0F);
  EXPECT_EQ(b.previous[4 * 5 + 3], 8.0F);
  EXPECT_EQ(b.heading.size(), 18U);
  EXPECT_THROW(remove(b, std::vector<std::uint32_t>{2, 1}), core::InternalError);
  EXPECT_THROW(remove(b, std::vector<std::uint32_t>{6}), core::InternalError);
}

TEST(Bodies, in_canonical_order_are_sorted_by_bin_and_then_by_id) {
  Bodies b;
  append(b, at(15.0, 0.0, 0.0, 7));
  append(b, at(-95.0, 0.0, 0.0, 9));
  append(b, at(17.0, 1.0, 1.0, 3));
  append(b, at(-95.0, 0.0, 40.0, 1));
  Sorting sorting;
  ASSERT_TRUE(canonical_order(b, box(), 20.0, sorting));
  permute(b, sorting.order, sorting.old);
  EXPECT_EQ(b.id, (std::vector<std::uint64_t>{9, 3, 7, 1}));
  EXPECT_FALSE(canonical_order(b, box(), 20.0, sorting));
}

TEST(Bodies, outside_or_on_one_point_are_all_reported) {
  Bodies b;
  append(b, at(0.0, 0.0, 0.0, 1));
  append(b, at(0.0, 0.0, 0.0, 2));
  append(b, at(101.0, 0.0, 0.0, 3));
  append(b, at(std::numeric_limits<double>::quiet_NaN(), 0.0, 0.0, 4));
  append(b, at(5.0, 0.0, 0.0, 5, 7));
  NewBody flat = at(9.0, 0.0, 0.0, 6);
  flat.fluid = flat.solid = 0.0F;
  append(b, flat);
  core::Diagnostics diagnostics;
  validate(b, box(), 2, diagnostics);
  EXPECT_EQ(codes(diagnostics),
            (std::vector<std::string>{"cell-outside-domain", "cell-outside-domain", "unknown-cell-type",
                                      "bad-cell-volume", "cells-on-one-point"}));
  EXPECT_EQ(diagnostics.entries()[4].key, "cell 2");

  Bodies many;
  for (std::uint64_t id = 0; id < 100; ++id) append(many, at(200.0, 0.0, 0.0, id));
  core::Diagnostics short_list;
  validate(many, box(), 1, short_list);
  EXPECT_EQ(short_list.size(), 11U);
}

TEST(Bodies, in_two_dimensions_have_no_height) {
  Domain domain = box();
  domain.dimensions = 2;
  Bodies b;
  append(b, at(0.0, 0.0, 1.0, 1));
  core::Diagnostics diagnostics;
  validate(b, domain, 1, diagnostics);
  EXPECT_EQ(codes(diagnostics), std::vector<std::string>{"cell-outside-domain"});
}

TEST(Domains, without_extent_are_refused) {
  Domain domain = box();
  domain.high[1] = -100.0;
  domain.high[2] = std::numeric_limits<double>::infinity();
  domain.faces[0].adhesion = -1.0;
  core::Diagnostics diagnostics;
  validate(domain, diagnostics);
  EXPECT_EQ(diagnostics.size(), 3U);
}

TEST(Lattice, is_a_power_of_two_that_fits_the_box) {
  for (const double extent : {1.0, 64.0, 1000.0, 1024.0, 1e6}) {
    Domain domain = box();
    domain.low = {0.0, 0.0, 0.0};
    domain.high = {extent, 1.0, 0.5};
    const Lattice lattice = lattice_of(domain);
    EXPECT_EQ(std::exp2(std::round(std::log2(lattice.spacing))), lattice.spacing);
    EXPECT_EQ(lattice.spacing * lattice.per_um, 1.0);
    EXPECT_LE(extent * lattice.per_um, 0x1p30);
    EXPECT_GT(extent * lattice.per_um, 0x1p29);
  }
}

TEST(Plans, that_make_no_sense_are_refused) {
  MechanicsPlan plan;
  plan.domain = box();
  plan.types.resize(2);
  core::Diagnostics fine;
  validate(plan, fine);
  EXPECT_TRUE(fine.empty());
  plan.types[1].adhesion = -1.0;
  plan.affinity = {1.0, 1.0, 1.0};
  plan.reach = 0.5;
  plan.step = 0.0;
  core::Diagnostics diagnostics;
  validate(plan, diagnostics);
  EXPECT_EQ(diagnostics.size(), 4U);
}

// A resumed run is the straight run, to the bit: the lists are made from the positions at which they were
// made before, not from the present ones.
TEST(Bodies, saved_and_restored_go_on_as_if_nothing_had_happened) {
  MechanicsPlan plan;
  plan.domain = box();
  plan.types.resize(1);
  Bodies straight;
  core::Stream draw(3, core::Purpose::test, 0);
  for (std::uint64_t id = 0; id < 300; ++id) {
    append(straight, at(80.0 * (draw.uniform() - 0.5), 80.0 * (draw.uniform() - 0.5),
                        80.0 * (draw.uniform() - 0.5), id));
  }
  const std::vector<float> speed(300, 0.2F);
  Motion motion;
  motion.speed = speed;
  Neighbourhood lists;
  move(straight, plan, lists, motion, {}, {0}, 7.0, {1});

  Memory memory;
  core::Saving saving(memory);
  walk(saving, std::as_const(straight), "bodies");
  Bodies resumed;
  core::Restoring restoring(memory);
  walk(restoring, resumed, "bodies");
  Neighbourhood fresh;

  const auto first = move(straight, plan, lists, motion, {}, {700}, 0.05, {1});
  const auto second = move(resumed, plan, fresh, motion, {}, {700}, 0.05, {2});
  EXPECT_EQ(first.rebuilds, 0);   // otherwise this shows nothing
  EXPECT_EQ(second.rebuilds, 1);  // from the reference
  move(straight, plan, lists, motion, {}, {705}, 5.0, {1});
  move(resumed, plan, fresh, motion, {}, {705}, 5.0, {1});
  core::HashingArchive one, other;
  core::Saving hash_one(one), hash_other(other);
  walk(hash_one, std::as_const(straight), "bodies");
  walk(hash_other, std::as_const(resumed), "bodies");
  EXPECT_EQ(one.digest(), other.digest());
}

}  // namespace bodies_test
}  // namespace stroma::cells

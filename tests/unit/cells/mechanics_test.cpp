#include "cells/mechanics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cells/volume.hpp"
#include "core/errors.hpp"

namespace stroma::cells {
namespace mechanics_test {

constexpr float radius = 8.0F;

NewBody at(double x, double y, double z, std::uint64_t id, std::uint8_t type = 0) {
  const float volume = volume_of(radius);
  return {x, y, z, id, type, 0, 0.75F * volume, 0.25F * volume};
}

MechanicsPlan usual_plan(int dimensions = 3) {
  MechanicsPlan plan;
  plan.domain.dimensions = dimensions;
  plan.domain.low = {-200.0, -200.0, -200.0};
  plan.domain.high = {200.0, 200.0, 200.0};
  plan.types.resize(1);
  return plan;
}

TEST(Mechanics, of_nobody_is_a_valid_nothing) {
  Bodies b;
  Neighbourhood lists;
  const MoveReport report = move(b, usual_plan(), lists, {}, {}, {0}, 1.0, {2});
  EXPECT_EQ(report.steps, 0);
  append(b, at(0.0, 0.0, 0.0, 1));
  move(b, usual_plan(), lists, {}, {}, {0}, 1.0, {1});
  remove(b, std::vector<std::uint32_t>{0});
  EXPECT_EQ(move(b, usual_plan(), lists, {}, {}, {0}, 1.0, {1}).steps, 0);
  ContactSignals signals;
  sense_contacts(b, usual_plan(), lists, {1}, signals);
  EXPECT_TRUE(signals.pressure.empty());
}

TEST(Mechanics, parts_two_cells_on_one_point_along_a_keyed_direction) {
  for (const int dimensions : {2, 3}) {
    Bodies b;
    append(b, at(1.0, 2.0, 0.0, 10));
    append(b, at(1.0, 2.0, 0.0, 20));
    const MechanicsPlan plan = usual_plan(dimensions);
    Neighbourhood lists;
    const auto v = velocities(b, plan, lists, {}, {}, {1});
    double speed2 = 0.0;
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_EQ(v[k], -v[4 + k]);
      speed2 += static_cast<double>(v[k]) * static_cast<double>(v[k]);
    }
    EXPECT_NEAR(std::sqrt(speed2), 10.0 - 0.4, 1e-5);  // the limit of the law at no distance
    if (dimensions == 2) {
      EXPECT_EQ(v[2], 0.0F);
    }
    const MoveReport report = move(b, plan, lists, {}, {}, {0}, 300.0, {1});
    EXPECT_EQ(report.coincidences, 2);
    const double d = std::hypot(b.x[0] - b.x[1], b.y[0] - b.y[1], b.z[0] - b.z[1]);
    EXPECT_NEAR(d, resting_distance(16.0, 10.0, 0.4, 1.25), 1e-3);

    Bodies swapped;
    append(swapped, at(1.0, 2.0, 0.0, 20));
    append(swapped, at(1.0, 2.0, 0.0, 10));
    Neighbourhood other;
    move(swapped, plan, other, {}, {}, {0}, 300.0, {1});
    EXPECT_EQ(swapped.x[1], b.x[0]);
  }
}

TEST(Mechanics, keeps_cells_in_the_box_and_counts_reflections) {
  Bodies b;
  append(b, at(199.5, 0.0, 0.0, 1));
  const MechanicsPlan plan = usual_plan();
  const std::vector<float> speed{1.0F}, persistence{1e9F}, bias{1.0F}, attraction{1.0F, 0.0F, 0.0F};
  Motion motion;
  motion.speed = speed;
  motion.persistence = persistence;
  motion.bias = bias;
  motion.attraction = attraction;
  Neighbourhood lists;
  const MoveReport report = move(b, plan, lists, motion, {}, {0}, 10.0, {1});
  EXPECT_GT(report.reflections, 0);
  EXPECT_LE(b.x[0], 200.0);
  EXPECT_GT(b.x[0], 198.0);
}

TEST(Mechanics, of_a_position_that_is_no_number_stops_with_the_cell) {
  Bodies b;
  append(b, at(0.0, 0.0, 0.0, 77));
  append(b, at(10.0, 0.0, 0.0, 78));
  b.x[1] = std::numeric_limits<double>::quiet_NaN();
  Neighbourhood lists;
  try {
    move(b, usual_plan(), lists, {}, {}, {0}, 1.0, {1});
    FAIL();
  } catch (const core::NumericalError& error) {
    EXPECT_NE(std::string(error.what()).find("cell 78"), std::string::npos) << error.what();
  }
}

TEST(Mechanics, of_a_speed_that_is_no_number_stops_with_the_cell_and_the_tick) {
  Bodies b;
  append(b, at(0.0, 0.0, 0.0, 77));
  append(b, at(10.0, 0.0, 0.0, 78));
  const std::vector<float> adhesion{1.0F, std::numeric_limits<float>::quiet_NaN()};
  Motion motion;
  motion.adhesion = adhesion;
  Neighbourhood lists;
  try {
    move(b, usual_plan(), lists, motion, {}, {1234}, 1.0, {1});
    FAIL();
  } catch (const core::NumericalError& error) {
    EXPECT_NE(std::string(error.what()).find("tick 1234"), std::string::npos) << error.what();
  }
}

TEST(Mechanics, forgets_the_lists_when_cells_are_born_or_die) {
  Bodies b;
  append(b, at(0.0, 0.0, 0.0, 1));
  append(b, at(12.0, 0.0, 0.0, 2));
  const MechanicsPlan plan = usual_plan();
  Neighbourhood lists;
  move(b, plan, lists, {}, {}, {0}, 0.1, {1});
  append(b, at(0.0, 12.0, 0.0, 3));
  refresh(lists, b, plan, {1});
  EXPECT_EQ(lists.of(0).size(), 2U);
  remove(b, std::vector<std::uint32_t>{0});
  refresh(lists, b, plan, {1});
  EXPECT_EQ(lists.of(0).size(), 1U);
}

TEST(Mechanics, of_a_cell_in_a_crowd_of_more_than_sixteen_counts_everybody) {
  Bodies b;
  append(b, at(0.0, 0.0, 0.0, 0));
  for (std::uint64_t k = 1; k <= 40; ++k) {  // a ring of forty and its mirror image cancel but for one
    const double phi =
        6.283185307179586 * static_cast<double>(k / 2 * 2) / 40.0 + (k % 2 != 0 ? 3.141592653589793 : 0.0);
    append(b, at(14.0 * std::cos(phi), 14.0 * std::sin(phi), 0.0, k));
  }
  append(b, at(0.0, 0.0, 14.0, 41));
  Neighbourhood lists;
  const auto v = velocities(b, usual_plan(), lists, {}, {}, {1});
  EXPECT_EQ(lists.of(0).size(), 41U);
  const double overlap = 1.0 - 14.0 / 16.0, tie = 1.0 - 14.0 / 20.0;
  EXPECT_NEAR(v[2], -(10.0 * overlap * overlap - 0.4 * tie * tie), 1e-5);
}

TEST(Contacts, are_counted_by_type_and_press) {
  Bodies b;
  MechanicsPlan plan = usual_plan();
  plan.types.resize(2);
  append(b, at(0.0, 0.0, 0.0, 1));
  append(b, at(15.0, 0.0, 0.0, 2));
  append(b, at(-16.5, 0.0, 0.0, 3, 1));
  append(b, at(0.0, 18.0, 0.0, 4, 1));  // 2 um away
  Neighbourhood lists;
  ContactSignals signals;
  sense_contacts(b, plan, lists, {1}, signals);
  EXPECT_EQ(signals.contacts, (std::vector<std::uint16_t>{1, 1, 1, 0, 1, 0, 0, 0}));
  const double overlap = 1.0 - 15.0 / 16.0;
  EXPECT_NEAR(signals.pressure[0], overlap * overlap / 0.027288820670331, 1e-5);
  EXPECT_EQ(signals.pressure[2], 0.0F);
}

TEST(Attachments, survive_sorting_and_end_with_their_cells) {
  Bodies b;
  append(b, at(30.0, 0.0, 0.0, 3));
  append(b, at(0.0, 0.0, 0.0, 9));
  append(b, at(60.0, 0.0, 0.0, 5));
  Attachments springs;
  attach(springs, 9, 3, 0.1F, 20.0F);
  attach(springs, 3, 5, 0.1F, 20.0F);
  attach(springs, 5, 3, 0.2F, 20.0F);
  EXPECT_EQ(springs.a, (std::vector<std::uint64_t>{3, 3}));
  EXPECT_EQ(springs.b, (std::vector<std::uint64_t>{5, 9}));
  Neighbourhood lists;
  const MechanicsPlan plan = usual_plan();
  auto v = velocities(b, plan, lists, {}, springs, {1});
  EXPECT_NEAR(v[0], 0.1 * -10.0 + 0.2 * 10.0, 1e-6);
  EXPECT_NEAR(v[4], 0.1 * 10.0, 1e-6);
  std::vector<std::byte> old;
  permute(b, std::vector<std::uint32_t>{2, 0, 1}, old);
  v = velocities(b, plan, lists, {}, springs, {1});
  EXPECT_NEAR(v[4], 0.1 * -10.0 + 0.2 * 10.0, 1e-6);
  remove(b, std::vector<std::uint32_t>{0});
  SpringEnds ends;
  EXPECT_EQ(detach_missing(springs, b, ends), 1U);
  EXPECT_EQ(springs.b, std::vector<std::uint64_t>{9});
}

TEST(Attachments, form_and_break_with_their_rates_in_any_order) {
  const MechanicsPlan plan = usual_plan();
  const AttachmentPlan rates{{0.1F}, {0.2F}, {0.05F}, 3};
  const auto run = [&](bool backwards, int threads) {
    Bodies b;
    for (std::uint64_t k = 0; k < 400; ++k) {
      const std::uint64_t id = backwards ? 399 - k : k;
      append(b, at(15.0 * static_cast<double>(id % 20) - 150.0, 15.0 * static_cast<double>(id / 20) - 150.0,
                   0.0, id));
    }
    Attachments springs;
    Neighbourhood lists;
    AttachmentWork work;
    for (std::int64_t tick = 0; tick < 20; ++tick) {
      update_attachments(springs, b, plan, lists, rates, 4, {tick * 100}, 1.0, {threads}, work);
    }
    return springs;
  };
  const Attachments one = run(false, 1), other = run(true, 3);
  EXPECT_EQ(one.a, other.a);
  EXPECT_EQ(one.b, other.b);
  std::vector<int> degree(400, 0);
  for (std::size_t k = 0; k < one.size(); ++k) EXPECT_LE(std::max(++degree[one.a[k]], ++degree[one.b[k]]), 3);
  // 760 pairs in contact, each there a third of the time were there no cap
  EXPECT_GT(one.size(), 150U);
  EXPECT_LT(one.size(), 260U);
}

}  // namespace mechanics_test
}  // namespace stroma::cells

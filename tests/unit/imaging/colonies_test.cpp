// Plates with a known number of colonies, some touching, under uneven light.
#include "imaging/colonies.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "support/pictures.hpp"

namespace stroma::imaging {
namespace colonies_test {

using test::ColonyPlate;
using test::ColonyScene;

ColonySetup setup_for(const ColonyPlate& plate) {
  ColonySetup setup;
  const auto dishes = find_dishes(grey(plate.image));
  if (!dishes.empty()) setup.dish = dishes.front().dish;
  return setup;
}

TEST(Colonies, every_colony_is_counted_also_those_that_touch) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
    ColonyScene scene;
    scene.seed = seed;
    const ColonyPlate plate = test::colony_plate(scene);
    const ColonyPicture found = measure_colonies(plate.image, setup_for(plate));
    EXPECT_EQ(found.colonies.objects.size(), plate.colonies.size()) << "seed " << seed;
    // The median of 3 x 3 moves an edge by less than half a pixel along the whole circumference.
    const double edge = 2.0 * std::numbers::pi * scene.radius * static_cast<double>(plate.colonies.size());
    EXPECT_NEAR(found.covered() * static_cast<double>(found.inside), static_cast<double>(plate.area),
                0.5 * edge);
  }
}

TEST(Colonies, the_dish_is_found_to_a_hundredth_of_the_picture) {
  const ColonyScene scene;
  const ColonyPlate plate = test::colony_plate(scene);
  const auto dishes = find_dishes(grey(plate.image));
  ASSERT_EQ(dishes.size(), 1U);
  const Dish* dish = &dishes.front().dish;
  const double bound = 0.01 * static_cast<double>(scene.side);
  EXPECT_NEAR(dish->x, plate.dish.x, bound);
  EXPECT_NEAR(dish->y, plate.dish.y, bound);
  EXPECT_NEAR(dish->radius, plate.dish.radius,
              0.05 * plate.dish.radius);  // the inner or the outer edge of the rim
}

TEST(Colonies, an_empty_plate_has_no_colonies) {
  ColonyScene scene;
  scene.single = scene.pairs = 0;
  EXPECT_EQ(measure_colonies(test::colony_plate(scene).image, setup_for(test::colony_plate(scene)))
                .colonies.objects.size(),
            0U);
}

TEST(Colonies, without_the_watershed_pairs_are_counted_once) {
  const ColonyPlate plate = test::colony_plate({});
  ColonySetup setup = setup_for(plate);
  setup.neck = 0.01;  // practically never split
  setup.roundness = 0.0;
  EXPECT_EQ(measure_colonies(plate.image, setup).colonies.objects.size(), plate.colonies.size() - 4);
}

TEST(Colonies, a_scratch_is_no_colony) {
  ColonyScene scene;
  scene.pairs = 0;
  scene.single = 0;
  scene.scratch = true;
  const ColonyPlate plate = test::colony_plate(scene);
  EXPECT_EQ(measure_colonies(plate.image, setup_for(plate)).colonies.objects.size(), 0U);
  ColonySetup lax = setup_for(plate);
  lax.roundness = 0.0;
  EXPECT_GT(measure_colonies(plate.image, lax).colonies.objects.size(), 0U);
}

TEST(Colonies, a_given_dish_leaves_out_what_lies_beyond) {
  const ColonyPlate plate = test::colony_plate({});
  ColonySetup setup;
  setup.dish = Dish{plate.dish.x, plate.dish.y, 0.5 * plate.dish.radius};
  setup.rim = 1.0;
  std::size_t inside = 0, at_edge = 0;
  for (const test::Disc& c : plate.colonies) {
    const double from = std::hypot(c.x - plate.dish.x, c.y - plate.dish.y);
    inside += from + c.radius < setup.dish->radius ? 1 : 0;
    at_edge += std::fabs(from - setup.dish->radius) <= c.radius ? 1 : 0;
  }
  const std::size_t found = measure_colonies(plate.image, setup).colonies.objects.size();
  EXPECT_GE(found, inside);
  EXPECT_LE(found, inside + at_edge);
}

TEST(Colonies, colonies_are_counted_up_to_the_wall) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    ColonyScene scene;
    scene.seed = seed;
    scene.reach = 0.92;  // of the radius; the wall begins at 0.96
    scene.radius = 5.0;
    const ColonyPlate plate = test::colony_plate(scene);
    ColonySetup setup = setup_for(plate);
    const ColonyPicture found = measure_colonies(plate.image, setup);
    EXPECT_EQ(found.colonies.objects.size(), plate.colonies.size()) << seed;
    setup.rim = 0.85;  // the mutant: a fixed share of the radius
    EXPECT_LT(measure_colonies(plate.image, setup).colonies.objects.size(), plate.colonies.size());
  }
}

TEST(Colonies, what_is_no_dish_is_not_found) {
  test::Normal normal(2);
  Plane texture(300, 300);
  for (float& v : texture.values) v = test::digitised(128.0 + 40.0 * normal(), 8);
  EXPECT_TRUE(find_dishes(texture).empty());
  Plane square(300, 300, 40.0F);  // a bright square is no circle
  for (std::size_t y = 60; y < 240; ++y)
    for (std::size_t x = 60; x < 240; ++x) square.at(x, y) = 200.0F;
  EXPECT_TRUE(find_dishes(square).empty());
}

TEST(Colonies, bright_colonies_on_a_dark_ground_are_counted_too) {
  ColonyPlate plate = test::colony_plate({});
  for (Channel& channel : plate.image.channels)
    for (float& v : channel.plane.values) v = 255.0F - v;
  ColonySetup setup = setup_for(plate);
  setup.dark = false;
  EXPECT_EQ(measure_colonies(plate.image, setup).colonies.objects.size(), plate.colonies.size());
}

}  // namespace colonies_test
}  // namespace stroma::imaging

// Integer time and content hashes.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <set>
#include <span>
#include <string>

#include "core/hash.hpp"
#include "core/time.hpp"

namespace stroma::core {
namespace time_and_hash_test {

TEST(Tick, is_exact_for_multiples_of_0_6_seconds) {
  for (std::int64_t count :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{99}, std::int64_t{288'000},
        std::int64_t{5'256'000'000}, std::int64_t{-5'256'000'001}})
    EXPECT_EQ(to_tick(minutes(Tick{count})).count, count);
  for (std::int64_t count = -20'000; count < 20'000; ++count)
    ASSERT_EQ(to_tick(minutes(Tick{count})).count, count);
}

TEST(Tick, rounds_to_the_nearest_and_adds_exactly) {
  EXPECT_EQ(to_tick(0.0149).count, 1);
  EXPECT_EQ(to_tick(0.0151).count, 2);
  EXPECT_EQ(to_tick(-0.0151).count, -2);
  EXPECT_EQ((Tick{3} + Tick{4}).count, 7);
  EXPECT_EQ((Tick{3} - Tick{4}).count, -1);
  EXPECT_LT(Tick{3}, Tick{4});
}

std::string text_hash(std::initializer_list<const char*> parts) {
  Hasher hasher;
  for (const char* part : parts) hasher.text(part);
  return hasher.digest();
}

TEST(Hasher, gives_the_published_value_of_the_empty_input) {
  // XXH3 128 bit of nothing, seed 0 (xxHash specification, sanity test vectors).
  EXPECT_EQ(Hasher().digest(), "99aa06d3014798d86001c324468d497f");
}

TEST(Hasher, tells_where_texts_end) {
  EXPECT_EQ(text_hash({"ab", "c"}), text_hash({"ab", "c"}));
  EXPECT_NE(text_hash({"ab", "c"}), text_hash({"a", "bc"}));
  EXPECT_NE(text_hash({"abc"}), text_hash({"ab", "c"}));
  EXPECT_NE(text_hash({""}), text_hash({}));
}

TEST(Hasher, every_bit_of_the_input_counts) {
  std::array<float, 8> values{1, 2, 3, 4, 5, 6, 7, 8};
  std::set<std::string> seen;
  const auto hash = [&] {
    Hasher hasher;
    hasher.array(std::span<const float>(values));
    return hasher.digest();
  };
  seen.insert(hash());
  for (float& value : values) {
    const float before = value;
    value = std::nextafter(value, 9.0f);
    seen.insert(hash());
    value = before;
  }
  EXPECT_EQ(seen.size(), 9u);
  values[0] = 0.0f;
  const std::string zero = hash();
  values[0] = -0.0f;
  EXPECT_NE(hash(), zero);  // a state hash is about bits
}

}  // namespace time_and_hash_test
}  // namespace stroma::core

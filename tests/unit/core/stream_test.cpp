// A stream of random numbers is a pure function of its key. How well it is distributed is
// tests/verification's.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include "core/errors.hpp"
#include "core/random.hpp"

namespace stroma::core {
namespace stream_test {

std::array<std::uint32_t, 9> draws(Stream stream) {
  std::array<std::uint32_t, 9> out{};
  for (auto& value : out) value = stream();
  return out;
}

TEST(Stream, is_a_pure_function_of_its_key) {
  EXPECT_EQ(draws(Stream(1, Purpose::fate, 2, 3)), draws(Stream(1, Purpose::fate, 2, 3)));
}

TEST(Stream, every_part_of_the_key_counts) {
  std::set<std::array<std::uint32_t, 9>> seen;
  seen.insert(draws(Stream(1, Purpose::fate, 2, 3)));
  seen.insert(draws(Stream(2, Purpose::fate, 2, 3)));
  seen.insert(draws(Stream(1ull << 32 | 1, Purpose::fate, 2, 3)));
  seen.insert(draws(Stream(1, Purpose::cycle, 2, 3)));
  seen.insert(draws(Stream(1, Purpose::fate, 3, 3)));
  seen.insert(draws(Stream(1, Purpose::fate, 1ull << 32 | 2, 3)));
  seen.insert(draws(Stream(1, Purpose::fate, 2, 4)));
  seen.insert(draws(Stream(1, Purpose::fate, 3, 2)));  // entity and tick are not interchangeable
  EXPECT_EQ(seen.size(), 8u);
}

TEST(Stream, uniform_lies_inside_the_open_interval_also_at_the_ends) {
  // The smallest and largest 32-bit draws.
  EXPECT_GT((0u + 0.5) * 0x1p-32, 0.0);
  EXPECT_LT((0xFFFFFFFFu + 0.5) * 0x1p-32, 1.0);
}

TEST(Stream, degenerate_distributions_are_exact) {
  Stream stream(1, Purpose::test, 0);
  EXPECT_EQ(stream.poisson(0.0), 0);
  EXPECT_EQ(stream.binomial(0, 0.5), 0);
  EXPECT_EQ(stream.binomial(10, 0.0), 0);
  EXPECT_EQ(stream.binomial(10, 1.0), 10);
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t count = stream.binomial(3, 0.999);
    EXPECT_TRUE(count >= 0 && count <= 3);
  }
}

TEST(Stream, impossible_parameters_are_bugs) {
  Stream stream(1, Purpose::test, 0);
  EXPECT_THROW(stream.poisson(-1), InternalError);
  EXPECT_THROW(stream.poisson(2.0 * Stream::largest_mean), InternalError);
  EXPECT_THROW(stream.poisson(std::nan("")), InternalError);
  EXPECT_THROW(stream.binomial(-1, 0.5), InternalError);
  EXPECT_THROW(stream.binomial(1, 1.5), InternalError);
  EXPECT_THROW(stream.binomial(1, std::nan("")), InternalError);
}

TEST(DeriveSeed, gives_every_part_its_own_seed) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 100; ++seed)
    for (std::uint64_t part = 0; part < 100; ++part) seen.insert(derive_seed(seed, part));
  EXPECT_EQ(seen.size(), 10'000u);
  EXPECT_EQ(derive_seed(3, 4), derive_seed(3, 4));
  EXPECT_NE(derive_seed(3, 4), derive_seed(4, 3));
}

TEST(DeriveSeed, one_flipped_bit_flips_half_of_the_seed) {
  // The number of flipped bits is binomial(64, 1/2): its mean over m trials has standard error 4 / sqrt(m).
  double flipped = 0;
  int trials = 0;
  for (std::uint64_t part = 0; part < 50; ++part)
    for (int bit = 0; bit < 64; ++bit, ++trials)
      flipped += std::popcount(derive_seed(9, part) ^ derive_seed(9, part ^ (1ull << bit)));
  EXPECT_LT(std::abs(flipped / trials - 32.0), 4 * 4 / std::sqrt(trials));
}

}  // namespace stream_test
}  // namespace stroma::core

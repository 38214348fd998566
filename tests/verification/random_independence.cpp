// Streams with neighbouring keys are independent: of n pairs of uniforms the correlation is below 4 /
// sqrt(n), and the pairs fill the unit square evenly. The mutant shares streams between entities 2k and 2k
// + 1.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/random.hpp"
#include "verification/random_statistics.hpp"

namespace stroma::core {
namespace random_independence {

constexpr int n = 100'000;
constexpr std::uint64_t seed = 77;

struct Pairs {
  std::vector<double> a, b;
  double correlation_z() const {
    return std::abs(verification::correlation(a, b)) * std::sqrt(static_cast<double>(a.size()));
  }
  double square_z() const {
    constexpr int side = 16;
    std::vector<double> counts(side * side);
    for (std::size_t i = 0; i < a.size(); ++i)
      counts[static_cast<std::size_t>(a[i] * side) * side + static_cast<std::size_t>(b[i] * side)] += 1;
    const double expected = static_cast<double>(a.size()) / (side * side);
    double statistic = 0;
    for (const double count : counts) statistic += (count - expected) * (count - expected) / expected;
    return std::abs(verification::chi_square_z(statistic, side * side - 1));
  }
};

Pairs pairs(const std::function<Stream(std::uint64_t)>& first,
            const std::function<Stream(std::uint64_t)>& second) {
  Pairs out;
  for (std::uint64_t i = 0; i < n; ++i) {
    out.a.push_back(first(i).uniform());
    out.b.push_back(second(i).uniform());
  }
  return out;
}

Stream of_entity(std::uint64_t i) {
  return Stream(seed, Purpose::test, i, 5);
}

void expect_independent(const Pairs& p) {
  EXPECT_LT(p.correlation_z(), 4);
  EXPECT_LT(p.square_z(), 4);
}

TEST(Streams, of_neighbouring_entities_are_independent) {
  expect_independent(pairs(of_entity, [](std::uint64_t i) { return of_entity(i + 1); }));
}
TEST(Streams, of_neighbouring_ticks_are_independent) {
  expect_independent(pairs(
      [](std::uint64_t i) { return Stream(seed, Purpose::test, 3, static_cast<std::int64_t>(i)); },
      [](std::uint64_t i) { return Stream(seed, Purpose::test, 3, static_cast<std::int64_t>(i) + 1); }));
}
TEST(Streams, of_two_purposes_are_independent) {
  expect_independent(pairs([](std::uint64_t i) { return Stream(seed, Purpose::cycle, i); },
                           [](std::uint64_t i) { return Stream(seed, Purpose::fate, i); }));
}
TEST(Streams, of_neighbouring_seeds_are_independent) {
  expect_independent(pairs(of_entity, [](std::uint64_t i) { return Stream(seed + 1, Purpose::test, i, 5); }));
}
TEST(Streams, of_derived_seeds_are_independent) {
  expect_independent(
      pairs([](std::uint64_t i) { return Stream(derive_seed(seed, i), Purpose::test, 0); },
            [](std::uint64_t i) { return Stream(derive_seed(seed, i + 1), Purpose::test, 0); }));
}
TEST(Streams, successive_draws_are_independent) {
  Pairs p;
  for (std::uint64_t i = 0; i < n; ++i) {
    Stream stream = of_entity(i);
    p.a.push_back(stream.uniform());
    p.b.push_back(stream.uniform());
  }
  expect_independent(p);
}

TEST(Streams, mutant_that_shares_streams_between_entities_is_rejected) {
  const auto mutant = [](std::uint64_t i) { return of_entity(i / 2); };
  const Pairs p = pairs(mutant, [&](std::uint64_t i) { return mutant(i + 1); });
  EXPECT_GT(p.correlation_z(), 4);
  EXPECT_GT(p.square_z(), 4);
}
TEST(Streams, mutant_with_a_tenth_of_shared_noise_is_rejected) {
  Pairs p = pairs(of_entity, [](std::uint64_t i) { return of_entity(i + 1); });
  for (std::size_t i = 0; i < p.a.size(); i += 10) p.b[i] = p.a[i];
  EXPECT_GT(p.correlation_z(), 4);
  EXPECT_GT(p.square_z(), 4);
}

}  // namespace random_independence
}  // namespace stroma::core

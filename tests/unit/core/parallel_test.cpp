// The same bits at any number of threads, and the same exception.
#include "core/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <bit>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/random.hpp"

namespace stroma::core {
namespace parallel_test {

std::vector<double> awkward_numbers(std::size_t n) {
  // Magnitudes from 1e-8 to 1e8 with both signs: any change in the order of addition changes the last bits.
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) {
    Stream stream(7, Purpose::test, i);
    values[i] = (stream.uniform() - 0.5) * std::pow(10.0, 16 * stream.uniform() - 8);
  }
  return values;
}

double sum(const std::vector<double>& values, std::size_t chunk, int threads) {
  std::vector<double> scratch;
  return sum_chunks(values.size(), chunk, Threads{threads}, scratch, [&](std::size_t begin, std::size_t end) {
    double total = 0;
    for (std::size_t i = begin; i < end; ++i) total += values[i];
    return total;
  });
}

TEST(SumChunks, has_the_same_bits_for_any_number_of_threads) {
  const std::vector<double> values = awkward_numbers(10'007);  // a prime: the last chunk is never full
  for (const std::size_t chunk : {1u, 64u, 1000u, 20'000u}) {
    const auto one = std::bit_cast<std::uint64_t>(sum(values, chunk, 1));
    for (const int threads : {2, 3, 8})
      EXPECT_EQ(std::bit_cast<std::uint64_t>(sum(values, chunk, threads)), one);
  }
}

TEST(SumChunks, the_test_above_can_fail) {
  // The mutant: other chunks, hence another order of addition.
  const std::vector<double> values = awkward_numbers(10'007);
  EXPECT_NE(std::bit_cast<std::uint64_t>(sum(values, 64, 1)),
            std::bit_cast<std::uint64_t>(sum(values, 63, 1)));
}

TEST(ForChunks, visits_every_index_once) {
  for (const std::size_t n : {0u, 1u, 7u, 64u, 1001u})
    for (const int threads : {1, 2, 3}) {
      std::vector<std::atomic<int>> seen(n);
      for_chunks(n, 8, Threads{threads}, [&](std::size_t begin, std::size_t end) {
        EXPECT_LE(end - begin, 8u);
        for (std::size_t i = begin; i < end; ++i) ++seen[i];
      });
      for (const auto& count : seen) EXPECT_EQ(count.load(), 1);
    }
}

TEST(ForChunks, the_exception_of_the_lowest_chunk_is_the_one_that_is_thrown) {
  for (const int threads : {1, 2, 3}) {
    try {
      for_chunks(1000, 10, Threads{threads}, [](std::size_t begin, std::size_t) {
        if (begin >= 370) throw std::runtime_error("chunk " + std::to_string(begin / 10));
      });
      FAIL() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "chunk 37") << threads << " threads";
    }
  }
}

}  // namespace parallel_test
}  // namespace stroma::core

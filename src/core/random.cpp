#include "core/random.hpp"

#include <Random123/philox.h>

#include <boost/random/binomial_distribution.hpp>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/poisson_distribution.hpp>

#include "core/errors.hpp"

namespace stroma::core {

// Counter layout: [draw block (24 bit) | purpose (8 bit)] [tick] [entity low] [entity high].
Stream::Stream(std::uint64_t seed, Purpose purpose, std::uint64_t entity, std::int64_t tick)
    : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
      counter_{static_cast<std::uint32_t>(purpose) << 24, static_cast<std::uint32_t>(tick),
               static_cast<std::uint32_t>(entity), static_cast<std::uint32_t>(entity >> 32)},
      block_{} {}

void Stream::refill() {
  philox4x32_ctr_t counter = {{counter_[0], counter_[1], counter_[2], counter_[3]}};
  philox4x32_key_t key = {{key_[0], key_[1]}};
  const philox4x32_ctr_t out = philox4x32(counter, key);
  for (int i = 0; i < 4; ++i) block_[i] = out.v[i];
  ++counter_[0];
  require((counter_[0] & 0xFFFFFFu) != 0, "a random stream ran out of draws (67 million from one key)");
  used_ = 0;
}

Stream::result_type Stream::operator()() {
  if (used_ == 4) refill();
  return block_[used_++];
}

double Stream::uniform() {
  return ((*this)() + 0.5) * 0x1p-32;
}

double Stream::normal() {
  return boost::random::normal_distribution<double>()(*this);
}

double Stream::exponential() {
  return boost::random::exponential_distribution<double>()(*this);
}

std::int64_t Stream::poisson(double mean) {
  require(mean >= 0.0 && mean <= 1e9, "Poisson mean out of [0, 1e9]");
  if (mean == 0.0) return 0;
  return boost::random::poisson_distribution<std::int64_t, double>(mean)(*this);
}

std::int64_t Stream::binomial(std::int64_t n, double p) {
  require(n >= 0 && p >= 0.0 && p <= 1.0, "binomial parameters out of range");
  if (n == 0 || p == 0.0) return 0;
  if (p == 1.0) return n;
  return boost::random::binomial_distribution<std::int64_t, double>(n, p)(*this);
}

std::uint64_t derive_seed(std::uint64_t seed, std::uint64_t part) {
  philox4x32_ctr_t counter = {
      {static_cast<std::uint32_t>(part), static_cast<std::uint32_t>(part >> 32), 0x5eedu, 0}};
  philox4x32_key_t key = {{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  const philox4x32_ctr_t out = philox4x32(counter, key);
  return static_cast<std::uint64_t>(out.v[0]) | (static_cast<std::uint64_t>(out.v[1]) << 32);
}

}  // namespace stroma::core

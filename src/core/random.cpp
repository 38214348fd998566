#include "core/random.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/maths.hpp"

namespace stroma::core {
namespace {

// The least k whose distribution function exceeds u, where the probability of 0 is `none` and `ratio(k)` is
// that of k + 1 to that of k. For means below 10: some ten steps.
template <class Ratio>
std::int64_t search(double u, double none, std::int64_t most, const Ratio& ratio) {
  std::int64_t k = 0;
  for (double p = none; u > p && k < most; ++k) {
    u -= p;
    p *= ratio(k);
    if (p < 1e-300) break;  // beyond what u resolves
  }
  return k;
}

// The transformed rejection of Hoermann, Insurance: Mathematics and Economics 12, 39 (1993): a table-free
// hat over a unimodal distribution with the standard deviation that went into a and b.
struct Hat {
  double a, b, centre, quick;  ///< `quick`: below it, the place alone decides
};

template <class Draw, class Accept>
std::int64_t transformed_rejection(const Hat& hat, const Draw& uniform, const Accept& accepts) {
  while (true) {
    const double u = uniform() - 0.5, v = uniform(), room = 0.5 - std::abs(u);
    const double place = std::floor((2.0 * hat.a / room + hat.b) * u + hat.centre);
    if (!(place >= 0.0 && place < 9e15)) continue;
    const auto k = static_cast<std::int64_t>(place);
    if (room >= 0.07 && v <= hat.quick && accepts(k, 0.0)) return k;
    if (room < 0.013 && v > room) continue;
    if (accepts(k, v / (hat.a / (room * room) + hat.b))) return k;
  }
}

}  // namespace

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
  return maths::normal_quantile(uniform());
}

double Stream::exponential() {
  return -maths::log(uniform());
}

std::int64_t Stream::poisson(double mean) {
  require(mean >= 0.0 && mean <= largest_mean, "Poisson mean out of [0, 1e15]");
  if (mean == 0.0) return 0;
  if (mean < 10.0)
    return search(uniform(), maths::exp(-mean), 1000, [mean](std::int64_t k) { return mean / (k + 1.0); });
  const double sd = std::sqrt(mean), b = 0.931 + 2.53 * sd, a = -0.059 + 0.02483 * b;
  const double scale = 1.1239 + 1.1328 / (b - 3.4);
  return transformed_rejection(
      {a, b, mean + 0.43, 0.9277 - 3.6224 / (b - 2.0)}, [this] { return uniform(); },
      [&](std::int64_t k, double v) {
        return v == 0.0 || maths::log(v * scale) <= maths::log_poisson(k, mean);
      });
}

std::int64_t Stream::binomial(std::int64_t n, double p) {
  require(n >= 0 && static_cast<double>(n) <= largest_mean && p >= 0.0 && p <= 1.0,
          "binomial parameters out of range");
  if (n == 0 || p == 0.0) return 0;
  if (p == 1.0) return n;
  if (p > 0.5) return n - binomial(n, 1.0 - p);
  const auto all = static_cast<double>(n);
  if (all * p < 10.0) {
    const double odds = p / (1.0 - p);
    return search(uniform(), maths::exp(all * maths::log1p(-p)), n, [all, odds](std::int64_t k) {
      const auto x = static_cast<double>(k);
      return (all - x) / (x + 1.0) * odds;
    });
  }
  const double sd = std::sqrt(all * p * (1.0 - p)), b = 1.15 + 2.53 * sd;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p, scale = (2.83 + 5.1 / b) * sd;
  const auto mode = std::min(n, static_cast<std::int64_t>((all + 1.0) * p));
  const double at_mode = maths::log_binomial(mode, n, p);
  return transformed_rejection(
      {a, b, all * p + 0.5, 0.92 - 4.2 / b}, [this] { return uniform(); },
      [&](std::int64_t k, double v) {
        return k <= n && (v == 0.0 || maths::log(v * scale) <= maths::log_binomial(k, n, p) - at_mode);
      });
}

std::uint64_t derive_seed(std::uint64_t seed, std::uint64_t part) {
  philox4x32_ctr_t counter = {
      {static_cast<std::uint32_t>(part), static_cast<std::uint32_t>(part >> 32), 0x5eedu, 0}};
  philox4x32_key_t key = {{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  const philox4x32_ctr_t out = philox4x32(counter, key);
  return static_cast<std::uint64_t>(out.v[0]) | (static_cast<std::uint64_t>(out.v[1]) << 32);
}

std::uint64_t name_key(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

}  // namespace stroma::core

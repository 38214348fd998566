// Random numbers as a pure function of (seed, purpose, entity, tick, draw): Philox4x32-10 of Salmon et al.,
// SC 2011. No generator carries state from one step to the next, so the result does not depend on the order
// of the cells, the number of threads or a restart.
#pragma once

#include <cstdint>
#include <string_view>

namespace stroma::core {

/// What a draw is for. Two purposes never share numbers; a new purpose is added at the end and never
/// renumbered, or every published seed would change its meaning.
enum class Purpose : std::uint8_t {
  seeding = 1,         ///< cells put into a vessel: their cycle position and traits
  inheritance = 2,     ///< drift of traits at division
  cycle = 3,           ///< advance through the phases of the cell cycle
  fate = 4,            ///< deaths and their stages
  pipetting = 5,       ///< volumes dispensed at the bench
  instrument = 6,      ///< detector noise of assays
  sampling = 7,        ///< which cells an instrument sees
  donor = 8,           ///< differences between primary cultures
  bootstrap = 9,       ///< resampling in statistics
  motility = 10,       ///< directions of moving cells and when they turn
  division_axis = 11,  ///< the axis along which a cell divides
  contact = 12,        ///< which neighbour a cell acts on, and when
  conversion = 13,     ///< when a cell becomes one of another type
  test = 255,          ///< tests only
};

/// One stream of draws. Cheap to make: make one per (purpose, entity, tick) and let it go.
/// `entity` is a cell, well or donor id (64 bit); `tick` the integer time (32 bit are used, 81 years).
class Stream {
 public:
  Stream(std::uint64_t seed, Purpose purpose, std::uint64_t entity, std::int64_t tick = 0);

  using result_type = std::uint32_t;
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return 0xFFFFFFFFu; }
  result_type operator()();

  // Of these, normal and exponential are the quantile of one uniform number, so that they grow with it, and
  // the counts are exact for any mean. No library's transcendental function is in them: core/maths.hpp.
  double uniform();                   ///< open interval (0, 1), 32 bits
  double normal();                    ///< mean 0, variance 1; within 6.3 of 0
  double exponential();               ///< mean 1; at most 22.9
  std::int64_t poisson(double mean);  ///< mean in [0, largest_mean]; throws InternalError outside
  /// n in [0, largest_mean], p in [0, 1]; throws InternalError outside.
  std::int64_t binomial(std::int64_t n, double p);
  static constexpr double largest_mean = 1e15;

 private:
  void refill();
  std::uint32_t key_[2];
  std::uint32_t counter_[4];
  std::uint32_t block_[4];
  int used_ = 4;
};

/// A seed for a part of a study (an arm, a replicate, a well) derived from its parent's; a pure function.
std::uint64_t derive_seed(std::uint64_t seed, std::uint64_t part);

/// The entity, or part, that a name stands for. What has a name is keyed by it and never by its place in a
/// list: a row more in a table leaves the draws of all others as they were.
std::uint64_t name_key(std::string_view name);

}  // namespace stroma::core

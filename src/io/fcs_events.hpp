// The events of an FCS data set: how a channel lies in the bytes of an event, and what number it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace stroma::io {

enum class FcsDataType { float32, float64, integer };

/// Of one channel.
struct FcsField {
  FcsDataType type = FcsDataType::float32;
  int bits = 32;  ///< 8, 16, 24, 32, 40, 48, 56 or 64, or any from 8 to 64 where packed
  std::uint64_t mask = ~std::uint64_t{0};  ///< integers: the bits that count
};

struct FcsLayout {
  std::vector<FcsField> fields;
  bool big_endian = false;
  bool words_swapped = false;  ///< 3,4,1,2: little endian with its two halves exchanged
  /// Integers of any number of bits one after the other without gaps: the first bit is the highest of the
  /// first byte where big_endian, the lowest elsewhere.
  bool packed = false;
  std::uint64_t row = 0;  ///< bits of one event, with what fills its last byte where events begin at bytes
};

/// What decoding met.
struct FcsDecoded {
  std::vector<std::size_t> not_finite;  ///< of each channel
  std::vector<std::size_t> masked;      ///< of each channel: integers with bits beyond $PnR
};

/// Fills `events` (events x channels, event by event; its size says how many) from `data`, which holds at
/// least that many events from its first byte on. Values that are no number that
/// float32 can hold become NaN.
FcsDecoded decode_fcs_events(std::string_view data, const FcsLayout& layout, std::vector<double>& events);

}  // namespace stroma::io

// The events of an FCS data set: how a channel lies in the bytes of an event, and what number it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace stroma::io {

enum class FcsDataType { float32, float64, integer };

struct FcsLayout {
  FcsDataType type = FcsDataType::float32;
  bool big_endian = false;
  bool words_swapped = false;        ///< 3,4,1,2: little endian with its two halves exchanged
  std::vector<int> bytes;            ///< of each channel: 1, 2, 3, 4 or 8
  std::vector<std::uint64_t> masks;  ///< integers: the bits that count
  std::uint64_t row = 0;             ///< bytes of one event: the sum of `bytes`
};

/// Fills `events` (events x channels, event by event; its size says how many) from `data`, which holds at
/// least that many events from its first byte on. Returns the place in `events` of a value that is not
/// finite, where there is one.
std::optional<std::size_t> decode_fcs_events(std::string_view data, const FcsLayout& layout,
                                             std::vector<double>& events);

}  // namespace stroma::io

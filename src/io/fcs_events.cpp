#include "io/fcs_events.hpp"

#include <bit>
#include <cmath>

namespace stroma::io {
namespace {

std::uint64_t integer(std::string_view data, std::size_t at, int count, bool big_endian) {
  std::uint64_t value = 0;
  for (int i = 0; i < count; ++i) {
    const auto byte =
        static_cast<unsigned char>(data[at + static_cast<std::size_t>(big_endian ? i : count - 1 - i)]);
    value = (value << 8) | byte;
  }
  return value;
}

double decode(std::uint64_t raw, const FcsLayout& layout, std::size_t channel) {
  switch (layout.type) {
    case FcsDataType::float32:
      return std::bit_cast<float>(static_cast<std::uint32_t>(raw));
    case FcsDataType::float64:
      return std::bit_cast<double>(raw);
    case FcsDataType::integer:
      break;
  }
  return static_cast<double>(raw & layout.masks[channel]);
}

template <int bytes>
std::optional<std::size_t> decode_channel(std::string_view data, std::size_t at, std::size_t channel,
                                          const FcsLayout& layout, std::vector<double>& events) {
  const std::size_t width = layout.bytes.size(), row = static_cast<std::size_t>(layout.row);
  for (std::size_t i = channel; i < events.size(); i += width, at += row) {
    std::uint64_t raw = integer(data, at, bytes, layout.big_endian);
    if constexpr (bytes == 4)
      if (layout.words_swapped) raw = std::rotl(static_cast<std::uint32_t>(raw), 16);
    events[i] = decode(raw, layout, channel);
    if (!std::isfinite(events[i])) return i;
  }
  return std::nullopt;
}

// One loop per channel, with its width settled before it.
std::optional<std::size_t> decode_channel(std::string_view data, std::size_t at, std::size_t channel,
                                          const FcsLayout& layout, std::vector<double>& events) {
  switch (layout.bytes[channel]) {
    case 8:
      return decode_channel<8>(data, at, channel, layout, events);
    case 4:
      return decode_channel<4>(data, at, channel, layout, events);
    case 3:
      return decode_channel<3>(data, at, channel, layout, events);
    case 2:
      return decode_channel<2>(data, at, channel, layout, events);
    default:
      return decode_channel<1>(data, at, channel, layout, events);
  }
}

}  // namespace

std::optional<std::size_t> decode_fcs_events(std::string_view data, const FcsLayout& layout,
                                             std::vector<double>& events) {
  std::size_t at = 0;
  for (std::size_t channel = 0; channel < layout.bytes.size(); ++channel) {
    if (const auto wrong = decode_channel(data, at, channel, layout, events)) return wrong;
    at += static_cast<std::size_t>(layout.bytes[channel]);
  }
  return std::nullopt;
}

}  // namespace stroma::io

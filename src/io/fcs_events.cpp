#include "io/fcs_events.hpp"

#include <bit>
#include <cmath>
#include <limits>

namespace stroma::io {
namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

struct Counts {
  std::size_t not_finite = 0, masked = 0;
};

template <int bytes, bool big_endian>
std::uint64_t integer(const char* at) {
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i)
    value = (value << 8) | static_cast<unsigned char>(at[big_endian ? i : bytes - 1 - i]);
  return value;
}

double number(std::uint64_t raw, const FcsField& field, Counts& counts) {
  double value = 0.0;
  switch (field.type) {
    case FcsDataType::float32:
      value = std::bit_cast<float>(static_cast<std::uint32_t>(raw));
      break;
    case FcsDataType::float64:
      value = std::bit_cast<double>(raw);
      break;
    case FcsDataType::integer:
      if ((raw & ~field.mask) != 0) ++counts.masked;
      return static_cast<double>(raw & field.mask);
  }
  if (std::fabs(value) <= std::numeric_limits<float>::max()) return value;
  ++counts.not_finite;
  return no_number;
}

struct Column {
  std::size_t first = 0, width = 0;  // of the channel in an event, in values
  std::size_t at = 0, row = 0;       // in bytes
};

template <int bytes, bool big_endian>
Counts decode_column(std::string_view data, Column c, const FcsField& field, bool words_swapped,
                     std::vector<double>& events) {
  Counts counts;
  for (std::size_t i = c.first; i < events.size(); i += c.width, c.at += c.row) {
    std::uint64_t raw = integer<bytes, big_endian>(data.data() + c.at);
    if constexpr (bytes == 4)
      if (words_swapped) raw = std::rotl(static_cast<std::uint32_t>(raw), 16);
    events[i] = number(raw, field, counts);
  }
  return counts;
}

template <bool big_endian>
Counts decode_column(std::string_view data, const Column& c, const FcsField& field, bool words_swapped,
                     std::vector<double>& events) {
  switch (field.bits / 8) {  // one loop per channel, with its width settled before it
    case 8:
      return decode_column<8, big_endian>(data, c, field, words_swapped, events);
    case 7:
      return decode_column<7, big_endian>(data, c, field, words_swapped, events);
    case 6:
      return decode_column<6, big_endian>(data, c, field, words_swapped, events);
    case 5:
      return decode_column<5, big_endian>(data, c, field, words_swapped, events);
    case 4:
      return decode_column<4, big_endian>(data, c, field, words_swapped, events);
    case 3:
      return decode_column<3, big_endian>(data, c, field, words_swapped, events);
    case 2:
      return decode_column<2, big_endian>(data, c, field, words_swapped, events);
    default:
      return decode_column<1, big_endian>(data, c, field, words_swapped, events);
  }
}

std::uint64_t packed_integer(std::string_view data, std::uint64_t bit, int bits, bool big_endian) {
  std::uint64_t value = 0;
  for (int i = 0; i < bits; ++i, ++bit) {
    const auto byte = static_cast<unsigned char>(data[static_cast<std::size_t>(bit / 8)]);
    const unsigned at = static_cast<unsigned>(bit % 8);
    if (big_endian)
      value = (value << 1) | ((byte >> (7u - at)) & 1u);
    else
      value |= static_cast<std::uint64_t>((byte >> at) & 1u) << i;
  }
  return value;
}

Counts decode_packed(std::string_view data, std::size_t channel, std::uint64_t first_bit,
                     const FcsLayout& layout, std::vector<double>& events) {
  Counts counts;
  const FcsField& field = layout.fields[channel];
  std::uint64_t bit = first_bit;
  for (std::size_t i = channel; i < events.size(); i += layout.fields.size(), bit += layout.row)
    events[i] = number(packed_integer(data, bit, field.bits, layout.big_endian), field, counts);
  return counts;
}

}  // namespace

FcsDecoded decode_fcs_events(std::string_view data, const FcsLayout& layout, std::vector<double>& events) {
  FcsDecoded out;
  std::uint64_t bit = 0;
  for (std::size_t channel = 0; channel < layout.fields.size(); ++channel) {
    const FcsField& field = layout.fields[channel];
    const Column column{channel, layout.fields.size(), static_cast<std::size_t>(bit / 8),
                        static_cast<std::size_t>(layout.row / 8)};
    const Counts counts = layout.packed ? decode_packed(data, channel, bit, layout, events)
                          : layout.big_endian
                              ? decode_column<true>(data, column, field, layout.words_swapped, events)
                              : decode_column<false>(data, column, field, layout.words_swapped, events);
    out.not_finite.push_back(counts.not_finite);
    out.masked.push_back(counts.masked);
    bit += static_cast<std::uint64_t>(field.bits);
  }
  return out;
}

}  // namespace stroma::io

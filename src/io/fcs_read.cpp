#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <map>
#include <optional>

#include "core/diagnostics.hpp"
#include "io/fcs.hpp"
#include "io/text.hpp"

namespace stroma::io {
namespace {

constexpr std::size_t header_size = 58;

struct Segment {
  std::uint64_t begin = 0, end = 0;  // first and last byte; both 0 where there is none
};

enum class DataType { float32, float64, integer };

struct Layout {
  DataType type = DataType::float32;
  bool big_endian = false;
  std::vector<int> bytes;            // of each channel
  std::vector<std::uint64_t> masks;  // integers: the bits that count
  std::uint64_t row = 0;             // bytes of one event
};

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<std::uint64_t> whole(std::string_view text) {
  text = trim(text);
  std::uint64_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {}

  Fcs read() {
    const auto [text, data] = read_header();
    read_text(text);
    const Segment where = data_segment(data);
    read_channels();
    const Layout layout = read_layout();
    read_events(where, layout);
    fcs_.keywords.assign(keywords_in_order_.begin(), keywords_in_order_.end());
    return std::move(fcs_);
  }

 private:
  [[noreturn]] void refuse(std::string code, std::string key, std::string message,
                           std::string hint = {}) const {
    throw core::InputError(
        {{std::move(code), {file_, 0, 0}, std::move(key), "FCS: " + std::move(message), std::move(hint)}});
  }

  std::pair<Segment, Segment> read_header() const {
    if (!bytes_.starts_with("FCS")) refuse("fcs-not-fcs", {}, "the file does not begin with 'FCS'");
    if (bytes_.size() < header_size)
      refuse("fcs-truncated", {},
             fmt::format("the header needs {} bytes, the file has {}", header_size, bytes_.size()));
    const std::string version = replace_invalid_utf8(bytes_.substr(0, 6));
    if (version != "FCS3.0" && version != "FCS3.1")
      refuse("fcs-version", {}, fmt::format("version '{}' is not supported", version),
             "FCS3.0 and FCS3.1 can be read");
    const auto offset = [&](int index, std::string_view name) {
      const std::string_view field = bytes_.substr(10 + 8 * static_cast<std::size_t>(index), 8);
      if (trim(field).empty()) return std::uint64_t{0};  // allowed for segments that are not there
      const auto value = whole(field);
      if (!value)
        refuse("fcs-bad-offset", std::string(name),
               fmt::format("the header's {} is '{}', not a number", name, replace_invalid_utf8(field)));
      return *value;
    };
    const Segment text{offset(0, "begin of TEXT"), offset(1, "end of TEXT")};
    const Segment data{offset(2, "begin of DATA"), offset(3, "end of DATA")};
    if (text.begin < header_size || text.end <= text.begin)
      refuse("fcs-bad-offset", "TEXT",
             fmt::format("the TEXT segment from {} to {} is impossible", text.begin, text.end));
    if (text.end >= bytes_.size())
      refuse("fcs-truncated", "TEXT",
             fmt::format("the TEXT segment ends at byte {}, the file has {}", text.end, bytes_.size()));
    return {text, data};
  }

  // TEXT: the first byte is the delimiter; doubled, it stands for itself.
  void read_text(const Segment& segment) {
    const std::string_view text = bytes_.substr(segment.begin, segment.end - segment.begin + 1);
    const char delimiter = text[0];
    if (delimiter == '\0' || static_cast<unsigned char>(delimiter) > 126)
      refuse("fcs-bad-text", "TEXT",
             fmt::format("the delimiter {} is not a printable character", show_byte(delimiter)));
    std::vector<std::string> words;
    std::string word;
    bool open = false;  // inside a word that no delimiter has closed yet
    for (std::size_t i = 1; i < text.size(); ++i) {
      if (text[i] != delimiter) {
        word += text[i];
        open = true;
      } else if (i + 1 < text.size() && text[i + 1] == delimiter) {
        word += delimiter;
        open = true;
        ++i;
      } else {
        words.push_back(std::move(word));
        word.clear();
        open = false;
      }
    }
    // Blanks after the last delimiter are padding that some instruments write.
    if (open && trim(word).find_first_not_of(std::string_view("\0\r\n", 3)) != std::string_view::npos)
      refuse("fcs-bad-text", "TEXT", "the TEXT segment does not end with its delimiter");
    if (words.size() % 2 != 0)
      refuse("fcs-bad-text", "TEXT", fmt::format("the last keyword '{}' has no value", shown(words.back())));
    for (std::size_t i = 0; i < words.size(); i += 2) {
      std::string key(trim(words[i]));
      for (char& c : key)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
      if (key.empty()) refuse("fcs-bad-text", "TEXT", "a keyword is empty");
      key = replace_invalid_utf8(key);
      const std::string value = replace_invalid_utf8(words[i + 1]);  // Latin-1 is common in FCS 3.0
      if (!keywords_.emplace(key, value).second)
        refuse("fcs-duplicate-keyword", key, fmt::format("keyword '{}' is there twice", shown(key)));
      keywords_in_order_.emplace_back(key, value);
    }
  }

  static std::string shown(std::string_view text) { return replace_invalid_utf8(text.substr(0, 60)); }

  const std::string& required(const std::string& key) const {
    const auto found = keywords_.find(key);
    if (found == keywords_.end())
      refuse("fcs-missing-keyword", key, fmt::format("keyword '{}' is missing", key));
    return found->second;
  }

  std::uint64_t number(const std::string& key) const {
    const auto value = whole(required(key));
    if (!value)
      refuse("fcs-bad-keyword", key,
             fmt::format("'{}' is '{}', not a whole number", key, shown(required(key))));
    return *value;
  }

  // The header and the keywords name the segment; the header holds zeros where an offset has nine digits or
  // more.
  Segment data_segment(const Segment& header) const {
    const Segment text{number("$BEGINDATA"), number("$ENDDATA")};
    if (header.begin != 0 && (header.begin != text.begin || header.end != text.end))
      refuse("fcs-bad-offset", "$BEGINDATA",
             fmt::format("the header puts DATA at {} to {}, the keywords at {} to {}", header.begin,
                         header.end, text.begin, text.end));
    return text;
  }

  void read_channels() {
    const std::uint64_t count = number("$PAR");
    if (count == 0 || count > keywords_.size())  // each channel has keywords of its own
      refuse("fcs-bad-keyword", "$PAR",
             fmt::format("$PAR says {} channels, but there are only {} keywords", count, keywords_.size()));
    for (std::uint64_t i = 1; i <= count; ++i) {
      FcsChannel channel;
      channel.name = required(fmt::format("$P{}N", i));
      const auto stain = keywords_.find(fmt::format("$P{}S", i));
      if (stain != keywords_.end()) channel.stain = stain->second;
      const std::string range_key = fmt::format("$P{}R", i);
      const std::string_view text = trim(required(range_key));
      const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), channel.range);
      if (status != std::errc{} || end != text.data() + text.size() || !std::isfinite(channel.range) ||
          channel.range <= 0.0)
        refuse("fcs-bad-keyword", range_key,
               fmt::format("'{}' is '{}', not a positive number", range_key, shown(text)));
      required(fmt::format("$P{}E", i));
      fcs_.channels.push_back(std::move(channel));
    }
  }

  Layout read_layout() const {
    if (required("$MODE") != "L")
      refuse("fcs-unsupported", "$MODE", fmt::format("mode '{}' is not supported", shown(required("$MODE"))),
             "list mode (L) can be read");
    if (number("$NEXTDATA") != 0)
      refuse("fcs-unsupported", "$NEXTDATA", "the file holds several data sets", "split the file");
    Layout layout;
    const std::string& type = required("$DATATYPE");
    if (type == "F")
      layout.type = DataType::float32;
    else if (type == "D")
      layout.type = DataType::float64;
    else if (type == "I")
      layout.type = DataType::integer;
    else
      refuse("fcs-unsupported", "$DATATYPE", fmt::format("data type '{}' is not supported", shown(type)),
             "F, D and I can be read");
    const std::string& order = required("$BYTEORD");
    if (order == "4,3,2,1" || order == "2,1")
      layout.big_endian = true;
    else if (order != "1,2,3,4" && order != "1,2")
      refuse("fcs-unsupported", "$BYTEORD", fmt::format("byte order '{}' is not supported", shown(order)),
             "1,2,3,4 and 4,3,2,1 can be read");
    for (std::size_t i = 0; i < fcs_.channels.size(); ++i) {
      const std::string key = fmt::format("$P{}B", i + 1);
      const std::uint64_t bits = number(key);
      const bool fits = layout.type == DataType::float32 ? bits == 32
                        : layout.type == DataType::float64
                            ? bits == 64
                            : bits == 8 || bits == 16 || bits == 24 || bits == 32 || bits == 64;
      if (!fits)
        refuse("fcs-unsupported", key,
               fmt::format("'{}' is {} bits, which data type {} does not allow", key, bits, type));
      layout.bytes.push_back(static_cast<int>(bits / 8));
      layout.row += bits / 8;
      layout.masks.push_back(mask(fcs_.channels[i].range));
    }
    return layout;
  }

  // An integer counts below the range rounded up to a power of two; higher bits may hold anything.
  static std::uint64_t mask(double range) {
    if (range >= 0x1p63) return ~std::uint64_t{0};
    return std::bit_ceil(static_cast<std::uint64_t>(std::ceil(range))) - 1;
  }

  void read_events(const Segment& where, const Layout& layout) {
    const std::uint64_t total = number("$TOT");
    const bool none = where.begin == 0 && where.end == 0;
    if (none && total != 0)
      refuse("fcs-wrong-total", "$TOT",
             fmt::format("$TOT says {} events, but there is no DATA segment", total));
    if (none) return;
    // FCS allows an empty segment to be written as end = begin - 1.
    if (where.begin < header_size || where.end + 1 < where.begin ||
        where.end == std::numeric_limits<std::uint64_t>::max())
      refuse("fcs-bad-offset", "$BEGINDATA",
             fmt::format("the DATA segment from {} to {} is impossible", where.begin, where.end));
    if (where.end >= bytes_.size())
      refuse("fcs-truncated", "DATA",
             fmt::format("the DATA segment ends at byte {}, the file has {}", where.end, bytes_.size()));
    const std::uint64_t size = where.end + 1 - where.begin;
    if (size % layout.row != 0 || size / layout.row != total)
      refuse("fcs-wrong-total", "$TOT",
             fmt::format("$TOT says {} events of {} bytes, but the DATA segment has {} bytes", total,
                         layout.row, size));
    fcs_.events.reserve(static_cast<std::size_t>(total) * fcs_.channels.size());
    std::size_t at = static_cast<std::size_t>(where.begin);
    for (std::uint64_t event = 0; event < total; ++event)
      for (std::size_t channel = 0; channel < layout.bytes.size(); ++channel) {
        const std::uint64_t raw = integer(at, layout.bytes[channel], layout.big_endian);
        at += static_cast<std::size_t>(layout.bytes[channel]);
        const double value = decode(raw, layout, channel);
        if (!std::isfinite(value))
          refuse("fcs-bad-value", fcs_.channels[channel].name,
                 fmt::format("event {} of channel '{}' is not a finite number", event + 1,
                             shown(fcs_.channels[channel].name)));
        fcs_.events.push_back(value);
      }
  }

  std::uint64_t integer(std::size_t at, int count, bool big_endian) const {
    std::uint64_t value = 0;
    for (int i = 0; i < count; ++i) {
      const auto byte =
          static_cast<unsigned char>(bytes_[at + static_cast<std::size_t>(big_endian ? i : count - 1 - i)]);
      value = (value << 8) | byte;
    }
    return value;
  }

  static double decode(std::uint64_t raw, const Layout& layout, std::size_t channel) {
    switch (layout.type) {
      case DataType::float32:
        return std::bit_cast<float>(static_cast<std::uint32_t>(raw));
      case DataType::float64:
        return std::bit_cast<double>(raw);
      case DataType::integer:
        break;
    }
    return static_cast<double>(raw & layout.masks[channel]);
  }

  std::string_view bytes_;
  const std::string& file_;
  std::map<std::string, std::string> keywords_;
  std::vector<std::pair<std::string, std::string>> keywords_in_order_;
  Fcs fcs_;
};

}  // namespace

Fcs read_fcs(std::string_view bytes, const std::string& file) {
  return Reader(bytes, file).read();
}

}  // namespace stroma::io

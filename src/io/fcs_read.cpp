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
#include "io/fcs_events.hpp"
#include "io/text.hpp"

namespace stroma::io {
namespace {

constexpr std::size_t header_size = 58;

struct Segment {
  std::uint64_t begin = 0, end = 0;  // first and last byte; both 0 where there is none
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
    read_supplement(text);
    const Segment where = data_segment(data);
    next_ = next_data_set(text);
    read_channels();
    const FcsLayout layout = read_layout();
    read_events(where, layout);
    fcs_.keywords.assign(keywords_in_order_.begin(), keywords_in_order_.end());
    return std::move(fcs_);
  }

  /// Where the next data set begins, counted from the beginning of this one; 0: nowhere.
  std::size_t next() const { return next_; }

 private:
  [[noreturn]] void refuse(std::string code, std::string key, std::string message,
                           std::string hint = {}) const {
    if (hint.empty())
      hint = code == "fcs-not-fcs"
                 ? "give the files that the cytometer's program exports as FCS 2.0, 3.0 or 3.1"
                 : "the file is damaged or breaks the standard: export or copy it again";
    throw core::InputError(
        {{std::move(code), {file_, 0, 0}, std::move(key), "FCS: " + std::move(message), std::move(hint)}});
  }

  std::pair<Segment, Segment> read_header() const {
    if (!bytes_.starts_with("FCS")) refuse("fcs-not-fcs", {}, "the file does not begin with 'FCS'");
    if (bytes_.size() < header_size)
      refuse("fcs-truncated", {},
             fmt::format("the header needs {} bytes, the file has {}", header_size, bytes_.size()));
    const std::string version = replace_invalid_utf8(bytes_.substr(0, 6));
    if (version != "FCS2.0" && version != "FCS3.0" && version != "FCS3.1")
      refuse("fcs-version", {}, fmt::format("version '{}' is not supported", version),
             "FCS2.0, FCS3.0 and FCS3.1 can be read");
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

  // TEXT: the first byte is the delimiter; doubled, it stands for itself. Many instruments write empty values
  // instead, which look the same: where the words do not pair up, or the number of channels is not among the
  // keywords, a doubled delimiter is read as an empty value.
  void read_text(const Segment& segment) {
    const std::string_view text = bytes_.substr(segment.begin, segment.end - segment.begin + 1);
    const char delimiter = text[0];
    if (delimiter == '\0' || static_cast<unsigned char>(delimiter) > 126)
      refuse("fcs-bad-text", "TEXT",
             fmt::format("the delimiter {} is not a printable character", show_byte(delimiter)));
    std::vector<std::string> words = split(text, true);
    if (!pairs_up(words))
      if (std::vector<std::string> plain = split(text, false); pairs_up(plain)) words = std::move(plain);
    if (words.size() % 2 != 0)
      refuse("fcs-bad-text", "TEXT", fmt::format("the last keyword '{}' has no value", shown(words.back())));
    read_keywords(words);
  }

  // Further keywords of FCS 3 in a segment of their own; some instruments point at TEXT again. What TEXT says
  // goes first, and must not be said otherwise.
  void read_supplement(const Segment& first) {
    const auto offset = [&](const char* key) {
      const auto found = keywords_.find(key);
      return found == keywords_.end() ? std::uint64_t{0} : number(key);
    };
    if (bytes_.starts_with("FCS2.0")) return;
    const Segment segment{offset("$BEGINSTEXT"), offset("$ENDSTEXT")};
    if (segment.begin == 0 || segment.end <= segment.begin || segment.begin == first.begin) return;
    if (segment.begin < header_size)
      refuse("fcs-bad-offset", "$BEGINSTEXT",
             fmt::format("the supplemental TEXT segment from {} to {} is impossible", segment.begin,
                         segment.end));
    if (segment.end >= bytes_.size())
      refuse("fcs-truncated", "$BEGINSTEXT",
             fmt::format("the supplemental TEXT segment ends at byte {}, the file has {}", segment.end,
                         bytes_.size()));
    const std::string_view text = bytes_.substr(segment.begin, segment.end - segment.begin + 1);
    std::vector<std::string> words = split(text, true);
    if (words.size() % 2 != 0) words = split(text, false);
    if (words.size() % 2 != 0)
      refuse("fcs-bad-text", "$BEGINSTEXT",
             fmt::format("the last keyword '{}' of the supplemental TEXT has no value", shown(words.back())));
    for (std::size_t i = words.size(); i >= 2; i -= 2) {  // what is there already and alike
      const auto known = keywords_.find(upper(words[i - 2]));
      if (known != keywords_.end() && known->second == replace_invalid_utf8(words[i - 1]))
        words.erase(words.begin() + static_cast<std::ptrdiff_t>(i - 2),
                    words.begin() + static_cast<std::ptrdiff_t>(i));
    }
    read_keywords(words);
  }

  std::vector<std::string> split(std::string_view text, bool doubled) const {
    const char delimiter = text[0];
    std::vector<std::string> words;
    std::string word;
    bool open = false;  // inside a word that no delimiter has closed yet
    for (std::size_t i = 1; i < text.size(); ++i) {
      if (text[i] != delimiter) {
        word += text[i];
        open = true;
      } else if (doubled && i + 1 < text.size() && text[i + 1] == delimiter) {
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
    return words;
  }

  static bool pairs_up(const std::vector<std::string>& words) {
    if (words.size() % 2 != 0) return false;
    for (std::size_t i = 0; i < words.size(); i += 2)
      if (upper(words[i]) == "$PAR") return true;
    return false;
  }

  static std::string upper(std::string_view text) {
    std::string key(trim(text));
    for (char& c : key)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return key;
  }

  void read_keywords(const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); i += 2) {
      std::string key = upper(words[i]);
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
  // more, and the keywords are absent in FCS 2.0 and zeros in some files of FCS 3.0.
  Segment data_segment(const Segment& header) const {
    const bool old = bytes_.starts_with("FCS2.0") && !keywords_.contains("$BEGINDATA");
    const Segment text = old ? header : Segment{number("$BEGINDATA"), number("$ENDDATA")};
    if (header.begin != 0 && text.begin == 0 && text.end == 0) return header;
    if (header.begin != 0 && (header.begin != text.begin || header.end != text.end))
      refuse("fcs-bad-offset", "$BEGINDATA",
             fmt::format("the header puts DATA at {} to {}, the keywords at {} to {}", header.begin,
                         header.end, text.begin, text.end));
    return text;
  }

  // What belongs to this data set ends where the next one begins.
  std::size_t next_data_set(const Segment& text) {
    const std::uint64_t next = number("$NEXTDATA");
    if (next == 0) return 0;
    if (next <= text.end || next >= bytes_.size())
      refuse("fcs-bad-offset", "$NEXTDATA",
             fmt::format("the next data set begins at byte {}: TEXT ends at {}, the file at {}", next,
                         text.end, bytes_.size()));
    bytes_ = bytes_.substr(0, static_cast<std::size_t>(next));
    return static_cast<std::size_t>(next);
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
      read_amplifier(fmt::format("$P{}E", i), channel);
      fcs_.channels.push_back(std::move(channel));
    }
  }

  // "4,1": four decades above 1. "4,0" is what many instruments write for "4,1", and the standard of 2010
  // says to read it so.
  void read_amplifier(const std::string& key, FcsChannel& channel) const {
    const std::string_view text = trim(required(key));
    const std::size_t comma = text.find(',');
    const auto part = [&](std::string_view digits) {
      digits = trim(digits);
      double value = 0.0;
      const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      if (status != std::errc{} || end != digits.data() + digits.size() || !std::isfinite(value) ||
          value < 0.0 || value > 1e6)
        refuse("fcs-bad-keyword", key,
               fmt::format("'{}' is '{}', not two numbers such as 0,0 or 4,1", key, shown(text)));
      return value;
    };
    if (comma == std::string_view::npos) part({});
    channel.decades = part(text.substr(0, comma));
    const double offset = part(text.substr(comma + 1));
    if (channel.decades > 20.0)
      refuse("fcs-bad-keyword", key, fmt::format("'{}' says {:g} decades", key, channel.decades));
    // Only integers come from logarithmic amplifiers; some programs leave the keyword as it was.
    if (required("$DATATYPE") != "I") channel.decades = 0.0;
    channel.offset = offset > 0.0 ? offset : 1.0;
  }

  FcsLayout read_layout() const {
    if (required("$MODE") != "L")
      refuse("fcs-unsupported", "$MODE", fmt::format("mode '{}' is not supported", shown(required("$MODE"))),
             "list mode (L) can be read");
    FcsLayout layout;
    const std::string& type = required("$DATATYPE");
    if (type == "F")
      layout.type = FcsDataType::float32;
    else if (type == "D")
      layout.type = FcsDataType::float64;
    else if (type == "I")
      layout.type = FcsDataType::integer;
    else
      refuse("fcs-unsupported", "$DATATYPE", fmt::format("data type '{}' is not supported", shown(type)),
             "F, D and I can be read");
    const std::string& order = required("$BYTEORD");
    if (order == "4,3,2,1" || order == "2,1")
      layout.big_endian = true;
    else if (order == "3,4,1,2" && layout.type == FcsDataType::integer)
      layout.words_swapped = true;
    else if (order != "1,2,3,4" && order != "1,2")
      refuse("fcs-unsupported", "$BYTEORD", fmt::format("byte order '{}' is not supported", shown(order)),
             "1,2,3,4 and 4,3,2,1 can be read, and 3,4,1,2 of integers of 32 bits");
    for (std::size_t i = 0; i < fcs_.channels.size(); ++i) {
      const std::string key = fmt::format("$P{}B", i + 1);
      const std::uint64_t bits = number(key);
      const bool fits = layout.type == FcsDataType::float32 ? bits == 32
                        : layout.type == FcsDataType::float64
                            ? bits == 64
                            : bits == 8 || bits == 16 || bits == 24 || bits == 32 || bits == 64;
      if (fits && layout.words_swapped && bits != 32)
        refuse("fcs-unsupported", key,
               fmt::format("'{}' is {} bits, which byte order 3,4,1,2 does not fit", key, bits),
               "3,4,1,2 can be read of integers of 32 bits");
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

  void read_events(const Segment& where, const FcsLayout& layout) {
    // FCS 2.0 may leave the number of events to be counted.
    const bool counted = bytes_.starts_with("FCS2.0") && !keywords_.contains("$TOT");
    const std::uint64_t total = counted ? (where.end + 1 - where.begin) / layout.row : number("$TOT");
    const bool none = where.begin == 0 && where.end == 0;
    if (none && !counted && total != 0)
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
    fcs_.events.resize(static_cast<std::size_t>(total) * fcs_.channels.size());
    const auto wrong = decode_fcs_events(bytes_.substr(where.begin), layout, fcs_.events);
    if (wrong) {
      const std::string& name = fcs_.channels[*wrong % fcs_.channels.size()].name;
      refuse("fcs-bad-value", name,
             fmt::format("event {} of channel '{}' is not a finite number", *wrong / fcs_.channels.size() + 1,
                         shown(name)));
    }
  }

  std::string_view bytes_;
  const std::string& file_;
  std::map<std::string, std::string> keywords_;
  std::vector<std::pair<std::string, std::string>> keywords_in_order_;
  Fcs fcs_;
  std::size_t next_ = 0;
};

}  // namespace

Fcs read_fcs(std::string_view bytes, const std::string& file) {
  Reader reader(bytes, file);
  Fcs fcs = reader.read();
  if (reader.next() != 0)
    throw core::InputError({{"fcs-unsupported",
                             {file, 0, 0},
                             "$NEXTDATA",
                             "FCS: the file holds several data sets where one is expected",
                             "split the file"}});
  return fcs;
}

std::vector<Fcs> read_fcs_data_sets(std::string_view bytes, const std::string& file) {
  std::vector<Fcs> all;
  for (std::size_t begin = 0;;) {
    bytes.remove_prefix(begin);  // offsets count from the beginning of their data set
    Reader reader(bytes, file);
    all.push_back(reader.read());
    begin = reader.next();
    if (begin == 0) return all;
  }
}

bool linearise(Fcs& fcs) {
  bool any = false;
  const std::size_t width = fcs.channels.size();
  for (std::size_t c = 0; c < width; ++c) {
    FcsChannel& channel = fcs.channels[c];
    if (channel.decades <= 0.0) continue;
    any = true;
    const double scale = channel.decades / channel.range;
    for (std::size_t i = c; i < fcs.events.size(); i += width)
      fcs.events[i] = channel.offset * std::pow(10.0, scale * fcs.events[i]);
    channel.decades = 0.0;
    channel.offset = 1.0;
  }
  return any;
}

}  // namespace stroma::io

#include "io/fcs_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

namespace stroma::io {
namespace {

constexpr std::uint64_t header_size = 58;

std::optional<double> finite_number(std::string_view text) {
  text = fcs_trim(text);
  double value = 0.0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

const std::string& required(const FcsText& text, const std::string& key, const FcsProblems& problems) {
  const std::string* value = text.find(key);
  if (value == nullptr)
    problems.refuse("fcs-missing-keyword", key, fmt::format("keyword '{}' is missing", key));
  return *value;
}

std::uint64_t whole(const FcsText& text, const std::string& key, const FcsProblems& problems) {
  const std::string& value = required(text, key, problems);
  const auto number = fcs_whole(value);
  if (!number)
    problems.refuse("fcs-bad-keyword", key,
                    fmt::format("'{}' is '{}', not a whole number", key, fcs_shown(value)));
  return *number;
}

/// "4,1": four decades above 1. "4,0" is what many instruments write for "4,1", and the standard of 2010
/// says to read it so.
void read_amplifier(FcsText& text, const std::string& key, char type, FcsChannel& channel,
                    const FcsProblems& problems) {
  const std::string* said = text.find(key);
  if (said == nullptr) {
    if (type == 'I')
      text.note("fcs-no-amplifier", "$PnE is absent for a channel of integers; it was taken as linear");
    return;
  }
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= said->size();) {
    const std::size_t end = std::min(said->find(',', begin), said->size());
    parts.push_back(std::string_view(*said).substr(begin, end - begin));
    begin = end + 1;
  }
  const auto bad = [&] {
    problems.refuse("fcs-bad-keyword", key,
                    fmt::format("'{}' is '{}', not two numbers such as 0,0 or 4,1", key, fcs_shown(*said)));
  };
  std::string decades(parts[0]), offset(parts.size() > 1 ? parts[1] : "");
  if (parts.size() == 4) {  // written where the decimal point is a comma
    decades = fmt::format("{}.{}", parts[0], parts[1]);
    offset = fmt::format("{}.{}", parts[2], parts[3]);
  } else if (parts.size() != 2) {
    bad();
  }
  const auto first = finite_number(decades), second = finite_number(offset);
  if (!first || !second || *first < 0.0 || *second < 0.0 || *second > 1e6) bad();
  if (*first > 10.0)
    problems.refuse("fcs-bad-keyword", key, fmt::format("'{}' says {:g} decades", key, *first));
  // Only integers come from logarithmic amplifiers; some programs leave the keyword as it was.
  if (type != 'I') {
    if (*first > 0.0)
      text.note("fcs-amplifier-of-floats",
                "$PnE says decades for channels of decimal numbers; they were taken as linear, as FCS asks");
    return;
  }
  channel.decades = *first;
  channel.offset = *second > 0.0 ? *second : 1.0;
}

void read_range(FcsText& text, const std::string& key, char type, FcsChannel& channel,
                const FcsProblems& problems) {
  const std::string* said = text.find(key);
  const auto value = said == nullptr ? std::optional(0.0) : finite_number(*said);
  if (!value || *value < 0.0)
    problems.refuse("fcs-bad-keyword", key,
                    fmt::format("'{}' is '{}', not a positive number", key, fcs_shown(*said)));
  if (*value > 0.0) {
    channel.range = *value;
    return;
  }
  if (type == 'I') required(text, key, problems);
  if (type == 'I' && channel.decades > 0.0)
    problems.refuse(
        "fcs-bad-keyword", key,
        fmt::format("'{}' is '{}': the top of a logarithmic scale must be said", key, fcs_shown(*said)));
  text.note("fcs-no-range", "$PnR is absent or 0 for some channels; no bit of them was cleared");
  channel.range = type == 'I' ? 0x1p64 : 262144.0;
}

/// 'F', 'D' or 'I': $PnDATATYPE of FCS 3.2, or $DATATYPE.
char type_of(const FcsText& text, std::uint64_t channel, const FcsProblems& problems) {
  const std::string own = fmt::format("$P{}DATATYPE", channel);
  const std::string* value = text.find(own);
  const std::string& said = value != nullptr ? *value : required(text, "$DATATYPE", problems);
  const std::string_view type = fcs_trim(said);
  if (type != "F" && type != "D" && type != "I")
    problems.refuse("fcs-unsupported", value != nullptr ? own : "$DATATYPE",
                    fmt::format("data type '{}' is not supported", fcs_shown(said)),
                    "F, D and I can be read");
  return type.front();
}

/// An integer counts below the range rounded up to a power of two; higher bits may hold anything.
std::uint64_t mask_of(double range) {
  if (range >= 0x1p63) return ~std::uint64_t{0};
  return std::bit_ceil(static_cast<std::uint64_t>(std::ceil(range))) - 1;
}

void read_byte_order(const FcsText& text, FcsLayout& layout, const FcsProblems& problems) {
  std::string order;
  for (const char c : required(text, "$BYTEORD", problems))
    if (c != ' ') order += c;
  static constexpr std::string_view ascending = "1,2,3,4,5,6,7,8", descending = "8,7,6,5,4,3,2,1";
  const bool whole_list = order.size() % 2 == 1 && order.size() <= ascending.size();
  if (whole_list && order == ascending.substr(0, order.size())) return;
  if (whole_list && order.size() > 1 && order == descending.substr(descending.size() - order.size()))
    layout.big_endian = true;
  else if (order == "3,4,1,2")
    layout.words_swapped = true;
  else
    problems.refuse("fcs-unsupported", "$BYTEORD",
                    fmt::format("byte order '{}' is not supported", fcs_shown(order)),
                    "1,2,3,4 and 4,3,2,1 can be read, and 3,4,1,2 of integers of 32 bits");
}

/// The bits of every channel as $PnB says.
FcsLayout said_layout(const FcsText& text, const std::vector<FcsChannel>& channels,
                      const FcsProblems& problems) {
  FcsLayout layout;
  read_byte_order(text, layout, problems);
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const std::string key = fmt::format("$P{}B", i + 1);
    const char type = type_of(text, i + 1, problems);
    const std::uint64_t bits = whole(text, key, problems);
    const bool fits = type == 'F' ? bits == 32 : type == 'D' ? bits == 64 : bits >= 8 && bits <= 64;
    if (!fits)
      problems.refuse("fcs-unsupported", key,
                      fmt::format("'{}' is {} bits, which data type {} does not allow", key, bits, type));
    if (layout.words_swapped && (bits != 32 || type != 'I'))
      problems.refuse("fcs-unsupported", key,
                      fmt::format("'{}' is {} bits, which byte order 3,4,1,2 does not fit", key, bits),
                      "3,4,1,2 can be read of integers of 32 bits");
    layout.fields.push_back({type == 'F'   ? FcsDataType::float32
                             : type == 'D' ? FcsDataType::float64
                                           : FcsDataType::integer,
                             static_cast<int>(bits), type == 'I' ? mask_of(channels[i].range) : 0});
  }
  return layout;
}

/// An event in which each channel has the bits that `bits` makes of those said.
template <class Bits>
FcsLayout with_bits(FcsLayout layout, Bits bits) {
  layout.row = 0;
  for (FcsField& field : layout.fields) {
    field.bits = bits(field.bits);
    layout.row += static_cast<std::uint64_t>(field.bits);
  }
  return layout;
}

/// The ways in which events of these bits are written: whole bytes, as most programs do whatever $PnB says;
/// without gaps inside an event; without any gap.
std::vector<FcsLayout> possible_layouts(const FcsLayout& said) {
  std::vector<FcsLayout> out;
  const auto bytes = [](int bits) { return (bits + 7) / 8 * 8; };
  out.push_back(with_bits(said, bytes));
  if (std::all_of(said.fields.begin(), said.fields.end(), [](const FcsField& f) { return f.bits % 8 == 0; }))
    return out;
  FcsLayout words = with_bits(
      said, [&](int bits) { return static_cast<int>(std::bit_ceil(static_cast<unsigned>(bytes(bits)))); });
  if (words.row != out.front().row) out.push_back(std::move(words));
  FcsLayout packed = with_bits(said, [](int bits) { return bits; });
  packed.packed = true;
  FcsLayout stream = packed;
  packed.row = (packed.row + 7) / 8 * 8;
  if (stream.row != packed.row) out.push_back(std::move(stream));
  out.push_back(std::move(packed));
  return out;
}

/// Whether numbers read from here look like a detector's: a place that is wrong by a byte gives exponents at
/// random. `share`: of the first values of decimal channels; 1 where there is none.
double share_of_sense(std::string_view bytes, std::uint64_t begin, std::uint64_t events,
                      const FcsLayout& layout, const std::vector<FcsChannel>& channels) {
  if (layout.packed) return 1.0;
  std::vector<double> values(static_cast<std::size_t>(std::min<std::uint64_t>(events, 500)) *
                             channels.size());
  decode_fcs_events(bytes.substr(static_cast<std::size_t>(begin)), layout, values);
  std::size_t all = 0, good = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t c = i % channels.size();
    if (layout.fields[c].type == FcsDataType::integer) continue;
    ++all;
    const double size = std::fabs(values[i]);
    if (size == 0.0 || (size > 1e-12 && size < 1e3 * std::max(channels[c].range, 1e6))) ++good;
  }
  return all == 0 ? 1.0 : static_cast<double>(good) / static_cast<double>(all);
}

struct Place {
  FcsSegment segment;
  const char* by = "";
};

struct Fit {
  std::uint64_t begin = 0;
  std::size_t layout = 0;
  const char* by = "";
  bool exact = false;
};

class Finder {
 public:
  Finder(std::string_view bytes, FcsText& text, const std::vector<FcsChannel>& channels,
         const FcsProblems& problems)
      : bytes_(bytes), text_(text), channels_(channels), problems_(problems) {}

  FcsData find() {
    said_ = said_layout(text_, channels_, problems_);
    layouts_ = possible_layouts(said_);
    const bool counted = text_.find("$TOT") != nullptr;
    if (counted) total_ = whole(text_, "$TOT", problems_);
    places_ = places();
    if (places_.empty()) return none(counted);
    if (!counted) count_events();
    if (total_ == 0) return {layouts_.front(), 0, 0};
    std::vector<Fit> fits = all_fits();
    if (!fits.empty() && fits.front().layout != fits.back().layout)  // as long in whole bytes as without gaps
      std::erase_if(fits, [&](const Fit& fit) { return beyond_bits(fit); });
    if (fits.empty()) refuse();
    const Fit& best = choose(fits);
    say(best);
    return {layouts_[best.layout], best.begin, total_};
  }

 private:
  FcsData none(bool counted) const {
    if (counted && total_ != 0)
      problems_.refuse("fcs-wrong-total", "$TOT",
                       fmt::format("$TOT says {} events, but there is no DATA segment", total_));
    return {layouts_.front(), 0, 0};
  }

  /// Header and keywords; the header holds zeros where an offset has nine digits or more, and the keywords
  /// are absent in FCS 2.0 and zeros in some files of FCS 3.0.
  std::vector<Place> places() {
    const auto offset = [&](const char* key) {
      return text_.find(key) == nullptr ? std::uint64_t{0} : whole(text_, key, problems_);
    };
    const FcsSegment keywords{offset("$BEGINDATA"), offset("$ENDDATA")};
    std::vector<Place> out;
    if (keywords.begin != 0) out.push_back({keywords, "the keywords"});
    if (text_.data.begin != 0) out.push_back({text_.data, "the header"});
    if (keywords.begin == 0 && text_.data.begin != 0 && !text_.version2 &&
        text_.find("$BEGINDATA") == nullptr)
      text_.note("fcs-no-offsets", "$BEGINDATA is absent; DATA was taken where the header says");
    for (const Place& place : out)
      if (place.segment.end == std::numeric_limits<std::uint64_t>::max()) impossible(place.segment);
    return out;
  }

  [[noreturn]] void impossible(const FcsSegment& s) const {
    problems_.refuse("fcs-bad-offset", "$BEGINDATA",
                     fmt::format("the DATA segment from {} to {} is impossible", s.begin, s.end));
  }

  /// $TOT may be absent in FCS 2.0, and is in some files of FCS 3.
  void count_events() {
    for (const Place& place : places_) {
      const FcsSegment& s = place.segment;
      const std::uint64_t row = layouts_.front().row / 8;
      if (s.end + 1 < s.begin || s.begin <= text_.text.end) continue;
      const std::uint64_t length = s.end + 1 - s.begin;
      if (length % row > 1)  // one byte: an end that is one too large
        problems_.refuse(
            "fcs-wrong-total", "DATA",
            fmt::format("there is no $TOT, and the DATA segment of {} bytes is no whole number of "
                        "events of {} bytes",
                        length, row));
      total_ = length / row;
      if (layouts_.size() > 1)
        problems_.refuse("fcs-missing-keyword", "$TOT",
                         "without $TOT integers of parts of a byte cannot be placed");
      if (!text_.version2)
        text_.note("fcs-no-total", "$TOT is absent; the events were counted from the size of DATA");
      return;
    }
    impossible(places_.front().segment);
  }

  /// Bytes of all events; nothing where the number is larger than any file.
  std::optional<std::uint64_t> size_of(const FcsLayout& layout) const {
    if (total_ > 8 * bytes_.size() / layout.row + 1) return std::nullopt;
    return (total_ * layout.row + 7) / 8;
  }

  bool inside(std::uint64_t begin, std::uint64_t size) const {
    return begin >= header_size && (begin > text_.text.end || begin + size <= text_.text.begin) &&
           begin < bytes_.size() && size <= bytes_.size() - begin;
  }

  std::vector<Fit> all_fits() const {
    std::vector<Fit> fits;
    for (const bool exact : {true, false}) {
      for (std::size_t k = 0; k < layouts_.size(); ++k)
        for (const Place& place : places_) {
          const auto size = size_of(layouts_[k]);
          const FcsSegment& s = place.segment;
          if (!size || !inside(s.begin, *size)) continue;
          const bool open_end = s.end == 0, ends = s.end >= s.begin;
          // Longer by less than an event: an end that is one too large, or padding.
          const std::uint64_t row = std::max<std::uint64_t>(layouts_[k].row / 8, 1);
          const std::uint64_t length = ends ? s.end - s.begin + 1 : 0;
          const bool fits_exactly = ends && length == *size;
          const bool fits_nearly = (ends && length > *size && length - *size < row) || open_end;
          if (exact ? fits_exactly : fits_nearly) fits.push_back({s.begin, k, place.by, exact});
        }
      if (!fits.empty()) break;
    }
    return fits;
  }

  /// Whether integers in whole bytes have bits beyond $PnB, so that they are no such integers.
  bool beyond_bits(const Fit& fit) const {
    FcsLayout layout = layouts_[fit.layout];
    if (layout.packed) return false;
    for (std::size_t c = 0; c < channels_.size(); ++c)
      if (said_.fields[c].bits < 64) layout.fields[c].mask = (std::uint64_t{1} << said_.fields[c].bits) - 1;
    std::vector<double> values(static_cast<std::size_t>(std::min<std::uint64_t>(total_, 500)) *
                               channels_.size());
    const FcsDecoded decoded =
        decode_fcs_events(bytes_.substr(static_cast<std::size_t>(fit.begin)), layout, values);
    return std::any_of(decoded.masked.begin(), decoded.masked.end(), [](std::size_t n) { return n > 0; });
  }

  /// Among several places the one whose numbers make sense, or, where all do, the one right behind TEXT.
  const Fit& choose(const std::vector<Fit>& fits) const {
    const Fit* best = &fits.front();
    const auto same = [&](const Fit& fit) { return fit.begin == best->begin; };
    if (std::all_of(fits.begin(), fits.end(), same)) return *best;
    double most = -1.0;
    bool doubtful = false;
    for (const Fit& fit : fits) {
      const double share = share_of_sense(bytes_, fit.begin, total_, layouts_[fit.layout], channels_);
      if (share > most + 0.05) {
        doubtful = false;
        best = &fit;
      } else if (share > most - 0.05 && !same(fit)) {
        doubtful = true;
      }
      most = std::max(most, share);
    }
    if (!doubtful) return *best;
    for (const Fit& fit : fits)
      if (fit.begin == text_.text.end + 1) return fit;
    problems_.refuse("fcs-bad-offset", "$BEGINDATA",
                     fmt::format("the header puts DATA at {} to {}, the keywords at another place, and both "
                                 "could be",
                                 text_.data.begin, text_.data.end));
  }

  void say(const Fit& fit) {
    if (!fit.exact)
      text_.note("fcs-data-end",
                 "the end of DATA is not where its events end ($ENDDATA one too large is "
                 "common); $TOT events were read from its begin");
    for (const Place& place : places_)
      if (place.by != fit.by && (place.segment.begin != fit.begin ||
                                 (fit.exact && place.segment.end != end_of(fit) && place.segment.end != 0)))
        text_.note("fcs-offsets-differ",
                   fmt::format("header and keywords put DATA at different places; that of "
                               "{} fits $TOT and was taken",
                               fit.by));
    if (layouts_.size() > 1)
      text_.note("fcs-bits",
                 layouts_[fit.layout].packed
                     ? "integers of parts of a byte lie without gaps, which agrees with the size of DATA; "
                       "the order of bits follows $BYTEORD"
                     : "$PnB says parts of a byte, but whole bytes agree with the size of DATA");
  }

  std::uint64_t end_of(const Fit& fit) const { return fit.begin + *size_of(layouts_[fit.layout]) - 1; }

  [[noreturn]] void refuse() const {
    const FcsSegment& s = places_.front().segment;
    const auto size = size_of(layouts_.front());
    // FCS allows an empty segment to be written as end = begin - 1.
    if (s.begin < header_size || (s.end != 0 && s.end + 1 < s.begin)) impossible(s);
    if (size && s.end - s.begin + 1 == *size && s.end >= bytes_.size())
      problems_.refuse(
          "fcs-truncated", "DATA",
          fmt::format("the DATA segment ends at byte {}, the file has {}", s.end, bytes_.size()));
    if (size && s.end - s.begin + 1 == *size)
      problems_.refuse("fcs-bad-offset", "$BEGINDATA",
                       fmt::format("the DATA segment from {} to {} lies in TEXT", s.begin, s.end));
    problems_.refuse(
        s.end >= bytes_.size() ? "fcs-truncated" : "fcs-wrong-total", "$TOT",
        fmt::format("$TOT says {} events of {} bytes, but the DATA segment from {} to {} has {} bytes (the "
                    "file {})",
                    total_, layouts_.front().row / 8, s.begin, s.end, s.end + 1 - s.begin, bytes_.size()));
  }

  std::string_view bytes_;
  FcsText& text_;
  const std::vector<FcsChannel>& channels_;
  const FcsProblems& problems_;
  FcsLayout said_;
  std::vector<FcsLayout> layouts_;
  std::vector<Place> places_;
  std::uint64_t total_ = 0;
};

}  // namespace

std::vector<FcsChannel> fcs_channels(FcsText& text, const FcsProblems& problems) {
  const std::uint64_t count = whole(text, "$PAR", problems);
  if (count == 0 || count > text.keywords.size())  // each channel has keywords of its own
    problems.refuse(
        "fcs-bad-keyword", "$PAR",
        fmt::format("$PAR says {} channels, but there are only {} keywords", count, text.keywords.size()));
  if (text.find("$MODE") != nullptr && fcs_trim(*text.find("$MODE")) != "L")
    problems.refuse("fcs-unsupported", "$MODE",
                    fmt::format("mode '{}' is not supported", fcs_shown(*text.find("$MODE"))),
                    "list mode (L) can be read");
  std::vector<FcsChannel> channels;
  for (std::uint64_t i = 1; i <= count; ++i) {
    FcsChannel channel;
    const std::string* name = text.find(fmt::format("$P{}N", i));
    if (name == nullptr && !text.version2) required(text, fmt::format("$P{}N", i), problems);
    channel.name = name == nullptr ? fmt::format("P{}", i) : std::string(fcs_trim(*name));
    if (name == nullptr) text.note("fcs-no-name", "$PnN is absent; channels are called P1, P2, ...");
    if (const std::string* stain = text.find(fmt::format("$P{}S", i))) channel.stain = fcs_trim(*stain);
    const char type = type_of(text, i, problems);
    read_amplifier(text, fmt::format("$P{}E", i), type, channel, problems);
    read_range(text, fmt::format("$P{}R", i), type, channel, problems);
    channels.push_back(std::move(channel));
  }
  return channels;
}

FcsData find_fcs_data(std::string_view bytes, FcsText& text, const std::vector<FcsChannel>& channels,
                      const FcsProblems& problems) {
  return Finder(bytes, text, channels, problems).find();
}

}  // namespace stroma::io

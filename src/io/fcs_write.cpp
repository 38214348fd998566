#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/errors.hpp"
#include "io/fcs.hpp"

namespace stroma::io {
namespace {

constexpr std::size_t header_size = 58;  // version, four blanks, six offsets of eight characters
constexpr std::size_t largest_header_offset = 99'999'999;

using Keywords = std::vector<std::pair<std::string, std::string>>;

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

// Keywords that say how the file is laid out; a second opinion on them would make it unreadable.
bool is_layout(const std::string& key) {
  static constexpr std::string_view fixed[] = {"$BEGINANALYSIS", "$ENDANALYSIS", "$BEGINSTEXT", "$ENDSTEXT",
                                               "$BEGINDATA",     "$ENDDATA",     "$BYTEORD",    "$DATATYPE",
                                               "$MODE",          "$NEXTDATA",    "$PAR",        "$TOT"};
  if (std::find(std::begin(fixed), std::end(fixed), key) != std::end(fixed)) return true;
  if (key.size() < 4 || !key.starts_with("$P") ||
      std::string_view("BENRS").find(key.back()) == std::string_view::npos)
    return false;
  return std::all_of(key.begin() + 2, key.end() - 1, [](char c) { return c >= '0' && c <= '9'; });
}

// A keyword or value must not begin with the delimiter (doubled, it could not be told from the end of the one
// before), so the first delimiter that occurs nowhere is taken; failing that, one that begins nothing.
char choose_delimiter(const Keywords& keywords) {
  static constexpr std::string_view candidates = "|/\\!~^;\x1e\x0c";
  const auto fits = [&](auto clashes) {
    return std::none_of(keywords.begin(), keywords.end(),
                        [&](const auto& entry) { return clashes(entry.first) || clashes(entry.second); });
  };
  for (const char c : candidates)
    if (fits([c](const std::string& text) { return text.find(c) != std::string::npos; })) return c;
  for (const char c : candidates)
    if (fits([c](const std::string& text) { return text.front() == c; })) return c;
  throw core::InternalError("FCS keywords leave no character free as delimiter");
}

std::string text_segment(const Keywords& keywords, char delimiter) {
  std::string out(1, delimiter);
  const auto append = [&](const std::string& text) {
    for (const char c : text) {
      if (c == delimiter) out += c;
      out += c;
    }
    out += delimiter;
  };
  for (const auto& [key, value] : keywords) {
    append(key);
    append(value);
  }
  return out;
}

Keywords all_keywords(const Fcs& fcs) {
  using core::require;
  Keywords keywords = {{"$BEGINANALYSIS", "0"}, {"$ENDANALYSIS", "0"},   {"$BEGINSTEXT", "0"},
                       {"$ENDSTEXT", "0"},      {"$BYTEORD", "1,2,3,4"}, {"$DATATYPE", "F"},
                       {"$MODE", "L"},          {"$NEXTDATA", "0"}};
  keywords.emplace_back("$PAR", fmt::format("{}", fcs.channels.size()));
  keywords.emplace_back("$TOT", fmt::format("{}", fcs.event_count()));
  for (std::size_t i = 0; i < fcs.channels.size(); ++i) {
    const FcsChannel& channel = fcs.channels[i];
    require(!channel.name.empty() && channel.name.find(',') == std::string::npos,
            "an FCS channel needs a name without comma");
    require(std::isfinite(channel.range) && channel.range > 0.0,
            "the range of an FCS channel is a positive number");
    for (std::size_t j = 0; j < i; ++j)
      require(fcs.channels[j].name != channel.name, "two FCS channels have the same name");
    const auto key = [i](char letter) { return fmt::format("$P{}{}", i + 1, letter); };
    keywords.emplace_back(key('B'), "32");
    keywords.emplace_back(key('E'), "0,0");
    keywords.emplace_back(key('N'), channel.name);
    // Readers take $PnR for a whole number.
    keywords.emplace_back(key('R'), fmt::format("{:.0f}", std::ceil(channel.range)));
    if (!channel.stain.empty()) keywords.emplace_back(key('S'), channel.stain);
  }
  Keywords given = fcs.keywords;
  if (fcs.keyword("$CYT") == nullptr) given.emplace_back("$CYT", "Stroma");
  for (const auto& [name, value] : given) {
    const std::string key = upper(name);
    require(!key.empty() && !value.empty(), "an FCS keyword needs a name and a value");
    require(!is_layout(key), "an FCS keyword of the layout is the writer's own");
    require(std::all_of(key.begin(), key.end(), [](char c) { return c >= 0x20 && c < 0x7F; }),
            "an FCS keyword is printable ASCII");
    for (const auto& [other, unused] : keywords) require(other != key, "an FCS keyword is given twice");
    keywords.emplace_back(key, value);
  }
  return keywords;
}

void append_float(std::string& out, double value) {
  core::require(std::isfinite(value) && std::abs(value) <= std::numeric_limits<float>::max(),
                "an FCS event must be a finite float32");
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((bits >> shift) & 0xFFu);
}

}  // namespace

const std::string* Fcs::keyword(std::string_view name) const {
  for (const auto& [key, value] : keywords)
    if (key == name) return &value;
  return nullptr;
}

std::string write_fcs(const Fcs& fcs) {
  core::require(!fcs.channels.empty(), "an FCS file needs at least one channel");
  core::require(fcs.events.size() % fcs.channels.size() == 0, "the FCS events are not whole rows");
  Keywords keywords = all_keywords(fcs);
  const std::size_t data_size = fcs.events.size() * 4;

  // The offsets stand in the text whose length they depend on. Written with a fixed width, they do not change
  // it.
  const std::size_t at = keywords.size();
  const auto fixed = [](std::size_t value) { return fmt::format("{:020}", value); };
  keywords.emplace_back("$BEGINDATA", fixed(0));
  keywords.emplace_back("$ENDDATA", fixed(0));
  const char delimiter = choose_delimiter(keywords);
  const std::size_t text_begin = header_size;
  const std::size_t data_begin = text_begin + text_segment(keywords, delimiter).size();
  const std::size_t data_end =
      data_size == 0 ? 0 : data_begin + data_size - 1;  // the last byte, not one beyond
  const std::size_t first_data = data_size == 0 ? 0 : data_begin;
  keywords[at].second = fixed(first_data);
  keywords[at + 1].second = fixed(data_end);
  const std::string text = text_segment(keywords, delimiter);
  core::require(data_begin - 1 <= largest_header_offset, "the TEXT segment of an FCS file is too long");

  const bool in_header = data_end <= largest_header_offset;
  std::string out = fmt::format("FCS3.1    {:>8}{:>8}{:>8}{:>8}{:>8}{:>8}", text_begin, data_begin - 1,
                                in_header ? first_data : 0, in_header ? data_end : 0, 0, 0);
  out.reserve(data_begin + data_size + 8);
  out += text;
  for (const double value : fcs.events) append_float(out, value);
  out += "00000000";
  return out;
}

}  // namespace stroma::io

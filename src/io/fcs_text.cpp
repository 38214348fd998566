#include "io/fcs_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/diagnostics.hpp"
#include "core/text.hpp"

namespace stroma::io {
namespace {

constexpr std::size_t header_size = 58;
constexpr std::string_view padding("\0\r\n\t ", 5);

std::string upper(std::string_view text) {
  std::string key(fcs_trim(text));
  for (char& c : key)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return key;
}

/// Keywords without which no event can be read; said twice and differently they cannot be believed.
bool is_layout(std::string_view key) {
  static constexpr std::array<std::string_view, 7> fixed{"$BYTEORD", "$DATATYPE",  "$MODE",   "$PAR",
                                                         "$TOT",     "$BEGINDATA", "$ENDDATA"};
  if (std::find(fixed.begin(), fixed.end(), key) != fixed.end()) return true;
  if (key.size() < 4 || !key.starts_with("$P") ||
      std::string_view("BENR").find(key.back()) == std::string_view::npos)
    return false;
  return std::all_of(key.begin() + 2, key.end() - 1, [](char c) { return c >= '0' && c <= '9'; });
}

/// What two delimiters in a row mean.
enum class Doubled {
  literal,      ///< the standard: the character itself
  empty_value,  ///< inside a value the character itself, behind a keyword an empty value
  separate,     ///< never the character: an empty word
};

struct Words {
  std::vector<std::string> all;  ///< key, value, key, value, ...
  bool closed = true;            ///< the last one ends with its delimiter
};

Words split(std::string_view text, Doubled doubled) {
  const char delimiter = text[0];
  Words out;
  std::string word;
  bool open = false;  // inside a word that no delimiter has closed yet
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool in_value = out.all.size() % 2 == 1 && !word.empty();
    if (text[i] != delimiter) {
      word += text[i];
      open = true;
    } else if (i + 1 < text.size() && text[i + 1] == delimiter && doubled != Doubled::separate &&
               (doubled == Doubled::literal || in_value)) {
      word += delimiter;
      open = true;
      ++i;
    } else {
      out.all.push_back(std::move(word));
      word.clear();
      open = false;
    }
  }
  // Blanks after the last delimiter are padding that some instruments write.
  if (open && word.find_first_not_of(padding) != std::string::npos) {
    while (padding.find(word.back()) != std::string_view::npos) word.pop_back();
    out.all.push_back(std::move(word));
    out.closed = false;
  }
  while (out.all.size() % 2 == 1 && out.all.back().find_first_not_of(padding) == std::string::npos)
    out.all.pop_back();  // a delimiter too many at the end
  return out;
}

/// How much speaks against a reading: a last word without delimiter, keywords that are empty, hold the
/// delimiter or contradict another, and those of the layout that are missing.
std::size_t against(const Words& words, char delimiter, bool supplement) {
  std::size_t faults = words.all.size() % 2 + (words.closed ? 0 : 1);
  std::map<std::string, std::string> found;
  for (std::size_t i = 0; i + 1 < words.all.size(); i += 2) {
    const std::string key = upper(words.all[i]);
    if (key.empty() || key.find(delimiter) != std::string::npos) ++faults;
    const auto [at, is_new] = found.emplace(key, words.all[i + 1]);
    if (!is_new && at->second != words.all[i + 1]) ++faults;
  }
  if (supplement) return faults;
  std::vector<std::string> wanted{"$PAR", "$MODE", "$DATATYPE", "$BYTEORD"};
  const auto count = found.find("$PAR");
  const auto channels = count == found.end() ? std::nullopt : fcs_whole(count->second);
  for (std::uint64_t c = 1; channels && c <= *channels && c <= words.all.size(); ++c)
    for (const char letter : {'B', 'N', 'R'}) wanted.push_back(fmt::format("$P{}{}", c, letter));
  for (const std::string& key : wanted) faults += found.contains(key) ? 0 : 1;
  return faults;
}

class Reader {
 public:
  Reader(std::string_view bytes, const FcsProblems& problems) : bytes_(bytes), problems_(problems) {}

  FcsText read() {
    read_header();
    read_text();
    read_supplement();
    return std::move(out_);
  }

 private:
  std::optional<std::uint64_t> header_offset(std::size_t index) const {
    const std::string_view field = bytes_.substr(10 + 8 * index, 8);
    if (fcs_trim(field).empty()) return std::uint64_t{0};  // allowed for segments that are not there
    return fcs_whole(field);
  }

  void read_header() {
    if (!bytes_.starts_with("FCS")) problems_.refuse("fcs-not-fcs", {}, "the file does not begin with 'FCS'");
    if (bytes_.size() < header_size)
      problems_.refuse("fcs-truncated", {},
                       fmt::format("the header needs {} bytes, the file has {}", header_size, bytes_.size()));
    const std::string version = core::replace_invalid_utf8(bytes_.substr(0, 6));
    if (version != "FCS2.0" && version != "FCS3.0" && version != "FCS3.1" && version != "FCS3.2")
      problems_.refuse("fcs-version", {}, fmt::format("version '{}' is not supported", version),
                       "FCS2.0, FCS3.0, FCS3.1 and FCS3.2 can be read");
    out_.version2 = version == "FCS2.0";
    const auto begin = header_offset(0), end = header_offset(1), data = header_offset(2),
               data_end = header_offset(3);
    for (const auto& [value, index] : {std::pair{begin, 0}, {end, 1}})
      if (!value)
        problems_.refuse(
            "fcs-bad-offset", "TEXT",
            fmt::format(
                "the header's {} of TEXT is '{}', not a number", index == 0 ? "begin" : "end",
                core::replace_invalid_utf8(bytes_.substr(10 + 8 * static_cast<std::size_t>(index), 8))));
    out_.text = {*begin, *end};
    if (data && data_end)
      out_.data = {*data, *data_end};
    else
      out_.note("fcs-header", "the header's place of DATA is no number; the keywords say it");
    if (out_.text.begin < header_size || out_.text.end <= out_.text.begin)
      problems_.refuse(
          "fcs-bad-offset", "TEXT",
          fmt::format("the TEXT segment from {} to {} is impossible", out_.text.begin, out_.text.end));
    if (out_.text.end >= bytes_.size())
      problems_.refuse(
          "fcs-truncated", "TEXT",
          fmt::format("the TEXT segment ends at byte {}, the file has {}", out_.text.end, bytes_.size()));
  }

  /// TEXT may be said to end a byte too late (inside DATA) or too early (before its last delimiter).
  std::string_view text_bytes() {
    std::uint64_t end = out_.text.end;
    if (out_.data.begin == end) --end;
    const char delimiter = bytes_[out_.text.begin];
    const std::string_view said = bytes_.substr(out_.text.begin, end - out_.text.begin + 1);
    const std::size_t last = said.find_last_not_of(padding);
    if (last != std::string_view::npos && said[last] != delimiter && last + 1 == said.size() &&
        out_.data.begin > end + 1 && out_.data.begin <= bytes_.size()) {
      const std::string_view gap = bytes_.substr(end + 1, out_.data.begin - end - 1);
      const std::size_t at = gap.find(delimiter), blank = gap.find_first_of(padding);
      if (at < blank) end += at + 1;
    }
    if (end != out_.text.end) {
      out_.note("fcs-text-end",
                "the header's end of TEXT is not where its last delimiter is; that was taken");
      out_.text.end = end;
    }
    return bytes_.substr(out_.text.begin, end - out_.text.begin + 1);
  }

  void read_text() {
    const std::string_view text = text_bytes();
    const char delimiter = text[0];
    if (delimiter == '\0' || static_cast<unsigned char>(delimiter) > 126)
      problems_.refuse(
          "fcs-bad-text", "TEXT",
          fmt::format("the delimiter {} is not a printable character", core::show_byte(delimiter)));
    add(words_of(text, false));
  }

  /// The reading of doubled delimiters against which least speaks; the standard's first.
  std::vector<std::string> words_of(std::string_view text, bool supplement) {
    Words best = split(text, Doubled::literal);
    std::size_t least = against(best, text[0], supplement);
    bool other = false;
    if (least > 0)
      for (const Doubled doubled : {Doubled::empty_value, Doubled::separate}) {
        Words words = split(text, doubled);
        const std::size_t faults = against(words, text[0], supplement);
        if (faults < least) {
          best = std::move(words);
          least = faults;
          other = true;
        }
      }
    if (best.all.size() % 2 != 0 || best.all.empty())
      problems_.refuse("fcs-bad-text", supplement ? "$BEGINSTEXT" : "TEXT",
                       best.all.empty()
                           ? "there are no keywords"
                           : fmt::format("the last keyword '{}' has no value", fcs_shown(best.all.back())));
    if (other)
      out_.note("fcs-empty-values", "keywords have empty values, which FCS forbids; they were left empty");
    if (!best.closed)
      out_.note("fcs-no-last-delimiter",
                "TEXT does not end with its delimiter; its last value was taken whole");
    return std::move(best.all);
  }

  void add(const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); i += 2) {
      std::string key = upper(words[i]);
      if (key.empty()) problems_.refuse("fcs-bad-text", "TEXT", "a keyword is empty");
      key = core::replace_invalid_utf8(key);
      const std::string value = core::replace_invalid_utf8(words[i + 1]);  // Latin-1 is common in FCS 3.0
      const auto [at, is_new] = out_.keywords.emplace(key, value);
      if (is_new) {
        out_.in_order.emplace_back(key, value);
      } else if (fcs_trim(at->second) != fcs_trim(value)) {
        if (is_layout(key))
          problems_.refuse("fcs-duplicate-keyword", key,
                           fmt::format("keyword '{}' is there twice, as '{}' and as '{}'", fcs_shown(key),
                                       fcs_shown(at->second), fcs_shown(value)));
        out_.note("fcs-doubled-keyword",
                  fmt::format("keyword '{}' is there twice with different values; the first was taken",
                              fcs_shown(key)));
      }
    }
  }

  /// Further keywords of FCS 3 in a segment of their own; some instruments point at TEXT again, or nowhere.
  void read_supplement() {
    if (out_.version2) return;
    const auto offset = [&](const char* key) {
      const std::string* text = out_.find(key);
      return text == nullptr ? std::uint64_t{0} : fcs_whole(*text).value_or(0);
    };
    const FcsSegment segment{offset("$BEGINSTEXT"), offset("$ENDSTEXT")};
    if (segment.begin == 0 || segment.end <= segment.begin) return;
    if (segment.begin <= out_.text.end && segment.end >= out_.text.begin) return;  // TEXT once more
    if (segment.begin < header_size || segment.end >= bytes_.size())
      problems_.refuse(segment.begin < header_size ? "fcs-bad-offset" : "fcs-truncated", "$BEGINSTEXT",
                       fmt::format("the supplemental TEXT segment from {} to {} lies outside the file of {} "
                                   "bytes",
                                   segment.begin, segment.end, bytes_.size()));
    const std::string_view text = bytes_.substr(segment.begin, segment.end - segment.begin + 1);
    if (std::any_of(text.begin(), text.begin() + std::min<std::ptrdiff_t>(16, std::ssize(text)),
                    [](char c) { return c == '\0' || static_cast<unsigned char>(c) < 9; })) {
      out_.note("fcs-supplement", "the supplemental TEXT holds no keywords; it was left aside");
      return;
    }
    add(words_of(text, true));
  }

  std::string_view bytes_;
  const FcsProblems& problems_;
  FcsText out_;
};

}  // namespace

const std::string* FcsText::find(const std::string& key) const {
  const auto found = keywords.find(key);
  return found == keywords.end() || fcs_trim(found->second).empty() ? nullptr : &found->second;
}

void FcsText::note(const std::string& code, std::string message) {
  const bool there = std::any_of(notes.begin(), notes.end(),
                                 [&](const FcsNote& n) { return n.code == code && n.message == message; });
  if (!there) notes.push_back({code, std::move(message)});
}

void FcsProblems::refuse(std::string code, std::string key, std::string message, std::string hint) const {
  if (hint.empty())
    hint = code == "fcs-not-fcs"
               ? "give the files that the cytometer's program exports as FCS 2.0, 3.0, 3.1 or 3.2"
               : "the file is damaged or breaks the standard: export or copy it again";
  throw core::InputError(
      {{std::move(code), {file_, 0, 0}, std::move(key), "FCS: " + std::move(message), std::move(hint)}});
}

FcsText read_fcs_text(std::string_view bytes, const FcsProblems& problems) {
  return Reader(bytes, problems).read();
}

std::string_view fcs_trim(std::string_view text) {
  while (!text.empty() && padding.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
  while (!text.empty() && padding.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  return text;
}

std::optional<std::uint64_t> fcs_whole(std::string_view text) {
  text = fcs_trim(text);
  std::uint64_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string fcs_shown(std::string_view text) {
  return core::replace_invalid_utf8(text.substr(0, 60));
}

}  // namespace stroma::io

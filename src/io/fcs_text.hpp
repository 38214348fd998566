// The header and the keywords of an FCS data set, as instruments write them and not only as the standard
// asks: empty values, no last delimiter, doubled keywords. What is read against the standard is noted.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/fcs.hpp"

namespace stroma::io {

/// First and last byte, counted from the beginning of the data set; both 0 where there is none.
struct FcsSegment {
  std::uint64_t begin = 0, end = 0;
};

/// What stands before the events.
struct FcsText {
  bool version2 = false;  ///< FCS 2.0: offsets in the header alone, and fewer keywords required
  FcsSegment text, data;  ///< as the header says; `data` is 0, 0 where it does not
  std::map<std::string, std::string> keywords;
  std::vector<std::pair<std::string, std::string>> in_order;
  std::vector<FcsNote> notes;

  /// The value of a keyword without blanks around it, or null.
  const std::string* find(const std::string& key) const;
  void note(const std::string& code, std::string message);
};

/// Where problems of a data set are reported.
class FcsProblems {
 public:
  explicit FcsProblems(std::string file) : file_(std::move(file)) {}
  /// Throws core::InputError; without a hint it says that the file is damaged.
  [[noreturn]] void refuse(std::string code, std::string key, std::string message,
                           std::string hint = {}) const;

 private:
  std::string file_;
};

/// Header, TEXT and supplemental TEXT of the data set that begins at the first of `bytes`. Throws
/// core::InputError: fcs-not-fcs, fcs-version, fcs-truncated, fcs-bad-offset, fcs-bad-text,
/// fcs-duplicate-keyword (one of the layout that is said twice and differently).
FcsText read_fcs_text(std::string_view bytes, const FcsProblems& problems);

/// Without blanks before and after.
std::string_view fcs_trim(std::string_view text);
/// A whole number with blanks around it, or nothing.
std::optional<std::uint64_t> fcs_whole(std::string_view text);
/// The first characters of a value for a message, as valid UTF-8.
std::string fcs_shown(std::string_view text);

}  // namespace stroma::io

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/diagnostics.hpp"
#include "core/text.hpp"
#include "io/fcs.hpp"
#include "io/fcs_layout.hpp"

namespace stroma::io {
namespace {

constexpr std::size_t header_size = 58;

/// Where the next data set begins, counted from this one; 0: nowhere. Some programs count it from the
/// beginning of the file, `base` bytes before.
std::size_t next_data_set(std::string_view bytes, std::size_t base, FcsText& text,
                          const FcsProblems& problems) {
  const std::string* said = text.find("$NEXTDATA");
  if (said == nullptr) return 0;  // required by the standard, absent in some files
  const auto next = fcs_whole(*said);
  if (!next)
    problems.refuse("fcs-bad-keyword", "$NEXTDATA",
                    fmt::format("'$NEXTDATA' is '{}', not a whole number", fcs_shown(*said)));
  if (*next == 0) return 0;
  const auto begins = [&](std::uint64_t at) {
    return at > text.text.end && at < bytes.size() &&
           bytes.substr(static_cast<std::size_t>(at)).starts_with("FCS");
  };
  if (begins(*next)) return static_cast<std::size_t>(*next);
  if (*next > base && begins(*next - base)) return static_cast<std::size_t>(*next - base);
  if (*next > text.text.end && *next + header_size >= bytes.size()) {
    text.note("fcs-next-data", "$NEXTDATA names a further data set, but the file ends before it");
    return 0;
  }
  problems.refuse(
      "fcs-bad-offset", "$NEXTDATA",
      fmt::format("$NEXTDATA says that the next data set begins at byte {}, and none begins there", *next));
}

/// Leaves out the events that hold no number in a channel that otherwise has numbers.
void leave_out(Fcs& fcs, const FcsDecoded& decoded) {
  const std::size_t width = fcs.channels.size(), events = fcs.event_count();
  std::vector<std::size_t> checked;
  std::string names;
  for (std::size_t c = 0; c < width; ++c) {
    if (decoded.not_finite[c] == 0) continue;
    fcs.channels[c].has_numbers = 2 * decoded.not_finite[c] <= events;
    if (fcs.channels[c].has_numbers)
      checked.push_back(c);
    else
      fcs.notes.push_back({"fcs-no-numbers", fmt::format("channel '{}' holds no numbers in most events",
                                                         fcs_shown(fcs.channels[c].name))});
    if (fcs.channels[c].has_numbers)
      names += fmt::format("{}'{}'", names.empty() ? "" : ", ", fcs_shown(fcs.channels[c].name));
  }
  if (checked.empty()) return;
  std::size_t kept = 0;
  for (std::size_t e = 0; e < events; ++e) {
    const double* event = fcs.events.data() + e * width;
    if (std::any_of(checked.begin(), checked.end(), [&](std::size_t c) { return std::isnan(event[c]); }))
      continue;
    if (kept != e) std::copy(event, event + width, fcs.events.data() + kept * width);
    ++kept;
  }
  fcs.left_out = events - kept;
  fcs.events.resize(kept * width);
  fcs.notes.push_back(
      {"fcs-not-finite", fmt::format("events without a finite number in {} were left out", names)});
}

struct DataSet {
  Fcs fcs;
  std::size_t next = 0;
};

DataSet read_data_set(std::string_view bytes, std::size_t base, const std::string& file) {
  const FcsProblems problems(file);
  FcsText text = read_fcs_text(bytes, problems);
  DataSet out;
  out.next = next_data_set(bytes, base, text, problems);
  if (out.next != 0) bytes = bytes.substr(0, out.next);  // what belongs to this data set ends there
  Fcs& fcs = out.fcs;
  fcs.version2 = text.version2;
  fcs.channels = fcs_channels(text, problems);
  const FcsData data = find_fcs_data(bytes, text, fcs.channels, problems);
  fcs.events.resize(static_cast<std::size_t>(data.events) * fcs.channels.size());
  const FcsDecoded decoded =
      decode_fcs_events(bytes.substr(static_cast<std::size_t>(data.begin)), data.layout, fcs.events);
  fcs.notes = std::move(text.notes);
  if (std::any_of(decoded.masked.begin(), decoded.masked.end(), [](std::size_t n) { return n > 0; }))
    fcs.notes.push_back({"fcs-masked", "integers have bits beyond $PnR; they were cleared, as FCS asks"});
  leave_out(fcs, decoded);
  fcs.keywords = std::move(text.in_order);
  return out;
}

}  // namespace

Fcs read_fcs(std::string_view bytes, const std::string& file) {
  DataSet set = read_data_set(bytes, 0, file);
  if (set.next != 0)
    FcsProblems(file).refuse("fcs-unsupported", "$NEXTDATA",
                             "the file holds several data sets where one is expected", "split the file");
  return std::move(set.fcs);
}

std::vector<Fcs> read_fcs_data_sets(std::string_view bytes, const std::string& file) {
  std::vector<Fcs> all;
  for (std::size_t base = 0;;) {
    DataSet set = read_data_set(bytes.substr(base), base, file);
    all.push_back(std::move(set.fcs));
    if (set.next == 0) return all;
    base += set.next;
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

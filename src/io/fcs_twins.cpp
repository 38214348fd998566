// The two data sets that instruments of Beckman Coulter write for every tube.
#include <fmt/format.h>

#include <algorithm>

#include "io/fcs.hpp"

namespace stroma::io {
namespace {

/// "FL1 INT LOG" and "FL1-A" are both "FL1", "FS Lin" and "FS" both "FS".
std::string detector(const std::string& name) {
  std::string out;
  for (const char c : name) {
    const bool small = c >= 'a' && c <= 'z', letter = (c >= 'A' && c <= 'Z') || small;
    if (!letter && !(c >= '0' && c <= '9')) break;
    out += small ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

bool twins(const Fcs& first, const Fcs& second) {
  if (!first.version2 || second.version2 || first.event_count() + first.left_out == 0 ||
      first.event_count() + first.left_out != second.event_count() + second.left_out)
    return false;
  return std::all_of(second.channels.begin(), second.channels.end(), [&](const FcsChannel& c) {
    return detector(c.name) == "TIME" || !c.stain.empty() ||
           std::any_of(first.channels.begin(), first.channels.end(),
                       [&](const FcsChannel& f) { return detector(f.name) == detector(c.name); }) ||
           detector(c.name).starts_with("FL");
  });
}

Fcs merged(const Fcs& first, Fcs second) {
  for (FcsChannel& channel : second.channels) {
    if (!channel.stain.empty()) continue;
    for (const FcsChannel& known : first.channels)
      if (detector(known.name) == detector(channel.name) && !known.stain.empty() && known.stain != known.name)
        channel.stain = known.stain;
  }
  for (const auto& [key, value] : first.keywords)
    if (!key.starts_with("$P") && !key.ends_with("SPILLOVER") && key != "SPILL" &&
        second.keyword(key) == nullptr)
      second.keywords.emplace_back(key, value);
  for (const FcsNote& note : first.notes)
    if (note.code == "fcs-not-finite") second.notes.push_back(note);
  second.notes.push_back(
      {"fcs-twins",
       "the file holds its tube twice (FCS 2.0 with 10 bits as the instrument compensated it, "
       "FCS 3.0 in full resolution without compensation); the second was taken, with the "
       "stains of the first"});
  return second;
}

}  // namespace

std::vector<Fcs> merge_twins(std::vector<Fcs> sets) {
  std::vector<Fcs> out;
  for (std::size_t i = 0; i < sets.size(); ++i)
    if (i + 1 < sets.size() && twins(sets[i], sets[i + 1])) {
      out.push_back(merged(sets[i], std::move(sets[i + 1])));
      ++i;
    } else {
      out.push_back(std::move(sets[i]));
    }
  return out;
}

}  // namespace stroma::io

#include "assays/blot_picture.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stroma::assays {

std::vector<BlotBand> bands_of_picture(const imaging::BlotPicture& picture,
                                       std::span<const BlotPictureLane> lanes, core::Diagnostics& warnings) {
  core::Diagnostics problems;
  std::vector<BlotBand> out;
  const std::string file = lanes.empty() ? std::string() : lanes.front().file;
  if (picture.lanes.empty() || picture.rows.empty())
    problems.add("no-lanes", {file, 0, 0}, {}, "no lane with a band stands out in the picture",
                 "say --bands dark or --bands bright, and how many lanes there are by --lanes");
  problems.throw_if_any();
  std::size_t named = 0;
  for (const BlotPictureLane& line : lanes) {
    const auto lane = static_cast<std::size_t>(line.lane), row = static_cast<std::size_t>(line.band);
    if (line.lane < 1 || lane > picture.lanes.size()) {
      problems.add("no-such-lane", {file, 0, 0}, fmt::format("lane {}", line.lane),
                   fmt::format("{} lanes were found in the picture", picture.lanes.size()),
                   "give their number by --lanes");
      continue;
    }
    if (line.band < 1 || row > picture.rows.size()) {
      problems.add("no-such-band", {file, 0, 0}, fmt::format("band {}", line.band),
                   fmt::format("{} rows of bands were found in the picture", picture.rows.size()),
                   "look at the overlay; give the number of rows by --rows");
      continue;
    }
    named = std::max(named, lane);
    const imaging::BandBox& box = picture.bands[(lane - 1) * picture.rows.size() + row - 1];
    out.push_back({line.membrane, line.lane, line.arm, line.replicate, line.protein, box.volume,
                   box.background, box.saturated});
    if (box.saturated)
      warnings.add(
          "saturated-band", {file, 0, 0}, fmt::format("lane {}, {}", line.lane, line.protein),
          fmt::format(
              "{:.1f} % of the band's pixels are at the detector's limit of {:.0f}: its volume is too low",
              100.0 * box.at_limit, picture.limit),
          "expose shorter");
  }
  problems.throw_if_any();
  if (named < picture.lanes.size())
    warnings.add(
        "lanes-not-named", {file, 0, 0}, {},
        fmt::format("{} lanes were found, the sheet names up to lane {}", picture.lanes.size(), named),
        "check on the overlay that the lanes are numbered as you mean them");
  return out;
}

}  // namespace stroma::assays

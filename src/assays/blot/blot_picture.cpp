#include "assays/blot/blot_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace stroma::assays {

std::vector<BlotBand> bands_of_picture(const imaging::BlotPicture& picture,
                                       std::span<const BlotPictureLane> lanes, core::Diagnostics& warnings) {
  core::Diagnostics problems;
  std::vector<BlotBand> out;
  const std::string file = lanes.empty() ? std::string() : lanes.front().file;
  if (picture.lanes.empty() || picture.rows.empty())
    problems.add("no-lanes", {file, 0, 0}, {}, "no lane with a band stands out in the picture",
                 "say --bands dark or --bands bright, and how many lanes there are by --lanes");
  int last = 0;
  for (const BlotPictureLane& line : lanes) last = std::max(last, line.lane);
  if (picture.basis == imaging::LaneBasis::uneven && last <= static_cast<int>(picture.lanes.size())) {
    std::string where;
    for (const imaging::Lane& band : picture.stretches)
      where += fmt::format("{}{}-{}", where.empty() ? "" : ",", band.left, band.right);
    problems.add("lanes-uneven", {file, 0, 0}, "--lanes",
                 fmt::format("{} bands stand out across the picture, in columns {}, and do not fit {} evenly "
                             "spaced lanes: where the lanes without a band lie is not known",
                             picture.stretches.size(), where, picture.lanes.size()),
                 "give the columns of every lane by --edges LEFT-RIGHT,LEFT-RIGHT,...");
  }
  problems.throw_if_any();
  std::size_t named = 0, named_rows = 0;
  std::map<std::string, std::vector<int>> bandless;  // lanes by protein
  for (const BlotPictureLane& line : lanes) {
    const auto lane = static_cast<std::size_t>(line.lane), row = static_cast<std::size_t>(line.band);
    if (line.lane < 1 || lane > picture.lanes.size()) {
      problems.add(
          "no-such-lane", {file, 0, 0}, fmt::format("lane {}", line.lane),
          fmt::format("{} lanes were found in the picture", picture.lanes.size()),
          fmt::format("the sheet names up to lane {}: if there are no more, say --lanes {}", last, last));
      continue;
    }
    if (line.band < 1 || row > picture.rows.size()) {
      problems.add("no-such-band", {file, 0, 0}, fmt::format("band {}", line.band),
                   fmt::format("{} rows of bands were found in the picture", picture.rows.size()),
                   "look at the overlay; give the number of rows by --rows");
      continue;
    }
    named = std::max(named, lane);
    named_rows = std::max(named_rows, row);
    const imaging::BandBox& box = picture.bands[(lane - 1) * picture.rows.size() + row - 1];
    out.push_back({line.membrane, line.lane, line.arm, line.replicate, line.protein, box.volume,
                   box.background, box.saturated});
    if (!box.clear()) bandless[line.protein].push_back(line.lane);
    if (box.saturated)
      warnings.add("saturated-band", {file, 0, 0}, fmt::format("lane {}, {}", line.lane, line.protein),
                   fmt::format("{:.1f} % of the band's pixels are at the detector's limit, grey value "
                               "{:.0f}: its volume is too low",
                               100.0 * box.at_limit, picture.grey_at_limit),
                   "expose shorter");
  }
  problems.throw_if_any();
  for (const auto& [protein, where] : bandless) {
    std::string list;
    for (const int lane : where) list += fmt::format("{}{}", list.empty() ? "" : ", ", lane);
    warnings.add(
        "no-band", {file, 0, 0}, protein,
        fmt::format("in {} of {} lanes no band stands out of what the membrane reads beside bands: {} "
                    "{}; the volumes there are those of the membrane, and ratios no more than upper "
                    "limits",
                    where.size(), picture.lanes.size(), where.size() == 1 ? "lane" : "lanes", list),
        "look at the overlay; expose longer, or say --rows if a row is dirt");
  }
  if (named < picture.lanes.size())
    warnings.add(
        "lanes-not-named", {file, 0, 0}, {},
        fmt::format("{} lanes were found, the sheet names up to lane {}", picture.lanes.size(), named),
        "check on the overlay that the lanes are numbered as you mean them");
  if (named_rows < picture.rows.size())
    warnings.add(
        "bands-not-named", {file, 0, 0}, {},
        fmt::format("{} rows of bands were found, the sheet names up to row {}, counted from the top",
                    picture.rows.size(), named_rows),
        "check on the overlay that the rows are numbered as you mean them; --rows keeps the strongest");
  return out;
}

}  // namespace stroma::assays

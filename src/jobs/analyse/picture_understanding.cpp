// How pictures were read, in words: what stands before the results of every assay on pictures.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "jobs/analyse/pictures.hpp"
#include "report/words.hpp"

namespace stroma::jobs {
namespace {

const std::string& text_of(const report::Cell& cell) {
  return std::get<std::string>(cell);
}

/// "8 of 1024 x 768 pixels, 2 of 640 x 480"; the largest groups first.
std::string counted(const std::map<std::string, std::size_t>& groups) {
  constexpr std::size_t shown = 3;
  std::vector<std::pair<std::string, std::size_t>> order(groups.begin(), groups.end());
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string out;
  for (std::size_t i = 0; i < std::min(shown, order.size()); ++i)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", order[i].second, order[i].first);
  return order.size() > shown ? fmt::format("{} and {} other kinds", out, order.size() - shown) : out;
}

}  // namespace

void add_notes(Analysis& analysis, const std::vector<std::string>& notes) {
  std::string& lead = analysis.sections.back().lead;
  for (const std::string& note : notes) {
    analysis.summary += "\nnote: " + note;
    lead += (lead.empty() ? "" : " ") + ("Note: " + note + ".");
  }
}

std::string range_words(std::vector<double> values) {
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  if (values.empty()) return "none";
  std::sort(values.begin(), values.end());
  const std::string low = report::print(values.front()), high = report::print(values.back());
  if (low == high) return low;
  return fmt::format("{} to {} (median {})", low, high, report::print(values[values.size() / 2]));
}

void understand_pictures(const report::Table& about, const PictureOptions& options, core::Understanding& to) {
  std::map<std::string, std::size_t> sizes, sources, untold;
  std::set<std::string> files;
  for (const auto& row : about.rows) {  // file, width, height, channels, bits, um per pixel, from, notes
    if (!files.insert(text_of(row[0])).second) continue;
    ++sizes[fmt::format("of {} x {} pixels, {} bits ({})", std::get<double>(row[1]), std::get<double>(row[2]),
                        std::get<double>(row[4]), text_of(row[3]))];
    const double size = std::get<double>(row[5]);
    if (std::isfinite(size)) ++sources[fmt::format("at {:.4g} um ({})", size, text_of(row[6]))];
    const std::string& notes = text_of(row[7]);
    if (const std::size_t at = notes.find(" dots per inch"); at != std::string::npos) {
      const std::size_t from = notes.rfind(' ', at == 0 ? 0 : at - 1);
      ++untold[notes.substr(from == std::string::npos ? 0 : from + 1,
                            at - (from == std::string::npos ? 0 : from + 1))];
    }
  }
  to.found("pictures", counted(sizes));
  if (options.um_per_pixel) {
    to.given("size of a pixel", fmt::format("{} um", *options.um_per_pixel), "--pixel-size");
  } else if (!sources.empty()) {
    std::size_t known = 0;
    for (const auto& [words, count] : sources) known += count;
    to.found("size of a pixel", counted(sources) + (known < files.size() ? "; the others do not say it" : ""),
             "--pixel-size");
  } else {
    std::string dpi;
    for (const auto& [number, count] : untold)
      dpi += fmt::format("; {} dots per inch in {} of them are what programs write without knowing it",
                         number, count);
    to.assumed("size of a pixel", "not known, areas are in pixels" + dpi, "--pixel-size");
  }
}

void understand_arms(const PictureOptions& options, const std::vector<assays::FieldSample>& samples,
                     core::Understanding& to) {
  std::vector<std::string> arms;
  std::map<std::string, std::map<std::string, std::size_t>> fields;  // of each subject of each arm
  bool named = false;
  std::size_t most = 0, least = samples.size();
  for (const assays::FieldSample& s : samples) {
    if (std::find(arms.begin(), arms.end(), s.arm) == arms.end()) arms.push_back(s.arm);
    ++fields[s.arm][s.subject.empty() ? s.file : s.subject];
    named = named || !s.subject.empty();
  }
  std::string words;
  for (const std::string& arm : arms) {
    std::size_t pictures = 0;
    for (const auto& [subject, n] : fields[arm]) {
      pictures += n;
      most = std::max(most, n);
      least = std::min(least, n);
    }
    words += fmt::format("{}{} n = {} ({} picture{})", words.empty() ? "" : ", ", arm, fields[arm].size(),
                         pictures, pictures == 1 ? "" : "s");
  }
  if (options.sheet.empty()) {
    to.assumed("arms", words + ": every picture is one of one arm", "--sheet");
    return;
  }
  to.found("arms", words, "the column arm of --sheet");
  if (named)
    to.found("independent unit",
             fmt::format("what the sheet calls replicate, with {} picture{} each, which are averaged",
                         least == most ? std::to_string(most) : fmt::format("{} to {}", least, most),
                         most == 1 ? "" : "s"));
  else
    to.assumed("independent unit", "each picture, since the sheet names no animal",
               "the column replicate of --sheet");
}

}  // namespace stroma::jobs

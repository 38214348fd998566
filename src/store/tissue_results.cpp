#include "store/tissue_results.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>
#include <system_error>
#include <tuple>

#include "io/file.hpp"

namespace stroma::store {
namespace {

namespace fs = std::filesystem;

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(by);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

double number(std::string_view text) {
  double value = std::numeric_limits<double>::quiet_NaN();
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value
                                                                  : std::numeric_limits<double>::quiet_NaN();
}

std::int64_t tick_of(std::string_view line) {
  std::int64_t tick = -1;
  const std::string_view cell = line.substr(0, line.find(','));
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), tick);
  return error == std::errc() && end == cell.data() + cell.size() ? tick : -1;
}

study::NumberTable table_of(const fs::path& file, core::Tick until, std::size_t times) {
  std::error_code ignored;
  return fs::exists(file, ignored) ? read_numbers(io::read_file(file), until, times) : study::NumberTable{};
}

// sections/STAIN-HHHHH.HHh.png, as store::TissueOutput names them.
std::vector<study::SectionPicture> read_sections(const fs::path& folder, core::Tick until) {
  std::vector<std::pair<study::SectionPicture, fs::path>> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder / "sections", ignored)) {
    const std::string name = entry.path().filename().string();
    const std::size_t dash = name.find('-');
    if (dash == std::string::npos || !name.ends_with("h.png") || name.size() < dash + 6) continue;
    const double hours = number(std::string_view(name).substr(dash + 1, name.size() - dash - 6));
    // Names hold hundredths of an hour.
    if (hours >= 0.0 && hours <= core::minutes(until) / 60.0 + 0.01)
      found.emplace_back(study::SectionPicture{name.substr(0, dash), hours, {}}, entry.path());
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first.hours, a.first.stain) < std::tie(b.first.hours, b.first.stain);
  });
  std::vector<study::SectionPicture> sections;
  std::set<std::string> stains;
  for (const auto& [picture, path] : found) stains.insert(picture.stain);
  for (auto& [picture, path] : found) sections.push_back(picture);
  for (const std::string& stain : stains) {
    std::vector<std::size_t> of_stain;
    for (std::size_t i = 0; i < found.size(); ++i)
      if (found[i].first.stain == stain) of_stain.push_back(i);
    for (const std::size_t i : study::evenly_chosen(of_stain.size(), study::most_times))
      sections[of_stain[i]].png = io::read_file(found[of_stain[i]].second);
  }
  return sections;
}

}  // namespace

study::NumberTable read_numbers(std::string_view csv, core::Tick until, std::size_t times) {
  study::NumberTable table;
  std::vector<std::string_view> lines = split(csv, '\n');
  for (const std::string_view name : split(lines.front(), ',')) table.columns.emplace_back(name);
  lines.erase(lines.begin());
  // A plane of a long run has millions of rows: only those that will be shown become numbers.
  std::vector<std::int64_t> ticks;
  for (const std::string_view line : lines) {
    const std::int64_t tick = tick_of(line);
    if (tick >= 0 && tick <= until.count && (ticks.empty() || ticks.back() != tick)) ticks.push_back(tick);
  }
  std::set<std::int64_t> shown(ticks.begin(), ticks.end());
  if (times > 0) {
    const std::vector<std::int64_t> all(shown.begin(), shown.end());
    shown.clear();
    for (const std::size_t i : study::evenly_chosen(all.size(), times)) shown.insert(all[i]);
  }
  for (const std::string_view line : lines) {
    if (!shown.contains(tick_of(line))) continue;
    std::vector<double> row;
    for (const std::string_view cell : split(line, ',')) row.push_back(number(cell));
    if (row.size() == table.columns.size()) table.rows.push_back(std::move(row));
  }
  return table;
}

study::TissueResults read_tissue_results(const fs::path& folder, const study::TissueExperiment& experiment,
                                         core::Tick until) {
  study::TissueResults results;
  const fs::path tables = folder / "tables";
  results.growth = table_of(tables / "growth.csv", until, 0);
  if (!experiment.setup.cells.empty())
    results.profiles = table_of(tables / "profiles.csv", until, study::most_times);
  for (const study::ProbeSpec& probe : experiment.probes)
    results.probes.push_back(table_of(tables / ("probe-" + probe.name + ".csv"), until, study::most_times));
  results.sections = read_sections(folder, until);
  return results;
}

}  // namespace stroma::store

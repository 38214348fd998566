#include "io/geo_design.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <vector>

#include "io/column_names.hpp"
#include "io/sheet.hpp"

namespace stroma::io {
namespace {

using assays::ExpressionSample;
using assays::ExpressionSeries;
using assays::SampleGroups;

bool same_name(const std::string& a, const std::string& b) {
  return plain_name(a) == plain_name(b);
}

/// The value of an annotation; of several of one name the first.
std::optional<std::string> note_of(const ExpressionSample& sample, const std::string& column) {
  for (const auto& [name, value] : sample.notes)
    if (same_name(name, column)) return value;
  return std::nullopt;
}

/// Names of the annotations, in the file's order.
std::vector<std::string> annotations(const ExpressionSeries& series) {
  std::vector<std::string> names;
  std::map<std::string, bool> seen;
  for (const ExpressionSample& s : series.samples)
    for (const auto& [name, value] : s.notes)
      if (seen.emplace(plain_name(name), true).second) names.push_back(name);
  return names;
}

/// What one annotation says of the samples that are compared.
struct Blocks {
  std::string column;
  std::vector<int> of;       // each sample, -1 without
  std::size_t levels = 0;    // among those compared
  std::size_t crossed = 0;   // with samples on both sides
  std::size_t repeated = 0;  // with two or more samples on their only side
  std::size_t without = 0;   // samples that are compared and have no value
};

Blocks look_at(const ExpressionSeries& series, const SampleGroups& groups, const std::string& column) {
  Blocks b{column, std::vector<int>(series.samples.size(), -1), 0, 0, 0, 0};
  std::map<std::string, int> index;
  std::vector<std::array<std::size_t, 2>> on;
  for (std::size_t s = 0; s < series.samples.size(); ++s) {
    if (groups.side[s] < 0) continue;
    const auto value = note_of(series.samples[s], column);
    if (!value || value->empty()) {
      ++b.without;
      continue;
    }
    const auto [at, fresh] = index.emplace(plain_name(*value), static_cast<int>(index.size()));
    if (fresh) on.push_back({0, 0});
    b.of[s] = at->second;
    ++on[static_cast<std::size_t>(at->second)][groups.side[s] == 1 ? 1 : 0];
  }
  b.levels = on.size();
  for (const auto& n : on) {
    b.crossed += n[0] > 0 && n[1] > 0 ? 1 : 0;
    b.repeated += (n[0] == 0 || n[1] == 0) && n[0] + n[1] > 1 ? 1 : 0;
  }
  return b;
}

/// Names that are those of a person or an animal, and not of what a tumour or a culture is.
bool names_people(const std::string& column) {
  constexpr std::array<std::string_view, 14> kinds{"sample", "sampleid", "specimen", "specimenid", "tumor",
                                                   "tumour", "tumorid",  "tumourid", "culture",    "clone",
                                                   "case",   "id",       "ids",      "biopsy"};
  return role_of_column(column) == ColumnRole::subject &&
         std::find(kinds.begin(), kinds.end(), plain_name(column)) == kinds.end();
}

void take(const Blocks& b, SampleGroups& groups) {
  groups.block_column = b.column;
  groups.block = b.of;
  int next = static_cast<int>(b.levels);  // who has no value is alone
  for (std::size_t s = 0; s < groups.block.size(); ++s)
    if (groups.side[s] >= 0 && groups.block[s] < 0) groups.block[s] = next++;
}

void take_wanted(const ExpressionSeries& series, const std::string& wanted, SampleGroups& groups,
                 core::Diagnostics& problems) {
  const std::vector<std::string> names = annotations(series);
  const auto known =
      std::find_if(names.begin(), names.end(), [&](const std::string& n) { return same_name(n, wanted); });
  if (known == names.end()) {
    problems.add("unknown-annotation", {series.file, 0, 0}, "--block",
                 fmt::format("no sample of {} has the annotation '{}'", series.accession, wanted),
                 core::did_you_mean(wanted, names));
    return;
  }
  const Blocks b = look_at(series, groups, *known);
  if (b.crossed == 0) {
    problems.add(
        "no-blocks", {series.file, 0, 0}, "--block",
        fmt::format("no value of '{}' has samples of both groups, so nothing can be compared within it",
                    *known),
        "name an annotation that pairs the samples, or leave --block out");
    return;
  }
  take(b, groups);
}

std::string names_of_samples(const ExpressionSeries& series, const SampleGroups& groups, int side) {
  std::vector<std::string> names;
  std::size_t n = 0;
  constexpr std::size_t most = 6;
  for (std::size_t s = 0; s < series.samples.size(); ++s) {
    if (groups.side[s] != side || ++n > most) continue;
    const ExpressionSample& sample = series.samples[s];
    names.push_back(sample.title.empty() ? sample.accession
                                         : fmt::format("{} '{}'", sample.accession, sample.title));
  }
  return fmt::format("{} samples: {}{}", n, fmt::join(names, ", "),
                     n > most ? fmt::format(", and {} more", n - most) : "");
}

}  // namespace

void find_blocks(const ExpressionSeries& series, const std::string& wanted, SampleGroups& groups,
                 core::Diagnostics& problems) {
  if (wanted == "none") return;
  if (!wanted.empty()) {
    take_wanted(series, wanted, groups, problems);
    return;
  }
  for (const std::string& name : annotations(series)) {
    if (role_of_column(name) != ColumnRole::subject || same_name(name, groups.treated_by) ||
        same_name(name, groups.reference_by))
      continue;
    const Blocks b = look_at(series, groups, name);
    if (b.crossed >= 2) {
      take(b, groups);
      return;
    }
    if (!names_people(name) || b.repeated == 0) continue;
    problems.add(
        "repeated-subjects", {series.file, 0, 0}, "--block",
        fmt::format(
            "{} of the {} values of '{}' have several samples in one group and none in the other: samples "
            "of one subject are not independent, and their number would make p too small",
            b.repeated, b.levels, name),
        "name one sample of each in --groups (GSM1|GSM2), or say --block none to count every sample");
    return;
  }
}

void say_groups(const ExpressionSeries& series, const SampleGroups& groups,
                const assays::ExpressionResult& result, const std::string& wanted_block,
                core::Understanding& understanding) {
  const std::string& of = result.accession;
  const auto group = [&](const char* role, const std::string& name, const std::string& by, int side) {
    const std::string what =
        fmt::format("'{}' (by {}), {}", name, by, names_of_samples(series, groups, side));
    if (by.find("words of the title") != std::string::npos)
      understanding.assumed(fmt::format("{} {}", of, role), what, "--groups");
    else
      understanding.given(fmt::format("{} {}", of, role), what, "--groups");
  };
  group("treated", groups.treated, groups.treated_by, 1);
  group("reference", groups.reference, groups.reference_by, 0);
  const auto neither = static_cast<std::size_t>(std::count(groups.side.begin(), groups.side.end(), -1));
  if (neither > 0)
    understanding.found(of + " not compared",
                        fmt::format("{} of {} samples, in neither group", neither, groups.side.size()));
  if (groups.block_column.empty()) {
    if (wanted_block == "none")
      understanding.given(of + " independent unit", "each sample", "--block none");
    else
      understanding.assumed(of + " independent unit", "each sample", "--block COLUMN");
    return;
  }
  const std::string what = fmt::format(
      "'{}': {} with samples of both groups, compared within{}", groups.block_column, result.blocks,
      result.outside > 0 ? fmt::format("; {} samples of others say nothing of the change", result.outside)
                         : "");
  if (wanted_block.empty())
    understanding.found(of + " blocks", what + " (--block none: not)");
  else
    understanding.given(of + " blocks", what, "--block");
}

}  // namespace stroma::io

// Names in annotation: which samples are meant by a rule, which gene by a cell of a platform table.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

#include "assays/expression.hpp"

namespace stroma::assays {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(trim(text.substr(0, at)));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + separator.size());
  }
}

std::vector<std::string> columns_of(const ExpressionSeries& series) {
  std::vector<std::string> names = {"title", "accession"};
  for (const ExpressionSample& s : series.samples)
    for (const auto& [name, value] : s.notes)
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

bool has(const ExpressionSample& sample, const std::string& column, const std::string& value) {
  if (column == "title") return lower(sample.title) == value;
  if (column == "accession") return lower(sample.accession) == value;
  return std::any_of(sample.notes.begin(), sample.notes.end(), [&](const auto& note) {
    return lower(note.first) == column && lower(note.second) == value;
  });
}

bool matches(const ExpressionSample& sample, const std::string& alternative) {
  const std::string wanted = lower(alternative);
  if (const std::size_t equals = wanted.find('='); equals != std::string::npos)
    return has(sample, std::string(trim(wanted.substr(0, equals))),
               std::string(trim(wanted.substr(equals + 1))));
  return lower(sample.accession) == wanted || lower(sample.title).find(wanted) != std::string::npos;
}

void check_columns(const ExpressionSeries& series, const std::vector<std::string>& alternatives,
                   core::Diagnostics& problems) {
  const std::vector<std::string> known = columns_of(series);
  for (const std::string& a : alternatives) {
    const std::size_t equals = a.find('=');
    if (equals == std::string::npos) continue;
    const std::string column(trim(std::string_view(a).substr(0, equals)));
    if (std::none_of(known.begin(), known.end(),
                     [&](const std::string& k) { return lower(k) == lower(column); }))
      problems.add("unknown-annotation", {series.file, 0, 0}, column,
                   fmt::format("no sample of {} has the annotation '{}'", series.accession, column),
                   core::did_you_mean(column, known));
  }
}

std::string titles_of(const ExpressionSeries& series) {
  std::string text;
  const std::size_t shown = std::min<std::size_t>(series.samples.size(), 6);
  for (std::size_t s = 0; s < shown; ++s)
    text += fmt::format("{}'{}'", text.empty() ? "" : ", ", series.samples[s].title);
  return text + (shown < series.samples.size() ? ", ..." : "");
}

}  // namespace

GeneOfProbe gene_of(const std::string& cell) {
  static constexpr std::string_view separators[] = {"///", "|", ";", ","};
  std::vector<std::string> entries = {std::string(trim(cell))};
  const bool assignment = cell.find(" // ") != std::string::npos;
  for (const std::string_view separator : separators) {
    if (assignment && separator != "///") break;  // names of genes have commas of their own
    std::vector<std::string> finer;
    for (const std::string& e : entries)
      for (std::string& part : split(e, separator)) finer.push_back(std::move(part));
    entries = std::move(finer);
  }
  std::set<std::string> genes;
  for (std::string& e : entries) {
    if (assignment) {
      const auto parts = split(e, "//");
      e = parts.size() > 1 ? parts[1] : std::string();
    }
    const std::string low = lower(e);
    if (!e.empty() && low != "---" && low != "na" && low != "null") genes.insert(e);
  }
  if (genes.size() == 1) return {*genes.begin(), false};
  return {"", !genes.empty()};
}

SampleGroups choose_groups(const ExpressionSeries& series, const std::string& rule,
                           core::Diagnostics& problems) {
  SampleGroups groups;
  groups.side.assign(series.samples.size(), -1);
  const std::size_t versus = rule.find(" vs ");
  if (versus == std::string::npos) {
    problems.add("bad-groups", {series.file, 0, 0}, "--groups",
                 fmt::format("'{}' does not say two groups", rule),
                 "write \"TREATED vs REFERENCE\", such as \"treatment=CXCL12 vs treatment=none\" or \"CXCL12 "
                 "vs control\"; the samples here are " +
                     titles_of(series));
    return groups;
  }
  groups.treated = trim(std::string_view(rule).substr(0, versus));
  groups.reference = trim(std::string_view(rule).substr(versus + 4));
  const auto treated = split(groups.treated, "|"), reference = split(groups.reference, "|");
  const std::size_t before = problems.size();
  check_columns(series, treated, problems);
  check_columns(series, reference, problems);
  std::size_t count[2] = {0, 0};
  for (std::size_t s = 0; s < series.samples.size(); ++s) {
    const auto is_of = [&](const std::vector<std::string>& alternatives) {
      return std::any_of(alternatives.begin(), alternatives.end(),
                         [&](const std::string& a) { return !a.empty() && matches(series.samples[s], a); });
    };
    const bool one = is_of(treated), other = is_of(reference);
    if (one && other)
      problems.add("sample-in-both-groups", {series.file, 0, 0}, series.samples[s].accession,
                   fmt::format("sample {} ('{}') is in both groups", series.samples[s].accession,
                               series.samples[s].title),
                   "name the groups by an annotation, column=value, or by accessions, GSM1|GSM2");
    if (one != other) {
      groups.side[s] = one ? 1 : 0;
      ++count[one ? 1 : 0];
    }
  }
  if (problems.size() > before) return groups;
  for (const int side : {1, 0})
    if (count[side] < 2)
      problems.add("too-few-samples", {series.file, 0, 0}, "--groups",
                   fmt::format("'{}' names {} of the {} samples of {}, at least 2 are needed",
                               side == 1 ? groups.treated : groups.reference, count[side],
                               series.samples.size(), series.accession),
                   "the samples are " + titles_of(series));
  return groups;
}

}  // namespace stroma::assays

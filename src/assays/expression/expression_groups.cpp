// Names in annotation: which samples are meant by a rule, which gene by a cell of a platform table.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>
#include <unordered_set>

#include "assays/expression/expression.hpp"

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
  std::unordered_set<std::string> seen;
  for (const ExpressionSample& s : series.samples)
    for (const auto& [name, value] : s.notes)
      if (seen.insert(name).second) names.push_back(name);
  return names;
}

bool has(const ExpressionSample& sample, const std::string& column, const std::string& value) {
  if (column == "title") return lower(sample.title) == value;
  if (column == "accession") return lower(sample.accession) == value;
  return std::any_of(sample.notes.begin(), sample.notes.end(), [&](const auto& note) {
    return lower(note.first) == column && lower(note.second) == value;
  });
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
}

/// A title in small letters but for the number of its replicate: "0 um" of "0 uM rep 1", "drug" of "Drug_2".
std::string without_number(const std::string& title) {
  static constexpr std::string_view counters[] = {"biological replicate",
                                                  "technical replicate",
                                                  "replicate",
                                                  "biorep",
                                                  "bio rep",
                                                  "rep",
                                                  "repeat",
                                                  "repl",
                                                  "sample",
                                                  "exp",
                                                  "experiment",
                                                  "n",
                                                  "no",
                                                  "nr",
                                                  "r",
                                                  "#"};
  std::string base(trim(lower(title)));
  const auto strip = [&](std::string_view set) {
    while (!base.empty() && set.find(base.back()) != std::string_view::npos) base.pop_back();
  };
  strip(" )]");
  const std::size_t digits = base.find_last_not_of("0123456789");
  if (digits == std::string::npos || digits + 1 == base.size()) return std::string(trim(lower(title)));
  // A number after a sign that is part of it, as in "p21", "IL-6" or "0.5", is no counter unless a word says
  // so.
  const char before = base[digits];
  std::string rest = base.substr(0, digits + 1);
  base = rest;
  strip(" _-,;:.=([");
  for (const std::string_view counter : counters) {
    if (!base.ends_with(counter)) continue;
    const std::size_t begin = base.size() - counter.size();
    if (begin > 0 && is_word(base[begin - 1]) && counter != "#") continue;
    base.resize(begin);
    strip(" _-,;:.=([");
    return base;
  }
  return before == ' ' || before == '_' || before == '(' || before == '#' || before == ',' || before == '-'
             ? base
             : std::string(trim(lower(title)));
}

/// Whether `wanted` stands in `text` as words of its own: not in "10 um" for "0 um", in "2.5 um" for "5 um",
/// in "untreated" or "non-treated" for "treated".
bool stands_in(const std::string& text, const std::string& wanted) {
  for (std::size_t at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1)) {
    const std::size_t end = at + wanted.size();
    const bool joined_before =
        at > 0 && (is_word(text[at - 1]) ||
                   (at > 1 && (text[at - 1] == '.' || text[at - 1] == ',' || text[at - 1] == '-') &&
                    is_word(text[at - 2])));
    const bool joined_after =
        end < text.size() &&
        (is_word(text[end]) || (end + 1 < text.size() && text[end] == '.' && is_word(text[end + 1])));
    if (!joined_before && !joined_after) return true;
  }
  return false;
}

/// Samples that a text could mean, and what says so.
struct Found {
  std::string by;
  std::vector<std::size_t> samples;
};

/// Every reading of a text: as accession, title, title but for its number, or value of a note; sets that are
/// equal are one.
std::vector<Found> readings_of(const ExpressionSeries& series, const std::string& wanted) {
  std::vector<Found> all;
  const auto add = [&](const std::string& by, std::size_t sample) {
    const auto known = std::find_if(all.begin(), all.end(), [&](const Found& f) { return f.by == by; });
    Found& found = known != all.end() ? *known : all.emplace_back(Found{by, {}});
    if (found.samples.empty() || found.samples.back() != sample) found.samples.push_back(sample);
  };
  for (std::size_t s = 0; s < series.samples.size(); ++s) {
    const ExpressionSample& sample = series.samples[s];
    if (lower(sample.accession) == wanted) add("accession", s);
    if (lower(trim(sample.title)) == wanted || without_number(sample.title) == wanted) add("title", s);
    for (const auto& [name, value] : sample.notes)
      if (lower(trim(value)) == wanted) add(lower(name), s);
  }
  std::vector<Found> distinct;
  for (Found& f : all)
    if (std::none_of(distinct.begin(), distinct.end(),
                     [&](const Found& d) { return d.samples == f.samples; }))
      distinct.push_back(std::move(f));
  return distinct;
}

std::string accessions(const ExpressionSeries& series, const std::vector<std::size_t>& samples) {
  std::string text;
  for (const std::size_t s : samples) text += (text.empty() ? "" : "|") + series.samples[s].accession;
  return text;
}

/// The samples of one alternative; problems where it could mean several sets.
Found samples_of(const ExpressionSeries& series, const std::string& alternative,
                 core::Diagnostics& problems) {
  const std::string wanted = lower(alternative);
  Found found;
  if (const std::size_t equals = wanted.find('='); equals != std::string::npos) {
    const std::string column(trim(std::string_view(wanted).substr(0, equals))),
        value(trim(std::string_view(wanted).substr(equals + 1)));
    found.by = column;
    for (std::size_t s = 0; s < series.samples.size(); ++s)
      if (has(series.samples[s], column, value)) found.samples.push_back(s);
    return found;
  }
  const std::vector<Found> all = readings_of(series, wanted);
  if (all.size() == 1) return all.front();
  if (all.size() > 1) {
    std::string hint = "say which, in --groups:";
    for (const Found& f : all)
      hint += fmt::format("\n      {} samples: {}", f.samples.size(),
                          f.by == "title" || f.by == "accession" ? accessions(series, f.samples)
                                                                 : fmt::format("{}={}", f.by, alternative));
    problems.add(
        "ask-groups", {series.file, 0, 0}, "--groups",
        fmt::format("'{}' names different samples as {} and as {}", alternative, all[0].by, all[1].by), hint);
    return found;
  }
  // As words of titles, where the titles are one but for the numbers of replicates.
  std::set<std::string> titles;
  found.by = "words of the title";
  for (std::size_t s = 0; s < series.samples.size(); ++s)
    if (stands_in(lower(series.samples[s].title), wanted)) {
      found.samples.push_back(s);
      titles.insert(without_number(series.samples[s].title));
    }
  if (titles.size() < 2) return found;
  std::string hint =
      "name them by whole titles, by column=value, or by accessions; those with these words are";
  for (const std::string& title : titles) {
    std::vector<std::size_t> of;
    for (const std::size_t s : found.samples)
      if (without_number(series.samples[s].title) == title) of.push_back(s);
    hint += fmt::format("\n      '{}' ({} samples): {}", title, of.size(), accessions(series, of));
  }
  hint += fmt::format("\n      all {}: {}", found.samples.size(), accessions(series, found.samples));
  problems.add(
      "ask-groups", {series.file, 0, 0}, "--groups",
      fmt::format(
          "'{}' is no whole title and no characteristic of a sample, and stands in {} different titles",
          alternative, titles.size()),
      hint);
  return found;
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

/// Which samples any of the alternatives names, and by what.
std::vector<char> members(const ExpressionSeries& series, const std::vector<std::string>& alternatives,
                          std::string& by, core::Diagnostics& problems) {
  std::vector<char> in(series.samples.size(), 0);
  for (const std::string& alternative : alternatives) {
    if (alternative.empty()) continue;
    const Found found = samples_of(series, alternative, problems);
    for (const std::size_t s : found.samples) in[s] = 1;
    if (!found.samples.empty() && by.find(found.by) == std::string::npos)
      by += (by.empty() ? "" : ", ") + found.by;
  }
  return in;
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
  const std::vector<char> of_treated = members(series, treated, groups.treated_by, problems),
                          of_reference = members(series, reference, groups.reference_by, problems);
  if (problems.size() > before) return groups;
  for (std::size_t s = 0; s < series.samples.size(); ++s) {
    const bool one = of_treated[s] != 0, other = of_reference[s] != 0;
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

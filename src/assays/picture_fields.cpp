#include "assays/picture_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/errors.hpp"
#include "stats/descriptive.hpp"
#include "stats/t_test.hpp"

namespace stroma::assays {

std::vector<SubjectMean> subject_means(std::span<const FieldSample> samples,
                                       std::span<const std::optional<double>> values) {
  core::require(samples.size() == values.size(), "fields and values differ in number");
  std::vector<SubjectMean> out;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (!values[i]) continue;
    const FieldSample& s = samples[i];
    const std::string subject = s.subject.empty() ? s.file : s.subject;
    auto at = std::find_if(out.begin(), out.end(),
                           [&](const SubjectMean& m) { return m.arm == s.arm && m.subject == subject; });
    if (at == out.end()) at = out.insert(out.end(), {s.arm, subject, 0, 0.0});
    ++at->fields;
    at->mean += *values[i];
  }
  for (SubjectMean& m : out) m.mean /= static_cast<double>(m.fields);
  return out;
}

void check_subjects(std::span<const FieldSample> samples, core::Diagnostics& warnings) {
  std::map<std::string, std::size_t> unnamed;  // fields without a subject, by arm
  std::map<std::string, std::set<std::string>> arms_of;
  std::map<std::string, std::size_t> fields_of;
  for (const FieldSample& s : samples) {
    if (s.subject.empty()) {
      ++unnamed[s.arm];
    } else {
      arms_of[s.subject].insert(s.arm);
      ++fields_of[s.arm + '\n' + s.subject];
    }
  }
  for (const auto& [arm, fields] : unnamed)
    if (fields > 1)
      warnings.add(
          "fields-as-subjects", {}, arm,
          fmt::format("{} pictures of arm '{}' name no animal and are counted as {} independent subjects "
                      "(pseudo-replication): fields of one animal are alike, and p is too small then",
                      fields, arm, fields),
          "name the animal of each picture in the column `replicate` of the sample sheet");
  for (const auto& [subject, arms] : arms_of)
    if (arms.size() > 1)
      warnings.add(
          "subject-in-two-arms", {}, subject,
          fmt::format("'{}' is a replicate of {} arms: they are compared as independent subjects", subject,
                      arms.size()),
          "if it is one animal, compare within animals; if not, give the animals names of their own");
  const bool single = !fields_of.empty() && std::all_of(fields_of.begin(), fields_of.end(),
                                                        [](const auto& f) { return f.second == 1; });
  if (single)
    warnings.add("one-field", {}, "field",
                 "every subject has one field: how much fields of one subject differ is not known",
                 "measure three or more fields of each, chosen without looking at the stain");
}

std::optional<std::string> mask_difference(std::span<const FieldSample> samples,
                                           std::span<const std::optional<double>> values) {
  constexpr double apart = 0.25, at_least = 0.10, level = 0.05;
  std::vector<std::pair<std::string, std::vector<double>>> arms;
  for (const SubjectMean& m : subject_means(samples, values)) {
    auto at = std::find_if(arms.begin(), arms.end(), [&](const auto& a) { return a.first == m.arm; });
    if (at == arms.end()) at = arms.insert(arms.end(), {m.arm, {}});
    at->second.push_back(m.mean);
  }
  if (arms.size() < 2) return std::nullopt;
  const auto less = [](const auto& a, const auto& b) {
    return stats::mean(a.second) < stats::mean(b.second);
  };
  const auto [low, high] = std::minmax_element(arms.begin(), arms.end(), less);
  const double least = stats::mean(low->second), most = stats::mean(high->second);
  const double excess = least > 0.0 ? most / least - 1.0 : (most > 0.0 ? 1e300 : 0.0);
  std::optional<double> p;
  const auto varies = [](const std::vector<double>& v) {
    return v.size() > 1 && *std::max_element(v.begin(), v.end()) > *std::min_element(v.begin(), v.end());
  };
  if (varies(low->second) && varies(high->second)) p = stats::welch_t_test(low->second, high->second).p;
  if (!(excess > apart || (excess > at_least && p && *p < level))) return std::nullopt;
  std::string out;
  for (const auto& [arm, subjects] : arms)
    out += fmt::format("{}{} {:.3g}", out.empty() ? "" : ", ", arm, stats::mean(subjects));
  if (p) out += fmt::format(", p = {:.1g}", *p);
  return out;
}

std::string names_of_files(std::span<const std::string> files) {
  constexpr std::size_t shown = 3;
  std::string out;
  for (std::size_t i = 0; i < std::min(shown, files.size()); ++i) out += (i == 0 ? "" : ", ") + files[i];
  return files.size() > shown ? fmt::format("{} and {} more", out, files.size() - shown) : out;
}

void check_threshold(const imaging::Plane& plane, const imaging::ThresholdRule& rule, double threshold,
                     const imaging::Mask* within, const std::string& file, const std::string& channel,
                     const std::string& option, core::Diagnostics& warnings) {
  constexpr double clear = 3.0;  // beyond it noise adds less than 0.2 % of the field
  if (rule.method == imaging::ThresholdMethod::fixed) return;
  const auto above = imaging::clear_of_noise(plane, threshold, within);
  if (above && *above < clear)
    warnings.add("threshold-in-noise", {file, 0, 0}, channel,
                 fmt::format("the threshold {} found in '{}' is {:.3g}, {:.1f} standard deviations of the "
                             "pixels' noise above the background: noise counts as signal",
                             imaging::to_string(rule), channel, threshold, *above),
                 fmt::format("give one threshold for all pictures by {}, taken from a control", option));
}

}  // namespace stroma::assays

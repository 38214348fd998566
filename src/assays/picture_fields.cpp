#include "assays/picture_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/errors.hpp"

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

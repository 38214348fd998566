#include "jobs/analyse/inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "assays/arms.hpp"
#include "assays/dose_response/dose_unit.hpp"
#include "assays/dose_response/reported_ic50.hpp"
#include "core/text.hpp"
#include "io/file.hpp"
#include "io/text_encoding.hpp"
#include "report/words.hpp"

namespace stroma::jobs {

namespace fs = std::filesystem;

const char* const tests_between_arms =
    "Arms were compared with values of independent experiments (wells of one experiment were averaged "
    "first): two arms by "
    "Welch's t test, more by one-way ANOVA (with the Brown-Forsythe F* for unequal variances) and Tukey's "
    "HSD. Normality was "
    "checked by Shapiro-Wilk on residuals, equality of variances by the Brown-Forsythe test.";

InputText read_input(const fs::path& file) {
  return {io::read_text_file(file), io::printable(file)};
}

InputText read_bytes(const fs::path& file) {
  return {io::read_file(file), io::printable(file)};
}

InputText read_export(const fs::path& file) {
  InputText out = read_input(file);
  if (core::find_invalid_utf8(out.text) != std::string::npos) out.text = io::from_windows_1252(out.text);
  return out;
}

InputText read_optional(const fs::path& file) {
  return file.empty() ? InputText{} : read_input(file);
}

std::vector<AssayFile> assay_files(const AnalyseRequest& request, const std::string& ending,
                                   const std::string& what, core::Diagnostics& problems) {
  std::vector<AssayFile> out;
  if (request.files.empty() && request.against.empty())
    problems.add("no-files", {}, "files", "there is nothing to analyse", "give " + what);
  for (const fs::path& file : request.files) out.push_back({file, false});
  if (!request.against.empty())
    for (const fs::path& file : simulated_files(request, ending, problems)) out.push_back({file, true});
  return out;
}

fs::path map_beside(const fs::path& plate) {
  std::string stem = plate.stem().string();
  if (stem.ends_with("-plate")) stem.resize(stem.size() - std::string("-plate").size());
  return plate.parent_path() / (stem + "-map" + plate.extension().string());
}

fs::path map_of(const std::vector<fs::path>& maps, std::size_t i, const fs::path& plate) {
  return maps.empty() ? map_beside(plate) : maps[maps.size() == 1 ? 0 : i];
}

void check_maps(const std::vector<fs::path>& maps, std::size_t plates, core::Diagnostics& problems) {
  if (!maps.empty() && maps.size() != 1 && maps.size() != plates)
    problems.add("maps", {}, "--map", fmt::format("{} maps for {} plates", maps.size(), plates),
                 "give one map for all plates, or one for each");
}

void append_warnings(core::Diagnostics& to, const core::Diagnostics& warnings, const std::string& file) {
  append_warnings(to, warnings.entries(), file);
}

void append_warnings(core::Diagnostics& to, std::span<const core::Diagnostic> warnings,
                     const std::string& file) {
  for (core::Diagnostic w : warnings) {
    if (w.place.file.empty()) w.place.file = file;
    to.add(std::move(w));
  }
}

void say_of_file(const core::Understanding& said, const std::string& file, core::Understanding& all) {
  for (const core::Fact& fact : said.facts()) {
    const bool differs = std::any_of(all.facts().begin(), all.facts().end(), [&](const core::Fact& f) {
      return f.about == fact.about && f.what != fact.what;
    });
    const std::string about =
        differs && !file.empty() ? fmt::format("{} of {}", fact.about, file) : fact.about;
    core::Understanding one;
    if (fact.basis == core::Basis::given)
      one.given(about, fact.what, fact.option);
    else if (fact.basis == core::Basis::assumed)
      one.assumed(about, fact.what, fact.option);
    else
      one.found(about, fact.what, fact.option);
    all.append(one);
  }
}

namespace {

std::string dose_kind(const std::string& unit) {
  return assays::is_mass_unit(unit) ? "by mass" : "molar";
}

// JSON has no infinity: an end that the data leave open is null.
nlohmann::ordered_json shown(double held, const std::string& unit) {
  return std::isfinite(held) ? nlohmann::ordered_json(assays::shown_dose(held, unit)) : nullptr;
}

}  // namespace

void put_ic50(nlohmann::ordered_json& row, const assays::DoseResponse& response) {
  using assays::Ic50Place;
  const std::string& unit = response.dose_unit;
  const std::string key = assays::unit_key(unit);
  const assays::ReportedIc50 ic50 = assays::reported_ic50(response);
  row["ic50_" + key] = nullptr;
  if (std::isfinite(ic50.value)) {
    row["ic50_" + key] = shown(ic50.value, unit);
    row["ic50_ci95_" + key] = {shown(ic50.ci.low, unit), shown(ic50.ci.high, unit)};
  }
  static const std::map<Ic50Place, const char*> places{{Ic50Place::none, "none"},
                                                       {Ic50Place::inside, "inside the doses"},
                                                       {Ic50Place::between, "between two doses"},
                                                       {Ic50Place::below, "below the doses"},
                                                       {Ic50Place::above, "above the doses"},
                                                       {Ic50Place::misfit, "misfit"}};
  row["ic50_place"] = places.at(ic50.place);
  row["compared"] = ic50.compared();
  if (response.fit && response.fit->lack_of_fit) row["p_lack_of_fit"] = response.fit->lack_of_fit->p;
  const std::string why = assays::explain_fit(response);
  row["fit"] = why.empty() ? "converged" : why;
}

std::string ic50_words(const assays::DoseResponse& response) {
  using assays::Ic50Place;
  const assays::ReportedIc50 ic50 = assays::reported_ic50(response);
  const std::string unit = assays::printed_unit(response.dose_unit);
  const auto print = [&](double held) { return report::print(assays::shown_dose(held, response.dose_unit)); };
  switch (ic50.place) {
    case Ic50Place::none:
      return "no IC50";
    case Ic50Place::misfit:
      return "no IC50: the curve misses the means of the wells";
    case Ic50Place::between:
      return fmt::format("IC50 between {} and {} {}", print(ic50.ci.low), print(ic50.ci.high), unit);
    case Ic50Place::below:
    case Ic50Place::above: {
      const bool below = ic50.place == Ic50Place::below;
      const std::string edge = print(below ? response.fit->lowest_dose : response.fit->highest_dose);
      return fmt::format("IC50 {} {} {}{}", below ? "below" : "above", edge, unit,
                         std::isfinite(ic50.value)
                             ? fmt::format(", beyond the doses (extrapolated: {}, {} to {})",
                                           print(ic50.value), print(ic50.ci.low), print(ic50.ci.high))
                             : ", beyond the doses");
    }
    case Ic50Place::inside:
      break;
  }
  return fmt::format("IC50 {} {} ({} to {}){}", print(ic50.value), unit, print(ic50.ci.low),
                     print(ic50.ci.high), assays::misses_its_points(response) ? ", lack of fit" : "");
}

std::string reference_of(const std::vector<std::string>& arms, const std::string& asked, bool simulated,
                         const std::string& file, core::Diagnostics& warnings) {
  if (arms.empty()) return asked;
  if (asked.empty()) return arms.front();
  if (!simulated || std::find(arms.begin(), arms.end(), asked) != arms.end()) return asked;
  warnings.add(
      "other-reference", {file, 0, 0}, asked,
      fmt::format("the simulated table has no arm '{}'; its values are against its own first arm, '{}'",
                  asked, arms.front()),
      "name the arms alike, and one of both by --reference");
  return arms.front();
}

std::string reference_of(const std::vector<std::string>& arms, const std::string& asked, bool simulated,
                         const std::string& file, core::Diagnostics& warnings,
                         core::Understanding& understanding) {
  if (simulated || arms.empty() || !asked.empty()) {
    if (!simulated && !asked.empty())
      understanding.given("reference", fmt::format("'{}'", asked), "--reference");
    return reference_of(arms, asked, simulated, file, warnings);
  }
  const std::vector<std::string> different = assays::ordered_arms(arms, {});
  const std::vector<std::string> controls = assays::arms_called_control(different);
  if (controls.size() == 1)
    understanding.found("reference", fmt::format("'{}', by its name", controls.front()), "--reference ARM");
  else if (different.size() > 1)
    understanding.assumed("reference", fmt::format("'{}', the first arm of the table", different.front()),
                          "--reference ARM");
  return controls.size() == 1 ? controls.front() : different.front();
}

std::string arms_with_n(const std::vector<ArmReplicate>& values) {
  std::vector<std::string> arms;
  std::map<std::string, std::set<int>> replicates;
  for (const ArmReplicate& value : values) {
    if (!replicates.contains(value.arm)) arms.push_back(value.arm);
    replicates[value.arm].insert(value.replicate);
  }
  std::string out;
  for (const std::string& arm : arms)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", arm, replicates[arm].size());
  return out;
}

void check_dose_units(const std::vector<report::AnalysedPlate>& plates, core::Diagnostics& problems) {
  std::map<std::string, std::pair<std::string, std::string>> seen;  // drug: name of the file, unit
  for (const report::AnalysedPlate& p : plates)
    for (const assays::DoseResponse& r : p.analysis.responses) {
      const auto [first, fresh] = seen.insert({p.plate.substance, {p.plate.name, r.dose_unit}});
      const auto& [name, unit] = first->second;
      if (fresh || assays::is_mass_unit(unit) == assays::is_mass_unit(r.dose_unit)) continue;
      problems.add(
          "mass-and-molar", {p.plate.name, 0, 0}, p.plate.substance,
          fmt::format("doses of '{}' are {} here ({}) and {} in {} ({}); without a molar mass one "
                      "cannot be read as the other",
                      p.plate.substance, dose_kind(r.dose_unit), r.dose_unit, dose_kind(unit), name, unit),
          "analyse these files apart, or give their doses in one kind of unit");
      break;
    }
}

void warn_of_single_replicates(const std::vector<ArmReplicate>& values, core::Diagnostics& warnings) {
  std::set<int> replicates;
  for (const ArmReplicate& value : values) replicates.insert(value.replicate);
  if (!values.empty() && replicates.size() < 2)
    warnings.add("pseudo-replication", {}, "replicate",
                 "every value belongs to the same experiment (replicate is the same throughout): wells are "
                 "repeats of one "
                 "experiment, not experiments, and nothing is tested",
                 "number independent experiments in the column replicate");
}

}  // namespace stroma::jobs

#include "cli/analyse_inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "assays/dose_table.hpp"
#include "core/units.hpp"
#include "io/file.hpp"
#include "report/words.hpp"

namespace stroma::cli {

namespace fs = std::filesystem;

const char* const tests_between_arms =
    "Arms were compared with values of independent experiments (wells of one experiment were averaged "
    "first): two arms by "
    "Welch's t test, more by one-way ANOVA (with the Brown-Forsythe F* for unequal variances) and Tukey's "
    "HSD. Normality was "
    "checked by Shapiro-Wilk on residuals, equality of variances by the Brown-Forsythe test.";

InputText read_input(const fs::path& file) {
  return {io::read_file(file), io::printable(file)};
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
    for (const fs::path& file : simulated_files(request.against, ending, problems))
      out.push_back({file, true});
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
  for (core::Diagnostic w : warnings.entries()) {
    if (w.place.file.empty()) w.place.file = file;
    to.add(std::move(w));
  }
}

namespace {

const stats::Ic50* ic50_of(const assays::DoseResponse& response) {
  const bool has = response.fit && response.fit->usable() && response.fit->absolute_ic50.defined;
  return has ? &response.fit->absolute_ic50 : nullptr;
}

// JSON has no infinity: an end that the data leave open is null.
nlohmann::ordered_json micromolar(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(core::in_unit(value, "uM")) : nullptr;
}

}  // namespace

void put_ic50(nlohmann::ordered_json& row, const assays::DoseResponse& response) {
  row["ic50_uM"] = nullptr;
  if (const stats::Ic50* ic50 = ic50_of(response)) {
    row["ic50_uM"] = micromolar(ic50->value);
    row["ic50_ci95_uM"] = {micromolar(ic50->ci.low), micromolar(ic50->ci.high)};
  }
  const std::string why = assays::explain_fit(response);
  row["fit"] = why.empty() ? "converged" : why;
}

std::string ic50_words(const assays::DoseResponse& response) {
  const stats::Ic50* ic50 = ic50_of(response);
  if (!ic50) return "no IC50";
  const auto print = [](double value) { return report::print(core::in_unit(value, "uM")); };
  return fmt::format("IC50 {} µM ({} to {})", print(ic50->value), print(ic50->ci.low), print(ic50->ci.high));
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

}  // namespace stroma::cli

// What the assays of `analyse` share when they read their files: every file's problems in one list.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "assays/cck8/cck8.hpp"
#include "io/file.hpp"
#include "io/sheet.hpp"
#include "jobs/analyse/analyse.hpp"
#include "report/laboratory.hpp"

namespace stroma::jobs {

/// A file's text or bytes with its name as messages show it.
struct InputText {
  std::string text, name;
  io::NamedText named() const { return {text, name}; }
};
/// A text; throws core::InputError where the file is of another kind.
InputText read_input(const std::filesystem::path& file);
/// Whatever the file is.
InputText read_bytes(const std::filesystem::path& file);
/// What an instrument exported: bytes that are no UTF-8 are taken for Windows-1252 as well. Its numbers are
/// the same in both; only signs such as that of the degree differ.
InputText read_export(const std::filesystem::path& file);

/// The text of an optional file; empty where no file was given.
InputText read_optional(const std::filesystem::path& file);

/// One input of an assay, measured or simulated.
struct AssayFile {
  std::filesystem::path path;
  bool simulated = false;
};

/// The request's files and, with --against, the simulated ones that end in `ending`; adds a diagnostic where
/// there is none of either. `what`: such as "the Ct table".
std::vector<AssayFile> assay_files(const AnalyseRequest& request, const std::string& ending,
                                   const std::string& what, core::Diagnostics& problems);

/// Appends warnings or problems that belong to a file, which analyses do not know.
void append_warnings(core::Diagnostics& to, std::span<const core::Diagnostic> warnings,
                     const std::string& file);
void append_warnings(core::Diagnostics& to, const core::Diagnostics& warnings, const std::string& file);

/// Runs `act` for each file and collects what is wrong in all of them; throws it together.
template <class Act>
void for_each_file(const std::vector<AssayFile>& files, core::Diagnostics& problems, Act act) {
  for (const AssayFile& file : files) try {
      act(file);
    } catch (const core::InputError& error) {
      append_warnings(problems, error.diagnostics(), io::printable(file.path));
    }
  problems.throw_if_any();
}

/// "x-plate.csv" has "x-map.csv" beside it, and "plate-1.csv" has "plate-1-map.csv".
std::filesystem::path map_beside(const std::filesystem::path& plate);

/// The map of the i-th plate: the only one for all, its own, or the one beside it.
std::filesystem::path map_of(const std::vector<std::filesystem::path>& maps, std::size_t i,
                             const std::filesystem::path& plate);
/// Adds a diagnostic where there are neither one map nor one for each plate.
void check_maps(const std::vector<std::filesystem::path>& maps, std::size_t plates,
                core::Diagnostics& problems);

/// Appends what was understood of one file; a fact that differs from that of the files before is said with
/// the file's name (empty: there is one file only).
void say_of_file(const core::Understanding& said, const std::string& file, core::Understanding& all);

/// ic50_uM (or ic50_ug_per_mL, where doses are by mass) with its interval (null where there is none), and
/// `ic50_place` (an extrapolation is no number to compare: `compared`), and `fit`: "converged" or what is
/// wrong.
void put_ic50(nlohmann::ordered_json& row, const assays::DoseResponse& response);
/// "IC50 4 µM (3 to 5)" or "no IC50".
std::string ic50_words(const assays::DoseResponse& response);

/// Replicate numbers of arms: warns where every arm has one (pseudo-replication).
struct ArmReplicate {
  std::string arm;
  int replicate = 1;
};
/// The reference of one table: `asked`, or its first arm where nothing was asked for. A simulated table that
/// lacks the measured reference is expressed against its own first arm, with a warning.
std::string reference_of(const std::vector<std::string>& arms, const std::string& asked, bool simulated,
                         const std::string& file, core::Diagnostics& warnings);

/// The same, said: the arm that was asked for, else the only one that is called a control (vehicle,
/// untreated, PBS ...), else the first, which is an assumption.
std::string reference_of(const std::vector<std::string>& arms, const std::string& asked, bool simulated,
                         const std::string& file, core::Diagnostics& warnings,
                         core::Understanding& understanding);

/// "CAF 3, DMEM 3" of the arms of measured values, one entry per independent experiment of an arm.
std::string arms_with_n(const std::vector<ArmReplicate>& values);

/// Adds mass-and-molar for each drug whose doses are molar in one file and by mass in another.
void check_dose_units(const std::vector<report::AnalysedPlate>& plates, core::Diagnostics& problems);

void warn_of_single_replicates(const std::vector<ArmReplicate>& values, core::Diagnostics& warnings);

/// The sentence on tests that every methods paragraph of arms ends with.
extern const char* const tests_between_arms;

}  // namespace stroma::jobs

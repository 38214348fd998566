// Runs of studies and of experiments that are one: what the ledger does not know is run, then all is
// measured, assessed and written. `reproduce`, `run` and `report` lead here.
#pragma once

#include <filesystem>

#include "jobs/requests.hpp"
#include "store/output_folder.hpp"
#include "store/run_ledger.hpp"
#include "study/run_record.hpp"
#include "study/study.hpp"

namespace stroma::jobs {

inline constexpr const char* quick_in_space =
    "--quick thins out cultures; a tissue is made smaller by --set duration=\"6 h\" or --set dimensions=2";

/// Runs a study that was loaded from `source`, its folder or its one experiment's file.
/// `donor`: a ledger whose finished vessels are not run again; empty: none.
Result run_study(const study::Study& study, const std::filesystem::path& source, RunOptions options,
                 Session& session, const std::filesystem::path& donor = {});

/// Writes what a folder begins with, the request and copies of what it is run from, and returns the record.
study::RunRecord begin_folder(store::OutputFolder& folder, const study::Study& study,
                              const std::filesystem::path& source, const RunOptions& options,
                              const Session& session);

/// What `run` keeps of finished vessels, in its folder.
inline constexpr const char* ledger_name = "ledger.sqlite";

/// Runs what the ledger of `folder` does not know and writes all results; `record` says what was asked.
/// `on`: the commands that start workers; empty: here.
Result go_on(const study::Study& study, store::OutputFolder& folder, study::RunRecord record,
             const std::vector<std::string>& on, Session& session);

/// The vessels of all of its experiments, in their order.
std::vector<study::Vessel> vessels_of(const study::Study& study, std::uint64_t seed, bool quick);

/// A run of a study as its folder holds it.
struct StoredStudy {
  study::Study study;
  study::RunRecord record;       ///< with what was asked; of its times only the beginning
  std::filesystem::path source;  ///< the study's folder or the experiment's file
};
bool holds_study_run(const std::filesystem::path& run);
/// Throws InputError ("inputs-differ") where what it was made of is not there any more.
StoredStudy load_stored_study(const std::filesystem::path& run);
/// Throws InputError ("not-all-there") where the run's ledger is gone.
void require_ledger(const StoredStudy& stored, const std::filesystem::path& run);
std::size_t missing_vessels(const StoredStudy& stored, study::Ledger& ledger);
/// Says how many stored results were damaged.
void note_dropped(const store::RunLedger& ledger, Progress& progress);
/// Options that run what `record` asked for, told to and stopped by `session`.
study::StudyOptions study_options_of(const study::RunRecord& record, Session& session);

/// Throws InputError ("no-vessels"): `file` is an experiment in space, which --on cannot send away.
[[noreturn]] void refuse_workers(const std::filesystem::path& file);

/// Makes the report of a finished study again. Throws InputError where something of it is not there.
Result remake_study_report(const ReportRequest& request, Session& session);

}  // namespace stroma::jobs

#include "jobs/study_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "core/errors.hpp"
#include "core/hash.hpp"
#include "io/file.hpp"
#include "jobs/arm_recorder.hpp"
#include "jobs/duration.hpp"
#include "jobs/machine.hpp"
#include "jobs/paths.hpp"
#include "jobs/report_files.hpp"
#include "jobs/run_record.hpp"
#include "jobs/study_plan.hpp"
#include "jobs/version.hpp"
#include "report/study_report.hpp"
#include "store/results.hpp"
#include "store/run_ledger.hpp"
#include "store/vessel_checkpoints.hpp"
#include "store/workers.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;
constexpr const char* request_name = ".stroma.request";
constexpr const char* inputs_name = "input";

// Two requests that are alike give the same bits, so their results may share a folder.
std::string request_hash(const study::Study& study, std::uint64_t seed, bool quick) {
  core::Hasher hasher;
  hasher.number(study::engine_version);
  for (const study::Vessel& v : vessels_of(study, seed, quick)) hasher.text(v.key);
  for (const study::Finding& f : study.findings)
    hasher.text(f.id + f.experiment + f.readout + f.system + f.arm + f.reference_arm);
  return hasher.digest();
}

store::Existing existing_policy(const fs::path& folder, const std::string& request, bool force) {
  std::error_code ignored;
  if (fs::exists(folder / request_name, ignored) && io::read_file(folder / request_name) == request + "\n")
    return store::Existing::keep;
  return force ? store::Existing::replace : store::Existing::refuse;
}

std::string findings_text(const study::StudyResult& result) {
  if (result.assessments.empty()) return {};
  std::string out =
      fmt::format("\n{:<5} {:<9} {:<12} {:<20} {:<9} {:<13} {:<13} {}\n", "id", "figure", "system", "readout",
                  "expected", "verdict", "all n", "log2 ratio, 95 % interval at all n");
  for (const study::Assessment& a : result.assessments) {
    const study::Comparison& c = a.at_full_n;
    const std::string effect =
        c.effect ? fmt::format("{:+.2f} [{:+.2f}, {:+.2f}] n = {}", *c.effect, *c.low, *c.high, c.n)
                 : c.why_not;
    out += fmt::format("{:<5} {:<9} {:<12} {:<20} {:<9} {:<13} {:<13} {}\n", a.finding.id, a.finding.figure,
                       a.finding.system, a.finding.readout, study::to_string(a.finding.expected),
                       study::to_string(a.at_paper_n.verdict), study::to_string(c.verdict), effect);
  }
  return out;
}

void write_results(store::OutputFolder& folder, const study::Study& study, const study::StudyResult& result,
                   const study::RunRecord& record, Progress& progress) {
  std::vector<std::string> files;
  const auto write = [&](const std::string& name, const std::string& bytes) {
    folder.write(name, bytes);
    files.push_back(name);
  };
  for (const auto& [name, bytes] : store::laboratory_files(study, result)) write(name, bytes);
  store::Renderer renderer;
  for (const std::string& name :
       write_report(folder, report::make_report(study, result, record), &renderer, progress))
    files.push_back(name);
  files.emplace_back("report.html");
  write("findings.json", store::findings_json(result));
  write("ro-crate-metadata.json", store::ro_crate_json(study, record, files));
  folder.remove_unwritten();
  write("run.json", store::run_json(study, result, record));  // last: where it is, the results are complete
}

// Copies of the study and of its model, so that the folder can be moved and reported again anywhere. Returns
// where the study lies, seen from the folder.
std::string keep_inputs(store::OutputFolder& folder, const fs::path& source, const RunOptions& options) {
  const auto inputs = store::study_inputs(source, model_search(options.without), options.set);
  if (!inputs) return io::printable(fs::absolute(source));
  for (const auto& [name, bytes] : inputs->files) folder.write(fs::path(inputs_name) / name, bytes);
  return std::string(inputs_name) + "/" + inputs->source;
}

// Vessels of a culture that `donor` knows are not run again. Those in space have folders of their own to
// fill.
void take_over(const study::Study& study, const study::RunRecord& record, const fs::path& donor,
               const fs::path& ledger) {
  store::RunLedger from(donor), to(ledger);
  for (const study::Experiment& e : study.experiments) {
    if (e.space) continue;
    for (const study::Vessel& v : study::expand(e, *study.model, record.seed, record.quick))
      if (const auto entry = from.look(v.key); entry && entry->whole)
        to.store(v.key, "vessel", entry->payload);
  }
}

VesselsDone done_of(const study::Progress& p) {
  return {p.done,      p.total,       p.reused,    p.failed, static_cast<std::uint64_t>(p.cell_steps),
          p.work_done, p.work_reused, p.work_total};
}

}  // namespace

study::StudyOptions study_options_of(const study::RunRecord& record, Session& session) {
  study::StudyOptions out;
  out.seed = record.seed;
  out.quick = record.quick;
  out.executor.threads = record.threads;
  out.executor.stop = &session.stop.requested();
  out.executor.on_progress = [&](const study::Progress& p) { session.progress.vessels(done_of(p)); };
  return out;
}

std::vector<study::Vessel> vessels_of(const study::Study& study, std::uint64_t seed, bool quick) {
  std::vector<study::Vessel> out;
  for (const study::Experiment& e : study.experiments)
    for (study::Vessel& v : study::expand(e, *study.model, seed, quick)) out.push_back(std::move(v));
  return out;
}

bool holds_study_run(const fs::path& run) {
  std::error_code ignored;
  return fs::exists(run / request_name, ignored);
}

StoredStudy load_stored_study(const fs::path& run) {
  std::error_code ignored;
  const bool has_request = fs::exists(run / store::study_request_name, ignored);
  StoredStudy out;
  out.record = has_request ? store::read_record(run, store::study_request_name) : store::read_record(run);
  const store::ModelSearch search = model_search(out.record.without);
  out.source = run / out.record.source;  // an absolute path stays itself
  if (!fs::exists(out.source, ignored))
    throw core::InputError(
        {{"inputs-gone",
          {io::printable(run), 0, 0},
          io::printable(run),
          fmt::format("what it was run from is not there any more: {}", io::printable(out.source)),
          fmt::format("run it again: {}", out.record.command)}});
  out.study = fs::is_directory(out.source) ? store::load_study(out.source, search, out.record.set)
                                           : store::load_experiment(out.source, search, out.record.set);
  if (io::read_file(run / request_name) != request_hash(out.study, out.record.seed, out.record.quick) + "\n")
    throw core::InputError({{"inputs-differ",
                             {io::printable(run), 0, 0},
                             io::printable(run),
                             "the model, the experiments or the engine have changed since this run",
                             fmt::format("run it again: {}", out.record.command)}});
  return out;
}

void require_ledger(const StoredStudy& stored, const fs::path& run) {
  std::error_code ignored;
  if (!fs::exists(run / ledger_name, ignored))
    throw core::InputError({{"not-all-there",
                             {io::printable(run), 0, 0},
                             io::printable(run),
                             "its ledger is gone",
                             fmt::format("run it again: {}", stored.record.command)}});
}

std::size_t missing_vessels(const StoredStudy& stored, study::Ledger& ledger) {
  std::size_t missing = 0;
  for (const study::Vessel& v : vessels_of(stored.study, stored.record.seed, stored.record.quick))
    if (!ledger.find(v.key)) ++missing;
  return missing;
}

void note_dropped(const store::RunLedger& ledger, Progress& progress) {
  if (ledger.dropped() > 0)
    progress.note(fmt::format("{} stored result{} of {} {} damaged; {} run again", ledger.dropped(),
                              ledger.dropped() == 1 ? "" : "s", ledger_name,
                              ledger.dropped() == 1 ? "was" : "were",
                              ledger.dropped() == 1 ? "it was" : "they were"));
}

void refuse_workers(const fs::path& file) {
  throw core::InputError({{"no-vessels",
                           {io::printable(file), 0, 0},
                           "--on",
                           "an experiment in space is run here: only vessels of cultures go to workers",
                           "leave out --on"}});
}

study::RunRecord begin_folder(store::OutputFolder& folder, const study::Study& study, const fs::path& source,
                              const RunOptions& options, const Session& session) {
  study::RunRecord record = begin_record(options, session.command);
  folder.write(request_name, request_hash(study, options.seed, options.quick) + "\n");
  record.source = keep_inputs(folder, source, options);
  folder.write(store::study_request_name, store::study_request_json(record));
  return record;
}

Result run_study(const study::Study& study, const fs::path& source, RunOptions options, Session& session,
                 const fs::path& donor) {
  for (const core::Diagnostic& d : study::warnings_of(study)) session.progress.warning(core::to_string(d));
  if (!options.on.empty() && has_tissues(study)) refuse_workers(source);
  if (options.dry_run) return plan_of(study, options);
  if (options.output.empty()) options.output = fs::path("results") / study.name;
  options.threads = thread_count(options.threads);
  const std::string request = request_hash(study, options.seed, options.quick);
  store::OutputFolder folder(options.output, existing_policy(options.output, request, options.force));
  const study::RunRecord record = begin_folder(folder, study, source, options, session);
  std::error_code ignored;
  if (fs::exists(donor, ignored)) take_over(study, record, donor, folder.path() / ledger_name);
  return go_on(study, folder, record, options.on, session);
}

Result go_on(const study::Study& study, store::OutputFolder& folder, study::RunRecord record,
             const std::vector<std::string>& on, Session& session) {
  const auto begin = std::chrono::steady_clock::now();
  store::RunLedger ledger(folder.path() / ledger_name);
  const std::shared_ptr<void> listening = session.stop.listen(2);
  study::StudyOptions study_options = study_options_of(record, session);
  std::optional<store::Workers> workers;
  if (!on.empty()) study_options.executor.site = &workers.emplace(on);
  std::optional<ArmRecorder> arms;
  if (has_tissues(study)) {
    arms.emplace(folder, study, study_options, record, session.progress);
    study_options.executor.recorder = &*arms;
  }
  store::VesselCheckpoints states(folder.path(),
                                  fmt::format("stroma {} cultures {}", version, study::engine_version),
                                  study.model->content_hash);
  study_options.executor.states = &states;
  const study::StudyResult result = study::run(study, &ledger, study_options);
  note_dropped(ledger, session.progress);
  for (const core::Diagnostic& d : states.refused()) session.progress.note(core::to_string(d));
  Result out;
  if (result.interrupted) {
    out.status = Status::interrupted;
    out.remark(
        Remark::Kind::plain,
        fmt::format(
            "\ninterrupted: {} of {} vessels are in the ledger; go on with the same command or: stroma "
            "resume {}",
            result.progress.done, result.progress.total, io::printable(folder.path())));
    return out;
  }
  end_record(record, begin);
  write_results(folder, study, result, record, session.progress);
  out.json = nlohmann::ordered_json::parse(store::run_json(study, result, record));
  out.text = findings_text(result) +
             fmt::format("\n{} vessels, {} from the ledger, {} failed, {}\n", result.progress.total,
                         result.progress.reused, result.progress.failed, duration_text(record.wall_seconds)) +
             report_line(folder.path());
  for (const std::string& failure : result.failures) out.remark(Remark::Kind::failure, failure);
  if (!result.failures.empty()) out.status = Status::numerical;
  return out;
}

Result remake_study_report(const ReportRequest& request, Session& session) {
  const fs::path& run = request.run;
  if (!fs::exists(run / "run.json")) store::read_record(run);  // which says what is missing
  StoredStudy stored = load_stored_study(run);
  stored.record = store::read_record(run);
  require_ledger(stored, run);
  store::OutputFolder folder(run, store::Existing::keep);
  store::RunLedger ledger(run / ledger_name);
  if (const std::size_t missing = missing_vessels(stored, ledger); missing > 0)
    throw core::InputError({{"not-all-there",
                             {io::printable(run), 0, 0},
                             io::printable(run),
                             fmt::format("{} vessels are not in its ledger", missing),
                             fmt::format("go on with: stroma resume {}", io::printable(run))}});
  stored.record.threads = thread_count(request.threads);
  const study::StudyResult result =
      study::run(stored.study, &ledger, study_options_of(stored.record, session));
  store::Renderer renderer;
  write_report(folder, report::make_report(stored.study, result, store::read_record(run)), &renderer,
               session.progress);
  Result out;
  out.text = report_line(run);
  return out;
}

}  // namespace stroma::jobs

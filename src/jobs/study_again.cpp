// `verify`, `resume` and `fork` of runs that are vessels: cultures, studies and experiments in space with
// arms.
#include "jobs/study_again.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/errors.hpp"
#include "core/units.hpp"
#include "io/file.hpp"
#include "jobs/machine.hpp"
#include "jobs/paths.hpp"
#include "jobs/run_record.hpp"
#include "jobs/study_run.hpp"
#include "store/ledger_comparison.hpp"
#include "store/run_ledger.hpp"
#include "study/fork.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t most_named = 10;

[[noreturn]] void refuse(const char* code, const fs::path& run, const std::string& key,
                         const std::string& message, const std::string& hint) {
  throw core::InputError({{code, {io::printable(run), 0, 0}, key, message, hint}});
}

std::map<std::string, std::string> labels_of(const StoredStudy& stored) {
  std::map<std::string, std::string> labels;
  for (const study::Vessel& v : vessels_of(stored.study, stored.record.seed, stored.record.quick))
    labels.emplace(v.key, v.label);
  return labels;
}

// Whether the ledger and what run.json says of all vessels together are what was run.
bool is_that_of_record(const fs::path& run, const std::string& state_hash) {
  std::error_code ignored;
  if (!fs::exists(run / "run.json", ignored)) return true;  // not finished: it says nothing yet
  const auto json = nlohmann::json::parse(io::read_file(run / "run.json"), nullptr, false);
  return json.is_object() && json.value("state_hash", std::string()) == state_hash;
}

}  // namespace

Result verify_study(const VerifyRequest& request, Session& session) {
  const fs::path& run = request.run;
  StoredStudy stored = load_stored_study(run);
  stored.record.threads = thread_count(request.threads);
  require_ledger(stored, run);
  store::RunLedger kept(run / ledger_name);
  const auto labels = labels_of(stored);
  if (std::none_of(labels.begin(), labels.end(),
                   [&](const auto& v) { return kept.look(v.first).has_value(); }))
    refuse("nothing-to-verify", run, ledger_name,
           fmt::format("'{}' holds no finished vessel", io::printable(run)),
           fmt::format("go on with: stroma resume {}", io::printable(run)));
  std::set<std::string, std::less<>> failed;
  for (const store::LedgerFailure& failure : kept.failures()) failed.insert(failure.key);
  std::error_code ignored;
  store::LedgerComparison comparison([&](std::string_view key) { return kept.look(key); }, std::move(failed),
                                     fs::exists(run / "run.json", ignored));
  const std::shared_ptr<void> listening = session.stop.listen(2);
  const study::StudyResult again =
      study::run(stored.study, &comparison, study_options_of(stored.record, session));
  Result out;
  if (again.interrupted) {
    out.status = Status::interrupted;
    out.remark(Remark::Kind::plain, fmt::format("\ninterrupted: {} vessels were the same bits, {} were not",
                                                comparison.same(), comparison.different().size()));
    return out;
  }
  std::size_t named = 0;
  for (const auto& [key, what] : comparison.different())
    if (++named <= most_named) out.remark(Remark::Kind::failure, fmt::format("{}: {}", labels.at(key), what));
  if (named > most_named) out.remark(Remark::Kind::failure, fmt::format("and {} more", named - most_named));
  if (named == 0 && !is_that_of_record(run, again.state_hash)) {
    ++named;
    out.remark(Remark::Kind::failure,
               fmt::format("run.json has another state_hash than {}, which the ledger and this run have",
                           again.state_hash));
  }
  if (named > 0) out.status = Status::numerical;
  out.text =
      fmt::format("{}: {} of {} finished vessels are the same bits", named == 0 ? "verified" : "not verified",
                  comparison.same(), labels.size() - comparison.unfinished());
  if (comparison.unfinished() > 0)
    out.text +=
        fmt::format("; {} are not finished: stroma resume {}\n", comparison.unfinished(), io::printable(run));
  else
    out.text += named == 0 ? fmt::format(", state {}\n", again.state_hash) : "\n";
  return out;
}

Result resume_study(const ResumeRequest& request, Session& session) {
  const fs::path& run = request.run;
  StoredStudy stored = load_stored_study(run);
  if (!request.until.empty())
    refuse("cannot-act", run, "--until", "--until: vessels end when the experiment's last reading is taken",
           "write a file that reads later, and: stroma fork DIR --at TIME FILE");
  store::OutputFolder folder(run, store::Existing::keep);
  Result out;
  {
    store::RunLedger ledger(run / ledger_name);
    std::error_code ignored;
    if (fs::exists(run / "run.json", ignored) && missing_vessels(stored, ledger) == 0) {
      out.text = fmt::format("nothing to do: all {} vessels are in the ledger and the results are written\n",
                             labels_of(stored).size());
      return out;
    }
  }
  RunOptions options;
  options.seed = stored.record.seed;
  options.quick = stored.record.quick;
  options.threads = thread_count(request.threads);
  options.without = stored.record.without;
  options.set = stored.record.set;
  // The folder's inputs are written again: results that this run does not write are an earlier program's.
  return go_on(stored.study, folder, begin_folder(folder, stored.study, stored.source, options, session), {},
               session);
}

Result fork_study(const ForkRequest& request, Session& session) {
  const StoredStudy stored = load_stored_study(request.run);
  const std::string file = io::printable(request.experiment);
  if (stored.study.experiments.size() != 1)
    refuse("fork-of-a-study", request.run, "run",
           fmt::format("'{}' is a study of {} experiments, and a fork leaves one", io::printable(request.run),
                       stored.study.experiments.size()),
           "run the experiment's own file and fork that");
  core::Diagnostics problems;
  const auto at = core::check_quantity(request.at, core::dimension::time, core::Range::positive(),
                                       {"--at", 0, 0}, "--at", problems);
  problems.throw_if_any();
  const core::Tick tick = core::to_tick(*at);
  const study::Experiment& before = stored.study.experiments.front();
  RunOptions options;
  options.seed = stored.record.seed;
  options.quick = stored.record.quick;
  options.threads = request.threads;
  options.without = stored.record.without;
  options.set = request.set;
  options.force = request.force;
  options.output = request.output;
  const study::Study after = store::load_experiment(request.experiment, model_search(options.without),
                                                    request.set, assays::built_in(), memory_of_machine());
  if (before.step.count > 0 && tick.count % before.step.count != 0)
    problems.add(
        "not-a-multiple", {"--at", 0, 0}, "--at",
        fmt::format("--at: must be a multiple of the run's step, {} min", core::minutes(before.step)));
  if (stored.study.model->content_hash != after.model->content_hash)
    problems.add("model-differs", {file, 0, 0}, "model", "the model is not that of the run that is forked");
  problems.throw_if_any();
  study::check_fork(before, after.experiments.front(), *after.model, options.seed, options.quick, tick, file,
                    problems);
  problems.throw_if_any();
  session.progress.note(fmt::format(
      "until {:.6g} h the vessels are those of {}: their common history is run again, to the same bits",
      core::minutes(tick) / 60.0, io::printable(request.run)));
  return run_study(after, request.experiment, options, session, request.run / ledger_name);
}

}  // namespace stroma::jobs

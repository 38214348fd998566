// Runs in space: `run FILE`, `resume DIR`, `fork DIR --at T FILE`, `verify DIR`. All four load inputs,
// compile a plan and advance a state from one output or checkpoint to the next; they differ in where the
// state comes from.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>

#include "core/errors.hpp"
#include "core/units.hpp"
#include "io/file.hpp"
#include "jobs/duration.hpp"
#include "jobs/machine.hpp"
#include "jobs/paths.hpp"
#include "jobs/report_files.hpp"
#include "jobs/requests.hpp"
#include "jobs/run_record.hpp"
#include "jobs/study_again.hpp"
#include "jobs/study_run.hpp"
#include "jobs/tissue_cost.hpp"
#include "jobs/tissue_report_files.hpp"
#include "store/checkpoints.hpp"
#include "store/tissue_output.hpp"
#include "store/tissue_record.hpp"
#include "study/tissue_experiment.hpp"
#include "tissue/tissue_loop.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Prepared {
  store::LoadedTissue loaded;
  tissue::TissuePlan plan;
};

// Everything that can be wrong is said before anything is run or allocated.
Prepared prepare(store::LoadedTissue loaded, int threads, double memory) {
  std::size_t cells = 0;
  for (const auto& group : loaded.experiment.setup.cells) cells += group.positions.size();
  const double need = tissue::memory_estimate(loaded.experiment.setup, *loaded.model, cells);
  if (need > memory)
    throw core::LimitError(fmt::format(
        "{} voxels and {} cells would take about {:.3g} GiB, and this machine has {:.3g} GiB",
        loaded.experiment.setup.grid.voxels(), cells, need / 1073741824.0, memory / 1073741824.0));
  core::Diagnostics problems;
  Prepared out{std::move(loaded), {}};
  out.plan = tissue::compile_tissue(out.loaded.model, out.loaded.experiment.setup, {threads}, problems);
  problems.throw_if_any();
  return out;
}

Result plan_of(const Prepared& p, double memory) {
  Result out;
  const study::TissueExperiment& e = p.loaded.experiment;
  const fields::Grid& grid = e.setup.grid;
  std::size_t cells = 0;
  for (std::size_t k = 0; k < e.setup.cells.size(); ++k) {
    const std::size_t n = e.setup.cells[k].positions.size();
    out.text += fmt::format("{:<16} {:>10} cells of {}\n", k == 0 ? "cells" : "", n,
                            p.loaded.model->cell_types[static_cast<std::size_t>(e.setup.cells[k].type)].name);
    cells += n;
  }
  for (const tissue::Arrival& a : e.setup.arrivals) {
    out.text += fmt::format("{:<16} {:>10} cells of {} at {:.6g} h\n", "", a.count,
                            p.loaded.model->cell_types[static_cast<std::size_t>(a.type)].name,
                            core::minutes(a.at) / 60.0);
    cells += a.count;
  }
  out.text += fmt::format("{:<16} {} x {} x {} = {} voxels of {} x {} x {} um, {} substances\n", "grid",
                          grid.n[0], grid.n[1], grid.n[2], grid.voxels(), grid.spacing[0], grid.spacing[1],
                          grid.spacing[2], e.setup.substances.size());
  const double steps =
      std::ceil(static_cast<double>(e.duration.count) / static_cast<double>(e.setup.step.count));
  const double mechanics = steps * std::ceil(core::minutes(e.setup.step) / mechanics_step);
  const double need = tissue::memory_estimate(e.setup, *p.loaded.model, cells);
  const double seconds = expected_seconds(e, cells);
  out.text += fmt::format("{:<16} {:.0f} coupling steps of {} min, about {:.2g} steps of the mechanics\n",
                          "time", steps, core::minutes(e.setup.step), mechanics);
  out.text += fmt::format("{:<16} about {:.1f} MiB at the start, {:.1f} MiB are free\n", "memory",
                          need / 1048576.0, memory / 1048576.0);
  const double bytes =
      static_cast<double>(cells) * (100.0 + 4.0 * static_cast<double>(p.loaded.model->nodes.size()));
  out.text += fmt::format(
      "{:<16} about {:.1f} MiB per checkpoint; frames of {:.1f} MiB\n", "disk",
      (bytes * 1.5 + 8.0 * static_cast<double>(grid.voxels() * e.setup.substances.size())) / 1048576.0,
      (static_cast<double>(cells) * 60.0 +
       4.0 * static_cast<double>(grid.voxels() * e.setup.substances.size())) /
          1048576.0);
  out.text += fmt::format("{:<16} about {} on {} thread{}, before growth\n", "expected",
                          duration_text(seconds / p.plan.threads.count), p.plan.threads.count,
                          p.plan.threads.count == 1 ? "" : "s");
  for (const std::string& name : e.left_out)
    out.text += fmt::format("{:<16} {}: the cells exchange it, this experiment does not simulate it\n",
                            "left out", name);
  return out;
}

io::ArchiveHeader header_of(const Prepared& p, core::Tick tick) {
  const std::string& hash = p.loaded.model->content_hash;
  return {tissue_engine_name(), hash.empty() ? "none" : hash, study::configuration_hash(p.loaded.experiment),
          tick};
}

study::RunRecord begin_tissue_record(const store::TissueRequest& request, int threads,
                                     const Session& session) {
  RunOptions options;
  options.seed = request.seed;
  options.threads = threads;
  options.without = request.without;
  options.set = request.overrides;
  return begin_record(options, session.command);
}

TimeReached reached(core::Tick start, const tissue::TissueState& s, core::Tick end) {
  const auto hours = [](core::Tick tick) { return core::minutes(tick) / 60.0; };
  return {hours(start), hours(s.tick), hours(end), s.cells(), s.tick == end};
}

// Advances from one tick at which something is due to the next; a signal ends it at the end of a step.
Result drive(const Prepared& p, tissue::TissueState& s, store::OutputFolder& folder,
             store::TissueOutput& output, store::HashLog hashes, core::Tick end, study::RunRecord record,
             Session& session) {
  const study::TissueExperiment& e = p.loaded.experiment;
  const auto begin = Clock::now();
  store::Checkpoints checkpoints(folder);
  const std::shared_ptr<void> listening = session.stop.listen(3);
  const std::atomic<bool>& stop = session.stop.requested();
  const core::Tick start = s.tick;
  tissue::TissueWorkspace work;
  const auto checkpoint = [&] {
    output.commit();
    hashes.add(s.tick, tissue::state_hash(s));
    folder.write(store::HashLog::path, hashes.csv());
    checkpoints.write(header_of(p, s.tick), [&](core::ArchiveWriter& writer) { tissue::save(writer, s); });
  };
  const auto say = [&](bool complete) {
    end_record(record, begin);
    const std::string json = store::tissue_run_json(e, p.plan, s, record, complete);
    // An interruption has no time for pictures, and a Ctrl-C would reach the program that draws them.
    write_tissue_report(folder, {e, p.plan, s, record}, complete, session.progress);
    folder.write("run.json", json);
    return json;
  };
  if (s.tick.count == 0) output.write(s, false);
  if (s.tick.count == 0 && e.checkpoint_every.count > 0) checkpoint();
  while (s.tick < end && !stop) {
    core::Tick next = output.next(s.tick, end);
    const core::Tick period = e.checkpoint_every;
    if (period.count > 0) next = std::min(next, core::Tick{(s.tick.count / period.count + 1) * period.count});
    while (s.tick < next && !stop) {
      tissue::advance(s, p.plan, work, tissue::next_step(p.plan, s.tick, next).end);
      session.progress.time(reached(start, s, end));
    }
    if (s.tick != next) break;
    output.write(s, s.tick == end);
    if (period.count > 0 && s.tick.count % period.count == 0 && s.tick < end) checkpoint();
  }
  Result out;
  if (s.tick < end) {
    checkpoint();
    if (!session.stop.hurry()) say(false);
    out.status = Status::interrupted;
    out.remark(Remark::Kind::plain,
               fmt::format("\ninterrupted at {:.6g} h, checkpoint saved; go on with: stroma resume {}",
                           core::minutes(s.tick) / 60.0, io::printable(folder.path())));
    return out;
  }
  checkpoint();
  out.json = nlohmann::ordered_json::parse(say(true));
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  out.text = fmt::format("{:.6g} h simulated, {} cells, {}, state {}\n", core::minutes(s.tick) / 60.0,
                         s.cells(), duration_text(seconds), tissue::state_hash(s)) +
             report_line(folder.path());
  return out;
}

// The state at `tick` of the run in `folder`: from the newest checkpoint that is not later, or from the
// start.
tissue::TissueState state_at(core::Tick tick, const Prepared& p, const fs::path& folder, Progress& progress) {
  tissue::TissueState s;
  const store::Checkpoints checkpoints(folder / "checkpoints");
  const std::vector<core::Tick> there = checkpoints.list();
  if (there.empty() || there.front() > tick) {
    s = tissue::found_tissue(p.plan, p.loaded.experiment.setup);
  } else {
    const io::ArchiveHeader header = header_of(p, tick);
    store::OpenedCheckpoint opened =
        checkpoints.newest({header.engine_version, header.model_hash, header.configuration_hash, tick});
    for (const core::Diagnostic& d : opened.refused) progress.note(core::to_string(d));
    s = tissue::restore(*opened.archive, p.plan);
    opened.archive->require_all_read();
  }
  tissue::TissueWorkspace work;
  tissue::advance(s, p.plan, work, tick);
  return s;
}

// The state of the newest checkpoint that is whole.
tissue::TissueState newest_state(const Prepared& p, const fs::path& run, Progress& progress) {
  const io::ArchiveHeader header = header_of(p, {});
  store::OpenedCheckpoint opened =
      store::Checkpoints(run / "checkpoints")
          .newest({header.engine_version, header.model_hash, header.configuration_hash, {}});
  for (const core::Diagnostic& d : opened.refused) progress.note(core::to_string(d));
  tissue::TissueState s = tissue::restore(*opened.archive, p.plan);
  opened.archive->require_all_read();
  return s;
}

core::Tick parse_time(const std::string& text, const char* option) {
  const core::ParsedQuantity parsed = core::parse_quantity(text);
  core::Diagnostics problems;
  if (!parsed.error.empty() || parsed.quantity.dim != core::dimension::time || parsed.quantity.value < 0.0)
    problems.add("bad-time", {option, 0, 0}, text,
                 fmt::format("{} '{}': expected a time such as \"24 h\"{}", option, text,
                             parsed.error.empty() ? "" : " (" + parsed.error + ")"));
  problems.throw_if_any();
  return core::to_tick(parsed.quantity.value);
}

// The folder of a new run. Where an unfinished run lies in it, going on is what most people want.
std::unique_ptr<store::OutputFolder> open_folder(const fs::path& path, bool force) {
  try {
    return std::make_unique<store::OutputFolder>(path,
                                                 force ? store::Existing::replace : store::Existing::refuse);
  } catch (const core::InputError& error) {
    const std::vector<core::Tick> saved = store::Checkpoints(path / "checkpoints").list();
    if (error.diagnostics().front().code != "not-empty" || !store::holds_tissue_run(path) || saved.empty() ||
        store::is_complete(path, saved.back()))
      throw;
    core::Diagnostic unfinished = error.diagnostics().front();
    unfinished.message =
        fmt::format("an unfinished run lies here, saved at {:.6g} h", core::minutes(saved.back()) / 60.0);
    unfinished.hint =
        fmt::format("go on with it by `stroma resume {}`, or replace it with --force", io::printable(path));
    throw core::InputError({unfinished});
  }
}

// States come from the engine's own arithmetic; what a report adds to them, fits and tests, from the C
// library.
std::string c_library_text(const fs::path& run) {
  std::error_code ignored;
  if (!fs::exists(run / "run.json", ignored)) return {};
  const std::string there = store::read_record(run).c_library, here = c_library_name();
  if (there == here) return fmt::format("fits and tests of the report: {} here as in the run\n", here);
  return fmt::format(
      "fits and tests of the report: {} here, {} in the run; their last digits may differ, states do not\n",
      here, there.empty() ? "not recorded" : there);
}

// A time between two steps would cut one, and then nothing later would be the same.
void require_step_end(core::Tick tick, core::Tick step, const char* option) {
  if (tick.count % step.count == 0) return;
  core::Diagnostics problems;
  problems.add("not-a-multiple", {option, 0, 0}, option,
               fmt::format("{}: must be a multiple of the run's step, {} min", option, core::minutes(step)));
  problems.throw_if_any();
}

fs::path model_folder_of(const store::LoadedTissue& loaded, const fs::path& file, const RunOptions& options) {
  if (loaded.experiment.model.empty()) return {};
  return fs::absolute(store::find_model(loaded.experiment.model, file, model_search(options.without)));
}

}  // namespace

Result run_tissue(const fs::path& file, RunOptions options, Session& session) {
  if (options.quick) session.progress.note(quick_in_space);
  const double memory = memory_of_machine();
  const int threads = thread_count(options.threads);
  Prepared p =
      prepare(store::load_tissue(file, model_search(options.without), options.set, options.seed, memory),
              threads, memory);
  for (const std::string& what : p.loaded.experiment.assumptions)
    session.progress.note("assumption: " + what);
  for (const std::string& what : p.loaded.experiment.idle) session.progress.note(what);
  if (options.dry_run) return plan_of(p, memory);
  if (options.output.empty()) options.output = fs::path("results") / p.loaded.experiment.name;
  const std::unique_ptr<store::OutputFolder> opened = open_folder(options.output, options.force);
  store::OutputFolder& folder = *opened;
  const store::TissueRequest request{p.loaded.experiment.name,
                                     model_folder_of(p.loaded, file, options),
                                     p.loaded.model->content_hash,
                                     options.set,
                                     options.without,
                                     options.seed};
  store::write_inputs(folder, request, p.loaded);
  tissue::TissueState s = tissue::found_tissue(p.plan, p.loaded.experiment.setup);
  for (auto& cells : p.loaded.experiment.setup.cells) cells.positions.shrink_to_fit();
  store::TissueOutput output(folder, p.loaded.experiment, p.plan, tissue_engine_name());
  return drive(p, s, folder, output, {}, p.loaded.experiment.duration,
               begin_tissue_record(request, threads, session), session);
}

Result resume(const ResumeRequest& request, Session& session) {
  const fs::path& run = request.run;
  if (holds_study_run(run)) return resume_study(request, session);
  const double memory = memory_of_machine();
  const int threads = thread_count(request.threads);
  const store::TissueRequest stored = store::read_request(run);
  Prepared p = prepare(store::load_inputs(run, stored, memory), threads, memory);
  core::Tick end = p.loaded.experiment.duration;
  if (!request.until.empty()) {
    end = parse_time(request.until, "--until");
    require_step_end(end, p.loaded.experiment.setup.step, "--until");
  }
  store::OutputFolder folder(run, store::Existing::keep);
  tissue::TissueState s;
  if (store::Checkpoints(run / "checkpoints").list().empty()) {
    session.progress.note("no checkpoint was saved yet; the run begins again");
    s = tissue::found_tissue(p.plan, p.loaded.experiment.setup);
  } else {
    s = newest_state(p, run, session.progress);
  }
  // A run that was killed after its last checkpoint and before its report has still to write it.
  if (s.tick >= end && store::is_complete(run, s.tick)) {
    Result out;
    out.text = fmt::format("nothing to do: the run is at {:.6g} h; say --until for more\n",
                           core::minutes(s.tick) / 60.0);
    return out;
  }
  store::TissueOutput output(folder, p.loaded.experiment, p.plan, tissue_engine_name());
  if (s.tick.count > 0)
    for (const std::string& note : output.resume_at(s.tick)) session.progress.note(note);
  return drive(p, s, folder, output, store::HashLog::read(run, s.tick), end,
               begin_tissue_record(stored, threads, session), session);
}

Result remake_tissue_report(const ReportRequest& request, Session& session) {
  const fs::path& run = request.run;
  const double memory = memory_of_machine();
  const Prepared p = prepare(store::load_inputs(run, store::read_request(run), memory),
                             thread_count(request.threads), memory);
  store::OutputFolder folder(run, store::Existing::keep);
  const tissue::TissueState s = newest_state(p, run, session.progress);
  if (!store::is_complete(run, s.tick))
    throw core::InputError(
        {{"not-complete",
          {io::printable(run), 0, 0},
          io::printable(run),
          fmt::format("the run stands at {:.6g} h and is not complete", core::minutes(s.tick) / 60.0),
          fmt::format("go on with: stroma resume {}", io::printable(run))}});
  const study::RunRecord record = store::read_record(run);
  write_tissue_report(folder, {p.loaded.experiment, p.plan, s, record}, true, session.progress);
  Result out;
  out.text = report_line(run);
  return out;
}

Result fork_run(const ForkRequest& request, Session& session) {
  const fs::path &run = request.run, &file = request.experiment;
  if (holds_study_run(run)) return fork_study(request, session);
  const double memory = memory_of_machine();
  const int threads = thread_count(request.threads);
  const store::TissueRequest stored = store::read_request(run);
  const Prepared before = prepare(store::load_inputs(run, stored, memory), threads, memory);
  const core::Tick tick = parse_time(request.at, "--at");
  require_step_end(tick, before.loaded.experiment.setup.step, "--at");
  Prepared after =
      prepare(store::load_tissue(file, model_search(stored.without), request.set, stored.seed, memory),
              threads, memory);
  core::Diagnostics problems;
  study::check_fork(before.loaded.experiment, after.loaded.experiment, tick, io::printable(file), problems);
  if (before.loaded.model->content_hash != after.loaded.model->content_hash)
    problems.add("model-differs", {io::printable(file), 0, 0}, "model",
                 "the model is not that of the run that is forked");
  if (problems.empty())
    tissue::check_same_populations(before.plan, after.plan, io::printable(file), problems);
  problems.throw_if_any();
  const fs::path place =
      request.output.empty() ? fs::path("results") / after.loaded.experiment.name : request.output;
  const std::unique_ptr<store::OutputFolder> opened = open_folder(place, request.force);
  store::OutputFolder& folder = *opened;
  store::TissueRequest mine = stored;
  mine.name = after.loaded.experiment.name;
  mine.overrides = request.set;
  store::write_inputs(folder, mine, after.loaded);
  tissue::TissueState s = state_at(tick, before, run, session.progress);
  tissue::take_up(s, after.plan);
  store::TissueOutput output(folder, after.loaded.experiment, after.plan, tissue_engine_name());
  output.write(s, true);
  return drive(after, s, folder, output, {}, after.loaded.experiment.duration,
               begin_tissue_record(mine, threads, session), session);
}

Result verify(const VerifyRequest& request, Session& session) {
  const fs::path& run = request.run;
  if (holds_study_run(run)) return verify_study(request, session);
  const double memory = memory_of_machine();
  const int threads = thread_count(request.threads);
  const store::TissueRequest stored = store::read_request(run);
  const Prepared p = prepare(store::load_inputs(run, stored, memory), threads, memory);
  const store::HashLog log = store::HashLog::read(run, core::Tick{INT64_MAX});
  if (log.entries().empty()) {
    core::Diagnostics problems;
    problems.add("nothing-to-verify", {io::printable(run), 0, 0}, store::HashLog::path,
                 fmt::format("'{}' holds no state hash", io::printable(run)),
                 "the run saved no checkpoint yet");
    problems.throw_if_any();
  }
  tissue::TissueState s = tissue::found_tissue(p.plan, p.loaded.experiment.setup);
  // A fork shares its history with the run that it left; what is verified is what followed.
  const core::Tick first = log.entries().front().first;
  const core::Tick start = s.tick, end = log.entries().back().first;
  tissue::TissueWorkspace work;
  Result out;
  for (const auto& [tick, hash] : log.entries()) {
    while (s.tick < tick) {
      tissue::advance(s, p.plan, work, tissue::next_step(p.plan, s.tick, tick).end);
      session.progress.time(reached(start, s, end));
    }
    const std::string again = tissue::state_hash(s);
    if (again == hash) continue;
    out.status = Status::numerical;
    out.remark(Remark::Kind::plain,
               fmt::format("\nverify: the state at {:.6g} h (tick {}) is {}, the run had {}",
                           core::minutes(tick) / 60.0, tick.count, again, hash));
    return out;
  }
  out.text =
      fmt::format("verified: {} states from {:.6g} h to {:.6g} h are the same bits\n", log.entries().size(),
                  core::minutes(first) / 60.0, core::minutes(log.entries().back().first) / 60.0);
  out.text += c_library_text(run);
  return out;
}

Job resume_job() {
  return make_job<ResumeRequest>(
      "resume", "go on with a run that was interrupted: from its newest checkpoint, or what its ledger lacks",
      [](Job& job, ResumeRequest& request) {
        job.options().add("run", request.run, "its result folder").required();
        job.options()
            .add(
                "--until", request.until,
                "in space without arms: go on to this time, such as \"96 h\" (default: the experiment's end)")
            .in("h");
        add_threads(job, request.threads);
        add_shown(job);
      },
      resume);
}

Job fork_job() {
  return make_job<ForkRequest>(
      "fork", "branch a run: the same history, another treatment from a time on",
      [](Job& job, ForkRequest& request) {
        core::Options& options = job.options();
        options.add("run", request.run, "result folder of the run").required();
        options.add("--at", request.at, "where to branch, such as \"24 h\"").in("h").required();
        options.add("experiment", request.experiment, "experiment (TOML) that says what follows").required();
        options.add("-o,--output", request.output, "result folder (default: results/NAME)");
        add_set(job, request.set);
        options.add("--force", request.force, "replace results that are in the folder");
        job.command.examples = {"stroma fork results/spheroid --at \"24 h\" treated.toml -o results/treated"};
        add_threads(job, request.threads);
        add_shown(job);
      },
      fork_run);
}

Job verify_job() {
  return make_job<VerifyRequest>(
      "verify", "run a result folder's experiment again and compare all states, bit for bit",
      [](Job& job, VerifyRequest& request) {
        job.options().add("run", request.run, "its result folder").required();
        add_threads(job, request.threads);
        add_shown(job);
      },
      verify);
}

}  // namespace stroma::jobs

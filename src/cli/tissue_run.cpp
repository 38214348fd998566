// Runs in space: `run FILE`, `resume DIR`, `fork DIR --at T FILE`, `verify DIR`. All four load inputs,
// compile a plan and advance a state from one output or checkpoint to the next; they differ in where the
// state comes from.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>

#include "cli/commands.hpp"
#include "cli/interruption.hpp"
#include "cli/machine.hpp"
#include "cli/progress.hpp"
#include "cli/report_files.hpp"
#include "cli/run_record.hpp"
#include "cli/tissue_progress.hpp"
#include "cli/version.hpp"
#include "core/errors.hpp"
#include "core/units.hpp"
#include "io/file.hpp"
#include "io/png.hpp"
#include "report/tissue_report.hpp"
#include "store/checkpoints.hpp"
#include "store/tissue_output.hpp"
#include "store/tissue_record.hpp"
#include "store/tissue_results.hpp"
#include "study/tissue_experiment.hpp"
#include "tissue/tissue_loop.hpp"

namespace stroma::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

std::string engine_name() {
  return fmt::format("stroma {} engine {}", version, study::tissue_engine_version);
}

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

int say_plan(const Prepared& p, double memory) {
  const study::TissueExperiment& e = p.loaded.experiment;
  const fields::Grid& grid = e.setup.grid;
  std::size_t cells = 0;
  for (std::size_t k = 0; k < e.setup.cells.size(); ++k) {
    const std::size_t n = e.setup.cells[k].positions.size();
    fmt::print("{:<16} {:>10} cells of {}\n", k == 0 ? "cells" : "", n,
               p.loaded.model->cell_types[static_cast<std::size_t>(e.setup.cells[k].type)].name);
    cells += n;
  }
  fmt::print("{:<16} {} x {} x {} = {} voxels of {} x {} x {} um, {} substances\n", "grid", grid.n[0],
             grid.n[1], grid.n[2], grid.voxels(), grid.spacing[0], grid.spacing[1], grid.spacing[2],
             e.setup.substances.size());
  const double steps =
      std::ceil(static_cast<double>(e.duration.count) / static_cast<double>(e.setup.step.count));
  const double mechanics = steps * std::ceil(core::minutes(e.setup.step) / 0.3);
  const double need = tissue::memory_estimate(e.setup, *p.loaded.model, cells);
  // Rates measured in docs/performance.md: mechanics, phenotype and fields, per thread.
  const double seconds = static_cast<double>(cells) * (mechanics * 60e-9 + steps * 1500e-9) +
                         static_cast<double>(grid.voxels() * e.setup.substances.size()) * steps * 60e-9;
  fmt::print("{:<16} {:.0f} coupling steps of {} min, about {:.2g} steps of the mechanics\n", "time", steps,
             core::minutes(e.setup.step), mechanics);
  fmt::print("{:<16} about {:.1f} MiB at the start, {:.1f} MiB are free\n", "memory", need / 1048576.0,
             memory / 1048576.0);
  const double bytes =
      static_cast<double>(cells) * (100.0 + 4.0 * static_cast<double>(p.loaded.model->nodes.size()));
  fmt::print("{:<16} about {:.1f} MiB per checkpoint; frames of {:.1f} MiB\n", "disk",
             (bytes * 1.5 + 8.0 * static_cast<double>(grid.voxels() * e.setup.substances.size())) / 1048576.0,
             (static_cast<double>(cells) * 60.0 +
              4.0 * static_cast<double>(grid.voxels() * e.setup.substances.size())) /
                 1048576.0);
  fmt::print("{:<16} about {} on {} thread{}, before growth\n", "expected",
             duration_text(seconds / p.plan.threads.count), p.plan.threads.count,
             p.plan.threads.count == 1 ? "" : "s");
  for (const std::string& name : e.left_out)
    fmt::print("{:<16} {}: the cells exchange it, this experiment does not simulate it\n", "left out", name);
  return exit_done;
}

io::ArchiveHeader header_of(const Prepared& p, core::Tick tick) {
  const std::string& hash = p.loaded.model->content_hash;
  return {engine_name(), hash.empty() ? "none" : hash, study::configuration_hash(p.loaded.experiment), tick};
}

study::RunRecord begin_record(const CommonOptions& options, const store::TissueRequest& request,
                              int threads) {
  study::RunRecord record = begin_record(options);
  record.seed = request.seed;
  record.threads = threads;
  record.without = request.without;
  return record;
}

void write_tissue_report(store::OutputFolder& folder, const Prepared& p, const tissue::TissueState& s,
                         const study::RunRecord& record, bool svgs) {
  const study::TissueExperiment& e = p.loaded.experiment;
  const study::TissueResults results = store::read_tissue_results(folder.path(), e, s.tick);
  write_report(folder, report::make_tissue_report({e, p.plan, s, record, results, io::png_bytes}), svgs);
}

// Advances from one tick at which something is due to the next; a signal ends it at the end of a step.
// Returns the exit code.
int drive(const Prepared& p, tissue::TissueState& s, store::OutputFolder& folder, store::TissueOutput& output,
          store::HashLog hashes, core::Tick end, study::RunRecord record, const CommonOptions& options) {
  const study::TissueExperiment& e = p.loaded.experiment;
  const auto begin = Clock::now();
  store::Checkpoints checkpoints(folder);
  Interruption interruption(3);
  TissueProgress progress(options, s.tick, end);
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
    write_tissue_report(folder, p, s, record, complete);
    folder.write("run.json", json);
    return json;
  };
  if (s.tick.count == 0) output.write(s, false);
  if (s.tick.count == 0 && e.checkpoint_every.count > 0) checkpoint();
  while (s.tick < end && !interruption.stop()) {
    core::Tick next = output.next(s.tick, end);
    const core::Tick period = e.checkpoint_every;
    if (period.count > 0) next = std::min(next, core::Tick{(s.tick.count / period.count + 1) * period.count});
    while (s.tick < next && !interruption.stop()) {
      tissue::advance(s, p.plan, work, tissue::next_step(p.plan, s.tick, next).end);
      progress.show(s, s.tick == end);
    }
    if (s.tick != next) break;
    output.write(s, s.tick == end);
    if (period.count > 0 && s.tick.count % period.count == 0 && s.tick < end) checkpoint();
  }
  if (s.tick < end) {
    checkpoint();
    if (!interruption.hurry()) say(false);
    fmt::print(stderr, "\ninterrupted at {:.6g} h, checkpoint saved; go on with: stroma resume {}\n",
               core::minutes(s.tick) / 60.0, io::printable(folder.path()));
    return interruption.exit_code();
  }
  checkpoint();
  const std::string json = say(true);
  if (options.json) {
    fmt::print("{}", json);
  } else {
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    fmt::print("{:.6g} h simulated, {} cells, {}, state {}\n", core::minutes(s.tick) / 60.0, s.cells(),
               duration_text(seconds), tissue::state_hash(s));
    fmt::print("report: {}\n", io::printable(fs::absolute(folder.path() / "report.html")));
  }
  return exit_done;
}

// The state at `tick` of the run in `folder`: from the newest checkpoint that is not later, or from the
// start.
tissue::TissueState state_at(core::Tick tick, const Prepared& p, const fs::path& folder) {
  tissue::TissueState s;
  const store::Checkpoints checkpoints(folder / "checkpoints");
  const std::vector<core::Tick> there = checkpoints.list();
  if (there.empty() || there.front() > tick) {
    s = tissue::found_tissue(p.plan, p.loaded.experiment.setup);
  } else {
    const io::ArchiveHeader header = header_of(p, tick);
    store::OpenedCheckpoint opened =
        checkpoints.newest({header.engine_version, header.model_hash, header.configuration_hash, tick});
    for (const core::Diagnostic& d : opened.refused) fmt::print(stderr, "note: {}\n", core::to_string(d));
    s = tissue::restore(*opened.archive, p.plan);
    opened.archive->require_all_read();
  }
  tissue::TissueWorkspace work;
  tissue::advance(s, p.plan, work, tick);
  return s;
}

// The state of the newest checkpoint that is whole.
tissue::TissueState newest_state(const Prepared& p, const fs::path& run) {
  const io::ArchiveHeader header = header_of(p, {});
  store::OpenedCheckpoint opened =
      store::Checkpoints(run / "checkpoints")
          .newest({header.engine_version, header.model_hash, header.configuration_hash, {}});
  for (const core::Diagnostic& d : opened.refused) fmt::print(stderr, "note: {}\n", core::to_string(d));
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
std::unique_ptr<store::OutputFolder> open_folder(const CommonOptions& options) {
  const fs::path& path = options.output;
  try {
    return std::make_unique<store::OutputFolder>(
        path, options.force ? store::Existing::replace : store::Existing::refuse);
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
void say_c_library(const fs::path& run) {
  std::error_code ignored;
  if (!fs::exists(run / "run.json", ignored)) return;
  const std::string there = store::read_record(run).c_library, here = c_library_name();
  if (there == here)
    fmt::print("fits and tests of the report: {} here as in the run\n", here);
  else
    fmt::print(
        "fits and tests of the report: {} here, {} in the run; their last digits may differ, states do not\n",
        here, there.empty() ? "not recorded" : there);
}

int thread_count(const CommonOptions& options) {
  return options.threads == 0 ? core_count() : options.threads;
}

// A time between two steps would cut one, and then nothing later would be the same.
void require_step_end(core::Tick tick, core::Tick step, const char* option) {
  if (tick.count % step.count == 0) return;
  core::Diagnostics problems;
  problems.add("not-a-multiple", {option, 0, 0}, option,
               fmt::format("{}: must be a multiple of the run's step, {} min", option, core::minutes(step)));
  problems.throw_if_any();
}

fs::path model_folder_of(const store::LoadedTissue& loaded, const fs::path& file,
                         const CommonOptions& options) {
  if (loaded.experiment.model.empty()) return {};
  return fs::absolute(store::find_model(loaded.experiment.model, file, model_search(options)));
}

}  // namespace

int run_tissue(const fs::path& file, CommonOptions options) {
  if (options.quick)
    fmt::print(
        stderr,
        "note: --quick thins out cultures; a tissue is made smaller by --set duration=\"6 h\" or --set "
        "dimensions=2\n");
  const double memory = memory_of_machine();
  const int threads = thread_count(options);
  Prepared p = prepare(store::load_tissue(file, model_search(options), options.set, options.seed, memory),
                       threads, memory);
  for (const std::string& what : p.loaded.experiment.idle) fmt::print(stderr, "note: {}\n", what);
  if (options.dry_run) return say_plan(p, memory);
  if (options.output.empty()) options.output = fs::path("results") / p.loaded.experiment.name;
  const std::unique_ptr<store::OutputFolder> opened = open_folder(options);
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
  store::TissueOutput output(folder, p.loaded.experiment, p.plan, engine_name());
  return drive(p, s, folder, output, {}, p.loaded.experiment.duration,
               begin_record(options, request, threads), options);
}

int resume(const fs::path& run, const std::string& until, const CommonOptions& options) {
  const double memory = memory_of_machine();
  const int threads = thread_count(options);
  const store::TissueRequest request = store::read_request(run);
  Prepared p = prepare(store::load_inputs(run, request, memory), threads, memory);
  core::Tick end = p.loaded.experiment.duration;
  if (!until.empty()) {
    end = parse_time(until, "--until");
    require_step_end(end, p.loaded.experiment.setup.step, "--until");
  }
  store::OutputFolder folder(run, store::Existing::keep);
  tissue::TissueState s;
  if (store::Checkpoints(run / "checkpoints").list().empty()) {
    fmt::print(stderr, "note: no checkpoint was saved yet; the run begins again\n");
    s = tissue::found_tissue(p.plan, p.loaded.experiment.setup);
  } else {
    s = newest_state(p, run);
  }
  // A run that was killed after its last checkpoint and before its report has still to write it.
  if (s.tick >= end && store::is_complete(run, s.tick)) {
    fmt::print("nothing to do: the run is at {:.6g} h; say --until for more\n", core::minutes(s.tick) / 60.0);
    return exit_done;
  }
  store::TissueOutput output(folder, p.loaded.experiment, p.plan, engine_name());
  if (s.tick.count > 0)
    for (const std::string& note : output.resume_at(s.tick)) fmt::print(stderr, "note: {}\n", note);
  return drive(p, s, folder, output, store::HashLog::read(run, s.tick), end,
               begin_record(options, request, threads), options);
}

int remake_tissue_report(const fs::path& run, const CommonOptions& options) {
  const double memory = memory_of_machine();
  const Prepared p =
      prepare(store::load_inputs(run, store::read_request(run), memory), thread_count(options), memory);
  store::OutputFolder folder(run, store::Existing::keep);
  const tissue::TissueState s = newest_state(p, run);
  if (!store::is_complete(run, s.tick))
    throw core::InputError(
        {{"not-complete",
          {io::printable(run), 0, 0},
          io::printable(run),
          fmt::format("the run stands at {:.6g} h and is not complete", core::minutes(s.tick) / 60.0),
          fmt::format("go on with: stroma resume {}", io::printable(run))}});
  write_tissue_report(folder, p, s, store::read_record(run), true);
  fmt::print("report: {}\n", io::printable(fs::absolute(run / "report.html")));
  return exit_done;
}

int fork_run(const fs::path& run, const std::string& at, const fs::path& file, CommonOptions options) {
  const double memory = memory_of_machine();
  const int threads = thread_count(options);
  const store::TissueRequest request = store::read_request(run);
  const Prepared before = prepare(store::load_inputs(run, request, memory), threads, memory);
  const core::Tick tick = parse_time(at, "--at");
  require_step_end(tick, before.loaded.experiment.setup.step, "--at");
  store::ModelSearch search = model_search(options);
  search.without = request.without;
  Prepared after =
      prepare(store::load_tissue(file, search, options.set, request.seed, memory), threads, memory);
  core::Diagnostics problems;
  study::check_fork(before.loaded.experiment, after.loaded.experiment, tick, io::printable(file), problems);
  if (before.loaded.model->content_hash != after.loaded.model->content_hash)
    problems.add("model-differs", {io::printable(file), 0, 0}, "model",
                 "the model is not that of the run that is forked");
  problems.throw_if_any();
  if (options.output.empty()) options.output = fs::path("results") / after.loaded.experiment.name;
  const std::unique_ptr<store::OutputFolder> opened = open_folder(options);
  store::OutputFolder& folder = *opened;
  store::TissueRequest mine = request;
  mine.name = after.loaded.experiment.name;
  mine.overrides = options.set;
  store::write_inputs(folder, mine, after.loaded);
  tissue::TissueState s = state_at(tick, before, run);
  store::TissueOutput output(folder, after.loaded.experiment, after.plan, engine_name());
  output.write(s, true);
  return drive(after, s, folder, output, {}, after.loaded.experiment.duration,
               begin_record(options, mine, threads), options);
}

int verify(const fs::path& run, const CommonOptions& options) {
  const double memory = memory_of_machine();
  const int threads = thread_count(options);
  const store::TissueRequest request = store::read_request(run);
  const Prepared p = prepare(store::load_inputs(run, request, memory), threads, memory);
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
  TissueProgress progress(options, s.tick, log.entries().back().first);
  tissue::TissueWorkspace work;
  for (const auto& [tick, hash] : log.entries()) {
    while (s.tick < tick) {
      tissue::advance(s, p.plan, work, tissue::next_step(p.plan, s.tick, tick).end);
      progress.show(s, s.tick == log.entries().back().first);
    }
    const std::string again = tissue::state_hash(s);
    if (again == hash) continue;
    fmt::print(stderr, "\nverify: the state at {:.6g} h (tick {}) is {}, the run had {}\n",
               core::minutes(tick) / 60.0, tick.count, again, hash);
    return exit_numerical;
  }
  fmt::print("verified: {} states from {:.6g} h to {:.6g} h are the same bits\n", log.entries().size(),
             core::minutes(first) / 60.0, core::minutes(log.entries().back().first) / 60.0);
  say_c_library(run);
  return exit_done;
}

}  // namespace stroma::cli

#include "store/checkpoints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include "core/errors.hpp"
#include "io/file.hpp"
#include "store/output_folder.hpp"

namespace stroma::store {
namespace fs = std::filesystem;
namespace {

constexpr const char* folder_name = "checkpoints";
constexpr std::string_view prefix = "checkpoint-", suffix = ".h5";

std::optional<core::Tick> tick_of(std::string_view name) {
  if (!name.starts_with(prefix) || !name.ends_with(suffix) || name.size() <= prefix.size() + suffix.size())
    return {};
  name = name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), count);
  if (error != std::errc() || end != name.data() + name.size() || count < 0) return {};
  return core::Tick{count};
}

void require_agreement(const io::Hdf5ArchiveReader& archive, const fs::path& file, core::Tick tick,
                       const CheckpointWanted& wanted) {
  const io::ArchiveHeader& header = archive.header();
  core::Diagnostics problems;
  const core::Place place{io::printable(file), 0, 0};
  if (header.tick != tick)
    problems.add(
        "checkpoint-wrong-tick", place, "tick",
        fmt::format("the file is named for tick {} and holds tick {}", tick.count, header.tick.count),
        "it was renamed; give it its name back");
  const auto compare = [&](const char* code, const char* key, const std::optional<std::string>& expected,
                           const std::string& found, const char* hint) {
    if (expected && *expected != found)
      problems.add(code, place, key,
                   fmt::format("the checkpoint's {} is {}; expected {}", key, found, *expected), hint);
  };
  compare("checkpoint-version", "engine version", wanted.engine_version, header.engine_version,
          "resume with the version of Stroma that began the run, or run again");
  compare("checkpoint-model", "model hash", wanted.model_hash, header.model_hash,
          "the model was changed since the run began; give it back, or run again");
  compare("checkpoint-configuration", "configuration hash", wanted.configuration_hash,
          header.configuration_hash,
          "the experiment was changed since the run began; give it back, or fork the run");
  problems.throw_if_any();
}

/// Opens one checkpoint, or says why not.
std::unique_ptr<io::Hdf5ArchiveReader> try_open(const fs::path& file, core::Tick tick,
                                                const CheckpointWanted& wanted,
                                                std::vector<core::Diagnostic>& refused) {
  try {
    auto archive = std::make_unique<io::Hdf5ArchiveReader>(file);
    require_agreement(*archive, file, tick, wanted);
    return archive;
  } catch (const core::InputError& error) {
    refused.insert(refused.end(), error.diagnostics().begin(), error.diagnostics().end());
  } catch (const core::IoError& error) {
    refused.push_back(
        {"checkpoint-unreadable", {io::printable(file), 0, 0}, io::printable(file), error.what(), {}});
  }
  return nullptr;
}

std::string words(core::Tick tick) {
  return fmt::format("tick {} ({:g} h)", tick.count, core::minutes(tick) / 60.0);
}

}  // namespace

Checkpoints::Checkpoints(fs::path folder, std::size_t kept)
    : folder_(std::move(folder)), kept_(std::max<std::size_t>(kept, 2)) {}

Checkpoints::Checkpoints(OutputFolder& run, std::size_t kept) : Checkpoints(run.path() / folder_name, kept) {
  run_ = &run;
}

fs::path Checkpoints::file_of(core::Tick tick) const {
  return folder_ / fmt::format("{}{:015}{}", prefix, tick.count, suffix);
}

std::vector<core::Tick> Checkpoints::list() const {
  std::vector<core::Tick> ticks;
  std::error_code error;
  for (fs::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    const std::optional<core::Tick> tick = tick_of(it->path().filename().string());
    if (tick && it->path() == file_of(*tick)) ticks.push_back(*tick);
  }
  std::sort(ticks.begin(), ticks.end());
  return ticks;
}

void Checkpoints::write(const io::ArchiveHeader& header,
                        const std::function<void(core::ArchiveWriter&)>& walk) {
  core::require(header.tick.count >= 0, "a checkpoint before the beginning");
  const fs::path file = file_of(header.tick);
  // The folder itself may be new; the one above it must be there still, and is not made again in silence.
  std::error_code error;
  const fs::path above = run_ != nullptr ? run_->path() : (folder_ / "..").lexically_normal();
  if (!above.empty() && !fs::is_directory(above, error))
    throw core::IoError(
        fmt::format("cannot write {}: the folder {} is gone", io::printable(file), io::printable(above)));
  if (run_ == nullptr) {
    fs::create_directory(folder_, error);
    if (error)
      throw core::IoError(
          fmt::format("cannot create the folder {}: {}", io::printable(folder_), error.message()));
  }
  io::remove_stale_temporaries(folder_);

  io::Hdf5ArchiveWriter archive(header);
  walk(archive);
  if (run_ != nullptr)
    run_->write(fs::path(folder_name) / file.filename(), archive.finish());
  else
    io::write_file_atomically(file, archive.finish());

  // Only now, with the new one on the disk, may others go; one that cannot be removed does no harm.
  std::vector<core::Tick> ticks = list();
  const auto later = std::upper_bound(ticks.begin(), ticks.end(), header.tick);
  std::vector<core::Tick> leave(later, ticks.end());
  ticks.erase(later, ticks.end());
  if (ticks.size() > kept_)
    leave.insert(leave.end(), ticks.begin(), ticks.end() - static_cast<std::ptrdiff_t>(kept_));
  for (const core::Tick tick : leave) fs::remove(file_of(tick), error);
}

OpenedCheckpoint Checkpoints::newest(const CheckpointWanted& wanted) const {
  std::vector<core::Tick> ticks = list();
  if (wanted.at_most) std::erase_if(ticks, [&](core::Tick tick) { return tick > *wanted.at_most; });
  if (ticks.empty())
    throw core::InputError({{"no-checkpoint",
                             {io::printable(folder_), 0, 0},
                             io::printable(folder_),
                             wanted.at_most ? "there is no checkpoint at or before " + words(*wanted.at_most)
                                            : "there is no checkpoint here",
                             "begin the run anew"}});
  OpenedCheckpoint opened;
  for (auto tick = ticks.rbegin(); tick != ticks.rend(); ++tick) {
    const std::size_t before = opened.refused.size();
    opened.file = file_of(*tick);
    opened.archive = try_open(opened.file, *tick, wanted, opened.refused);
    if (opened.archive != nullptr) return opened;
    const auto previous = std::next(tick);
    for (std::size_t i = before; i < opened.refused.size(); ++i)
      if (previous != ticks.rend() && opened.refused[i].code.starts_with("archive-"))
        opened.refused[i].hint = fmt::format("the checkpoint before it, at {}, stands in", words(*previous));
  }
  throw core::InputError(std::move(opened.refused));
}

OpenedCheckpoint Checkpoints::at(core::Tick tick, const CheckpointWanted& wanted) const {
  const std::vector<core::Tick> ticks = list();
  const auto found = std::lower_bound(ticks.begin(), ticks.end(), tick);
  const std::string hint = found == ticks.begin() ? std::string("there is none before it; begin the run anew")
                                                  : "the one before it is at " + words(*std::prev(found));
  if (found == ticks.end() || *found != tick)
    throw core::InputError({{"no-checkpoint",
                             {io::printable(folder_), 0, 0},
                             io::printable(file_of(tick)),
                             "there is no checkpoint at " + words(tick),
                             hint}});
  OpenedCheckpoint opened;
  opened.file = file_of(tick);
  std::vector<core::Diagnostic> refused;
  opened.archive = try_open(opened.file, tick, wanted, refused);
  if (opened.archive != nullptr) return opened;
  for (core::Diagnostic& problem : refused)
    if (problem.code.starts_with("archive-")) problem.hint = hint;
  throw core::InputError(std::move(refused));
}

}  // namespace stroma::store

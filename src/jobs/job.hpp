// A use case of the program as data and a function: a table of options that is bound to a request, and what
// is done with it. A job prints nothing, catches no signal and ends no process: it tells a Session how far it
// is, asks it whether to stop, and returns what it found. A door (the command line, Python, a browser) fills
// the options in and shows the result.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/options.hpp"
#include "core/reading.hpp"

namespace stroma::jobs {

/// How a job ended, where it did not throw.
enum class Status { done, invalid, numerical, interrupted };

/// What must be known beside a result.
struct Remark {
  enum class Kind { plain, note, warning, failure } kind = Kind::note;
  std::string text;
};

/// What a job found.
struct Result {
  Status status = Status::done;
  core::Understanding understanding;  ///< how files were read; shown before the text
  std::string text;                   ///< for people; lines that end in a newline
  nlohmann::ordered_json json;        ///< for machines, every number with all its digits; null: there is none
  std::vector<Remark> remarks;

  void remark(Remark::Kind kind, std::string what) { remarks.push_back({kind, std::move(what)}); }
};

/// How far a run of many vessels is; work in cell steps as they were estimated.
struct VesselsDone {
  std::size_t done = 0, total = 0, reused = 0, failed = 0;
  std::uint64_t cell_steps = 0;
  double work_done = 0.0, work_reused = 0.0, work_total = 0.0;
};

/// How far a run in space is. Hours.
struct TimeReached {
  double begin = 0.0, now = 0.0, end = 0.0;
  std::size_t cells = 0;
  bool last = false;
};

/// Who is told while a job is at work. Nothing need be done with what is told.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void vessels(const VesselsDone&) {}
  virtual void time(const TimeReached&) {}
  virtual void step(const std::string& /*what*/) {}     ///< "iteration 3: chi-square 12.4"
  virtual void warning(const std::string& /*what*/) {}  ///< what will have no effect, or not the one meant
  virtual void note(const std::string& /*what*/) {}  ///< what a person should know before the result is there
  /// A part of the result that is ready before the rest: for people, and for machines (null: there is none).
  virtual void part(const std::string& /*line*/, const nlohmann::ordered_json& /*json*/) {}
};

/// Who may ask a job to stop. What is finished is kept, and the same request goes on there.
class Stop {
 public:
  virtual ~Stop() = default;
  /// As long as what is returned lives, the job looks at `requested`; before and after, it cannot stop
  /// tidily. `wishes`: the one that ends everything at once; one between them asks to hurry.
  virtual std::shared_ptr<void> listen(int /*wishes*/) { return nullptr; }
  virtual const std::atomic<bool>& requested() const = 0;
  virtual bool hurry() const { return false; }  ///< only what must be saved should be
};

/// What a door gives to a job.
struct Session {
  std::string command;  ///< as typed or called, for the records
  Progress& progress;
  Stop& stop;
};

/// How a door is asked to show things; jobs never read it.
struct Shown {
  bool json = false;
  bool quiet = false;   ///< no progress
  bool silent = false;  ///< neither progress nor text
};

/// A command with what it does, or a group of them.
struct Job {
  core::Command command;
  std::vector<Job> jobs;  ///< of a group, which does nothing by itself
  std::function<Result(Session&)> run;
  std::shared_ptr<Shown> shown = std::make_shared<Shown>();

  core::Options& options() { return command.options; }
};

/// A job whose request is made here: `declare` binds its members, `act` is given it as it was filled in.
template <class Request>
Job make_job(std::string name, std::string summary, void (*declare)(Job&, Request&),
             Result (*act)(const Request&, Session&)) {
  const auto request = std::make_shared<Request>();
  Job job;
  job.command.name = std::move(name);
  job.command.summary = std::move(summary);
  declare(job, *request);
  job.run = [request, act](Session& session) { return act(*request, session); };
  return job;
}

/// A command as a record writes it: "stroma" and the words, quoted where they need it.
std::string as_typed(const std::vector<std::string>& words);

/// Everything that the program can do, in the order of its help.
std::vector<Job> all_jobs();

}  // namespace stroma::jobs

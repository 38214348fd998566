#include "cli/app.hpp"

#include <fmt/format.h>

#include <string>

#include "cli/arguments.hpp"
#include "cli/interruption.hpp"
#include "cli/messages.hpp"
#include "cli/progress.hpp"
#include "core/errors.hpp"

namespace stroma::cli {
namespace {

int code_of(jobs::Status status, const SignalStop& stop) {
  switch (status) {
    case jobs::Status::done:
      return exit_done;
    case jobs::Status::invalid:
      return exit_invalid;
    case jobs::Status::numerical:
      return exit_numerical;
    case jobs::Status::interrupted:
      return stop.exit_code();
  }
  throw core::InternalError("a result without a status");
}

int run(const jobs::Job& job, const std::string& command) {
  ProgressPrinter progress(*job.shown);
  SignalStop stop;
  jobs::Session session{command, progress, stop};
  const jobs::Result result = job.run(session);
  progress.close();
  print(result, *job.shown);
  return code_of(result.status, stop);
}

}  // namespace

int run_program(int argc, char** argv) {
  const std::vector<jobs::Job> all = jobs::all_jobs();
  const Parsed parsed = parse(all, argc, argv);
  if (!parsed.problem.empty()) {
    fmt::print(stderr, "{}", parsed.problem);
    return exit_usage;
  }
  if (parsed.job == nullptr)
    return guarded(
        [&] {
          fmt::print("{}", parsed.answer);
          return exit_done;
        },
        {});
  return guarded(
      [&] {
        return run(*parsed.job, jobs::as_typed({argv + 1, argv + argc}));
      },
      *parsed.job->shown);
}

}  // namespace stroma::cli

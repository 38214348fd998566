// Vessels for another process: a model and tasks come in, outcomes go out.
#include <fmt/format.h>

#include <fstream>
#include <iostream>

#include "core/errors.hpp"
#include "io/file.hpp"
#include "jobs/requests.hpp"
#include "store/task_lines.hpp"

namespace stroma::jobs {
namespace {

// The line that answers a task. What is wrong with the vessel is an outcome; what is wrong with the disk or
// with this program is not.
std::string answer(const study::Task& task, const std::shared_ptr<const model::Model>& model,
                   const study::TaskLimits& limits) {
  try {
    return store::outcome_line(task.key, study::perform(task, model, limits));
  } catch (const core::InternalError& error) {
    return store::bug_line(task.key, error.what());
  } catch (const std::exception& error) {
    study::Outcome failed;
    failed.failure = error.what();
    return store::outcome_line(task.key, failed);
  }
}

// The same problem, with the line in which it is.
core::InputError placed(const core::InputError& error, const std::string& file, int line) {
  std::vector<core::Diagnostic> out(error.diagnostics().begin(), error.diagnostics().end());
  for (core::Diagnostic& d : out)
    if (d.place.line == 0) d.place = {file, line, 0};
  return core::InputError(std::move(out));
}

}  // namespace

Result work(const WorkerRequest& request, Session& session) {
  std::ifstream opened;
  if (!request.file.empty()) {
    opened.open(request.file);
    if (!opened) throw core::IoError(fmt::format("cannot read {}", io::printable(request.file)));
  }
  std::istream& in = request.file.empty() ? std::cin : opened;
  const std::string name = request.file.empty() ? "standard input" : io::printable(request.file);
  std::shared_ptr<const model::Model> model;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty()) continue;
    try {
      if (store::is_model_line(line)) {
        model = store::read_model_line(line);
        session.progress.part(store::ready_line() + "\n", nullptr);
        continue;
      }
      if (!model)
        throw core::InputError(
            {{"no-model", {}, {}, "a task comes before its model", "send the model first"}});
      study::TaskLimits limits;
      const study::Task task = store::read_task_line(line, *model, limits);
      session.progress.part(answer(task, model, limits) + "\n", nullptr);
    } catch (const core::InputError& error) {
      throw placed(error, name, number);
    }
  }
  if (in.bad()) throw core::IoError(fmt::format("cannot read {}", name));
  return {};
}

Job worker_job() {
  return make_job<WorkerRequest>(
      "worker", "runs vessels that another stroma sends, and answers with what came out",
      [](Job& job, WorkerRequest& request) {
        job.options().add("file", request.file,
                          "a model and vessels, a line of JSON each (default: standard input)");
        job.command.examples = {"stroma reproduce --on 'ssh node7 stroma worker' --threads 16"};
      },
      work);
}

}  // namespace stroma::jobs

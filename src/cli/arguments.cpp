#include "cli/arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <sstream>

#include "cli/usage.hpp"
#include "jobs/schema.hpp"
#include "jobs/version.hpp"

namespace stroma::cli {
namespace {

std::string type_of(const core::Option& option) {
  switch (option.kind()) {
    case core::OptionKind::flag:
      return {};
    case core::OptionKind::whole:
      return "INT";
    case core::OptionKind::number:
      return "FLOAT";
    default:
      return "TEXT";
  }
}

// What the help says behind a name: type, limits, default, what it goes with.
std::string limits_of(const core::Option& option) {
  std::string out = type_of(option);
  if (!option.choices().empty()) out += fmt::format(":{{{}}}", fmt::join(option.choices(), ","));
  if (option.low() && option.high())
    out += fmt::format(" in [{} - {}]", jobs::limit_text(option, *option.low()),
                       jobs::limit_text(option, *option.high()));
  else if (option.low())
    out += option.excludes_low() ? ":POSITIVE" : ":NONNEGATIVE";
  if (!option.default_text().empty()) out += "=" + option.default_text();
  if (option.list() && !option.is_repeated()) out += " ...";
  if (option.is_required()) out += " REQUIRED";
  if (!option.needed().empty()) out += fmt::format(" Needs: {}", fmt::join(option.needed(), " "));
  if (!option.excluded().empty()) out += fmt::format(" Excludes: {}", fmt::join(option.excluded(), " "));
  return out;
}

// What was typed for one option.
struct Given {
  const core::Option* option;
  std::vector<std::string> words;
};

struct Commands {
  std::vector<std::pair<const CLI::App*, const jobs::Job*>> jobs;
  std::vector<Given> given;
};

void add_option(CLI::App& app, const core::Option& option, Commands& all) {
  const std::string names = fmt::format("{}", fmt::join(option.names(), ","));
  CLI::Option* added = nullptr;
  if (option.kind() == core::OptionKind::flag) {
    added = app.add_flag_callback(
        names,
        [&all, &option] {
          all.given.push_back({&option, {}});
        },
        option.help());
  } else {
    const auto keep = [&all, &option](const CLI::results_t& words) {
      all.given.push_back({&option, words});
      return true;
    };
    added = app.add_option(names, CLI::callback_t(keep), option.help());
    if (option.list()) added->expected(CLI::detail::expected_max_vector_size);
    if (option.is_repeated()) added->allow_extra_args(false);
    added->required(option.is_required());
    added->type_name(type_of(option));  // of the message where the value is missing
  }
  added->option_text(limits_of(option));
}

void add_job(CLI::App& above, const jobs::Job& job, Commands& all) {
  CLI::App& app = *above.add_subcommand(job.command.name, job.command.summary);
  std::string foot = job.command.footer;
  for (const std::string& example : job.command.examples)
    foot += (foot.empty() ? "Example: " : "\nExample: ") + example;
  if (!foot.empty()) app.footer(foot);  // else that of the program
  if (!job.jobs.empty()) app.require_subcommand(1);
  for (const jobs::Job& below : job.jobs) add_job(app, below, all);
  for (const core::Option& option : job.command.options.all()) add_option(app, option, all);
  if (job.run) all.jobs.emplace_back(&app, &job);
}

// Everything that is wrong with the values, and with their being given together.
std::string fill_in(const jobs::Job& job, const std::vector<Given>& given) {
  core::Diagnostics problems;
  std::vector<std::string> names;
  for (const Given& one : given) {
    names.push_back(one.option->name());
    job.command.options.assign(one.option->name(), one.words, problems);
  }
  job.command.options.check(names, problems);
  std::string out;
  for (const core::Diagnostic& problem : problems.entries()) out += problem.message + "\n";
  return out.empty() ? out : out + "Run with --help for more information.\n";
}

}  // namespace

Parsed parse(const std::vector<jobs::Job>& jobs, int argc, const char* const* argv) {
  CLI::App app{"Stroma: a virtual laboratory for drug resistance in the liver-tumour microenvironment"};
  app.set_version_flag("--version", std::string("stroma ") + jobs::version);
  app.require_subcommand(1);
  app.footer("Research software; not a medical device. Documentation: docs/README.md");
  Commands all;
  for (const jobs::Job& job : jobs) add_job(app, job, all);
  Parsed out;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream answer, problem;
    app.exit(error, answer, problem);
    out.answer = answer.str();
    if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::Success)) {
      out.problem = usage_problems(jobs, std::vector<std::string>(argv + 1, argv + argc));
      if (out.problem.empty()) out.problem = problem.str() + out.answer;
      out.answer.clear();
    }
    return out;
  }
  for (const auto& [command, job] : all.jobs)
    if (command->parsed()) out.job = job;
  if (out.job != nullptr) out.problem = fill_in(*out.job, all.given);
  return out;
}

}  // namespace stroma::cli

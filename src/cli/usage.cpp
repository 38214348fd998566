#include "cli/usage.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "core/diagnostics.hpp"

namespace stroma::cli {
namespace {

using Jobs = std::vector<jobs::Job>;

std::vector<std::string> names_of(const Jobs& jobs) {
  std::vector<std::string> names;
  for (const jobs::Job& job : jobs) names.push_back(job.command.name);
  return names;
}

// `ttest` alone is meant as `stats ttest`; what stands below two commands is not guessed.
std::string elsewhere(const Jobs& top, const Jobs& here, const std::string& word) {
  std::string found;
  for (const jobs::Job& above : top) {
    if (&above.jobs == &here) continue;
    const std::vector<std::string> names = names_of(above.jobs);
    if (std::find(names.begin(), names.end(), word) == names.end()) continue;
    if (!found.empty()) return {};
    found = fmt::format("did you mean `stroma {} {}`?", above.command.name, word);
  }
  return found;
}

std::string unknown_command(const Jobs& top, const Jobs& here, const std::string& path,
                            const std::string& word) {
  std::string hint = elsewhere(top, here, word);
  const std::vector<std::string> names = names_of(here), firsts = names_of(top);
  if (hint.empty() && &here != &top && std::find(firsts.begin(), firsts.end(), word) != firsts.end())
    hint = fmt::format("did you mean `stroma {}`?", word);
  const std::string near = core::nearest(word, names);
  if (hint.empty() && !near.empty()) hint = fmt::format("did you mean '{}'?", near);
  if (hint.empty()) hint = fmt::format("known here: {}", fmt::join(names, ", "));
  return fmt::format("there is no command '{} {}'; {}\n", path, word, hint);
}

// `command`: null for the program itself.
std::string unknown_options(const core::Command* command, const std::string& path,
                            std::span<const std::string> words) {
  std::vector<std::string> known = {"--help"};
  if (command == nullptr)
    known.push_back("--version");
  else
    for (const core::Option& option : command->options.all())
      for (const std::string& name : option.names())
        if (name.starts_with("--")) known.push_back(name);
  std::string text;
  for (const std::string& word : words) {
    if (word == "--") break;
    const std::string name = word.substr(0, word.find('='));
    if (!name.starts_with("--") || std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string near = core::nearest(name, known);
    text += fmt::format("there is no option '{}' of '{}'; {}\n", name, path,
                        near.empty() ? fmt::format("`{} --help` lists those it has", path)
                                     : fmt::format("did you mean '{}'?", near));
  }
  return text;
}

}  // namespace

std::string usage_problems(const Jobs& jobs, std::span<const std::string> words) {
  const Jobs* here = &jobs;
  const core::Command* command = nullptr;
  std::string path = "stroma";
  std::size_t next = 0;
  while (next < words.size()) {
    const auto found = std::find_if(here->begin(), here->end(),
                                    [&](const jobs::Job& job) { return job.command.name == words[next]; });
    if (found == here->end()) break;
    command = &found->command;
    here = &found->jobs;
    path += " " + words[next++];
  }
  const std::string options = unknown_options(command, path, words.subspan(next));
  if (here->empty() || !options.empty()) return options;
  if (next < words.size() && !words[next].starts_with("-"))
    return unknown_command(jobs, *here, path, words[next]);
  return fmt::format("'{}' needs a command: {}\n", path, fmt::join(names_of(*here), ", "));
}

}  // namespace stroma::cli

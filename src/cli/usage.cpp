#include "cli/usage.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "core/diagnostics.hpp"

namespace stroma::cli {
namespace {

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> names_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : commands_of(app)) names.push_back(command->get_name());
  return names;
}

// `ttest` alone is meant as `stats ttest`; what stands below two commands is not guessed.
std::string elsewhere(const CLI::App& app, const CLI::App& here, const std::string& word) {
  std::string found;
  for (const CLI::App* above : commands_of(app)) {
    if (above == &here) continue;
    const std::vector<std::string> names = names_of(*above);
    if (std::find(names.begin(), names.end(), word) == names.end()) continue;
    if (!found.empty()) return {};
    found = fmt::format("did you mean `stroma {} {}`?", above->get_name(), word);
  }
  return found;
}

std::string unknown_command(const CLI::App& app, const CLI::App& here, const std::string& path,
                            const std::string& word) {
  std::string hint = elsewhere(app, here, word);
  const std::vector<std::string> names = names_of(here);
  const std::vector<std::string> top = names_of(app);
  if (hint.empty() && &here != &app && std::find(top.begin(), top.end(), word) != top.end())
    hint = fmt::format("did you mean `stroma {}`?", word);
  const std::string near = core::nearest(word, names);
  if (hint.empty() && !near.empty()) hint = fmt::format("did you mean '{}'?", near);
  if (hint.empty()) hint = fmt::format("known here: {}", fmt::join(names, ", "));
  return fmt::format("there is no command '{} {}'; {}\n", path, word, hint);
}

std::string unknown_options(const CLI::App& command, const std::string& path,
                            std::span<const std::string> words) {
  std::vector<std::string> known;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
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

std::string usage_problems(const CLI::App& app, std::span<const std::string> words) {
  const CLI::App* here = &app;
  std::string path = "stroma";
  std::size_t next = 0;
  while (next < words.size()) {
    const std::vector<const CLI::App*> commands = commands_of(*here);
    const auto command = std::find_if(commands.begin(), commands.end(),
                                      [&](const CLI::App* one) { return one->get_name() == words[next]; });
    if (command == commands.end()) break;
    here = *command;
    path += " " + words[next++];
  }
  const bool wants_command = !commands_of(*here).empty();
  const std::string options = unknown_options(*here, path, words.subspan(next));
  if (!wants_command || !options.empty()) return options;
  if (next < words.size() && !words[next].starts_with("-"))
    return unknown_command(app, *here, path, words[next]);
  return fmt::format("'{}' needs a command: {}\n", path, fmt::join(names_of(*here), ", "));
}

}  // namespace stroma::cli

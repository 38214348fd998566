#include "report/svg.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "core/errors.hpp"
#include "io/file.hpp"
#include "report/assets.hpp"

extern char** environ;

namespace stroma::report {
namespace {

// A folder that is gone again when its owner is.
class Scratch {
 public:
  explicit Scratch(const std::filesystem::path& parent) : path_((parent / "stroma-render-XXXXXX").string()) {
    if (!mkdtemp(path_.data()))
      throw core::IoError("cannot make a folder in " + io::printable(parent) + ": " + std::strerror(errno));
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::filesystem::path path() const { return path_; }

 private:
  std::string path_;
};

// Runs `node` with the arguments and returns its exit status; its messages go to the file `log`.
int run(const std::string& node, std::vector<std::string> arguments, const std::filesystem::path& log) {
  std::vector<char*> argv;
  arguments.insert(arguments.begin(), node);
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t child = 0;
  const int error = posix_spawnp(&child, node.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    throw core::IoError("cannot start '" + node + "', which draws the figures: " + std::strerror(error));
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      throw core::IoError(std::string("cannot wait for the renderer: ") + std::strerror(errno));
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

void write_svgs(const std::vector<FigureFile>& figures, const std::filesystem::path& folder,
                const std::string& node) {
  // In the system's folder for such things: Node cannot be given a path that is not UTF-8.
  const Scratch scratch(std::filesystem::temp_directory_path());
  std::string lines;
  for (const auto& figure : figures) lines += "{\"id\":\"" + figure.id + "\",\"spec\":" + figure.spec + "}\n";
  io::write_file_atomically(scratch.path() / "render.cjs", assets::render_cjs());
  io::write_file_atomically(scratch.path() / "figures.jsonl", lines);
  const auto log = scratch.path() / "log";
  const int status = run(node,
                         {(scratch.path() / "render.cjs").string(),
                          (scratch.path() / "figures.jsonl").string(), scratch.path().string()},
                         log);
  if (status != 0) {
    std::string why = io::read_file(log);
    if (why.size() > 2000) why.resize(2000);
    throw core::InternalError("the figures could not be drawn (renderer's status " + std::to_string(status) +
                              "): " + why);
  }
  for (const auto& figure : figures) {
    const std::string name = figure.id + ".svg";
    io::write_file_atomically(folder / name, io::read_file(scratch.path() / name));
  }
}

}  // namespace stroma::report

// `doctor`: is everything there?
#include <fmt/format.h>

#include <cstdlib>

#include "cli/commands.hpp"
#include "cli/machine.hpp"
#include "cli/version.hpp"
#include "io/model_folder.hpp"

namespace stroma::cli {

int doctor(const CommonOptions& options) {
  fmt::print("stroma {}\n{}\n", version, machine_name());
  int missing = 0;
  const auto say = [&](bool there, const std::string& what, const std::string& remedy) {
    fmt::print("{:<8} {}{}\n", there ? "ok" : "missing", what, there ? "" : "; " + remedy);
    missing += !there;
  };
  const std::filesystem::path model =
      io::find_model("hcc", std::filesystem::current_path() / "x", model_search(options));
  io::load_model(model);
  say(true, "model hcc in " + model.string(), "");
  const bool node = std::system("node --version > /dev/null 2>&1") == 0;
  say(node, "node, which draws figures/*.svg", "install nodejs; the report itself needs nothing");
  return exit_done;
}

}  // namespace stroma::cli

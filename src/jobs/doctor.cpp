// `doctor`: is everything there that this program needs, and does it work? Each line is checked for real: the
// model is loaded, node is run, a file is written.
#include <fmt/format.h>
#include <hwy/targets.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "core/diagnostics.hpp"
#include "core/errors.hpp"
#include "core/units.hpp"
#include "io/file.hpp"
#include "io/model_folder.hpp"
#include "io/resistance_genes.hpp"
#include "jobs/machine.hpp"
#include "jobs/paths.hpp"
#include "jobs/requests.hpp"
#include "jobs/version.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;

constexpr double least_memory =
    1e9;  // bytes; a study with --quick takes some 0.2 GB, a tissue of 1e5 cells 0.5 GB

struct Finding {
  std::string what, remedy;  ///< the remedy is empty where all is well
  bool needed = true;
};

Finding model() {
  try {
    const fs::path folder = store::find_model("hcc", fs::current_path() / "x", model_search());
    io::load_model(folder);
    return {"model hcc, valid, in " + io::printable(folder), ""};
  } catch (const core::InputError& error) {
    const std::string first = error.diagnostics().empty() ? "" : core::to_string(error.diagnostics().front());
    return {"model hcc",
            fmt::format("{}; run in the project's folder, or set STROMA_DATA to the folder that holds "
                        "models/",
                        first)};
  } catch (const core::IoError& error) {
    return {"model hcc", error.what()};
  }
}

// What a program says to --version, or nothing.
std::string version_of(const std::string& command) {
  std::string out;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen((command + " --version 2>/dev/null").c_str(), "r"),
                                                   pclose);
  if (!pipe) return {};
  std::array<char, 200> line{};
  if (std::fgets(line.data(), static_cast<int>(line.size()), pipe.get()) != nullptr) out = line.data();
  while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
  return out;
}

Finding gene_list() {
  const fs::path name = fs::path("data") / "resistance_genes.csv";
  for (const fs::path& folder : data_folders()) {
    if (!fs::exists(folder / name)) continue;
    const std::string path = io::printable(folder / name);
    try {
      const auto genes = io::read_resistance_genes(io::read_file(folder / name), path);
      return {fmt::format("list of {} resistance genes for `targets`, in {}", genes.size(), path), "", false};
    } catch (const core::InputError& error) {
      const std::string first =
          error.diagnostics().empty() ? path : core::to_string(error.diagnostics().front());
      return {"list of resistance genes for `targets`", first + "; restore the file, or use --against-list",
              false};
    } catch (const core::IoError& error) {
      return {"list of resistance genes for `targets`", error.what(), false};
    }
  }
  return {"list of resistance genes for `targets`, data/resistance_genes.csv",
          "set STROMA_DATA to the folder that holds data/, or use --against-list", false};
}

Finding node() {
  constexpr int least_node = 18;
  const std::string version_text = version_of("node");
  if (version_text.starts_with('v') && std::atoi(version_text.c_str() + 1) < least_node)
    return {
        "node " + version_text + ", which draws figures/*.svg",
        fmt::format("install nodejs {} or newer; without it there are no SVG files, the report needs nothing",
                    least_node),
        false};
  return {"node " + version_text + ", which draws figures/*.svg",
          version_text.empty() ? "install nodejs; without it there are no SVG files, the report needs nothing"
                               : "",
          false};
}

Finding browser() {
  for (const char* name : {"chromium", "chromium-browser", "google-chrome", "firefox"})
    if (!version_of(name).empty()) return {std::string(name) + ", which shows report.html", "", false};
  return {"a browser on this machine, which shows report.html", "copy the report to a machine with one",
          false};
}

Finding results() {
  const fs::path folder = fs::is_directory("results") ? "results" : ".";
  const fs::path probe = folder / fmt::format(".stroma-doctor-{}", getpid());
  try {
    io::write_file_atomically(probe, "probe\n");
    std::error_code ignored;  // a probe that stays is no reason to stop
    fs::remove(probe, ignored);
    return {fmt::format("results can be written in {}, {:.1f} GB free", io::printable(fs::absolute(folder)),
                        static_cast<double>(fs::space(folder).available) / 1e9),
            ""};
  } catch (const std::exception& error) {
    return {"results can be written", fmt::format("{}; choose another folder with -o", error.what())};
  }
}

Finding memory() {
  const double bytes = memory_of_machine();
  return {fmt::format("memory: {:.1f} GB available", bytes / 1e9),
          bytes < least_memory
              ? "below 1 GB even small studies may not fit; close other programs or use --quick"
              : ""};
}

Finding simd() {
  const std::int64_t targets = hwy::SupportedTargets();
  if (targets == 0)
    return {"SIMD instructions", "this processor has none that this build knows; expect slow runs"};
  // The best target is the lowest bit.
  const std::int64_t best = std::int64_t{1} << std::countr_zero(static_cast<std::uint64_t>(targets));
  return {std::string("SIMD: ") + hwy::TargetName(best), ""};
}

// Numbers must be read alike whatever the locale says.
Finding locale() {
  const char* name = std::getenv("LC_ALL");
  if (name == nullptr || *name == '\0') name = std::getenv("LANG");
  const bool points = core::parse_number("2.5").value == 2.5 && fmt::format("{}", 2.5) == "2.5";
  return {fmt::format("locale {}; numbers are read with decimal points",
                      name == nullptr || *name == '\0' ? "C" : name),
          points ? "" : "set LC_ALL=C.UTF-8"};
}

}  // namespace

Result doctor(const DoctorRequest&, Session&) {
  Result out;
  out.text = fmt::format("stroma {}\n{}\n", version, machine_name());
  bool complete = true;
  for (const Finding& f : {model(), gene_list(), results(), memory(), simd(), locale(), node(), browser()}) {
    const bool well = f.remedy.empty();
    out.text +=
        fmt::format("{:<8} {}{}\n", well ? "ok" : "missing", f.what,
                    well ? "" : fmt::format(" ({}): {}", f.needed ? "needed" : "not needed", f.remedy));
    complete = complete && (well || !f.needed);
  }
  out.status = complete ? Status::done : Status::invalid;
  return out;
}

Job doctor_job() {
  return make_job<DoctorRequest>(
      "doctor", "is everything there that this program needs?", [](Job&, DoctorRequest&) {}, doctor);
}

}  // namespace stroma::jobs

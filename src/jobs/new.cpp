// `new`: template tables that a person fills in.
#include <fmt/format.h>

#include <algorithm>

#include "core/diagnostics.hpp"
#include "io/file.hpp"
#include "jobs/requests.hpp"
#include "jobs/templates.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;

// A name of a file for a template of one file; otherwise a folder, which is made.
std::vector<fs::path> targets_of(const AssayTemplate& assay, const fs::path& output) {
  const bool file = assay.files.size() == 1 && output.has_extension() && !fs::is_directory(output);
  if (file) return {output};
  std::vector<fs::path> out;
  for (const auto& [name, text] : assay.files) out.push_back(output / name);
  return out;
}

}  // namespace

Result write_template(const NewRequest& request, Session&) {
  const std::vector<AssayTemplate> all = assay_templates();
  const auto assay =
      std::find_if(all.begin(), all.end(), [&](const AssayTemplate& a) { return a.assay == request.assay; });
  core::Diagnostics problems;
  if (assay == all.end()) {
    std::vector<std::string> names;
    for (const AssayTemplate& a : all) names.push_back(a.assay);
    problems.add("unknown-assay", {}, request.assay,
                 fmt::format("there is no template for '{}'", request.assay),
                 core::did_you_mean(request.assay, names));
    problems.throw_if_any();
  }
  const std::vector<fs::path> targets = targets_of(*assay, request.output);
  for (const fs::path& target : targets)
    if (fs::exists(target) && !request.force)
      problems.add("file-exists", {io::printable(target), 0, 0}, "-o", "the file is there already",
                   "choose another place, or --force to replace it");
  problems.throw_if_any();
  Result out;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i].has_parent_path()) {
      std::error_code failed;
      fs::create_directories(targets[i].parent_path(),
                             failed);  // what fails here fails in the writing, with a reason
    }
    io::write_file_atomically(targets[i], assay->files[i].second);
    out.text += io::printable(targets[i]) + "\n";
  }
  std::string words;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const std::string& file = assay->files[i].first;
    if (const std::size_t at = assay->options.find(file); at != std::string::npos) {
      words = assay->options;
      words.replace(at, file.size(), io::printable(targets[i]));
    }
  }
  out.text += fmt::format("Example values: {}.\nThen: stroma analyse {} {}{}{}\n", assay->advice,
                          assay->assay, assay->given.empty() ? io::printable(targets.front()) : assay->given,
                          assay->options.empty() ? "" : " ", words.empty() ? assay->options : words);
  return out;
}

Job new_job() {
  return make_job<NewRequest>(
      "new", "a template table to fill in for `analyse`",
      [](Job& job, NewRequest& request) {
        std::string known;
        for (const AssayTemplate& one : assay_templates()) known += (known.empty() ? "" : ", ") + one.assay;
        job.options().add("assay", request.assay, "one of " + known).required();
        job.options().add("-o,--output", request.output, "file or folder (default: here)");
        job.options().add("--force", request.force, "replace files that are there");
        job.options().add("--quiet", job.shown->silent, "no words");
        job.command.examples = {"stroma new cck8 -o my-plates"};
      },
      write_template);
}

}  // namespace stroma::jobs

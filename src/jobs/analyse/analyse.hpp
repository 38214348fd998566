// `analyse`: a laboratory's own files through the analysis that simulated ones take. Each assay is a file
// <assay>.cpp with its own options and one function; what it returns is written here, alike for all:
// report.html, figures/, tables/, results.json, run.json.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/reading.hpp"
#include "jobs/job.hpp"
#include "report/document.hpp"

namespace stroma::jobs {

/// What every assay is given.
struct AnalyseRequest {
  std::vector<std::filesystem::path> files;  ///< measured, at least one unless `against` is given alone
  std::filesystem::path against;  ///< a result folder with simulated files of the same assay; may be empty
  std::string reference;          ///< arm that the others are compared with; empty: the first
  std::string line = {};          ///< of the simulated files only those of this cell line; empty: all
  std::string command = {};       ///< as typed: questions write their answers out as commands to copy
  std::filesystem::path output = {};  ///< result folder; empty: results/ASSAY
  bool force = false;                 ///< replace results that are there
};

/// What every assay gives back.
struct Analysis {
  std::string title;     ///< "CCK-8"
  std::string question;  ///< one sentence: what is compared
  std::vector<report::Section> sections;
  std::string methods;  ///< paragraphs to paste: what was computed and how
  std::vector<report::Reference> references;
  nlohmann::ordered_json results;                          ///< every number, for machines
  std::string summary;                                     ///< a few lines for the terminal
  std::vector<std::pair<std::string, std::string>> files;  ///< (path in the result folder, bytes): overlays
  core::Diagnostics warnings;
  core::Understanding understanding;  ///< how the files were read; said before the results
};

/// What an assay shares with others beside its files and its folder.
enum class Shares : unsigned { nothing = 0, against = 1, reference = 2, line = 4 };
constexpr Shares operator|(Shares a, Shares b) {
  return static_cast<Shares>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

/// The assay's own part of a job: everything but reading options and writing results.
using Act = std::function<Analysis(const AnalyseRequest&)>;

/// A job below `analyse` with what assays share: FILES, --against, --reference, --line; `declare` adds its
/// own options. `files` says what is given.
Job assay_job(const std::string& name, const std::string& what, const std::string& files, Shares shares,
              const std::function<void(core::Options&)>& declare, Act act);

/// The same with the assay's own request, which is made here.
template <class Own>
Job make_assay(const std::string& name, const std::string& what, const std::string& files, Shares shares,
               void (*declare)(core::Options&, Own&), Analysis (*act)(const AnalyseRequest&, const Own&)) {
  const auto own = std::make_shared<Own>();
  return assay_job(
      name, what, files, shares, [&](core::Options& options) { declare(options, *own); },
      [own, act](const AnalyseRequest& request) { return act(request, *own); });
}

// One per assay.
Job blot_job();
Job blot_picture_job();
Job cck8_job();
Job colonies_job();
Job colony_picture_job();
Job dose_response_job();
Job elisa_job();
Job flow_job();
Job fluorescence_job();
Job growth_job();
Job ihc_job();
Job pk_job();
Job qpcr_job();
Job survival_job();
Job synergy_job();

/// All assays, below `analyse`.
Job analyse_job();

/// Files below `against`/raw whose names end in `ending` and begin with `line`, in order of their paths.
/// Adds a diagnostic where there is none.
std::vector<std::filesystem::path> simulated_files(const AnalyseRequest& request, const std::string& ending,
                                                   core::Diagnostics& problems);

}  // namespace stroma::jobs

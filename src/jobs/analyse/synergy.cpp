// `analyse synergy`: checkerboards of two drugs.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <map>

#include "io/synergy_table.hpp"
#include "jobs/analyse/inputs.hpp"
#include "jobs/machine.hpp"
#include "report/laboratory_plates.hpp"
#include "report/words.hpp"

namespace stroma::jobs {
namespace {

using Json = nlohmann::ordered_json;

const std::map<std::string, io::SynergyResponse> responses{
    {"auto", io::SynergyResponse::unknown},
    {"inhibition-percent", io::SynergyResponse::inhibition_percent},
    {"viability-percent", io::SynergyResponse::viability_percent},
    {"inhibition-fraction", io::SynergyResponse::inhibition_fraction},
    {"viability-fraction", io::SynergyResponse::viability_fraction}};

struct Options {
  std::string response = "auto";
  int resamples = 1000, threads = 0;
  std::uint64_t seed = 1;
};

const std::array<const char*, 4> model_names{"bliss", "loewe", "hsa", "zip"};

Json finite(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json json_of(const report::AnalysedSynergy& block) {
  Json models = Json::array();
  for (std::size_t m = 0; m < block.synergy.surfaces.size(); ++m) {
    const stats::SynergySurface& s = block.synergy.surfaces[m];
    Json scores = Json::array();
    for (const double score : s.scores) scores.push_back(finite(100.0 * score));
    models.push_back({{"model", model_names[m]},
                      {"score", finite(100.0 * s.mean)},
                      {"ci95", Json::array({finite(100.0 * s.ci.low), finite(100.0 * s.ci.high)})},
                      {"undefined", s.undefined},
                      {"why_undefined", s.why_undefined},
                      {"scores", std::move(scores)}});
  }
  return {{"block", block.name},          {"drug1", block.drug1},         {"drug2", block.drug2},
          {"doses1", block.board.doses1}, {"doses2", block.board.doses2}, {"models", std::move(models)}};
}

// A score that resampling moves by more than a quarter of its interval leans on noise: a maximum (HSA) or a
// bend of a curve.
void warn_of_shift(const stats::Synergy& synergy, const io::SynergyBlock& block, const std::string& file,
                   core::Diagnostics& warnings) {
  constexpr double most = 0.25;
  for (const stats::SynergySurface& s : synergy.surfaces) {
    const double width = s.ci.high - s.ci.low;
    if (!std::isfinite(width) || std::abs(s.shift) <= most * width) continue;
    warnings.add(
        "resampling-shift", {file, 0, 0}, block.drug1 + " with " + block.drug2,
        fmt::format(
            "{}: resampling the replicates moves the score by {:.2g} points, against an interval {:.2g} "
            "wide: the score itself leans that way by the wells' noise",
            model_names[static_cast<std::size_t>(&s - synergy.surfaces.data())], 100.0 * s.shift,
            100.0 * width),
        "more replicates make it smaller");
  }
}

Analysis analyse(const AnalyseRequest& request, const Options& options) {
  core::Diagnostics problems;
  Analysis out;
  std::vector<report::AnalysedSynergy> blocks;
  const std::vector<AssayFile> files =
      assay_files({request.files, {}, {}}, "",
                  "tables with the columns drug1, drug2, conc1, conc2, response, conc_unit", problems);
  stats::SynergyOptions how{options.resamples, options.seed, {}};
  how.threads.count = thread_count(options.threads);
  for_each_file(files, problems, [&](const AssayFile& file) {
    const InputText text = read_input(file.path);
    core::Understanding said;
    std::vector<io::SynergyBlock> read =
        io::read_synergy_table(text.named(), responses.at(options.response), &said, request.command);
    say_of_file(said, files.size() > 1 ? text.name : "", out.understanding);
    for (io::SynergyBlock& block : read) {
      stats::Synergy synergy = stats::analyse_synergy(block.board, how);
      for (const stats::SynergySurface& s : synergy.surfaces)
        if (s.undefined > 0)
          out.warnings.add("synergy-undefined", {text.name, 0, 0}, block.drug1 + " with " + block.drug2,
                           fmt::format("{} has no score at {} pairs of doses: {}",
                                       model_names[static_cast<std::size_t>(&s - synergy.surfaces.data())],
                                       s.undefined, s.why_undefined));
      warn_of_shift(synergy, block, text.name, out.warnings);
      if (!synergy.replicated)
        out.warnings.add("no-replicates", {text.name, 0, 0}, block.drug1 + " with " + block.drug2,
                         "not every pair of doses has two values: scores have no interval",
                         "repeat the plate");
      blocks.push_back({block.name, block.drug1, block.drug2, block.unit1, block.unit2,
                        std::move(block.board), std::move(synergy)});
    }
  });
  out.title = "Drug combinations";
  out.question = "Do two drugs together do more than the two alone would lead one to expect?";
  out.sections.push_back(report::synergy_section(blocks));
  out.methods = fmt::format(
      "Scores are the measured inhibition minus what each model expects: Bliss independence and the highest "
      "single agent (HSA) "
      "from the measured effects of each drug alone, Loewe additivity from Hill curves fitted to them "
      "(maximum free, at most "
      "150 %), the zero interaction potency (ZIP) model as in Yadav et al. 2015 (Hill curves from 0 to 100 "
      "%; the combination "
      "smoothed by fits along rows and columns; each fit from every minimum of a grid over its midpoint and "
      "slope). A score of the whole is the mean over all pairs of doses "
      "above zero. Intervals "
      "are percentiles of {} bootstrap resamples of the replicates within each pair of doses (seed {}), "
      "widened by "
      "sqrt(n/(n-1)), about their median and moved to the score. Replicates on one plate share its errors, "
      "which this interval does not see.",
      options.resamples, options.seed);
  out.references = {{"yadav2015", "Yadav B et al. Comput. Struct. Biotechnol. J. 13, 504 (2015).",
                     "https://doi.org/10.1016/j.csbj.2015.09.001"}};
  Json rows = Json::array();
  for (const report::AnalysedSynergy& block : blocks) {
    rows.push_back(json_of(block));
    for (std::size_t m = 0; m < 4; ++m) {
      const stats::SynergySurface& s = block.synergy.surfaces[m];
      out.summary += fmt::format(
          "{}{} with {}: {} {}{}", out.summary.empty() ? "" : "\n", block.drug1, block.drug2, model_names[m],
          report::print(100.0 * s.mean),
          std::isfinite(s.ci.low)
              ? fmt::format(" ({} to {})", report::print(100.0 * s.ci.low), report::print(100.0 * s.ci.high))
              : "");
    }
  }
  out.results = {{"assay", "synergy"}, {"blocks", std::move(rows)}};
  return out;
}

void declare_synergy(core::Options& options, Options& own) {
  options
      .add("--response", own.response,
           "what the responses are; auto: by the header and by the wells without any drug")
      .names_of(responses)
      .says_default();
  options.add("--resamples", own.resamples, "bootstrap resamples; 0: no intervals")
      .range(0, 100000)
      .says_default();
  options.add("--seed", own.seed, "seed of the bootstrap").says_default();
  options.add("--threads", own.threads, "threads (default: one per core)").range(1, 1024);
}

}  // namespace

Job synergy_job() {
  return make_assay<Options>("synergy", "checkerboards of two drugs: Bliss, Loewe, HSA, ZIP",
                             "tables in SynergyFinder's form", Shares::nothing, declare_synergy, analyse);
}

}  // namespace stroma::jobs

#include "jobs/targets/targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>

#include "assays/expression/targets.hpp"
#include "core/csv.hpp"
#include "core/hash.hpp"
#include "io/file.hpp"
#include "io/file_kind.hpp"
#include "io/geo_design.hpp"
#include "io/geo_platform.hpp"
#include "io/geo_series.hpp"
#include "io/resistance_genes.hpp"
#include "jobs/machine.hpp"
#include "jobs/paths.hpp"
#include "jobs/report_files.hpp"
#include "jobs/targets/inputs.hpp"
#include "jobs/understanding.hpp"
#include "jobs/version.hpp"
#include "report/laboratory.hpp"
#include "report/targets_report.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Input {
  fs::path path;
  std::string hash;
};

// Everything that was read, with its hash for the record.
struct Screen {
  std::vector<assays::ExpressionResult> series;
  std::vector<assays::ResistanceGene> list;
  std::string list_name;
  std::vector<std::pair<std::string, std::string>> given;  // accession and platform
  std::vector<GivenPlatform> platforms;
  core::Understanding understanding;
  std::vector<Input> inputs;
  std::vector<std::string> warnings;
};

std::string read_input(Screen& screen, const fs::path& path) {
  std::string bytes = io::read_file(path, std::uint64_t{2} << 30);
  const bool packed = bytes.starts_with("\x1F\x8B");  // series matrices come so
  if (const auto kind = packed ? std::nullopt : io::other_kind(bytes))
    throw core::InputError({io::other_kind_diagnostic(*kind, io::printable(path))});
  core::Hasher hasher;
  hasher.text(bytes);
  screen.inputs.push_back({path, hasher.digest()});
  return bytes;
}

// Adds what a reader found wrong, so that the next file is looked at as well.
constexpr std::pair<const char*, stats::ExpressionScale> scales[] = {
    {"auto", stats::ExpressionScale::unclear},  {"log2", stats::ExpressionScale::log2},
    {"ln", stats::ExpressionScale::natural},    {"log10", stats::ExpressionScale::log10},
    {"raw", stats::ExpressionScale::intensity}, {"fpkm", stats::ExpressionScale::fpkm},
    {"counts", stats::ExpressionScale::counts}};

template <class Read>
auto collected(core::Diagnostics& problems, const Read& read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const core::InputError& error) {
    for (const core::Diagnostic& d : error.diagnostics()) problems.add(d);
    return std::nullopt;
  }
}

void read_list(Screen& screen, const TargetsRequest& request, core::Diagnostics& problems) {
  fs::path file = request.list;
  if (file.empty())
    for (const fs::path& folder : data_folders())
      if (file.empty() && fs::exists(folder / "data" / "resistance_genes.csv"))
        file = folder / "data" / "resistance_genes.csv";
  if (file.empty()) {
    problems.add("no-gene-list", {"data/resistance_genes.csv", 0, 0}, "--against-list",
                 "the list of resistance genes that comes with the program is not there",
                 "set STROMA_DATA to the folder that holds data/, or give a list with --against-list");
    return;
  }
  screen.list_name = file.filename().string();
  const auto list = collected(
      problems, [&] { return io::read_resistance_genes(read_input(screen, file), io::printable(file)); });
  if (list) screen.list = *list;
}

assays::ExpressionOptions expression_options(const TargetsRequest& request) {
  assays::ExpressionOptions options;
  for (const auto& [word, scale] : scales)
    if (request.scale == word) options.scale = scale;
  options.normalise = request.normalise == "always"  ? assays::Normalise::always
                      : request.normalise == "never" ? assays::Normalise::never
                                                     : assays::Normalise::when_needed;
  return options;
}

// What figures and files of a series are named after: its accession, with the platform where a series has
// two.
std::string name_of(const Screen& screen, const std::string& accession, const std::string& platform,
                    const fs::path& file, core::Diagnostics& problems) {
  const auto taken = [&](const std::string& name) {
    return std::any_of(screen.series.begin(), screen.series.end(),
                       [&](const assays::ExpressionResult& other) { return other.accession == name; });
  };
  if (std::find(screen.given.begin(), screen.given.end(), std::pair(accession, platform)) !=
      screen.given.end())
    problems.add("series-twice", {io::printable(file), 0, 0}, accession, "this series was given already",
                 "a screen for what is common needs different series");
  std::string name;
  for (const char c : accession.empty() ? file.stem().string() : accession)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_') name += c;
  if (name.empty()) name = "series";
  if (taken(name)) name = fmt::format("{}-{}", name, screen.series.size() + 1);
  return name;
}

/// The platform's table; false: something is wrong with it.
bool read_platform(Screen& screen, const assays::ExpressionSeries& series, const fs::path& file,
                   const TargetsRequest& request, std::optional<assays::ProbeGenes>& platform,
                   core::Diagnostics& problems) {
  const std::size_t before = problems.size();
  const auto table = platform_file(series.platform, screen.platforms, file, problems);
  if (!table) return problems.size() == before;
  io::GeoPlatformOptions options;
  options.column = request.symbol_column;
  platform = collected(problems, [&] {
    return io::read_geo_platform(read_input(screen, table->file), io::printable(table->file), options);
  });
  if (!platform) return false;
  if (table->said || platform->accession.empty() || series.platform.empty() ||
      platform->accession == series.platform)
    return true;
  problems.add("other-platform", {platform->file, 0, 0}, "--platform",
               fmt::format("this table says that it is of {}; the series was measured on {}",
                           platform->accession, series.platform),
               fmt::format("give the right table, or say that this one holds the probes: --platform {}={}",
                           series.platform, platform->file));
  return false;
}

/// How the values, the probes and the platform of a series were read.
void say_values(Screen& screen, const assays::ExpressionSeries& series,
                const assays::ExpressionResult& result, const assays::ProbeGenes* platform,
                const TargetsRequest& request) {
  core::Understanding& said = screen.understanding;
  const std::string& of = result.accession;
  const std::string scale = fmt::format("{} ({})", stats::name_of(result.scale.scale), result.scale.reason);
  if (result.scale_said)
    said.given(of + " scale", stats::name_of(result.scale.scale), "--scale");
  else
    said.assumed(of + " scale", scale, "--scale");
  const std::string normal =
      fmt::format("{}; quartiles of samples differ by up to {:.2g} of the interquartile range",
                  result.normalised ? "by quantiles" : "not", result.spread);
  if (request.normalise == "auto")
    said.assumed(of + " normalised", normal, "--normalise");
  else
    said.given(of + " normalised", normal, "--normalise");
  if (platform == nullptr) {
    said.assumed(
        of + " genes",
        fmt::format("no table of its platform{} was found: names of probes are taken as gene symbols{}",
                    series.platform.empty() ? "" : " " + series.platform,
                    series.platform.starts_with("GPL") && series.platform.size() > 3
                        ? "; it can be had from " + platform_address(series.platform)
                        : ""),
        "--platform");
    return;
  }
  said.found(
      of + " genes",
      fmt::format("column '{}' of {} for platform {}; of {} probes {} are not in it, {} name no gene and {} "
                  "several and are left out; of several probes of a gene the one with the highest mean",
                  platform->column, platform->file, series.platform.empty() ? "(not said)" : series.platform,
                  result.probes, result.probes_not_on_platform, result.probes_without_gene,
                  result.probes_with_several));
  constexpr double least = 0.5;  // share of probes that a table of the right platform knows
  if (static_cast<double>(result.probes_not_on_platform) > (1.0 - least) * static_cast<double>(result.probes))
    screen.warnings.push_back(
        fmt::format("{}: {} of {} probes are not in {}: it may be the table of another platform", of,
                    result.probes_not_on_platform, result.probes, platform->file));
}

void analyse_file(Screen& screen, const fs::path& file, const std::string& groups,
                  const TargetsRequest& request, core::Diagnostics& problems) {
  io::GeoSeriesOptions reading;
  reading.missing_words = request.missing;
  const auto series = collected(
      problems, [&] { return io::read_geo_series(read_input(screen, file), io::printable(file), reading); });
  if (!series) return;
  std::optional<assays::ProbeGenes> platform;
  if (!read_platform(screen, *series, file, request, platform, problems)) return;
  const std::size_t before = problems.size();
  assays::SampleGroups chosen = assays::choose_groups(*series, groups, problems);
  if (problems.size() == before) io::find_blocks(*series, request.block, chosen, problems);
  if (problems.size() > before) return;
  assays::ExpressionResult result = assays::analyse_expression(
      *series, chosen, platform ? &*platform : nullptr, expression_options(request), problems);
  if (problems.size() > before) return;
  result.accession = name_of(screen, result.accession, series->platform, file, problems);
  for (const std::string& warning : result.warnings)
    screen.warnings.push_back(result.accession + ": " + warning);
  if (result.not_positive > 0)
    screen.warnings.push_back(fmt::format("{}: {} values not above 0 have no logarithm and are missing",
                                          result.accession, result.not_positive));
  io::say_groups(*series, chosen, result, request.block, screen.understanding);
  say_values(screen, *series, result, platform ? &*platform : nullptr, request);
  screen.given.emplace_back(series->accession, series->platform);
  screen.series.push_back(std::move(result));
}

Screen screen_of(const TargetsRequest& request) {
  core::Diagnostics problems;
  Screen screen;
  screen.platforms = given_platforms(request.platforms);
  const std::vector<std::string>& names = request.series.empty() ? series_of_the_paper : request.series;
  if (request.groups.size() > 1 && request.groups.size() != names.size())
    problems.add("bad-groups", {"command line", 0, 0}, "--groups",
                 fmt::format("{} groups for {} series", request.groups.size(), names.size()),
                 "give --groups once for all series, or once for each in their order");
  std::vector<std::pair<fs::path, std::string>> files;
  for (std::size_t k = 0; k < names.size(); ++k)
    for (const fs::path& file : series_files(names[k], problems))
      files.emplace_back(file, request.groups.empty()
                                   ? std::string()
                                   : request.groups[std::min(k, request.groups.size() - 1)]);
  problems.throw_if_any();
  read_list(screen, request, problems);
  for (const auto& [file, groups] : files) analyse_file(screen, file, groups, request, problems);
  problems.throw_if_any();
  for (const GivenPlatform& platform : screen.platforms)
    if (!platform.used)
      screen.warnings.push_back(
          fmt::format("--platform {}: no series was measured on this platform, so it was not read",
                      io::printable(platform.file)));
  return screen;
}

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json json_of(const assays::TargetGene& g, const std::vector<assays::ExpressionResult>& series) {
  Json per_series = Json::object();
  for (std::size_t s = 0; s < series.size(); ++s)
    per_series[series[s].accession] = {{"log2_change", g.log2_change[s]}, {"p_adjusted", g.p_adjusted[s]}};
  Json row = {{"gene", g.gene},
              {"change", g.change == assays::Change::up ? "up" : "down"},
              {"mean_log2_change", g.mean_change},
              {"largest_p_adjusted", g.p_worst},
              {"series", per_series}};
  if (g.known) {
    row["towards_resistance"] = g.towards_resistance;
    row["role"] = g.known->role;
    row["source"] = g.known->source;
  }
  return row;
}

Json results_of(const Screen& screen, const assays::Targets& targets, const TargetsRequest& request) {
  Json out = {{"fdr", request.fdr}, {"log2_change", request.log2_change}, {"list", screen.list_name}};
  for (const assays::ExpressionResult& s : screen.series)
    out["series"].push_back({{"accession", s.accession},
                             {"treated", s.treated},
                             {"n_treated", s.n_treated},
                             {"reference", s.reference},
                             {"n_reference", s.n_reference},
                             {"probes", s.probes},
                             {"genes", s.genes.size()},
                             {"untested", s.untested},
                             {"log2_taken", !s.scale.logarithms()},
                             {"scale", stats::name_of(s.scale.scale)},
                             {"scale_reason", s.scale.reason},
                             {"block", s.block_column.empty() ? Json(nullptr) : Json(s.block_column)},
                             {"blocks", s.blocks},
                             {"spread", s.spread},
                             {"normalised", s.normalised},
                             {"prior_df", number(s.prior_df)},
                             {"prior_variance", s.prior_variance}});
  out["ranking"] = Json::array();
  for (const assays::TargetGene& g : targets.ranked) out["ranking"].push_back(json_of(g, screen.series));
  out["common"] = Json::array();
  for (const assays::TargetGene& g : targets.common) out["common"].push_back(json_of(g, screen.series));
  out["opposed"] = targets.opposed;
  out["understanding"] = understanding_json(screen.understanding);
  out["warnings"] = screen.warnings;
  return out;
}

std::string genes_csv(const assays::ExpressionResult& series) {
  const std::vector<std::string> columns = {"gene", "probe", "log2_change", "mean",
                                            "t",    "p",     "p_adjusted",  "log_odds"};
  std::vector<std::vector<core::CsvValue>> rows;
  for (const assays::GeneTest& g : series.genes)
    rows.push_back({g.gene, g.probe, g.log2_change, g.mean, g.t, g.p, g.p_adjusted, g.log_odds});
  return core::write_csv(columns, rows);
}

report::Report page_of(const Screen& screen, const assays::Targets& targets, const TargetsRequest& request,
                       const std::string& command) {
  const assays::TargetCriteria criteria{request.fdr, request.log2_change};
  report::Report page;
  page.title = "Genes that change alike";
  page.question =
      "Which genes change alike in every series, and which of them are known to make cells resist?";
  page.summary = report::targets_summary(screen.series, targets);
  page.warnings = screen.warnings;
  page.arms = {{"not significant", true, ""}, {"up", false, ""}, {"down", false, ""}};
  page.sections = {report::understanding_section(screen.understanding),
                   report::targets_section(screen.series, targets, criteria, screen.list_name)};
  page.methods = report::targets_methods(screen.series, criteria, screen.list_name);
  page.references = {
      {"smyth2004", "Smyth, Stat. Appl. Genet. Mol. Biol. 3, 2004, article 3",
       "https://doi.org/10.2202/1544-6115.1027"},
      {"benjamini1995", "Benjamini, Hochberg, J. R. Stat. Soc. B 57:289, 1995", ""},
      {"zhao2023", "Zhao et al., BMC Cancer 2023", "https://doi.org/10.1186/s12885-023-11613-8"}};
  page.facts.program = fmt::format("Stroma {}", version);
  page.facts.command = command;
  page.facts.date = utc_now();
  page.facts.machine = machine_name();
  page.facts.has_seed = false;
  for (const Input& input : screen.inputs) page.facts.more.push_back({"file", io::printable(input.path)});
  return page;
}

}  // namespace

Result find_targets(const TargetsRequest& request, Session& session) {
  store::Renderer renderer;  // starts while the series are read
  const Screen screen = screen_of(request);
  const assays::Targets targets =
      assays::find_targets(screen.series, screen.list, {request.fdr, request.log2_change});
  store::OutputFolder folder(request.output,
                             request.force ? store::Existing::replace : store::Existing::refuse);
  for (const assays::ExpressionResult& s : screen.series)
    folder.write("tables/genes-" + s.accession + ".csv", genes_csv(s));
  const report::Report page = page_of(screen, targets, request, session.command);
  write_report(folder, page, &renderer, session.progress);
  Result out;
  out.json = results_of(screen, targets, request);
  folder.write("results.json", out.json.dump(2) + "\n");
  Json record = {{"program", "stroma"},       {"version", version},    {"command", session.command},
                 {"machine", machine_name()}, {"finished", utc_now()}, {"inputs", Json::array()}};
  for (const Input& input : screen.inputs)
    record["inputs"].push_back({{"file", io::printable(input.path)}, {"hash", input.hash}});
  folder.write("run.json", record.dump(2) + "\n");  // last: where it is, the results are complete
  out.understanding = screen.understanding;
  out.text = page.summary + "\n" + report_line(folder.path());
  for (const std::string& warning : screen.warnings) out.remark(Remark::Kind::warning, warning);
  return out;
}

Job targets_job() {
  return make_job<TargetsRequest>(
      "targets", "genes that change alike in GEO series, ranked against resistance genes",
      [](Job& job, TargetsRequest& request) {
        core::Options& options = job.options();
        options.add(
            "series", request.series,
            "series matrix files, or accessions of files in data/geo (default: the two of the paper)");
        options
            .add("--groups", request.groups,
                 "\"TREATED vs REFERENCE\", each column=value, a whole title (but for its replicate's "
                 "number), the value "
                 "of a characteristic, or GSM1|GSM2; once, or once per series")
            .repeated();
        options
            .add("--platform", request.platforms,
                 "platform table (SOFT, .annot.gz) named for its accession, or GPL570=FILE; may be repeated")
            .repeated();
        options
            .add("--scale", request.scale,
                 "what the values are: log2, ln, log10, raw (intensities), fpkm (FPKM, TPM: 1 is added), "
                 "counts; "
                 "auto: found out, or asked")
            .says_default()
            .choices({"auto", "log2", "ln", "log10", "raw", "fpkm", "counts"});
        options.add(
            "--block", request.block,
            "annotation whose values pair the samples (default: patient, donor, mouse, ... with samples of "
            "both groups); none: samples are independent");
        options.add("--symbol-column", request.symbol_column, "its column with gene symbols");
        options.add("--against-list", request.list,
                    "resistance genes (CSV; default: data/resistance_genes.csv)");
        options.add("--fdr", request.fdr, "largest adjusted p").says_default().range(0.0, 1.0);
        options.add("--log2-change", request.log2_change, "smallest change").says_default().range(0.0, 20.0);
        options.add("--normalise", request.normalise, "auto, always or never")
            .says_default()
            .choices({"auto", "always", "never"});
        options.add("--missing", request.missing, "a word that stands for a missing value; may be repeated")
            .repeated();
        options.add("-o,--output", request.output, "result folder (default: results/targets)");
        options.add("--force", request.force, "replace results that are in the folder");
        options.add("--quiet", job.shown->silent, "no summary");
        options.add("--json", job.shown->json, "the results as JSON on standard output");
      },
      find_targets);
}

}  // namespace stroma::jobs

#include "jobs/analyse/flow_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace stroma::jobs {
namespace {

using Json = nlohmann::ordered_json;
using report::AnalysedTube;

std::size_t measured(const FlowTubes& tubes) {
  return static_cast<std::size_t>(
      std::count_if(tubes.all.begin(), tubes.all.end(), [](const AnalysedTube& t) { return !t.simulated; }));
}

bool covers(const FlowTubes& tubes, std::size_t i) {
  const AnalysedTube& tube = tubes.all[i];
  const auto in_matrix = [&](const std::string& name) {
    return std::any_of(tubes.matrix_channels[i].begin(), tubes.matrix_channels[i].end(),
                       [&](std::size_t c) { return tube.sample.channels[c].name == name; });
  };
  return in_matrix(tube.annexin) && in_matrix(tube.pi);
}

void say_uncompensated(const FlowTubes& tubes, std::size_t n, std::size_t compensated, std::size_t identity,
                       core::Understanding& understanding, core::Diagnostics& warnings) {
  const bool stroma =
      std::all_of(tubes.facts.begin(), tubes.facts.end(), [](const TubeFacts& f) { return f.by_keyword; });
  understanding.found("compensation",
                      identity == n ? "none: the matrix of the files says that no dye spills"
                                    : fmt::format("none in {} of {} tubes: they carry no spillover matrix",
                                                  n - compensated, n));
  if (compensated > 0)
    warnings.add("compensation-differs", {}, {},
                 fmt::format("{} of {} tubes carry a spillover matrix and were compensated by it, the "
                             "others were not",
                             compensated, n),
                 "export all tubes alike, or leave all as they are by --no-compensation");
  else if (identity < n && !stroma)
    warnings.add(
        "not-compensated", {}, {},
        "the files carry no spillover matrix: unless the instrument compensated them, light of annexin "
        "V's dye counts as dye of dead cells, and early apoptotic cells as late ones",
        "export with the matrix, or set gates on single-stained controls");
}

}  // namespace

void say_unit(const FlowTubes& tubes, const FlowOptions& options, core::Understanding& understanding,
              core::Diagnostics& warnings) {
  std::vector<ArmReplicate> replicates;
  std::set<std::string> dates;
  std::map<std::string, std::set<int>> of_arm;
  bool by_name = false;
  for (std::size_t i = 0; i < tubes.all.size(); ++i) {
    const AnalysedTube& tube = tubes.all[i];
    if (tube.simulated) continue;
    replicates.push_back({tube.sample.arm, tube.sample.replicate});
    of_arm[tube.sample.arm].insert(tube.sample.replicate);
    dates.insert(tubes.facts[i].date);
    by_name = by_name || !tubes.facts[i].by_keyword;
  }
  warn_of_single_replicates(replicates, warnings);
  const bool repeated =
      std::any_of(of_arm.begin(), of_arm.end(), [](const auto& arm) { return arm.second.size() > 1; });
  if (!repeated) return;
  if (!options.sheet.empty()) {
    understanding.given("independent unit", "the column replicate: tubes of one replicate are averaged",
                        "--sheet");
    return;
  }
  if (!by_name) return;
  understanding.assumed("independent unit", "each tube is an independent experiment", "--sheet");
  if (dates.size() == 1 && !dates.begin()->empty())
    warnings.add("one-day", {}, "$DATE",
                 fmt::format("all tubes were acquired on {}: tubes of one day are as a rule one experiment, "
                             "and its repeats are not independent; p and intervals are then too small",
                             *dates.begin()),
                 "give the experiments in a table: --sheet, column replicate");
}

void say_scale(const FlowTubes& tubes, const FlowOptions& options, core::Understanding& understanding,
               core::Diagnostics& warnings) {
  const std::size_t n = measured(tubes);
  if (n == 0) return;
  if (tubes.logarithmic > 0)
    understanding.found(
        "scale",
        fmt::format("logarithmic amplifiers of {} tubes put on the linear scale ($PnE)", tubes.logarithmic));
  if (options.uncompensated) {
    understanding.given("compensation", "none", "--no-compensation");
    return;
  }
  std::size_t identity = 0, exported = 0, uncovered = 0;
  std::map<std::string, std::size_t> keywords;
  for (std::size_t i = 0; i < tubes.all.size(); ++i) {
    const AnalysedTube& tube = tubes.all[i];
    if (tube.simulated) continue;
    const TubeFacts& facts = tubes.facts[i];
    if (tube.annexin.starts_with("Comp-"))
      ++exported;
    else if (!facts.matrix.empty())
      ++keywords[facts.matrix], uncovered += covers(tubes, i) ? 0 : 1;
    else if (facts.identity)
      ++identity;
  }
  std::size_t compensated = exported;
  for (const auto& [keyword, count] : keywords) {
    compensated += count;
    understanding.found("compensation",
                        fmt::format("by the inverse of the matrix in {} ({} of {} tubes)", keyword, count, n),
                        "--no-compensation");
  }
  if (exported > 0)
    understanding.found("compensation",
                        fmt::format("done before the export: channels Comp- ({} of {} tubes)", exported, n));
  if (compensated < n) say_uncompensated(tubes, n, compensated, identity, understanding, warnings);
  if (uncovered > 0)
    warnings.add("matrix-without-dyes", {}, {},
                 fmt::format("the matrix of {} tubes does not hold both {} and {}: light that spills between "
                             "them was not taken out",
                             uncovered, tubes.all.front().annexin, tubes.all.front().pi),
                 "export the files with a matrix of these channels");
}

void say_notes(const FlowTubes& tubes, core::Understanding& understanding) {
  std::size_t used = 0, acquired = 0, left_out = 0, files = 0;
  for (std::size_t i = 0; i < tubes.all.size(); ++i) {
    if (tubes.all[i].simulated) continue;
    used += tubes.all[i].quadrants.events;
    acquired += tubes.all[i].acquired;
    left_out += tubes.facts[i].left_out;
    ++files;
  }
  if (files > 0)
    understanding.found(
        "events",
        fmt::format("{} used of {} acquired in {} tubes{}", used, acquired, files,
                    left_out == 0 ? "" : fmt::format("; {} held no number in a channel", left_out)));
  for (const auto& [message, of] : tubes.notes)
    understanding.found(
        "FCS",
        fmt::format("{}: {}",
                    of.size() == 1 ? *of.begin() : fmt::format("{} of {} tubes", of.size(), tubes.all.size()),
                    message));
}

Json flow_json(const FlowTubes& tubes) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < tubes.all.size(); ++i) {
    const AnalysedTube& t = tubes.all[i];
    rows.push_back({{"file", t.name},
                    {"arm", t.sample.arm},
                    {"replicate", t.sample.replicate},
                    {"simulated", t.simulated},
                    {"compensated", !tubes.facts[i].matrix.empty()},
                    {"acquired", t.acquired},
                    {"events", t.quadrants.events},
                    {"annexin_channel", t.annexin},
                    {"pi_channel", t.pi},
                    {"dye", t.dye},
                    {"annexin_gate", t.gate.annexin},
                    {"pi_gate", t.gate.pi},
                    {"debris_below", std::isfinite(t.least_fsc) ? Json(t.least_fsc) : Json(nullptr)},
                    {"viable", t.quadrants.live},
                    {"early", t.quadrants.early},
                    {"late", t.quadrants.late},
                    {"necrotic", t.quadrants.necrotic},
                    {"apoptotic", t.quadrants.apoptotic ? Json(*t.quadrants.apoptotic) : Json(nullptr)}});
  }
  return {{"assay", "flow"}, {"tubes", std::move(rows)}};
}

}  // namespace stroma::jobs

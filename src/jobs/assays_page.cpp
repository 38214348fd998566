#include "jobs/assays_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "assays/registry.hpp"

namespace stroma::jobs {
namespace {

using Json = nlohmann::ordered_json;
using assays::Descriptor;

std::string metric_of(const Descriptor& a) {
  return a.targets == assays::TargetKind::none ? a.metric : a.metric + ":TARGET";
}

std::string needs_of(const Descriptor& a) {
  switch (a.needs) {
    case assays::Needs::cells:
      return "cells by fate";
    case assays::Needs::lineages:
      return "cells by lineage";
    case assays::Needs::lysate:
      return "lysate";
    case assays::Needs::medium:
      return "medium, live cells";
  }
  return {};
}

std::string targets_of(const Descriptor& a) {
  switch (a.targets) {
    case assays::TargetKind::none:
      return {};
    case assays::TargetKind::nodes:
      return "nodes";
    case assays::TargetKind::substances:
      return "substances";
  }
  return {};
}

// What a [[readout]] says: the assay, and its keys beside `at`.
std::vector<std::string> keys_of(const Descriptor& a) {
  std::vector<std::string> keys = {fmt::format("`{}`", a.name)};
  if (a.targets != assays::TargetKind::none) keys.push_back(fmt::format("`targets` ({})", targets_of(a)));
  if (a.relative) keys.emplace_back("`reference`");
  if (a.diluted) keys.emplace_back("`dilution`");
  return keys;
}

std::string run_of(const Descriptor& a) {
  switch (a.batch) {
    case assays::Batch::system_and_replicate:
      return "a system and replicate";
    case assays::Batch::system:
      return "a system";
    case assays::Batch::everything:
      return "everything, as `" + a.together + "`";
  }
  return {};
}

Json json_of(const Descriptor& a) {
  Json out = {{"name", a.name}, {"title", a.title}, {"analysis", a.analysis}, {"simulated", a.simulated()}};
  if (!a.simulated()) return out;
  out["metric"] = metric_of(a);
  out["unit"] = a.unit;
  out["needs"] = needs_of(a);
  out["targets"] = targets_of(a);
  out["reference"] = a.relative;
  out["dilution"] = a.diluted;
  out["run"] = run_of(a);
  out["signal"] = a.signal;
  out["noise"] = a.noise;
  out["constants"] = a.constants;
  return out;
}

}  // namespace

Result assays_schema() {
  const assays::Registry registry = assays::built_in();
  Result out;
  out.json = Json::array();
  std::string instruments, measured,
      readouts =
          "| assay | in a `[[readout]]` | takes | one run reads | yields | unit | its raw files: `stroma "
          "analyse` |\n|---|---|---|---|---|---|---|\n";
  for (const auto& a : registry.all()) {
    out.json.push_back(json_of(*a));
    if (!a->simulated()) {
      measured += fmt::format("{}`{}` ({})", measured.empty() ? "" : ", ", a->analysis, a->title);
      continue;
    }
    readouts +=
        fmt::format("| {} | {} | {} | {} | `{}` | {} | `{}` |\n", a->title, fmt::join(keys_of(*a), ", "),
                    needs_of(*a), run_of(*a), metric_of(*a), a->unit, a->analysis);
    instruments += fmt::format("| {} | {} | {} | `{}` |\n", a->title, a->signal, a->noise, a->constants);
  }
  out.text = readouts + "\n| assay | raw signal | noise | struct |\n|---|---|---|---|\n" + instruments +
             fmt::format("\nMeasured data only, by `stroma analyse`: {}.\n", measured);
  return out;
}

}  // namespace stroma::jobs

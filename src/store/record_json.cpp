#include "store/record_json.hpp"

#include <nlohmann/json.hpp>

namespace stroma::store {

nlohmann::ordered_json record_json(const study::RunRecord& record) {
  nlohmann::ordered_json out;
  out["program"] = record.program;
  out["version"] = record.version;
  out["command"] = record.command;
  out["machine"] = record.machine;
  out["c_library"] = record.c_library;
  out["started"] = record.started;
  out["finished"] = record.finished;
  out["wall_seconds"] = record.wall_seconds;
  out["peak_memory_mib"] = record.peak_memory_mib;
  out["threads"] = record.threads;
  out["seed"] = record.seed;
  out["without"] = record.without;
  return out;
}

void add_passages(nlohmann::ordered_json& out, const std::vector<study::Passage>& passages) {
  auto arrivals = nlohmann::ordered_json::object(), conversions = arrivals;
  for (const study::Passage& p : passages)
    (p.from.empty() ? arrivals[p.to] : conversions[p.from][p.to]) = p.cells;
  out["arrivals"] = arrivals;
  out["conversions"] = conversions;
}

}  // namespace stroma::store

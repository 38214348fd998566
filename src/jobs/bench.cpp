// `bench`: one line per case, or one line of JSON, so that a peer measured beside it on the same machine
// gives a ratio.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "bench/cases.hpp"
#include "core/diagnostics.hpp"
#include "jobs/machine.hpp"
#include "jobs/requests.hpp"

namespace stroma::jobs {
namespace {

void say(const bench::Case& one, const bench::Result& r, int threads, Progress& progress) {
  const nlohmann::ordered_json json = {
      {"case", one.name}, {"value", r.value}, {"unit", r.unit},   {"threads", threads},
      {"n", r.n},         {"error", r.error}, {"floor", r.floor}, {"floor_unit", r.floor_unit}};
  progress.part(
      fmt::format("{:<22} {:>10.4g} {:<28} {} thread{}, n = {}, error {:.3g}, floor {:.3g}\n", one.name,
                  r.value, r.unit, threads, threads == 1 ? "" : "s", r.n, r.error, r.floor),
      json);
}

}  // namespace

Result bench(const BenchRequest& request, Session& session) {
  const std::vector<std::string>& names = request.cases;
  const int threads = thread_count(request.threads);
  std::vector<std::string> known = {"scaling"};
  for (const bench::Case& one : bench::cases()) known.emplace_back(one.name);
  core::Diagnostics problems;
  for (const std::string& name : names)
    if (std::find(known.begin(), known.end(), name) == known.end())
      problems.add("unknown-case", {}, name, fmt::format("there is no case '{}'", name),
                   core::did_you_mean(name, known));
  problems.throw_if_any();
  const auto wanted = [&](std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const bench::Case& one : bench::cases())
    if (wanted(one.name) || (names.empty() && !one.heavy))
      say(one, one.run(threads), threads, session.progress);
  if (!wanted("scaling")) return {};
  // Two threads against one, of the cases whose data exceed the caches.
  for (const bench::Case& one : bench::cases()) {
    if (!one.beyond_caches) continue;
    const bench::Result single = one.run(1), both = one.run(2);
    const std::string name = "scaling/" + std::string(one.name);
    bench::Case scaling = one;
    scaling.name = name;
    say(scaling, {single.value / both.value, "times faster", single.n, both.error, 2.0, "times: two threads"},
        2, session.progress);
  }
  return {};
}

Job bench_job() {
  return make_job<BenchRequest>(
      "bench", "measure this machine: time per cell, voxel and step",
      [](Job& job, BenchRequest& request) {
        job.options().add("cases", request.cases,
                          "cases by name, or scaling (default: all but cells_1e7 and scaling)");
        add_threads(job, request.threads);
        job.options().add("--json", job.shown->json, "one line of JSON per case");
      },
      bench);
}

}  // namespace stroma::jobs

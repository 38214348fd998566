// `bench`: one line per case, or one line of JSON, so that a peer measured beside it on the same machine
// gives a ratio.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "bench/cases.hpp"
#include "cli/commands.hpp"
#include "cli/machine.hpp"
#include "core/diagnostics.hpp"

namespace stroma::cli {
namespace {

void say(const bench::Case& one, const bench::Result& r, int threads, bool json) {
  if (json) {
    const nlohmann::ordered_json line = {
        {"case", one.name}, {"value", r.value}, {"unit", r.unit},   {"threads", threads},
        {"n", r.n},         {"error", r.error}, {"floor", r.floor}, {"floor_unit", r.floor_unit}};
    fmt::print("{}\n", line.dump());
  } else {
    fmt::print("{:<22} {:>10.4g} {:<28} {} thread{}, n = {}, error {:.3g}, floor {:.3g}\n", one.name, r.value,
               r.unit, threads, threads == 1 ? "" : "s", r.n, r.error, r.floor);
  }
  std::fflush(stdout);
}

}  // namespace

int bench(const std::vector<std::string>& names, const CommonOptions& options) {
  const int threads = options.threads == 0 ? core_count() : options.threads;
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
    if (wanted(one.name) || (names.empty() && !one.heavy)) say(one, one.run(threads), threads, options.json);
  if (!wanted("scaling")) return exit_done;
  // Two threads against one, of the cases whose data exceed the caches.
  for (const bench::Case& one : bench::cases()) {
    if (!one.beyond_caches) continue;
    const bench::Result single = one.run(1), both = one.run(2);
    const std::string name = "scaling/" + std::string(one.name);
    bench::Case scaling = one;
    scaling.name = name;
    say(scaling, {single.value / both.value, "times faster", single.n, both.error, 2.0, "times: two threads"},
        2, options.json);
  }
  return exit_done;
}

}  // namespace stroma::cli

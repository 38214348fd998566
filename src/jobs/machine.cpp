#include "jobs/machine.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <gnu/libc-version.h>
#include <sys/resource.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <fstream>
#include <thread>

#include "core/hash.hpp"

namespace stroma::jobs {

int core_count() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

int thread_count(int asked) {
  return asked > 0 ? asked : core_count();
}

std::string c_library_name() {
  core::Hasher hasher;
  for (int k = 1; k <= 4000; ++k) {
    const double x = 0.0037 * k;
    for (const double value : {std::exp(x), std::log(x), std::pow(x, 1.7), std::sin(x), std::tanh(x),
                               std::expm1(-x), std::log1p(x), std::lgamma(x), std::erfc(x)})
      hasher.number(value);
  }
  return fmt::format("glibc {}, results {}", gnu_get_libc_version(), hasher.digest().substr(0, 8));
}

std::string machine_name() {
  std::string processor = "unknown processor";
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (!line.starts_with("model name")) continue;
    const std::size_t colon = line.find(':');
    if (colon != std::string::npos && colon + 2 <= line.size()) processor = line.substr(colon + 2);
    break;
  }
  utsname system{};
  uname(&system);
  return fmt::format("{}, {} cores, {} {}", processor, core_count(), system.sysname, system.machine);
}

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

double peak_memory_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

double memory_of_machine() {
  double bytes = 8e9;
  std::ifstream info("/proc/meminfo");
  for (std::string key, unit; info >> key;) {
    double value = 0.0;
    if (!(info >> value >> unit)) break;
    if (key == "MemAvailable:") bytes = value * 1024.0;
  }
  std::ifstream limit("/sys/fs/cgroup/memory.max");
  double allowed = 0.0;
  if (limit >> allowed) bytes = std::min(bytes, allowed);
  return bytes;
}

}  // namespace stroma::jobs

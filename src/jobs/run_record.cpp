#include "jobs/run_record.hpp"

#include "jobs/machine.hpp"
#include "jobs/version.hpp"

namespace stroma::jobs {

study::RunRecord begin_record(const RunOptions& options, const std::string& command) {
  study::RunRecord record;
  record.program = "stroma";
  record.version = version;
  record.command = command;
  record.machine = machine_name();
  record.c_library = c_library_name();
  record.started = utc_now();
  record.seed = options.seed;
  record.quick = options.quick;
  record.threads = options.threads;
  record.without = options.without;
  record.set = options.set;
  return record;
}

void end_record(study::RunRecord& record, std::chrono::steady_clock::time_point begin) {
  record.finished = utc_now();
  record.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  record.peak_memory_mib = peak_memory_mib();
}

}  // namespace stroma::jobs

#include "io/file.hpp"
#include "jobs/analyse/analyse.hpp"
#include "jobs/requests.hpp"
#include "jobs/schema.hpp"
#include "jobs/stats/stats.hpp"
#include "jobs/targets/targets.hpp"

namespace stroma::jobs {

std::string as_typed(const std::vector<std::string>& words) {
  std::string text = "stroma";
  for (const std::string& raw : words) {
    const std::string word = io::printable(raw);  // the record is UTF-8, whatever was typed
    const bool plain = word.find_first_of(" \t'\"\\$") == std::string::npos && !word.empty();
    text += plain ? " " + word : " '" + word + "'";
  }
  return text;
}

std::vector<Job> all_jobs() {
  return {reproduce_job(), run_job(),     resume_job(),   fork_job(),      verify_job(),  report_job(),
          bench_job(),     check_job(),   describe_job(), calibrate_job(), analyse_job(), compare_job(),
          stats_job(),     targets_job(), new_job(),      schema_job(),    worker_job(),  doctor_job()};
}

}  // namespace stroma::jobs

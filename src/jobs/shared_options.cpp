// Options that several jobs have, with one wording.
#include "jobs/requests.hpp"

namespace stroma::jobs {

void add_threads(Job& job, int& threads) {
  job.options().add("--threads", threads, "threads (default: one per core)").range(1, 1024);
}

void add_set(Job& job, std::vector<std::string>& set) {
  job.options()
      .add("--set", set,
           "address=value, for any value of the experiment or its model: replicates=6, plate.volume=\"50 "
           "uL\", "
           "mechanisms.CXCL12_CXCR4.weight=0.5, "
           "plate.treatment[sorafenib].doses[2]=\"1 uM\" (elements by name or place from 1); may be repeated")
      .repeated();
}

void add_shown(Job& job) {
  job.options().add("--quiet", job.shown->quiet, "no progress");
  job.options().add("--json", job.shown->json, "progress and result for machines");
}

}  // namespace stroma::jobs

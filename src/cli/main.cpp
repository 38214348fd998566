#include <unistd.h>

#include <cstdlib>

#include "cli/app.hpp"
#include "cli/streams.hpp"

namespace {

// A thread that waits for the others spins for about a quarter of a millisecond and then sleeps. OpenMP's
// default spins for much longer: where other programs run, the spinning threads take the cores from those
// they wait for, and a run becomes many times slower. The library reads the setting when it is loaded, so the
// program starts itself once more, unless the user has chosen.
void wait_politely(char** argv) {
  if (std::getenv("GOMP_SPINCOUNT") != nullptr || std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  setenv("GOMP_SPINCOUNT", "100000", 1);
  execv("/proc/self/exe", argv);
  // Where /proc is not there, the default must do.
}

}  // namespace

int main(int argc, char** argv) {
  stroma::cli::prepare_streams();
  wait_politely(argv);
  return stroma::cli::run_program(argc, argv);
}

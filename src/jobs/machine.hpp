// What the record of a run says about where and when it was made.
#pragma once

#include <string>

namespace stroma::jobs {

std::string machine_name();  ///< processor, cores, system
std::string utc_now();       ///< ISO 8601, seconds
/// The C library and a fingerprint of what its transcendental functions return here: two machines with the
/// same text give the same bits wherever the library computes. The engine does not use them (core/maths.hpp);
/// fits and tests of the analysis do.
std::string c_library_name();
double peak_memory_mib();     ///< of this process
double memory_of_machine();   ///< bytes that are available; a container's own limit where there is one
int core_count();             ///< at least 1
int thread_count(int asked);  ///< as asked, and where that is 0 one for each core

}  // namespace stroma::jobs

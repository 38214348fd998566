// temporary
#include "fields/split.hpp"
namespace stroma::fields {
Terms split_step(double* result, const double* start, const Transport& transport, const Given& given,
                 double minutes, SplitScratch& scratch, core::Threads threads) {
  return split_step_general(result, start, transport, given, minutes, scratch, threads);
}
}  // namespace stroma::fields

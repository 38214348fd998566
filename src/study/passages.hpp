// How many cells of a vessel or tissue came and became others: what its counters say, by name of type.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace stroma::tissue {
struct Populations;
struct PopulationsPlan;
}  // namespace stroma::tissue

namespace stroma::study {

struct Passage {
  std::string from;  ///< empty: they came from outside
  std::string to;
  std::int64_t cells = 0;  ///< > 0
  bool operator==(const Passage&) const = default;
};

/// Of a state of this plan: arrivals, then conversions, in the order of the populations.
std::vector<Passage> passages_of(const tissue::Populations& state, const tissue::PopulationsPlan& plan);

/// Adds `more` to what there is of the same types.
void add(std::vector<Passage>& passages, const std::vector<Passage>& more);

}  // namespace stroma::study

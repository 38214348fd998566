#include "study/passages.hpp"

#include <algorithm>

#include "tissue/populations.hpp"

namespace stroma::study {

std::vector<Passage> passages_of(const tissue::Populations& state, const tissue::PopulationsPlan& plan) {
  const tissue::Counters& c = state.counters;
  const std::size_t n = plan.populations.size();
  const auto name = [&](std::size_t k) {
    return plan.model->cell_types[static_cast<std::size_t>(plan.populations[k].type)].name;
  };
  std::vector<Passage> out;
  for (std::size_t k = 0; k < c.arrivals.size(); ++k)
    if (c.arrivals[k] > 0) out.push_back({{}, name(k), c.arrivals[k]});
  for (std::size_t i = 0; i < c.conversions.size(); ++i)
    if (c.conversions[i] > 0) out.push_back({name(i / n), name(i % n), c.conversions[i]});
  return out;
}

void add(std::vector<Passage>& passages, const std::vector<Passage>& more) {
  for (const Passage& passage : more) {
    const auto found = std::ranges::find_if(
        passages, [&](const Passage& p) { return p.from == passage.from && p.to == passage.to; });
    if (found == passages.end())
      passages.push_back(passage);
    else
      found->cells += passage.cells;
  }
}

}  // namespace stroma::study

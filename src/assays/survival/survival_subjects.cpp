// How many subjects an arm has: apart from the analyses, for the readers of tables count them too.
#include <cmath>
#include <set>

#include "assays/survival/survival.hpp"

namespace stroma::assays {

std::size_t count_subjects(const std::vector<SurvivalSubject>& rows, const std::string& arm) {
  std::set<std::string> names;  // of those that may have several rows; whoever is observed at once has one
  std::size_t n = 0;
  for (const SurvivalSubject& s : rows) {
    if (s.arm != arm) continue;
    if (std::isfinite(s.follow_up.entry))
      names.insert(s.subject);
    else
      ++n;
  }
  return n + names.size();
}

}  // namespace stroma::assays

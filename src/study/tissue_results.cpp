#include "study/tissue_results.hpp"

#include <algorithm>

namespace stroma::study {

int NumberTable::column(std::string_view name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

std::vector<std::size_t> evenly_chosen(std::size_t count, std::size_t most) {
  std::vector<std::size_t> chosen;
  const std::size_t n = std::min(count, most);
  for (std::size_t i = 0; i < n; ++i)
    chosen.push_back(n == 1 ? count - 1 : (i * (count - 1) + (n - 1) / 2) / (n - 1));
  return chosen;
}

}  // namespace stroma::study

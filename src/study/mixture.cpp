#include "study/mixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace stroma::study {
namespace {

constexpr double rounding = 1e-6;  // of shares as people write them: 0.333333 three times

void divide(std::int64_t number, Mixture& out) {
  std::vector<std::size_t> order(out.shares.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<double> rest;
  std::int64_t given = 0;
  for (const auto& [type, share] : out.shares) {
    const double exact = share * static_cast<double>(number);
    const auto whole = static_cast<std::int64_t>(std::floor(exact));
    out.numbers.emplace_back(type, whole);
    rest.push_back(exact - static_cast<double>(whole));
    given += whole;
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rest[a] > rest[b]; });
  for (std::size_t k = 0; given < number; ++given, k = (k + 1) % order.size()) ++out.numbers[order[k]].second;
}

}  // namespace

std::string read_mixture(const std::vector<std::pair<model::Index, double>>& values, std::int64_t number,
                         bool fills, Mixture& out) {
  double total = 0.0;
  bool whole = true, above = false;
  for (const auto& [type, value] : values) {
    total += value;
    whole = whole && value == std::floor(value);
    above = above || value > 1.0;
  }
  if (total <= 0.0) return "all of them are zero";
  if (number == 0 && whole && (above || !fills)) {
    for (const auto& [type, value] : values) out.numbers.emplace_back(type, std::llround(value));
    return {};
  }
  if (std::fabs(total - 1.0) > rounding)
    return fmt::format("{} sum to {:.6g}: shares sum to 1, and numbers of cells are whole{}",
                       number > 0 ? "shares of `number`" : "the values", total,
                       above ? " and need no `number`" : "");
  for (const auto& [type, value] : values)
    if (value > 0.0) out.shares.emplace_back(type, value / total);
  if (number > 0)
    divide(number, out);
  else if (!fills)
    return "shares of scattered cells need `number`, the cells in all";
  return {};
}

}  // namespace stroma::study

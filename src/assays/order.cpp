#include "assays/order.hpp"

#include <fmt/format.h>

#include "core/hash.hpp"

namespace stroma::assays {

std::uint64_t Order::seed_of(const std::string& what) const {
  core::Hasher hasher;
  hasher.number(seed);
  hasher.text(fmt::format("{}\n{}", seed_name, what));
  return std::stoull(hasher.digest().substr(0, 16), nullptr, 16);
}

std::string Order::title(const std::string& what) const {
  return fmt::format("{} {}{}{}", experiment, what, at.empty() ? "" : " at ", at);
}

std::string tube_name(const Order& order, const Sample& sample) {
  return fmt::format("{}\n{}\n{}\n{}", order.system, sample.named, sample.well, sample.replicate);
}

}  // namespace stroma::assays

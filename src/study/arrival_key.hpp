// What of an arrival decides a result, for the keys of vessels and of configurations.
#pragma once

#include "core/hash.hpp"
#include "tissue/arrival.hpp"

namespace stroma::study {

inline void hash_arrival(core::Hasher& h, const tissue::Arrival& arrival) {
  h.number(arrival.at.count);
  h.number(arrival.type);
  h.number(static_cast<std::uint64_t>(arrival.count));
  for (const auto& p : arrival.positions)
    for (const double x : p) h.number(x);
  for (const auto& content : arrival.content) {
    h.number(content.substance);
    h.number(content.amount);
  }
}

}  // namespace stroma::study

// See attachments.hpp.
#include "cells/attachments.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "cells/contacts.hpp"
#include "core/errors.hpp"
#include "core/random.hpp"

namespace stroma::cells {

namespace {

/// Index of (one, other) or of where it belongs.
std::size_t find(const Attachments& s, std::uint64_t one, std::uint64_t other) {
  std::size_t low = 0, high = s.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const bool before = s.a[middle] < one || (s.a[middle] == one && s.b[middle] < other);
    (before ? low : high) = before ? middle + 1 : middle;
  }
  return low;
}

template <class Keep>
std::size_t keep_if(Attachments& s, const Keep& keep) {
  std::size_t to = 0;
  for (std::size_t from = 0; from < s.size(); ++from) {
    if (!keep(from)) continue;
    s.a[to] = s.a[from];
    s.b[to] = s.b[from];
    s.stiffness[to] = s.stiffness[from];
    s.rest[to++] = s.rest[from];
  }
  const std::size_t removed = s.size() - to;
  s.a.resize(to);
  s.b.resize(to);
  s.stiffness.resize(to);
  s.rest.resize(to);
  if (removed > 0) ++s.revision;
  return removed;
}

/// One uniform number for a pair at a tick; `what` tells forming from breaking.
double draw(std::uint64_t seed, std::uint64_t a, std::uint64_t b, core::Tick tick, std::uint64_t what) {
  const std::uint64_t key = core::derive_seed(core::derive_seed(seed, what), a);
  return core::Stream(key, core::Purpose::contact, b, tick.count).uniform();
}

constexpr std::uint64_t forming = 0x666f726dU, breaking = 0x627265616bU;

}  // namespace

void attach(Attachments& s, std::uint64_t one, std::uint64_t other, float stiffness, float rest) {
  core::require(one != other && stiffness >= 0.0F && rest >= 0.0F, "a spring joins two different cells");
  if (one > other) std::swap(one, other);
  const std::size_t at = find(s, one, other);
  if (at == s.size() || s.a[at] != one || s.b[at] != other) {
    const auto place = static_cast<std::ptrdiff_t>(at);
    s.a.insert(s.a.begin() + place, one);
    s.b.insert(s.b.begin() + place, other);
    s.stiffness.insert(s.stiffness.begin() + place, 0.0F);
    s.rest.insert(s.rest.begin() + place, 0.0F);
  }
  s.stiffness[at] = stiffness;
  s.rest[at] = rest;
  ++s.revision;
}

std::size_t detach_missing(Attachments& s, const Bodies& bodies) {
  if (s.size() == 0) return 0;
  std::vector<std::uint64_t> ids(bodies.id);
  std::sort(ids.begin(), ids.end());
  const auto here = [&](std::uint64_t id) { return std::binary_search(ids.begin(), ids.end(), id); };
  return keep_if(s, [&](std::size_t k) { return here(s.a[k]) && here(s.b[k]); });
}

void update_attachments(Attachments& s, Bodies& bodies, const MechanicsPlan& plan, Neighbourhood& nb,
                        const AttachmentRates& rates, std::uint64_t seed, core::Tick tick, double minutes,
                        core::Threads threads) {
  const std::size_t types = plan.types.size();
  core::require(rates.formation.size() == types * types && rates.breaking.size() == types * types,
                "a rate for each pair of cell types");
  const auto any = [](std::span<const float> r) {
    return std::any_of(r.begin(), r.end(), [](float rate) { return rate > 0.0F; });
  };
  detach_missing(s, bodies);
  if (!any(rates.formation) && (s.size() == 0 || !any(rates.breaking))) return;
  refresh(nb, bodies, plan, threads);
  const auto happens = [minutes](float rate) { return -std::expm1(-static_cast<double>(rate) * minutes); };

  std::unordered_map<std::uint64_t, std::uint32_t> body;
  body.reserve(bodies.size());
  for (std::size_t i = 0; i < bodies.size(); ++i) body[bodies.id[i]] = static_cast<std::uint32_t>(i);
  keep_if(s, [&](std::size_t k) {
    const float rate = rates.breaking[bodies.type[body.at(s.a[k])] * types + bodies.type[body.at(s.b[k])]];
    return rate == 0.0F || draw(seed, s.a[k], s.b[k], tick, breaking) >= happens(rate);
  });
  if (!any(rates.formation)) return;

  constexpr std::size_t chunk = 1024;
  struct Pair {
    std::uint64_t a, b;
    float rest;
  };
  std::vector<std::vector<Pair>> proposed(core::chunk_count(bodies.size(), chunk));
  core::for_chunks(bodies.size(), chunk, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t> touching;
    for (std::size_t i = begin; i < end; ++i) {
      contacts_of(bodies, plan, nb, i, touching);
      for (const std::uint32_t j : touching) {
        const std::uint64_t a = bodies.id[i], b = bodies.id[j];
        const float rate = rates.formation[bodies.type[i] * types + bodies.type[j]];
        if (a > b || rate == 0.0F || draw(seed, a, b, tick, forming) >= happens(rate)) continue;
        const double dx = bodies.x[i] - bodies.x[j], dy = bodies.y[i] - bodies.y[j],
                     dz = bodies.z[i] - bodies.z[j];
        proposed[begin / chunk].push_back({a, b, static_cast<float>(std::sqrt(dx * dx + dy * dy + dz * dz))});
      }
    }
  });
  std::vector<Pair> pairs;
  for (const auto& part : proposed) pairs.insert(pairs.end(), part.begin(), part.end());
  std::sort(pairs.begin(), pairs.end(),
            [](const Pair& p, const Pair& q) { return std::pair(p.a, p.b) < std::pair(q.a, q.b); });
  std::unordered_map<std::uint64_t, std::uint32_t> degree;
  for (std::size_t k = 0; k < s.size(); ++k) {
    ++degree[s.a[k]];
    ++degree[s.b[k]];
  }
  for (const Pair& pair : pairs) {
    const std::size_t at = find(s, pair.a, pair.b);
    if (at < s.size() && s.a[at] == pair.a && s.b[at] == pair.b) continue;
    if (degree[pair.a] >= rates.most || degree[pair.b] >= rates.most) continue;
    attach(s, pair.a, pair.b, rates.stiffness, pair.rest);
    ++degree[pair.a];
    ++degree[pair.b];
  }
}

}  // namespace stroma::cells

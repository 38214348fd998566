// See attachments.hpp.
#include "cells/attachments.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "cells/contacts.hpp"
#include "core/errors.hpp"
#include "core/maths.hpp"
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

void find_ends(SpringEnds& ends, const Attachments& s, const Bodies& bodies) {
  std::vector<std::uint64_t>& ids = ends.ids;
  ids.assign(s.a.begin(), s.a.end());
  ids.insert(ids.end(), s.b.begin(), s.b.end());
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  const auto place = [&](std::uint64_t id) {
    const auto found = std::lower_bound(ids.begin(), ids.end(), id);
    return found != ids.end() && *found == id ? static_cast<std::size_t>(found - ids.begin()) : ids.size();
  };
  ends.body_of.assign(ids.size(), no_body);
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const std::size_t at = place(bodies.id[i]);
    if (at < ids.size()) ends.body_of[at] = static_cast<std::uint32_t>(i);
  }
  ends.a.resize(s.size());
  ends.b.resize(s.size());
  for (std::size_t k = 0; k < s.size(); ++k) {
    ends.a[k] = ends.body_of[place(s.a[k])];
    ends.b[k] = ends.body_of[place(s.b[k])];
  }
}

std::size_t detach_missing(Attachments& s, const Bodies& bodies, SpringEnds& ends) {
  if (s.size() == 0) return 0;
  find_ends(ends, s, bodies);
  return keep_if(s, [&](std::size_t k) { return ends.a[k] != no_body && ends.b[k] != no_body; });
}

void detach_strangers(Attachments& s, const Bodies& bodies, const AttachmentPlan& plan, std::size_t types,
                      SpringEnds& ends) {
  find_ends(ends, s, bodies);
  keep_if(s, [&](std::size_t k) {
    if (ends.a[k] == no_body || ends.b[k] == no_body) return true;
    const std::size_t pair = bodies.type[ends.a[k]] * types + bodies.type[ends.b[k]];
    return plan.formation[pair] > 0.0F || plan.breaking[pair] > 0.0F || plan.stiffness[pair] > 0.0F;
  });
}

namespace {

double happens(float rate, double minutes) {
  return -core::maths::expm1(-static_cast<double>(rate) * minutes);
}

/// Who of the bodies [begin, end) is tied to whom it touches, the partner with the lower id deciding.
void propose(AttachmentWork::Part& part, const Bodies& bodies, const MechanicsPlan& plan,
             const Neighbourhood& nb, const AttachmentPlan& rates, std::uint64_t seed, core::Tick tick,
             double minutes, std::size_t begin, std::size_t end) {
  part.pairs.clear();
  const std::size_t types = plan.types.size();
  for (std::size_t i = begin; i < end; ++i) {
    contacts_of(bodies, plan, nb, i, part.touching);
    for (const std::uint32_t j : part.touching) {
      const std::uint64_t a = bodies.id[i], b = bodies.id[j];
      const std::size_t kind = bodies.type[i] * types + bodies.type[j];
      const float rate = rates.formation[kind];
      if (a > b || rate == 0.0F || draw(seed, a, b, tick, forming) >= happens(rate, minutes)) continue;
      const double dx = bodies.x[i] - bodies.x[j], dy = bodies.y[i] - bodies.y[j],
                   dz = bodies.z[i] - bodies.z[j];
      part.pairs.push_back({a, b, static_cast<std::uint32_t>(i), j, rates.stiffness[kind],
                            static_cast<float>(std::sqrt(dx * dx + dy * dy + dz * dz))});
    }
  }
}

/// Adds springs that are not there yet; both are sorted.
void merge(Attachments& s, const std::vector<AttachmentWork::Pair>& pairs) {
  if (pairs.empty()) return;
  std::size_t old = s.size(), fresh = pairs.size(), to = old + fresh;
  s.a.resize(to);
  s.b.resize(to);
  s.stiffness.resize(to);
  s.rest.resize(to);
  while (fresh > 0) {
    const AttachmentWork::Pair& pair = pairs[fresh - 1];
    const bool is_old = old > 0 && std::pair(s.a[old - 1], s.b[old - 1]) > std::pair(pair.a, pair.b);
    --to;
    s.a[to] = is_old ? s.a[old - 1] : pair.a;
    s.b[to] = is_old ? s.b[old - 1] : pair.b;
    s.stiffness[to] = is_old ? s.stiffness[old - 1] : pair.stiffness;
    s.rest[to] = is_old ? s.rest[old - 1] : pair.rest;
    --(is_old ? old : fresh);
  }
  ++s.revision;
}

}  // namespace

void update_attachments(Attachments& s, Bodies& bodies, const MechanicsPlan& plan, Neighbourhood& nb,
                        const AttachmentPlan& rates, std::uint64_t seed, core::Tick tick, double minutes,
                        core::Threads threads, AttachmentWork& work) {
  const std::size_t types = plan.types.size();
  for (const auto* table : {&rates.formation, &rates.breaking, &rates.stiffness})
    core::require(table->size() == types * types, "a rate for each pair of cell types");
  detach_missing(s, bodies, work.ends);
  if (s.size() > 0) {
    find_ends(work.ends, s, bodies);
    keep_if(s, [&](std::size_t k) {
      const float rate = rates.breaking[bodies.type[work.ends.a[k]] * types + bodies.type[work.ends.b[k]]];
      return rate == 0.0F || draw(seed, s.a[k], s.b[k], tick, breaking) >= happens(rate, minutes);
    });
  }
  if (std::none_of(rates.formation.begin(), rates.formation.end(), [](float rate) { return rate > 0.0F; }))
    return;

  refresh(nb, bodies, plan, threads);
  constexpr std::size_t chunk = 1024;
  const std::size_t chunks = core::chunk_count(bodies.size(), chunk);
  if (work.parts.size() < chunks) work.parts.resize(chunks);
  core::for_chunks(bodies.size(), chunk, threads, [&](std::size_t begin, std::size_t end) {
    propose(work.parts[begin / chunk], bodies, plan, nb, rates, seed, tick, minutes, begin, end);
  });
  work.pairs.clear();
  for (std::size_t c = 0; c < chunks; ++c)
    work.pairs.insert(work.pairs.end(), work.parts[c].pairs.begin(), work.parts[c].pairs.end());
  std::sort(work.pairs.begin(), work.pairs.end(),
            [](const auto& p, const auto& q) { return std::pair(p.a, p.b) < std::pair(q.a, q.b); });
  find_ends(work.ends, s, bodies);
  work.degree.assign(bodies.size(), 0);
  for (const auto* end : {&work.ends.a, &work.ends.b})
    for (const std::uint32_t body : *end) ++work.degree[body];
  std::erase_if(work.pairs, [&](const AttachmentWork::Pair& pair) {
    const std::size_t at = find(s, pair.a, pair.b);
    if (at < s.size() && s.a[at] == pair.a && s.b[at] == pair.b) return true;
    std::uint32_t &one = work.degree[pair.body_a], &other = work.degree[pair.body_b];
    if (one >= rates.most || other >= rates.most) return true;
    ++one;
    ++other;
    return false;
  });
  merge(s, work.pairs);
}

}  // namespace stroma::cells

// See bodies.hpp.
#include "cells/bodies.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <tuple>

#include "cells/volume.hpp"
#include "core/errors.hpp"
#include "core/permute.hpp"

namespace stroma::cells {

namespace {

void changed(Bodies& bodies) {
  bodies.reference.clear();
  ++bodies.revision;
}

/// Reports at most ten of a kind and the number of the rest.
class Complaints {
 public:
  Complaints(std::string code, core::Diagnostics& diagnostics)
      : code_(std::move(code)), diagnostics_(diagnostics) {}
  ~Complaints() {
    if (count_ > most) {
      diagnostics_.add(code_, {}, "cells", "and " + std::to_string(count_ - most) + " more cells like these");
    }
  }
  Complaints(const Complaints&) = delete;
  Complaints& operator=(const Complaints&) = delete;
  void add(std::uint64_t id, const std::string& what) {
    if (++count_ <= most) diagnostics_.add(code_, {}, "cell " + std::to_string(id), what);
  }

 private:
  static constexpr std::size_t most = 10;
  std::string code_;
  core::Diagnostics& diagnostics_;
  std::size_t count_ = 0;
};

std::string place(const Bodies& b, std::size_t i) {
  return "(" + std::to_string(b.x[i]) + ", " + std::to_string(b.y[i]) + ", " + std::to_string(b.z[i]) +
         ") um";
}

bool inside(const Bodies& b, const Domain& domain, std::size_t i) {
  const std::array<double, 3> p = {b.x[i], b.y[i], b.z[i]};
  for (std::size_t k = 0; k < static_cast<std::size_t>(domain.dimensions); ++k) {
    if (!(p[k] >= domain.low[k] && p[k] <= domain.high[k])) return false;
  }
  return true;
}

}  // namespace

void Bodies::reserve(std::size_t n) {
  for_each_array(*this, [n](const char*, auto& array, std::size_t each) { array.reserve(n * each); });
  reference.reserve(4 * n);
}

std::size_t Bodies::memory() const {
  std::size_t bytes = reference.capacity() * sizeof(std::int32_t);
  for_each_array(*this, [&](const char*, const auto& array, std::size_t) {
    bytes += array.capacity() * sizeof(array[0]);
  });
  return bytes;
}

std::size_t append(Bodies& bodies, const NewBody& body) {
  const std::size_t at = bodies.size();
  for_each_array(bodies,
                 [](const char*, auto& array, std::size_t each) { array.resize(array.size() + each); });
  bodies.x[at] = body.x;
  bodies.y[at] = body.y;
  bodies.z[at] = body.z;
  bodies.id[at] = body.id;
  bodies.slot[at] = body.slot;
  bodies.type[at] = body.type;
  bodies.fluid[at] = body.fluid;
  bodies.solid[at] = body.solid;
  bodies.radius[at] = radius_of(body.fluid + body.solid);
  bodies.turn_budget[at] = -1.0F;
  changed(bodies);
  return at;
}

void retype(Bodies& bodies, std::size_t at, std::uint8_t type, std::uint32_t slot) {
  bodies.type[at] = type;
  bodies.slot[at] = slot;
  changed(bodies);
}

void remove(Bodies& bodies, std::span<const std::uint32_t> indices) {
  if (indices.empty()) return;
  const std::size_t n = bodies.size();
  core::require(std::adjacent_find(indices.begin(), indices.end(), std::greater_equal<>()) == indices.end() &&
                    indices.back() < n,
                "bodies to remove are ascending, unique and there");
  for_each_array(bodies, [&](const char*, auto& array, std::size_t each) {
    std::size_t to = indices.front() * each;
    for (std::size_t k = 0; k < indices.size(); ++k) {
      const std::size_t from = (indices[k] + std::size_t{1}) * each;
      const std::size_t end = (k + 1 < indices.size() ? indices[k + 1] : n) * each;
      std::copy(array.begin() + static_cast<std::ptrdiff_t>(from),
                array.begin() + static_cast<std::ptrdiff_t>(end),
                array.begin() + static_cast<std::ptrdiff_t>(to));
      to += end - from;
    }
    array.resize(to);
  });
  changed(bodies);
}

void permute(Bodies& bodies, std::span<const std::uint32_t> order, std::vector<std::byte>& old) {
  core::require(order.size() == bodies.size(), "a permutation of the bodies names each of them");
  for_each_array(bodies, [&](const char*, auto& array, std::size_t each) {
    core::permute(std::span(array), each, order, old);
  });
  changed(bodies);
}

bool canonical_order(const Bodies& bodies, const Domain& domain, double bin, Sorting& sorting) {
  const std::size_t n = bodies.size();
  core::require(bin > 0.0, "a bin has an extent");
  const auto index = [&](double at, std::size_t axis) {
    return static_cast<std::int32_t>(std::floor(
        (at - (axis < static_cast<std::size_t>(domain.dimensions) ? domain.low[axis] : 0.0)) / bin));
  };
  std::vector<std::uint32_t>& order = sorting.order;
  std::vector<Sorting::Key>& key = sorting.key;
  key.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    key[i] = {index(bodies.z[i], 2), index(bodies.y[i], 1), index(bodies.x[i], 0), bodies.id[i]};
  }
  order.resize(n);
  std::iota(order.begin(), order.end(), 0U);
  const auto before = [&](std::uint32_t a, std::uint32_t b) { return key[a] < key[b]; };
  if (std::is_sorted(order.begin(), order.end(), before)) return false;
  std::sort(order.begin(), order.end(), before);
  return true;
}

void validate(const Bodies& bodies, const Domain& domain, std::size_t types, core::Diagnostics& diagnostics) {
  Complaints outside("cell-outside-domain", diagnostics), volume("bad-cell-volume", diagnostics),
      unknown("unknown-cell-type", diagnostics), same("cells-on-one-point", diagnostics);
  const Lattice lattice = lattice_of(domain);
  using Site = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::uint64_t>;
  std::vector<Site> sites;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    if (!inside(bodies, domain, i) || !std::isfinite(bodies.z[i])) {
      outside.add(bodies.id[i], "lies at " + place(bodies, i) + ", outside the domain");
    } else if (domain.dimensions == 2 && bodies.z[i] != 0.0) {
      outside.add(bodies.id[i], "lies at " + place(bodies, i) + "; in 2-D every cell has z = 0");
    } else {
      sites.emplace_back(std::llround((bodies.x[i] - lattice.low[0]) * lattice.per_um),
                         std::llround((bodies.y[i] - lattice.low[1]) * lattice.per_um),
                         std::llround((bodies.z[i] - lattice.low[2]) * lattice.per_um), bodies.id[i]);
    }
    const float v = bodies.fluid[i] + bodies.solid[i];
    if (!(v > 0.0F) || !std::isfinite(v))
      volume.add(bodies.id[i], "has a volume of " + std::to_string(v) + " um^3");
    if (bodies.type[i] >= types) unknown.add(bodies.id[i], "is of a type without mechanics");
  }
  std::sort(sites.begin(), sites.end());
  for (std::size_t k = 1; k < sites.size(); ++k) {
    const auto& [x, y, z, id] = sites[k];
    const auto& [px, py, pz, other] = sites[k - 1];
    if (x == px && y == py && z == pz) {
      same.add(id, "lies on the same point as cell " + std::to_string(other) + ": no direction parts them");
    }
  }
}

}  // namespace stroma::cells

// One permutation of arrays that belong together, in place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

namespace stroma::core {

/// Record k of `array`, which holds `each` values a record, becomes the old record order[k]. `order` names
/// each record once; `old` is scratch, grown to the size of the array and reused.
template <class T>
void permute(std::span<T> array, std::size_t each, std::span<const std::uint32_t> order,
             std::vector<std::byte>& old) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (old.size() < array.size_bytes()) old.resize(array.size_bytes());
  std::memcpy(old.data(), array.data(), array.size_bytes());
  const T* const from = reinterpret_cast<const T*>(old.data());
  for (std::size_t k = 0; k < order.size(); ++k)
    for (std::size_t e = 0; e < each; ++e) array[k * each + e] = from[order[k] * each + e];
}

}  // namespace stroma::core

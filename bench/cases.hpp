// Every case of `stroma bench` by its name.
#pragma once

#include <span>
#include <string_view>

#include "bench/result.hpp"

namespace stroma::bench {

struct Case {
  std::string_view name;
  std::string_view what;
  Result (*run)(int threads);
  bool beyond_caches = false;  ///< counts for `scaling`
  bool heavy = false;          ///< minutes or gigabytes: runs only when named
};

std::span<const Case> cases();

}  // namespace stroma::bench

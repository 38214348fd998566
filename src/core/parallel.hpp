// Loops over chunks of a fixed size. What a chunk is does not depend on the number of threads, and reductions
// add the chunks in index order, so results are the same bits for any number of threads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <exception>
#include <mutex>
#ifdef __SANITIZE_THREAD__
#include <thread>
#endif
#include <vector>

namespace stroma::core {

/// How many threads a loop may use; at least 1.
struct Threads {
  int count = 1;
};

inline constexpr std::size_t chunk_count(std::size_t n, std::size_t chunk) {
  return (n + chunk - 1) / chunk;
}

/// Calls body(begin, end) for consecutive chunks [begin, end) of [0, n). The exception of the lowest chunk
/// that threw is rethrown after the loop, so that the same fault is reported whatever the number of threads.
template <class Body>
void for_chunks(std::size_t n, std::size_t chunk, Threads threads, const Body& body) {
  const auto chunks = static_cast<std::ptrdiff_t>(chunk_count(n, chunk));
  if (threads.count <= 1 || chunks <= 1) {
    for (std::ptrdiff_t c = 0; c < chunks; ++c) {
      const std::size_t begin = static_cast<std::size_t>(c) * chunk;
      body(begin, std::min(n, begin + chunk));
    }
    return;
  }
  std::exception_ptr failure;
  std::ptrdiff_t failed_at = chunks;
  std::mutex failing;
  const auto run = [&](std::ptrdiff_t c) {
    try {
      const std::size_t begin = static_cast<std::size_t>(c) * chunk;
      body(begin, std::min(n, begin + chunk));
    } catch (...) {
      const std::lock_guard lock(failing);
      if (c >= failed_at) return;
      failed_at = c;
      failure = std::current_exception();
    }
  };
#ifdef __SANITIZE_THREAD__
  // The thread sanitizer does not see the barriers of an OpenMP library that was built without it.
  std::vector<std::jthread> workers;
  for (std::ptrdiff_t t = 0; t < threads.count; ++t)
    workers.emplace_back([&, t] {
      for (std::ptrdiff_t c = t * chunks / threads.count; c < (t + 1) * chunks / threads.count; ++c) run(c);
    });
  workers.clear();
#else
#pragma omp parallel for num_threads(threads.count) schedule(static)
  for (std::ptrdiff_t c = 0; c < chunks; ++c) run(c);
#endif
  if (failure) std::rethrow_exception(failure);
}

/// Sum over chunks of partial(begin, end), added in index order. `scratch` holds one value per chunk and is
/// reused.
template <class Value, class Partial>
Value sum_chunks(std::size_t n, std::size_t chunk, Threads threads, std::vector<Value>& scratch,
                 const Partial& partial) {
  scratch.assign(chunk_count(n, chunk), Value{});
  for_chunks(n, chunk, threads,
             [&](std::size_t begin, std::size_t end) { scratch[begin / chunk] = partial(begin, end); });
  Value total{};
  for (const Value& value : scratch) total += value;
  return total;
}

}  // namespace stroma::core

// Counts every allocation of this program, to show that a step of a warm workspace makes none.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "unit/network/cases.hpp"

namespace {

std::atomic<std::size_t> allocations{0};

void* counted(std::size_t size, std::size_t alignment) {
  ++allocations;
  void* p = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (!p) throw std::bad_alloc();
  return p;
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(size ? size : 1, alignof(std::max_align_t));
}
void* operator new[](std::size_t size) {
  return counted(size ? size : 1, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t a) {
  return counted(size ? size : 1, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t size, std::align_val_t a) {
  return counted(size ? size : 1, static_cast<std::size_t>(a));
}
// What std::stable_sort and its like ask for; without these two such buffers would go uncounted, and a
// sanitizer would see them allocated by one allocator and freed by another.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size ? size : 1);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size ? size : 1);
}
void operator delete(void* p) noexcept {
  std::free(p);
}
void operator delete[](void* p) noexcept {
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
  std::free(p);
}
void operator delete[](void* p, std::size_t) noexcept {
  std::free(p);
}
void operator delete(void* p, std::align_val_t) noexcept {
  std::free(p);
}
void operator delete[](void* p, std::align_val_t) noexcept {
  std::free(p);
}
void operator delete(void* p, std::size_t, std::align_val_t) noexcept {
  std::free(p);
}
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept {
  std::free(p);
}

namespace stroma::network {
namespace {

TEST(Allocation, a_warm_step_makes_none_whatever_the_step_and_the_number_of_threads) {
  const testing::Case one(reference::random_network({}, 4), 0, 1000, 4);
  for (const int threads : {1, 2, 3}) {
    Activities x = one.activities();
    Workspace workspace;
    relax(x, one.program(), one.inputs(), 6.0, {}, workspace, {threads});
    const std::size_t before = allocations;
    EXPECT_GT(before, 0u);
    for (const double dt : {6.0, 6.0, 0.5, 60.0})
      relax(x, one.program(), one.inputs(), dt, {}, workspace, {threads});
    EXPECT_EQ(allocations - before, 0u) << threads << " threads";
  }
}

TEST(Allocation, growth_within_the_reserved_size_makes_none) {
  Activities x(10);
  x.reserve(1000);
  x.resize(400);
  const std::size_t before = allocations;
  const std::uint32_t order[] = {3, 2, 1, 3};
  x.gather(order);
  x.resize(1000);
  x.copy_cell(0, 999);
  EXPECT_EQ(allocations - before, 0u);
}

}  // namespace
}  // namespace stroma::network

// Counts every allocation of this program, to show that moving cells that have moved before makes none.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "support/aggregates.hpp"

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

namespace stroma {
namespace {

TEST(Allocation, moving_cells_makes_none_once_warm) {
  testing::Aggregate a = testing::random_cluster(3000, 4, 3, 15.0);
  const std::vector<float> speed(3000, 0.5F), adhesion(3000, 1.5F);
  cells::Motion motion;
  motion.speed = speed;
  motion.adhesion = adhesion;
  cells::Attachments springs;
  for (std::uint64_t k = 1000; k < 1100; ++k) cells::attach(springs, k, k + 500, 0.001F, 15.0F);
  for (const int threads : {1, 2, 3}) {
    testing::move(a, 6.0, threads, motion, springs);
    const std::size_t before = allocations;
    EXPECT_GT(before, 0U);
    const auto report = testing::move(a, 6.0, threads, motion, springs);
    EXPECT_EQ(allocations - before, 0U) << threads << " threads";
    EXPECT_GT(report.rebuilds, 0);
    EXPECT_EQ(report.steps, 60);
  }
}

}  // namespace
}  // namespace stroma

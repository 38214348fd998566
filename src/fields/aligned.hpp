// Arrays that start on a 64-byte boundary, as vector loops and caches like them; large ones on large pages,
// where the system lends them, because lines along z touch one page per voxel.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <utility>

namespace stroma::fields {

/// Raw memory; from some megabytes on aligned to large pages and offered to the system as such.
std::align_val_t alignment_of(std::size_t bytes);
void* allocate_aligned(std::size_t bytes);

/// A fixed array of numbers on a 64-byte boundary, zero at first. Copyable.
template <class T>
class AlignedArray {
 public:
  AlignedArray() = default;
  explicit AlignedArray(std::size_t size) : data_(allocate(size)), size_(size) {
    std::fill_n(data_.get(), size, T{});
  }
  AlignedArray(const AlignedArray& other) : data_(allocate(other.size_)), size_(other.size_) {
    std::copy_n(other.data_.get(), size_, data_.get());
  }
  AlignedArray(AlignedArray&& other) noexcept
      : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}
  AlignedArray& operator=(AlignedArray other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~AlignedArray() = default;
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return data_[i]; }
  T operator[](std::size_t i) const { return data_[i]; }
  std::span<T> span() { return {data_.get(), size_}; }
  std::span<const T> span() const { return {data_.get(), size_}; }

 private:
  struct Free {
    std::size_t bytes = 0;
    void operator()(T* p) const { ::operator delete[](p, alignment_of(bytes)); }
  };
  using Memory = std::unique_ptr<T[], Free>;
  static Memory allocate(std::size_t size) {
    const std::size_t bytes = size * sizeof(T);
    return Memory(size == 0 ? nullptr : static_cast<T*>(allocate_aligned(bytes)), Free{bytes});
  }
  Memory data_;
  std::size_t size_ = 0;
};

using AlignedDoubles = AlignedArray<double>;

}  // namespace stroma::fields

// The state of the signalling networks of a population: one activity in [0, 1] per node and cell, float32,
// node by node (structure of arrays). Rows start on 64-byte boundaries and their stride is an odd number of
// blocks, so that the rows of one block of cells do not compete for the same cache sets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <utility>

namespace stroma::network {

/// Cells per block: the unit of vector loops, of threads and of step control. A constant, whatever the
/// machine.
inline constexpr std::size_t block_size = 64;

/// A fixed array of floats on a 64-byte boundary, zero at first. Copyable.
class AlignedFloats {
 public:
  AlignedFloats() = default;
  explicit AlignedFloats(std::size_t size);
  AlignedFloats(const AlignedFloats& other);
  AlignedFloats(AlignedFloats&& other) noexcept
      : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}
  AlignedFloats& operator=(AlignedFloats other) noexcept;
  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(float* p) const { ::operator delete[](p, std::align_val_t{64}); }
  };
  std::unique_ptr<float[], Free> data_;
  std::size_t size_ = 0;
};

class Activities {
 public:
  explicit Activities(std::size_t nodes = 0) : nodes_(nodes) {}

  std::size_t nodes() const { return nodes_; }
  std::size_t size() const { return size_; }  ///< cells
  std::size_t stride() const {
    return stride_;
  }  ///< floats from one node's row to the next: an odd multiple of block_size

  /// The activities of a node over all cells.
  std::span<float> node(std::size_t slot) { return {row(slot), size_}; }
  std::span<const float> node(std::size_t slot) const { return {row(slot), size_}; }
  float& at(std::size_t slot, std::size_t cell) { return row(slot)[cell]; }
  float at(std::size_t slot, std::size_t cell) const { return row(slot)[cell]; }
  /// A row with its padding up to the end of the last block.
  float* row(std::size_t slot) { return values_.data() + slot * stride_; }
  const float* row(std::size_t slot) const { return values_.data() + slot * stride_; }

  /// Makes room for `cells`; never shrinks. No later call allocates while the population fits.
  void reserve(std::size_t cells);
  /// Grows (new cells are 0 in every node; memory at least doubles) or drops the cells from `cells` on.
  void resize(std::size_t cells);
  /// Sets all nodes of a cell. `values` has one entry per node.
  void set_cell(std::size_t cell, std::span<const float> values);
  /// Copies a cell over another: a daughter, or the last cell into a hole.
  void copy_cell(std::size_t from, std::size_t to);
  /// Cell i becomes the old cell order[i]; the size becomes order.size(). Serves compaction, sorting and
  /// division at once: entries may be left out or repeated.
  void gather(std::span<const std::uint32_t> order);

 private:
  std::size_t nodes_ = 0, size_ = 0, stride_ = 0;
  AlignedFloats values_;
  AlignedFloats gathered_;  ///< one row, for gather
};

}  // namespace stroma::network

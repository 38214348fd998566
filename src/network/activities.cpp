#include "network/activities.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/errors.hpp"

namespace stroma::network {

AlignedFloats::AlignedFloats(std::size_t size)
    : data_(size == 0 ? nullptr
                      : static_cast<float*>(::operator new[](size * sizeof(float), std::align_val_t{64}))),
      size_(size) {
  std::fill_n(data_.get(), size_, 0.0f);
}

AlignedFloats::AlignedFloats(const AlignedFloats& other) : AlignedFloats(other.size_) {
  std::copy_n(other.data_.get(), size_, data_.get());
}

AlignedFloats& AlignedFloats::operator=(AlignedFloats other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

void Activities::reserve(std::size_t cells) {
  const std::size_t blocks = (cells + block_size - 1) / block_size;
  const std::size_t stride = (blocks % 2 == 0 ? blocks + 1 : blocks) * block_size;
  if (cells == 0 || stride <= stride_) return;
  AlignedFloats values(nodes_ * stride);
  for (std::size_t slot = 0; slot < nodes_; ++slot)
    std::copy_n(row(slot), size_, values.data() + slot * stride);
  values_ = std::move(values);
  stride_ = stride;
  gathered_ = AlignedFloats(stride);
}

void Activities::resize(std::size_t cells) {
  if (cells > stride_) reserve(std::max(cells, 2 * size_));
  for (std::size_t slot = 0; cells > size_ && slot < nodes_; ++slot)
    std::fill(row(slot) + size_, row(slot) + cells, 0.0f);
  size_ = cells;
}

void Activities::set_cell(std::size_t cell, std::span<const float> values) {
  core::require(cell < size_ && values.size() == nodes_,
                "Activities::set_cell: no such cell, or not one value per node");
  for (std::size_t slot = 0; slot < nodes_; ++slot) at(slot, cell) = values[slot];
}

void Activities::copy_cell(std::size_t from, std::size_t to) {
  core::require(from < size_ && to < size_, "Activities::copy_cell: no such cell");
  for (std::size_t slot = 0; slot < nodes_; ++slot) at(slot, to) = at(slot, from);
}

void Activities::gather(std::span<const std::uint32_t> order) {
  for (const std::uint32_t from : order) core::require(from < size_, "Activities::gather: no such cell");
  if (order.size() > stride_) reserve(std::max(order.size(), 2 * size_));
  for (std::size_t slot = 0; slot < nodes_; ++slot) {
    const float* values = row(slot);
    float* gathered = gathered_.data();
    for (std::size_t i = 0; i < order.size(); ++i) gathered[i] = values[order[i]];
    std::copy_n(gathered, order.size(), row(slot));
  }
  size_ = order.size();
}

}  // namespace stroma::network

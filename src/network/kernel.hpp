// The vector loops over one block of 64 cells, compiled for several instruction sets and chosen at run time.
// Internal to the module. Every operation is an IEEE-754 basic one (no fused multiply-add), so all
// instruction sets give the same bits.
#pragma once

#include <cstddef>

#include "network/program.hpp"

namespace stroma::network::kernel {

/// Rows of block_size floats, one per node, contiguous and on 64-byte boundaries; `inputs` points to one row
/// per input.
struct Block {
  const Program* program = nullptr;
  const float* const* inputs = nullptr;
};

/// Excursions from [0, 1] up to this are rounding.
inline constexpr float rounding = 1e-5f;

/// f = F(x).
void evaluate(const Block& block, const float* x, float* f);
/// f = F(x), x1 = x + q (f - x) with q per node; returns the largest |f - x|.
float predict(const Block& block, const float* x, const float* q, float* f, float* x1);
/// x1 = x + q (f - x): the predictor again, for another step length.
void predict_again(std::size_t nodes, const float* x, const float* q, const float* f, float* x1);
/// next = x1 + p (F(x1) - f) with p per node; returns the largest |next - x1| before rounding.
float correct(const Block& block, const float* x1, const float* f, const float* p, float* next);
/// Puts rounding excursions back on the bounds of [0, 1]. Returns false where a value is not finite or
/// further outside; it stays.
bool settle(std::size_t nodes, float* x);
/// Whether all values of a row lie in [low, high]; false for NaN.
bool all_within(const float* row, float low, float high);

}  // namespace stroma::network::kernel

// Memory for large arrays.
#include "fields/aligned.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace stroma::fields {
namespace {
constexpr std::size_t large_page = std::size_t{1} << 21U;
}

std::align_val_t alignment_of(std::size_t bytes) {
  return std::align_val_t{bytes >= 2 * large_page ? large_page : 64};
}

void* allocate_aligned(std::size_t bytes) {
  void* memory = ::operator new[](bytes, alignment_of(bytes));
#if defined(__linux__)
  // A hint: where it is refused, pages stay small.
  if (bytes >= 2 * large_page) static_cast<void>(madvise(memory, bytes, MADV_HUGEPAGE));
#endif
  return memory;
}

}  // namespace stroma::fields

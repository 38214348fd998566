// Arbitrary bytes as a plain table: every column is as long as the table, a missing cell or one that is no
// number is NaN, and each of the latter has its fault.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "io/plain_table.hpp"

using namespace stroma;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  core::Diagnostics problems;
  const io::PlainTable table = io::read_plain_table(text, "t", problems);
  for (const io::PlainColumn& c : table.columns) {
    if (c.values.size() != table.rows || c.texts.size() != table.rows || c.places.size() != table.rows)
      std::abort();
    std::size_t without = 0;
    for (const long double v : c.values) {
      if (std::isinf(v)) std::abort();
      without += std::isnan(v) ? 1 : 0;
    }
    if (without != c.missing + c.faults.size()) std::abort();
  }
  return 0;
}

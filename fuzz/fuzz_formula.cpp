// Arbitrary bytes as a formula of x and b: it is refused with a place inside the text, or it can be
// evaluated.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "stats/formula.hpp"

using namespace stroma;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const stats::Formula formula(text, {"x"}, {"b"});
    const std::vector<std::vector<double>> x{{0.0, 1.5, -2.0}};
    std::vector<double> out(3);
    formula.evaluate(x, std::vector<double>{0.5}, out);
  } catch (const stats::FormulaError& error) {
    if (error.position > text.size() + 1) std::abort();
  }
  return 0;
}

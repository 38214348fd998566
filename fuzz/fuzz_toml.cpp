// Arbitrary bytes as TOML, and every scalar of the tree as a quantity.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/section.hpp"
#include "core/units.hpp"
#include "io/toml.hpp"

using namespace stroma;

namespace {
void visit(const core::Node& node) {
  if (node.place.line < 1 || node.place.column < 1) std::abort();
  if (node.kind == core::Node::Kind::number && !std::isfinite(node.number)) std::abort();
  if (node.kind == core::Node::Kind::text || node.kind == core::Node::Kind::number) {
    const core::ParsedQuantity parsed = core::parse_quantity(node.text);
    if (parsed.error.empty() && !std::isfinite(parsed.quantity.value)) std::abort();
  }
  for (const core::Node& item : node.items) visit(item);
  for (const auto& [key, value] : node.keys) visit(value);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  core::Diagnostics problems;
  const core::Node root = io::read_toml({reinterpret_cast<const char*>(data), size}, "f", problems);
  visit(root);
  core::Keys keys;
  for (const auto& [key, value] : root.keys) keys.all.push_back(core::whole_key(key, 0, 100, ""));
  core::Section section(root, keys, problems);
  for (const auto& [key, value] : root.keys) section.whole(key);
  section.finish();
  return 0;
}

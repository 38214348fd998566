#include "core/hash.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include "core/errors.hpp"

namespace stroma::core {

struct Hasher::State {
  XXH3_state_t* xxh = XXH3_createState();
  ~State() { XXH3_freeState(xxh); }
};

Hasher::Hasher() : state_(std::make_unique<State>()) {
  require(state_->xxh != nullptr && XXH3_128bits_reset(state_->xxh) == XXH_OK, "cannot start a hash");
}
Hasher::~Hasher() = default;

void Hasher::bytes(const void* data, std::size_t size) {
  if (size > 0) XXH3_128bits_update(state_->xxh, data, size);
}

void Hasher::text(std::string_view text) {
  number(static_cast<std::uint64_t>(text.size()));
  bytes(text.data(), text.size());
}

std::string Hasher::digest() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(state_->xxh);
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace stroma::core

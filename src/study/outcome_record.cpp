#include "study/outcome_record.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <sstream>

#include "core/errors.hpp"

namespace stroma::study {
namespace {

// The state hash and the specimens, each behind its length. What came and became others stands in lines
// behind the hash, where there was any.
void append(std::string& out, std::string_view part) {
  const auto size = static_cast<std::uint64_t>(part.size());
  char bytes[sizeof size];
  std::memcpy(bytes, &size, sizeof size);
  out.append(bytes, sizeof size);
  out.append(part);
}

std::string_view take(std::string_view& in) {
  std::uint64_t size = 0;
  if (in.size() < sizeof size) throw core::InternalError("a stored run is shorter than its own description");
  std::memcpy(&size, in.data(), sizeof size);
  in.remove_prefix(sizeof size);
  if (in.size() < size) throw core::InternalError("a stored run is shorter than its own description");
  const std::string_view part = in.substr(0, size);
  in.remove_prefix(size);
  return part;
}

}  // namespace

std::string encode(const Outcome& outcome) {
  std::string out;
  std::string head = outcome.state_hash;
  for (const Passage& p : outcome.passages) head += fmt::format("\n{}\t{}\t{}", p.cells, p.from, p.to);
  append(out, head);
  for (const assays::Specimen& specimen : outcome.specimens) append(out, assays::encode(specimen));
  return out;
}

Outcome decode_outcome(std::string_view payload) {
  Outcome outcome;
  std::istringstream head{std::string(take(payload))};
  std::getline(head, outcome.state_hash);
  for (std::int64_t cells = 0; head >> cells;) {
    head.ignore(1);
    Passage& passage = outcome.passages.emplace_back();
    passage.cells = cells;
    std::getline(head, passage.from, '\t');
    std::getline(head, passage.to);
  }
  while (!payload.empty()) outcome.specimens.push_back(assays::decode(take(payload)));
  outcome.reused = true;
  return outcome;
}

}  // namespace stroma::study

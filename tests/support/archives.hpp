// A small state of every kind of array, and its way into and out of an archive.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "core/archive.hpp"
#include "io/hdf5_archive.hpp"

namespace stroma::test {

struct ArchivedState {
  std::vector<std::uint8_t> fate;
  std::vector<std::int32_t> type;
  std::vector<std::uint32_t> lineage;
  std::vector<std::int64_t> due;
  std::vector<std::uint64_t> id;
  std::vector<float> node;
  std::vector<double> x;
  std::vector<double> empty;
  std::uint64_t next_id = 0;
  friend bool operator==(const ArchivedState&, const ArchivedState&) = default;
};

inline ArchivedState archived_state(std::size_t cells) {
  ArchivedState state;
  for (std::size_t i = 0; i < cells; ++i) {
    const double phase = std::sin(0.7 * static_cast<double>(i));
    state.fate.push_back(static_cast<std::uint8_t>(i % 3));
    state.type.push_back(-static_cast<std::int32_t>(i));
    state.lineage.push_back(0xFFFFFFFFu - static_cast<std::uint32_t>(i));
    state.due.push_back(-static_cast<std::int64_t>(i) << 33);
    state.id.push_back(~static_cast<std::uint64_t>(i));
    state.node.push_back(static_cast<float>(phase));
    state.x.push_back(100.0 * phase);
  }
  state.next_id = cells;
  return state;
}

template <class Archive, class State>
void walk(Archive& archive, State& state) {
  archive("cells/HepG2/fate", state.fate);
  archive("cells/HepG2/type", state.type);
  archive("cells/HepG2/lineage", state.lineage);
  archive("cells/HepG2/due", state.due);
  archive("cells/HepG2/id", state.id);
  archive("cells/HepG2/node/ERK", state.node);
  archive("cells/HepG2/x", state.x);
  archive("fields/empty", state.empty);
  archive("next_id", state.next_id);
}

inline void save(core::ArchiveWriter& writer, const ArchivedState& state) {
  core::Saving saving(writer);
  walk(saving, state);
}

inline ArchivedState restored(io::Hdf5ArchiveReader& reader) {
  ArchivedState state;
  core::Restoring restoring(reader);
  walk(restoring, state);
  reader.require_all_read();
  return state;
}

inline io::ArchiveHeader header_at(std::int64_t tick) {
  return {"0.2.0", std::string(32, 'a'), std::string(32, 'b'), {tick}};
}

inline std::string archive_bytes(const ArchivedState& state, std::int64_t tick = 360) {
  io::Hdf5ArchiveWriter writer(header_at(tick));
  save(writer, state);
  return std::string(writer.finish());
}

}  // namespace stroma::test

// What all frames and rows of a run's results have in common: the grid, and names, units and types. Kept in
// results.h5 as lines of text with tabs, so that a resumed run goes on with the same.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/archive.hpp"
#include "core/time.hpp"
#include "store/results_h5.hpp"

namespace stroma::store {

struct NamedUnit {
  std::string name, unit;
  friend bool operator==(const NamedUnit&, const NamedUnit&) = default;
};

struct StoredColumn {
  std::string name, unit;
  core::Scalar type = core::Scalar::f32;  ///< as stored
  std::vector<std::string> categories;
  friend bool operator==(const StoredColumn&, const StoredColumn&) = default;
};

struct ResultsSchema {
  FrameGrid grid;
  std::vector<NamedUnit> fields;
  std::vector<StoredColumn> columns;
  std::vector<NamedUnit> series;
};

struct FrameEntry {
  core::Tick tick;
  std::uint64_t cells = 0;
};

std::string schema_text(const ResultsSchema& schema);
/// False where the text is not one that schema_text writes.
bool parse_schema(std::string_view text, ResultsSchema& schema);

/// "frames/000000000360000.h5", relative to the result folder.
std::string frame_file(core::Tick tick);

/// The XDMF 2 document: a temporal collection of the grid with cell-centred fields, and one of the cells as
/// points. Time is in minutes. The second is left out where no frame has cells.
std::string xdmf_text(const ResultsSchema& schema, const std::vector<FrameEntry>& frames);

}  // namespace stroma::store

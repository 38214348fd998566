// What a run leaves behind in space and time: results.h5 (time series and the list of frames), one HDF5 file
// per frame in frames/, to which results.h5 leads by external links, and results.xdmf, which ParaView and VTK
// open. Every one of these files is replaced atomically: HDF5 files that grow in place are lost when the
// process dies at the wrong instant, and a frame that is listed must be a whole one.
// XDMF: https://www.xdmf.org/index.php/XDMF_Model_and_Format
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/time.hpp"

namespace stroma::store {

class OutputFolder;

/// A uniform grid of voxels. Directions are x, y, z; a grid of fewer dimensions has one voxel in the others.
struct FrameGrid {
  std::array<std::size_t, 3> voxels{};  ///< >= 1 each
  std::array<double, 3> origin{};       ///< corner of the first voxel, um
  std::array<double, 3> spacing{};      ///< um, > 0
};

/// One substance. Values of voxel (i, j, k) at i + nx (j + ny k); stored as float32 [z][y][x].
struct FieldFrame {
  std::string name;  ///< an HDF5 name: no '/', not "."
  std::string unit;  ///< such as "nM"
  std::span<const double> values;
};

/// One number per cell; 64-bit ids are stored as int64, doubles as float32.
struct CellColumn {
  std::string name;  ///< conventional: id, type, fate, phase, lineage, radius; more as the user chose
  std::string unit;  ///< "" for a pure number
  std::variant<std::span<const float>, std::span<const double>, std::span<const std::int32_t>,
               std::span<const std::uint32_t>, std::span<const std::int64_t>, std::span<const std::uint64_t>,
               std::span<const std::uint8_t>>
      values;
  std::vector<std::string> categories{};  ///< what the codes 0, 1, ... mean; empty for numbers
};

/// Cells in the order of the caller. Positions in um, one array per direction, all of one length.
struct CellFrame {
  std::span<const double> x, y, z;
  std::vector<CellColumn> columns;
};

/// A moment. The names, units and types of fields and columns are the same in every frame of a run.
struct Frame {
  core::Tick tick;
  std::vector<FieldFrame> fields;  ///< may be empty (no fields)
  CellFrame cells;                 ///< may be empty (no cells)
};

/// One global number at one time, such as "count/HepG2/live".
struct SeriesValue {
  std::string name;  ///< a path
  std::string unit;
  double value = 0.0;
};

struct ResultsSetup {
  std::string title;
  std::string engine_version;
  FrameGrid grid;
  int deflate = 0;  ///< of fields, 0 (fast) to 9 (small)
};

class ResultsH5 {
 public:
  /// Results in the folder of a run; nothing is read or written yet. `run` must outlive this object.
  ResultsH5(OutputFolder& run, ResultsSetup setup);
  ~ResultsH5();
  ResultsH5(const ResultsH5&) = delete;
  ResultsH5& operator=(const ResultsH5&) = delete;

  /// Takes up what an earlier process left, without everything later than `tick`, which is removed from the
  /// disk. Where there are no results yet, there is nothing to take up. Returns what is missing although it
  /// was listed (frames whose files are gone, which are then forgotten). A results.h5 that is damaged is an
  /// output and no reason to stop: it is renamed results-damaged.h5 (-2, -3, ... where that is there), which
  /// is returned too, and results begin anew. Throws core::InputError "results-differ" where the grid is
  /// another one.
  std::vector<core::Diagnostic> resume_at(core::Tick tick);
  /// Forgets and removes frames and series later than `tick`, and commits.
  void truncate_after(core::Tick tick);

  /// Stores a frame in a file of its own. It is listed with the next commit(). Ticks ascend; another tick,
  /// other names or lengths are a core::InternalError. Throws core::IoError.
  void add(const Frame& frame);
  /// Adds a row to the time series; the first row sets their names. Ticks ascend.
  void sample(core::Tick tick, std::span<const SeriesValue> row);
  /// Writes results.h5 and results.xdmf, so that all frames and rows so far are there to be read. To be
  /// called before a checkpoint is written (a resumed run finds everything up to it), and at the end.
  void commit();

  std::size_t frames() const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace stroma::store

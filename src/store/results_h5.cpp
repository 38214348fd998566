#include "store/results_h5.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>
#include <system_error>
#include <type_traits>
#include <utility>

#include "core/errors.hpp"
#include "io/file.hpp"
#include "io/hdf5_archive.hpp"
#include "io/hdf5_file.hpp"
#include "store/output_folder.hpp"
#include "store/results_schema.hpp"

namespace stroma::store {
namespace fs = std::filesystem;
namespace {

constexpr const char* results_name = "results.h5";
constexpr const char* xdmf_name = "results.xdmf";

template <class To, class From>
std::vector<To> converted(std::span<const From> values) {
  std::vector<To> out(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) out[i] = static_cast<To>(values[i]);
  return out;
}

bool is_name(const std::string& name) {
  return !name.empty() && name != "." && name.find('/') == std::string::npos;
}

/// How a column is stored: ids as int64 and doubles as float32, which every viewer reads.
core::Scalar stored_type(const CellColumn& column) {
  return std::visit(
      [](auto values) {
        using T = std::remove_const_t<typename decltype(values)::element_type>;
        if constexpr (std::is_same_v<T, double>) return core::Scalar::f32;
        if constexpr (std::is_same_v<T, std::uint64_t>) return core::Scalar::i64;
        return core::scalar_of<T>();
      },
      column.values);
}

void write_column(io::Hdf5File& file, const CellColumn& column, std::size_t cells) {
  const std::string path = "cells/" + column.name;
  std::visit(
      [&](auto values) {
        using T = std::remove_const_t<typename decltype(values)::element_type>;
        core::require(values.size() == cells, "a column of cells has another length than their positions");
        if constexpr (std::is_same_v<T, double>) {
          const std::vector<float> stored = converted<float>(values);
          file.dataset(path, std::span<const float>(stored));
        } else if constexpr (std::is_same_v<T, std::uint64_t>) {
          const std::vector<std::int64_t> stored = converted<std::int64_t>(values);
          file.dataset(path, std::span<const std::int64_t>(stored));
        } else {
          file.dataset(path, values);
        }
      },
      column.values);
  if (!column.unit.empty()) file.attribute(path, "unit", column.unit);
  if (!column.categories.empty()) file.attribute(path, "categories", column.categories);
}

void write_cells(io::Hdf5File& file, const CellFrame& cells) {
  const std::size_t count = cells.x.size();
  core::require(cells.y.size() == count && cells.z.size() == count, "positions of cells differ in length");
  std::vector<float> position(3 * count);
  for (std::size_t i = 0; i < count; ++i) {
    position[3 * i] = static_cast<float>(cells.x[i]);
    position[3 * i + 1] = static_cast<float>(cells.y[i]);
    position[3 * i + 2] = static_cast<float>(cells.z[i]);
  }
  file.dataset("cells/position", core::Scalar::f32, std::array<std::uint64_t, 2>{count, 3}, position.data());
  file.attribute("cells/position", "unit", "um");
  for (const CellColumn& column : cells.columns) write_column(file, column, count);
}

void write_fields(io::Hdf5File& file, const Frame& frame, const ResultsSetup& setup) {
  const auto& n = setup.grid.voxels;
  for (const FieldFrame& field : frame.fields) {
    core::require(field.values.size() == n[0] * n[1] * n[2], "a field has another size than the grid");
    const std::vector<float> stored = converted<float>(field.values);
    const std::string path = "fields/" + field.name;
    file.dataset(path, core::Scalar::f32, std::array<std::uint64_t, 3>{n[2], n[1], n[0]}, stored.data(),
                 setup.deflate);
    file.attribute(path, "unit", field.unit);
  }
  file.attribute("/", "origin", setup.grid.origin);
  file.attribute("/", "spacing", setup.grid.spacing);
}

bool same_grid(const FrameGrid& a, const FrameGrid& b) {
  return a.voxels == b.voxels && a.origin == b.origin && a.spacing == b.spacing;
}

/// Renames a damaged file, so that what can be saved of it can still be.
core::Diagnostic set_aside(const fs::path& file, const std::string& why) {
  std::error_code error;
  fs::path aside = file.parent_path() / (file.stem().string() + "-damaged" + file.extension().string());
  for (int i = 2; fs::exists(fs::symlink_status(aside, error)); ++i)
    aside = file.parent_path() /
            fmt::format("{}-damaged-{}{}", file.stem().string(), i, file.extension().string());
  fs::rename(file, aside, error);
  if (error)
    throw core::IoError(
        fmt::format("cannot rename the damaged {}: {}", io::printable(file), error.message()));
  return {"results-damaged",
          {io::printable(file), 0, 0},
          io::printable(file),
          fmt::format("the file is damaged ({}) and was renamed {}; series and frames begin anew here, the "
                      "tables in tables/ are whole",
                      why, io::printable(aside.filename())),
          {}};
}

}  // namespace

struct ResultsH5::Content {
  OutputFolder& run;
  ResultsSetup setup;
  ResultsSchema schema;
  bool schema_known = false;  // by the first frame
  std::vector<FrameEntry> frames;
  std::vector<std::int64_t> row_ticks;
  std::vector<std::vector<double>> series;  // one column per name

  /// The schema of this frame, which must be that of all before it.
  void agree_on(const Frame& frame) {
    std::vector<NamedUnit> fields;
    std::vector<StoredColumn> columns;
    std::set<std::string> names{"position"};
    for (const FieldFrame& field : frame.fields) {
      core::require(is_name(field.name) && names.insert("/" + field.name).second,
                    "a field's name is bad or there twice");
      fields.push_back({field.name, field.unit});
    }
    for (const CellColumn& column : frame.cells.columns) {
      core::require(is_name(column.name) && names.insert(column.name).second,
                    "a column's name is bad or there twice");
      columns.push_back({column.name, column.unit, stored_type(column), column.categories});
    }
    if (!schema_known) {
      schema.fields = std::move(fields);
      schema.columns = std::move(columns);
      schema_known = true;
      return;
    }
    core::require(fields == schema.fields && columns == schema.columns,
                  "frames of one run differ in what they hold");
  }

  void remove_files_after(core::Tick tick) const {
    std::error_code error;
    for (fs::directory_iterator it(run.path() / "frames", error), end; !error && it != end;
         it.increment(error)) {
      const std::string name = it->path().filename().string();
      core::Tick of_file;
      const auto parsed = std::from_chars(name.data(), name.data() + name.size(), of_file.count);
      if (parsed.ec != std::errc() || "frames/" + name != frame_file(of_file) || of_file <= tick) continue;
      std::error_code failure;
      fs::remove(it->path(), failure);
      if (failure)
        throw core::IoError(
            fmt::format("cannot remove {}: {}", io::printable(it->path()), failure.message()));
    }
  }

  void forget_after(core::Tick tick) {
    std::erase_if(frames, [&](const FrameEntry& frame) { return frame.tick > tick; });
    const auto rows = static_cast<std::size_t>(
        std::upper_bound(row_ticks.begin(), row_ticks.end(), tick.count) - row_ticks.begin());
    row_ticks.resize(rows);
    for (std::vector<double>& column : series) column.resize(rows);
  }

  void load(io::Hdf5ArchiveReader& archive);
  std::string results() const;
};

void ResultsH5::Content::load(io::Hdf5ArchiveReader& archive) {
  const auto damaged = [&](const char* what) {
    const std::string name = io::printable(run.path() / results_name);
    throw core::InputError(
        {{"results-damaged", {name, 0, 0}, what, std::string("cannot be understood: ") + what, {}}});
  };
  ResultsSchema found;
  if (!parse_schema(archive.text("schema"), found)) damaged("schema");
  if (!same_grid(found.grid, setup.grid)) {
    const std::string name = io::printable(run.path() / results_name);
    throw core::InputError({{"results-differ",
                             {name, 0, 0},
                             "grid",
                             "the results were written on another grid",
                             "resume with the experiment that began them, or write to another folder"}});
  }
  core::Restoring restoring(archive);
  std::vector<std::int64_t> ticks;
  std::vector<std::uint64_t> cells;
  restoring("index/tick", ticks);
  restoring("index/cells", cells);
  if (ticks.size() != cells.size() || !std::is_sorted(ticks.begin(), ticks.end())) damaged("index");
  for (std::size_t i = 0; i < ticks.size(); ++i) frames.push_back({{ticks[i]}, cells[i]});
  restoring("series/tick", row_ticks);
  if (!std::is_sorted(row_ticks.begin(), row_ticks.end())) damaged("series");
  for (const NamedUnit& one : found.series) {
    series.emplace_back();
    restoring("series/" + one.name, series.back());
    if (series.back().size() != row_ticks.size()) damaged("series");
  }
  schema = std::move(found);
  schema_known = !frames.empty();
}

std::string ResultsH5::Content::results() const {
  core::Tick last{0};
  if (!frames.empty()) last = frames.back().tick;
  if (!row_ticks.empty()) last = std::max(last, core::Tick{row_ticks.back()});
  io::Hdf5ArchiveWriter archive({setup.engine_version, "-", "-", last});
  core::Saving saving(archive);
  archive.text("schema", schema_text(schema));

  std::vector<std::int64_t> ticks;
  std::vector<std::uint64_t> cells;
  std::vector<double> minutes;
  for (const FrameEntry& frame : frames) {
    ticks.push_back(frame.tick.count);
    cells.push_back(frame.cells);
    minutes.push_back(core::minutes(frame.tick));
  }
  saving("index/tick", ticks);
  saving("index/minutes", minutes);
  saving("index/cells", cells);

  minutes.clear();
  for (const std::int64_t tick : row_ticks) minutes.push_back(core::minutes({tick}));
  saving("series/tick", row_ticks);
  saving("series/minutes", minutes);
  for (std::size_t s = 0; s < series.size(); ++s) {
    saving("series/" + schema.series[s].name, series[s]);
    archive.file().attribute("series/" + schema.series[s].name, "unit", schema.series[s].unit);
  }

  io::Hdf5File& file = archive.file();
  file.group("frames");
  for (const FrameEntry& frame : frames)
    file.external_link(fmt::format("frames/{:015}", frame.tick.count), frame_file(frame.tick), "/");
  file.attribute("/", "title", setup.title);
  file.attribute("/", "grid_origin", setup.grid.origin);
  file.attribute("/", "grid_spacing", setup.grid.spacing);
  file.attribute("/", "frame_count", static_cast<std::int64_t>(frames.size()));
  return std::string(archive.finish());
}

ResultsH5::ResultsH5(OutputFolder& run, ResultsSetup setup)
    : content_(std::make_unique<Content>(Content{run, std::move(setup), {}, false, {}, {}, {}})) {
  for (std::size_t d = 0; d < 3; ++d)
    core::require(content_->setup.grid.voxels[d] >= 1 && content_->setup.grid.spacing[d] > 0.0,
                  "a grid of results needs voxels of some size");
  content_->schema.grid = content_->setup.grid;
}

ResultsH5::~ResultsH5() = default;

std::vector<core::Diagnostic> ResultsH5::resume_at(core::Tick tick) {
  std::vector<core::Diagnostic> missing;
  std::error_code error;
  if (const fs::path file = content_->run.path() / results_name; fs::exists(file, error)) {
    try {
      io::Hdf5ArchiveReader archive(file);
      content_->load(archive);
    } catch (const core::InputError& damage) {
      if (damage.diagnostics().front().code == "results-differ") throw;
      const ResultsSetup setup = content_->setup;
      content_.reset(new Content{content_->run, setup, {}, false, {}, {}, {}});
      missing.push_back(set_aside(file, damage.diagnostics().front().message));
    }
  }
  content_->forget_after(tick);
  content_->remove_files_after(tick);
  std::erase_if(content_->frames, [&](const FrameEntry& frame) {
    const fs::path file = content_->run.path() / frame_file(frame.tick);
    if (fs::is_regular_file(file, error)) return false;
    missing.push_back({"results-missing-frame",
                       {io::printable(file), 0, 0},
                       frame_file(frame.tick),
                       "results.h5 lists this frame, and its file is gone",
                       "the run goes on without it"});
    return true;
  });
  return missing;
}

void ResultsH5::truncate_after(core::Tick tick) {
  content_->forget_after(tick);
  commit();  // what is listed must be there: the list is shortened before the files go
  content_->remove_files_after(tick);
}

void ResultsH5::add(const Frame& frame) {
  Content& c = *content_;
  core::require(frame.tick.count >= 0 && (c.frames.empty() || frame.tick > c.frames.back().tick),
                "frames must come in the order of time");
  c.agree_on(frame);
  io::Hdf5File file;
  file.attribute("/", "tick", frame.tick.count);
  file.attribute("/", "minutes", core::minutes(frame.tick));
  write_fields(file, frame, c.setup);
  write_cells(file, frame.cells);
  const std::span<char> bytes = file.bytes();
  c.run.write(frame_file(frame.tick), {bytes.data(), bytes.size()});
  c.frames.push_back({frame.tick, frame.cells.x.size()});
}

void ResultsH5::sample(core::Tick tick, std::span<const SeriesValue> row) {
  Content& c = *content_;
  core::require(c.row_ticks.empty() || tick.count > c.row_ticks.back(),
                "rows must come in the order of time");
  if (c.schema.series.empty())
    for (const SeriesValue& value : row) c.schema.series.push_back({value.name, value.unit});
  core::require(row.size() == c.schema.series.size(), "rows of one run differ in what they hold");
  c.series.resize(row.size());
  for (std::size_t s = 0; s < row.size(); ++s) {
    core::require(row[s].name == c.schema.series[s].name && row[s].unit == c.schema.series[s].unit,
                  "rows of one run differ in what they hold");
    c.series[s].push_back(row[s].value);
  }
  c.row_ticks.push_back(tick.count);
}

void ResultsH5::commit() {
  content_->run.write(results_name, content_->results());
  content_->run.write(xdmf_name, xdmf_text(content_->schema, content_->frames));
}

std::size_t ResultsH5::frames() const {
  return content_->frames.size();
}

}  // namespace stroma::store

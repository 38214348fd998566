// What a run in space writes while it goes on: growth, profiles and probes as tables, fields and cells as
// frames for ParaView, cell tables as .h5ad, sections as PNG. Each at its own period; nothing here can change
// the state.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "assays/section/radial_profile.hpp"
#include "store/output_folder.hpp"
#include "store/results_h5.hpp"
#include "study/tissue_experiment.hpp"

namespace stroma::tissue {
struct TissuePlan;
struct TissueState;
}  // namespace stroma::tissue

namespace stroma::store {

/// Rows with the tick at which they were taken; a resumed run forgets those of the future that it replaces.
class TableLog {
 public:
  TableLog(std::string path, std::string header) : path_(std::move(path)), header_(std::move(header)) {}
  void add(core::Tick tick, std::string row) { rows_.emplace_back(tick.count, std::move(row)); }
  const std::string& path() const { return path_; }
  /// The whole table as CSV; its first column is the tick.
  std::string csv() const;
  /// Takes rows up to `tick` from the CSV of an earlier process; false where it has other columns.
  bool take_up(const std::string& csv, core::Tick tick);

 private:
  std::string path_, header_;
  std::vector<std::pair<std::int64_t, std::string>> rows_;
};

/// Number of live, apoptotic and necrotic cells and the volume of the live ones, per population, and the
/// radii.
struct GrowthPoint {
  struct PerType {
    std::int64_t live = 0, apoptotic = 0, necrotic = 0, cycling = 0;
    double live_volume = 0.0;  ///< um^3
  };
  core::Tick tick;
  std::vector<PerType> types;
  assays::SpheroidRadii radii;
};
GrowthPoint measure_growth(const tissue::TissueState& state, const tissue::TissuePlan& plan);

class TissueOutput {
 public:
  /// Writes into the run's folder; `experiment` and `plan` must outlive this object.
  TissueOutput(OutputFolder& folder, const study::TissueExperiment& experiment,
               const tissue::TissuePlan& plan, const std::string& engine_version);
  ~TissueOutput();

  /// The next tick after `now` at which something is to be written, at most `end`.
  core::Tick next(core::Tick now, core::Tick end) const;
  /// Writes what is due at the state's tick; everything at the start and where `last`.
  void write(const tissue::TissueState& state, bool last);
  /// Makes all that was taken so far readable: tables, results.h5, results.xdmf. Before each checkpoint.
  void commit();
  /// Takes up what an earlier process wrote until `tick`; returns what is missing, in words.
  std::vector<std::string> resume_at(core::Tick tick);

  /// What the report shows; of the whole run, also of earlier processes where their tables are there.
  const std::vector<GrowthPoint>& growth() const { return growth_; }
  struct Picture {
    std::string path;  ///< in the folder
    core::Tick tick;
    std::string stain;
  };
  const std::vector<Picture>& pictures() const { return pictures_; }

 private:
  bool due(core::Tick period, core::Tick now, bool last) const;
  void write_growth(const tissue::TissueState& state);
  void write_profiles(const tissue::TissueState& state);
  void write_probe(std::size_t index, const tissue::TissueState& state);
  void write_frame(const tissue::TissueState& state);
  void write_lineages(const tissue::TissueState& state);
  void write_cell_table(const tissue::TissueState& state);
  void write_sections(const tissue::TissueState& state);
  std::array<double, 3> centre(const tissue::TissueState& state) const;

  OutputFolder& folder_;
  const study::TissueExperiment& experiment_;
  const tissue::TissuePlan& plan_;
  ResultsH5 results_;
  TableLog growth_log_, profile_log_;
  std::vector<TableLog> probe_logs_;
  std::vector<GrowthPoint> growth_;
  std::vector<Picture> pictures_;
  core::Tick last_written_{-1};
};

}  // namespace stroma::store

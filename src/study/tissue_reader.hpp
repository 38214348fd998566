// Reads an experiment in space part by part; private to the module. The public face is tissue_experiment.hpp.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.hpp"
#include "study/mixture.hpp"
#include "study/region.hpp"
#include "study/tissue_experiment.hpp"

namespace stroma::study {

using core::Range;
namespace dim = core::dimension;

class TissueReader {
 public:
  TissueReader(const core::Node& document, const std::string& name, const model::Model& model,
               std::uint64_t seed, double memory_limit, const TableReader& read_table,
               core::Diagnostics& problems);
  TissueExperiment read();

 private:
  void check_steps(core::Section& top);
  void name_left_out();
  bool has_cells() const;
  void name_idle(core::Section& top);

  // tissue_domain.cpp
  void read_domain(const core::Node& node);
  double read_thickness(core::Section& section);
  void refuse_too_large(double voxels);
  std::size_t count_tables(std::string_view key) const;
  void read_plane(const core::Node& node);
  void read_medium(const core::Node& node);
  void read_matrix(const core::Node& node);

  // tissue_protocol.cpp
  void read_treatment(const core::Node& node);
  void read_probe(const core::Node& node);
  void read_output(const core::Node* node);
  void check_late(core::Section& section, core::Tick at);
  /// Appends the treatment, once or again and again as its schedule says.
  void schedule(core::Section& section, const tissue::TissueSetup::Treatment& treatment);
  void refuse_too_long(const ProbeSpec& probe) const;
  core::Tick every(core::Section& section, std::string_view key);
  double position(core::Section& section, std::string_view key, int axis);

  // tissue_substances.cpp
  void read_substance(const core::Node& node);
  void refuse_idle_control(core::Section& section, const fields::SubstancePlan& plan);
  void read_boundary(core::Section& section, tissue::TissueSetup::Substance& substance);
  void read_above(core::Section& section, tissue::TissueSetup::Substance& substance);
  void read_face(const core::Node& value, std::size_t face, tissue::TissueSetup::Substance& substance);
  void read_initial(core::Section& section, tissue::TissueSetup::Substance& substance);
  void read_shaped_initial(const core::Node& node, tissue::TissueSetup::Substance& substance);
  void read_initial_file(core::Section& section, tissue::TissueSetup::Substance& substance);
  void read_regions(core::Section& section, tissue::TissueSetup::Substance& substance);

  // tissue_cells.cpp
  void read_cells(const core::Node& node);
  Mixture read_cell_mixture(core::Section& section, bool fills);
  void place(model::Index type, const std::array<double, 3>& position);
  void place_at(model::Index type, const std::array<double, 3>& position, const core::Place& at);
  void refuse_too_many(const Region& region, double spacing) const;
  void scatter(core::Section& section, const Region& region,
               const std::vector<std::pair<model::Index, std::int64_t>>& counts);
  void pack(core::Section& section, const Region& region, const Mixture& mixture);
  void place_listed(core::Section& section, model::Index type);
  double radius_of(model::Index type) const;

  void read_attachment(const core::Node& node);  // tissue_attachments.cpp

  // tissue_reading.cpp
  std::optional<std::size_t> substance_named(core::Section& section, std::string_view key,
                                             const std::string& name);
  std::vector<const fields::SubstancePlan*> substance_plans() const;

  const core::Node& document_;
  const model::Model& model_;
  double memory_limit_;
  const TableReader& read_table_;
  core::Diagnostics& problems_;
  TissueExperiment experiment_;
  double depth_ = 0.0;             ///< of the medium above; 0: none
  std::vector<double> matrix_;     // density per voxel; empty: none
  std::uint64_t cell_blocks_ = 0;  // [[cells]] tables read so far; keys their draws
  // Points of cells that a person wrote, by when they come.
  std::map<std::pair<core::Tick, std::array<double, 3>>, core::Place> listed_;
  core::Tick coming_;  // of the cells that are being read: when; 0: they are there from the start
  int cells_outside_ = 0, cells_on_one_point_ = 0;
};

}  // namespace stroma::study

// A small experiment on the letters of support/cultures.hpp, written as its file would be read, and a ledger
// in memory that remembers what it was asked.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "assays/registry.hpp"
#include "core/units.hpp"
#include "study/executor.hpp"
#include "study/experiment.hpp"
#include "study/vessels.hpp"
#include "support/cultures.hpp"

namespace stroma::study {

inline std::shared_ptr<const model::Model> letters() {
  auto m = std::make_shared<model::Model>(test::tumour_and_stroma());
  m->content_hash = "letters";
  m->substances[static_cast<std::size_t>(m->substance("L"))].molar_mass =
      core::unit("g") / core::unit("mol") * 8000.0;
  return m;
}

inline std::shared_ptr<const assays::Descriptor> assay(const std::string& name) {
  return assays::built_in().find(name);
}

inline MediumSpec plain_medium() {
  return {"DMEM + 10 % FBS", 0.1, -1};
}

/// Wells of 100 uL with 10 000 cells T each, in steps of half an hour.
inline void plate_of_t(Experiment& e, const model::Model& m) {
  e.has_plate = true;
  e.systems = {"T"};
  e.lines = {m.cell_type("T")};
  e.cells_per_well = 10'000.0;
  e.well_volume = core::unit("uL") * 100.0;
  e.step = core::to_tick(30.0);
}

/// Wells of T in plain medium and in what S has conditioned for 12 h, each with D in three doses; read after
/// 6 h. Two technical wells, two replicates; 10 000 cells a well, of which 100 are simulated.
inline Experiment two_media(const model::Model& m) {
  Experiment e;
  e.name = "two_media";
  e.title = "T in two media";
  e.model = "letters";
  e.replicates = 2;
  e.cultures.push_back({"S medium",
                        {{m.cell_type("S"), 1e-6 /* 1e6 per mL */}},
                        plain_medium(),
                        core::unit("mL") * 10.0,
                        core::to_tick(720.0)});
  plate_of_t(e, m);
  e.wells_per_arm = 2;
  e.simulated_cells = 100;
  TreatmentSpec doses{core::to_tick(0.0), m.substance("D"), {0.0, 500.0, 4000.0}, {"0", "500", "4000"}, true};
  e.arms.push_back({"plain", plain_medium(), {}, {doses}, {}});
  e.arms.push_back({"conditioned", {"S medium", 0.0, 0}, {}, {doses}, {}});
  ReadoutSpec readout;
  readout.assay = assay("cck8");
  readout.at = core::to_tick(360.0);
  e.readouts = {readout};
  return e;
}

class MemoryLedger : public Ledger {
 public:
  std::optional<std::string> find(std::string_view key) override {
    const std::lock_guard lock(mutex);
    const auto found = runs.find(std::string(key));
    if (found == runs.end()) return std::nullopt;
    ++found_count;
    return found->second;
  }
  void store(std::string_view key, std::string_view, std::string_view payload) override {
    const std::lock_guard lock(mutex);
    runs[std::string(key)] = std::string(payload);
    ++stored_count;
  }
  void record_failure(std::string_view key, std::string_view, std::string_view message) override {
    const std::lock_guard lock(mutex);
    failures[std::string(key)] = std::string(message);
  }

  std::mutex mutex;
  std::map<std::string, std::string> runs, failures;
  int found_count = 0, stored_count = 0;
};

}  // namespace stroma::study

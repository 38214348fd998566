// CCK-8 as the road sees it: a plate of each system and replicate, one IC50 of each arm.
#include <fmt/format.h>

#include <algorithm>

#include "assays/descriptors.hpp"
#include "assays/dose_response/reported_ic50.hpp"
#include "assays/raw_tables.hpp"
#include "core/units.hpp"

namespace stroma::assays {
namespace {

// Where the operator chose the wells, blanks take the first free ones from the plate's end.
void place_blanks(Cck8Plate& plate) {
  if (plate.wells.empty() || !plate.wells.front().position) return;
  for (int index = plate_wells - 1; index >= 0 && plate.blank_positions.size() < plate.blanks; --index) {
    const Position position = position_of(static_cast<std::size_t>(index));
    const bool taken = std::any_of(plate.wells.begin(), plate.wells.end(),
                                   [&](const Cck8Well& w) { return w.position == position; });
    if (!taken) plate.blank_positions.push_back(position);
  }
}

Raw read_plate(const Order& order) {
  Cck8Plate plate;
  plate.name = order.title(fmt::format("{} replicate {}", order.system, order.replicate + 1));
  plate.drug = order.drug;
  for (const Sample& s : order.samples)
    plate.wells.push_back({s.specimen, s.arm, s.dose, s.replicate + 1, s.well + 1, s.position});
  place_blanks(plate);
  Cck8Instrument instrument;
  instrument.pipetting_cv = 0.0;  // the cells were pipetted when the vessels were filled
  return read_cck8(plate, instrument, order.seed_of(fmt::format("{}\n{}", order.system, order.replicate)));
}

// The dose that leaves half of the arm's own control, where the doses hold it: the policy of measured data.
std::optional<double> ic50_of(const DoseResponse& response) {
  const ReportedIc50 ic50 = reported_ic50(response);
  return ic50.compared() ? std::optional(core::in_unit(ic50.value, "uM")) : std::nullopt;
}

Analysis analyse_plate(const Raw& raw, const Question&) {
  Cck8Analysis plate = analyse_cck8(std::any_cast<const Plate&>(raw));
  Analysis out;
  out.warnings = plate.warnings;
  for (const DoseResponse& response : plate.responses) {
    if (response.points.size() < 2) continue;  // a single dose has no IC50
    const std::optional<double> ic50 = ic50_of(response);
    out.readings.push_back(
        {"", response.arm, response.replicate - 1, ic50, ic50 ? std::string() : explain_fit(response)});
  }
  out.details = std::move(plate.responses);
  return out;
}

std::vector<RawFiles> files_of(const Raw& raw, const Order& order) {
  const auto& plate = std::any_cast<const Plate&>(raw);
  return {{fmt::format("{} replicate {:02}", order.system, order.replicate + 1),
           {{"-plate.csv", write_plate_grid(plate)}, {"-map.csv", write_plate_map(plate)}}}};
}

Pictures pictures_of(const Raw& raw, const Analysis& analysis) {
  return {std::any_cast<const std::vector<DoseResponse>&>(analysis.details),
          {std::any_cast<const Plate&>(raw)},
          {}};
}

}  // namespace

Descriptor cck8_assay() {
  Descriptor a;
  a.name = a.analysis = "cck8";
  a.title = "CCK-8";
  a.signal = "OD 450 = background + extinction x (live + 0.5 early apoptotic cells)";
  a.noise = "pipetting 3 %, reader 0.005 OD, limit 3.5 OD";
  a.constants = "Cck8Instrument";
  a.by_dose = true;
  a.batch = Batch::system_and_replicate;
  a.capacity = {plate_wells - 3, 3};
  a.metric = "ic50";
  a.unit = "uM";
  a.words = {"IC50 (CCK-8)", "ic50", "IC50 (µM)", {}};
  a.ratios = true;
  a.methods = [](const Question&, const std::string&) {
    return "CCK-8 (absorbance at 450 nm, blanks subtracted, per cent of the arm's own untreated wells)";
  };
  a.instrument = read_plate;
  a.analyse = analyse_plate;
  a.files = files_of;
  a.pictures = pictures_of;
  return a;
}

}  // namespace stroma::assays

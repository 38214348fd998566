#include "ldh/ldh.hpp"

#include <vector>

#include "core/csv.hpp"

namespace outsider {
namespace {

namespace assays = stroma::assays;

// What the reader says of a well, beside that of a well whose cells were all lysed.
struct Line {
  std::string arm;
  int replicate = 0;
  double od = 0.0, lysed = 0.0;
};
using Sheet = std::vector<Line>;

constexpr double background = 0.05, per_cell = 5e-5;

assays::Raw read(const assays::Order& order) {
  Sheet sheet;
  for (const assays::Sample& s : order.samples) {
    const assays::CellCounts fates = s.specimen->counts();
    const double spilled = static_cast<double>(fates.late_apoptotic + fates.necrotic) * s.specimen->scale;
    sheet.push_back({s.named, s.replicate, background + per_cell * spilled,
                     background + per_cell * s.specimen->real_cells()});
  }
  return sheet;
}

assays::Analysis analyse(const assays::Raw& raw, const assays::Question&) {
  assays::Analysis out;
  for (const Line& line : std::any_cast<const Sheet&>(raw)) {
    const double all = line.lysed - background;
    const std::optional<double> share =
        all > 0.0 ? std::optional((line.od - background) / all) : std::nullopt;
    out.readings.push_back({"", line.arm, line.replicate, share, share ? "" : "no cells"});
  }
  return out;
}

std::vector<assays::RawFiles> files(const assays::Raw& raw, const assays::Order& order) {
  const std::vector<std::string> columns = {"arm", "replicate", "od", "od of lysed cells"};
  std::vector<std::vector<stroma::core::CsvValue>> rows;
  for (const Line& line : std::any_cast<const Sheet&>(raw))
    rows.push_back({line.arm, static_cast<std::int64_t>(line.replicate + 1), line.od, line.lysed});
  return {{order.system + " ldh", {{".csv", stroma::core::write_csv(columns, rows)}}}};
}

}  // namespace

assays::Descriptor ldh_assay() {
  assays::Descriptor a;
  a.name = "ldh";
  a.title = "LDH release";
  a.signal = "OD 490 = background + extinction x dead cells";
  a.one_well = true;
  a.metric = "ldh_release";
  a.unit = "1";
  a.words = {"LDH release", "share of LDH released", "LDH released / all LDH", {}};
  a.methods = [](const assays::Question&, const std::string&) {
    return "LDH release (absorbance at 490 nm)";
  };
  a.instrument = read;
  a.analyse = analyse;
  a.files = files;
  return a;
}

}  // namespace outsider

// Arbitrary bytes as the small sheets that go with a measurement: what is in pictures, lanes, dishes and
// wells.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/diagnostics.hpp"
#include "io/ct_export.hpp"
#include "io/lab_files.hpp"
#include "io/picture_sheets.hpp"

using namespace stroma;

namespace {

void need(bool holds) {
  if (!holds) std::abort();
}

void read(int kind, const io::NamedText& text) {
  switch (kind) {
    case 0:
      for (const assays::FieldSample& s : io::read_field_sheet(text)) need(!s.file.empty() && !s.arm.empty());
      break;
    case 1:
      for (const assays::BlotPictureLane& l : io::read_blot_sheet(text))
        need(!l.file.empty() && l.lane >= 1 && l.band >= 1 && l.replicate >= 1);
      break;
    case 2:
      for (const assays::DishSample& d : io::read_dish_sheet(text))
        need(!d.file.empty() && d.plated > 0 && d.replicate >= 1 && d.technical >= 1);
      break;
    case 3:
      for (const assays::CellCount& c : io::read_cell_counts(text))
        need(std::isfinite(c.cells) && std::isfinite(c.millilitres) && c.replicate >= 1);
      break;
    case 4:
      for (const assays::ColonyCount& c : io::read_colony_counts(text)) need(c.plated > 0 && c.colonies >= 0);
      break;
    case 5:
      for (const assays::QpcrStandard& s : io::read_ct_standards(text))
        need(s.quantity > 0.0 && std::isfinite(s.quantity) && std::isfinite(s.ct));
      break;
    case 6:
      for (const assays::CtRow& r : io::read_ct_table(text)) need(!r.ct || *r.ct > 0.0);
      break;
    default:
      for (const assays::BlotBand& b : io::read_densitometry(text))
        need(std::isfinite(b.volume) && std::isfinite(b.background) && b.lane >= 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    read(data[0] % 8, {text.substr(1), "sheet"});  // the first byte chooses the reader
  } catch (const core::InputError&) {
    // Refused in words: that is what a reader is for.
  }
  return 0;
}

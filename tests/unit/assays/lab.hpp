// Vessels with known contents for the tests of instruments, and the instruments without their noise.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "assays/blot/western_blot.hpp"
#include "assays/cck8/cck8.hpp"
#include "assays/elisa/elisa.hpp"
#include "assays/qpcr/qpcr.hpp"
#include "assays/specimen.hpp"
#include "core/diagnostics.hpp"
#include "core/units.hpp"
#include "support/codes.hpp"

namespace stroma::assays {

using test::codes_of;

/// A vessel with these cells; nodes FOLR1, FOLR1_mRNA and CASP3; 8 nM of CXCL12 in 1 mL.
inline Specimen vessel(FateCounts fates, double scale = 1.0) {
  Specimen s;
  s.scale = scale;
  s.minutes = 2880.0;
  s.serum = 0.1;
  s.volume = core::unit("mL");
  s.medium = {{"CXCL12", 8.0}, {"HGF", 0.25}};
  CellSpecimen cells;
  cells.cell_type = "HepG2";
  cells.pipetted = 10000.0;
  cells.fates = fates;
  cells.nodes = {"FOLR1", "FOLR1_mRNA", "CASP3"};
  cells.lysate =
      fates.total() > 0 ? std::vector<double>{0.30, 0.40, 0.05} : std::vector<double>{0.0, 0.0, 0.0};
  s.cells.push_back(cells);
  return s;
}

inline Specimen with_node(Specimen s, const std::string& node, double activity) {
  for (std::size_t i = 0; i < s.cells[0].nodes.size(); ++i)
    if (s.cells[0].nodes[i] == node) s.cells[0].lysate[i] = activity;
  return s;
}

inline Cck8Instrument quiet(Cck8Instrument x = {}) {
  x.pipetting_cv = x.reader_sd = 0.0;
  return x;
}
inline ElisaKit quiet(ElisaKit x) {
  x.pipetting_cv = x.reader_sd = x.counting_cv = 0.0;
  return x;
}
inline QpcrInstrument quiet(QpcrInstrument x) {
  x.input_cv = x.noise_sd = 0.0;
  return x;
}
inline BlotInstrument quiet(BlotInstrument x) {
  x.background_sd = x.exposure_cv = x.loading_cv = x.band_cv = 0.0;
  return x;
}

}  // namespace stroma::assays

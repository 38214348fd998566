#include "jobs/templates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "assays/raw_tables.hpp"
#include "io/lab_files.hpp"

namespace stroma::jobs {
namespace {

// Example values scatter by a few per cent in a fixed pattern: a template is the same file every time.
double scatter(std::size_t k, double share) {
  constexpr std::array<double, 11> pattern{0.4, -1.1, 0.8, 0.1, -0.6, 1.3, -0.3, -0.9, 0.6, 1.0, -1.2};
  return 1.0 + share * pattern[(7 * k + k / 11) % pattern.size()];
}

// As an instrument writes it: with so many decimals.
double rounded(double value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return std::round(value * scale) / scale;
}

double hill(double dose, double midpoint, double slope) {
  return dose > 0.0 ? 1.0 / (1.0 + std::pow(midpoint / dose, slope)) : 0.0;
}

AssayTemplate cck8() {
  assays::Plate plate;
  constexpr std::array<double, 9> doses{0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0};  // uM
  for (int row = 1; row < 7; ++row) {
    plate.at({row, 0}).role = assays::WellRole::blank;
    plate.at({row, 0}).od = rounded(0.2 * scatter(static_cast<std::size_t>(row), 0.01), 4);
    const bool treated = row > 3;
    for (int c = 0; c < static_cast<int>(doses.size()); ++c) {
      assays::PlateWell& well = plate.at({row, c + 1});
      well.role = assays::WellRole::sample;
      well.arm = treated ? "treated medium" : "control medium";
      well.technical = treated ? row - 3 : row;
      const double dose = doses[static_cast<std::size_t>(c)];
      well.dose = 1000.0 * dose;
      well.od = std::round(1e4 * (0.2 + 0.9 * (1.0 - hill(dose, treated ? 9.0 : 4.0, 1.3)) *
                                            scatter(static_cast<std::size_t>(12 * row + c), 0.03))) /
                1e4;
    }
  }
  return {"cck8",
          {{"cck8-plate.csv", "Example values: replace the grid by the export of your reader\n\n" +
                                  assays::write_plate_grid(plate)},
           {"cck8-map.csv", assays::write_plate_map(plate)}},
          "--drug sorafenib",
          "put your reader's grid in cck8-plate.csv and say in cck8-map.csv what is in each well"};
}

AssayTemplate dose_response() {
  std::string text = "drug,arm,replicate,technical,dose_uM,response\n";
  std::size_t k = 0;
  for (const auto& [arm, midpoint] : {std::pair{"control", 4.0}, {"treated", 9.0}})
    for (int replicate = 1; replicate <= 3; ++replicate)
      for (const double dose : {0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0})
        text += fmt::format(
            "sorafenib,{},{},1,{},{:.4f}\n", arm, replicate, dose,
            (1.0 - hill(dose, midpoint * scatter(static_cast<std::size_t>(replicate), 0.1), 1.3)) *
                scatter(++k, 0.03));
  return {"dose-response",
          {{"dose-response.csv", text}},
          "",
          "one line per measurement; responses may be any signal with untreated wells as dose 0"};
}

AssayTemplate elisa() {
  assays::Plate plate;
  const auto od = [](double concentration) { return 0.06 + 3.1 * hill(concentration, 5.0, 1.15); };
  constexpr std::array<double, 8> standards{10.0, 5.0, 2.5, 1.25, 0.625, 0.3125, 0.15625, 0.0};
  std::vector<assays::CellCount> counts;
  for (int row = 0; row < 8; ++row)
    for (int column = 0; column < 2; ++column) {
      assays::PlateWell& well = plate.at({row, column});
      well.role = assays::WellRole::standard;
      well.arm = "standard";
      well.technical = column + 1;
      well.standard = standards[static_cast<std::size_t>(row)];
      well.od =
          std::round(1e4 * od(*well.standard) * scatter(static_cast<std::size_t>(2 * row + column), 0.02)) /
          1e4;
    }
  int row = 0;
  for (const auto& [arm, concentration] : {std::pair{"CAF", 3.2}, {"NF", 1.1}})
    for (int replicate = 1; replicate <= 3; ++replicate, ++row) {
      counts.push_back(
          {arm, replicate, rounded(1e6 * scatter(static_cast<std::size_t>(row), 0.05), -4), 10.0});
      for (int technical = 1; technical <= 2; ++technical) {
        assays::PlateWell& well = plate.at({row, 1 + technical});
        well.role = assays::WellRole::sample;
        well.arm = arm;
        well.replicate = replicate;
        well.technical = technical;
        well.dilution = 2.0;
        well.od = std::round(1e4 * od(concentration / 2.0) * scatter(static_cast<std::size_t>(row), 0.06) *
                             scatter(static_cast<std::size_t>(20 + 2 * row + technical), 0.02)) /
                  1e4;
      }
    }
  return {"elisa",
          {{"elisa-plate.csv", "Example values: replace the grid by the export of your reader\n\n" +
                                   assays::write_plate_grid(plate)},
           {"elisa-map.csv", assays::write_plate_map(plate)},
           {"elisa-counts.csv", assays::write_cell_counts(counts)}},
          "--counts elisa-counts.csv --analyte CXCL12",
          "standards need a concentration, samples arm, replicate and dilution; without cell counts leave "
          "--counts out"};
}

AssayTemplate qpcr() {
  std::vector<assays::CtRow> rows;
  std::size_t k = 0;
  for (const auto& [arm, shift] : {std::pair{"untreated", 0.0}, {"treated", 1.5}})
    for (int replicate = 1; replicate <= 3; ++replicate)
      for (const auto& [gene, ct] : {std::pair{"FOLR1", 26.0 - shift}, {"GAPDH", 18.0}})
        for (int technical = 1; technical <= 3; ++technical)
          rows.push_back({arm, replicate, gene, technical,
                          std::round(100.0 * (ct * scatter(++k, 0.003) + 0.2 * replicate)) / 100.0});
  return {"qpcr",
          {{"qpcr-ct.csv", assays::write_ct_table(rows)}},
          "--housekeeping GAPDH",
          "or give the table that the machine exported, with samples named ARM_REPLICATE; write Undetermined "
          "where no Ct was "
          "found"};
}

AssayTemplate blot() {
  std::vector<assays::BlotBand> bands;
  std::size_t k = 0;
  for (int replicate = 1; replicate <= 3; ++replicate) {
    int lane = 0;
    for (const auto& [arm, amount] : {std::pair{"untreated", 1.0}, {"treated", 1.8}}) {
      ++lane;
      const double loading = scatter(static_cast<std::size_t>(2 * replicate + lane), 0.08);
      for (const auto& [protein, volume] : {std::pair{"FOLR1", 5000.0 * amount}, {"beta-actin", 20000.0}})
        bands.push_back({fmt::format("membrane {}", replicate), lane, arm, replicate, protein,
                         std::round(800.0 + volume * loading * scatter(++k, 0.06)), 800.0, false});
    }
  }
  return {"blot",
          {{"blot-densitometry.csv", assays::write_densitometry(bands)}},
          "--control beta-actin",
          "one line per band; volume with background, background of an empty place beside it"};
}

AssayTemplate colonies() {
  std::vector<assays::ColonyCount> sheet;
  std::size_t k = 0;
  for (const auto& [arm, rate] : {std::pair{"untreated", 0.62}, {"treated", 0.31}})
    for (int replicate = 1; replicate <= 3; ++replicate)
      for (int technical = 1; technical <= 3; ++technical)
        sheet.push_back({arm, replicate, technical, 500, std::lround(500.0 * rate * scatter(++k, 0.06))});
  return {"colonies",
          {{"colonies.csv", assays::write_colony_counts(sheet)}},
          "",
          "one line per well; plated is the number of cells put in"};
}

AssayTemplate pk() {
  std::string text = "arm,subject,time_h,concentration (ng/mL),dose_mg\n";
  int mouse = 0;
  for (const double time : {0.5, 1.0, 2.0, 4.0, 8.0, 24.0})
    for (int k = 0; k < 3; ++k) {
      ++mouse;
      const double c = 2600.0 * (std::exp(-0.12 * time) - std::exp(-1.1 * time));
      text += fmt::format("sorafenib,mouse {},{},{:.1f},0.6\n", mouse, time,
                          c * scatter(static_cast<std::size_t>(mouse), 0.08));
    }
  return {"pk",
          {{"pk.csv", text}},
          "",
          "one line per sample; below the limit of quantification write <5 (the limit) or BLQ; change the "
          "unit in the header"};
}

AssayTemplate synergy() {
  std::string text = "block_id,drug1,drug2,conc1,conc2,response,conc_unit\n";
  std::size_t k = 0;
  for (const double a : {0.0, 1.0, 2.0, 4.0, 8.0})
    for (const double b : {0.0, 0.5, 1.0, 2.0, 4.0})
      for (int repeat = 0; repeat < 3; ++repeat) {
        const double y1 = hill(a, 4.0, 1.3), y2 = hill(b, 2.0, 1.1);
        const double both = y1 + y2 - y1 * y2;
        const double surplus = a > 0.0 && b > 0.0 ? 0.3 * both * (1.0 - both) : 0.0;
        text += fmt::format("1,sorafenib,AMD3100,{},{},{:.2f},uM\n", a, b,
                            100.0 * (both + surplus) + 2.0 * (scatter(++k, 1.0) - 1.0));
      }
  return {"synergy",
          {{"synergy.csv", text}},
          "",
          "responses are inhibition in per cent of control; every dose of one drug with every dose of the "
          "other, zero "
          "included; repeat lines are replicates"};
}

AssayTemplate survival() {
  std::string text = "subject,arm,time (days),status\n";
  std::size_t k = 0;
  int mouse = 0;
  for (const auto& [arm, scale] : {std::pair{"untreated", 30.0}, {"treated", 48.0}})
    for (int i = 1; i <= 10; ++i) {
      ++k;
      const double time = std::round(scale * (0.5 + 0.1 * i) * scatter(k, 0.1));
      text += fmt::format("mouse {},{},{:.0f},{}\n", ++mouse, arm, std::min(time, 60.0),
                          time < 60.0 && i != 4 ? 1 : 0);
    }
  return {"survival",
          {{"survival.csv", text}},
          "",
          "one line per animal; status is 1 where it died (or the event happened) and 0 where it was alive "
          "when last "
          "seen"};
}

AssayTemplate growth() {
  std::string text = "animal,arm,day,length_mm,width_mm\n";
  std::size_t k = 0;
  int mouse = 0;
  for (const auto& [arm, rate] : {std::pair{"untreated", 0.13}, {"treated", 0.06}})
    for (int i = 0; i < 6; ++i) {
      const double of_mouse = rate * scatter(static_cast<std::size_t>(++mouse), 0.12);
      for (int day = 0; day <= 21; day += 3) {
        const double width = std::cbrt(2.0 * 80.0 * std::exp(of_mouse * day) / 1.2) * scatter(++k, 0.015);
        text += fmt::format("mouse {},{},{},{:.1f},{:.1f}\n", mouse, arm, day, 1.2 * width, width);
      }
    }
  return {"growth",
          {{"growth.csv", text}},
          "",
          "one line per measurement; length is the longer diameter; with several tumours per animal add a "
          "column tumour"};
}

AssayTemplate flow() {
  std::string text = "file,arm,replicate,technical\n";
  for (const char* arm : {"untreated", "treated"})
    for (int replicate = 1; replicate <= 3; ++replicate)
      text += fmt::format("{}-{}.fcs,{},{},1\n", arm, replicate, arm, replicate);
  return {
      "flow",
      {{"flow-samples.csv", text}},
      "--sheet flow-samples.csv --reference untreated",
      "one line per FCS file; replicate is the experiment, technical a further tube of it; gates are set by "
      "--gate annexin=200,death=150, by controls (--unstained, --live), or automatically",
      "*.fcs"};
}

/// A sheet of fields: three animals in each of two arms, two fields of each.
std::string fields_sheet() {
  std::string text = "file,arm,replicate,field\n";
  for (const char* arm : {"vehicle", "treated"})
    for (int animal = 1; animal <= 3; ++animal)
      for (int field = 1; field <= 2; ++field)
        text += fmt::format("{0}-{1}-{2}.tif,{0},mouse {3}{1},{2}\n", arm, animal, field, arm[0]);
  return text;
}

AssayTemplate ihc() {
  return {
      "ihc",
      {{"ihc-samples.csv", fields_sheet()}},
      "--sheet ihc-samples.csv --reference vehicle",
      "one line per picture; replicate is the animal, whose fields are averaged; look at the overlays of the "
      "result before you believe a number",
      "*.tif"};
}

AssayTemplate fluorescence() {
  return {"fluorescence",
          {{"fluorescence-samples.csv", fields_sheet()}},
          "--sheet fluorescence-samples.csv --reference vehicle --signal 1",
          "one line per picture; replicate is the animal; --signal and --marker name channels or give their "
          "numbers; --threshold with one grey value for all pictures, taken from a control, makes arms "
          "comparable",
          "*.tif"};
}

AssayTemplate blot_picture() {
  std::string text = "file,protein,lane,arm,replicate,membrane,band\n";
  for (const auto& [file, protein] : {std::pair{"target.tif", "FOLR1"}, {"actin.tif", "beta-actin"}})
    for (int lane = 1; lane <= 6; ++lane)
      text += fmt::format("{},{},{},{},{},membrane 1,1\n", file, protein, lane,
                          lane % 2 == 1 ? "untreated" : "treated", (lane + 1) / 2);
  return {
      "blot-picture",
      {{"blot-lanes.csv", text}},
      "--sheet blot-lanes.csv --lanes 6 --control beta-actin --reference untreated",
      "one line per lane and protein; band counts the rows of bands of a picture from the top; --lanes says "
      "how many lanes there are, empty ones too; look at the overlays of the result",
      "*.tif"};
}

AssayTemplate colony_picture() {
  std::string text = "file,arm,replicate,technical,plated,x,y,radius\n";
  for (const char* arm : {"untreated", "treated"})
    for (int replicate = 1; replicate <= 2; ++replicate)
      text += fmt::format("{0}-{1}.jpg,{0},{1},1,500,,,\n", arm, replicate);
  text += "plate.jpg,untreated,3,1,500,120,240,100\nplate.jpg,treated,3,1,500,360,240,100\n";
  return {
      "colony-picture",
      {{"dishes.csv", text}},
      "--sheet dishes.csv --reference untreated",
      "one line per dish; plated is the number of cells put in; x, y and radius (pixels from the upper left "
      "corner) say where the dish is, which photographs of several wells need and others may leave empty",
      "*.jpg"};
}

}  // namespace

std::vector<AssayTemplate> assay_templates() {
  return {cck8(),     dose_response(),  elisa(),  qpcr(), blot(),         blot_picture(),
          colonies(), colony_picture(), flow(),   ihc(),  fluorescence(), pk(),
          survival(), growth(),         synergy()};
}

}  // namespace stroma::jobs

#include "io/densitometry_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "io/csv.hpp"
#include "io/lab_files.hpp"
#include "io/measured_table.hpp"

namespace stroma::io {
namespace {

bool has_cell(const std::vector<core::Cell>& line, std::string_view name) {
  return std::any_of(line.begin(), line.end(),
                     [&](const core::Cell& cell) { return plain_name(cell.text) == name; });
}

bool is_imagej_header(const std::vector<core::Cell>& line) {
  return has_cell(line, "label") && has_cell(line, "area") &&
         (has_cell(line, "mean") || has_cell(line, "rawintden") || has_cell(line, "intden"));
}

struct Box {
  double area = 0.0, volume = 0.0;
  core::Place place;
};

std::map<std::string, Box> read_boxes(const core::Table& found, core::Diagnostics& problems) {
  MeasuredTable table(found, {{"label"}, {"area"}, {"mean", false}, {"rawintden", false}, {"intden", false}},
                      OtherColumns::ignore, problems);
  std::map<std::string, Box> boxes;
  if (!table.complete()) return boxes;
  const char* sum = table.has("rawintden") ? "rawintden" : table.has("intden") ? "intden" : "mean";
  for (std::size_t r = 0; r < table.rows(); ++r) {
    Box box;
    box.place = table.place(r, "label");
    box.area = table.number(r, "area", core::Range::positive()).value_or(1.0);
    box.volume = table.number(r, sum, core::Range::non_negative()).value_or(0.0);
    if (std::string_view(sum) == "mean") box.volume *= box.area;
    const std::string label = table.required_text(r, "label");
    if (!label.empty() && !boxes.insert({label, box}).second)
      table.wrong(r, "label", "label-given-twice", fmt::format("'{}' was measured twice", label),
                  "give each box its own label");
  }
  return boxes;
}

struct Meaning {
  assays::BlotBand band;
  bool background = false;
  Box box;
  std::size_t row = 0;
};

class SheetReader {
 public:
  SheetReader(const std::map<std::string, Box>& boxes, core::Diagnostics& problems)
      : boxes_(boxes), problems_(problems) {
    for (const auto& [label, box] : boxes) labels_.push_back(label);
  }

  std::vector<assays::BlotBand> read(const NamedText& sheet) {
    CsvOptions options;
    options.delimiter = delimiter_of(sheet.text);
    options.row_names = true;
    MeasuredTable table(read_csv(sheet.text, sheet.file, options, problems_),
                        {{"label"},
                         {"membrane"},
                         {"lane"},
                         {"arm"},
                         {"replicate", false},
                         {"protein"},
                         {"what"},
                         {"saturated", false}},
                        OtherColumns::refuse, problems_);
    if (!table.complete()) return {};
    for (std::size_t r = 0; r < table.rows(); ++r) read_line(table, r);
    std::vector<assays::BlotBand> out;
    for (const Meaning& m : meanings_)
      if (!m.background) {
        out.push_back(m.band);
        if (const auto per_area = background_of(m))
          out.back().background = *per_area * m.box.area;
        else
          table.wrong(
              m.row, "what", "no-background",
              fmt::format("membrane '{}' has no background box for {}", m.band.membrane, m.band.protein),
              "measure an empty place beside the bands and give it what = background");
      }
    return out;
  }

 private:
  void read_line(MeasuredTable& table, std::size_t r) {
    Meaning m;
    m.row = r;
    const std::string label = table.required_text(r, "label"), what = table.text(r, "what");
    if (what != "band" && what != "background")
      table.wrong(r, "what", "unknown-value", fmt::format("'{}' is not band or background", what));
    m.background = what == "background";
    m.band.membrane = table.required_text(r, "membrane");
    m.band.lane = table.repeat(r, "lane");
    m.band.arm = m.background ? table.text(r, "arm") : table.required_text(r, "arm");
    m.band.replicate = table.repeat(r, "replicate");
    m.band.protein = table.required_text(r, "protein");
    m.band.saturated = table.text(r, "saturated") == "yes";
    const auto box = boxes_.find(label);
    if (box == boxes_.end()) {
      table.wrong(r, "label", "unknown-label", fmt::format("'{}' was not measured", label),
                  core::did_you_mean(label, labels_));
      return;
    }
    m.box = box->second;
    m.band.volume = m.box.volume;
    meanings_.push_back(std::move(m));
  }

  // Mean grey value of the background boxes, those of the band's own lane first.
  std::optional<double> background_of(const Meaning& band) const {
    for (const bool own_lane : {true, false}) {
      double volume = 0.0, area = 0.0;
      for (const Meaning& m : meanings_)
        if (m.background && m.band.membrane == band.band.membrane && m.band.protein == band.band.protein &&
            (!own_lane || m.band.lane == band.band.lane)) {
          volume += m.box.volume;
          area += m.box.area;
        }
      if (area > 0.0) return volume / area;
    }
    return std::nullopt;
  }

  const std::map<std::string, Box>& boxes_;
  core::Diagnostics& problems_;
  std::vector<std::string> labels_;
  std::vector<Meaning> meanings_;
};

}  // namespace

std::vector<assays::BlotBand> read_densitometry_export(const NamedText& text, const NamedText& sheet) {
  core::Diagnostics problems;
  const Sheet lines = read_sheet(text, problems);
  const auto found = table_in(lines, is_imagej_header);
  // ImageJ's gel analyser numbers the peaks of a plot and names nothing.
  const bool peaks = !found && std::any_of(lines.lines.begin(), lines.lines.end(), [](const auto& line) {
    return has_cell(line, "area") && has_cell(line, "percent");
  });
  if (peaks) {
    problems.add(
        "no-labels", {text.file, 1, 0}, "label",
        "ImageJ's gel analysis numbers its peaks and does not say which lane and protein they are",
        "write a table with the columns membrane, lane, arm, replicate, protein, volume, background: the "
        "areas are volumes, with a background of 0");
    problems.throw_if_any();
  }
  if (!found) return read_densitometry(text);
  if (sheet.text.empty())
    problems.add("no-sheet", {text.file, 1, 0}, "--sheet",
                 "a table of ImageJ does not say which lane and protein a box is",
                 "give a sheet (label, membrane, lane, arm, replicate, protein, what): --sheet FILE");
  const std::map<std::string, Box> boxes = read_boxes(*found, problems);
  problems.throw_if_any();
  std::vector<assays::BlotBand> out = SheetReader(boxes, problems).read(sheet);
  problems.throw_if_any();
  return out;
}

}  // namespace stroma::io

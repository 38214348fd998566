#include "jobs/analyse/pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "io/file.hpp"
#include "io/picture.hpp"
#include "io/picture_sheets.hpp"
#include "io/png.hpp"
#include "report/laboratory_plates.hpp"
#include "report/words.hpp"
#include "stats/descriptive.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t shown = 12;       // overlays on the page; all are files
constexpr std::size_t page_side = 640;  // pixels

// Letters that a file name may have everywhere.
std::string plain(const std::string& name) {
  std::string out;
  for (const char c : name)
    out += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' ? c : '-';
  return out.substr(0, 60);
}

}  // namespace

void add_picture_options(core::Options& options, PictureOptions& own, const std::string& columns) {
  options.add("--sheet", own.sheet, "sample sheet (CSV) that says what each picture shows: " + columns);
  options.add("--pixel-size", own.um_per_pixel, "um per pixel, where the files do not say it or are wrong")
      .range(1e-4, 1e5)
      .in("um");
  options
      .add("--largest-picture", own.largest,
           "million values (width x height x channels) of the largest picture that is read")
      .says_default()
      .range(1.0, 4000.0);
}

report::Table pictures_table() {
  return {"pictures",
          "Pictures",
          "",
          {"file", "width (px)", "height (px)", "channels", "bits", "um per pixel", "from", "notes"},
          {}};
}

imaging::Image load_picture(const fs::path& path, const PictureOptions& options, report::Table* about) {
  io::PictureLimits limits;
  limits.values = static_cast<std::uint64_t>(1e6 * options.largest);
  imaging::Image image = io::read_picture(io::read_file(path), io::printable(path), limits);
  if (options.um_per_pixel) {
    image.um_per_pixel = options.um_per_pixel;
    image.pixel_size_source = "--pixel-size";
  }
  if (about == nullptr) return image;
  std::string channels, notes;
  for (const imaging::Channel& c : image.channels) channels += (channels.empty() ? "" : ", ") + c.name;
  for (const std::string& note : image.notes) notes += (notes.empty() ? "" : "; ") + note;
  about->rows.push_back({io::printable(path), static_cast<double>(image.width),
                         static_cast<double>(image.height), channels, static_cast<double>(image.bits),
                         or_missing(image.um_per_pixel), image.pixel_size_source, notes});
  return image;
}

bool is_named(const std::string& in_sheet, const fs::path& path) {
  return in_sheet == path.string() || in_sheet == path.filename().string();
}

void match_sheet(const std::vector<fs::path>& files, const std::vector<std::string>& in_sheet,
                 const std::string& sheet, core::Diagnostics& problems) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const fs::path& file : files) {
    names.push_back(file.filename().string());
    if (!seen.insert(file.string()).second)
      problems.add("duplicate-file", {io::printable(file), 0, 0}, {}, "this picture is given twice");
    if (std::none_of(in_sheet.begin(), in_sheet.end(),
                     [&](const std::string& s) { return is_named(s, file); }))
      problems.add("not-in-sheet", {io::printable(file), 0, 0}, {},
                   fmt::format("no line of '{}' names this picture", sheet),
                   core::did_you_mean(names.back(), in_sheet));
  }
  for (const std::string& name : std::set<std::string>(in_sheet.begin(), in_sheet.end())) {
    const auto meant =
        std::count_if(files.begin(), files.end(), [&](const fs::path& f) { return is_named(name, f); });
    if (meant == 0)
      problems.add("no-such-picture", {sheet, 0, 0}, name,
                   fmt::format("the sheet names '{}', which was not given", name),
                   core::did_you_mean(name, names));
    if (meant > 1)
      problems.add("ambiguous-picture", {sheet, 0, 0}, name,
                   fmt::format("'{}' means {} of the pictures given", name, meant),
                   "write the path in the sheet as it is on the command line");
  }
}

InputText required_sheet(const AnalyseRequest& request, const PictureOptions& options,
                         const std::string& unknown, const std::string& columns) {
  core::Diagnostics problems;
  if (request.files.empty())
    problems.add("no-files", {}, "files", "there is no picture to analyse", "give PNG, JPEG or TIFF files");
  if (options.sheet.empty())
    problems.add("no-sheet", {}, "--sheet", unknown + " is not known",
                 fmt::format("write a table with the columns {} and give it by --sheet", columns));
  problems.throw_if_any();
  return read_input(options.sheet);
}

std::vector<AssayFile> measured_files(const AnalyseRequest& request) {
  std::vector<AssayFile> out;
  for (const fs::path& file : request.files) out.push_back({file, false});
  return out;
}

std::vector<assays::FieldSample> field_samples(const AnalyseRequest& request, const PictureOptions& options,
                                               core::Understanding& to) {
  core::Diagnostics problems;
  if (request.files.empty())
    problems.add("no-files", {}, "files", "there is no picture to analyse",
                 "give PNG, JPEG, TIFF or OME-TIFF files");
  refuse_against(request, problems);
  problems.throw_if_any();
  std::vector<assays::FieldSample> out;
  if (options.sheet.empty()) {
    for (const fs::path& file : request.files) out.push_back({io::printable(file), "all pictures", "", ""});
    return out;
  }
  const InputText sheet = read_input(options.sheet);
  const std::vector<assays::FieldSample> lines = io::read_field_sheet(sheet.named(), &to);
  match_lines(request, lines, sheet.name);
  for (const fs::path& file : request.files) {
    const auto line =
        std::find_if(lines.begin(), lines.end(), [&](const auto& l) { return is_named(l.file, file); });
    out.push_back({io::printable(file), line->arm, line->subject, line->field});
  }
  return out;
}

void refuse_against(const AnalyseRequest& request, core::Diagnostics& problems) {
  if (!request.against.empty())
    problems.add("no-simulated-files", {io::printable(request.against), 0, 0}, "--against",
                 "no experiment simulates pictures of this assay", "leave --against out");
}

std::string Overlays::add(imaging::Canvas canvas, const std::function<void(imaging::Canvas&)>& draw,
                          const fs::path& picture, const std::string& caption,
                          const std::optional<double>& um_per_pixel) {
  imaging::Canvas small = imaging::shrunk(canvas, page_side);
  draw(canvas);
  draw(small);
  return keep(canvas, small, picture, caption, um_per_pixel);
}

std::string Overlays::add(const imaging::Canvas& canvas, const fs::path& picture, const std::string& caption,
                          const std::optional<double>& um_per_pixel) {
  return keep(canvas, imaging::shrunk(canvas, page_side), picture, caption, um_per_pixel);
}

std::string Overlays::keep(const imaging::Canvas& canvas, const imaging::Canvas& small,
                           const fs::path& picture, const std::string& caption,
                           const std::optional<double>& um_per_pixel) {
  ++count_;
  const std::string name = fmt::format("overlays/{:02}-{}.png", count_, plain(picture.stem().string()));
  const auto png = [](const imaging::Canvas& c, double size) {
    return io::png_bytes(c.width, c.height, c.rgb, size);
  };
  // A picture without a known size of its pixels is written with one metre per pixel, which pHYs calls
  // unknown.
  const double size = um_per_pixel.value_or(1e6);
  analysis_.files.emplace_back(name, png(canvas, size));
  if (pictures_.pictures.size() < shown)
    pictures_.pictures.push_back(
        {png(small, size * static_cast<double>(canvas.width) / static_cast<double>(small.width)), caption,
         "Overlay of " + caption});
  return name;
}

report::Pictures Overlays::done() {
  pictures_.note =
      count_ > shown
          ? fmt::format("The first {} of {} overlays; all are in the folder overlays at full size.", shown,
                        count_)
          : "At full size in the folder overlays.";
  return std::move(pictures_);
}

std::string web_colour(const imaging::Colour& colour) {
  return fmt::format("#{:02x}{:02x}{:02x}", colour[0], colour[1], colour[2]);
}

void add_readouts(report::Section& section, const std::vector<assays::FieldSample>& samples,
                  const std::vector<assays::FieldReadout>& readouts, const std::string& reference,
                  core::Diagnostics& warnings) {
  report::Table table{"subjects",
                      "Means by animal",
                      "Fields of one animal are averaged; arms are compared by animals.",
                      {"readout", "arm", "replicate", "fields", "mean"},
                      {}};
  std::vector<report::ArmValues> panels;  // one for each readout that has values
  for (const assays::FieldReadout& readout : readouts)
    for (const assays::SubjectMean& m : assays::subject_means(samples, readout.values)) {
      report::add_value(panels, readout.name, m.arm, m.mean, false);
      table.rows.push_back({readout.name, m.arm, m.subject, static_cast<double>(m.fields), m.mean});
    }
  if (!panels.empty()) {
    report::add_arms(section, "readouts", "By arm", "mean of an animal", panels, reference, {}, warnings);
    report::Bars& bars = std::get<report::Bars>(section.figures.back().content);
    for (report::BarPanel& panel : bars.panels) panel.y_title = panel.title;  // with its own unit
  }
  section.tables.push_back(std::move(table));
}

nlohmann::ordered_json subjects_json(const std::vector<assays::FieldSample>& samples,
                                     const std::vector<assays::FieldReadout>& readouts) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const assays::FieldReadout& readout : readouts)
    for (const assays::SubjectMean& m : assays::subject_means(samples, readout.values))
      out.push_back({{"readout", readout.name},
                     {"arm", m.arm},
                     {"replicate", m.subject},
                     {"fields", m.fields},
                     {"mean", m.mean}});
  return out;
}

std::string arms_summary(const std::vector<assays::FieldSample>& samples,
                         const assays::FieldReadout& readout) {
  std::vector<report::ArmValues> panels;
  for (const assays::SubjectMean& m : assays::subject_means(samples, readout.values))
    report::add_value(panels, "", m.arm, m.mean, false);
  std::string out;
  for (const report::ArmValues& panel : panels)
    for (std::size_t a = 0; a < panel.arms.size(); ++a)
      out += fmt::format("{}{}: {} {} on average (n = {})", out.empty() ? "" : "\n", panel.arms[a],
                         readout.name, report::print(stats::mean(panel.values[a])), panel.values[a].size());
  return out;
}

nlohmann::ordered_json or_null(const std::optional<double>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

}  // namespace stroma::jobs

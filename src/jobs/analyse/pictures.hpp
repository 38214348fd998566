// What the assays on pictures share: pictures read with the lines of the sample sheet that name them,
// overlays written and shown, fields averaged by animal and compared by arm.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "assays/picture_fields.hpp"
#include "imaging/image.hpp"
#include "imaging/overlay.hpp"
#include "jobs/analyse/analyse.hpp"
#include "jobs/analyse/inputs.hpp"

namespace stroma::jobs {

/// Options of every assay on pictures.
struct PictureOptions {
  std::filesystem::path sheet;
  std::optional<double> um_per_pixel;  ///< overrules what the file says
  double largest = 80.0;               ///< million values of a picture
};
void add_picture_options(core::Options& options, PictureOptions& own, const std::string& columns);

/// The picture at `path`, with the pixel size that the user gave. One line about it goes to `about`, unless
/// that is null.
imaging::Image load_picture(const std::filesystem::path& path, const PictureOptions& options,
                            report::Table* about);
/// An empty table for `load_picture`.
report::Table pictures_table();

/// Whether a line of a sheet means this file: its path as given, or its name alone.
bool is_named(const std::string& in_sheet, const std::filesystem::path& path);

/// Adds a diagnostic for every picture without a line, every line without its picture, and two pictures of
/// one name.
void match_sheet(const std::vector<std::filesystem::path>& files, const std::vector<std::string>& in_sheet,
                 const std::string& sheet, core::Diagnostics& problems);

/// The sheet of an assay that cannot do without; throws where it or the pictures are missing. `unknown`: what
/// nobody knows without it; `columns`: those it needs.
InputText required_sheet(const AnalyseRequest& request, const PictureOptions& options,
                         const std::string& unknown, const std::string& columns);

/// How the pictures of a request were read, from the lines of `load_picture`: how many of which size, where
/// the size of a pixel comes from, and resolutions that were not taken for it.
void understand_pictures(const report::Table& about, const PictureOptions& options, core::Understanding& to);

/// Arms with the number of their subjects and pictures, and who is independent.
void understand_arms(const PictureOptions& options, const std::vector<assays::FieldSample>& samples,
                     core::Understanding& to);

/// The arm that the others are compared with, and how it was found, from the lines of a sheet (or the fields)
/// in their order.
template <class Line>
std::string reference_in(const std::vector<Line>& lines, const AnalyseRequest& request,
                         const std::string& file, Analysis& analysis) {
  std::vector<std::string> arms;
  for (const Line& line : lines) arms.push_back(line.arm);
  return reference_of(arms, request.reference, false, file, analysis.warnings, analysis.understanding);
}

/// Puts what limits a headline beside it: below the lines for the terminal, and above the last section.
void add_notes(Analysis& analysis, const std::vector<std::string>& notes);

/// "0.15" or "0.12 to 0.18 (median 0.15)" of the values that there are.
std::string range_words(std::vector<double> values);

/// Reads every line's `file` and throws where sheet and pictures do not agree.
template <class Line>
void match_lines(const AnalyseRequest& request, const std::vector<Line>& lines, const std::string& sheet) {
  std::vector<std::string> names;
  for (const Line& line : lines) names.push_back(line.file);
  core::Diagnostics problems;
  match_sheet(request.files, names, sheet, problems);
  problems.throw_if_any();
}

/// The pictures of a request as `for_each_file` takes them.
std::vector<AssayFile> measured_files(const AnalyseRequest& request);

/// The fields of a request, one per file in the order of the files; without a sheet every picture is a
/// subject of the arm "all pictures".
std::vector<assays::FieldSample> field_samples(const AnalyseRequest& request, const PictureOptions& options,
                                               core::Understanding& to);

/// Says that an assay has no simulated counterpart where --against asks for one.
void refuse_against(const AnalyseRequest& request, core::Diagnostics& problems);

/// Overlays of one analysis: each a file overlays/<name>.png, the first ones also on the page, made smaller.
class Overlays {
 public:
  Overlays(Analysis& analysis, report::Pictures pictures)
      : analysis_(analysis), pictures_(std::move(pictures)) {}
  /// `draw` draws on the picture: on one of full size for the file, and where the page shows it on a smaller
  /// one, so that lines can be seen there. Returns the file's path in the result folder.
  std::string add(imaging::Canvas canvas, const std::function<void(imaging::Canvas&)>& draw,
                  const std::filesystem::path& picture, const std::string& caption,
                  const std::optional<double>& um_per_pixel);
  /// The same of a canvas that is drawn already.
  std::string add(const imaging::Canvas& canvas, const std::filesystem::path& picture,
                  const std::string& caption, const std::optional<double>& um_per_pixel);
  report::Pictures done();

 private:
  std::string keep(const imaging::Canvas& canvas, const imaging::Canvas& small,
                   const std::filesystem::path& picture, const std::string& caption,
                   const std::optional<double>& um_per_pixel);
  Analysis& analysis_;
  report::Pictures pictures_;
  std::size_t count_ = 0;
};

/// A colour as the page writes it, "#rrggbb".
std::string web_colour(const imaging::Colour& colour);

/// Adds to the section: a table of means by animal, and for each readout bars by arm with their tests.
void add_readouts(report::Section& section, const std::vector<assays::FieldSample>& samples,
                  const std::vector<assays::FieldReadout>& readouts, const std::string& reference,
                  core::Diagnostics& warnings);

/// The readouts by subject, for machines.
nlohmann::ordered_json subjects_json(const std::vector<assays::FieldSample>& samples,
                                     const std::vector<assays::FieldReadout>& readouts);

/// One line for each arm and the readout.
std::string arms_summary(const std::vector<assays::FieldSample>& samples,
                         const assays::FieldReadout& readout);

/// A number for a table or JSON: absent is missing.
inline double or_missing(const std::optional<double>& value) {
  return value.value_or(report::missing);
}
nlohmann::ordered_json or_null(const std::optional<double>& value);

}  // namespace stroma::jobs

#include "jobs/report_files.hpp"

#include <fmt/format.h>

#include <exception>

#include "core/errors.hpp"
#include "io/file.hpp"
#include "report/figures.hpp"
#include "report/html.hpp"

namespace stroma::jobs {

std::vector<std::string> write_report(store::OutputFolder& folder, const report::Report& page,
                                      store::Renderer* renderer, Progress& progress) {
  std::vector<std::string> files;
  const auto write = [&](const std::string& name, const std::string& bytes) {
    folder.write(name, bytes);
    files.push_back(name);
  };
  const std::vector<report::FigureFile> figures = report::figure_files(page);
  for (const report::FigureFile& figure : figures) write("figures/" + figure.id + ".vl.json", figure.spec);
  for (const report::FigureFile& figure : figures) write("tables/figure-" + figure.id + ".csv", figure.csv);
  for (const report::TableFile& table : report::table_files(page))
    write("tables/" + table.id + ".csv", table.csv);
  std::vector<store::Drawing> drawings;
  for (const report::FigureFile& figure : figures) drawings.push_back({figure.id, figure.spec});
  try {
    if (renderer != nullptr && !figures.empty()) renderer->draw(drawings, folder.path() / "figures");
  } catch (const core::InternalError& error) {
    progress.note(
        fmt::format("figures/*.svg are not complete ({}); please report this as a bug", error.what()));
  } catch (const std::exception& error) {
    // Whatever the renderer did, the page is what the run was made for.
    progress.note(
        fmt::format("figures/*.svg are missing ({}); the report offers every figure as SVG", error.what()));
  }
  folder.write("report.html", report::render_html(page));
  return files;
}

std::string report_line(const std::filesystem::path& folder) {
  return fmt::format("report: {}\n", io::printable(std::filesystem::absolute(folder / "report.html")));
}

}  // namespace stroma::jobs

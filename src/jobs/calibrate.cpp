// `calibrate`: fits the constants of a calibration file and writes result.csv beside it.
#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "core/csv.hpp"
#include "core/section.hpp"
#include "core/units.hpp"
#include "io/csv.hpp"
#include "io/file.hpp"
#include "io/toml.hpp"
#include "jobs/machine.hpp"
#include "jobs/paths.hpp"
#include "jobs/requests.hpp"
#include "store/run_ledger.hpp"
#include "study/calibration.hpp"
#include "study/keys.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;

study::Calibration load(const fs::path& file) {
  core::Diagnostics problems;
  const core::Node document = io::read_toml(io::read_text_file(file), io::printable(file), problems);
  problems.throw_if_any();
  core::Section top(document, study::calibration_keys(), problems);
  top.schema();
  study::Calibration c;
  c.title = top.text("title");
  top.text("model");
  const std::string experiment = top.text("experiment"), data = top.text("data");
  c.seed = static_cast<std::uint64_t>(top.whole("seed"));
  const auto parameters = top.tables("parameter");
  top.finish();
  problems.throw_if_any();
  c.study = store::load_experiment(file.parent_path() / experiment, model_search());
  const fs::path data_file = file.parent_path() / data;
  const core::Table table =
      io::read_csv(io::read_text_file(data_file), io::printable(data_file), {}, problems);
  c.data = study::read_calibration_data(table, problems);
  c.parameters = study::read_calibration_parameters(parameters, *c.study.model, problems);
  study::check_calibration(c, table, problems);
  problems.throw_if_any();
  return c;
}

}  // namespace

Result calibrate(const CalibrateRequest& request, Session& session) {
  const fs::path& file = request.file;
  const study::Calibration c = load(file);
  const fs::path output = request.output.empty() ? file.parent_path() / "result.csv" : request.output;
  if (fs::exists(output) && !request.force) {
    core::Diagnostics problems;
    problems.add("not-empty", {io::printable(output), 0, 0}, "output", "the result file exists",
                 "use --force to replace it");
    problems.throw_if_any();
  }
  const int threads = thread_count(request.threads);
  std::optional<store::RunLedger> ledger;
  if (!request.ledger.empty()) ledger.emplace(request.ledger);
  const study::CalibrationResult result = study::calibrate(
      c, threads, ledger ? &*ledger : nullptr,
      [&](int iteration, double chi_square, std::span<const double>) {
        session.progress.step(fmt::format("iteration {}: chi-square {:.2f}", iteration, chi_square));
      });
  const std::vector<std::string> columns = {"address", "estimate", "low95", "high95", "unit", "start"};
  std::vector<std::vector<core::CsvValue>> rows;
  Result out;
  out.text = fmt::format("{}\nchi-square of {} data: {:.2f} (at the start {:.2f})\n", c.title, c.data.size(),
                         result.chi_square, result.chi_square_at_start);
  for (std::size_t p = 0; p < c.parameters.size(); ++p) {
    const study::CalibrationParameter& parameter = c.parameters[p];
    const model::Variable& v = parameter.variable;
    const double half = 1.96 * result.log_sd[p], estimate = result.estimates[p];
    const bool inside = std::isfinite(half);  // else at the edge of its range, and that is all that is known
    const double low = inside ? estimate * std::exp(-half) : parameter.low;
    const double high = inside ? estimate * std::exp(half) : parameter.high;
    rows.push_back({v.address, estimate, low, high, v.unit, v.value});
    out.text += fmt::format("{:<44} {:.4g} {} [{:.4g}, {:.4g}]{}, was {:.4g}\n", v.address, estimate, v.unit,
                            low, high, inside ? "" : " (at the edge of its range)", v.value);
  }
  for (std::size_t i = 0; i < c.data.size(); ++i)
    out.text += fmt::format("  {:<14} dose {:>7.4g} uM: measured {:.4g} (sd {:.3g}), simulated {:.4g}\n",
                            c.data[i].quantity, core::in_unit(c.data[i].dose, "uM"), c.data[i].value,
                            c.data[i].sd, result.predicted[i]);
  io::write_file_atomically(output, core::write_csv(columns, rows));
  out.text += fmt::format("result: {}\n", io::printable(output));
  return out;
}

Job calibrate_job() {
  return make_job<CalibrateRequest>(
      "calibrate", "fit the parameters of a calibration file to its data",
      [](Job& job, CalibrateRequest& request) {
        job.options().add("file", request.file, "calibration (TOML)").required();
        job.options().add("-o,--output", request.output, "result file (default: beside the calibration)");
        job.options().add("--ledger", request.ledger,
                          "file that keeps finished simulations, so that a fit goes on where it stopped");
        add_threads(job, request.threads);
        job.options().add("--force", request.force, "replace an earlier result");
        job.options().add("--quiet", job.shown->quiet, "no progress");
      },
      calibrate);
}

}  // namespace stroma::jobs

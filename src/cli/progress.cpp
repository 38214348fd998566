#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "jobs/duration.hpp"

namespace stroma::cli {

using jobs::duration_text;

ProgressPrinter::ProgressPrinter(const jobs::Shown& shown)
    : style_(shown.quiet || shown.silent  ? Style::quiet
             : shown.json                 ? Style::json
             : isatty(STDERR_FILENO) != 0 ? Style::terminal
                                          : Style::lines),
      json_(shown.json) {}

ProgressPrinter::~ProgressPrinter() {
  close();
}

void ProgressPrinter::close() {
  if (open_line_) fmt::print(stderr, "\n");
  open_line_ = false;
}

bool ProgressPrinter::due(bool last) {
  if (style_ == Style::quiet) return false;
  const Clock::time_point now = Clock::now();
  const std::chrono::duration<double> pause(style_ == Style::terminal ? 0.2 : 5.0);
  if (!last && now - shown_ < pause) return false;
  shown_ = now;
  return true;
}

double ProgressPrinter::seconds() const {
  return std::chrono::duration<double>(Clock::now() - begin_).count();
}

void ProgressPrinter::say(const std::string& text) {
  if (style_ == Style::terminal) {
    fmt::print(stderr, "\r{}\033[K", text);
    open_line_ = true;
  } else {
    fmt::print(stderr, "{}\n", text);
  }
}

void ProgressPrinter::vessels(const jobs::VesselsDone& p) {
  if (!due(p.done == p.total)) return;
  const double so_far = seconds();
  if (style_ == Style::json) {
    fmt::print(
        stderr,
        "{{\"done\":{},\"total\":{},\"reused\":{},\"failed\":{},\"cell_steps\":{},\"seconds\":{:.1f}}}\n",
        p.done, p.total, p.reused, p.failed, p.cell_steps, so_far);
    return;
  }
  // Only what was really run tells how long the rest will take.
  const double run = p.work_done - p.work_reused;
  const double left = run > 0 ? so_far / run * std::max(0.0, p.work_total - p.work_done) : 0.0;  // rounding
  const double percent = p.work_total > 0 ? 100.0 * p.work_done / p.work_total : 100.0;
  const std::string rate =
      p.cell_steps > 0 && so_far > 0
          ? fmt::format(", {:.2g} cell steps/s", static_cast<double>(p.cell_steps) / so_far)
          : "";
  say(fmt::format("{:3.0f} %  {} of {} vessels ({} from the ledger{}){}, {} left", percent, p.done, p.total,
                  p.reused, p.failed > 0 ? fmt::format(", {} failed", p.failed) : "", rate,
                  duration_text(left)));
}

void ProgressPrinter::time(const jobs::TimeReached& p) {
  if (!due(p.last)) return;
  const double so_far = seconds();
  if (style_ == Style::json) {
    fmt::print(stderr, "{{\"time_h\":{:.6g},\"end_h\":{:.6g},\"cells\":{},\"seconds\":{:.2f}}}\n", p.now,
               p.end, p.cells, so_far);
    return;
  }
  const double done = 60.0 * (p.now - p.begin), total = 60.0 * (p.end - p.begin);
  const double left = done > 0.0 ? so_far * (total - done) / done : 0.0;
  say(fmt::format("{:3.0f} %  {:.1f} of {:.6g} h, {} cells, {:.2g} h/min, {} left",
                  total > 0.0 ? 100.0 * done / total : 100.0, p.now, p.end, p.cells,
                  so_far > 0.0 ? done / so_far : 0.0, done > 0.0 ? duration_text(left) : "?"));
}

void ProgressPrinter::step(const std::string& what) {
  if (style_ != Style::quiet) fmt::print(stderr, "{}\n", what);
}

void ProgressPrinter::warning(const std::string& what) {
  if (style_ != Style::quiet) fmt::print(stderr, "warning: {}\n", what);
}

void ProgressPrinter::note(const std::string& what) {
  fmt::print(stderr, "note: {}\n", what);
}

void ProgressPrinter::part(const std::string& line, const nlohmann::ordered_json& json) {
  if (!json_)
    fmt::print("{}", line);
  else if (!json.is_null())
    fmt::print("{}\n", json.dump());
  if (std::fflush(stdout) != 0) throw std::system_error(errno, std::generic_category());
}

}  // namespace stroma::cli

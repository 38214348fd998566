#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace stroma::cli {

ProgressPrinter::ProgressPrinter(bool quiet, bool json)
    : style_(quiet                        ? Style::quiet
             : json                       ? Style::json
             : isatty(STDERR_FILENO) != 0 ? Style::terminal
                                          : Style::lines) {}

ProgressPrinter::~ProgressPrinter() {
  if (open_line_) fmt::print(stderr, "\n");
}

std::string duration_text(double seconds) {
  const auto whole = std::lround(seconds);
  if (seconds < 10.0) return fmt::format("{:.1f} s", seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

void ProgressPrinter::show(const study::Progress& p) {
  if (style_ == Style::quiet) return;
  const Clock::time_point now = Clock::now();
  const std::chrono::duration<double> pause(style_ == Style::terminal ? 0.2 : 5.0);
  const bool last = p.done == p.total;
  if (!last && now - last_ < pause) return;
  last_ = now;
  const double seconds = std::chrono::duration<double>(now - begin_).count();
  // Only what was really run tells how long the rest will take.
  const double run = p.work_done - p.work_reused;
  const double left = run > 0 ? seconds / run * (p.work_total - p.work_done) : 0.0;
  const double percent = p.work_total > 0 ? 100.0 * p.work_done / p.work_total : 100.0;
  if (style_ == Style::json) {
    fmt::print(
        stderr,
        "{{\"done\":{},\"total\":{},\"reused\":{},\"failed\":{},\"cell_steps\":{},\"seconds\":{:.1f}}}\n",
        p.done, p.total, p.reused, p.failed, p.cell_steps, seconds);
    return;
  }
  const std::string rate =
      p.cell_steps > 0 && seconds > 0
          ? fmt::format(", {:.2g} cell steps/s", static_cast<double>(p.cell_steps) / seconds)
          : "";
  const std::string text = fmt::format(
      "{:3.0f} %  {} of {} vessels ({} from the ledger{}){}, {} left", percent, p.done, p.total, p.reused,
      p.failed > 0 ? fmt::format(", {} failed", p.failed) : "", rate, duration_text(left));
  if (style_ == Style::terminal) {
    fmt::print(stderr, "\r{}\033[K", text);
    open_line_ = true;
  } else {
    fmt::print(stderr, "{}\n", text);
  }
}

}  // namespace stroma::cli

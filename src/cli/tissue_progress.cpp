#include "cli/tissue_progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "cli/progress.hpp"

namespace stroma::cli {

TissueProgress::TissueProgress(const CommonOptions& options, core::Tick begin, core::Tick end)
    : quiet_(options.quiet), json_(options.json), start_(begin), end_(end) {
  terminal_ = !quiet_ && !json_ && isatty(2) != 0;
}

TissueProgress::~TissueProgress() {
  if (open_) fmt::print(stderr, "\n");
}

void TissueProgress::show(const tissue::TissueState& s, bool last) {
  if (quiet_) return;
  const Clock::time_point now = Clock::now();
  if (!last && now - shown_ < std::chrono::duration<double>(terminal_ ? 0.2 : 5.0)) return;
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - begin_).count();
  const double done = core::minutes(s.tick - start_), total = core::minutes(end_ - start_);
  const double left = done > 0.0 ? seconds * (total - done) / done : 0.0;
  if (json_) {
    fmt::print(stderr, "{{\"time_h\":{:.6g},\"end_h\":{:.6g},\"cells\":{},\"seconds\":{:.2f}}}\n",
               core::minutes(s.tick) / 60.0, core::minutes(end_) / 60.0, s.cells(), seconds);
    return;
  }
  const std::string text = fmt::format(
      "{:3.0f} %  {:.1f} of {:.6g} h, {} cells, {:.2g} h/min, {} left",
      total > 0.0 ? 100.0 * done / total : 100.0, core::minutes(s.tick) / 60.0, core::minutes(end_) / 60.0,
      s.cells(), seconds > 0.0 ? done / seconds : 0.0, done > 0.0 ? duration_text(left) : "?");
  if (terminal_) {
    fmt::print(stderr, "\r{}\033[K", text);
    open_ = true;
  } else {
    fmt::print(stderr, "{}\n", text);
  }
}

}  // namespace stroma::cli

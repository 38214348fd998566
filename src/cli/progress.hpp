// Progress on stderr: a line that is overwritten on a terminal, plain lines elsewhere, JSON lines for
// machines, or nothing.
#pragma once

#include <chrono>

#include "jobs/job.hpp"

namespace stroma::cli {

class ProgressPrinter : public jobs::Progress {
 public:
  explicit ProgressPrinter(const jobs::Shown& shown);
  ~ProgressPrinter() override;
  ProgressPrinter(const ProgressPrinter&) = delete;
  ProgressPrinter& operator=(const ProgressPrinter&) = delete;

  void vessels(const jobs::VesselsDone& done) override;
  void time(const jobs::TimeReached& reached) override;
  void step(const std::string& what) override;
  void warning(const std::string& what) override;
  void note(const std::string& what) override;
  void part(const std::string& line, const nlohmann::ordered_json& json) override;
  /// Ends a line that would be overwritten.
  void close();

 private:
  enum class Style { terminal, lines, json, quiet };
  using Clock = std::chrono::steady_clock;
  /// Whether it is time to say something; `last` is always said.
  bool due(bool last);
  double seconds() const;
  void say(const std::string& text);

  Style style_;
  bool json_ = false;
  Clock::time_point begin_ = Clock::now(), shown_{};
  bool open_line_ = false;
};

}  // namespace stroma::cli

#include "study/findings.hpp"

#include <algorithm>
#include <map>

#include "core/columns.hpp"
#include "stats/comparison.hpp"
#include "study/keys.hpp"

namespace stroma::study {
namespace {

std::vector<double> values_of(std::span<const Readout> readouts, const Finding& f, const std::string& arm,
                              int n, int& missing) {
  std::vector<double> values;
  for (const Readout& r : readouts) {
    if (r.metric != f.readout || r.system != f.system || r.arm != arm || (n > 0 && r.replicate >= n))
      continue;
    if (r.value) {
      values.push_back(*r.value);
    } else {
      ++missing;
    }
  }
  return values;
}

}  // namespace

std::string to_string(Direction d) {
  return d == Direction::up ? "up" : d == Direction::down ? "down" : "same";
}
std::string to_string(Role r) {
  return r == Role::calibrated ? "calibrated" : "predicted";
}
std::string to_string(Verdict v) {
  return v == Verdict::reproduced     ? "reproduced"
         : v == Verdict::contradicted ? "contradicted"
                                      : "inconclusive";
}

std::vector<Finding> read_findings(const core::Table& table, core::Diagnostics& problems) {
  std::vector<Finding> findings;
  const core::Keys& columns = finding_columns();
  if (!core::check_columns(table, columns, problems)) return findings;
  std::map<std::string, int> seen;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const core::Row row(table, i, problems);
    Finding f;
    f.id = row.required_text("id");
    f.figure = row.text("figure");
    f.system = row.required_text("system");
    f.readout = row.required_text("readout");
    f.arm = row.required_text("arm");
    f.reference_arm = row.required_text("reference_arm");
    const std::string expected = row.choice("expected", columns.find("expected")->words);
    f.expected = expected == "down" ? Direction::down : expected == "same" ? Direction::same : Direction::up;
    f.role =
        row.choice("role", columns.find("role")->words) == "calibrated" ? Role::calibrated : Role::predicted;
    f.experiment = row.required_text("experiment");
    f.note = row.text("note");
    const int line = row.place().line;
    const auto [first, is_new] = seen.try_emplace(f.id, line);
    if (!is_new)
      row.wrong("id", "duplicate-id", "'" + f.id + "' is already on line " + std::to_string(first->second));
    findings.push_back(std::move(f));
  }
  return findings;
}

Verdict judge(Direction expected, double low, double high) {
  if (expected == Direction::same) {
    if (low > -equivalence_margin && high < equivalence_margin) return Verdict::reproduced;
    return low > equivalence_margin || high < -equivalence_margin ? Verdict::contradicted
                                                                  : Verdict::inconclusive;
  }
  const bool up = low > 0.0, down = high < 0.0;
  if (!up && !down) return Verdict::inconclusive;
  return up == (expected == Direction::up) ? Verdict::reproduced : Verdict::contradicted;
}

Comparison compare(const Finding& f, std::span<const Readout> readouts, int n) {
  int missing = 0;
  const std::vector<double> arm = values_of(readouts, f, f.arm, n, missing);
  const std::vector<double> reference = values_of(readouts, f, f.reference_arm, n, missing);
  Comparison c;
  c.n = static_cast<int>(std::min(arm.size(), reference.size()));
  if (arm.empty() || reference.empty()) {
    c.why_not = "no value of " + f.readout + " in arm '" + (arm.empty() ? f.arm : f.reference_arm) + "' of " +
                f.system;
    return c;
  }
  const stats::ComparisonOutcome outcome = stats::compare_log2_ratio(arm, reference);
  if (const auto* not_comparable = std::get_if<stats::NotComparable>(&outcome)) {
    c.why_not = not_comparable->reason;
    return c;
  }
  const auto& result = std::get<stats::Comparison>(outcome);
  c.effect = result.effect;
  c.low = result.ci.low;
  c.high = result.ci.high;
  c.p = result.p;
  c.test = result.test;
  c.verdict = judge(f.expected, result.ci.low, result.ci.high);
  if (missing > 0) c.why_not = std::to_string(missing) + " replicates without a value were left out";
  return c;
}

}  // namespace stroma::study

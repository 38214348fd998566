#include "study/agreement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "core/maths.hpp"
#include "core/units.hpp"
#include "stats/comparison.hpp"
#include "stats/t_test.hpp"

namespace stroma::study {
namespace {

using Key = std::tuple<std::string, std::string, std::string>;

Key key_of(const Readout& r) {
  return {r.metric, r.system, r.arm};
}

std::string words_of(const Key& key) {
  return fmt::format("{}, {}, {}", std::get<0>(key), std::get<1>(key), std::get<2>(key));
}

// The arms of a table, each once, in its order.
std::vector<Key> keys_of(std::span<const Readout> readouts) {
  std::vector<Key> keys;
  std::set<Key> seen;
  for (const Readout& r : readouts)
    if (seen.insert(key_of(r)).second) keys.push_back(key_of(r));
  return keys;
}

std::vector<double> values_of(std::span<const Readout> readouts, const Key& key) {
  std::vector<double> values;
  for (const Readout& r : readouts)
    if (key_of(r) == key && r.value) values.push_back(*r.value);
  return values;
}

std::vector<double> log2_of(std::vector<double> values) {
  for (double& value : values) value = core::maths::log2(value);
  return values;
}

/// Why the values of one side cannot be compared; empty where they can.
std::string obstacle(const std::vector<double>& values, const char* side) {
  if (values.size() < 2)
    return fmt::format("{} {} value{}, at least 2 are needed", values.size(), side,
                       values.size() == 1 ? "" : "s");
  for (const double value : values)
    if (!(value > 0.0)) return fmt::format("a {} value is {:.6g}, which has no logarithm", side, value);
  return {};
}

void test(ArmAgreement& arm, double margin) {
  arm.why_not = obstacle(arm.measured, "measured");
  if (arm.why_not.empty()) arm.why_not = obstacle(arm.simulated, "simulated");
  if (!arm.why_not.empty()) return;
  const stats::ComparisonOutcome outcome = stats::compare_log2_ratio(arm.simulated, arm.measured);
  if (const auto* reason = std::get_if<stats::NotComparable>(&outcome)) {
    arm.why_not = reason->reason;
    return;
  }
  const auto& comparison = std::get<stats::Comparison>(outcome);
  arm.shift = comparison.effect;
  arm.low = comparison.ci.low;
  arm.high = comparison.ci.high;
  const stats::EquivalenceTest equivalence =
      stats::equivalence_test(log2_of(arm.simulated), log2_of(arm.measured), -margin, margin);
  arm.p_equivalence = equivalence.p;
  const bool excludes_zero = *arm.low > 0.0 || *arm.high < 0.0;
  arm.verdict = equivalence.equivalent ? Agreement::equivalent
                : excludes_zero        ? Agreement::off
                                       : Agreement::undecided;
}

}  // namespace

std::string to_string(Agreement agreement) {
  switch (agreement) {
    case Agreement::equivalent:
      return "equivalent";
    case Agreement::off:
      return "off";
    case Agreement::undecided:
      return "undecided";
    case Agreement::untested:
      break;
  }
  return "untested";
}

std::vector<Readout> read_readouts(const core::Table& table, core::Diagnostics& problems) {
  std::vector<Readout> readouts;
  if (!core::check_columns(table, {"metric", "system", "arm", "replicate", "value"},
                           {"experiment", "time_h", "note"}, problems))
    return readouts;
  // The same readout may be taken by several experiments: a replicate is theirs.
  std::set<std::tuple<std::string, Key, int>> seen;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const core::Row row(table, i, problems);
    Readout r;
    r.metric = row.required_text("metric");
    r.system = row.required_text("system");
    r.arm = row.required_text("arm");
    const double replicate = row.quantity("replicate", core::dimension::none, core::Range::closed(1.0, 1e6));
    const bool whole = std::floor(replicate) == replicate;
    if (!whole) row.wrong("replicate", "not-whole", "a replicate is a whole number from 1");
    r.replicate = static_cast<int>(replicate) - 1;
    if (!row.text("value").empty())
      r.value = row.quantity("value", core::dimension::none, core::Range::closed(-1e300, 1e300));
    if (whole &&
        !seen.insert({table.column("experiment") ? row.text("experiment") : "", key_of(r), r.replicate})
             .second)
      row.wrong("replicate", "given-twice",
                fmt::format("replicate {} of {} is there twice", r.replicate + 1, words_of(key_of(r))),
                "technical wells are averaged before they come here");
    readouts.push_back(std::move(r));
  }
  return readouts;
}

AgreementResult compare(std::span<const Readout> measured, std::span<const Readout> simulated,
                        double margin) {
  AgreementResult result;
  const std::vector<Key> known = keys_of(simulated), wanted = keys_of(measured);
  for (const Key& key : wanted) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      result.only_measured.push_back(words_of(key));
      continue;
    }
    ArmAgreement arm{std::get<0>(key),
                     std::get<1>(key),
                     std::get<2>(key),
                     values_of(measured, key),
                     values_of(simulated, key),
                     {},
                     {},
                     {},
                     {},
                     Agreement::untested,
                     {}};
    test(arm, margin);
    result.arms.push_back(std::move(arm));
  }
  for (const Key& key : known)
    if (std::find(wanted.begin(), wanted.end(), key) == wanted.end())
      result.only_simulated.push_back(words_of(key));
  return result;
}

}  // namespace stroma::study

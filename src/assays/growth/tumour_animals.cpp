#include "assays/growth/tumour_animals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "stats/straight_line.hpp"

namespace stroma::assays {
namespace {

using Key = std::pair<std::string, std::string>;  // arm, animal: numbers may begin anew in every arm

std::string animals_in_words(std::size_t n) {
  return fmt::format("{} animal{}", n, n == 1 ? "" : "s");
}

// One cause is one message: how many animals it concerns, and the first of them.
struct Examples {
  std::size_t count = 0;
  std::string shown;

  void add(const std::string& one) {
    constexpr std::size_t most = 4;
    if (++count <= most) shown += (shown.empty() ? "" : "; ") + one;
    if (count == most + 1) shown += "; ...";
  }
  const std::string& text() const { return shown; }
};

struct Firsts {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
};

Firsts first_days(const std::vector<AnimalGrowth>& animals) {
  Firsts out;
  for (const AnimalGrowth& a : animals) {
    if (a.points.empty()) continue;
    out.low = std::min(out.low, a.points.front().day);
    out.high = std::max(out.high, a.points.front().day);
  }
  return out;
}

// "m1L" and "m1R", "7 left" and "7 right": the same animal under two names.
std::string without_side(const std::string& name) {
  std::string lower = name;
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  for (const std::string_view side : {"left", "right", "l", "r"}) {
    if (lower.size() <= side.size() || !lower.ends_with(side)) continue;
    std::string stem = lower.substr(0, lower.size() - side.size());
    const bool cut = stem.back() == '-' || stem.back() == '_' || stem.back() == ' ' || stem.back() == '.';
    while (!stem.empty() &&
           (stem.back() == '-' || stem.back() == '_' || stem.back() == ' ' || stem.back() == '.'))
      stem.pop_back();
    if (!stem.empty() && (cut || (stem.back() >= '0' && stem.back() <= '9'))) return stem;
  }
  return {};
}

}  // namespace

std::vector<AnimalGrowth> gather_animals(const std::vector<TumourVolume>& volumes,
                                         core::Diagnostics& warnings) {
  core::Diagnostics problems;
  std::vector<AnimalGrowth> out;
  std::map<Key, std::size_t> index;
  std::map<Key, std::set<std::string>> tumours;
  std::map<Key, std::map<double, std::map<std::string, const TumourVolume*>>> days;
  for (const TumourVolume& v : volumes) {
    const Key key{v.arm, v.animal};
    if (index.emplace(key, out.size()).second) out.push_back({v.animal, v.arm, {}, {}, 0.0, true});
    tumours[key].insert(v.tumour);
    const auto [first, fresh] = days[key][v.day].emplace(v.tumour, &v);
    if (!fresh)
      problems.add(
          "measured-twice", v.place, v.animal,
          fmt::format(
              "animal '{}' has two volumes on day {:g} (the other in line {}): measured twice, or two "
              "tumours of one animal",
              v.animal, v.day, first->second->place.line),
          "leave one out, or say which tumour it is in a column 'tumour' (such as left, right)");
  }
  problems.throw_if_any();
  std::size_t several = 0, incomplete = 0;
  for (const auto& [key, names] : tumours) {
    AnimalGrowth& animal = out[index.at(key)];
    several += names.size() > 1;
    for (const auto& [day, measured] : days.at(key)) {
      if (measured.size() < names.size()) {
        ++incomplete;  // a sum without one of its tumours would look like shrinkage
        continue;
      }
      double sum = 0.0;
      for (const auto& [name, v] : measured) sum += v->volume;
      animal.points.push_back({day, sum});
    }
  }
  if (several > 0)
    warnings.add(
        "several-tumours", {}, "tumour",
        fmt::format("{} animals carry more than one tumour: their volumes were added up, and animals are the "
                    "subjects; flanks of one animal are not independent",
                    several));
  if (incomplete > 0)
    warnings.add("incomplete-animal", {}, "tumour",
                 fmt::format("{} times not all tumours of an animal were measured: these days were left out",
                             incomplete));
  return out;
}

void warn_of_flanks(const std::vector<AnimalGrowth>& animals, core::Diagnostics& warnings) {
  std::map<Key, int> stems;
  for (const AnimalGrowth& a : animals)
    if (const std::string stem = without_side(a.animal); !stem.empty()) ++stems[{a.arm, stem}];
  std::string examples;
  std::size_t pairs = 0;
  for (const auto& [key, n] : stems)
    if (n > 1 && pairs++ < 3) examples += (examples.empty() ? "" : ", ") + key.second;
  if (pairs > 0)
    warnings.add(
        "pseudo-replication", {}, "animal",
        fmt::format("{} names look like the two flanks of one animal ({}): they were counted as {} animals",
                    2 * pairs, examples, 2 * pairs),
        "name the animal in one column and the flank in another, 'tumour'; flanks are not independent");
}

void warn_of_gaps(const std::vector<AnimalGrowth>& animals, core::Diagnostics& warnings) {
  std::map<std::string, std::map<double, std::size_t>> days;
  std::map<std::string, std::size_t> in_arm;
  for (const AnimalGrowth& a : animals) {
    ++in_arm[a.arm];
    for (const VolumePoint& p : a.points) ++days[a.arm][p.day];
  }
  Examples gaps, left;
  for (const AnimalGrowth& a : animals) {
    if (a.points.empty()) continue;
    std::string missing;
    bool early = false;
    for (const auto& [day, n] : days[a.arm]) {
      if (2 * n < in_arm[a.arm]) continue;  // few animals were measured: no day of the plan
      const bool there = std::any_of(a.points.begin(), a.points.end(),
                                     [day = day](const VolumePoint& p) { return p.day == day; });
      if (there) continue;
      early = early || day > a.points.back().day;
      if (day < a.points.back().day) missing += fmt::format("{}{:g}", missing.empty() ? "" : ", ", day);
    }
    if (!missing.empty()) gaps.add(fmt::format("'{}' ({}) on day {}", a.animal, a.arm, missing));
    if (early) left.add(fmt::format("'{}' ({}) on day {:g}", a.animal, a.arm, a.points.back().day));
  }
  if (gaps.count > 0)
    warnings.add(
        "missing-days", {}, "day",
        fmt::format("{} {} not measured on every day of {} arm: {}", animals_in_words(gaps.count),
                    gaps.count == 1 ? "was" : "were", gaps.count == 1 ? "its" : "their", gaps.text()));
  if (left.count > 0)
    warnings.add(
        "left-early", {}, "day",
        fmt::format("{} {} last measured before others of {} arm: {}", animals_in_words(left.count),
                    left.count == 1 ? "was" : "were", left.count == 1 ? "its" : "their", left.text()),
        "means of the animals left are biased where those with large tumours leave first; the mixed model "
        "and the time to a volume use what was measured");
}

std::optional<double> start_at_baseline(std::vector<AnimalGrowth>& animals,
                                        const std::optional<double>& asked,
                                        core::Understanding& understanding, core::Diagnostics& warnings) {
  const Firsts firsts = first_days(animals);
  std::optional<double> baseline = asked;
  if (!baseline && firsts.low < 0.0) baseline = 0.0;
  if (!baseline) {
    understanding.assumed(
        "day of the first dose",
        firsts.low == firsts.high
            ? fmt::format("day {:g}, the first that was measured; volumes are relative to it", firsts.low)
            : fmt::format("each animal's first measurement, day {:g} to {:g}; volumes are "
                          "relative to it",
                          firsts.low, firsts.high),
        "--baseline DAY");
    return std::nullopt;
  }
  std::size_t before = 0, none = 0, earlier = 0, after = 0, on_or_before = 0;
  double furthest = 0.0;
  for (AnimalGrowth& a : animals) {
    const auto first_after = std::find_if(a.points.begin(), a.points.end(),
                                          [&](const VolumePoint& p) { return p.day > *baseline; });
    after += first_after != a.points.end();
    if (first_after == a.points.begin()) {
      a.has_baseline = false;
      none += !a.points.empty();
      continue;
    }
    ++on_or_before;
    const auto start = first_after - 1;
    before += static_cast<std::size_t>(start - a.points.begin());
    earlier += start->day < *baseline;
    furthest = std::max(furthest, *baseline - start->day);
    a.points.erase(a.points.begin(), start);
  }
  if (on_or_before == 0 || after == 0) {
    core::Diagnostics problems;
    problems.add(
        "bad-baseline", {}, "--baseline",
        fmt::format("no animal was measured {} day {:g}", after == 0 ? "after" : "on or before", *baseline),
        fmt::format("measurements begin on day {:g}", firsts.low));
    problems.throw_if_any();
  }
  const std::string what =
      fmt::format("day {:g}; volumes are relative to it{}", *baseline,
                  before > 0 ? fmt::format(", {} earlier measurements are not analysed", before) : "");
  if (asked)
    understanding.given("day of the first dose", what, "--baseline");
  else
    understanding.assumed("day of the first dose", what + " (days below 0 are before it)", "--baseline DAY");
  if (earlier > 0)
    warnings.add("baseline-before", {}, "day",
                 fmt::format("{} not measured on day {:g}: the last measurement before it, up to {:g} d "
                             "earlier, stands for it",
                             animals_in_words(earlier), *baseline, furthest));
  if (none > 0)
    warnings.add(
        "no-baseline", {}, "day",
        fmt::format("{} first measured after day {:g}: no volume relative to that day, and not among "
                    "the animals of the inhibition",
                    animals_in_words(none), *baseline));
  return baseline;
}

void add_slopes(std::vector<AnimalGrowth>& animals, core::Diagnostics& warnings) {
  std::size_t zeros = 0;
  Examples few;
  for (AnimalGrowth& a : animals) {
    std::vector<double> day, log_volume;
    for (const VolumePoint& p : a.points) {
      zeros += p.volume == 0.0;
      if (p.volume == 0.0) continue;
      day.push_back(p.day);
      log_volume.push_back(std::log(p.volume));
    }
    if (day.size() < 3) {
      few.add(fmt::format("'{}' ({}) has {}", a.animal, a.arm, day.size()));
      continue;
    }
    const stats::StraightLine line = stats::fit_straight_line(day, log_volume);
    a.slope = line.slope;
    a.slope_se = line.slope_se;
  }
  if (few.count > 0)
    warnings.add("few-volumes", {}, "volume",
                 fmt::format("{} with fewer than three volumes above 0 {} no slope of {} own: {}",
                             animals_in_words(few.count), few.count == 1 ? "has" : "have",
                             few.count == 1 ? "its" : "their", few.text()));
  if (zeros > 0)
    warnings.add(
        "volume-zero", {}, "volume",
        fmt::format("{} volumes are 0 and have no logarithm: slopes and means leave them out", zeros),
        "where tumours vanish, read the time to a volume");
}

}  // namespace stroma::assays

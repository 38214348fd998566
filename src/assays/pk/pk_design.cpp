#include "assays/pk/pk_design.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "stats/descriptive.hpp"

namespace stroma::assays {
namespace {

/// More than this share of the peak before a dose is no residue: the limit of bioequivalence studies (FDA,
/// Statistical Approaches to Establishing Bioequivalence, 2001: subjects above 5 % are left out).
constexpr double most_carried = 0.05;

constexpr std::size_t least_of_a_curve = 3;  // samples of a subject

using Samples = std::vector<const PkSample*>;

std::vector<PkArm> by_arm(std::span<const PkSample> samples, const PkOptions& options) {
  std::vector<PkArm> arms;
  for (const PkSample& s : samples) {
    std::string name = s.arm;
    if (options.doses == PkDoses::arms && s.dose > 0.0)
      name = fmt::format("{}dose {:g}", name == "all" ? "" : name + ", ", s.dose);
    auto found = std::find_if(arms.begin(), arms.end(), [&](const PkArm& a) { return a.name == name; });
    if (found == arms.end()) {
      found = arms.insert(arms.end(), PkArm{});
      found->name = name;
    }
    found->samples.push_back(s);
    found->samples.back().arm = name;
  }
  return arms;
}

// Two lines of one subject and time are one sample measured twice, or a line that was pasted twice: counted
// as two subjects they would shrink every interval.
void refuse_doubles(const std::vector<PkArm>& arms, core::Diagnostics& problems) {
  std::size_t doubled = 0;
  const PkSample *first = nullptr, *second = nullptr;
  for (const PkArm& arm : arms) {
    std::map<std::tuple<std::string, double, int>, const PkSample*> seen;
    for (const PkSample& s : arm.samples)
      if (const auto [there, fresh] = seen.emplace(std::tuple{s.subject, s.time, s.repeat}, &s); !fresh) {
        if (doubled++ > 0) continue;
        first = there->second;
        second = &s;
      }
  }
  if (doubled > 0)
    problems.add(
        "doubled-sample", second->place, "subject",
        fmt::format(
            "{} line{} repeat{} the subject and time of another: '{}' at {:g} h has one in line {} too",
            doubled, doubled == 1 ? "" : "s", doubled == 1 ? "s" : "", second->subject, second->time,
            first->place.line),
        "leave one out; number measurements of one sample in a column 'replicate', which are averaged; or "
        "give different animals different names");
}

// Measurements of one sample, averaged; one below the limit among others that are not is left out of the
// mean.
void average_repeats(PkArm& arm) {
  std::map<std::pair<std::string, double>, std::size_t> first;
  std::map<std::size_t, std::vector<double>> values;
  std::vector<PkSample> out;
  for (const PkSample& s : arm.samples) {
    const auto [there, fresh] = first.emplace(std::pair{s.subject, s.time}, out.size());
    if (fresh)
      out.push_back(s);
    else
      ++arm.repeats;
    if (s.concentration) values[there->second].push_back(*s.concentration);
  }
  for (const auto& [i, measured] : values) out[i].concentration = stats::mean(measured);
  arm.samples = std::move(out);
}

double mean_of(const Samples& samples) {
  double sum = 0.0;
  for (const PkSample* s : samples) sum += s->concentration.value_or(0.0);
  return samples.empty() ? 0.0 : sum / static_cast<double>(samples.size());
}

// The highest concentration is that of the first sample after the dose, or at time 0: what an injection into
// the vein looks like, and fast absorption too.
bool falls_from_the_start(const Samples& samples) {
  std::map<double, Samples> times;
  for (const PkSample* s : samples) times[std::max(0.0, s->time)].push_back(s);
  if (times.size() < 2) return false;
  const auto first_after = times.upper_bound(0.0);
  double later = 0.0;
  for (auto it = first_after; it != times.end(); ++it)
    if (it != first_after) later = std::max(later, mean_of(it->second));
  const double first = first_after == times.end() ? 0.0 : mean_of(first_after->second);
  const double zero = times.begin()->first == 0.0 ? mean_of(times.begin()->second) : 0.0;
  return first > later || zero > std::max(first, later);
}

bool looks_intravenous(const PkArm& arm) {
  if (arm.design != PkDesign::serial) return falls_from_the_start(arm.pointers());
  std::map<std::string, Samples> subjects;
  for (const PkSample& s : arm.samples) subjects[s.subject].push_back(&s);
  const auto falling = std::count_if(subjects.begin(), subjects.end(),
                                     [](const auto& one) { return falls_from_the_start(one.second); });
  return 2 * static_cast<std::size_t>(falling) > subjects.size();
}

// Mean before the dose or at time 0 over the highest mean after it; whether it holds up to the last sample's.
double share_before(const PkArm& arm, bool& as_at_the_end) {
  std::map<double, Samples> times;
  for (const PkSample& s : arm.samples) times[std::max(0.0, s.time)].push_back(&s);
  if (times.begin()->first > 0.0 || times.size() < 2) return 0.0;
  const double zero = mean_of(times.begin()->second), last = mean_of(times.rbegin()->second);
  double peak = 0.0;
  for (auto it = std::next(times.begin()); it != times.end(); ++it)
    peak = std::max(peak, mean_of(it->second));
  as_at_the_end = zero > 0.0 && zero >= 0.5 * last;
  return peak > 0.0 ? zero / peak : 0.0;
}

// Groups of subjects with the same times, each time of one group only: batches, or one sample each.
bool shares_no_time_but_with_its_like(const std::map<std::string, std::set<double>>& times) {
  std::map<double, const std::set<double>*> owner;
  for (const auto& [subject, own] : times)
    for (const double t : own)
      if (const auto [there, fresh] = owner.emplace(t, &own); !fresh && *there->second != own) return false;
  return true;
}

PkDesign design_of(const PkArm& arm) {
  std::map<std::string, std::set<double>> times;
  std::set<double> all;
  for (const PkSample& s : arm.samples) {
    times[s.subject].insert(std::max(0.0, s.time));
    all.insert(std::max(0.0, s.time));
  }
  if (std::all_of(times.begin(), times.end(), [](const auto& t) { return t.second.size() == 1; }))
    return PkDesign::destructive;
  // Batches: sets of times that several subjects share, and that have no time in common.
  std::map<std::set<double>, std::size_t> sets;
  for (const auto& [subject, own] : times) ++sets[own];
  const bool batches = sets.size() > 1 && shares_no_time_but_with_its_like(times) &&
                       std::all_of(sets.begin(), sets.end(), [](const auto& s) { return s.second > 1; });
  const auto whole = std::count_if(times.begin(), times.end(),
                                   [](const auto& t) { return t.second.size() >= least_of_a_curve; });
  return !batches && 2 * static_cast<std::size_t>(whole) > times.size() ? PkDesign::serial
                                                                        : PkDesign::batches;
}

void find_dose(PkArm& arm, const PkOptions& options, core::Diagnostics& problems,
               core::Understanding& understanding) {
  std::map<std::string, double> doses;
  for (const PkSample& s : arm.samples) {
    const auto [there, fresh] = doses.emplace(s.subject, s.dose);
    if (fresh || there->second == s.dose) continue;
    problems.add(
        "two-doses", s.place, "dose",
        fmt::format("'{}' ({}) has a dose of {:.4g} here and {:.4g} before", s.subject, arm.name, s.dose,
                    there->second),
        "one curve belongs to one dose: give each dose an arm of its own, or each animal its own name");
    return;
  }
  std::set<double> different;
  for (const auto& [subject, dose] : doses) different.insert(dose);
  if (different.size() == 1) {
    arm.dose = *different.begin();
    return;
  }
  // Doses scaled to each body differ a little and nearly all; two or three doses are groups. Assumption:
  // within a factor of 2.
  const bool scaled = different.size() >= 3 && 2 * different.size() > doses.size() &&
                      *different.begin() > 0.0 && *different.rbegin() < 2.0 * *different.begin();
  const std::string range =
      fmt::format("{} doses, {:.4g} to {:.4g}", different.size(), *different.begin(), *different.rbegin());
  if (arm.design == PkDesign::serial && (scaled || options.doses == PkDoses::individual)) {
    const std::string what =
        fmt::format("each subject of '{}' its own ({}); areas are not divided by them", arm.name, range);
    if (options.doses == PkDoses::individual)
      understanding.given("dose", what, "--doses");
    else
      understanding.assumed("dose", what, "--doses arms");
    return;
  }
  std::vector<core::Choice> choices{{"each dose is an arm of its own", "--doses arms"}};
  if (arm.design == PkDesign::serial)
    choices.push_back({"every subject has its own dose, and all belong together", "--doses individual"});
  problems.add("which-doses", arm.samples.front().place, "--doses",
               fmt::format("arm '{}' has {}: a mean over them is the curve of none", arm.name, range),
               core::choices(options.command, choices));
}

const char* const into_the_vein = "into the vein at once: the curve begins at C0";
const char* const absorbed = "absorbed (by mouth, under the skin, into the belly): the curve begins at 0";

void find_route(PkArm& arm, const PkOptions& options, core::Diagnostics& problems,
                core::Understanding& understanding) {
  Route said = arm.samples.front().route;
  bool as_at_the_end = false;
  arm.carried = share_before(arm, as_at_the_end);
  const bool drug_before = arm.carried > most_carried || as_at_the_end;
  if (options.route != Route::unsaid) {
    said = options.route;
    understanding.given("route", words_of(said), "--route");
  } else if (said != Route::unsaid) {
    understanding.found("route", fmt::format("{} ('{}')", words_of(said), arm.name));
  } else if (looks_intravenous(arm)) {
    problems.add(
        "which-route", arm.samples.front().place, "--route",
        fmt::format("arm '{}': the highest concentration is the first, as after an injection into the "
                    "vein or a fast absorption; nothing says how the drug was given",
                    arm.name),
        core::choices(options.command, std::vector<core::Choice>{{into_the_vein, "--route bolus"},
                                                                 {"into the vein over a time",
                                                                  "--route infusion --infusion-time HOURS"},
                                                                 {absorbed, "--route extravascular"}}) +
            "\n      where arms differ, say it in a column 'route'");
    return;
  } else {
    said = Route::extravascular;
    if (!drug_before || options.dosing != Dosing::unsaid)
      understanding.assumed("route", words_of(said) + ", as the curve rises first", "--route");
  }
  arm.shape.route = said;
  arm.shape.infusion = said == Route::infusion ? options.infusion : 0.0;
  if (options.dosing != Dosing::unsaid) {
    arm.shape.dosing = options.dosing;
    arm.shape.tau = options.tau;
    understanding.given(
        "dosing",
        options.dosing == Dosing::steady
            ? fmt::format("steady state, every {:g} h: areas are over one interval", options.tau)
            : std::string("a single dose"),
        "--dosing");
    return;
  }
  if (said != Route::bolus && drug_before) {
    problems.add(
        "which-dosing", arm.samples.front().place, "--dosing",
        fmt::format("arm '{}': there is drug at the time of the dose already ({:.0f} % of the peak): "
                    "one dose of many, or a residue",
                    arm.name, 100.0 * arm.carried),
        core::choices(
            options.command,
            std::vector<core::Choice>{{"the steady state of a repeated dose",
                                       fmt::format("--route {} --dosing steady-state --tau HOURS",
                                                   said == Route::infusion ? "infusion" : "extravascular")},
                                      {"a single dose; what was there before is a residue",
                                       fmt::format("--route {} --dosing single",
                                                   said == Route::infusion ? "infusion" : "extravascular")},
                                      {"a bolus, whose first sample is C0", "--route bolus"}}));
    return;
  }
  arm.shape.dosing = Dosing::single;
  understanding.assumed("dosing", "a single dose at time 0", "--dosing");
}

// What was taken before the dose stands at its time, where nothing was taken then.
void move_predose(PkArm& arm, core::Understanding& understanding) {
  std::set<std::string> at_zero;
  for (const PkSample& s : arm.samples)
    if (s.time == 0.0) at_zero.insert(s.subject);
  std::size_t dropped = 0;
  std::map<std::string, double> latest;
  for (const PkSample& s : arm.samples)
    if (s.time < 0.0) {
      const auto there = latest.find(s.subject);
      if (there == latest.end() || s.time > there->second) latest[s.subject] = s.time;
    }
  std::erase_if(arm.samples, [&](PkSample& s) {
    if (s.time >= 0.0) return false;
    const bool kept =
        arm.shape.route != Route::bolus && !at_zero.contains(s.subject) && latest[s.subject] == s.time;
    if (kept) {
      s.time = 0.0;
      ++arm.before;
    } else {
      ++dropped;
    }
    return !kept;
  });
  if (arm.before > 0)
    understanding.found("before the dose",
                        fmt::format("{} sample{} of '{}' stand{} at time 0", arm.before,
                                    arm.before == 1 ? "" : "s", arm.name, arm.before == 1 ? "s" : ""));
  if (dropped > 0)
    understanding.found("before the dose", fmt::format("{} sample{} of '{}' left out", dropped,
                                                       dropped == 1 ? "" : "s", arm.name));
}

void say_arm(const PkArm& arm, core::Understanding& understanding, core::Diagnostics& warnings) {
  const std::size_t n = arm.subjects().size();
  const std::string subjects = fmt::format("'{}': {} subject{}", arm.name, n, n == 1 ? "" : "s");
  understanding.found(
      "independent unit",
      arm.design == PkDesign::serial ? subjects + ", a whole curve each: areas per subject, and their mean"
      : arm.design == PkDesign::destructive
          ? subjects + ", one sample each: the area of the means (Bailer)"
          : subjects + ", a few samples each, which belong together: the area of the means (Holder)");
  if (arm.repeats > 0)
    understanding.found("replicate", fmt::format("{} repeated measurements of samples of '{}' were averaged",
                                                 arm.repeats, arm.name));
  if (arm.carried > 0.0 && arm.shape.dosing == Dosing::single && arm.shape.route != Route::bolus)
    warnings.add("drug-before-dose", {}, arm.name,
                 fmt::format("arm '{}': drug at the time of the dose already, {:.2g} % of the peak: the area "
                             "holds it",
                             arm.name, 100.0 * arm.carried));
}

void check_times(const PkArm& arm, core::Diagnostics& problems) {
  std::set<double> times;
  for (const PkSample& s : arm.samples) times.insert(s.time);
  if (times.size() < 3)
    problems.add(
        "few-times", arm.samples.front().place, "time",
        fmt::format("arm '{}' has {} sampling times; a curve needs at least three", arm.name, times.size()));
  for (const PkSample& s : arm.samples)
    if (s.route != arm.samples.front().route) {
      problems.add("two-routes", s.place, "route", fmt::format("arm '{}' has two routes", arm.name),
                   "give each route an arm of its own");
      return;
    }
}

}  // namespace

std::string words_of(Route route) {
  switch (route) {
    case Route::bolus:
      return "bolus, into the vein at once";
    case Route::infusion:
      return "infusion, into the vein";
    default:
      return "extravascular, absorbed";
  }
}

std::vector<const PkSample*> PkArm::pointers() const {
  std::vector<const PkSample*> out;
  for (const PkSample& s : samples) out.push_back(&s);
  return out;
}

std::vector<std::string> PkArm::subjects() const {
  std::vector<std::string> out;
  for (const PkSample& s : samples)
    if (std::find(out.begin(), out.end(), s.subject) == out.end()) out.push_back(s.subject);
  return out;
}

std::vector<PkArm> arrange_arms(std::span<const PkSample> samples, const PkOptions& options,
                                core::Understanding& understanding, core::Diagnostics& warnings) {
  core::Diagnostics problems;
  std::vector<PkArm> arms = by_arm(samples, options);
  refuse_doubles(arms, problems);
  problems.throw_if_any();
  for (PkArm& arm : arms) {
    average_repeats(arm);
    arm.design = design_of(arm);
    find_dose(arm, options, problems, understanding);
    check_times(arm, problems);
  }
  problems.throw_if_any();
  for (PkArm& arm : arms) find_route(arm, options, problems, understanding);
  problems.throw_if_any();
  for (PkArm& arm : arms) {
    move_predose(arm, understanding);
    say_arm(arm, understanding, warnings);
  }
  return arms;
}

}  // namespace stroma::assays

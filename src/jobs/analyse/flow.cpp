// `analyse flow`: annexin V and a dye of dead cells, tubes as FCS files of any cytometer.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assays/flow/flow_gating.hpp"
#include "core/units.hpp"
#include "jobs/analyse/flow_words.hpp"
#include "report/words.hpp"

namespace stroma::jobs {
namespace {

using report::AnalysedTube;

std::string percent(double share) {
  return report::print(100.0 * share) + " %";
}

/// "annexin=200,death=150"; `pi` for `death` too.
assays::QuadrantGate read_gate(const std::string& text) {
  std::map<std::string, double> values;
  std::size_t begin = 0;
  core::Diagnostics problems;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string part = text.substr(begin, end - begin);
    const std::size_t equals = part.find('=');
    const core::ParsedNumber number =
        core::parse_number(equals == std::string::npos ? "" : part.substr(equals + 1));
    std::string name = part.substr(0, std::min(equals, part.size()));
    if (name == "pi") name = "death";
    if (!number.error.empty() || (name != "annexin" && name != "death") ||
        !values.emplace(name, number.value).second)
      problems.add("bad-gate", {}, "--gate", fmt::format("'{}' is no gate", part),
                   "write annexin=200,death=150");
    begin = end + 1;
  }
  if (problems.empty() && values.size() != 2)
    problems.add("bad-gate", {}, "--gate", "a gate needs both thresholds", "write annexin=200,death=150");
  problems.throw_if_any();
  return {values.at("annexin"), values.at("death")};
}

/// The lowest forward scatter of --debris: a number, "none" (no gate), or nothing (found).
std::optional<double> read_debris(const std::string& text) {
  if (text.empty() || text == "none") return std::nullopt;
  const core::ParsedNumber number = core::parse_number(text);
  if (!number.error.empty() || !(number.value > 0.0))
    throw core::InputError({{"bad-debris",
                             {},
                             "--debris",
                             fmt::format("'{}' is no forward scatter", text),
                             "write the lowest forward scatter of a cell, or none"}});
  return number.value;
}

/// The analysis of one command, step by step.
class Flow {
 public:
  Flow(const AnalyseRequest& request, const FlowOptions& options) : request_(request), options_(options) {}

  Analysis run() {
    core::Diagnostics problems;
    const FlowSheet sheet = read_flow_sheet(options_.sheet);
    const std::vector<AssayFile> files = assay_files(request_, ".fcs", "FCS files, one per tube", problems);
    problems.throw_if_any();
    for_each_file(files, problems, [&](const AssayFile& file) { read_tubes(file, options_, tubes_); });
    name_tubes(tubes_, sheet, options_, request_.command, understanding_, problems);
    problems.throw_if_any();
    say_reference();
    say_unit(tubes_, options_, understanding_, warnings_);
    choose_channels();
    say_scale(tubes_, options_, understanding_, warnings_);
    gate_debris();
    for (const bool simulated : {false, true}) set_gates(tubes_of(simulated));
    say_notes(tubes_, understanding_);
    return finish();
  }

 private:
  std::vector<AnalysedTube*> tubes_of(bool simulated) {
    std::vector<AnalysedTube*> out;
    for (AnalysedTube& tube : tubes_.all)
      if (tube.simulated == simulated) out.push_back(&tube);
    return out;
  }

  static assays::Tubes samples_of(const std::vector<AnalysedTube*>& tubes) {
    assays::Tubes out;
    for (const AnalysedTube* tube : tubes) out.push_back(&tube->sample);
    return out;
  }

  /// Of the measured tubes, or of the simulated ones where there are no others.
  void say_reference() {
    std::vector<std::string> arms;
    for (const bool simulated : {false, true})
      if (arms.empty())
        for (const AnalysedTube* tube : tubes_of(simulated)) arms.push_back(tube->sample.arm);
    reference_ = reference_of(arms, request_.reference, false, {}, warnings_, understanding_);
  }

  /// One channel for each role, the same in all measured tubes.
  void choose_channels() {
    core::Diagnostics problems;
    std::set<std::string> asked;
    for (AnalysedTube& tube : tubes_.all) try {
        const assays::FlowChannels c =
            assays::choose_channels(tube.sample, tube.simulated ? "" : options_.annexin,
                                    tube.simulated ? "" : options_.death, request_.command);
        tube.annexin = tube.sample.channels[c.annexin.channel].name;
        tube.pi = tube.sample.channels[c.death.channel].name;
        tube.dye = c.dye;
        if (c.forward && c.side) report::keep_scatter(tube, *c.forward, *c.side);
        if (!tube.simulated && channels_.insert({tube.annexin, tube.pi}).second) say_channels(tube, c);
      } catch (const core::InputError& error) {
        for (const core::Diagnostic& d : error.diagnostics())
          if (asked.insert(d.code + d.hint).second) problems.add(d);  // one question for all tubes
      }
    problems.throw_if_any();
    if (channels_.size() > 1)
      throw core::InputError(
          {{"channels-differ",
            {},
            "--annexin",
            fmt::format(
                "the tubes show annexin V and dead cells in different channels ({}): they cannot share "
                "gates",
                report::listed(channel_pairs())),
            "analyse them apart, or name the channels by --annexin and --death"}});
  }

  std::vector<std::string> channel_pairs() const {
    std::vector<std::string> out;
    for (const auto& [annexin, death] : channels_) out.push_back(annexin + " with " + death);
    return out;
  }

  void say_channels(const AnalysedTube& tube, const assays::FlowChannels& c) {
    const auto say = [&](const char* about, const assays::ChosenChannel& chosen, const char* option) {
      const std::string words = assays::channel_words(tube.sample.channels[chosen.channel]);
      if (chosen.given)
        understanding_.given(about, words, option);
      else if (chosen.assumed)
        understanding_.assumed(about, words + ", as annexin V is mostly sold; no stain says it", option);
      else
        understanding_.found(about, words, option);
    };
    say("annexin V", c.annexin, "--annexin");
    say("dead cells", c.death, "--death");
  }

  /// Debris is left out of measured tubes by one threshold of forward scatter.
  void gate_debris() {
    const std::vector<AnalysedTube*> some = tubes_of(false);
    if (some.empty()) return;
    const auto given = read_debris(options_.debris);
    const std::string forward = some.front()->forward;
    const bool everywhere = std::all_of(some.begin(), some.end(), [&](const AnalysedTube* t) {
      return !forward.empty() && t->forward == forward && channel_index(t->sample, forward).has_value();
    });
    if (options_.debris == "none") {
      understanding_.given("debris", "not looked for", "--debris");
      return;
    }
    if (!everywhere) {
      if (given)
        throw core::InputError({{"no-scatter",
                                 {},
                                 "--debris",
                                 "the tubes have no common channel of forward scatter to set a gate on",
                                 "leave --debris out"}});
      understanding_.assumed("debris", "none: the files have no forward and side scatter to tell it by", {});
      return;
    }
    const std::size_t channel = *channel_index(some.front()->sample, forward);
    const assays::DebrisGate found = assays::debris_gate(same_place(some, forward, channel), channel);
    debris_ = given ? given : found.threshold;
    if (debris_) {
      remove_debris(some, forward, given.has_value());
    } else {
      understanding_.found("debris",
                           fmt::format("none stands apart from cells in {}; nothing was left out", forward),
                           "--debris");
      if (found.low_share > 0.1)
        warnings_.add(
            "debris-possible", {}, forward,
            fmt::format("{} of all events have less than 0.4 of the forward scatter of cells ({}), and no "
                        "gap sets them apart: debris may be among the events",
                        percent(found.low_share), report::print(found.cells)),
            "look at the figure Scatter and set the lowest scatter of a cell by --debris");
    }
  }

  static std::optional<std::size_t> channel_index(const assays::FlowSample& sample, const std::string& name) {
    for (std::size_t c = 0; c < sample.channels.size(); ++c)
      if (sample.channels[c].name == name) return c;
    return std::nullopt;
  }

  /// The tubes that have the channel at the place of the first one; tubes of one export do.
  static assays::Tubes same_place(const std::vector<AnalysedTube*>& tubes, const std::string& name,
                                  std::size_t channel) {
    assays::Tubes out;
    for (const AnalysedTube* tube : tubes)
      if (channel_index(tube->sample, name) == channel) out.push_back(&tube->sample);
    return out;
  }

  void remove_debris(const std::vector<AnalysedTube*>& tubes, const std::string& forward, bool given) {
    std::size_t removed = 0, all = 0;
    double least = 1.0, most = 0.0;
    forward_ = forward;
    for (AnalysedTube* tube : tubes) {
      const std::size_t events = tube->sample.event_count();
      const std::size_t n =
          assays::remove_debris(tube->sample, *channel_index(tube->sample, forward), *debris_);
      tube->least_fsc = *debris_;
      removed += n;
      all += events;
      const double share = events > 0 ? static_cast<double>(n) / static_cast<double>(events) : 0.0;
      least = std::min(least, share);
      most = std::max(most, share);
    }
    const double share = all > 0 ? static_cast<double>(removed) / static_cast<double>(all) : 0.0;
    const std::string words =
        fmt::format("events with {} below {} left out: {} of all ({} to {} by tube)", forward,
                    report::print(*debris_), percent(share), percent(least), percent(most));
    if (given)
      understanding_.given("debris", words, "--debris");
    else
      understanding_.assumed("debris", words + ", the gap below the cells' peak", "--debris");
  }

  assays::FlowSample control(const std::filesystem::path& file, const std::string& annexin,
                             const std::string& death) {
    FlowControl read = read_control(file, options_, tubes_);
    const bool tubes_compensated = std::any_of(tubes_.facts.begin(), tubes_.facts.end(),
                                               [](const TubeFacts& f) { return !f.matrix.empty(); });
    if (read.compensated != tubes_compensated)
      warnings_.add("compensation-differs", {io::printable(file), 0, 0}, {},
                    read.compensated
                        ? "the control is compensated by its matrix, and the tubes carry none"
                        : "the tubes are compensated by their matrix, and the control carries none: "
                          "its negative events do not show where theirs end",
                    "export all alike, or leave all as they are by --no-compensation");
    assays::FlowSample sample = std::move(read.sample);
    for (const std::string& name : {annexin, death})
      if (!channel_index(sample, name))
        throw core::InputError({{"unknown-channel",
                                 {io::printable(file), 0, 0},
                                 name,
                                 fmt::format("the control has no channel '{}', which the tubes have", name),
                                 "give a control of the same instrument and panel"}});
    if (const auto channel = channel_index(sample, forward_); debris_ && channel)
      assays::remove_debris(sample, *channel, *debris_);
    return sample;
  }

  /// One gate for measured tubes, one for simulated ones.
  void set_gates(const std::vector<AnalysedTube*>& some) {
    if (some.empty()) return;
    const AnalysedTube& first = *some.front();
    const assays::Tubes samples = samples_of(some);
    const bool controls = !(options_.unstained.empty() && options_.live.empty());
    assays::AutomaticGate gate;
    std::string how;
    if (!options_.gate.empty() && !first.simulated) {
      gate = assays::judge_gate(read_gate(options_.gate), samples, first.annexin, first.pi);
      how = "set by hand";
    } else if (controls && !first.simulated) {
      assays::FlowSample unstained, live;
      if (!options_.unstained.empty()) unstained = control(options_.unstained, first.annexin, first.pi);
      if (!options_.live.empty()) live = control(options_.live, first.annexin, first.pi);
      gate = assays::control_gate(options_.unstained.empty() ? nullptr : &unstained,
                                  options_.live.empty() ? nullptr : &live, samples, first.annexin, first.pi);
      how =
          "above the negative events of the controls (their 99 % quantile), between negative and positive "
          "events "
          "where these stand apart";
      say_control(gate);
    } else {
      gate = assays::automatic_gate(samples, first.annexin, first.pi);
      const bool apart = gate.annexin.separated, too = gate.pi.separated;
      const std::string edge =
          "at the 99 % edge of the negative events, from which positive ones do not stand apart";
      how =
          "where the two components of a normal mixture of log fluorescence, fitted to all tubes together, "
          "are "
          "equally likely";
      if (!apart && !too) how = edge;
      if (apart != too) how += fmt::format(" ({}: {})", apart ? first.pi : first.annexin, edge);
    }
    warn_of_gates(first, gate, controls || !options_.gate.empty());
    say_gate(first, gate, how);
    for (AnalysedTube* tube : some) {
      tube->gate = gate.gate();
      tube->quadrants = assays::analyse_flow(tube->sample, tube->gate, tube->annexin, tube->pi);
    }
  }

  void say_control(const assays::AutomaticGate& gate) {
    if (options_.live.empty()) return;
    const double share = std::max(gate.annexin.control, gate.pi.control);
    understanding_.given("live control",
                         fmt::format("{} holds {} annexin V positive and {} dead cells",
                                     io::printable(options_.live.filename()), percent(gate.annexin.control),
                                     percent(gate.pi.control)),
                         "--live");
    if (share > 0.02)
      warnings_.add(
          "dying-control", {io::printable(options_.live), 0, 0}, "--live",
          fmt::format("{} of the live control's events lie beyond the gate: it holds dying cells of its "
                      "own. The gate was set on its negative events, not on a quantile of all",
                      percent(share)),
          "look at the cytograms, or set thresholds by --gate");
  }

  void warn_of_gates(const AnalysedTube& first, const assays::AutomaticGate& gate, bool given) {
    for (const auto& [name, fact] : {std::pair{first.annexin, gate.annexin}, {first.pi, gate.pi}}) {
      if (!given && !fact.separated)
        warnings_.add(
            "not-separated", {}, name,
            fmt::format("channel '{}': negative and positive events do not stand apart (D = {}, two "
                        "populations from 2 on): the threshold {} is the 99 % edge of all events, and "
                        "positive events may hide below it",
                        name, report::print(fact.separation), report::print(fact.value)),
            "give controls (--unstained, --live) or thresholds (--gate)");
      else if (given && fact.negatives_cut > 0.1)
        warnings_.add(
            "gate-in-population", {}, name,
            fmt::format("channel '{}': the threshold {} lies inside the tubes' negative events, {} of "
                        "which it counts as positive{}",
                        name, report::print(fact.value), percent(fact.negatives_cut),
                        options_.live.empty() && !options_.unstained.empty()
                            ? ": unstained cells do not show where stained negative ones end"
                            : ""),
            "give a stained control of live cells (--live) or thresholds (--gate)");
    }
  }

  void say_gate(const AnalysedTube& first, const assays::AutomaticGate& gate, const std::string& how) {
    const std::string words =
        fmt::format("annexin V above {} ({}), dead above {} ({}), {}", report::print(gate.annexin.value),
                    first.annexin, report::print(gate.pi.value), first.pi, how);
    const char* about = first.simulated ? "gates of simulated tubes" : "gates";
    if (first.simulated || (options_.gate.empty() && options_.unstained.empty() && options_.live.empty()))
      understanding_.assumed(about, words, first.simulated ? "" : "--gate, --unstained, --live");
    else
      understanding_.given(about, words, options_.gate.empty() ? "--unstained, --live" : "--gate");
    gates_ += fmt::format("{}Quadrants{}: {}", gates_.empty() ? "" : ". ",
                          first.simulated ? " of simulated tubes" : "", words);
  }

  Analysis finish() {
    Analysis out;
    const bool compensated = std::any_of(tubes_.facts.begin(), tubes_.facts.end(),
                                         [](const TubeFacts& f) { return !f.matrix.empty(); });
    out.title = "Apoptosis by flow cytometry";
    out.question = fmt::format("Do more cells die than in {}?", reference_);
    out.sections.push_back(report::flow_section(tubes_.all, reference_, warnings_));
    out.methods = fmt::format(
        "{}. Apoptotic events are annexin V positive, early {} negative and late {} positive. {}{}{}{}",
        gates_, tubes_.all.front().dye, tubes_.all.front().dye,
        tubes_.logarithmic > 0 ? "Channels of logarithmic amplifiers were put on the linear scale. " : "",
        compensated
            ? "Spillover between channels was taken out by the inverse of the matrix that the files carry. "
            : "Events were not compensated. ",
        debris_ ? fmt::format("Events with a forward scatter below {} were taken for debris. ",
                              report::print(*debris_))
                : "",
        tests_between_arms);
    out.references = {{"vermes1995", "Vermes I, et al. J. Immunol. Methods 184, 39 (1995).",
                       "https://doi.org/10.1016/0022-1759(95)00072-I"}};
    out.results = flow_json(tubes_);
    for (const AnalysedTube& t : tubes_.all)
      out.summary += fmt::format(
          "{}{}: {} events, {} % apoptotic", out.summary.empty() ? "" : "\n", t.name, t.quadrants.events,
          report::print(t.quadrants.apoptotic ? 100.0 * *t.quadrants.apoptotic : report::missing));
    out.warnings = std::move(warnings_);
    out.understanding = std::move(understanding_);
    return out;
  }

  const AnalyseRequest& request_;
  const FlowOptions& options_;
  FlowTubes tubes_;
  std::set<std::pair<std::string, std::string>> channels_;  // of annexin V and of dead cells
  std::optional<double> debris_;
  std::string reference_, forward_, gates_;
  core::Understanding understanding_;
  core::Diagnostics warnings_;
};

Analysis analyse_tubes(const AnalyseRequest& request, const FlowOptions& options) {
  return Flow(request, options).run();
}

void declare_flow(core::Options& options, FlowOptions& own) {
  options.add("--gate", own.gate, "thresholds: annexin=200,death=150");
  options.add("--unstained", own.unstained, "control without dyes, to set the gates on").excludes("--gate");
  options
      .add("--live", own.live, "control of stained live cells; dying ones among them do not move the gates")
      .excludes("--gate");
  options.add("--sheet", own.sheet, "table of the tubes: file, arm, replicate, technical");
  options
      .add("--arms", own.arms,
           "what the files' names say: name_number (arm, then the number of its experiment) or name "
           "(every file is an arm)")
      .choices({"name_number", "name"})
      .excludes("--sheet");
  options.add("--annexin", own.annexin,
              "channel of annexin V: its name, stain or number (default: by its stain)");
  options.add("--death,--pi", own.death,
              "channel of the dye of dead cells, such as PI or 7-AAD: its name, stain or number (default: by "
              "its stain)");
  options.add("--debris", own.debris,
              "lowest forward scatter of a cell, or none (default: where debris stands apart)");
  options.add("--no-compensation", own.uncompensated,
              "leave the events as they are where files carry a spillover matrix");
}

}  // namespace

Job flow_job() {
  return make_assay<FlowOptions>("flow", "annexin V and a dye of dead cells: gates and fractions",
                                 "FCS files, one per tube, named ARM_REPLICATE.fcs unless --sheet says more",
                                 Shares::against | Shares::reference, declare_flow, analyse_tubes);
}

}  // namespace stroma::jobs

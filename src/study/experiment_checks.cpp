#include "study/experiment_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "study/measure.hpp"

namespace stroma::study {
namespace {

// The tables of `[[key]]`, or of a single one.
std::vector<const core::Node*> tables_of(const core::Node* parent, const char* key) {
  std::vector<const core::Node*> out;
  const core::Node* found = parent == nullptr ? nullptr : parent->find(key);
  if (found == nullptr) return out;
  if (found->kind == core::Node::Kind::table) return {found};
  for (const core::Node& item : found->items)
    if (item.kind == core::Node::Kind::table) out.push_back(&item);
  return out;
}

class Checker {
 public:
  Checker(const core::Node& document, const Experiment& e, const model::Model& model,
          core::Diagnostics& problems)
      : document_(document), plate_(document.find("plate")), e_(e), model_(model), problems_(problems) {
    for (const ReadoutSpec& readout : e.readouts) last_ = std::max(last_, readout.at);
  }

  void all() {
    check_checkpoints();
    check_times();
    check_cultures();
    check_arms();
    readings();
  }

  void readings() {
    check_readouts();
    check_twice();
    check_plates();
  }

 private:
  void cannot_act(const core::Place& place, const std::string& key, const std::string& why,
                  const std::string& hint = {}) {
    problems_.add("cannot-act", place, key, fmt::format("{}: {}", key, why), hint);
  }

  core::Place place_in(const core::Node& table, const char* key) const {
    const core::Node* found = table.find(key);
    return found == nullptr ? table.place : found->place;
  }

  // Nothing that happens at or after the last reading can be seen.
  void check_times() {
    if (!e_.has_plate || last_.count == 0) return;
    const auto check = [&](const core::Node& node, const TreatmentSpec& treatment, const char* path) {
      if (treatment.until >= last_)
        cannot_act(place_in(node, "until"), fmt::format("{}.until", path),
                   fmt::format("a wash-out at {} cannot act: the last reading is at {}",
                               time_words(treatment.until), time_words(last_)),
                   "wash out earlier, or read later");
      const core::Tick again{treatment.at.count + std::max(1, treatment.times - 1) * treatment.every.count};
      if (treatment.at < last_ && treatment.every.count > 0 && again >= last_)
        cannot_act(place_in(node, treatment.times > 0 ? "times" : "every"),
                   fmt::format("{}.{}", path, treatment.times > 0 ? "times" : "every"),
                   fmt::format("a dose at {} cannot act: the last reading is at {}", time_words(again),
                               time_words(last_)));
      if (treatment.at < last_) return;
      cannot_act(place_in(node, "at"), fmt::format("{}.at", path),
                 fmt::format("a treatment at {} cannot act: the last reading is at {}",
                             time_words(treatment.at), time_words(last_)),
                 "treat earlier, or read later");
    };
    const auto common = tables_of(plate_, "treatment");
    const auto arms = tables_of(plate_, "arm");
    for (std::size_t a = 0; a < e_.arms.size(); ++a) {
      const std::vector<TreatmentSpec>& given = e_.arms[a].treatments;
      for (std::size_t t = 0; a == 0 && t < common.size() && t < given.size(); ++t)
        check(*common[t], given[t], "plate.treatment");
      if (a >= arms.size()) continue;
      const auto own = tables_of(arms[a], "treatment");
      for (std::size_t t = 0; t < own.size() && common.size() + t < given.size(); ++t)
        check(*own[t], given[common.size() + t], "plate.arm.treatment");
    }
    if (e_.renewal.count > 0 && e_.renewal >= last_)
      cannot_act(place_in(*plate_, "renewal"), "plate.renewal",
                 fmt::format("a change of the medium every {} cannot act: the last reading is at {}",
                             time_words(e_.renewal), time_words(last_)));
  }

  void check_checkpoints() {
    core::Tick longest = e_.has_plate ? last_ : core::Tick{};
    for (const CultureSpec& culture : e_.cultures) longest = std::max(longest, culture.duration);
    if (e_.checkpoint_every.count > 0 && e_.checkpoint_every >= longest)
      cannot_act(place_in(document_, "checkpoint_every"), "checkpoint_every",
                 fmt::format("no state is kept every {}: the longest vessel ends at {}",
                             time_words(e_.checkpoint_every), time_words(longest)));
  }

  // A culture acts where an arm, or a culture that acts, takes its supernatant, and without a plate by being
  // read.
  void check_cultures() {
    if (!e_.has_plate) return;
    std::vector<bool> acts(e_.cultures.size(), false);
    const std::function<void(int)> mark = [&](int c) {
      if (c < 0 || acts[static_cast<std::size_t>(c)]) return;
      acts[static_cast<std::size_t>(c)] = true;
      mark(e_.cultures[static_cast<std::size_t>(c)].medium.culture);
    };
    for (const ArmSpec& arm : e_.arms) mark(arm.medium.culture);
    const auto nodes = tables_of(&document_, "culture");
    for (std::size_t c = 0; c < e_.cultures.size() && c < nodes.size(); ++c)
      if (!acts[c])
        cannot_act(
            nodes[c]->place, "culture",
            fmt::format("nobody pours the supernatant of '{}' and no assay reads it", e_.cultures[c].name),
            "name it as the `medium` of an arm, or leave it out");
  }

  void check_arms() {
    const bool has_lines = std::any_of(e_.lines.begin(), e_.lines.end(),
                                       [](model::Index line) { return line != model::none; }) &&
                           plate_ != nullptr && plate_->find("lines") != nullptr;
    const auto nodes = tables_of(plate_, "arm");
    for (std::size_t a = 0; a < nodes.size() && a < e_.arms.size(); ++a)
      if (has_lines && nodes[a]->find("cells") != nullptr)
        problems_.add("conflict", place_in(*nodes[a], "cells"), "plate.arm.cells",
                      fmt::format("plate.arm.cells: the cells of arm '{}' would stand for every line of "
                                  "plate.lines alike",
                                  e_.arms[a].name),
                      "give `cells` to the plate and to arms, or `lines` to the plate, not both");
  }

  void check_readouts() {
    const auto nodes = tables_of(&document_, "readout");
    for (std::size_t i = 0; i < nodes.size() && i < e_.readouts.size(); ++i) {
      const core::Node& node = *nodes[i];
      const ReadoutSpec& readout = e_.readouts[i];
      const assays::Descriptor& assay = *readout.assay;
      if (node.find("reference") != nullptr && !assay.relative)
        cannot_act(place_in(node, "reference"), "readout.reference",
                   fmt::format("the assay '{}' is relative to no arm", assay.name));
      if (node.find("dilution") != nullptr && !assay.diluted)
        cannot_act(place_in(node, "dilution"), "readout.dilution",
                   fmt::format("nothing is diluted for the assay '{}'", assay.name));
      if (node.find("at") != nullptr && assay.needs == assays::Needs::medium && !e_.has_plate)
        cannot_act(place_in(node, "at"), "readout.at",
                   "a culture without a plate is collected at its `duration`", "leave it out");
      if (assay.targets == assays::TargetKind::substances)
        for (const std::string& target : readout.targets) {
          const model::Index s = model_.substance(target);
          if (s != model::none && !(model_.substances[static_cast<std::size_t>(s)].molar_mass > 0.0))
            problems_.add(
                "no-molar-mass", place_in(node, "targets"), target,
                fmt::format("readout.targets: an {} reports mass, and the model has no molar mass of "
                            "'{}'",
                            assay.title, target));
        }
    }
  }

  // The same quantity of the same specimen, read twice: which of the two would a finding mean?
  void check_twice() {
    const auto nodes = tables_of(&document_, "readout");
    std::map<std::pair<std::string, std::int64_t>, std::size_t> seen;
    for (std::size_t i = 0; i < e_.readouts.size() && i < nodes.size(); ++i)
      for (const std::string& metric : base_metrics(e_.readouts[i])) {
        const auto [first, is_new] = seen.try_emplace({metric, e_.readouts[i].at.count}, i);
        if (!is_new)
          problems_.add("read-twice", nodes[i]->place, "readout",
                        fmt::format("readout: {} at {} is read already (line {})", metric,
                                    time_words(e_.readouts[i].at), nodes[first->second]->place.line),
                        "another time, or one readout with all targets");
      }
  }

  void check_plates() {
    const auto nodes = tables_of(&document_, "readout");
    for (std::size_t i = 0; i < e_.readouts.size() && i < nodes.size(); ++i) {
      const assays::Descriptor& assay = *e_.readouts[i].assay;
      if (assay.by_dose && e_.has_plate) check_doses(nodes[i]->place);
      if (assay.capacity.samples > 0) check_capacity(assay, nodes[i]->place);
    }
  }

  // What an assay with a dose axis expects of every arm.
  void check_doses(const core::Place& place) {
    std::size_t placed = 0;
    for (const ArmSpec& arm : e_.arms) {
      placed += arm.wells.empty() ? 0 : 1;
      for (const TreatmentSpec& t : arm.treatments)
        if (t.series && std::find(t.doses.begin(), t.doses.end(), 0.0) == t.doses.end())
          problems_.add(
              "no-control", place, arm.name,
              fmt::format("readout: the doses of arm '{}' have no zero, and per cent of control needs the "
                          "arm's own untreated wells",
                          arm.name),
              "add \"0 uM\" to `doses`");
    }
    if (placed != 0 && placed != e_.arms.size())
      problems_.add("places-missing", place, "plate.arm.wells",
                    fmt::format("plate.arm.wells: {} of {} arms name their wells; all do or none does",
                                placed, e_.arms.size()));
  }

  // Whether one run of the instrument has room for all that it takes at once.
  void check_capacity(const assays::Descriptor& assay, const core::Place& place) {
    std::size_t samples = 0;
    for (const ArmSpec& arm : e_.arms) samples += doses_of(arm);
    if (!e_.has_plate) samples = e_.cultures.size();
    std::string what = "arms x doses";
    const auto times = [&](std::size_t factor, const char* name) {
      samples *= factor;
      what += fmt::format(" x {}", name);
    };
    if (assay.batch == assays::Batch::everything && e_.has_plate) times(e_.systems.size(), "lines");
    if (assay.batch != assays::Batch::system_and_replicate)
      times(static_cast<std::size_t>(e_.replicates), "replicates");
    if (!assay.one_well && e_.has_plate) times(static_cast<std::size_t>(e_.wells_per_arm), "wells_per_arm");
    if (samples <= assay.capacity.samples) return;
    const std::size_t blanks = assay.capacity.blanks;
    problems_.add("plate-full", place, "readout",
                  blanks > 0 ? fmt::format("readout: {} wells ({}) and {} blanks do not fit on a plate of {}",
                                           samples, what, blanks, assay.capacity.samples + blanks)
                             : fmt::format("readout: {} samples ({}); a run of the assay '{}' takes {}",
                                           samples, what, assay.name, assay.capacity.samples),
                  "take fewer of them, or another experiment for the rest");
  }

  const core::Node& document_;
  const core::Node* plate_;
  const Experiment& e_;
  const model::Model& model_;
  core::Diagnostics& problems_;
  core::Tick last_;
};

}  // namespace

std::size_t doses_of(const ArmSpec& arm) {
  for (const TreatmentSpec& t : arm.treatments)
    if (t.series) return t.doses.size();
  return 1;
}

std::string dose_words(const ArmSpec& arm, int dose) {
  for (const TreatmentSpec& t : arm.treatments)
    if (t.series) return t.written[static_cast<std::size_t>(dose)];
  return {};
}

std::string time_words(core::Tick time) {
  const double minutes = core::minutes(time);
  return minutes < 120.0 && minutes != 60.0 ? fmt::format("{:.6g} min", minutes)
                                            : fmt::format("{:.6g} h", minutes / 60.0);
}

void check_effects(const core::Node& document, const Experiment& experiment, const model::Model& model,
                   core::Diagnostics& problems) {
  Checker(document, experiment, model, problems).all();
}

void check_readings(const core::Node& document, const Experiment& experiment, const model::Model& model,
                    core::Diagnostics& problems) {
  Checker(document, experiment, model, problems).readings();
}

}  // namespace stroma::study

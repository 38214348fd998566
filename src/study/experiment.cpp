#include "study/experiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/units.hpp"
#include "study/experiment_checks.hpp"
#include "study/keys.hpp"
#include "study/reading.hpp"
#include "study/readout_reader.hpp"

namespace stroma::study {
namespace {

using core::Range;
namespace dim = core::dimension;

// um, of medium over the cells where no area is given. Assumption, range 2 to 4 mm: 100 uL on 0.32 cm^2 of a
// well of 96, 0.5 mL on 1.9 cm^2 of 24, 2 mL on 9.5 cm^2 of 6.
constexpr double assumed_depth = 3000.0;

// Reads one experiment; holds what the parts refer to.
class Reader {
 public:
  Reader(const core::Node& document, const std::string& name, const model::Model& m,
         const assays::Registry& assays, core::Diagnostics& problems)
      : document_(document), model_(m), assays_(assays), problems_(problems) {
    experiment_.name = name;
  }

  Experiment read() {
    const std::size_t before = problems_.size();
    core::Section top(document_, experiment_keys(), problems_);
    top.schema();
    experiment_.title = top.text("title");
    experiment_.model = top.text("model");
    experiment_.figure = top.text("figure");
    experiment_.replicates = static_cast<int>(top.whole("replicates"));
    experiment_.simulated_cells = top.whole("simulated_cells");
    experiment_.step = read_tick(top, "step");
    experiment_.checkpoint_every = read_tick(top, "checkpoint_every");
    for (const core::Node* node : top.tables("culture")) read_culture(*node);
    if (const core::Node* plate = top.node("plate")) read_plate(*plate);
    for (const core::Node* node : top.tables("readout"))
      experiment_.readouts.push_back(read_readout(*node, experiment_, model_, assays_, problems_));
    if (!experiment_.has_plate && experiment_.cultures.empty()) top.missing("plate");
    top.finish();
    // Of what could be read: a time that could not must not be said to come too late as well.
    if (problems_.size() == before) check_effects(document_, experiment_, model_, problems_);
    return std::move(experiment_);
  }

 private:
  MediumSpec medium(core::Section& section, std::string_view key, bool required, const MediumSpec& fallback) {
    if (section.node(key) == nullptr) {
      if (required) section.missing(key);
      return fallback;
    }
    MediumSpec spec;
    spec.written = section.text(key);
    for (std::size_t c = 0; c < experiment_.cultures.size(); ++c)
      if (experiment_.cultures[c].name == spec.written) spec.culture = static_cast<int>(c);
    if (spec.culture >= 0 || spec.written.empty()) return spec;
    const std::size_t plus = spec.written.find('+');
    const std::string base = trimmed(spec.written.substr(0, plus));
    static const std::vector<std::string> bases = {"DMEM"};
    if (std::find(bases.begin(), bases.end(), base) == bases.end()) {
      std::vector<std::string> known = bases;
      for (const CultureSpec& culture : experiment_.cultures) known.push_back(culture.name);
      section.wrong(key, "unknown-medium",
                    fmt::format("'{}' is neither a medium nor a culture above", spec.written),
                    core::did_you_mean(spec.written, known));
      return spec;
    }
    if (plus == std::string::npos) return spec;
    const std::string serum = trimmed(spec.written.substr(plus + 1));
    if (!serum.ends_with("FBS")) {
      section.wrong(key, "unknown-medium",
                    fmt::format("'{}': expected serum such as \"10 % FBS\" after the '+'", serum));
      return spec;
    }
    const std::string share = trimmed(serum.substr(0, serum.size() - 3));
    if (share.find('%') == std::string::npos) {
      section.wrong(key, "missing-unit",
                    fmt::format("serum '{}' needs a per cent sign, such as \"10 % FBS\"", share));
      return spec;
    }
    spec.serum =
        core::check_quantity(share, dim::none, Range::closed(0.0, 1.0), section.place(key), key, problems_)
            .value_or(0.0);
    return spec;
  }

  static std::string trimmed(std::string text) {
    while (!text.empty() && text.front() == ' ') text.erase(text.begin());
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
  }

  void read_culture(const core::Node& node) {
    core::Section section(node, culture_keys(), problems_);
    CultureSpec culture;
    culture.name = section.text("name");
    for (const CultureSpec& other : experiment_.cultures)
      if (other.name == culture.name)
        section.wrong("name", "duplicate-name", fmt::format("culture '{}' is there twice", culture.name));
    culture.medium = medium(section, "medium", true, {});
    culture.volume = section.quantity("volume");
    culture.area = area(section, culture.volume);
    culture.duration = read_tick(section, "duration");
    for (const auto& [name, density, place] : section.named("cells"))
      culture.cells.push_back({read_cell_type(name, place, model_, problems_), density.value_or(0.0)});
    section.finish();
    experiment_.cultures.push_back(std::move(culture));
  }

  // On what cells grow, where a rule of the model can read how much of it they cover.
  double area(core::Section& section, double volume) {
    const bool is_read = std::ranges::any_of(
        model_.rules, [](const model::Rule& r) { return r.signal.kind == model::SignalKind::confluence; });
    if (section.has("area")) {
      const double said = section.quantity("area");
      if (!is_read)
        section.wrong("area", "no-effect", "can do nothing: no rule of the model reads confluence",
                      "leave it out");
      return said;
    }
    experiment_.area_is_assumed = experiment_.area_is_assumed || is_read;
    return volume / assumed_depth;
  }

  std::vector<ArmSpec::Cells> counts(core::Section& section) {
    std::vector<ArmSpec::Cells> out;
    if (section.node("cells") == nullptr) return out;
    for (const auto& [name, count, place] : section.named("cells"))
      out.push_back({read_cell_type(name, place, model_, problems_), count.value_or(1.0)});
    return out;
  }

  void read_plate(const core::Node& node) {
    core::Section section(node, plate_keys(), problems_);
    experiment_.has_plate = true;
    if (node.kind != core::Node::Kind::table) return;
    experiment_.well_volume = section.quantity("volume");
    experiment_.well_area = area(section, experiment_.well_volume);
    experiment_.evaporation = section.quantity_or("evaporation", 0.0);
    experiment_.wells_per_arm = static_cast<int>(section.whole("wells_per_arm"));
    experiment_.renewal = read_tick(section, "renewal");
    const MediumSpec plate_medium = medium(section, "medium", false, {});
    const std::vector<ArmSpec::Cells> cells = counts(section);
    const auto lines = section.texts("lines");
    read_systems(section, cells, lines);
    std::vector<TreatmentSpec> common;
    for (const core::Node* treatment : section.tables("treatment"))
      common.push_back(read_treatment(*treatment, "plate.treatment"));
    for (const core::Node* arm : section.tables("arm")) read_arm(*arm, plate_medium, cells, common);
    if (!section.has("arm")) {  // a plate of one arm needs no [[plate.arm]]
      ArmSpec arm{plate_medium.written, plate_medium, cells, common, {}};
      if (!section.has("medium")) section.missing("medium");
      finish_arm(std::move(arm), node.place);
    }
    check_wells(node.place);
    section.finish();
  }

  void read_systems(core::Section& section, const std::vector<ArmSpec::Cells>& cells,
                    const std::vector<std::pair<std::string, core::Place>>& lines) {
    if (!lines.empty() && !cells.empty()) {
      section.wrong("lines", "conflict",
                    "give either `cells` (one culture) or `lines` with `cells_per_well`, not both");
    } else if (!lines.empty()) {
      for (const auto& [line, place] : lines) {
        if (std::find(experiment_.systems.begin(), experiment_.systems.end(), line) !=
            experiment_.systems.end())
          problems_.add("duplicate-name", place, line, fmt::format("plate.lines: '{}' is there twice", line));
        experiment_.systems.push_back(line);
        experiment_.lines.push_back(read_cell_type(line, place, model_, problems_));
      }
      experiment_.cells_per_well = section.quantity("cells_per_well");
    } else if (cells.empty()) {
      section.missing("cells");
    } else {
      std::string name;
      for (const ArmSpec::Cells& c : cells)
        if (c.type != model::none)
          name += (name.empty() ? "" : " + ") + model_.cell_types[static_cast<std::size_t>(c.type)].name;
      experiment_.systems = {name};
      experiment_.lines = {cells.size() == 1 ? cells.front().type : model::none};
    }
  }

  TreatmentSpec read_treatment(const core::Node& node, const std::string& path) {
    core::Section section(node, plate_treatment_keys(), path, problems_);
    TreatmentSpec treatment;
    treatment.at = read_tick(section, "at");
    if (const std::string key = section.chosen("drug"); !key.empty()) {
      const std::string name = section.text(key);
      treatment.substance = model_.substance(name);
      if (!name.empty() && treatment.substance == model::none)
        section.wrong(key, "unknown-substance", fmt::format("the model has no substance '{}'", name),
                      core::did_you_mean(name, substance_names(model_)));
    }
    read_doses(section, treatment, model_);
    read_schedule(section, treatment);
    section.finish();
    return treatment;
  }

  void read_schedule(core::Section& section, TreatmentSpec& treatment) {
    if (section.has("until")) treatment.until = read_tick(section, "until");
    if (section.has("every")) {
      treatment.every = read_tick(section, "every");
      if (section.has("times")) treatment.times = static_cast<int>(section.whole("times"));
    }
    if (treatment.until.count > 0 && treatment.until <= treatment.at)
      section.wrong("until", "conflict", "it is washed out before it is given");
    if (treatment.every.count > 0 && experiment_.renewal.count > 0)
      section.wrong("every", "conflict", "the plate's `renewal` gives every treatment anew with the medium",
                    "leave one of the two out");
    if (treatment.times > 0 && treatment.until.count >= 0 && treatment.every.count > 0 &&
        core::Tick{treatment.at.count + (treatment.times - 1) * treatment.every.count} >= treatment.until)
      section.wrong("times", "conflict", "not so many doses fit before `until`");
  }

  void read_arm(const core::Node& node, const MediumSpec& plate_medium,
                const std::vector<ArmSpec::Cells>& plate_cells, const std::vector<TreatmentSpec>& common) {
    core::Section section(node, plate_arm_keys(), problems_);
    ArmSpec arm;
    arm.name = section.text("name");
    arm.medium = medium(section, "medium", plate_medium.written.empty(), plate_medium);
    arm.cells = section.has("cells") ? counts(section) : plate_cells;
    arm.treatments = common;
    for (const core::Node* treatment : section.tables("treatment"))
      arm.treatments.push_back(read_treatment(*treatment, "plate.arm.treatment"));
    for (const auto& [text, place] : section.texts("wells")) {
      const int position = well_position(text);
      if (position < 0)
        problems_.add("bad-well", place, text,
                      fmt::format("wells: '{}' is not a well of a 96-well plate (A1 to H12)", text));
      arm.wells.push_back(position);
    }
    section.finish();
    finish_arm(std::move(arm), node.place);
  }

  static int well_position(const std::string& text) {
    if (text.size() < 2 || text.size() > 3 || text[0] < 'A' || text[0] > 'H') return -1;
    int column = 0;
    for (std::size_t i = 1; i < text.size(); ++i) {
      if (text[i] < '0' || text[i] > '9') return -1;
      column = column * 10 + (text[i] - '0');
    }
    return column >= 1 && column <= 12 && text[1] != '0' ? (text[0] - 'A') * 12 + column - 1 : -1;
  }

  void finish_arm(ArmSpec arm, const core::Place& place) {
    const auto series = std::count_if(arm.treatments.begin(), arm.treatments.end(),
                                      [](const TreatmentSpec& t) { return t.series; });
    if (series > 1)
      problems_.add(
          "two-series", place, arm.name,
          fmt::format("arm '{}' has {} dose series; one is possible", arm.name, series),
          "for a checkerboard keep one series on the plate and give each dose of the other drug an arm");
    for (const ArmSpec& other : experiment_.arms)
      if (other.name == arm.name)
        problems_.add("duplicate-name", place, arm.name, fmt::format("arm '{}' is there twice", arm.name));
    experiment_.arms.push_back(std::move(arm));
  }

  void check_wells(const core::Place& place) {
    std::map<int, std::string> taken;
    for (const ArmSpec& arm : experiment_.arms) {
      if (arm.wells.empty()) continue;
      const std::size_t needed = doses_of(arm) * static_cast<std::size_t>(experiment_.wells_per_arm);
      if (arm.wells.size() != needed)
        problems_.add("well-count", place, arm.name,
                      fmt::format("arm '{}' names {} wells but needs {} (doses x wells_per_arm)", arm.name,
                                  arm.wells.size(), needed));
      for (const int well : arm.wells) {
        if (well < 0) continue;
        const auto [first, is_new] = taken.try_emplace(well, arm.name);
        if (!is_new)
          problems_.add(
              "well-taken", place, arm.name,
              fmt::format("well {}{} of arm '{}' already belongs to arm '{}'",
                          static_cast<char>('A' + well / 12), well % 12 + 1, arm.name, first->second));
      }
    }
  }

  const core::Node& document_;
  const model::Model& model_;
  const assays::Registry& assays_;
  core::Diagnostics& problems_;
  Experiment experiment_;
};

}  // namespace

Experiment read_experiment(const core::Node& document, const std::string& name, const model::Model& m,
                           core::Diagnostics& problems, const assays::Registry& assays) {
  return Reader(document, name, m, assays, problems).read();
}

std::string model_of(const core::Node& document) {
  const core::Node* found = document.find("model");
  return found != nullptr && found->kind == core::Node::Kind::text ? found->text : std::string();
}

}  // namespace stroma::study

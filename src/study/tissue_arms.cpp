#include "study/tissue_arms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "core/errors.hpp"
#include "core/random.hpp"
#include "study/experiment_checks.hpp"
#include "study/keys.hpp"
#include "study/reading.hpp"
#include "study/readout_reader.hpp"
#include "tissue/tissue_setup.hpp"

namespace stroma::study {
namespace {

// Keys of a file that are about arms and not about a tissue.
const std::set<std::string, std::less<>> keys_of_arms = {"arm", "replicates", "readout", "figure"};

core::Node* find(core::Node& table, std::string_view key) {
  for (auto& [name, value] : table.keys)
    if (name == key) return &value;
  return nullptr;
}

// The tables `[[key]]` of a node, as one list whatever their number.
std::vector<core::Node> tables_of(const core::Node& node, std::string_view key) {
  const core::Node* found = node.find(key);
  if (found == nullptr) return {};
  return found->kind == core::Node::Kind::list ? found->items : std::vector<core::Node>{*found};
}

void set_tables(core::Node& document, const std::string& key, std::vector<core::Node> tables) {
  core::Node* found = find(document, key);
  if (found == nullptr && tables.empty()) return;
  if (found == nullptr) {
    document.keys.emplace_back(key, core::Node());
    found = &document.keys.back().second;
    found->key_place = tables.front().place;
  }
  found->kind = core::Node::Kind::list;
  found->place = tables.empty() ? found->place : tables.front().place;
  found->items = std::move(tables);
  found->keys.clear();
}

// What a table says, with the keys of another put over it.
void put_over(core::Node& table, const core::Node& other) {
  for (const auto& [key, value] : other.keys) {
    if (core::Node* there = find(table, key))
      *there = value;
    else
      table.keys.emplace_back(key, value);
  }
}

std::string text_of(const core::Node& table, std::string_view key) {
  const core::Node* found = table.find(key);
  return found != nullptr && found->kind == core::Node::Kind::text ? found->text : std::string();
}

// A treatment at one dose of its series; nothing where that is none at all.
std::vector<core::Node> at_dose(const core::Node& treatment, int dose, double concentration) {
  const core::Node* doses = treatment.find("doses");
  if (doses == nullptr) return {treatment};
  if (!(concentration > 0.0)) return {};
  core::Node one = treatment;
  std::erase_if(one.keys, [](const auto& key) { return key.first == "doses"; });
  const bool listed = doses->kind == core::Node::Kind::list;
  one.keys.emplace_back("dose", listed ? doses->items[static_cast<std::size_t>(dose)] : *doses);
  return {one};
}

class ArmsReader {
 public:
  ArmsReader(const core::Node& document, const std::string& name, const model::Model& model,
             double memory_limit, const TableReader& read_table, core::Diagnostics& problems,
             const assays::Registry& assays)
      : document_(document),
        model_(model),
        problems_(problems),
        read_table_([this, &read_table](const std::string& file) {
          const auto known = space_.tables.find(file);
          return known != space_.tables.end() ? known->second
                                              : space_.tables.emplace(file, read_table(file)).first->second;
        }),
        assays_(assays) {
    experiment_.name = name;
    space_.memory_limit = memory_limit;
  }

  Experiment read() {
    core::Section top(document_, tissue_keys(),
                      problems_);  // without finish(): the readers of tissues judge the rest
    experiment_.title = text_of(document_, "title");
    experiment_.model = model_of(document_);
    experiment_.figure = top.text("figure");
    experiment_.replicates = static_cast<int>(top.whole("replicates"));
    experiment_.has_plate = true;  // a specimen for each arm, dose and replicate, as of a well
    for (const core::Node& table : tables_of(document_, "treatment"))
      if (table.find("doses") != nullptr) common_.push_back(read_treatment(table, "treatment"));
    const std::vector<const core::Node*> arms = top.tables("arm");
    if (arms.empty()) top.missing("arm");
    for (const core::Node* arm : arms) read_arm(*arm);
    if (!arms.empty() && space_.conditions.size() == 1)
      top.wrong("arm", "one-arm", "one arm at one dose has nothing to be compared with",
                "give another [[arm]], or leave arms, replicates and readouts out");
    read_tissues();
    const std::size_t before = problems_.size();
    for (const core::Node* readout : top.tables("readout")) read_readout_in_space(*readout);
    if (problems_.size() == before) check_readings(document_, experiment_, model_, problems_);
    experiment_.space = std::make_shared<const TissueArms>(std::move(space_));
    return std::move(experiment_);
  }

 private:
  // Of a treatment what an arm must know; its reader in space judges the rest.
  TreatmentSpec read_treatment(const core::Node& node, const std::string& path) {
    core::Diagnostics ignored;  // said by that reader
    const core::Keys& keys = tissue_treatment_keys();
    core::Section told(node, keys, path, ignored), section(node, keys, path, problems_);
    TreatmentSpec treatment;
    treatment.at = read_tick(told, "at");
    std::string name, key = "drug";
    for (const char* candidate : {"drug", "factor", "substance"})
      if (std::string text = text_of(node, candidate); !text.empty()) {
        key = candidate;
        name = std::move(text);
      }
    treatment.substance = model_.substance(name);
    if (!name.empty() && treatment.substance == model::none)
      section.wrong(key, "unknown-substance", fmt::format("the model has no substance '{}'", name),
                    core::did_you_mean(name, substance_names(model_)));
    read_doses(section, treatment, model_);
    return treatment;
  }

  void read_arm(const core::Node& node) {
    core::Section section(node, tissue_arm_keys(), problems_);
    ArmSpec arm;
    arm.name = section.text("name");
    for (const ArmSpec& other : experiment_.arms)
      if (other.name == arm.name && !arm.name.empty())
        section.wrong("name", "duplicate-name", fmt::format("arm '{}' is there twice", arm.name));
    arm.treatments = common_;
    for (const core::Node* treatment : section.tables("treatment"))
      arm.treatments.push_back(read_treatment(*treatment, "arm.treatment"));
    for (const char* key : {"cells", "substance"}) section.tables(key);
    section.node("medium");
    section.finish();
    const auto series = std::count_if(arm.treatments.begin(), arm.treatments.end(),
                                      [](const TreatmentSpec& t) { return t.series; });
    if (series > 1)
      problems_.add(
          "two-series", node.place, arm.name,
          fmt::format("arm '{}' has {} dose series; one is possible", arm.name, series),
          "for a checkerboard keep one series for all arms and give each dose of the other drug an arm");
    experiment_.arms.push_back(std::move(arm));
    const int index = static_cast<int>(experiment_.arms.size()) - 1;
    for (std::size_t dose = 0; dose < doses_of(experiment_.arms.back()); ++dose)
      space_.conditions.push_back({index, static_cast<int>(dose), condition(node, static_cast<int>(dose))});
  }

  // The file as it would be for the last arm alone.
  core::Node condition(const core::Node& arm, int dose) {
    core::Node out = document_;
    std::erase_if(out.keys, [](const auto& key) { return keys_of_arms.contains(key.first); });
    if (arm.find("cells") != nullptr) set_tables(out, "cells", tables_of(arm, "cells"));
    if (const core::Node* medium = arm.find("medium"); medium != nullptr) {
      if (core::Node* there = find(out, "medium"))
        put_over(*there, *medium);
      else
        out.keys.emplace_back("medium", *medium);
    }
    if (arm.find("substance") != nullptr) put_substances(out, arm);
    std::vector<core::Node> treatments;
    double concentration = 1.0;
    for (const TreatmentSpec& t : experiment_.arms.back().treatments)
      if (t.series && static_cast<std::size_t>(dose) < t.doses.size())
        concentration = t.doses[static_cast<std::size_t>(dose)];
    for (const core::Node* from : {&document_, &arm})
      for (const core::Node& treatment : tables_of(*from, "treatment"))
        for (core::Node& given : at_dose(treatment, dose, concentration))
          treatments.push_back(std::move(given));
    set_tables(out, "treatment", std::move(treatments));
    return out;
  }

  void put_substances(core::Node& out, const core::Node& arm) {
    std::vector<core::Node> substances = tables_of(out, "substance");
    for (const core::Node& changed : tables_of(arm, "substance")) {
      const std::string name = text_of(changed, "name");
      const auto there = std::find_if(substances.begin(), substances.end(),
                                      [&](const core::Node& s) { return text_of(s, "name") == name; });
      if (there != substances.end()) {
        put_over(*there, changed);
        continue;
      }
      std::vector<std::string> known;
      for (const core::Node& s : substances) known.push_back(text_of(s, "name"));
      problems_.add("unknown-substance", changed.place, "arm.substance.name",
                    fmt::format("arm.substance.name: '{}' is not among the substances of this experiment; "
                                "an arm changes one that all have",
                                name),
                    core::did_you_mean(name, known));
    }
    set_tables(out, "substance", std::move(substances));
  }

  // What is wrong in several arms, or was said above, is said once.
  void read_tissues() {
    const auto cause = [](const core::Diagnostic& d) {
      return fmt::format("{}:{}:{}:{}:{}", d.place.file, d.place.line, d.place.column, d.code,
                         d.place.line > 0 ? std::string() : d.message);
    };
    std::set<std::string> said;
    for (const core::Diagnostic& d : problems_.entries()) said.insert(cause(d));
    for (std::size_t c = 0; c < space_.conditions.size(); ++c) {
      const TissueArms::Condition& condition = space_.conditions[c];
      core::Diagnostics mine;
      TissueExperiment tissue =
          read_tissue_experiment(condition.document, experiment_.name, model_, replicate_seed(1, 0),
                                 space_.memory_limit, read_table_, mine);
      if (mine.empty()) check_tissue(tissue, mine);
      for (const core::Diagnostic& d : mine.entries())
        if (!said.contains(cause(d))) problems_.add(d);
      for (const core::Diagnostic& d : mine.entries()) said.insert(cause(d));
      ArmSpec& arm = experiment_.arms[static_cast<std::size_t>(condition.arm)];
      for (const auto& cells : tissue.setup.cells) {
        if (condition.dose == 0)
          arm.cells.push_back({cells.type, static_cast<double>(cells.positions.size())});
        name_system(cells.type);
      }
      if (c == 0) space_.first = std::move(tissue);
    }
    experiment_.step = space_.first.setup.step;
    if (document_.find("checkpoint_every") != nullptr)
      problems_.add(
          "cannot-act", document_.find("checkpoint_every")->place, "checkpoint_every",
          "checkpoint_every: the arms of an experiment keep no checkpoints; those that are finished are "
          "kept, and the others begin again",
          "leave it out");
    const std::string system = fmt::format("{}", fmt::join(types_, " + "));
    experiment_.systems = {system};
    experiment_.lines = {types_.size() == 1 ? model_.cell_type(types_.front()) : model::none};
  }

  // What the model must say of cells in space, and whether it fits into memory beside what it parted from.
  void check_tissue(const TissueExperiment& tissue, core::Diagnostics& problems) const {
    std::size_t cells = 0;
    for (const auto& group : tissue.setup.cells) cells += group.positions.size();
    const double need = 2.0 * tissue::memory_estimate(tissue.setup, model_, cells);
    if (need > space_.memory_limit)
      throw core::LimitError(fmt::format(
          "{} voxels and {} cells, twice where arms part, would take about {:.3g} GiB, and this machine has "
          "{:.3g} GiB",
          tissue.setup.grid.voxels(), cells, need / 1073741824.0, space_.memory_limit / 1073741824.0));
    const std::shared_ptr<const model::Model> borrowed(std::shared_ptr<void>(), &model_);
    tissue::check_tissue(borrowed, tissue.setup, problems);
  }

  void name_system(model::Index type) {
    if (type == model::none) return;
    const std::string& name = model_.cell_types[static_cast<std::size_t>(type)].name;
    if (std::find(types_.begin(), types_.end(), name) == types_.end()) types_.push_back(name);
  }

  void read_readout_in_space(const core::Node& node) {
    const std::size_t before = problems_.size();
    ReadoutSpec readout = read_readout(node, experiment_, model_, assays_, problems_);
    core::Diagnostics ignored;
    core::Section section(node, readout_keys(), ignored);
    const auto wrong = [&](const char* key, const char* code, std::string message, std::string hint = {}) {
      problems_.add(code, section.place(key), std::string("readout.") + key,
                    fmt::format("readout.{}: {}", key, message), std::move(hint));
    };
    const TissueExperiment& tissue = space_.first;
    if (problems_.size() == before) {
      if (types_.empty())
        wrong("assay", "cannot-read", "there are no [[cells]] that an assay could be made of");
      if (readout.at > tissue.duration)
        wrong(
            "at", "cannot-act",
            fmt::format("the run ends at {}, before {}", time_words(tissue.duration), time_words(readout.at)),
            "read earlier, or make `duration` longer");
      else if (readout.at != tissue.duration && readout.at.count % tissue.setup.step.count != 0)
        wrong("at", "not-a-multiple",
              fmt::format("must be a multiple of `step` ({} min)", core::minutes(tissue.setup.step)));
      if (readout.assay->needs == assays::Needs::lineages)
        wrong("assay", "cannot-read",
              "colonies are counted where single cells were plated apart, and the cells of a tissue stand "
              "together",
              "count its cells by growth.csv, or plate them in an experiment in culture");
      if (readout.assay->needs == assays::Needs::medium) check_supernatant(readout, wrong);
    }
    experiment_.readouts.push_back(std::move(readout));
  }

  // What can be drawn off: a substance in a box that nothing leaves.
  template <class Wrong>
  void check_supernatant(const ReadoutSpec& readout, const Wrong& wrong) const {
    for (const std::string& target : readout.targets) {
      const auto& substances = space_.first.setup.substances;
      const auto found = std::find_if(substances.begin(), substances.end(),
                                      [&](const auto& s) { return s.plan.name == target; });
      if (found == substances.end()) {
        wrong("targets", "cannot-read",
              fmt::format("'{}' is not among the substances of this experiment", target),
              fmt::format("add a [[substance]] with name = \"{}\" and boundary = \"sealed\"", target));
        continue;
      }
      const auto& faces = found->plan.boundary;  // the last of which may be that to a closed volume above
      const auto sides = faces.end() - (found->plan.layer_depth > 0.0 ? 1 : 0);
      const bool sealed = std::all_of(faces.begin(), sides, [](const fields::Boundary& b) {
        return b.kind == fields::Boundary::Kind::flux && b.value == 0.0;
      });
      if (!sealed)
        wrong("targets", "cannot-read",
              fmt::format("'{}' leaves the domain through its sides, and no medium holds what was secreted",
                          target),
              "give it boundary = \"sealed\": then the domain is its medium");
    }
  }

  const core::Node& document_;
  const model::Model& model_;
  core::Diagnostics& problems_;
  TableReader read_table_;
  const assays::Registry& assays_;
  Experiment experiment_;
  TissueArms space_;
  std::vector<TreatmentSpec> common_;  // series that every arm has
  std::vector<std::string> types_;
};

}  // namespace

bool has_arms(const core::Node& document) {
  return is_tissue_experiment(document) &&
         std::any_of(document.keys.begin(), document.keys.end(), [](const auto& key) {
           return key.first != "figure" && keys_of_arms.contains(key.first);
         });
}

Experiment read_tissue_arms(const core::Node& document, const std::string& name, const model::Model& model,
                            double memory_limit, const TableReader& read_table, core::Diagnostics& problems,
                            const assays::Registry& assays) {
  return ArmsReader(document, name, model, memory_limit, read_table, problems, assays).read();
}

std::uint64_t replicate_seed(std::uint64_t seed, int replicate) {
  return core::derive_seed(core::derive_seed(seed, core::name_key("replicate")),
                           static_cast<std::uint64_t>(replicate));
}

TissueExperiment tissue_of(const Experiment& experiment, int arm, int dose, const model::Model& model,
                           std::uint64_t seed) {
  const TissueArms& space = *experiment.space;
  const auto found =
      std::find_if(space.conditions.begin(), space.conditions.end(),
                   [&](const TissueArms::Condition& c) { return c.arm == arm && c.dose == dose; });
  core::require(found != space.conditions.end(), "an experiment has no such arm and dose");
  core::Diagnostics problems;
  const TableReader kept = [&](const std::string& file) { return space.tables.at(file); };
  TissueExperiment tissue = read_tissue_experiment(found->document, experiment.name, model, seed,
                                                   space.memory_limit, kept, problems);
  problems.throw_if_any();
  return tissue;
}

}  // namespace stroma::study

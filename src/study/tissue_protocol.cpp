// [[treatment]], [[probe]], [output]: what is given when, and what is written out.
#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"
#include "model/drug_limits.hpp"
#include "study/experiment_checks.hpp"
#include "study/keys.hpp"
#include "study/reading.hpp"
#include "study/region.hpp"
#include "study/tissue_reader.hpp"

namespace stroma::study {

void TissueReader::read_treatment(const core::Node& node) {
  core::Section section(node, tissue_treatment_keys(), problems_);
  tissue::TissueSetup::Treatment treatment;
  treatment.at = read_tick(section, "at");
  if (section.node("until") != nullptr) treatment.until = read_tick(section, "until");
  if (treatment.until.count >= 0 && treatment.until <= treatment.at)
    section.wrong("until", "out-of-range", "must be later than `at`");
  if (experiment_.duration.count > 0 && treatment.at >= experiment_.duration)
    check_late(section, treatment.at);
  if (const std::string key = section.chosen("drug"); !key.empty())
    treatment.substance = substance_named(section, key, section.text(key)).value_or(0);
  const model::Index index = experiment_.setup.substances.empty()
                                 ? model::none
                                 : experiment_.setup.substances[treatment.substance].index;
  if (!section.has("dose")) section.missing("dose");
  treatment.concentration = read_concentration(section, "dose", index, model_);
  if (!experiment_.setup.substances.empty()) {
    schedule(section, treatment);
    for (const std::string& text : model::beyond_limits(model_, index, treatment.concentration))
      experiment_.assumptions.push_back(text);
  }
  section.finish();
}

void TissueReader::schedule(core::Section& section, const tissue::TissueSetup::Treatment& treatment) {
  const fields::SubstancePlan& plan = experiment_.setup.substances[treatment.substance].plan;
  const bool is_sealed =
      std::all_of(plan.boundary.begin(), plan.boundary.end(),
                  [](const fields::Boundary& face) { return face.kind == fields::Boundary::Kind::flux; });
  const bool is_poured = plan.layer_depth > 0.0 || is_sealed;
  const bool again = section.has("every");
  if (is_poured)
    for (const char* key : {"until", "lasting"}) {
      if (!section.has(key) || (again && key == std::string_view("until"))) continue;
      section.wrong(key, "cannot-act",
                    fmt::format("what is poured into a {} cannot be taken out again{}",
                                is_sealed ? "sealed domain" : "closed volume of medium",
                                is_sealed ? fmt::format(": `{}` has no effect", key) : ""),
                    fmt::format("give the substance {} that holds a concentration, or leave `{}` out",
                                is_sealed ? "a boundary" : "an `above`", key));
    }
  const core::Tick lasting = section.has("lasting") ? read_tick(section, "lasting") : core::Tick{};
  if (!again) {
    experiment_.setup.treatments.push_back(treatment);
    if (lasting.count > 0) {
      if (section.has("until"))
        section.wrong("lasting", "conflict", "`until` says when it ends", "leave one of them out");
      experiment_.setup.treatments.back().until = treatment.at + lasting;
    }
    return;
  }
  const core::Tick every = read_tick(section, "every");
  const auto times = section.has("times") ? section.whole("times") : 0;
  if (!is_poured && lasting.count <= 0)
    section.wrong("every", "needs-lasting", "what the surroundings hold would be held twice over",
                  "say how long each dose lasts with `lasting`");
  if (lasting > every) section.wrong("lasting", "out-of-range", "is longer than `every`");
  if (every.count <= 0) return;
  const core::Tick stop =
      treatment.until.count >= 0 ? std::min(treatment.until, experiment_.duration) : experiment_.duration;
  std::int64_t given = 0;
  for (core::Tick at = treatment.at; at < stop && (times == 0 || given < times); at = at + every, ++given) {
    tissue::TissueSetup::Treatment one = treatment;
    one.at = at;
    one.until = is_poured ? core::Tick{-1} : at + lasting;
    if (!is_poured && treatment.until.count >= 0) one.until = std::min(one.until, treatment.until);
    experiment_.setup.treatments.push_back(one);
  }
  if (given < 2)
    section.wrong("every", "cannot-act", "it is given once only before it ends",
                  "leave it out, or make it shorter");
}

// A treatment after the end is a mistake, unless the run was cut short on purpose: then it is said.
void TissueReader::check_late(core::Section& section, core::Tick at) {
  const std::string what = fmt::format("a treatment at {} cannot act: the run ends at {}", time_words(at),
                                       time_words(experiment_.duration));
  const core::Node* duration = document_.find("duration");
  if (duration != nullptr && duration->place.file.starts_with("--set"))
    experiment_.idle.push_back(what);
  else
    section.wrong("at", "cannot-act", what, "treat earlier, or make `duration` longer");
}

void TissueReader::read_probe(const core::Node& node) {
  core::Section section(node, probe_keys(), problems_);
  const fields::Grid& grid = experiment_.setup.grid;
  ProbeSpec probe;
  probe.name = section.text("name");
  if (probe.name.find_first_of("/\\ ") != std::string::npos || probe.name.starts_with("."))
    section.wrong("name", "bad-name", "becomes a file name: use letters, digits, '_' and '-'");
  for (const ProbeSpec& other : experiment_.probes)
    if (other.name == probe.name)
      section.wrong("name", "duplicate-name", fmt::format("'{}' is there twice", probe.name));
  for (const auto& [text, place] : section.texts("substances"))
    if (const auto index = substance_named(section, "substances", text)) probe.substances.push_back(*index);
  if (!section.has("substances"))
    for (std::size_t f = 0; f < experiment_.setup.substances.size(); ++f) probe.substances.push_back(f);
  if (section.node("axis") != nullptr) {
    probe.kind = ProbeSpec::Kind::plane;
    probe.axis = static_cast<int>(section.word("axis"));
    probe.position = position(section, "position", probe.axis);
  } else {
    probe.from = read_point(section, "from", grid);
    probe.to = read_point(section, "to", grid);
    probe.points = static_cast<int>(section.whole("points"));
  }
  probe.every = every(section, "every");
  section.finish();
  refuse_too_long(probe);
  experiment_.probes.push_back(std::move(probe));
}

// Before the run: a table that nobody could read back, and no spreadsheet either.
void TissueReader::refuse_too_long(const ProbeSpec& probe) const {
  constexpr double largest = 256.0 * 1048576.0;  // bytes, what the report reads
  const fields::Grid& grid = experiment_.setup.grid;
  const auto a = static_cast<std::size_t>(probe.axis);
  const double places = probe.kind == ProbeSpec::Kind::line
                            ? probe.points
                            : static_cast<double>(grid.voxels()) / static_cast<double>(grid.n[a]);
  const double times = probe.every.count > 0 ? 2.0 + static_cast<double>(experiment_.duration.count) /
                                                         static_cast<double>(probe.every.count)
                                             : 2.0;
  const double bytes = places * times * (45.0 + 23.0 * static_cast<double>(probe.substances.size()));
  if (bytes > largest)
    throw core::LimitError(fmt::format(
        "the table of probe '{}' would have {:.3g} places at {:.3g} times, about {:.3g} MiB; a table may "
        "have 256 MiB; take fewer `points`, or `every` longer",
        probe.name, places, times, bytes / 1048576.0));
}

// Along an axis, within the domain; the middle where the key is absent.
double TissueReader::position(core::Section& section, std::string_view key, int axis) {
  const fields::Grid& grid = experiment_.setup.grid;
  const double low = grid.origin[static_cast<std::size_t>(axis)], length = grid.length(axis);
  const std::size_t before = problems_.size();
  const double place = section.quantity_or(key, low + 0.5 * length);
  if (problems_.size() != before) return place;
  if (place < low || place > low + length)
    section.wrong(key, "out-of-range",
                  fmt::format("lies outside the domain, {} um to {} um", low, low + length));
  return place;
}

// A period of output: a multiple of the step, so that no output ever cuts a step and moves the result.
core::Tick TissueReader::every(core::Section& section, std::string_view key) {
  const core::Tick step = experiment_.setup.step;
  if (section.says_word(key)) return {};  // "never"
  const core::Tick period = read_tick(section, key);
  if (!section.has(key) || step.count <= 0) {
    // A default follows the step instead of asking the user to mend it.
    return step.count > 0 ? core::Tick{(period.count + step.count - 1) / step.count * step.count} : period;
  }
  if (period.count % step.count != 0)
    section.wrong(key, "not-a-multiple",
                  fmt::format("must be a multiple of `step` ({} min)", core::minutes(step)));
  return period;
}

void TissueReader::read_output(const core::Node* node) {
  const core::Node nothing;
  core::Section section(node == nullptr ? nothing : *node, output_keys(), problems_);
  OutputSpec& output = experiment_.output;
  output.growth = every(section, "growth_every");
  output.profiles = every(section, "profiles_every");
  output.cells = every(section, "cells_every");
  output.fields = every(section, "fields_every");
  output.sections = every(section, "sections_every");
  if (experiment_.setup.cells.empty() && !section.has("sections_every")) output.sections = {};
  if (!has_cells())
    for (const char* key : {"growth_every", "cells_every", "sections_every"})
      if (section.has(key) && !section.says_word(key))
        section.wrong(key, "cannot-act", "there are no [[cells]] that it could show", "leave it out");
  section.finish();
}

}  // namespace stroma::study

#include "io/lab_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "assays/dose_response/dose_unit.hpp"
#include "core/csv.hpp"
#include "core/diagnostics.hpp"
#include "core/document.hpp"
#include "core/table.hpp"
#include "core/units.hpp"
#include "io/csv.hpp"
#include "io/lab_rows.hpp"

namespace stroma::io {
namespace {

constexpr std::string_view undetermined = "Undetermined";

// Keys of a table's lines; complains of one that comes again.
class Once {
 public:
  void check(const core::Row& row, std::string_view column, const std::string& key, const char* code,
             const std::string& what) {
    const int line = row.place(column).line;
    const auto [first, fresh] = lines_.insert({key, line});
    if (!fresh)
      row.wrong(column, code, fmt::format("{} is there twice (first in line {})", what, first->second));
  }

 private:
  std::map<std::string, int> lines_;
};

}  // namespace

std::vector<assays::CtRow> read_ct_table(const NamedText& text) {
  core::Diagnostics problems;
  std::vector<assays::CtRow> table;
  Once once;
  each_row(text, {"arm", "replicate", "gene", "technical", "ct"}, {}, problems, [&](const core::Row& row) {
    assays::CtRow ct{row.required_text("arm"),
                     small(row, "replicate"),
                     row.required_text("gene"),
                     small(row, "technical"),
                     {}};
    if (row.text("ct") != undetermined)
      ct.ct = row.quantity("ct", core::dimension::none, core::Range::positive());
    once.check(
        row, "technical", fmt::format("{}\t{}\t{}\t{}", ct.arm, ct.replicate, ct.gene, ct.technical),
        "duplicate-well",
        fmt::format("well {} of {} in '{}', replicate {}", ct.technical, ct.gene, ct.arm, ct.replicate));
    table.push_back(std::move(ct));
  });
  problems.throw_if_any();
  return table;
}

std::vector<assays::BlotBand> read_densitometry(const NamedText& text) {
  core::Diagnostics problems;
  std::vector<assays::BlotBand> table;
  Once once;
  each_row(
      text, {"membrane", "lane", "arm", "replicate", "protein", "volume", "background"}, {"saturated"},
      problems, [&](const core::Row& row) {
        assays::BlotBand band;
        band.membrane = row.required_text("membrane");
        band.lane = small(row, "lane");
        band.arm = row.required_text("arm");
        band.replicate = small(row, "replicate");
        band.protein = row.required_text("protein");
        band.volume = row.quantity("volume", core::dimension::none, core::Range::non_negative());
        band.background = row.quantity("background", core::dimension::none, core::Range::non_negative());
        band.saturated = !row.text("saturated").empty() && row.choice("saturated", {"yes", "no"}) == "yes";
        once.check(row, "protein", fmt::format("{}\t{}\t{}", band.membrane, band.lane, band.protein),
                   "duplicate-band",
                   fmt::format("membrane '{}', lane {}, {}", band.membrane, band.lane, band.protein));
        table.push_back(std::move(band));
      });
  problems.throw_if_any();
  return table;
}

std::vector<assays::ColonyCount> read_colony_counts(const NamedText& text) {
  core::Diagnostics problems;
  std::vector<assays::ColonyCount> sheet;
  Once once;
  each_row(
      text, {"arm", "replicate", "plated", "colonies"}, {"technical"}, problems, [&](const core::Row& row) {
        const assays::ColonyCount count{row.required_text("arm"), small(row, "replicate"),
                                        small_or_one(row, "technical"), whole(row, "plated", 1),
                                        whole(row, "colonies", 0)};
        if (count.plated > 0 && count.colonies > count.plated)
          row.wrong("colonies", "more-than-plated",
                    fmt::format("{} colonies of {} cells plated", count.colonies, count.plated),
                    "look whether the columns plated and colonies are exchanged");
        once.check(row, "colonies", fmt::format("{}\t{}\t{}", count.arm, count.replicate, count.technical),
                   "duplicate-well",
                   fmt::format("well {} of '{}', replicate {}", count.technical, count.arm, count.replicate));
        sheet.push_back(count);
      });
  problems.throw_if_any();
  return sheet;
}

std::vector<assays::CellCount> read_cell_counts(const NamedText& text) {
  core::Diagnostics problems;
  std::vector<assays::CellCount> sheet;
  each_row(text, {"arm", "replicate", "cells", "volume"}, {}, problems, [&](const core::Row& row) {
    const double cells = row.quantity("cells", core::dimension::none, core::Range::non_negative());
    const double volume = row.quantity("volume", core::dimension::volume, core::Range::positive());
    sheet.push_back({row.required_text("arm"), small(row, "replicate"), cells, core::in_unit(volume, "mL")});
  });
  problems.throw_if_any();
  return sheet;
}

Fcs to_fcs(const assays::FlowSample& sample) {
  Fcs fcs;
  for (const assays::FlowChannel& channel : sample.channels)
    fcs.channels.push_back({channel.name, channel.stain, channel.range});
  fcs.events.assign(sample.events.begin(), sample.events.end());
  if (!sample.arm.empty()) fcs.keywords.emplace_back("ARM", sample.arm);
  fcs.keywords.emplace_back("REPLICATE", std::to_string(sample.replicate));
  fcs.keywords.emplace_back("TECHNICAL", std::to_string(sample.technical));
  return fcs;
}

assays::FlowSample from_fcs(const Fcs& fcs, const std::string& name) {
  assays::FlowSample sample;
  const std::string* arm = fcs.keyword("ARM");
  sample.arm = arm ? *arm : name;
  const auto repeat = [&](std::string_view keyword) {
    const std::string* text = fcs.keyword(keyword);
    const core::ParsedNumber parsed = text ? core::parse_number(*text) : core::ParsedNumber{1.0, {}};
    const bool whole_number = parsed.error.empty() && parsed.value >= 1.0 && parsed.value <= 1e6;
    return whole_number ? static_cast<int>(parsed.value) : 1;
  };
  sample.replicate = repeat("REPLICATE");
  sample.technical = repeat("TECHNICAL");
  for (const FcsChannel& channel : fcs.channels)
    sample.channels.push_back({channel.name, channel.stain, channel.range});
  sample.events.assign(fcs.events.begin(), fcs.events.end());
  return sample;
}

}  // namespace stroma::io

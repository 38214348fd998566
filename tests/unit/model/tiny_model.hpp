// A small valid model as the texts of its files, to be broken one cell at a time. Not biology: names are
// letters.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

#include "core/diagnostics.hpp"
#include "core/document.hpp"
#include "model/build.hpp"

namespace stroma::model::test {

/// Texts of a model folder. F is a family of the cell types A and B; C stands alone. L is a ligand of the
/// receptor R, R drives S, S drives P; the drug D enters cells, is pumped out by T, inhibits S and competes
/// at R.
struct TinyModel {
  std::map<std::string, std::string> text = {
      {"model.toml",
       "schema = 1\n"
       "name = \"tiny\"\n"
       "version = \"1\"\n"
       "title = \"A tiny model\"\n"
       "[assumptions]\n"
       "weight = [0.0, 1.0]\n"
       "half_max = [0.05, 0.95]\n"
       "hill = [1.0, 8.0]\n"},
      {"references.csv",
       "key,citation,doi,url\n"
       "r1,First 2001,10.1/1,\n"
       "r2,Second 2002,,https://example.org\n"},
      {"substances.csv",
       "substance,parameter,value,low,high,reference,note\n"
       "L,label,Ligand,,,,\n"
       "L,molar_mass,8 kDa,7 kDa,9 kDa,assumption,\n"
       "L,half_life,10 h,,,r1,\n"
       "L,half_life_in_serum,5 h,1 h,6 h,r2,\n"
       "M,label,Metabolite,,,,\n"},
      {"drugs.csv",
       "drug,parameter,value,low,high,reference,note\n"
       "D,label,Drug,,,,\n"
       "D,molar_mass,500 g/mol,,,r1,\n"
       "D,free_fraction_in_serum,0.5,,,r1,\n"
       "D,influx,0.05 1/min,0.01 1/min,0.1 1/min,assumption,\n"
       "D,efflux,3 1/h,,,r1,\n"
       "D,efflux_by_transporter,0.05 1/min,,,r1,\n"
       "D,transporter,T,,,r2,\n"},
      {"drug_targets.csv",
       "id,drug,target,mode,ic50,hill,low,high,grade,reference,note\n"
       "t1,D,S,inhibits_activity,6 nM,1,,,A,r1,\n"
       "t2,D,R,competes,44 nM,1,20 nM,0.6 uM,B,assumption,\n"},
      {"cell_types.csv",
       "cell_type,parameter,value,low,high,reference,note\n"
       "F,label,Family,,,,\n"
       "F,abstract,true,,,,\n"
       "F,volume,2000 um^3,,,r1,\n"
       "F,apoptosis,0.001 1/h,,,r1,\n"
       "F,early_apoptosis,8 h,3 h,16 h,assumption,\n"
       "F,late_apoptosis,16 h,,,r1,\n"
       "F,stages:early_apoptosis,4,1,10,assumption,\n"
       "F,plating_efficiency,0.6,0.2,0.95,assumption,\n"
       "F,phase:G1,10 h,,,r1,\n"
       "F,phase:S,8 h,,,r1,\n"
       "F,stages:G1,2,1,8,assumption,\n"
       "F,trait:node:S,0.5,0.2,0.9,assumption,\n"
       "F,heritability,0.8,0.4,0.98,assumption,\n"
       "A,is,F,,,,\n"
       "A,label,Type A,,,,\n"
       "A,phase:G1,20 h,,,r2,\n"
       "B,is,F,,,,\n"
       "B,label,Type B,,,,\n"
       "C,label,Type C,,,,\n"
       "C,volume,1000 um^3,,,r1,\n"
       "C,apoptosis,0.002 1/h,,,r1,\n"
       "C,early_apoptosis,8 h,,,r1,\n"
       "C,late_apoptosis,16 h,,,r1,\n"
       "C,plating_efficiency,0.9,,,r1,\n"
       "C,secretion:L,0.8 fg/h,0.2 fg/h,4 fg/h,assumption,\n"
       "C,uptake:L,20 um^3/min,,,r1,\n"},
      {"nodes.csv",
       "node,cell_type,parameter,value,low,high,reference,note\n"
       "R,,label,Receptor,,,,\n"
       "R,,layer,receptor,,,,\n"
       "R,F,basal,0,0,0.05,assumption,\n"
       "R,F,tau,10 min,3 min,60 min,assumption,\n"
       "S,,layer,signalling,,,,\n"
       "S,F,basal,0.1,0.02,0.3,assumption,\n"
       "S,F,tau,0.25 h,,,r1,\n"
       "S,A,basal,0.5,0.3,0.8,assumption,\n"
       "P,,layer,process,,,,\n"
       "P,F,basal,0.2,,,r1,\n"
       "P,,tau,1 h,,,r1,\n"
       "T,,layer,protein,,,,\n"
       "T,F,basal,0.2,,,r1,\n"
       "T,F,tau,24 h,,,r1,\n"},
      {"mechanisms.csv",
       "id,source,effect,target,cell_types,weight,half_max,hill,gate,grade,reference,note\n"
       "m1,L,activates,R,F,1,3.6 nM,1,,A,r1; r2,binds\n"
       "m2,R,activates,S,F,0.7,0.4,2,,B,r1,\n"
       "m3,S,activates,P,A; B,0.5,0.5,2,,C,r2,\n"
       "m4,P,inhibits,T,B,0.5,0.3,2,,D,assumption,refuted if blocking P leaves T\n"},
      {"rules.csv",
       "id,cell_type,signal,direction,behaviour,saturation,half_max,hill,dead,grade,reference,note\n"
       "u1,F,S,increases,cycle_entry,0.3 1/h,0.4,3,no,A,r1,\n"
       "u2,F,P,decreases,apoptosis,0 1/h,0.4,2,no,B,r1,\n"},
  };

  /// Replaces the first occurrence of `from`, which must be there.
  TinyModel& replace(const std::string& file, std::string_view from, std::string_view to) {
    std::string& body = text.at(file);
    const auto at = body.find(from);
    EXPECT_NE(at, std::string::npos) << "'" << from << "' is not in " << file;
    if (at != std::string::npos) body.replace(at, from.size(), to);
    return *this;
  }
  TinyModel& append(const std::string& file, std::string_view lines) {
    text.at(file) += lines;
    return *this;
  }

  /// As read from the folder "" (places name the bare files).
  Files files() const;
};

/// Splits at commas only: the tiny model has no quotes.
inline core::Table plain_table(const std::string& file, const std::string& text) {
  core::Table table{file, {}, {}};
  int line = 1;
  std::vector<core::Cell> cells;
  core::Cell cell{"", 1, 1};
  int column = 1;
  for (char c : text) {
    if (c == ',' || c == '\n') {
      cells.push_back(cell);
      if (c == '\n') {
        if (table.header.empty())
          table.header = cells;
        else
          table.rows.push_back(cells);
        cells.clear();
        ++line;
        column = 0;
      }
      cell = {"", line, column + 1};
    } else {
      cell.text += c;
    }
    ++column;
  }
  return table;
}

/// Reads `key = value` lines and [table] headings: as much TOML as the tiny model uses.
inline core::Node plain_document(const std::string& file, const std::string& text) {
  core::Node root;
  root.place = {file, 1, 1};
  std::size_t table = std::string::npos;
  const auto value_of = [](std::string written, const core::Place& place) {
    core::Node node;
    node.place = place;
    node.kind = written.starts_with('"') ? core::Node::Kind::text : core::Node::Kind::number;
    if (written.starts_with('"'))
      written = written.substr(1, written.size() - 2);
    else
      node.number = std::stod(written);
    node.text = written;
    return node;
  };
  int line = 1;
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos;
       begin = end + 1, end = text.find('\n', begin), ++line) {
    const std::string row = text.substr(begin, end - begin);
    if (row.starts_with('[')) {
      core::Node node;
      node.place = {file, line, 1};
      root.keys.emplace_back(row.substr(1, row.size() - 2), node);
      table = root.keys.size() - 1;
      continue;
    }
    const auto equals = row.find(" = ");
    const std::string key = row.substr(0, equals), written = row.substr(equals + 3);
    const core::Place place{file, line, static_cast<int>(equals + 4)};
    core::Node node;
    if (written.starts_with('[')) {
      node.kind = core::Node::Kind::list;
      node.place = place;
      const auto comma = written.find(", ");
      node.items.push_back(value_of(written.substr(1, comma - 1), place));
      if (comma != std::string::npos)
        node.items.push_back(value_of(written.substr(comma + 2, written.size() - comma - 3), place));
    } else {
      node = value_of(written, place);
    }
    (table == std::string::npos ? root : root.keys[table].second).keys.emplace_back(key, node);
  }
  return root;
}

inline Files TinyModel::files() const {
  Files files;
  files.model = plain_document("model.toml", text.at("model.toml"));
  files.substances = plain_table("substances.csv", text.at("substances.csv"));
  files.drugs = plain_table("drugs.csv", text.at("drugs.csv"));
  files.drug_targets = plain_table("drug_targets.csv", text.at("drug_targets.csv"));
  files.cell_types = plain_table("cell_types.csv", text.at("cell_types.csv"));
  files.nodes = plain_table("nodes.csv", text.at("nodes.csv"));
  files.mechanisms = plain_table("mechanisms.csv", text.at("mechanisms.csv"));
  files.rules = plain_table("rules.csv", text.at("rules.csv"));
  files.references = plain_table("references.csv", text.at("references.csv"));
  files.content_hash = "tiny";
  return files;
}

inline std::string listing(std::span<const core::Diagnostic> entries) {
  std::string out;
  for (const core::Diagnostic& entry : entries) out += core::to_string(entry) + "\n";
  return out;
}

/// The model of valid texts; fails the test and returns an empty model otherwise.
inline Model build_valid(const TinyModel& tiny) {
  core::Diagnostics problems;
  auto built = build(tiny.files(), problems);
  EXPECT_TRUE(built.has_value()) << listing(problems.entries());
  return built ? std::move(*built) : Model{};
}

}  // namespace stroma::model::test

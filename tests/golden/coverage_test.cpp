// The evidence ledger: docs/coverage.csv says what became of each of the 449 statements that were read in the
// two seed papers, models/hcc/references.csv where each number comes from. These tests keep both complete and
// free of dead links.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/table.hpp"
#include "io/csv.hpp"
#include "io/file.hpp"
#include "test_paths.hpp"

namespace coverage_test {

using stroma::core::Table;

constexpr int statements = 449;
const std::string root = STROMA_SOURCE_DIR;

Table read(const std::string& path) {
  stroma::core::Diagnostics problems;
  Table table = stroma::io::read_csv(stroma::io::read_file(root + "/" + path), path, {}, problems);
  EXPECT_TRUE(problems.empty()) << path << " is not a clean table";
  return table;
}

std::string cell(const Table& table, std::size_t row, std::string_view column) {
  const auto index = table.column(column);
  EXPECT_TRUE(index) << table.file << " has no column " << column;
  return index ? table.rows[row][*index].text : std::string{};
}

// "file:key": the key is the first cells of a row, joined by spaces.
std::string path_of(const std::string& file) {
  return file == "findings.csv" ? "experiments/caf-cxcl12-folr1/" + file : "models/hcc/" + file;
}

class Rows {
 public:
  bool contain(const std::string& file, const std::string& key) {
    auto found = keys_.find(file);
    if (found == keys_.end()) found = keys_.emplace(file, keys_of(read(path_of(file)))).first;
    return found->second.contains(key);
  }

 private:
  static std::set<std::string> keys_of(const Table& table) {
    std::set<std::string> keys;
    for (const auto& row : table.rows) {
      std::string key = row.at(0).text;
      keys.insert(key);
      keys.insert(key + " " + row.at(1).text);
    }
    return keys;
  }
  std::map<std::string, std::set<std::string>> keys_;
};

std::vector<std::string> sources_of(const Table& table) {
  std::vector<std::string> sources;
  if (!table.column("reference")) return sources;
  for (std::size_t i = 0; i < table.rows.size(); ++i)
    for (auto& key : stroma::core::split_list(cell(table, i, "reference"))) sources.push_back(key);
  return sources;
}

const std::vector<std::string> sourced_tables = {"substances.csv", "drugs.csv", "drug_targets.csv",
                                                 "cell_types.csv", "nodes.csv", "mechanisms.csv",
                                                 "rules.csv"};

TEST(Coverage, names_every_statement_exactly_once) {
  const Table coverage = read("docs/coverage.csv");
  ASSERT_EQ(coverage.rows.size(), static_cast<std::size_t>(statements));
  std::set<std::string> ids;
  for (std::size_t i = 0; i < coverage.rows.size(); ++i) ids.insert(cell(coverage, i, "id"));
  for (int n = 1; n <= statements; ++n) {
    const std::string digits = std::to_string(1000 + n).substr(1);
    EXPECT_TRUE(ids.contains("M" + digits)) << "M" << digits << " is missing";
  }
}

TEST(Coverage, says_what_a_statement_became_in_one_of_seven_words) {
  const std::set<std::string> words = {"mechanism", "rule",       "drug", "cell_state",
                                       "finding",   "background", "open"};
  const Table coverage = read("docs/coverage.csv");
  for (std::size_t i = 0; i < coverage.rows.size(); ++i)
    EXPECT_TRUE(words.contains(cell(coverage, i, "becomes"))) << cell(coverage, i, "id");
}

TEST(Coverage, points_to_rows_that_exist) {
  Rows rows;
  const Table coverage = read("docs/coverage.csv");
  for (std::size_t i = 0; i < coverage.rows.size(); ++i) {
    const std::string id = cell(coverage, i, "id");
    const std::string becomes = cell(coverage, i, "becomes");
    const auto places = stroma::core::split_list(cell(coverage, i, "where"));
    const bool elsewhere = becomes == "open" || becomes == "background";
    EXPECT_EQ(places.empty(), elsewhere)
        << id << " is " << becomes << " and has " << places.size() << " places";
    for (const std::string& place : places) {
      const std::size_t colon = place.find(':');
      ASSERT_NE(colon, std::string::npos) << id << ": " << place;
      EXPECT_TRUE(rows.contain(place.substr(0, colon), place.substr(colon + 1)))
          << id << ": no row " << place;
    }
  }
}

// A mutant of the check above: a place that is not there must be noticed.
TEST(Coverage, notices_a_row_that_is_gone) {
  Rows rows;
  EXPECT_TRUE(rows.contain("mechanisms.csv", "CXCL12_CXCR4"));
  EXPECT_TRUE(rows.contain("cell_types.csv", "CAF secretion:CXCL12"));
  EXPECT_FALSE(rows.contain("mechanisms.csv", "CXCL12_CXCR5"));
  EXPECT_FALSE(rows.contain("cell_types.csv", "CAF secretion:CXCL13"));
}

TEST(Coverage, leaves_nothing_open_of_the_drug_and_of_the_fibroblast_axis) {
  const Table coverage = read("docs/coverage.csv");
  std::map<std::string, std::pair<int, int>> open;  // group -> open, all
  for (std::size_t i = 0; i < coverage.rows.size(); ++i) {
    auto& [still_open, all] = open[cell(coverage, i, "group")];
    ++all;
    if (cell(coverage, i, "becomes") == "open") ++still_open;
    if (cell(coverage, i, "becomes") != "open") continue;
    EXPECT_FALSE(cell(coverage, i, "note").empty()) << cell(coverage, i, "id") << " is open without a reason";
  }
  for (const auto& [group, counts] : open)
    std::cout << "coverage: " << group << ": " << counts.first << " of " << counts.second << " still open\n";
  EXPECT_EQ(open.at("drug_action").first, 0);
  EXPECT_EQ(open.at("CAF_CXCL12_FOLR1").first, 0);
}

// Resistance is a readout: no node, mechanism, rule or drug target may carry it.
TEST(Coverage, no_row_of_the_model_raises_resistance_directly) {
  for (const char* name : {"nodes.csv", "mechanisms.csv", "rules.csv", "drug_targets.csv"}) {
    const std::string file = std::string("models/hcc/") + name;
    const Table table = read(file);
    for (const char* column : {"id", "node", "source", "signal", "target", "behaviour"}) {
      const auto index = table.column(column);
      if (!index) continue;
      for (const auto& row : table.rows)
        EXPECT_EQ(row[*index].text.find("resist"), std::string::npos) << file << ":" << row[*index].line;
    }
  }
}

TEST(References, every_key_is_defined) {
  const Table references = read("models/hcc/references.csv");
  std::set<std::string> keys;
  for (std::size_t i = 0; i < references.rows.size(); ++i) {
    const std::string key = cell(references, i, "key");
    EXPECT_TRUE(keys.insert(key).second) << key << " is defined twice";
    EXPECT_FALSE(cell(references, i, "citation").empty()) << key;
  }
  for (const std::string& file : sourced_tables)
    for (const std::string& key : sources_of(read("models/hcc/" + file)))
      EXPECT_TRUE(key == "assumption" || keys.contains(key)) << file << " cites " << key;
}

TEST(References, every_definition_is_used) {
  std::string text = stroma::io::read_file(root + "/models/hcc/model.toml");
  for (const std::string& file : sourced_tables) text += stroma::io::read_file(root + "/models/hcc/" + file);
  const Table references = read("models/hcc/references.csv");
  for (std::size_t i = 0; i < references.rows.size(); ++i) {
    const std::string key = cell(references, i, "key");
    EXPECT_NE(text.find(key), std::string::npos) << key << " is cited nowhere in models/hcc";
  }
}

// What the experiments of the paper are called, and which findings may be used to calibrate, is fixed by
// data/.
TEST(Findings, are_the_in_vitro_rows_of_the_paper_with_their_roles) {
  stroma::core::Diagnostics problems;
  stroma::io::CsvOptions tabs;
  tabs.delimiter = '\t';
  const std::string path = "data/findings_zhao2023.tsv";
  const Table paper = stroma::io::read_csv(stroma::io::read_file(root + "/" + path), path, tabs, problems);
  const Table findings = read("experiments/caf-cxcl12-folr1/findings.csv");
  const std::set<std::string> not_in_vitro = {"1a", "1b", "3a", "4a", "5a-c", "5d,e"};
  std::map<std::string, std::string> expected;
  for (std::size_t i = 0; i < paper.rows.size(); ++i)
    if (!not_in_vitro.contains(cell(paper, i, "figure")))
      expected[cell(paper, i, "id")] =
          cell(paper, i, "system") + " " + cell(paper, i, "expected") + " " + cell(paper, i, "role");
  std::map<std::string, std::string> got;
  for (std::size_t i = 0; i < findings.rows.size(); ++i)
    got[cell(findings, i, "id")] =
        cell(findings, i, "system") + " " + cell(findings, i, "expected") + " " + cell(findings, i, "role");
  EXPECT_EQ(got, expected);
  EXPECT_EQ(got.size(), 49u);
}

}  // namespace coverage_test

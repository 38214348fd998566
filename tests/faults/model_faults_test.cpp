// Faults of the verification list that a model folder can have, as files on disk: the loader refuses the
// folder, names every problem with file, line and column, and returns nothing.
#include <gtest/gtest.h>

#include <ctime>
#include <filesystem>

#include "io/file.hpp"
#include "io/model_folder.hpp"
#include "unit/model/tiny_model.hpp"

namespace stroma {
namespace model_faults_test {

namespace fs = std::filesystem;
using model::test::TinyModel;

class ModelFaults : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) / (std::string("stroma_model_faults_") + test->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// "file:line:column code" of every problem, in the order of places.
  std::vector<std::string> load(const TinyModel& tiny) {
    for (const auto& [name, text] : tiny.text) io::write_file_atomically(folder_ / name, text);
    std::vector<std::string> found;
    try {
      io::load_model(folder_);
    } catch (const core::InputError& error) {
      for (const core::Diagnostic& d : error.diagnostics()) {
        found.push_back(fs::path(d.place.file).filename().string() + ":" + std::to_string(d.place.line) +
                        ":" + std::to_string(d.place.column) + " " + d.code);
        said_ += core::to_string(d) + "\n";
      }
    }
    return found;
  }

  fs::path folder_;
  std::string said_;
};

using Places = std::vector<std::string>;

TEST_F(ModelFaults, a_valid_folder_loads) {
  EXPECT_EQ(load({}), Places{}) << said_;
}

TEST_F(ModelFaults, misspelt_unknown_and_duplicate_keys) {  // fault 1
  TinyModel tiny;
  tiny.append("model.toml", "wieght = [0, 1]\n[sources]\n").replace("rules.csv", ",dead,", ",deat,");
  tiny.append("substances.csv", "L,half_life,11 h,,,r1,\n");
  EXPECT_EQ(load(tiny), (Places{"model.toml:9:1 unknown-key", "model.toml:10:2 unknown-key",
                                "rules.csv:1:0 missing-column", "rules.csv:1:66 unknown-column",
                                "substances.csv:7:3 duplicate-row"}))
      << said_;
  EXPECT_NE(said_.find("did you mean 'weight'?"), std::string::npos) << said_;
  EXPECT_NE(said_.find("did you mean 'dead'?"), std::string::npos) << said_;
  EXPECT_NE(said_.find("substances.csv:4:3"), std::string::npos) << "both places of a duplicate\n" << said_;
}

TEST_F(ModelFaults, a_duplicate_key_of_model_toml_names_both_places) {  // fault 1
  TinyModel tiny;
  tiny.replace("model.toml", "version = \"1\"\n", "version = \"1\"\nversion = \"2\"\n");
  const Places found = load(tiny);
  ASSERT_EQ(found.size(), 1u) << said_;
  EXPECT_TRUE(found[0].starts_with("model.toml:4:")) << found[0];
  EXPECT_NE(said_.find("model.toml:3"), std::string::npos) << "and the first place\n" << said_;
}

TEST_F(ModelFaults, negative_not_a_number_infinite_and_out_of_double) {  // fault 2
  TinyModel tiny;
  tiny.append("substances.csv",
              "M,diffusivity,-1 um^2/min,,,r1,\nM,half_life,NaN,,,r1,\nM,half_life_in_serum,inf h,,,r1,\n"
              "M,molar_mass,1e400 kDa,,,r1,\n");
  tiny.replace("nodes.csv", "0.25 h", "1e-320 h");
  EXPECT_EQ(load(tiny), (Places{"nodes.csv:8:9 bad-quantity", "substances.csv:7:15 out-of-range",
                                "substances.csv:8:13 bad-quantity", "substances.csv:9:22 bad-quantity",
                                "substances.csv:10:14 bad-quantity"}))
      << said_;
}

TEST_F(ModelFaults, a_decimal_comma_is_refused_and_not_read_as_something_else) {  // fault 3
  TinyModel tiny;
  tiny.replace("mechanisms.csv", "F,0.7,", "F,\"0,7\",");
  EXPECT_EQ(load(tiny), (Places{"mechanisms.csv:3:20 bad-quantity"})) << said_;
  EXPECT_NE(said_.find("decimal"), std::string::npos) << said_;
}

TEST_F(ModelFaults, wrong_dimension_and_missing_unit_while_convertible_units_pass) {  // fault 4
  TinyModel tiny;
  tiny.replace("mechanisms.csv", "3.6 nM", "3.6 min")
      .replace("drug_targets.csv", "6 nM", "6")
      .replace("nodes.csv", "10 min,3 min,60 min", "600 s,180 s,1 h");
  EXPECT_EQ(load(tiny), (Places{"drug_targets.csv:2:26 missing-unit", "mechanisms.csv:2:22 wrong-dimension"}))
      << said_;
}

TEST_F(ModelFaults, absent_names_cycles_and_duplicate_rules_all_at_once) {  // fault 7
  TinyModel tiny;
  tiny.append("mechanisms.csv", "m5,S,activates,PP,F,0.5,0.5,2,,C,r1,\nm6,S,activates,T,G,0.5,0.5,2,,C,r1,\n")
      .append("rules.csv",
              "u3,A,Q,increases,apoptosis,1 1/h,0.4,2,no,C,r1,\nu4,B,S,increases,cycle_entry,0.3 "
              "1/h,0.4,3,no,A,r1,\n")
      .append("cell_types.csv", "F,is,K,,,,\nK,label,K,,,,\nK,abstract,true,,,,\nK,is,F,,,,\n");
  EXPECT_EQ(load(tiny), (Places{"cell_types.csv:28:6 inheritance-cycle", "mechanisms.csv:6:16 unknown-node",
                                "mechanisms.csv:7:18 unknown-cell-type", "rules.csv:4:6 unknown-source",
                                "rules.csv:5:6 duplicate-row"}))
      << said_;
}

TEST_F(ModelFaults, ragged_rows_and_foreign_bytes_are_named_by_row) {  // fault 8
  TinyModel tiny;
  tiny.append("rules.csv", "u3,A,S\n").append("nodes.csv", std::string("Z\xFF,,layer,gene,,,,\n"));
  const Places found = load(tiny);
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](const std::string& p) {
    return p.starts_with("rules.csv:4:");
  })) << said_;
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](const std::string& p) {
    return p.starts_with("nodes.csv:16:");
  })) << said_;
}

TEST_F(ModelFaults, half_max_zero_and_hill_zero_or_negative) {  // fault 9
  TinyModel tiny;
  tiny.replace("mechanisms.csv", "0.7,0.4,2", "0.7,0,2")
      .replace("mechanisms.csv", "0.5,0.5,2", "0.5,0.5,0")
      .replace("rules.csv", "0.4,3,no", "0.4,-3,no");
  EXPECT_EQ(load(tiny), (Places{"mechanisms.csv:3:24 out-of-range", "mechanisms.csv:4:31 out-of-range",
                                "rules.csv:2:42 out-of-range"}))
      << said_;
}

TEST_F(ModelFaults, a_folder_with_a_long_name_blanks_and_foreign_letters_loads) {  // fault 20
  folder_ /= "a model with blanks \xC3\xA9 " + std::string(180, 'x');
  fs::create_directories(folder_);
  EXPECT_EQ(load({}), Places{}) << said_;
}

TEST_F(ModelFaults, ten_thousand_bad_rows_are_refused_in_seconds) {
  TinyModel tiny;
  std::string rows;
  for (int i = 0; i < 10000; ++i)
    rows += "m1,Q" + std::to_string(i) + ",activates,S" + std::to_string(i) + ",F,2,0,0,or,Z,none,\n";
  tiny.append("mechanisms.csv", rows);
  const std::clock_t start = std::clock();  // of this process: a busy machine is no failure
  EXPECT_GE(load(tiny).size(), 80000u);
  EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 20.0);
}

}  // namespace model_faults_test
}  // namespace stroma

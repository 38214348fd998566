// The model folder on disk: what is missing is named file by file, and the shipped model is valid.
#include "io/model_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "io/file.hpp"
#include "test_paths.hpp"

namespace stroma::io {
namespace model_folder_test {

namespace fs = std::filesystem;

const fs::path shipped = fs::path(STROMA_SOURCE_DIR) / "models" / "hcc";

std::string listing(std::span<const core::Diagnostic> entries) {
  std::string text;
  for (const core::Diagnostic& entry : entries) text += core::to_string(entry) + "\n";
  return text;
}

class ModelFolder : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) / (std::string("stroma_model_folder_") + test->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void copy_shipped() {
    for (const std::string& name : model_file_names()) fs::copy_file(shipped / name, folder_ / name);
  }
  std::string problems_of(const fs::path& folder) {
    try {
      load_model(folder);
    } catch (const core::InputError& error) {
      return listing(error.diagnostics());
    }
    return {};
  }
  fs::path folder_;
};

TEST_F(ModelFolder, hcc_is_valid) {
  try {
    const model::Model model = load_model(shipped);
    EXPECT_EQ(model.name, "hcc");
    EXPECT_FALSE(model.mechanisms.empty());
    EXPECT_EQ(model.content_hash.size(), 32u);
  } catch (const core::InputError& error) {
    FAIL() << "models/hcc has " << error.diagnostics().size() << " problems:\n"
           << listing(error.diagnostics());
  }
}

TEST_F(ModelFolder, a_folder_that_is_not_there_is_one_problem) {
  const std::string problems = problems_of(folder_ / "nowhere");
  EXPECT_NE(problems.find("[no-such-folder]"), std::string::npos) << problems;
  EXPECT_NE(problems.find("mechanisms.csv"), std::string::npos) << "the hint says what a model folder holds";
}

TEST_F(ModelFolder, a_file_in_place_of_the_folder_is_refused) {
  write_file_atomically(folder_ / "hcc", "not a model");
  EXPECT_NE(problems_of(folder_ / "hcc").find("[not-a-folder]"), std::string::npos);
}

TEST_F(ModelFolder, every_missing_file_is_named_and_nothing_else_is_said) {
  core::Diagnostics problems;
  const model::Files files = read_model_folder(folder_, problems);
  EXPECT_FALSE(model::build(files, problems).has_value() && problems.empty());
  ASSERT_EQ(problems.size(), model_file_names().size()) << listing(problems.entries());
  for (std::size_t i = 0; i < model_file_names().size(); ++i) {
    EXPECT_EQ(problems.entries()[i].code, "no-such-file");
    EXPECT_EQ(problems.entries()[i].place.file, printable(folder_ / model_file_names()[i]));
  }
}

TEST_F(ModelFolder, a_missing_references_file_does_not_bury_the_other_problem) {
  copy_shipped();
  fs::remove(folder_ / "references.csv");
  write_file_atomically(folder_ / "model.toml",
                        "schema = 1\nname = \"x\"\nversion = \"1\"\ntitle = \"x\"\ncolour = 3\n"
                        "[assumptions]\nweight = [0, 1]\nhalf_max = [0.05, 0.95]\nhill = [1, 8]\n"
                        "dissociation_constant = [\"0.001 nM\", \"1 uM\"]\nsaturation = [0, 10]\n");
  core::Diagnostics problems;
  const model::Files files = read_model_folder(folder_, problems);
  model::build(files, problems);
  ASSERT_EQ(problems.size(), 2u) << listing(problems.entries());
  EXPECT_EQ(problems.entries()[0].code, "no-such-file");
  EXPECT_EQ(problems.entries()[1].code, "unknown-key");
  EXPECT_EQ(problems.entries()[1].place.line, 5);
}

TEST_F(ModelFolder, the_content_hash_sees_every_byte_of_every_file) {
  copy_shipped();
  core::Diagnostics problems;
  const std::string before = read_model_folder(folder_, problems).content_hash;
  EXPECT_EQ(read_model_folder(folder_, problems).content_hash, before);
  EXPECT_EQ(read_model_folder(shipped, problems).content_hash, before)
      << "the place of the folder does not count";
  for (const std::string& name : model_file_names()) {
    const std::string bytes = read_file(folder_ / name);
    write_file_atomically(folder_ / name, bytes + "\n");
    EXPECT_NE(read_model_folder(folder_, problems).content_hash, before) << name;
    write_file_atomically(folder_ / name, bytes);
  }
  EXPECT_EQ(read_model_folder(folder_, problems).content_hash, before);
}

TEST_F(ModelFolder, a_folder_with_a_byte_order_mark_crlf_and_blank_lines_is_the_same_model) {
  copy_shipped();
  for (const std::string& name : model_file_names()) {
    if (name == "model.toml") continue;
    std::string text = "\xEF\xBB\xBF";
    for (char c : read_file(folder_ / name)) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
    write_file_atomically(folder_ / name, text + "\r\n\r\n");
  }
  EXPECT_EQ(problems_of(folder_).empty(), problems_of(shipped).empty());
}

TEST_F(ModelFolder, a_spreadsheet_saved_with_semicolons_is_named_once) {
  copy_shipped();
  std::string text = read_file(folder_ / "rules.csv");
  std::replace(text.begin(), text.end(), ',', ';');
  write_file_atomically(folder_ / "rules.csv", text);
  core::Diagnostics problems;
  read_model_folder(folder_, problems);
  ASSERT_EQ(problems.size(), 1u) << listing(problems.entries());
  EXPECT_EQ(problems.entries()[0].code, "wrong-delimiter");
}

}  // namespace model_folder_test
}  // namespace stroma::io

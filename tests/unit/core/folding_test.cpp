// One cause is told once, and nothing that may need a correction of its own is hidden.
#include "core/folding.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stroma::core {
namespace folding_test {

using testing::HasSubstr;
using testing::Not;

Diagnostic cell(int line, const std::string& text, const std::string& key = "DV") {
  return {"not-a-number",
          {"a.csv", line, 3},
          key,
          fmt::format("{}: '{}' is not a number", key, text),
          "correct it"};
}

TEST(Folding, a_column_of_cells_that_are_no_numbers_is_one_message_with_a_count_and_places) {
  Diagnostics all;
  for (int line = 2; line < 74; ++line) all.add(cell(line, "x" + std::to_string(line)));
  const auto folded = fold(all.entries());
  ASSERT_EQ(folded.size(), 1u);
  EXPECT_EQ(folded[0].count, 72u);
  EXPECT_EQ(to_string(folded[0]),
            "a.csv:2:3: DV: 'x2' is not a number (72 of this kind: lines 2, 3, 4, 5, 6, 7, ...) "
            "[not-a-number]\n    correct it");
}

TEST(Folding, equal_messages_are_one_and_three_that_differ_are_three) {
  Diagnostics two, three;
  two.add(cell(2, "."));
  two.add(cell(9, "."));
  EXPECT_EQ(fold(two.entries()).size(), 1u);
  EXPECT_THAT(to_string(fold(two.entries())[0]), HasSubstr("(2 of this kind: lines 2, 9)"));
  for (const char* text : {"a", "b", "c"}) three.add(cell(3, text));
  EXPECT_EQ(fold(three.entries()).size(), 3u);
}

TEST(Folding, columns_codes_and_files_stay_apart) {
  Diagnostics all;
  for (int line = 2; line < 10; ++line) {
    all.add(cell(line, ".", "DV"));
    all.add(cell(line, ".", "AMT"));
    all.add({"other", {"a.csv", line, 3}, "DV", "DV: '.' is not a number", {}});
    all.add({"not-a-number", {"b.csv", line, 3}, "DV", "DV: '.' is not a number", {}});
  }
  EXPECT_EQ(fold(all.entries()).size(), 4u);
}

TEST(Folding, wrong_names_of_keys_are_each_named) {
  Diagnostics all;
  for (const char* key : {"dose", "tme", "arms", "plat", "modl"})
    all.add("unknown-key", {"a.toml", 3, 1}, key, fmt::format("unknown key '{}'", key), {});
  EXPECT_EQ(fold(all.entries()).size(), 5u);
}

TEST(Folding, a_table_of_other_columns_is_one_cause_and_a_file_given_twice_counts_once) {
  Diagnostics all;
  for (int i = 1; i <= 40; ++i)
    all.add("unknown-column", {"a.csv", 1, i}, "c" + std::to_string(i),
            fmt::format("unknown column 'c{}'", i), {});
  ASSERT_EQ(fold(all.entries()).size(), 1u);
  EXPECT_EQ(fold(all.entries())[0].count, 40u);
  Diagnostics twice;
  twice.add(cell(2, "."));
  twice.add(cell(2, "."));
  EXPECT_EQ(to_string(fold(twice.entries())[0]), to_string(cell(2, ".")));
}

TEST(Folding, what_follows_from_a_file_of_another_kind_is_left_out) {
  Diagnostics all;
  all.add(cell(1, "PK"));
  all.add({"other-kind", {"a.csv", 0, 0}, "a.csv", "this is a zip archive", {}});
  all.add({"no-rows", {"b.csv", 1, 0}, "", "no rows", {}});
  const auto folded = fold(all.entries());
  ASSERT_EQ(folded.size(), 2u);
  EXPECT_EQ(folded[0].first.code, "other-kind");
  EXPECT_EQ(folded[1].first.place.file, "b.csv");
}

TEST(Folding, a_hint_that_several_have_stands_once) {
  Diagnostics all;
  for (const char* key : {"a", "b", "c"})
    all.add({"x", {"a.csv", 1, 1}, key, std::string("column ") + key, "say --unit"});
  const std::string text = told(fold(all.entries()));
  EXPECT_EQ(text.find("say --unit"), text.rfind("say --unit"));
  EXPECT_THAT(text, HasSubstr("column c"));
}

}  // namespace folding_test
}  // namespace stroma::core

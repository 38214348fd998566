// Diagnostics are collected, sorted by place and carry a suggestion.
#include "core/diagnostics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace stroma::core {
namespace diagnostics_test {

using testing::HasSubstr;

TEST(Diagnostic, prints_as_file_line_column) {
  EXPECT_EQ(to_string({"unknown-key", {"a.toml", 3, 7}, "x", "unknown key 'x'", "did you mean 'y'?"}),
            "a.toml:3:7: unknown key 'x' [unknown-key]\n    did you mean 'y'?");
  EXPECT_EQ(to_string({"c", {"a.toml", 0, 0}, "", "m", ""}), "a.toml: m [c]");
  EXPECT_EQ(to_string({"c", {"a.toml", 3, 0}, "", "m", ""}), "a.toml:3: m [c]");
  EXPECT_EQ(to_string({"c", {}, "", "m", ""}), "m [c]");
}

TEST(Diagnostics, nothing_wrong_throws_nothing) {
  EXPECT_NO_THROW(Diagnostics().throw_if_any());
}

TEST(Diagnostics, all_problems_are_thrown_at_once_in_the_order_of_the_files) {
  Diagnostics problems;
  problems.add("c3", {"b", 1, 1}, "", "third");
  problems.add("c2", {"a", 2, 9}, "", "second");
  problems.add("c1", {"a", 2, 1}, "", "first");
  try {
    problems.throw_if_any();
    FAIL();
  } catch (const InputError& error) {
    ASSERT_EQ(error.diagnostics().size(), 3u);
    EXPECT_EQ(error.diagnostics()[0].code, "c1");
    EXPECT_EQ(error.diagnostics()[1].code, "c2");
    EXPECT_EQ(error.diagnostics()[2].code, "c3");
    EXPECT_THAT(error.what(), HasSubstr("a:2:1: first"));
    EXPECT_THAT(error.what(), HasSubstr("b:1:1: third"));
  }
}

const std::vector<std::string> drugs = {"sorafenib", "regorafenib", "AMD3100", "DMSO"};

TEST(DidYouMean, finds_a_slip_of_the_keyboard) {
  EXPECT_EQ(nearest("sorafinib", drugs), "sorafenib");
  EXPECT_EQ(nearest("SORAFENIB", drugs), "sorafenib");
  EXPECT_EQ(nearest("sroafenib", drugs), "sorafenib");  // a swap
  EXPECT_EQ(nearest("amd3100", drugs), "AMD3100");
  EXPECT_EQ(nearest("dms", drugs), "DMSO");
}

TEST(DidYouMean, does_not_guess_wildly) {
  EXPECT_EQ(nearest("paclitaxel", drugs), "");
  EXPECT_EQ(nearest("x", drugs), "");
  EXPECT_EQ(nearest("", drugs), "");
  EXPECT_EQ(nearest("sorafenib", {}), "");
}

TEST(DidYouMean, lists_what_is_known_where_nothing_is_near) {
  EXPECT_EQ(did_you_mean("sorafinib", drugs), "did you mean 'sorafenib'?");
  EXPECT_EQ(did_you_mean("paclitaxel", drugs), "known here: sorafenib, regorafenib, AMD3100, DMSO");
  EXPECT_EQ(did_you_mean("a", {}), "");
  EXPECT_EQ(did_you_mean("paclitaxel", std::vector<std::string>(25, "y")), "");
}

TEST(DidYouMean, a_hostile_word_costs_nothing) {
  const std::string word(50'000'000, 'a');
  EXPECT_EQ(nearest(word, drugs), "");
}

}  // namespace diagnostics_test
}  // namespace stroma::core

#include "core/reading.hpp"

#include <gtest/gtest.h>

#include <array>

namespace stroma::core {
namespace reading_test {

TEST(Understanding, says_what_was_assumed_and_which_option_says_otherwise) {
  Understanding u;
  u.found("group", "column 'arm'", "--group");
  u.assumed("route", "extravascular", "--route");
  u.given("unit", "column 'mouse'", "--subject");
  ASSERT_EQ(u.facts().size(), 3u);
  EXPECT_EQ(to_string(u.facts()[0]), "group: column 'arm'");
  EXPECT_EQ(to_string(u.facts()[1]), "route: extravascular (assumed; --route says otherwise)");
  EXPECT_EQ(to_string(u.facts()[2]), "unit: column 'mouse' (--subject)");
}

TEST(Understanding, says_nothing_twice) {
  Understanding u, other;
  u.found("group", "column 'arm'");
  other.found("group", "column 'arm'");
  other.found("group", "column 'line'");
  u.append(other);
  ASSERT_EQ(u.facts().size(), 2u);
  EXPECT_EQ(u.facts()[1].what, "column 'line'");
}

TEST(Understanding, writes_every_reading_as_a_command_to_copy) {
  const std::array readings{Choice{"each column is a group", "--wide"},
                            Choice{"NF names groups", "--group NF"}};
  EXPECT_EQ(choices("stroma stats ttest a.csv", readings),
            "say which is meant:\n"
            "      each column is a group:\n        stroma stats ttest a.csv --wide\n"
            "      NF names groups:\n        stroma stats ttest a.csv --group NF");
}

}  // namespace reading_test
}  // namespace stroma::core

// Section reads a tree key by key and misses nothing: what is absent, wrong, out of range or unknown.
#include "core/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace stroma::core {
namespace document_test {

using testing::HasSubstr;
namespace dim = dimension;

Node text(std::string value, int line) {
  Node node;
  node.kind = Node::Kind::text;
  node.text = std::move(value);
  node.place = {"f.toml", line, 8};
  node.key_place = {"f.toml", line, 1};
  return node;
}
Node number(std::string written, double value, int line) {
  Node node = text(std::move(written), line);
  node.kind = Node::Kind::number;
  node.number = value;
  return node;
}
Node table(std::vector<std::pair<std::string, Node>> keys) {
  Node node;
  node.keys = std::move(keys);
  node.place = {"f.toml", 1, 1};
  return node;
}
std::vector<std::string> codes(const Diagnostics& problems) {
  std::vector<std::string> out;
  for (const Diagnostic& d : problems.entries()) out.push_back(d.code);
  return out;
}

TEST(Section, reads_what_is_right) {
  Node flag;
  flag.kind = Node::Kind::boolean;
  flag.boolean = true;
  const Node node = table({{"dose", text("3 uM", 2)},
                           {"name", text("a", 3)},
                           {"n", number("3", 3, 4)},
                           {"on", flag},
                           {"weight", number("0.5", 0.5, 6)}});
  Diagnostics problems;
  Section section(node, "plate", problems);
  EXPECT_EQ(section.quantity("dose", dim::concentration, Range::positive()), 3000);
  EXPECT_EQ(section.text("name"), "a");
  EXPECT_EQ(section.integer("n", 1, 100), 3);
  EXPECT_TRUE(section.boolean_or("on", false));
  EXPECT_EQ(section.number("weight", Range::closed(0, 1)), 0.5);
  EXPECT_EQ(section.text_or("absent", "default"), "default");
  EXPECT_EQ(section.quantity_or("absent", dim::time, Range::any(), 7), 7);
  EXPECT_EQ(section.integer_or("absent", 0, 9, 4), 4);
  EXPECT_EQ(section.number_or("absent", Range::any(), 0.5), 0.5);
  EXPECT_FALSE(section.boolean_or("absent", false));
  section.finish();
  EXPECT_TRUE(problems.empty());
}

TEST(Section, collects_every_problem_with_its_place) {
  const Node node = table({{"dose", text("3 min", 2)},
                           {"volume", text("100", 3)},
                           {"time", text("0,5 h", 4)},
                           {"replicates", number("0", 0, 5)},
                           {"wells", number("2.5", 2.5, 6)},
                           {"radius", text("-3 um", 7)},
                           {"name", number("3", 3, 8)},
                           {"titel", text("x", 9)},
                           {"density", text("-5 cells/mL", 10)}});
  Diagnostics problems;
  Section section(node, "plate", problems);
  section.quantity("dose", dim::concentration, Range::positive());
  section.quantity("volume", dim::volume, Range::positive());
  section.quantity("time", dim::time, Range::positive());
  section.integer("replicates", 1, 100);
  section.integer("wells", 1, 96);
  section.quantity("radius", dim::length, Range::positive());
  section.text("name");
  section.text("title");
  section.quantity("density", dim::density, Range::positive());
  section.finish();
  EXPECT_THAT(
      codes(problems),
      testing::ElementsAre("wrong-dimension", "missing-unit", "bad-quantity", "out-of-range", "wrong-type",
                           "out-of-range", "wrong-type", "missing-key", "out-of-range", "unknown-key"));
  const auto entry = [&](std::size_t i) { return problems.entries()[i]; };
  EXPECT_THAT(entry(0).message, HasSubstr("plate.dose"));
  EXPECT_THAT(entry(0).message, HasSubstr("a time"));
  EXPECT_THAT(entry(0).message, HasSubstr("a concentration"));
  EXPECT_EQ(entry(1).hint, "write it as \"100 uL\"");
  EXPECT_THAT(entry(2).message, HasSubstr("decimal comma"));
  EXPECT_THAT(entry(5).message, HasSubstr("above 0 um"));
  EXPECT_THAT(entry(8).message, HasSubstr("above 0 cells/mL"));
  EXPECT_EQ(entry(9).key, "plate.titel");
  EXPECT_EQ(entry(9).hint, "did you mean 'title'?");
  EXPECT_EQ(entry(9).place.line, 9);
  EXPECT_EQ(entry(9).place.column, 1);  // at the key
  EXPECT_EQ(entry(0).place.column, 8);  // at the value
}

TEST(Section, every_dimension_can_be_out_of_range_without_an_internal_error) {
  for (const Dimension& d : {dim::length, dim::volume, dim::rate, dim::density, dim::dose, dim::molar_mass,
                             dim::none, Dimension{.length = 4, .time = -3}}) {
    Diagnostics problems;
    const ParsedQuantity unit_less = parse_quantity("-1");
    ASSERT_EQ(unit_less.error, "");
    const std::string description = describe(d);
    const std::size_t at = description.find("(such as ");
    const std::string unit = at == std::string::npos
                                 ? (d == dim::none ? "" : "um^4/min^3")
                                 : description.substr(at + 9, description.size() - at - 10);
    EXPECT_FALSE(check_quantity("-1 " + unit, d, Range::positive(), {"f", 1, 1}, "x", problems))
        << description;
    EXPECT_THAT(codes(problems), testing::ElementsAre("out-of-range"));
  }
}

TEST(Section, a_seed_of_64_bits_keeps_every_bit) {
  // 2^53 + 1 is the first whole number that a double cannot hold.
  const Node node = table({{"seed", number("9007199254740993", 9007199254740992.0, 1)},
                           {"most", number("9223372036854775807", 9223372036854775807.0, 2)},
                           {"more", number("9223372036854775808", 9223372036854775808.0, 3)},
                           {"exponent", number("1e6", 1e6, 4)},
                           {"plus", number("+7", 7, 5)}});
  Diagnostics problems;
  Section section(node, "", problems);
  constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(section.integer("seed", 0, largest), 9007199254740993);
  EXPECT_EQ(section.integer("most", 0, largest), largest);
  EXPECT_EQ(section.integer("exponent", 0, largest), 1000000);
  EXPECT_EQ(section.integer("plus", 0, largest), 7);
  EXPECT_TRUE(problems.empty());
  section.integer("more", 0, largest);
  EXPECT_THAT(codes(problems), testing::ElementsAre("out-of-range"));
}

TEST(Section, tables_and_texts_take_one_or_many_and_name_what_is_neither) {
  Node list;
  list.kind = Node::Kind::list;
  list.items = {table({}), text("x", 4)};
  Node words;
  words.kind = Node::Kind::list;
  words.items = {text("a", 5), table({})};
  const Node node = table(
      {{"one", table({})}, {"many", list}, {"none", text("x", 3)}, {"words", words}, {"word", text("w", 6)}});
  Diagnostics problems;
  Section section(node, "", problems);
  EXPECT_EQ(section.tables("one").size(), 1u);
  EXPECT_EQ(section.tables("many").size(), 1u);
  EXPECT_EQ(section.tables("none").size(), 0u);
  EXPECT_EQ(section.tables("absent").size(), 0u);
  EXPECT_EQ(section.texts("words").size(), 1u);
  EXPECT_EQ(section.texts("word").size(), 1u);
  section.finish();
  EXPECT_THAT(codes(problems), testing::ElementsAre("wrong-type", "wrong-type", "wrong-type"));
}

TEST(Range, says_itself_in_words) {
  EXPECT_EQ(Range::positive().describe(), "above 0");
  EXPECT_EQ(Range::non_negative().describe(), "0 or more");
  EXPECT_EQ(Range::closed(0, 1).describe(), "from 0 to 1");
  EXPECT_EQ(Range::any().describe(), "any number");
  EXPECT_TRUE(Range::closed(0, 1).contains(0));
  EXPECT_FALSE(Range::positive().contains(0));
  EXPECT_FALSE(Range::any().contains(std::numeric_limits<double>::quiet_NaN()));
}

}  // namespace document_test
}  // namespace stroma::core

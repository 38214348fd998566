#include "core/address.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stroma::core {
namespace address_test {

Node text(const std::string& value) {
  Node node;
  node.kind = Node::Kind::text;
  node.text = value;
  return node;
}

Node table(std::vector<std::pair<std::string, Node>> keys) {
  Node node;
  node.keys = std::move(keys);
  return node;
}

Node list(std::vector<Node> items) {
  Node node;
  node.kind = Node::Kind::list;
  node.items = std::move(items);
  return node;
}

Node experiment() {
  return table(
      {{"title", text("t")},
       {"plate", table({{"volume", text("100 uL")},
                        {"treatment", list({table({{"drug", text("sorafenib")},
                                                   {"doses", list({text("0 uM"), text("1 uM")})}})})},
                        {"arm", list({table({{"name", text("DMEM + 2.5 % FBS")}, {"medium", text("a")}}),
                                      table({{"name", text("CAF")}, {"medium", text("b")}})})}})},
       {"readout", list({table({{"assay", text("annexin")}, {"at", text("24 h")}}),
                         table({{"assay", text("annexin")}, {"at", text("48 h")}})})}});
}

std::string set(const std::string& address, const std::string& value, Diagnostics& problems) {
  Node document = experiment();
  set_at(document, address, text(value), problems);
  const Node* found = find_at(document, address);
  return found == nullptr ? "nothing" : found->text;
}

TEST(Addresses, name_every_value_once) {
  EXPECT_THAT(addresses(experiment()),
              testing::ElementsAre("title", "plate.volume", "plate.treatment[sorafenib].drug",
                                   "plate.treatment[sorafenib].doses", "plate.arm[DMEM + 2.5 % FBS].name",
                                   "plate.arm[DMEM + 2.5 % FBS].medium", "plate.arm[CAF].name",
                                   "plate.arm[CAF].medium", "readout[1].assay", "readout[1].at",
                                   "readout[2].assay", "readout[2].at"));
}

// The claim of `--set`: no address is ignored.
TEST(Addresses, each_of_them_can_be_set_and_nothing_else_changes) {
  const Node before = experiment();
  for (const std::string& address : addresses(before)) {
    Diagnostics problems;
    Node after = before;
    set_at(after, address, text("new"), problems);
    EXPECT_TRUE(problems.empty()) << address;
    for (const std::string& other : addresses(before)) {
      const Node *was = find_at(before, other), *is = find_at(after, other);
      if (other == address || is == nullptr) continue;  // a renamed element is found under its new name
      EXPECT_EQ(was->text, is->text) << address << " changed " << other;
    }
    const auto all = addresses(after);
    const bool is_there = std::any_of(
        all.begin(), all.end(), [&](const std::string& at) { return find_at(after, at)->text == "new"; });
    EXPECT_TRUE(is_there) << address;
  }
}

TEST(Addresses, take_elements_by_place_by_name_and_alone) {
  Diagnostics problems;
  EXPECT_EQ(set("plate.arm[2].medium", "x", problems), "x");
  EXPECT_EQ(set("plate.arm.CAF.medium", "x", problems), "x");
  EXPECT_EQ(set("plate.arm.DMEM + 2.5 % FBS.medium", "x", problems), "x");
  EXPECT_EQ(set("plate.treatment.doses[2]", "x", problems), "x");
  EXPECT_EQ(set("plate.treatment[sorafenib].doses", "x", problems), "x");
  EXPECT_EQ(set("plate.renewal", "24 h", problems), "24 h");
  EXPECT_EQ(set("output.growth_every", "1 h", problems), "1 h");
  EXPECT_TRUE(problems.empty());
}

TEST(Addresses, that_are_not_there_are_refused_with_those_that_are) {
  for (const char* address :
       {"plate.arm.medium", "plate.arm[3].medium", "plate.arm[0].medium", "plate.arm[NF].medium",
        "readout[annexin].at", "title.first", "plate.treatment[1].doses[5]", "plate.arm[1", "readout.at",
        "plate..volume.x"}) {
    Diagnostics problems;
    set(address, "x", problems);
    ASSERT_EQ(problems.size(), 1u) << address;
    EXPECT_THAT(to_string(problems.entries().front()), testing::HasSubstr("plate.arm[CAF].medium"))
        << address;
  }
}

}  // namespace address_test
}  // namespace stroma::core

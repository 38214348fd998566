// Which types may become which, as tables say it.
#include "model/conversions.hpp"

#include <gtest/gtest.h>

#include "unit/model/tiny_model.hpp"

namespace stroma::model {
namespace conversions_test {

using test::build_valid;
using test::TinyModel;

constexpr const char* node_of_c =
    "Q,,layer,process,,,,\nQ,C,basal,0.1,,,r1,\nQ,C,tau,1 h,,,r1,\n";  // C has a network, and no node of A's

TEST(Conversions, are_a_behaviour_of_types_and_families) {
  TinyModel tiny;
  tiny.append("cell_types.csv", "F,conversion:A,0.01 1/h,,,r1,\nC,conversion:A,0.02 1/h,,,r1,\n")
      .append("rules.csv", "u5,A,S,increases,conversion:B,0.1 1/h,0.4,2,no,C,r1,\n");
  const Model m = build_valid(tiny);
  const Index a = m.cell_type("A"), b = m.cell_type("B"), c = m.cell_type("C");
  const auto rate = [&](Index type, Index to) {
    return m.cell_types[static_cast<std::size_t>(type)].base(BehaviourKind::conversion, to);
  };
  EXPECT_DOUBLE_EQ(rate(b, a), 0.01 / 60.0);
  EXPECT_DOUBLE_EQ(rate(c, a), 0.02 / 60.0) << "C has no nodes: all of A's are new";
  EXPECT_EQ(rate(a, b), 0.0);
}

TEST(Conversions, that_cannot_be_are_refused_where_they_stand) {
  struct Case {
    const char *file, *row, *nodes, *code;
  };
  for (const Case& wrong : {
           Case{"cell_types.csv", "C,conversion:F,1 1/h,,,r1,\n", "", "conversion-to-family"},
           Case{"rules.csv", "u5,A,S,increases,conversion:F,1 1/h,0.4,2,no,C,r1,\n", "",
                "conversion-to-family"},
           Case{"cell_types.csv", "C,conversion:A,1 1/h,,,r1,\n", node_of_c, "conversion-without-map"},
           Case{"rules.csv", "u5,A,S,increases,conversion:C,1 1/h,0.4,2,no,C,r1,\n", node_of_c,
                "conversion-without-map"},
           Case{"cell_types.csv", "A,conversion:A,1 1/h,,,r1,\n", "", "no-effect"},
           Case{"rules.csv", "u5,A,S,increases,conversion:A,1 1/h,0.4,2,no,C,r1,\n", "", "no-effect"},
           Case{"rules.csv", "u5,A,S,increases,conversion:B,1 1/h,0.4,2,yes,C,r1,\n", "", "no-effect"},
       }) {
    TinyModel tiny;
    tiny.append(wrong.file, wrong.row).append("nodes.csv", wrong.nodes);
    core::Diagnostics problems;
    build(tiny.files(), problems);
    ASSERT_EQ(problems.size(), 1u) << wrong.row;
    EXPECT_EQ(problems.entries()[0].code, wrong.code) << core::to_string(problems.entries()[0]);
    EXPECT_EQ(problems.entries()[0].place.file, wrong.file);
    EXPECT_GT(problems.entries()[0].place.line, 0);
  }
}

}  // namespace conversions_test
}  // namespace stroma::model

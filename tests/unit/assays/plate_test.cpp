// Wells have one place each, and a plate is filled as an operator would fill it.
#include "assays/plate.hpp"

#include <gtest/gtest.h>

#include <set>

#include "lab.hpp"

namespace stroma::assays {
namespace plate_test {

TEST(Position, is_written_and_read_as_on_the_plate) {
  EXPECT_EQ(to_string(Position{1, 6}), "B7");
  for (std::size_t i = 0; i < 96; ++i) EXPECT_EQ(parse_position(to_string(position_of(i)))->index(), i);
  EXPECT_EQ(parse_position("h12"), (Position{7, 11}));
  EXPECT_EQ(parse_position("B07"), (Position{1, 6}));
  for (const char* bad : {"", "A", "A0", "A13", "I1", "7B", "A1x", "A-1", "AA1"})
    EXPECT_FALSE(parse_position(bad)) << bad;
}

TEST(Positions, that_two_wells_share_or_that_do_not_exist_are_all_named) {
  core::Diagnostics problems;
  const Position places[] = {{0, 0}, {3, 4}, {0, 0}, {0, 0}, {3, 4}, {8, 0}, {0, -1}};
  check_positions(places, "p", problems);
  EXPECT_EQ(codes_of(problems), "well-taken-twice well-taken-twice no-such-well no-such-well");
}

std::set<Position> all_places(const Arrangement& a) {
  std::set<Position> all(a.samples.begin(), a.samples.end());
  all.insert(a.blanks.begin(), a.blanks.end());
  EXPECT_EQ(all.size(), a.samples.size() + a.blanks.size());
  return all;
}

std::vector<std::string> groups(int rows, int each) {
  std::vector<std::string> out;
  for (int r = 0; r < rows; ++r)
    for (int i = 0; i < each; ++i) out.push_back(std::to_string(r));
  return out;
}

TEST(Arrangement, puts_six_groups_of_nine_into_the_inner_wells_and_blanks_outside) {
  const Arrangement a = arrange(groups(6, 9), 3);
  EXPECT_EQ(a.samples.front(), (Position{1, 1}));
  EXPECT_EQ(a.samples[9], (Position{2, 1}));
  EXPECT_EQ(a.samples.back(), (Position{6, 9}));
  EXPECT_EQ(a.blanks, (std::vector<Position>{{1, 0}, {2, 0}, {3, 0}}));
  all_places(a);
}

TEST(Arrangement, never_gives_one_well_twice_and_refuses_what_does_not_fit) {
  for (int rows = 1; rows <= 12; ++rows)
    for (int each = 1; rows * each <= 96; ++each) {
      const auto samples = groups(rows, each);
      for (const std::size_t blanks : {std::size_t{0}, std::size_t{3}, 96 - samples.size()})
        if (blanks + samples.size() <= 96) all_places(arrange(samples, blanks));
    }
  EXPECT_EQ(codes_of([] { arrange(groups(8, 12), 1); }), "plate-full");
  EXPECT_EQ(codes_of([] { arrange(groups(1, 97), 0); }), "plate-full");
  EXPECT_TRUE(arrange({}, 0).samples.empty());
}

}  // namespace plate_test
}  // namespace stroma::assays

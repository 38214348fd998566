// FCS files as instruments write them against the standard: each deviation is read to the same numbers as the
// file without it, and said; where two readings are left the file is refused.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "io/fcs.hpp"
#include "unit/io/refused.hpp"

namespace stroma::io {
namespace fcs_deviations_test {

using test::refused;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

/// A file of two channels, three events of floats; every part can be written otherwise.
struct Odd {
  std::string version = "FCS3.0", data;
  char delimiter = '/';
  std::vector<std::pair<std::string, std::string>> keywords{
      {"$PAR", "2"},     {"$TOT", "3"},   {"$MODE", "L"},     {"$DATATYPE", "F"}, {"$BYTEORD", "1,2,3,4"},
      {"$P1N", "FSC-A"}, {"$P1B", "32"},  {"$P1E", "0,0"},    {"$P1R", "262144"}, {"$P2N", "FL1-A"},
      {"$P2B", "32"},    {"$P2E", "0,0"}, {"$P2R", "262144"}, {"$NEXTDATA", "0"}};
  std::string tail;  ///< of TEXT, behind its last delimiter
  bool last_delimiter = true;
  int text_end = 0, header_begin = 0, header_end = 0, data_begin = 0,
      data_end = 0;  ///< added to what is right
  bool say_data = true, say_header = true;
  std::size_t gap = 0;  ///< blanks between TEXT and DATA
  std::string after = "00000000";

  Odd() { floats({1, 2, 300, 4, 5, -6}); }
  void floats(const std::vector<float>& values) {
    data.clear();
    for (const float v : values)
      for (int shift = 0; shift < 32; shift += 8)
        data += static_cast<char>((std::bit_cast<std::uint32_t>(v) >> shift) & 0xFFu);
  }
  Odd& set(const std::string& key, const std::string& value) {
    for (auto& [k, v] : keywords)
      if (k == key) {
        v = value;
        return *this;
      }
    keywords.emplace_back(key, value);
    return *this;
  }
  Odd& drop(const std::string& key) {
    std::erase_if(keywords, [&](const auto& k) { return k.first == key; });
    return *this;
  }

  std::string bytes() const {
    const auto text_of = [&](std::size_t begin) {
      auto words = keywords;
      if (say_data) {
        words.insert(words.begin(), {"$ENDDATA", fmt::format("{:08}", static_cast<int>(begin + data.size()) -
                                                                          1 + data_end)});
        words.insert(words.begin(),
                     {"$BEGINDATA", fmt::format("{:08}", static_cast<int>(begin) + data_begin)});
      }
      std::string text(1, delimiter);
      for (const auto& [key, value] : words) text += key + delimiter + value + delimiter;
      if (!last_delimiter) text.pop_back();
      return text + tail;
    };
    const std::size_t begin = 58 + text_of(0).size() + gap;
    const std::string text = text_of(begin);
    std::string out =
        fmt::format("{}    {:>8}{:>8}", version, 58, 57 + static_cast<int>(text.size()) + text_end);
    out += say_header ? fmt::format("{:>8}{:>8}", static_cast<int>(begin) + header_begin,
                                    static_cast<int>(begin + data.size()) - 1 + header_end)
                      : fmt::format("{:>8}{:>8}", 0, 0);
    return out + fmt::format("{:>8}{:>8}", 0, 0) + text + std::string(gap, ' ') + data + after;
  }
};

const std::vector<double> right{1, 2, 300, 4, 5, -6};

Fcs read(const Odd& odd) {
  return read_fcs(odd.bytes(), "f.fcs");
}
std::string code(const Odd& odd) {
  return refused([&] { read(odd); }).code;
}

/// Reads to the right numbers and notes this deviation and no other; an empty code: none.
void expect_read(const Odd& odd, const std::string& note) {
  const Fcs fcs = read(odd);
  EXPECT_EQ(fcs.events, right) << note;
  if (note.empty())
    EXPECT_THAT(fcs.notes, IsEmpty());
  else
    EXPECT_THAT(fcs.notes, ElementsAre(Field(&FcsNote::code, note)));
}

TEST(OddFcs, without_oddities_is_read_without_a_word) {
  expect_read(Odd(), "");
  Odd newest;
  newest.version = "FCS3.2";
  expect_read(newest.drop("$MODE"), "");  // no longer required there
  Odd no_crc;
  no_crc.after.clear();
  expect_read(no_crc, "");
  expect_read(Odd().drop("$NEXTDATA"), "");
}

TEST(OddFcs, empty_values_anywhere_keep_their_neighbours) {
  Odd last;
  expect_read(last.set("CREATOR", ""), "fcs-empty-values");
  Odd middle;
  middle.keywords.insert(middle.keywords.begin() + 5, {{"$P1S", ""}, {"$P2S", "PI"}, {"$OP", ""}});
  const Fcs fcs = read(middle);
  EXPECT_EQ(fcs.channels[0].stain, "");
  EXPECT_EQ(fcs.channels[1].stain, "PI");
  EXPECT_EQ(fcs.events, right);
  // Beside a doubled delimiter that stands for itself.
  Odd both;
  both.keywords.insert(both.keywords.begin() + 5, {{"$P2S", "Dead//alive"}, {"$OP", ""}});
  EXPECT_EQ(read(both).channels[1].stain, "Dead/alive");
  // Two delimiters at the very end, and blanks behind them.
  Odd end;
  end.tail = "/";
  EXPECT_EQ(read(end).events, right);
  end.tail = std::string("  \0\r\n", 5);
  expect_read(end, "");
}

TEST(OddFcs, delimiters_in_values_are_themselves_where_doubled) {
  Odd odd;
  odd.set("$FIL", "http:////a//b");
  EXPECT_EQ(*read(odd).keyword("$FIL"), "http://a/b");
  EXPECT_EQ(read(odd).events, right);
  odd.delimiter = '\x0c';
  EXPECT_EQ(*read(odd).keyword("$FIL"), "http:////a//b");
}

TEST(OddFcs, text_may_end_without_its_delimiter_or_a_byte_beside_it) {
  Odd odd;
  odd.last_delimiter = false;
  expect_read(odd, "fcs-no-last-delimiter");
  Odd early;
  early.text_end = -1;
  expect_read(early, "fcs-text-end");
  Odd far_early;
  far_early.text_end = -3;  // within the last value, whose rest follows
  far_early.set("Z", "12345");
  EXPECT_EQ(*read(far_early).keyword("Z"), "12345");
  Odd late;
  late.text_end = 1;
  expect_read(late, "fcs-text-end");
}

TEST(OddFcs, the_place_of_data_that_fits_the_number_of_events_is_taken) {
  Odd end;
  end.data_end = 1;
  end.header_end = 1;
  expect_read(end, "fcs-data-end");
  end.after.clear();  // the end lies beyond the file then
  expect_read(end, "fcs-data-end");
  for (const int shift : {-60, -1, 4, 1000}) {
    Odd header, keywords;
    header.gap = keywords.gap = 64;
    header.header_begin = shift;
    expect_read(header, "fcs-offsets-differ");
    keywords.data_begin = shift;
    expect_read(keywords, "fcs-offsets-differ");
  }
  Odd moved;  // as long, but elsewhere: numbers from there make no sense
  moved.header_begin = moved.header_end = 1;
  expect_read(moved, "fcs-offsets-differ");
  Odd silent;
  silent.say_data = false;
  expect_read(silent, "fcs-no-offsets");
  Odd only_keywords;
  only_keywords.say_header = false;
  expect_read(only_keywords, "");
  Odd nowhere;
  nowhere.say_header = nowhere.say_data = false;
  EXPECT_EQ(code(nowhere), "fcs-wrong-total");
}

TEST(OddFcs, integers_at_two_places_that_both_could_be_are_those_behind_TEXT_or_refused) {
  Odd odd;
  odd.set("$DATATYPE", "I").set("$P1B", "16").set("$P2B", "16").set("$P1R", "65536").set("$P2R", "65536");
  odd.data = std::string("\x01\0\x02\0\x03\0\x04\0\x05\0\x06\0", 12);
  odd.after = std::string(20, '\0');
  odd.data_begin = odd.data_end = 2;
  EXPECT_THAT(read(odd).events, ElementsAre(1, 2, 3, 4, 5, 6));
  odd.gap = 4;
  EXPECT_EQ(code(odd), "fcs-bad-offset");
}

TEST(OddFcs, no_number_of_events_is_made_up) {
  for (const char* total : {"2", "4", "100"}) EXPECT_EQ(code(Odd().set("$TOT", total)), "fcs-wrong-total");
  Odd cut;
  cut.after.clear();
  const std::string whole = cut.bytes();
  EXPECT_EQ(refused([&] { read_fcs(whole.substr(0, whole.size() - 1), "f"); }).code, "fcs-truncated");
  expect_read(Odd().drop("$TOT"), "fcs-no-total");
  Odd part;
  part.drop("$TOT").data.pop_back();
  EXPECT_EQ(code(part), "fcs-wrong-total");
}

TEST(OddFcs, doubled_keywords_are_said_where_they_differ_and_refused_where_they_matter) {
  Odd same, differs, layout;
  same.keywords.emplace_back("$TOT", "3");
  expect_read(same, "");
  differs.set("$OP", "a").keywords.emplace_back("$OP", "b");
  expect_read(differs, "fcs-doubled-keyword");
  EXPECT_EQ(*read(differs).keyword("$OP"), "a");
  layout.keywords.emplace_back("$P2B", "16");
  EXPECT_EQ(code(layout), "fcs-duplicate-keyword");
}

TEST(OddFcs, events_without_a_number_are_left_out_and_counted) {
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  for (const float bad : {nan, inf, -inf}) {
    Odd odd;
    odd.floats({1, 2, 300, bad, 5, -6});
    const Fcs fcs = read(odd);
    EXPECT_THAT(fcs.events, ElementsAre(1, 2, 5, -6));
    EXPECT_EQ(fcs.left_out, 1u);
    EXPECT_THAT(fcs.notes, ElementsAre(Field(&FcsNote::code, "fcs-not-finite")));
  }
  // A channel that holds no numbers at all does not cost the events.
  Odd empty;
  empty.floats({nan, 2, nan, 4, 1, -6});
  const Fcs fcs = read(empty);
  EXPECT_EQ(fcs.event_count(), 3u);
  EXPECT_EQ(fcs.left_out, 0u);
  EXPECT_FALSE(fcs.channels[0].has_numbers);
  EXPECT_TRUE(fcs.channels[1].has_numbers);
  EXPECT_EQ(fcs.events[5], -6);
}

TEST(OddFcs, types_of_channels_may_differ_in_version_3_2) {
  Odd odd;
  odd.version = "FCS3.2";
  odd.set("$P1DATATYPE", "I").set("$P1B", "16").set("$P1R", "1024");
  odd.data.clear();
  for (const auto& [integer, real] : {std::pair{7, 1.5f}, {1030, -2.0f}, {9, 300.0f}}) {
    odd.data += static_cast<char>(integer & 0xFF);
    odd.data += static_cast<char>(integer >> 8);
    for (int shift = 0; shift < 32; shift += 8)
      odd.data += static_cast<char>((std::bit_cast<std::uint32_t>(real) >> shift) & 0xFFu);
  }
  const Fcs fcs = read(odd);
  EXPECT_THAT(fcs.events, ElementsAre(7, 1.5, 6, -2, 9, 300));  // 1030 has a bit beyond 1024
  EXPECT_THAT(fcs.notes, ElementsAre(Field(&FcsNote::code, "fcs-masked")));
}

/// Integers of any bits one after the other, as the layout says.
std::string packed(const std::vector<std::pair<std::uint64_t, int>>& values, bool big_endian,
                   std::size_t row) {
  std::string out;
  std::size_t bit = 0, in_row = 0;
  const auto put = [&](unsigned value) {
    if (bit / 8 >= out.size()) out += '\0';
    const std::size_t at = big_endian ? 7 - bit % 8 : bit % 8;
    out[bit / 8] = static_cast<char>(static_cast<unsigned char>(out[bit / 8]) | (value << at));
    ++bit;
  };
  for (const auto& [value, bits] : values) {
    for (int i = 0; i < bits; ++i) put((value >> (big_endian ? bits - 1 - i : i)) & 1u);
    if (row != 0 && ++in_row % row == 0)
      while (bit % 8 != 0) put(0);
  }
  return out;
}

Odd integers(const std::string& order, int first, int second) {
  Odd odd;
  odd.set("$DATATYPE", "I").set("$BYTEORD", order);
  odd.set("$P1B", fmt::format("{}", first)).set("$P2B", fmt::format("{}", second));
  odd.set("$P1R", fmt::format("{}", std::uint64_t{1} << first));
  odd.set("$P2R", fmt::format("{}", std::uint64_t{1} << second));
  return odd;
}

TEST(OddFcs, integers_of_parts_of_a_byte_lie_as_the_size_of_DATA_says) {
  const std::vector<double> numbers{1023, 1, 512, 300, 0, 777};
  for (const std::string order : {"4,3,2,1", "1,2,3,4"}) {
    const bool big = order[0] == '4';
    for (const auto& [first, second] : {std::pair{10, 10}, {10, 16}, {12, 10}, {10, 33}}) {
      std::vector<std::pair<std::uint64_t, int>> values;
      for (std::size_t i = 0; i < 6; ++i)
        values.emplace_back(static_cast<std::uint64_t>(numbers[i]), i % 2 == 0 ? first : second);
      for (const std::size_t row : {0u, 2u}) {  // a stream; events that begin at bytes
        Odd odd = integers(order, first, second);
        odd.data = packed(values, big, row);
        if (row > 0 && odd.data.size() == packed(values, big, 0).size())
          continue;  // nothing tells them apart
        const Fcs fcs = read(odd);
        EXPECT_EQ(fcs.events, numbers) << order << ' ' << first << ' ' << second << ' ' << row;
        EXPECT_THAT(fcs.notes, Contains(Field(&FcsNote::code, "fcs-bits")));
      }
      // Whole bytes, as some programs write whatever $PnB says.
      Odd whole = integers(order, first, second);
      for (auto& [value, bits] : values) bits = (bits + 7) / 8 * 8;
      whole.data = packed(values, big, 0);
      EXPECT_EQ(read(whole).events, numbers) << order << ' ' << first << ' ' << second;
    }
  }
}

TEST(OddFcs, bits_beyond_a_range_that_is_no_power_of_two_are_cleared) {
  Odd odd = integers("4,3,2,1", 16, 16);
  odd.set("$P1R", "1000").set("$P2R", "65536");
  odd.data = std::string("\x04\x07\x00\x02\x03\xE7\xFF\xFF\x00\x05\x00\x06", 12);
  EXPECT_THAT(read(odd).events, ElementsAre(7, 2, 999, 65535, 5, 6));
}

TEST(OddFcs, amplifiers_may_be_absent_or_have_decimal_commas) {
  Odd odd = integers("1,2,3,4", 16, 16);
  odd.set("$P1R", "1024").set("$P2R", "1024").set("$P1E", "4,0,0,1").drop("$P2E");
  odd.data = std::string("\x00\x02\x05\0\x00\x02\x05\0\x00\x02\x05\0", 12);
  Fcs fcs = read(odd);
  EXPECT_THAT(fcs.notes, ElementsAre(Field(&FcsNote::code, "fcs-no-amplifier")));
  EXPECT_TRUE(linearise(fcs));
  EXPECT_NEAR(fcs.events[0], 0.1 * 100.0, 1e-12);  // the middle of four decades from 0.1
  EXPECT_EQ(fcs.events[1], 5.0);
  Odd floats;
  expect_read(floats.set("$P1E", "4,1"), "fcs-amplifier-of-floats");
}

TEST(OddFcs, ranges_may_be_absent_where_no_bit_depends_on_them) {
  expect_read(Odd().drop("$P1R"), "fcs-no-range");
  expect_read(Odd().set("$P1R", "0"), "fcs-no-range");
  EXPECT_EQ(code(integers("1,2,3,4", 16, 16).drop("$P1R")), "fcs-missing-keyword");
}

TEST(Twins, of_one_tube_are_one_with_the_stains_of_the_first_and_the_numbers_of_the_second) {
  Odd first = integers("1,2", 16, 16), second;
  first.version = "FCS2.0";
  first.say_data = false;
  first.set("$P1N", "FS Lin").set("$P2N", "FL1 Log").set("$P2S", "Annexin V-FITC").set("$P2E", "4,0.1024");
  first.set("$P1S", "FS Lin").set("$OP", "me");
  first.data = std::string("\x01\0\x02\0\x03\0\x04\0\x05\0\x06\0", 12);
  second.set("$P1N", "FS").set("$P2N", "FL1-A");
  const std::size_t size = first.set("$NEXTDATA", "0000").bytes().size();
  const std::string two = first.set("$NEXTDATA", fmt::format("{:04}", size)).bytes() + second.bytes();
  const std::vector<Fcs> sets = merge_twins(read_fcs_data_sets(two, "f"));
  ASSERT_EQ(sets.size(), 1u);
  EXPECT_EQ(sets[0].events, right);
  EXPECT_EQ(sets[0].channels[0].stain, "");
  EXPECT_EQ(sets[0].channels[1].stain, "Annexin V-FITC");
  EXPECT_EQ(*sets[0].keyword("$OP"), "me");
  EXPECT_THAT(sets[0].notes, ElementsAre(Field(&FcsNote::code, "fcs-twins")));
  // Other numbers of events are other tubes; so are two sets of one version.
  Odd other = second;
  other.set("$TOT", "2").data.resize(16);
  EXPECT_EQ(merge_twins(read_fcs_data_sets(first.bytes() + other.bytes(), "f")).size(), 2u);
  Odd again = first;
  again.set("$NEXTDATA", "0000");
  EXPECT_EQ(merge_twins(read_fcs_data_sets(first.bytes() + again.bytes(), "f")).size(), 2u);
}

TEST(DataSets, may_be_counted_from_the_beginning_of_the_file) {
  Odd set;
  const std::size_t size = set.set("$NEXTDATA", "00000").bytes().size();
  std::string three;
  for (const std::size_t next : {size, 2 * size, std::size_t{0}})
    three += set.set("$NEXTDATA", fmt::format("{:05}", next)).bytes();
  EXPECT_EQ(read_fcs_data_sets(three, "f").size(), 3u);
}

}  // namespace fcs_deviations_test
}  // namespace stroma::io

// FCS 3.1: what is written, what is read, and each way in which a file can be damaged.
#include "io/fcs.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "unit/io/refused.hpp"

namespace stroma::io {
namespace fcs_test {

using test::refused;
using testing::ElementsAre;
using testing::HasSubstr;

Fcs sample() {
  Fcs fcs;
  fcs.channels = {{"FSC-A", "", 262144}, {"FL1-A", "Annexin V-FITC", 262144}, {"FL2-A", "PI", 262144}};
  fcs.events = {1, 2.5f, -3, 100, 200, 300, 0.1f, 1e30f, -0.0};
  fcs.keywords = {{"$DATE", "01-JAN-2024"}, {"SAMPLE", "CAF|SN / 3\\4"}, {"$SRC", "\xC2\xB5M"}};
  return fcs;
}

std::string replace(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  EXPECT_EQ(from.size(), to.size());
  return text.replace(at, from.size(), to);
}

std::string code(const std::string& bytes) {
  return refused([&] { read_fcs(bytes, "f.fcs"); }).code;
}

TEST(WriteFcs, has_the_published_layout) {
  const std::string bytes = write_fcs(sample());
  EXPECT_EQ(bytes.substr(0, 10), "FCS3.1    ");
  EXPECT_EQ(bytes.substr(10, 8), "      58");
  const auto offset = [&](int i) {
    return std::stoull(bytes.substr(10 + 8 * static_cast<std::size_t>(i), 8));
  };
  EXPECT_EQ(offset(3) - offset(2) + 1, 9u * 4);  // DATA: nine floats
  EXPECT_EQ(offset(2), offset(1) + 1);           // right after TEXT
  EXPECT_EQ(bytes.size(), offset(3) + 1 + 8);    // then the field of the CRC
  EXPECT_EQ(bytes[58], bytes[offset(1)]);        // TEXT begins and ends with its delimiter
  EXPECT_EQ(bytes.substr(bytes.size() - 8), "00000000");
  EXPECT_EQ(bytes.substr(offset(2), 4), std::string("\0\0\x80\x3F", 4));  // 1.0f, little endian
}

TEST(Fcs, is_read_back_as_it_was_written) {
  const Fcs before = sample();
  const Fcs after = read_fcs(write_fcs(before), "f.fcs");
  ASSERT_EQ(after.channels.size(), 3u);
  EXPECT_EQ(after.channels[1].name, "FL1-A");
  EXPECT_EQ(after.channels[1].stain, "Annexin V-FITC");
  EXPECT_EQ(after.channels[1].range, 262144);
  EXPECT_EQ(after.event_count(), 3u);
  for (std::size_t i = 0; i < before.events.size(); ++i)
    EXPECT_EQ(after.events[i], static_cast<float>(before.events[i]));
  EXPECT_EQ(*after.keyword("SAMPLE"), "CAF|SN / 3\\4");
  EXPECT_EQ(*after.keyword("$SRC"), "\xC2\xB5M");
  EXPECT_EQ(*after.keyword("$CYT"), "Stroma");
  EXPECT_EQ(*after.keyword("$BYTEORD"), "1,2,3,4");
  EXPECT_EQ(after.keyword("ABSENT"), nullptr);
}

TEST(Fcs, delimiters_inside_values_survive_doubling) {
  Fcs fcs = sample();
  fcs.keywords = {
      {"NOTE", "a|b/c\\d!e~f^g;h\x1ei\x0cj||k|"}};  // every candidate occurs, so one must be doubled
  EXPECT_EQ(*read_fcs(write_fcs(fcs), "f").keyword("NOTE"), fcs.keywords[0].second);
}

TEST(Fcs, a_file_without_events_is_valid) {
  Fcs fcs = sample();
  fcs.events.clear();
  EXPECT_EQ(read_fcs(write_fcs(fcs), "f").event_count(), 0u);
}

TEST(Fcs, offsets_beyond_eight_digits_stand_in_the_keywords) {
  Fcs fcs;
  fcs.channels = {{"T", "", 1024}};
  fcs.events.assign(25'000'000, 7.0);
  const std::string bytes = write_fcs(fcs);
  ASSERT_GT(bytes.size(), 100'000'000u);
  EXPECT_EQ(bytes.substr(26, 16), "       0       0");
  const Fcs back = read_fcs(bytes, "f");
  EXPECT_EQ(back.event_count(), 25'000'000u);
  EXPECT_EQ(back.events.back(), 7.0);
}

TEST(WriteFcs, what_a_caller_may_not_ask_for_is_a_bug) {
  const auto throws = [](const auto& change) {
    Fcs fcs = sample();
    change(fcs);
    EXPECT_THROW(write_fcs(fcs), core::InternalError);
  };
  throws([](Fcs& f) { f.events.pop_back(); });
  throws([](Fcs& f) { f.events[0] = std::nan(""); });
  throws([](Fcs& f) { f.events[0] = 1e39; });
  throws([](Fcs& f) { f.channels.clear(); });
  throws([](Fcs& f) { f.channels[0].name = "a,b"; });
  throws([](Fcs& f) { f.channels[0].name = "FL1-A"; });
  throws([](Fcs& f) { f.channels[0].range = 0; });
  throws([](Fcs& f) { f.keywords = {{"$TOT", "4"}}; });
  throws([](Fcs& f) { f.keywords = {{"$p2n", "x"}}; });
  throws([](Fcs& f) { f.keywords = {{"A", "1"}, {"a", "2"}}; });
  throws([](Fcs& f) { f.keywords = {{"A", ""}}; });
}

TEST(ReadFcs, every_damage_has_a_name_of_its_own) {
  const std::string good = write_fcs(sample());
  const std::size_t data_begin = std::stoull(good.substr(26, 8));
  EXPECT_EQ(code(""), "fcs-not-fcs");
  EXPECT_EQ(code("PNG" + good), "fcs-not-fcs");
  EXPECT_EQ(code(good.substr(0, 57)), "fcs-truncated");
  EXPECT_EQ(code(good.substr(0, 100)), "fcs-truncated");
  EXPECT_EQ(code(good.substr(0, data_begin + 35)), "fcs-truncated");
  EXPECT_EQ(code(replace(good, "FCS3.1", "FCS4.0")), "fcs-version");
  EXPECT_EQ(code(replace(good, "      58", "      5x")), "fcs-bad-offset");
  EXPECT_EQ(code(replace(good, "      58", "       9")), "fcs-bad-offset");
  EXPECT_EQ(code(replace(good, "      58", "99999999")), "fcs-bad-offset");
  const char d = good[58];
  EXPECT_EQ(code(replace(good, fmt::format("$TOT{}3{}", d, d), fmt::format("$TOT{}4{}", d, d))),
            "fcs-wrong-total");
  EXPECT_EQ(code(replace(good, fmt::format("$TOT{}3{}", d, d), fmt::format("$TOT{}x{}", d, d))),
            "fcs-bad-keyword");
  EXPECT_EQ(code(replace(good, "$P2N", "$P9N")), "fcs-missing-keyword");
  EXPECT_EQ(code(replace(good, "$P2N", "$P1N")), "fcs-duplicate-keyword");
  EXPECT_EQ(code(replace(good, "$DATATYPE", "$DATATYPX")), "fcs-missing-keyword");
  EXPECT_EQ(code(replace(good, fmt::format("$PAR{}3", d), fmt::format("$PAR{}0", d))), "fcs-bad-keyword");
  EXPECT_EQ(code(replace(good, "262144", "262x44")), "fcs-bad-keyword");
  EXPECT_EQ(code(replace(good, "1,2,3,4", "3,4,1,2")), "fcs-unsupported");
  EXPECT_EQ(code(replace(good, fmt::format("$MODE{}L", d), fmt::format("$MODE{}H", d))), "fcs-unsupported");
  EXPECT_EQ(code(replace(good, fmt::format("$DATATYPE{}F", d), fmt::format("$DATATYPE{}A", d))),
            "fcs-unsupported");
  EXPECT_EQ(code(replace(good, fmt::format("$P1B{}32", d), fmt::format("$P1B{}33", d))), "fcs-unsupported");
  EXPECT_EQ(code(replace(good, fmt::format("$NEXTDATA{}0", d), fmt::format("$NEXTDATA{}9", d))),
            "fcs-bad-offset");
  std::string damaged = good;
  damaged[58] = '\xFF';
  EXPECT_EQ(code(damaged), "fcs-bad-text");
}

TEST(ReadFcs, no_truncation_and_no_claim_is_taken_for_data) {
  const std::string good = write_fcs(sample());
  for (std::size_t size = 0; size + 8 < good.size(); ++size)
    EXPECT_THROW(read_fcs(good.substr(0, size), "f"), core::InputError) << size;
  Fcs many = sample();
  many.keywords = {{"PAD", std::string(40, 'x')}};
  const std::string padded = write_fcs(many);
  const char d = padded[58];
  // A claim of 10^18 events must be refused before memory is asked for.
  const std::string from = fmt::format("PAD{}{}", d, std::string(40, 'x')),
                    tot = fmt::format("$TOT{}3{}", d, d);
  std::string hostile = replace(padded, tot, fmt::format("$TOX{}3{}", d, d));
  const std::string claim = fmt::format("$TOT{}1000000000000000000{}B{}", d, d, d);
  hostile = replace(hostile, from, claim + std::string(from.size() - claim.size(), 'x'));
  EXPECT_EQ(code(hostile), "fcs-wrong-total");
}

// A file as another program would write it: integers, big endian, odd offsets, lower-case keywords.
std::string foreign(const std::string& type, const std::string& order, const std::vector<int>& bits,
                    const std::string& data, int total, const std::string& range = "1024") {
  std::string text = "/$begindata/00000600/$enddata/" + fmt::format("{:08}", 600 + data.size() - 1) +
                     "/$byteord/" + order + "/$datatype/" + type + "/$mode/L/$nextdata/0/$par/" +
                     std::to_string(bits.size()) + "/$tot/" + std::to_string(total) + "/";
  for (std::size_t i = 1; i <= bits.size(); ++i)
    text += fmt::format("$P{0}N/C{0}/$P{0}B/{1}/$P{0}E/0,0/$P{0}R/{2}/", i, bits[i - 1], range);
  std::string out = fmt::format("FCS3.0    {:>8}{:>8}{:>8}{:>8}{:>8}{:>8}", 64, 64 + text.size() - 1, 600,
                                600 + data.size() - 1, "", "");
  out += "      " + text;
  out.resize(600, ' ');
  return out + data;
}

TEST(ReadFcs, takes_integers_and_doubles_of_both_byte_orders) {
  EXPECT_THAT(
      read_fcs(foreign("I", "4,3,2,1", {16, 16}, std::string("\x01\x02\x03\xFF\x00\x07\x00\x08", 8), 2), "f")
          .events,
      ElementsAre(0x102, 0x3FF, 7, 8));
  EXPECT_THAT(
      read_fcs(foreign("I", "1,2,3,4", {16, 8}, std::string("\x01\x02\x07\x02\x00\x09", 6), 2), "f").events,
      ElementsAre(0x201, 7, 2, 9));
  // Bits above the range (1024: ten bits) do not belong to the value.
  EXPECT_THAT(read_fcs(foreign("I", "4,3,2,1", {16}, "\xFC\x05", 1), "f").events, ElementsAre(5));
  EXPECT_THAT(
      read_fcs(foreign("I", "2,1", {32}, std::string("\xFF\xFF\xFF\xFF", 4), 1, "4294967296"), "f").events,
      ElementsAre(4294967295.0));
  EXPECT_THAT(read_fcs(foreign("D", "4,3,2,1", {64}, std::string("\x3F\xF8\0\0\0\0\0\0", 8), 1), "f").events,
              ElementsAre(1.5));
  EXPECT_THAT(read_fcs(foreign("F", "4,3,2,1", {32}, std::string("\x3F\xC0\0\0", 4), 1), "f").events,
              ElementsAre(1.5));
  EXPECT_EQ(code(foreign("D", "4,3,2,1", {32}, "1234", 1)), "fcs-unsupported");
  EXPECT_EQ(code(foreign("I", "4,3,2,1", {65}, "12345678", 1)), "fcs-unsupported");
}

// Version 2.0: the offsets stand in the header alone, and the events may be left to be counted.
std::string old_format(const std::string& data, const std::string& keywords, const std::string& next = "0") {
  const std::string text =
      "!$BYTEORD!1,2!$DATATYPE!I!$MODE!L!$NEXTDATA!" + next +
      "!$PAR!2!$P1N!FL1-H!$P1B!16!$P1R!1024!$P1E!4,0!$P2N!FL2-H!$P2B!16!$P2R!1024!$P2E!0,0!" + keywords;
  std::string out = fmt::format("FCS2.0    {:>8}{:>8}{:>8}{:>8}{:>8}{:>8}", 256, 256 + text.size() - 1, 700,
                                700 + data.size() - 1, 0, 0);
  out.resize(256, ' ');
  out += text;
  out.resize(700, ' ');
  return out + data;
}

TEST(ReadFcs, takes_version_2_with_offsets_in_the_header_and_events_that_nobody_counted) {
  const std::string data("\x02\x00\x03\x00\x00\x02\x05\x00", 8);  // (2, 3), (512, 5)
  for (const std::string keywords : {"", "$TOT!2!"}) {
    Fcs fcs = read_fcs(old_format(data, keywords), "old.fcs");
    EXPECT_THAT(fcs.events, ElementsAre(2, 3, 512, 5)) << keywords;
    EXPECT_EQ(fcs.channels[0].decades, 4.0);
    EXPECT_EQ(fcs.channels[1].decades, 0.0);
    // 10^(4 x / 1024): 512 is the middle of four decades, 100.
    EXPECT_TRUE(linearise(fcs));
    EXPECT_NEAR(fcs.events[2], 100.0, 1e-12);
    EXPECT_EQ(fcs.events[3], 5.0);
    EXPECT_FALSE(linearise(fcs));
  }
  EXPECT_EQ(code(old_format(data, "$TOT!3!")), "fcs-wrong-total");
  EXPECT_EQ(code(old_format(data.substr(0, 7), "")), "fcs-wrong-total");
}

TEST(ReadFcs, reads_every_data_set_of_a_file) {
  const std::string data("\x01\x00\x02\x00", 4), last = old_format(std::string("\x03\x00\x04\x00", 4), "");
  const std::string two = old_format(data, "", "704") + last;
  const std::vector<Fcs> sets = read_fcs_data_sets(two, "f");
  ASSERT_EQ(sets.size(), 2u);
  EXPECT_THAT(sets[0].events, ElementsAre(1, 2));
  EXPECT_THAT(sets[1].events, ElementsAre(3, 4));
  EXPECT_EQ(read_fcs_data_sets(last, "f").size(), 1u);
  EXPECT_EQ(code(two), "fcs-unsupported");
  // A data set may not reach into the next, or a small file could ask for any amount of memory.
  const std::string reaching = old_format(std::string("\x01\x00\x46\x43\x53\x00\x00\x00", 8), "", "702");
  EXPECT_EQ(code(reaching.substr(0, 702) + "FCS" + reaching.substr(705) + last), "fcs-truncated");
  EXPECT_EQ(code(old_format(data, "", "702") + last), "fcs-bad-offset");  // nothing begins there
  // Where the file ends before it, what is there is read, and the rest missed aloud.
  const std::vector<Fcs> cut = read_fcs_data_sets(old_format(data, "", "704"), "f");
  ASSERT_EQ(cut.size(), 1u);
  EXPECT_EQ(cut[0].notes.at(0).code, "fcs-next-data");
  EXPECT_THROW(read_fcs_data_sets(two.substr(0, two.size() - 1), "f"), core::InputError);
}

TEST(ReadFcs, takes_empty_values_that_instruments_write_against_the_standard) {
  const std::string data("\x01\x00\x02\x00", 4);
  for (const std::string empty : {"$P1S!!$P2S!PI!", "$OP!!$CELLS!!", "$OP!!"}) {
    const Fcs fcs = read_fcs(old_format(data, empty + "$TOT!1!"), "f");
    EXPECT_THAT(fcs.events, ElementsAre(1, 2)) << empty;
  }
}

TEST(ReadFcs, amplifiers_belong_to_integers_and_must_be_two_numbers) {
  const std::string data("\x01\x00\x02\x00", 4);
  for (const std::string bad : {"4,x", "4 0", "-1,0", "99,0", "4,0,1"}) {
    std::string bytes = old_format(data, "");
    const std::size_t at = bytes.find("!4,0!");
    bytes.replace(at, 5, "!" + bad + "!");
    bytes.erase(bytes.find("    ", at), bad.size() - 3);
    bytes = replace(bytes, fmt::format("{:>8}", old_format(data, "").find_last_of('!')),
                    fmt::format("{:>8}", bytes.find_last_of('!')));
    EXPECT_EQ(code(bytes), "fcs-bad-keyword") << bad;
  }
  const std::string floats = foreign("F", "4,3,2,1", {32}, std::string("\x3F\xC0\0\0", 4), 1);
  Fcs fcs = read_fcs(replace(floats, "$P1E/0,0/", "$P1E/4,1/"), "f");
  EXPECT_FALSE(linearise(fcs));
}

TEST(ReadFcs, takes_integers_whose_halves_are_exchanged) {
  // 0x0A0B0C0D little endian is 0D 0C 0B 0A; in 3,4,1,2 the halves are exchanged.
  const std::string data("\x0B\x0A\x0D\x0C", 4);
  EXPECT_THAT(read_fcs(foreign("I", "3,4,1,2", {32}, data, 1, "4294967296"), "f").events,
              ElementsAre(0x0A0B0C0D));
  EXPECT_EQ(code(foreign("I", "3,4,1,2", {16}, data, 2)), "fcs-unsupported");
  EXPECT_EQ(code(foreign("F", "3,4,1,2", {32}, data, 1)), "fcs-unsupported");
}

TEST(ReadFcs, takes_keywords_of_the_supplemental_text) {
  const auto with = [](const std::string& supplement, std::size_t missing = 0) {
    const std::string data("\x01\0\0\0", 4);
    std::string text = "/$BEGINSTEXT/400/$ENDSTEXT/" + std::to_string(400 + supplement.size() - 1 + missing) +
                       "/$BEGINDATA/300/$ENDDATA/303/$BYTEORD/1,2,3,4/$DATATYPE/I/$MODE/L/$NEXTDATA/0/$PAR/1/"
                       "$TOT/1/$P1N/FL1/$P1B/32/$P1R/1024/$P1E/0,0/";
    std::string out =
        fmt::format("FCS3.0    {:>8}{:>8}{:>8}{:>8}{:>8}{:>8}", 58, 57 + text.size(), 300, 303, 0, 0);
    out += text;
    out.resize(300, ' ');
    out += data;
    out.resize(400, ' ');
    return out + supplement;
  };
  const Fcs fcs = read_fcs(with("/$P1S/Annexin V/$TOT/1/"), "f");  // said again alike
  EXPECT_EQ(fcs.channels[0].stain, "Annexin V");
  EXPECT_THAT(fcs.events, ElementsAre(1));
  EXPECT_EQ(code(with("/$TOT/2/")), "fcs-duplicate-keyword");
  EXPECT_EQ(code(with("/$P1S/")), "fcs-bad-text");
  // Some instruments put something else there: what is no text is left aside, and said.
  const Fcs zip = read_fcs(with(std::string("PK\x03\x04\x00\x00/", 7)), "f");
  EXPECT_EQ(zip.notes.at(0).code, "fcs-supplement");
  EXPECT_EQ(code(with("/$P1S/A/", 1)), "fcs-truncated");
}

/// Two dyes that spill a quarter and a fiftieth of their light into each other's channel, beside a third.
Fcs spilling(const std::string& keyword, const std::string& matrix) {
  Fcs fcs;
  fcs.channels = {{"FITC-A", "", 262144}, {"FSC-A", "", 262144}, {"PI-A", "", 262144}};
  fcs.events = {1000 + 0.02 * 40, 7, 40 + 0.25 * 1000, -3 + 0.02 * 900, 8, 900 - 0.25 * 3};
  fcs.keywords = {{keyword, matrix}};
  return fcs;
}

TEST(Compensate, gives_back_the_dyes) {
  for (const std::string keyword : {"$SPILLOVER", "SPILL", "SPILLOVER"}) {
    Fcs fcs = spilling(keyword, "2,PI-A,FITC-A,1,0.02,0.25,1");  // in an order of its own
    const Compensation done = compensate(fcs, "f");
    EXPECT_EQ(done.keyword, keyword);
    EXPECT_FALSE(done.none);
    EXPECT_THAT(done.channels, ElementsAre(2, 0));
    const std::vector<double> dyes{1000, 7, 40, -3, 8, 900};
    for (std::size_t i = 0; i < dyes.size(); ++i) EXPECT_NEAR(fcs.events[i], dyes[i], 1e-10) << keyword;
  }
  for (const std::string unspilt : {"2,FITC-A,PI-A,1,0,0,1", "2,APC-A,PE-A,1,0,0,1", "2,FITC-A,PI-A"}) {
    Fcs none = spilling("SPILL", unspilt);  // whose names the file need not have
    const Compensation done = compensate(none, "f");
    EXPECT_TRUE(done.none) << unspilt;
    EXPECT_EQ(done.keyword, "SPILL");
    EXPECT_EQ(none.events, spilling("SPILL", "x").events);
  }
  Fcs without = spilling("NOTE", "x");
  EXPECT_EQ(compensate(without, "f").keyword, "");
}

TEST(Compensate, takes_channels_by_number_by_stain_and_with_decimal_commas) {
  const std::vector<double> dyes{1000, 7, 40, -3, 8, 900};
  for (const std::string matrix : {"2,1,3,1,0.25,0.02,1", "2, 1, 3, 1, 0.25, 0.02, 1",
                                   "2,Annexin V,PI-A,1,0.25,0.02,1", "2,FITC-A,PI-A,1,000,0,250,0,020,1,000",
                                   // a dye of another detector that neither spills nor is spilled into
                                   "3,FITC-A,APC-A,PI-A,1,0,0.25,0,1,0,0.02,0,1"}) {
    Fcs fcs = spilling("$SPILLOVER", matrix);
    fcs.channels[0].stain = "Annexin V";
    EXPECT_FALSE(compensate(fcs, "f").none) << matrix;
    for (std::size_t i = 0; i < dyes.size(); ++i) EXPECT_NEAR(fcs.events[i], dyes[i], 1e-10) << matrix;
  }
}

TEST(Compensate, names_what_is_wrong_with_a_matrix) {
  for (const std::string bad :
       {"x", "0", "2", "2,FITC-A,PI-A,1,0,0", "2,FITC-A,PI-A,1,0,0,1,5", "2,FITC-A,FITC-A,1,0.1,0,1",
        "2,FITC-A,APC-A,1,0.1,0,1", "2,FITC-A,PI-A,1,1,1,1", "2,1,9,1,0.1,0,1", "2,0,1,1,0.1,0,1",
        "2,FITC-A,PI-A,1,1e306,0,1", "2,FITC-A,PI-A,1,nan,0,1", "2,FITC-A,PI-A,1,,0,1", "99999999999,FITC-A",
        "-1,FITC-A,1", "1.5,FITC-A,1"}) {
    Fcs fcs = spilling("$SPILLOVER", bad);
    EXPECT_EQ(refused([&] { compensate(fcs, "f"); }).code, "fcs-bad-spillover") << bad;
  }
}

}  // namespace fcs_test
}  // namespace stroma::io

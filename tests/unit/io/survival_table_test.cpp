// Survival tables: what columns are taken for, which way a status counts, who is independent, what is asked.
#include "io/survival_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "io/status_column.hpp"
#include "support/codes.hpp"

namespace stroma::io {
namespace survival_table_test {

using test::codes_of;
using test::messages_of;
using testing::ElementsAre;
using testing::HasSubstr;

SurvivalTable read(const std::string& text, const SurvivalColumns& columns = {},
                   ArmsWanted arms = ArmsWanted::optional) {
  return read_survival_table(NamedText{text, "s.csv"}, columns, arms);
}

/// Everything that was understood, in one text.
std::string said(const SurvivalTable& table) {
  std::string text;
  for (const core::Fact& fact : table.understanding.facts()) text += core::to_string(fact) + "\n";
  return text;
}

SurvivalColumns with(const std::function<void(SurvivalColumns&)>& set) {
  SurvivalColumns columns;
  set(columns);
  return columns;
}

TEST(SurvivalTable, takes_the_unit_of_time_from_header_or_cells_and_status_as_number_or_word) {
  for (const std::string text : {"subject,arm,time (days),status\na,x,3,1\nb,x,5,0\n",
                                 "subject,arm,days,status\na,x,3,dead\nb,x,5,alive\n",
                                 "id,group,time,event\na,x,3 days,event\nb,x,5 days,censored\n",
                                 "subject\tarm\ttime_days\tstatus\na\tx\t3\tyes\nb\tx\t5\tno\n"}) {
    const SurvivalTable table = read(text);
    ASSERT_EQ(table.data.subjects.size(), 2u) << text;
    EXPECT_EQ(table.time_unit, "days") << text;
    EXPECT_EQ(table.data.subjects[0].follow_up.time, 3.0);
    EXPECT_TRUE(table.data.subjects[0].follow_up.event);
    EXPECT_FALSE(table.data.subjects[1].follow_up.event);
  }
}

TEST(SurvivalTable, names_everything_that_is_wrong_at_once) {
  const auto codes = [](const std::string& text, const SurvivalColumns& columns = {}) {
    return codes_of([&] { read(text, columns); });
  };
  EXPECT_EQ(codes("subject,arm,time (d),status\na,x,-3,dead\nb,x,5,maybe\nc,x,x,alive\n"),
            "negative-time bad-status not-a-number");
  EXPECT_EQ(codes("subject,arm,time (d),status\na,x,3,-1\n"), "ask-status");
  EXPECT_EQ(codes("subject,arm,time,status\na,x,3 days,1\nb,x,5 weeks,0\n"), "two-units");
  EXPECT_EQ(codes("subject,arm,time (d),status\na,x,3,1\na,x,4,1\n"), "repeated-subjects");
  // Numbered anew in each arm, or the two eyes of one animal: from 1 on without a gap, the first is assumed.
  EXPECT_EQ(codes("subject,arm,time (d),status\n1,x,3,1\n2,x,3,1\n1,y,4,1\n2,y,4,1\n"), "none");
  EXPECT_EQ(codes("subject,arm,time (d),status\n1,x,3,1\n2,x,3,1\n3,x,4,1\n2,y,4,1\n"), "repeated-subjects");
  EXPECT_EQ(codes("subject,arm,time (d),status\na,x,3,1\nb,x,3,1\na,y,4,1\nb,y,4,1\n"), "repeated-subjects");
  EXPECT_EQ(codes("subject,arm,status\na,x,1\n"), "missing-column");
  EXPECT_EQ(codes("subject,arm,time,survival_time,status\na,x,3,1,1\n"), "ask-time");
  EXPECT_EQ(
      codes("subject,arm,time (d),status\na,x,3,1\n", with([](SurvivalColumns& c) { c.stratum = "centre"; })),
      "missing-column");
  EXPECT_THAT(messages_of([] { read("subject,arm,time (d),status\na,x,-3,1\n"); }), HasSubstr("s.csv:2:5: "));
}

TEST(SurvivalTable, leaves_incomplete_rows_out_and_says_which_column_lacks) {
  const SurvivalTable table = read("id,arm,days,status\n1,a,3,1\n2,a,,0\n3,b,4,NA\n4,b,5,0\n5,a,8,1\n");
  EXPECT_EQ(table.rows, (std::vector<std::size_t>{0, 3, 4}));
  EXPECT_THAT(said(table), HasSubstr("left out: 2 of 5 rows: 1 without 'days', 1 without 'status'"));
  // Who is alive has its time in another column: only the dead would be left.
  EXPECT_EQ(codes_of([] { read("id,time,status\n1,3,dead\n2,,alive\n3,4,dead\n4,,alive\n"); }),
            "no-censored-times");
}

// The data sets of R's survival package: row names, 1 and 2, TRUE and FALSE, columns of other names.
TEST(SurvivalTable, reads_what_r_writes) {
  const SurvivalTable codes = read(
      "\"\",\"time\",\"status\",\"x\"\n\"1\",9,2,\"drug\"\n\"2\",13,1,\"none\"\n\"3\",1,1,\"drug\"\n\"4\",2,"
      "2,\"none\"\n");
  EXPECT_TRUE(codes.data.subjects[0].follow_up.event);
  EXPECT_FALSE(codes.data.subjects[1].follow_up.event);
  EXPECT_EQ(codes.data.subjects[1].arm, "none");  // the only column of words that subjects share
  EXPECT_THAT(said(codes), HasSubstr("2 = event; 1 = censored): 2 events of 4 (assumed; --event VALUE"));
  EXPECT_THAT(said(codes), HasSubstr("arms: column 'x' (drug: 1 events of 2, none: 1 events of 2)"));
  EXPECT_EQ(read("time;status\n9;1\n13;0\n").data.subjects[0].arm, "all");
  const SurvivalTable named =
      read("futime,fustat,rx,time\n59,TRUE,1,7\n115,FALSE,2,7\n8,TRUE,1,7\n9,TRUE,2,7\n",
           with([](SurvivalColumns& c) { c.time = "futime", c.status = "fustat", c.arm = "rx"; }));
  EXPECT_EQ(named.data.subjects[1].follow_up.time, 115.0);
  EXPECT_FALSE(named.data.subjects[1].follow_up.event);
  EXPECT_EQ(named.data.subjects[1].arm, "2");
  EXPECT_EQ(codes_of([] { read("time,status\n9,1\n", with([](SurvivalColumns& c) { c.time = "times"; })); }),
            "missing-column");
}

TEST(SurvivalTable, words_among_covariates_become_indicators) {
  const SurvivalTable table = read("subject,arm,weeks,status,age,sex\na,x,3,1,50,male\nb,x,5,0,61.5,female\n",
                                   with([](SurvivalColumns& c) {
                                     c.stratum = "sex", c.covariates = {"age", "sex"};
                                   }));
  EXPECT_THAT(table.data.covariates, ElementsAre("age", "sex=male"));
  EXPECT_THAT(table.data.subjects[0].covariates, ElementsAre(50.0, 1.0));
  EXPECT_THAT(table.data.subjects[1].covariates, ElementsAre(61.5, 0.0));
  EXPECT_EQ(table.data.subjects[1].stratum, "female");
}

TEST(StatusColumn, the_name_says_which_way_it_counts) {
  const std::pair<const char*, StatusDirection> names[] = {{"status", StatusDirection::event},
                                                           {"Event", StatusDirection::event},
                                                           {"dead", StatusDirection::event},
                                                           {"vital_status", StatusDirection::event},
                                                           {"OS_STATUS", StatusDirection::event},
                                                           {"relapse", StatusDirection::event},
                                                           {"censored", StatusDirection::no_event},
                                                           {"is_censored", StatusDirection::no_event},
                                                           {"alive", StatusDirection::no_event},
                                                           {"Survived", StatusDirection::no_event},
                                                           {"relapse_free", StatusDirection::no_event},
                                                           {"uncensored", StatusDirection::event},
                                                           {"cens", StatusDirection::ambiguous},
                                                           {"censor", StatusDirection::ambiguous},
                                                           {"survival", StatusDirection::ambiguous},
                                                           {"d3", StatusDirection::unknown}};
  for (const auto& [name, direction] : names) EXPECT_EQ(direction_of_status(name), direction) << name;
}

/// Events among the rows of a column with these values; -1 where it was asked or refused.
int events_of(const std::string& name, const std::vector<std::string>& values,
              const std::vector<std::string>& event = {}) {
  std::string text = "time," + name + "\n";
  for (const std::string& v : values) text += "5," + v + "\n";
  core::Diagnostics problems;
  const PlainTable table = read_plain_table(text, "s.csv", problems);
  const auto reading = read_status(table.columns[1], event, "stroma stats km s.csv", problems);
  if (!reading) return -1;
  return static_cast<int>(std::count(reading->event.begin(), reading->event.end(), 1));
}

TEST(StatusColumn, known_codings_are_understood_in_their_direction) {
  EXPECT_EQ(events_of("censored", {"no", "no", "yes"}), 2);
  EXPECT_EQ(events_of("censored", {"0", "0", "1"}), 2);
  EXPECT_EQ(events_of("censored", {"FALSE", "TRUE", "TRUE"}), 1);
  EXPECT_EQ(events_of("alive", {"1", "1", "0"}), 1);
  EXPECT_EQ(events_of("dead", {"yes", "no", "no"}), 1);
  EXPECT_EQ(events_of("OS_STATUS", {"1:DECEASED", "0:LIVING", "0:LIVING"}), 1);
  EXPECT_EQ(events_of("DFS_STATUS", {"1:Recurred/Progressed", "0:DiseaseFree"}), 1);
  EXPECT_EQ(events_of("PFS_STATUS", {"1:PROGRESSION", "0:CENSORED", "0:CENSORED"}), 1);
  EXPECT_EQ(events_of("DSS_STATUS", {"1:DEAD WITH TUMOR", "0:ALIVE OR DEAD TUMOR FREE"}), 1);
  EXPECT_EQ(events_of("vital_status", {"Living", "Deceased", "Deceased"}), 2);
  EXPECT_EQ(events_of("status", {"1", "2", "2"}), 2);                     // as R
  EXPECT_EQ(events_of("CNSR", {"0", "1", "3"}), 1);                       // CDISC: 0 is the event
  EXPECT_EQ(events_of("censored", {"dead", "censored", "censored"}), 1);  // words say it themselves
  EXPECT_EQ(events_of("status", {"1.0", "0.0", "1"}), 2);
}

TEST(StatusColumn, what_could_be_read_twice_is_asked_and_answered_by_an_option) {
  for (const auto& [name, values] : std::vector<std::pair<std::string, std::vector<std::string>>>{
           {"cens", {"1", "0", "0"}},
           {"censor", {"yes", "no", "no"}},
           {"status", {"0", "1", "2"}},
           {"censored", {"1", "2", "2"}},
           {"outcome", {"remission", "dead", "other"}},
           {"survival", {"0", "1"}}})
    EXPECT_EQ(events_of(name, values), -1) << name;
  EXPECT_EQ(events_of("cens", {"1", "0", "0"}, {"1"}), 1);
  EXPECT_EQ(events_of("status", {"0", "1", "2"}, {"1", "2"}), 2);
  EXPECT_EQ(events_of("status", {"0", "1", "2"}, {"3"}), -1);
  EXPECT_EQ(events_of("OS_STATUS", {"1:DECEASED", "0:LIVING"}, {"deceased"}), 1);
  core::Diagnostics problems;
  const PlainTable table = read_plain_table("time,cens\n5,1\n6,0\n7,0\n", "s.csv", problems);
  read_status(table.columns[1], {}, "stroma stats km s.csv", problems);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems.entries()[0].hint, HasSubstr("1 is the event: 1 events of 3"));
  EXPECT_THAT(problems.entries()[0].hint, HasSubstr("stroma stats km s.csv --event 0"));
}

TEST(SurvivalRoles, a_column_in_which_every_subject_is_another_names_no_arms) {
  std::string text = "sample,time,status,trt\n";
  for (int i = 0; i < 12; ++i)
    text += "S" + std::to_string(i) + "," + std::to_string(3 + i) + ",1," + std::to_string(1 + i % 2) + "\n";
  const SurvivalTable table = read(text, {}, ArmsWanted::required);
  EXPECT_EQ(table.arm, "trt");
  EXPECT_EQ(table.subject, "sample");
  EXPECT_THAT(said(table), HasSubstr("independent unit: column 'sample': 12 subjects, one row each"));
  EXPECT_EQ(codes_of([&] { read(text, with([](SurvivalColumns& c) { c.arm = "sample"; })); }), "no-arms");
}

TEST(SurvivalRoles, patients_go_before_their_samples_and_mice_before_their_cages) {
  const std::string samples =
      "SAMPLE_ID,PATIENT_ID,OS_MONTHS,OS_STATUS\nS1,P1,3,1:DECEASED\nS2,P1,3,1:DECEASED\nS3,P2,5,0:LIVING\n";
  EXPECT_EQ(codes_of([&] { read(samples); }), "repeated-subjects");
  const SurvivalTable mice = read("cage,mouse,days,dead\nA,1,3,1\nA,2,4,1\nB,3,5,0\nB,4,6,1\n");
  EXPECT_EQ(mice.subject, "mouse");
  EXPECT_EQ(codes_of([] { read("litter,days,dead\n1,3,1\n1,4,1\n2,5,0\n2,6,1\n"); }), "repeated-subjects");
  EXPECT_EQ(read("litter,days,dead\n1,3,1\n1,4,1\n2,5,0\n2,6,1\n",
                 with([](SurvivalColumns& c) { c.stratum = "litter"; }))
                .subjects,
            4u);
}

TEST(SurvivalRoles, one_column_has_one_role_and_pairs_of_an_endpoint_belong_together) {
  const std::string xena = "sample,OS,OS.time,arm\na,1,72,x\nb,0,411,x\nc,1,8,y\nd,0,9,y\n";
  for (const SurvivalColumns& columns : {SurvivalColumns{}, with([](SurvivalColumns& c) { c.status = "OS"; }),
                                         with([](SurvivalColumns& c) { c.time = "OS.time"; })}) {
    const SurvivalTable table = read(xena, columns);
    EXPECT_EQ(table.time, "OS.time");
    EXPECT_EQ(table.status, "OS");
    EXPECT_EQ(table.events, 2u);
  }
  const std::string both =
      "sample,OS,OS.time,PFI,PFI.time,arm\na,1,72,1,70,x\nb,0,411,1,8,x\nc,1,8,0,8,y\nd,0,9,1,3,y\n";
  EXPECT_EQ(codes_of([&] { read(both); }), "ask-time");
  EXPECT_EQ(read(both, with([](SurvivalColumns& c) { c.status = "PFI"; })).time, "PFI.time");
  EXPECT_EQ(read(both, with([](SurvivalColumns& c) { c.time = "OS.time"; })).status, "OS");
  const SurvivalTable portal = read(
      "PATIENT_ID,OS_MONTHS,OS_STATUS,ARM\nP1,2.5,1:DECEASED,a\nP2,3,0:LIVING,a\nP3,4,0:LIVING,b\nP4,5,1:"
      "DECEASED,b\n");
  EXPECT_EQ(portal.time_unit, "months");
  EXPECT_EQ(portal.events, 2u);
  EXPECT_EQ(portal.subject, "PATIENT_ID");
  EXPECT_EQ(codes_of([&] { read(xena, with([](SurvivalColumns& c) { c.time = "OS", c.status = "OS"; })); }),
            "one-column-two-roles");
}

TEST(SurvivalRoles, arms_that_could_be_several_columns_are_asked) {
  const std::string two = "time,status,site,sex\n3,1,a,m\n4,0,a,f\n5,1,b,m\n6,1,b,f\n";
  EXPECT_EQ(codes_of([&] { read(two); }), "ask-arms");
  EXPECT_EQ(read(two, with([](SurvivalColumns& c) { c.arm = "sex"; })).arm, "sex");
  EXPECT_EQ(read(two, with([](SurvivalColumns& c) { c.arm = "none"; })).data.subjects[2].arm, "all");
  EXPECT_THAT(
      messages_of([] { read("time,status,stage\n3,1,1\n4,0,1\n5,1,2\n6,1,2\n", {}, ArmsWanted::required); }),
      HasSubstr("--group stage"));
}

TEST(SurvivalIntervals, rows_of_a_subject_are_intervals_where_they_begin_and_do_not_overlap) {
  const std::string heart =
      "start,stop,event,transplant,id\n0,50,1,0,1\n0,6,0,0,2\n6,20,1,1,2\n0,9,0,0,3\n9,30,0,1,3\n";
  const SurvivalTable table = read(heart, with([](SurvivalColumns& c) { c.covariates = {"transplant"}; }));
  EXPECT_EQ(table.subjects, 3u);
  EXPECT_EQ(table.data.subjects.size(), 5u);
  EXPECT_EQ(table.events, 2u);
  EXPECT_EQ(table.data.subjects[2].follow_up.entry, 6.0);
  const SurvivalTable arms = read(heart, with([](SurvivalColumns& c) { c.arm = "transplant"; }));
  EXPECT_EQ(arms.subjects, 3u);  // and not 5, numbered anew in each arm
  EXPECT_THAT(said(arms), HasSubstr("changes with time"));
  EXPECT_THAT(said(table), HasSubstr("3 subjects, 5 intervals"));
  EXPECT_EQ(assays::join_intervals(table.data.subjects).size(), 3u);
  EXPECT_EQ(codes_of([] { read("start,stop,event,id\n0,9,0,1\n5,12,1,1\n0,3,1,2\n"); }),
            "overlapping-intervals");
  EXPECT_EQ(codes_of([] { read("start,stop,event,id\n0,9,1,1\n9,12,1,1\n0,3,1,2\n"); }),
            "overlapping-intervals");
  EXPECT_EQ(codes_of([] { read("start,stop,event,id\n0,9,0,1\n4,4,1,2\n0,3,1,3\n"); }), "empty-interval");
  // Several rows of one subject without a beginning are refused, with the ways out.
  const std::string rows = "id,time,status,arm\n1,5,1,a\n1,9,1,a\n2,7,1,b\n3,11,0,b\n";
  EXPECT_EQ(codes_of([&] { read(rows); }), "repeated-subjects");
  EXPECT_EQ(read(rows, with([](SurvivalColumns& c) { c.subject = "none"; })).subjects, 4u);
}

TEST(SurvivalIntervals, an_entry_beside_a_time_that_is_no_stop_is_asked) {
  const std::string late = "id,entry,time,status\n1,2,9,1\n2,0,12,0\n3,1,3,1\n";
  EXPECT_EQ(codes_of([&] { read(late); }), "ask-start");
  EXPECT_EQ(read(late, with([](SurvivalColumns& c) { c.start = "entry"; })).data.subjects[0].follow_up.entry,
            2.0);
  EXPECT_FALSE(read(late, with([](SurvivalColumns& c) { c.start = "none"; })).late_entries);
}

TEST(SurvivalTerms, numbered_arms_are_names_and_a_dose_only_on_request) {
  std::string text = "time,status,group,age\n";
  for (int i = 0; i < 12; ++i)
    text += std::to_string(3 + i) + ",1," + std::to_string(1 + i % 3) + "," +
            std::to_string(50 + 7 * i % 11) + "\n";
  core::Diagnostics problems;
  const PlainTable plain = read_plain_table(text, "s.csv", problems);
  const PlainTable control =
      read_plain_table("time,status,arm\n1,1,drug\n2,1,vehicle\n3,1,drug\n4,1,vehicle\n", "s.csv", problems);
  EXPECT_THAT(read_survival_table(control, {}, ArmsWanted::no, true).data.covariates,
              ElementsAre("arm=drug"));
  const auto names = [&](const SurvivalColumns& columns, const std::string& reference = "") {
    return read_survival_table(plain, columns, ArmsWanted::no, true, reference).data.covariates;
  };
  EXPECT_THAT(names({}), ElementsAre("group=2", "group=3", "age"));
  EXPECT_THAT(names(with([](SurvivalColumns& c) { c.arm = "group"; })), ElementsAre("group=2", "group=3"));
  EXPECT_THAT(names(with([](SurvivalColumns& c) { c.arm = "group"; }), "2"),
              ElementsAre("group=1", "group=3"));
  EXPECT_THAT(names(with([](SurvivalColumns& c) { c.covariates = {"numeric(group)"}; })),
              ElementsAre("group"));
  EXPECT_THAT(names(with([](SurvivalColumns& c) { c.covariates = {"age"}, c.arm = "group"; })),
              ElementsAre("group=2", "group=3", "age"));
}

}  // namespace survival_table_test
}  // namespace stroma::io

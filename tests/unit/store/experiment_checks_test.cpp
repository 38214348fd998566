// What an experiment asks for and cannot get is said before anything runs, in one message for one cause.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/toml.hpp"
#include "study/measure.hpp"
#include "unit/study/protocols.hpp"

namespace stroma::study {
namespace experiment_checks_test {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* head = R"(schema = 1
title = "t"
model = "letters"
)";
constexpr const char* plate = R"([plate]
cells = { T = 5000 }
volume = "100 uL"
medium = "DMEM + 10 % FBS"
)";
constexpr const char* arms = R"([[plate.arm]]
name = "a"
[[plate.arm.treatment]]
at = "1 h"
drug = "D"
dose = "3 uM"
[[plate.arm]]
name = "b"
)";

std::vector<std::string> problems_of(const std::string& text) {
  core::Diagnostics problems;
  const core::Node document = io::read_toml(text, "e.toml", problems);
  read_experiment(document, "e", *letters(), problems);
  std::vector<std::string> out;
  for (const core::Diagnostic& d : problems.entries()) out.push_back(core::to_string(d));
  return out;
}

std::string readout(const std::string& assay, const std::string& at, const std::string& more = "") {
  return "[[readout]]\nassay = \"" + assay + "\"\nat = \"" + at + "\"\n" + more;
}

TEST(ExperimentChecks, are_silent_on_an_experiment_whose_keys_all_act) {
  EXPECT_THAT(
      problems_of(std::string(head) + plate + arms + readout("annexin", "24 h") + readout("annexin", "48 h") +
                  readout("elisa", "24 h", "targets = [\"L\"]\ndilution = 2\n")),
      IsEmpty());
}

TEST(ExperimentChecks, name_a_treatment_that_comes_when_all_is_read) {
  EXPECT_THAT(problems_of(std::string(head) + plate + arms + readout("annexin", "1 h")),
              ElementsAre(AllOf(HasSubstr("e.toml:11"), HasSubstr("a treatment at 1 h"),
                                HasSubstr("the last reading is at 1 h"))));
}

TEST(ExperimentChecks, name_a_change_of_medium_after_the_last_reading) {
  EXPECT_THAT(
      problems_of(std::string(head) + plate + "renewal = \"48 h\"\n" + arms + readout("annexin", "24 h")),
      ElementsAre(AllOf(HasSubstr("plate.renewal"), HasSubstr("cannot act"))));
}

std::string treated(const std::string& more) {
  return std::string(head) + plate + "[[plate.treatment]]\nat = \"0 h\"\ndrug = \"D\"\ndose = \"3 uM\"\n" +
         more + "[[plate.arm]]\nname = \"b\"\n";
}

TEST(ExperimentChecks, name_doses_and_wash_outs_that_come_too_late_or_do_not_fit) {
  const std::string read = readout("annexin", "24 h");
  EXPECT_THAT(problems_of(treated("until = \"12 h\"\nevery = \"4 h\"\ntimes = 3\n") + read), IsEmpty());
  EXPECT_THAT(problems_of(treated("until = \"24 h\"\n") + read),
              ElementsAre(AllOf(HasSubstr("until"), HasSubstr("a wash-out at 24 h cannot act"))));
  EXPECT_THAT(problems_of(treated("every = \"24 h\"\n") + read),
              ElementsAre(AllOf(HasSubstr("every"), HasSubstr("a dose at 24 h cannot act"))));
  EXPECT_THAT(problems_of(treated("every = \"12 h\"\ntimes = 3\n") + read),
              ElementsAre(AllOf(HasSubstr("times"), HasSubstr("a dose at 24 h cannot act"))));
  EXPECT_THAT(problems_of(treated("until = \"12 h\"\nevery = \"6 h\"\ntimes = 3\n") + read),
              ElementsAre(HasSubstr("not so many doses fit before `until`")));
  EXPECT_THAT(problems_of(treated("until = \"0 h\"\n") + read), testing::SizeIs(1));
  EXPECT_THAT(problems_of(treated("times = 3\n") + read), ElementsAre(HasSubstr("read only with `every`")));
}

TEST(ExperimentChecks, refuse_doses_that_renewal_would_give_again) {
  EXPECT_THAT(
      problems_of(std::string(head) + plate + "renewal = \"6 h\"\n" +
                  treated("every = \"4 h\"\n").substr(std::string(head).size() + std::string(plate).size()) +
                  readout("annexin", "24 h")),
      ElementsAre(HasSubstr("gives every treatment anew")));
}

TEST(ExperimentChecks, name_states_that_no_vessel_lives_to_keep) {
  const std::string every = "checkpoint_every = \"24 h\"\n";
  EXPECT_THAT(
      problems_of(head + every + plate + arms + readout("annexin", "24 h")),
      ElementsAre(AllOf(HasSubstr("checkpoint_every"), HasSubstr("the longest vessel ends at 24 h"))));
  EXPECT_THAT(problems_of(head + every + plate + arms + readout("annexin", "48 h")), IsEmpty());
}

TEST(ExperimentChecks, name_a_culture_that_nobody_pours) {
  const std::string culture = R"([[culture]]
name = "S medium"
cells = { S = "1e6 /mL" }
medium = "DMEM + 10 % FBS"
volume = "1 mL"
duration = "1 h"
)";
  EXPECT_THAT(problems_of(head + culture + plate + arms + readout("annexin", "24 h")),
              ElementsAre(HasSubstr("nobody pours the supernatant of 'S medium'")));
}

TEST(ExperimentChecks, name_keys_of_a_readout_that_its_assay_does_not_have) {
  EXPECT_THAT(problems_of(std::string(head) + plate + arms +
                          readout("annexin", "24 h", "reference = \"a\"\ndilution = 2\n")),
              ElementsAre(HasSubstr("readout.reference"), HasSubstr("readout.dilution")));
}

TEST(ExperimentChecks, refuse_one_quantity_read_twice_at_one_time) {
  EXPECT_THAT(
      problems_of(std::string(head) + plate + arms + readout("annexin", "24 h") + readout("annexin", "24 h")),
      ElementsAre(AllOf(HasSubstr("apoptotic_fraction at 24 h is read already"), HasSubstr("(line 16)"))));
}

TEST(ExperimentChecks, count_the_wells_of_a_plate_before_the_run) {
  std::string doses = "[[plate.treatment]]\nat = \"0 h\"\ndrug = \"D\"\ndoses = [\"0 uM\"";
  for (int k = 1; k < 32; ++k) doses += ", \"" + std::to_string(k) + " uM\"";
  const std::string full =
      std::string(head) + plate + "wells_per_arm = 3\n" + doses + "]\n" + readout("cck8", "24 h");
  EXPECT_THAT(problems_of(full),
              ElementsAre(HasSubstr("96 wells (arms x doses x wells_per_arm) and 3 blanks")));
}

TEST(ExperimentChecks, ask_for_untreated_wells_where_per_cent_of_control_is_read) {
  EXPECT_THAT(problems_of(std::string(head) + plate +
                          "[[plate.treatment]]\nat = \"0 h\"\ndrug = \"D\"\ndoses = [\"1 uM\", \"2 uM\"]\n" +
                          readout("cck8", "24 h")),
              ElementsAre(HasSubstr("have no zero")));
}

TEST(Metrics, carry_their_time_where_there_are_several) {
  Experiment e = two_media(*letters());
  EXPECT_THAT(metric_names(e.readouts, e.readouts[0]), ElementsAre("ic50"));
  e.readouts.push_back(e.readouts[0]);
  e.readouts.back().at = core::to_tick(2880.0);
  EXPECT_THAT(metric_names(e.readouts, e.readouts[0]), ElementsAre("ic50 at 6 h"));
  EXPECT_THAT(metric_names(e.readouts, e.readouts[1]), ElementsAre("ic50 at 48 h"));
}

}  // namespace experiment_checks_test
}  // namespace stroma::study

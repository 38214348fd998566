// The schema of an experiment: a file that is right means what it says, in internal units; a file that is
// wrong is told everything that is wrong with it at once, each with its place (faults 1, 2, 4 and 7).
// tests/cli/check.sh shows the faults of a plate to the user; here are those of cultures, treatments and
// readouts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/units.hpp"
#include "io/model_folder.hpp"
#include "io/toml.hpp"
#include "study/experiment.hpp"
#include "test_paths.hpp"

namespace stroma::study {
namespace study_schema_test {

using testing::AllOf;
using testing::HasSubstr;
using Said = std::vector<testing::Matcher<std::string>>;

const model::Model& hcc() {
  static const model::Model m = io::load_model(std::string(STROMA_SOURCE_DIR) + "/models/hcc");
  return m;
}

struct Read {
  Experiment experiment;
  std::vector<std::string> problems;
};

Read read(const std::string& toml) {
  core::Diagnostics problems;
  const core::Node document = io::read_toml(toml, "e.toml", problems);
  Read out{read_experiment(document, "e", hcc(), problems), {}};
  for (const core::Diagnostic& d : problems.entries()) out.problems.push_back(core::to_string(d));
  return out;
}

const std::string head = "schema = 1\ntitle = \"t\"\nmodel = \"hcc\"\n";
const std::string plate =
    "[plate]\ncells = { HepG2 = 1000 }\nvolume = \"100 uL\"\nmedium = \"DMEM + 10 % FBS\"\n";
const std::string reading = "[[readout]]\nassay = \"cck8\"\nat = \"48 h\"\n";

TEST(ExperimentFile, that_is_right_means_what_it_says) {
  const auto [e, problems] = read(head + R"(
figure          = "2c"
replicates      = 5
simulated_cells = 300
step            = "30 min"
[[culture]]
name     = "CAF supernatant"
cells    = { CAF = "1e6 /mL", NF = "5e5 /mL" }
medium   = "DMEM+5 % FBS"
volume   = "10 mL"
duration = "2 days"
[plate]
lines          = ["HepG2", "Huh7"]
cells_per_well = 10000
volume         = "100 uL"
wells_per_arm  = 3
renewal        = "24 h"
[[plate.treatment]]
at    = "30 min"
drug  = "sorafenib"
doses = ["0 uM", "0.5 uM", "1000 nM"]
[[plate.arm]]
name   = "plain"
medium = "DMEM"
[[plate.arm]]
name   = "conditioned"
medium = "CAF supernatant"
[[plate.arm.treatment]]
at     = "0 h"
factor = "CXCL12"
dose   = "8 ug/L"
[[readout]]
assay     = "blot"
at        = "48 h"
targets   = ["FOLR1", "CASP3"]
reference = "plain"
)");
  ASSERT_THAT(problems, testing::IsEmpty());
  EXPECT_EQ(e.name, "e");
  EXPECT_EQ(e.replicates, 5);
  EXPECT_EQ(e.simulated_cells, 300);
  EXPECT_EQ(e.step, core::to_tick(30.0));
  ASSERT_EQ(e.cultures.size(), 1u);
  EXPECT_EQ(e.cultures[0].cells.size(), 2u);
  EXPECT_DOUBLE_EQ(e.cultures[0].cells[0].density, 1e-6);  // per um^3
  EXPECT_DOUBLE_EQ(e.cultures[0].medium.serum, 0.05);
  EXPECT_EQ(e.cultures[0].medium.culture, -1);
  EXPECT_DOUBLE_EQ(e.cultures[0].volume, 1e13);
  EXPECT_EQ(e.cultures[0].duration, core::to_tick(2880.0));
  EXPECT_THAT(e.systems, testing::ElementsAre("HepG2", "Huh7"));
  EXPECT_EQ(e.wells_per_arm, 3);
  EXPECT_EQ(e.renewal, core::to_tick(1440.0));
  ASSERT_EQ(e.arms.size(), 2u);
  EXPECT_EQ(e.arms[0].medium.serum, 0.0);
  EXPECT_EQ(e.arms[0].treatments.size(), 1u);
  EXPECT_EQ(e.arms[1].medium.culture, 0);
  ASSERT_EQ(e.arms[1].treatments.size(), 2u);
  EXPECT_TRUE(e.arms[1].treatments[0].series);
  EXPECT_EQ(e.arms[1].treatments[0].at, core::to_tick(30.0));
  EXPECT_THAT(e.arms[1].treatments[0].doses, testing::ElementsAre(0.0, 500.0, 1000.0));
  // 8 ug/L of a protein of 8 kDa are 1 nM; the model says how heavy CXCL12 is.
  const model::Substance& cxcl12 = hcc().substances[static_cast<std::size_t>(hcc().substance("CXCL12"))];
  EXPECT_NEAR(e.arms[1].treatments[1].doses[0], 8e-9 / cxcl12.molar_mass, 1e-12);
  EXPECT_EQ(e.readouts[0].assay->name, "blot");
  EXPECT_THAT(e.readouts[0].targets, testing::ElementsAre("FOLR1", "CASP3"));
}

TEST(ExperimentFile, of_one_arm_needs_no_arm) {
  const auto [e, problems] = read(head + plate + reading);
  ASSERT_THAT(problems, testing::IsEmpty());
  ASSERT_EQ(e.arms.size(), 1u);
  EXPECT_EQ(e.arms[0].name, "DMEM + 10 % FBS");
  EXPECT_THAT(e.systems, testing::ElementsAre("HepG2"));
}

TEST(ExperimentFile, with_faulty_cultures_is_told_all_of_them) {
  const auto [e, problems] = read(head + R"([[culture]]
name     = "one"
cells    = { CAV = "1e6 /mL", HCC = "1e6 /mL" }
medium   = "DMEN + 10 % FBS"
volume   = "-10 mL"
duration = "48 h"
[[culture]]
name     = "one"
cells    = { CAF = "1e6" }
medium   = "DMEM + 10 % BSA"
volume   = "10 mL"
duration = "1 s"
[[culture]]
name     = "two"
cells    = {}
medium   = "on"
volume   = "10 mL"
duration = "80 years"
[[readout]]
assay   = "elisa"
targets = ["CXCL13"]
)");
  EXPECT_THAT(problems, testing::IsSupersetOf(Said{
                            AllOf(HasSubstr("e.toml:6:"), HasSubstr("CAV"), HasSubstr("did you mean 'CAF'?")),
                            AllOf(HasSubstr("e.toml:6:"), HasSubstr("family of cell types")),
                            AllOf(HasSubstr("e.toml:7:"), HasSubstr("DMEN")),
                            AllOf(HasSubstr("e.toml:8:"), HasSubstr("above 0")),
                            AllOf(HasSubstr("e.toml:11:"), HasSubstr("there twice")),
                            AllOf(HasSubstr("e.toml:12:"), HasSubstr("unit")),
                            AllOf(HasSubstr("e.toml:13:"), HasSubstr("FBS")),
                            AllOf(HasSubstr("e.toml:15:"), HasSubstr("0.6 s")),
                            HasSubstr("cells with their density"),
                            AllOf(HasSubstr("e.toml:19:"), HasSubstr("did you mean 'one'?")),
                            AllOf(HasSubstr("e.toml:21:")),
                            AllOf(HasSubstr("e.toml:24:"), HasSubstr("did you mean 'CXCL12'?")),
                        }));
}

TEST(ExperimentFile, with_faulty_treatments_is_told_all_of_them) {
  const auto [e, problems] = read(head + plate + R"([[plate.arm]]
name = "a"
[[plate.arm.treatment]]
at     = "0 h"
drug   = "sorafenib"
factor = "CXCL12"
dose   = "1 uM"
doses  = ["2 uM"]
[[plate.arm]]
name = "a"
[[plate.arm.treatment]]
at    = "-1 h"
drug  = "sorafenib"
doses = ["1 uM", "1000 nM"]
[[plate.arm.treatment]]
at    = "0 h"
drug  = "AMD3100"
doses = ["1 uM", "inf uM", "0,5 uM", "3 h"]
[[plate.arm]]
name  = "b"
wells = ["A1", "A2", "Z9"]
[[plate.arm.treatment]]
at     = "0 h"
factor = "CXCL21"
doses  = []
)" + reading);
  EXPECT_THAT(problems, testing::IsSupersetOf(Said{
                            AllOf(HasSubstr("e.toml:13:"), HasSubstr("not both")),
                            AllOf(HasSubstr("e.toml:15:"), HasSubstr("not both")),
                            AllOf(HasSubstr("e.toml:16:"), HasSubstr("'a' is there twice")),
                            AllOf(HasSubstr("e.toml:16:"), HasSubstr("2 dose series")),
                            AllOf(HasSubstr("e.toml:19:"), HasSubstr("at")),
                            AllOf(HasSubstr("e.toml:21:"), HasSubstr("'1000 nM' is there twice")),
                            AllOf(HasSubstr("e.toml:25:"), HasSubstr("inf")),
                            AllOf(HasSubstr("e.toml:25:"), HasSubstr("decimal comma")),
                            AllOf(HasSubstr("e.toml:25:"), HasSubstr("time")),
                            AllOf(HasSubstr("e.toml:28:"), HasSubstr("Z9")),
                            AllOf(HasSubstr("e.toml:31:"), HasSubstr("CXCL21")),
                            AllOf(HasSubstr("e.toml:32:"), HasSubstr("at least one dose")),
                        }));
}

TEST(ExperimentFile, with_faulty_readouts_is_told_all_of_them) {
  const auto [e, problems] = read(head + plate + R"([[readout]]
assay   = "cck8"
targets = ["FOLR1"]
at      = "48 h"
[[readout]]
assay     = "qpcr"
targets   = ["FOLR1_mRN"]
reference = "DMEM"
at        = "48 h"
[[readout]]
assay = "blot"
at    = "0 h"
[[readout]]
assay    = "elisa"
targets  = ["CXCL12"]
dilution = 0.5
)");
  EXPECT_THAT(problems, testing::IsSupersetOf(Said{
                            AllOf(HasSubstr("e.toml:10:"), HasSubstr("has no targets")),
                            AllOf(HasSubstr("e.toml:14:"), HasSubstr("did you mean 'FOLR1_mRNA'?")),
                            AllOf(HasSubstr("e.toml:15:"), HasSubstr("no arm 'DMEM'")),
                            AllOf(HasSubstr("e.toml:17:"), HasSubstr("targets")),
                            AllOf(HasSubstr("e.toml:17:"), HasSubstr("reference")),
                            AllOf(HasSubstr("e.toml:19:"), HasSubstr("above 0")),
                            AllOf(HasSubstr("e.toml:20:"), HasSubstr("at")),
                            AllOf(HasSubstr("e.toml:23:"), HasSubstr("dilution")),
                        }));
}

TEST(ExperimentFile, without_plate_culture_or_readout_says_what_is_missing) {
  EXPECT_THAT(read(head).problems,
              testing::IsSupersetOf(Said{HasSubstr("[[readout]]"), HasSubstr("[plate]")}));
  EXPECT_THAT(read(head + reading).problems, testing::Contains(HasSubstr("needs a [plate]")));
  EXPECT_THAT(read("schema = 2\ntitle = \"t\"\nmodel = \"hcc\"\n" + plate + reading).problems,
              testing::ElementsAre(AllOf(HasSubstr("e.toml:1:"), HasSubstr("schema"))));
}

}  // namespace study_schema_test
}  // namespace stroma::study

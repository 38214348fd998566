// Channels by the names that laboratories give their stains, and arms by the names of their files.
#include "assays/flow/flow_channels.hpp"

#include <gtest/gtest.h>

#include "assays/flow/flow_names.hpp"
#include "core/diagnostics.hpp"
#include "support/codes.hpp"

namespace stroma::assays {
namespace flow_channels_test {

using test::codes_of;

struct Named {
  std::string name;
  std::string stain = {};
};

FlowSample tube(const std::vector<Named>& channels) {
  FlowSample t;
  t.arm = "t";
  for (const Named& c : channels) t.channels.push_back({c.name, c.stain, 262144.0});
  return t;
}

std::string chosen(const std::vector<Named>& channels, const std::string& annexin = "",
                   const std::string& death = "") {
  const FlowSample t = tube(channels);
  const FlowChannels c = choose_channels(t, annexin, death, "stroma analyse flow x.fcs");
  return t.channels[c.annexin.channel].name + " " + t.channels[c.death.channel].name +
         (c.annexin.assumed || c.death.assumed ? " assumed" : "");
}

TEST(FlowRoles, are_known_by_the_names_that_people_write) {
  for (const char* name :
       {"Annexin V", "AnnexinV-FITC", "ANXA5", "Annexin V APC", "annexin-v PE", "AnnV", "Ann V FITC", "Anx V",
        "ANXV-BV421", "Annexin5", "AV-FITC", "Annexin V Alexa Fluor 647"})
    EXPECT_EQ(flow_role(name), FlowRole::annexin) << name;
  for (const char* name : {"PI",
                           "PI-A",
                           "Propidium Iodide",
                           "propidium iodide-PE",
                           "7-AAD",
                           "7AAD-A",
                           "7 AAD",
                           "DAPI-A",
                           "DAPI",
                           "SYTOX Blue",
                           "SytoxRed",
                           "Zombie Aqua",
                           "Zombie NIR-A",
                           "LIVE/DEAD Aqua",
                           "Live Dead",
                           "FVS780",
                           "FVS 510",
                           "Viability",
                           "Fixable Viability Dye eFluor 780",
                           "Ghost Dye Red 780",
                           "DRAQ7",
                           "TO-PRO-3",
                           "Dead cells",
                           "ViaDye Red"})
    EXPECT_EQ(flow_role(name), FlowRole::death) << name;
  for (const char* name : {"FITC-A", "PE-A", "API5", "PI3K-AF647", "Ki67", "CD8 PE", "pimonidazole", "APC",
                           "SPIN1", "", "cleaved caspase 3", "Alive", "EpCAM"})
    EXPECT_EQ(flow_role(name), FlowRole::other) << name;
  for (const char* name : {"FSC-A", "FSC LinH", "FS INT LIN", "FS", "Forward Scatter"})
    EXPECT_EQ(flow_role(name), FlowRole::forward_scatter) << name;
  for (const char* name : {"SSC-A", "SS-A", "SS INT LIN", "Side Scatter"})
    EXPECT_EQ(flow_role(name), FlowRole::side_scatter) << name;
  EXPECT_EQ(dye_of("7AAD-A"), "7-AAD");
  EXPECT_EQ(dye_of("PI (PE-Texas Red)"), "PI");
}

TEST(FlowChannels, a_stain_goes_before_a_detector) {
  EXPECT_EQ(chosen({{"FSC-H"}, {"SSC-H"}, {"FL1-H", "Annexin V-FITC"}, {"FL2-H"}, {"FL3-H", "PI"}}),
            "FL1-H FL3-H");
  // A detector that BD's program calls PI-A, used for another stain, is not the dye.
  EXPECT_EQ(chosen({{"FITC-A", "Annexin V"}, {"PI-A", "CD45 ECD"}, {"PerCP-A", "7-AAD"}}), "FITC-A PerCP-A");
  EXPECT_EQ(chosen({{"APC-A", "ANXA5"}, {"FITC-A", "CD3"}, {"Pacific Blue-A", "DAPI"}}),
            "APC-A Pacific Blue-A");
  EXPECT_EQ(chosen({{"FSC-A"}, {"Annexin V FITC-A"}, {"PI-A"}}), "Annexin V FITC-A PI-A");
}

TEST(FlowChannels, take_area_before_height_and_width_of_one_detector) {
  EXPECT_EQ(chosen({{"FL1-W", "Annexin V"},
                    {"FL1-H", "Annexin V"},
                    {"FL1-A", "Annexin V"},
                    {"FL3-H", "PI"},
                    {"FL3-A", "PI"}}),
            "FL1-A FL3-A");
  EXPECT_EQ(
      chosen({{"FITC-A", "AnnexinV"}, {"Comp-FITC-A", "AnnexinV"}, {"PI-A", "PI"}, {"Comp-PI-A", "PI"}}),
      "Comp-FITC-A Comp-PI-A");
}

TEST(FlowChannels, are_asked_for_where_they_are_unclear) {
  const std::vector<Named> calibur{{"FSC-H"}, {"SSC-H"}, {"FL1-H"}, {"FL2-H"}, {"FL3-H"}};
  EXPECT_EQ(codes_of([&] { chosen(calibur); }), "which-channel");  // PI is read in FL2 and in FL3
  EXPECT_EQ(chosen(calibur, "", "FL3-H"), "FL1-H FL3-H assumed");
  EXPECT_EQ(chosen(calibur, "FL1-H", "FL2-H"), "FL1-H FL2-H");
  EXPECT_EQ(codes_of([&] {
              chosen({{"FITC-A", "Annexin V"}, {"APC-A", "Annexin V"}, {"PI-A", "PI"}});
            }),
            "which-channel");
  EXPECT_EQ(codes_of([&] { chosen({{"FITC-A", "CD3"}, {"PI-A", "PI"}}); }), "which-channel");
  try {
    chosen(calibur);
    FAIL();
  } catch (const core::InputError& error) {
    const std::string hint = error.diagnostics()[0].hint;
    EXPECT_NE(hint.find("stroma analyse flow x.fcs --death 'FL3-H'"), std::string::npos) << hint;
    EXPECT_EQ(hint.find("FSC"), std::string::npos) << hint;
  }
}

TEST(FlowChannels, have_one_role_each_and_are_named_by_name_stain_or_number) {
  const std::vector<Named> two{{"FSC-A"}, {"FITC-A", "Annexin V"}, {"PE-A", "PI"}};
  EXPECT_EQ(chosen(two, "Annexin V", "3"), "FITC-A PE-A");
  EXPECT_EQ(codes_of([&] { chosen(two, "PE-A", "PE-A"); }), "same-channel");
  EXPECT_EQ(codes_of([&] { chosen(two, "PE-A"); }), "which-channel");  // what is left is no dye
  EXPECT_EQ(codes_of([&] { chosen(two, "FL9"); }), "unknown-channel");
  EXPECT_EQ(codes_of([&] { chosen(two, "9"); }), "unknown-channel");
  EXPECT_EQ(codes_of([&] { chosen({{"X"}, {"X"}, {"PI-A", "PI"}}, "X"); }), "unknown-channel");
}

TEST(FlowChannels, scatter_is_found_by_area) {
  const FlowSample t =
      tube({{"FSC-H"}, {"FSC-A"}, {"SSC-W"}, {"SSC-A"}, {"FITC-A", "Annexin V"}, {"PI-A", "PI"}});
  const FlowChannels c = choose_channels(t, "", "", "");
  EXPECT_EQ(c.forward, 1u);
  EXPECT_EQ(c.side, 3u);
  EXPECT_FALSE(choose_channels(tube({{"FITC-A", "Annexin V"}, {"PI-A", "PI"}}), "", "", "").forward);
}

TEST(TubeNames, are_an_arm_and_a_number) {
  EXPECT_EQ(tube_name("CAF-SN_2").arm, "CAF-SN");
  EXPECT_EQ(tube_name("CAF-SN_2").replicate, 2);
  for (const char* whole : {"vehicle", "_1", "drug_", "drug_0", "drug_12345", "drug_1.5"}) {
    EXPECT_EQ(tube_name(whole).arm, whole);
    EXPECT_EQ(tube_name(whole).replicate, 1);
  }
}

TEST(TubeNames, are_trusted_where_numbers_count_tubes) {
  EXPECT_FALSE(doubt_in_names({"vehicle_1", "vehicle_2", "drug_1", "drug_2", "drug_3"}));
  EXPECT_FALSE(doubt_in_names({"vehicle_2", "vehicle_3", "drug_1"}));  // one was the control
  EXPECT_FALSE(
      doubt_in_names({"Specimen_001_vehicle_001", "Specimen_001_drug_002", "Specimen_001_vehicle_003",
                      "Specimen_001_drug_004"}));  // one number for each tube of a session
  EXPECT_FALSE(doubt_in_names({"a", "b", "c"}));
  EXPECT_FALSE(doubt_in_names({"Specimen_001_Tube_001"}));  // one tube is pooled with nothing
}

TEST(TubeNames, that_an_acquisition_gives_or_that_may_be_doses_are_doubtful) {
  for (const std::vector<std::string>& names : std::vector<std::vector<std::string>>{
           {"Specimen_001_Tube_001", "Specimen_001_Tube_002", "Specimen_001_Tube_003"},
           {"tube_1", "tube_2"},
           {"Sample_1", "Sample_2"},
           {"Specimen_001_A1_001", "Specimen_001_A1_002"},
           {"01-Well-A1_1", "01-Well-A1_2"},
           {"sorafenib_1", "sorafenib_3", "sorafenib_10", "vehicle_1"},
           {"drug_1", "drug_1"}})
    EXPECT_TRUE(doubt_in_names(names)) << names[0];
}

}  // namespace flow_channels_test
}  // namespace stroma::assays

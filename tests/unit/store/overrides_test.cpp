// What `--set` says goes to the experiment or to the model, and is wrong where it was typed.
#include "store/overrides.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "store/study_folder.hpp"
#include "test_paths.hpp"

namespace stroma::store {
namespace overrides_test {

const std::filesystem::path hcc = std::filesystem::path(STROMA_SOURCE_DIR) / "models" / "hcc";

std::shared_ptr<const model::Model> with(const std::vector<std::string>& set,
                                         const std::vector<std::string>& without = {}) {
  core::Diagnostics problems;
  const Overrides overrides = read_overrides(set, problems);
  problems.throw_if_any();
  return load_model(hcc, without, {}, overrides);
}

TEST(Overrides, are_sorted_by_what_they_are_of) {
  core::Diagnostics problems;
  const std::vector<std::string> set = {"replicates=6", "experiment.plate.volume=\"50 uL\"",
                                        "mechanisms.CXCL12_CXCR4.weight=0.5", "model=other"};
  const Overrides o = read_overrides(set, problems);
  EXPECT_TRUE(problems.empty());
  ASSERT_EQ(o.experiment.size(), 3u);
  EXPECT_EQ(o.experiment[1].first, "plate.volume");
  EXPECT_EQ(o.experiment[2].first, "model") << "the key, not a file of the model";
  ASSERT_EQ(o.model.size(), 1u);
  EXPECT_EQ(o.model[0].text, "0.5");
}

TEST(Overrides, without_a_value_or_given_twice_are_problems) {
  core::Diagnostics problems;
  const std::vector<std::string> set = {"replicates",
                                        "=3",
                                        "replicates=3",
                                        "experiment.replicates=4",
                                        "drugs.sorafenib.influx=1 1/h",
                                        "drugs.sorafenib.influx=2 1/h"};
  read_overrides(set, problems);
  EXPECT_EQ(problems.size(), 4u);
}

TEST(Overrides, of_a_model_are_in_its_numbers_and_in_its_hash) {
  const auto plain = with({}), varied = with({"drugs.sorafenib.influx=\"0.1 1/min\""});
  const auto influx = [](const model::Model& m) {
    return m.drugs.at(static_cast<std::size_t>(m.drug("sorafenib"))).influx;
  };
  EXPECT_EQ(influx(*varied), 0.1);
  EXPECT_NE(influx(*plain), 0.1);
  EXPECT_NE(plain->content_hash, varied->content_hash);
  EXPECT_NE(plain->content_hash, with({}, {"CXCL12_CXCR4"})->content_hash);
}

TEST(Overrides, of_a_model_that_are_wrong_say_so_where_they_were_typed) {
  for (const char* text : {"mechanisms.CXCL12_CXCR4.weight=1.5", "mechanisms.CXCL12_CXCR4.weight=3 uM",
                           "drugs.sorafenib.influx=9 1/min", "nodes.CXCR4_protein.HCC.nothing=1"})
    try {
      with({text});
      ADD_FAILURE() << text << " was taken";
    } catch (const core::InputError& error) {
      EXPECT_TRUE(std::string(error.what()).starts_with("--set ")) << error.what();
    }
}

}  // namespace overrides_test
}  // namespace stroma::store

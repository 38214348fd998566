// The fitted constants of models/hcc are those of calibration/result.csv, which `stroma calibrate` wrote:
// whoever changes one side must run the fit again.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/units.hpp"
#include "io/csv.hpp"
#include "io/file.hpp"
#include "io/model_folder.hpp"
#include "model/addresses.hpp"
#include "test_paths.hpp"

namespace stroma {
namespace calibration_test {

TEST(Calibration, the_model_holds_what_the_fit_gave) {
  const std::string folder = std::string(STROMA_SOURCE_DIR) + "/models/hcc";
  const std::vector<model::Variable> all = model::variables(io::load_model(folder));
  core::Diagnostics problems;
  const core::Table result =
      io::read_csv(io::read_file(folder + "/calibration/result.csv"), "result.csv", {}, problems);
  ASSERT_TRUE(problems.empty());
  ASSERT_EQ(result.rows.size(), 3u);
  for (std::size_t i = 0; i < result.rows.size(); ++i) {
    const core::Row row(result, i, problems);
    const double fitted = row.quantity("estimate", core::dimension::none, core::Range::positive());
    const std::string address = row.text("address");
    const auto held =
        std::find_if(all.begin(), all.end(), [&](const auto& v) { return v.address == address; });
    ASSERT_NE(held, all.end()) << address;
    EXPECT_EQ(held->unit, row.text("unit"));
    EXPECT_NEAR(held->value / fitted, 1.0, 0.005) << address;  // three digits are written in the tables
  }
}

}  // namespace calibration_test
}  // namespace stroma

// Cell tables in the program that they are for: anndata, in the distribution's Python, must read back every
// value, every type and every name, and not call the file an old one.
#include "io/h5ad.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"
#include "crosscheck/python.hpp"
#include "io/file.hpp"
#include "unit/io/temporary_folder.hpp"

namespace stroma {
namespace h5ad_test {

struct Table {
  std::vector<float> x, marker;
  std::vector<double> volume, spatial;
  std::vector<std::int64_t> lineage;
  std::vector<std::int32_t> fate;
  io::H5adTable table;

  explicit Table(int cells) {
    for (int i = 0; i < cells; ++i) {
      table.cells.push_back("HepG2-" + std::to_string(i));
      for (int node = 0; node < 3; ++node)
        x.push_back(static_cast<float>(i) / 8.0f + static_cast<float>(node));
      volume.push_back(0.1 * i);
      marker.push_back(0.5f * static_cast<float>(i));
      lineage.push_back(-i);
      fate.push_back(i % 4 - 1);
      for (int d = 1; d <= 3; ++d) spatial.push_back(d * i);
    }
    table.variables = {"ERK", "AKT", "caspase 3 \xCE\xB1"};
    table.x = x;
    table.obs = {{"volume", std::span<const double>(volume)},
                 {"marker", std::span<const float>(marker)},
                 {"lineage", std::span<const std::int64_t>(lineage)},
                 {"fate", io::H5adCategories{fate, {"live", "apoptotic", "necrotic"}}}};
    table.spatial = spatial;
    table.uns = {{"title", "a made-up table \xC2\xB5m"}};
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
};

TEST(H5ad, anndata_reads_every_value_back) {
  ASSERT_TRUE(test::python_has("anndata")) << test::how_to_get_them;
  const test::TemporaryFolder folder;
  for (const int cells : {1, 1000}) {
    io::write_file_atomically(folder / "cells.h5ad", io::h5ad_bytes(Table(cells).table));
    EXPECT_EQ(test::run_script("/usr/bin/python3", "h5ad.py",
                               "'" + (folder / "cells.h5ad").string() + "' " + std::to_string(cells)),
              0);
  }
}

TEST(H5ad, is_the_same_bytes_for_the_same_table) {
  EXPECT_EQ(io::h5ad_bytes(Table(50).table), io::h5ad_bytes(Table(50).table));
}

TEST(H5ad, lengths_and_names_that_do_not_agree_are_bugs_of_ours) {
  Table made(10);
  io::H5adTable bad = made.table;
  bad.x = bad.x.first(29);
  EXPECT_THROW(io::h5ad_bytes(bad), core::InternalError);
  bad = made.table;
  bad.cells[3] = bad.cells[4];
  EXPECT_THROW(io::h5ad_bytes(bad), core::InternalError);
  bad = made.table;
  bad.obs.push_back({"a/b", std::span<const double>(made.volume)});
  EXPECT_THROW(io::h5ad_bytes(bad), core::InternalError);
  bad = made.table;
  made.fate[0] = 3;
  EXPECT_THROW(io::h5ad_bytes(bad), core::InternalError);
  made.fate[0] = 0;
  bad.dimensions = 2;
  EXPECT_THROW(io::h5ad_bytes(bad), core::InternalError);
}

}  // namespace h5ad_test
}  // namespace stroma

// results.h5 and results.xdmf in the programs that they are for: h5py and ParaView (without a screen), which
// must see every value at its place.
#include "support/results.hpp"

#include <gtest/gtest.h>

#include "crosscheck/python.hpp"
#include "store/output_folder.hpp"
#include "unit/io/temporary_folder.hpp"

namespace stroma {
namespace results_test {

void write_small_run(const std::filesystem::path& folder, int deflate) {
  store::OutputFolder run(folder);
  store::ResultsSetup setup = test::small_results();
  setup.deflate = deflate;
  store::ResultsH5 results(run, setup);
  for (int k = 0; k < 3; ++k) test::add_small_frame(results, k);
  results.commit();
}

bool paraview_is_here() {
  return std::system("pvbatch --version > /dev/null") == 0;
}

TEST(Results, h5py_sees_every_value) {
  ASSERT_TRUE(test::python_has("h5py")) << test::how_to_get_them;
  for (const int deflate : {0, 1}) {
    const test::TemporaryFolder folder;
    write_small_run(folder / "run", deflate);
    EXPECT_EQ(test::run_script("/usr/bin/python3", "results.py", "'" + (folder / "run").string() + "' 3"), 0);
  }
}

TEST(Results, paraview_opens_them_and_sees_every_value_at_its_place) {
  ASSERT_TRUE(paraview_is_here()) << test::how_to_get_them;
  for (const int deflate : {0, 1}) {
    const test::TemporaryFolder folder;
    write_small_run(folder / "a run", deflate);
    EXPECT_EQ(test::run_script("pvbatch --force-offscreen-rendering", "paraview_opens.py",
                               "'" + (folder / "a run").string() + "' 3 > /dev/null"),
              0);
  }
}

TEST(Results, paraview_opens_runs_without_cells_without_fields_and_with_cells_that_die_out) {
  ASSERT_TRUE(paraview_is_here()) << test::how_to_get_them;
  const test::TemporaryFolder folder;
  for (const char* kind : {"no-cells", "no-fields", "die-out"}) {
    store::OutputFolder run(folder / kind);
    store::ResultsSetup setup = test::small_results();
    setup.grid.voxels[2] = 1;  // a monolayer
    store::ResultsH5 results(run, setup);
    for (int k = 0; k < 3; ++k) {
      const test::SmallFrame small(k, setup.grid);
      store::Frame frame = small.frame;
      if (kind == std::string("no-cells")) frame.cells = {};
      if (kind == std::string("no-fields")) frame.fields.clear();
      const test::SmallFrame none(-2, setup.grid);
      if (kind == std::string("die-out") && k == 2) frame.cells = none.frame.cells;
      results.add(frame);
    }
    results.commit();
    EXPECT_EQ(test::run_script("pvbatch --force-offscreen-rendering", "paraview_counts.py",
                               "'" + (folder / kind).string() + "' " + kind + " > /dev/null"),
              0)
        << kind;
  }
}

}  // namespace results_test
}  // namespace stroma

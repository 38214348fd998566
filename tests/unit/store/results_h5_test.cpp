// Results in frames: what is listed is whole, a resumed run goes on as if it had never stopped, and frames of
// a future that did not happen are gone.
#include "store/results_h5.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.hpp"
#include "io/file.hpp"
#include "io/hdf5_archive.hpp"
#include "store/output_folder.hpp"
#include "store/results_schema.hpp"
#include "support/results.hpp"
#include "unit/io/refused.hpp"
#include "unit/io/temporary_folder.hpp"

namespace stroma::store {
namespace results_h5_test {

using namespace io;

using test::add_small_frame;
using test::names_in;
using test::small_results;
using testing::ElementsAre;
using testing::HasSubstr;

void write_run(const std::filesystem::path& folder, int frames) {
  OutputFolder run(folder, Existing::replace);
  ResultsH5 results(run, small_results());
  for (int k = 0; k < frames; ++k) add_small_frame(results, k);
  results.commit();
}

std::string straight_run(const test::TemporaryFolder& folder, int frames) {
  write_run(folder / "straight", frames);
  return read_file(folder / "straight" / "results.h5") + read_file(folder / "straight" / "results.xdmf");
}

TEST(Results, a_resumed_run_leaves_the_same_bytes_as_a_straight_one) {
  const test::TemporaryFolder folder;
  {
    OutputFolder run(folder / "run");
    ResultsH5 results(run, small_results());
    for (int k = 0; k < 3; ++k) add_small_frame(results, k);
    results.commit();
    add_small_frame(results, 3);  // not committed: the process dies
    add_small_frame(results, 4);
  }
  OutputFolder run(folder / "run", Existing::keep);
  ResultsH5 results(run, small_results());
  EXPECT_TRUE(results.resume_at({6000}).empty());  // the checkpoint is that of frame 1
  EXPECT_EQ(results.frames(), 2u);
  EXPECT_THAT(names_in(folder / "run" / "frames"), ElementsAre("000000000000000.h5", "000000000006000.h5"));
  for (int k = 2; k < 5; ++k) add_small_frame(results, k);
  results.commit();
  const std::string straight = straight_run(folder, 5);
  EXPECT_EQ(read_file(folder / "run" / "results.h5") + read_file(folder / "run" / "results.xdmf"), straight);
  for (const std::string& name : names_in(folder / "straight" / "frames"))
    EXPECT_EQ(read_file(folder / "run" / "frames" / name), read_file(folder / "straight" / "frames" / name));
}

TEST(Results, a_frame_is_listed_only_when_it_is_whole) {
  const test::TemporaryFolder folder;
  OutputFolder run(folder / "run");
  ResultsH5 results(run, small_results());
  add_small_frame(results, 0);
  results.commit();
  const std::string before = read_file(folder / "run" / "results.xdmf");
  add_small_frame(results, 1);
  EXPECT_EQ(read_file(folder / "run" / "results.xdmf"), before);
  results.commit();
  EXPECT_THAT(read_file(folder / "run" / "results.xdmf"), HasSubstr("frames/000000000006000.h5"));
}

TEST(Results, truncation_forgets_frames_and_rows) {
  const test::TemporaryFolder folder;
  OutputFolder run(folder / "run");
  ResultsH5 results(run, small_results());
  for (int k = 0; k < 4; ++k) add_small_frame(results, k);
  results.commit();
  results.truncate_after({12'345});
  EXPECT_EQ(results.frames(), 3u);
  EXPECT_EQ(read_file(folder / "run" / "results.h5") + read_file(folder / "run" / "results.xdmf"),
            straight_run(folder, 3));
  results.truncate_after({-1});
  EXPECT_EQ(results.frames(), 0u);
  EXPECT_TRUE(names_in(folder / "run" / "frames").empty());
  add_small_frame(results, 0);
  results.commit();
}

TEST(Results, a_frame_whose_file_is_gone_is_reported_and_forgotten) {
  const test::TemporaryFolder folder;
  write_run(folder / "run", 3);
  std::filesystem::remove(folder / "run" / "frames" / "000000000006000.h5");
  OutputFolder run(folder / "run", Existing::keep);
  ResultsH5 results(run, small_results());
  const auto missing = results.resume_at({12'000});
  ASSERT_EQ(missing.size(), 1u);
  EXPECT_EQ(missing[0].code, "results-missing-frame");
  EXPECT_EQ(missing[0].key, "frames/000000000006000.h5");
  EXPECT_EQ(results.frames(), 2u);
}

TEST(Results, another_grid_is_refused_and_a_damaged_list_set_aside) {
  const test::TemporaryFolder folder;
  write_run(folder / "run", 1);
  OutputFolder run(folder / "run", Existing::keep);
  ResultsSetup other = small_results();
  other.grid.voxels[0] = 5;
  EXPECT_EQ(test::refused([&] { ResultsH5(run, other).resume_at({0}); }).code, "results-differ");
  std::string bytes = read_file(folder / "run" / "results.h5");
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
  test::put(folder / "run" / "results.h5", bytes);
  const auto said = ResultsH5(run, small_results()).resume_at({0});
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].code, "results-damaged");
  EXPECT_EQ(read_file(folder / "run" / "results-damaged.h5"), bytes);
}

TEST(Results, nothing_to_take_up_is_no_problem) {
  const test::TemporaryFolder folder;
  OutputFolder run(folder / "run");
  ResultsH5 results(run, small_results());
  EXPECT_TRUE(results.resume_at({6000}).empty());
  EXPECT_EQ(results.frames(), 0u);
}

TEST(Results, frames_that_contradict_each_other_are_bugs_of_ours) {
  const test::TemporaryFolder folder;
  OutputFolder run(folder / "run");
  ResultsH5 results(run, small_results());
  add_small_frame(results, 1);
  const test::SmallFrame good(2);
  Frame frame = good.frame;
  EXPECT_THROW(add_small_frame(results, 1), core::InternalError);  // the same tick
  frame.fields[0].unit = "uM";
  EXPECT_THROW(results.add(frame), core::InternalError);
  frame = good.frame;
  frame.fields.pop_back();
  EXPECT_THROW(results.add(frame), core::InternalError);
  frame = good.frame;
  frame.cells.z = frame.cells.z.first(1);
  EXPECT_THROW(results.add(frame), core::InternalError);
  results.add(good.frame);
}

TEST(ResultsSchema, comes_back_and_refuses_nonsense) {
  ResultsSchema schema;
  schema.grid = {{4, 3, 1}, {-0.1, 1e-300, 3.0}, {20.0, 1.0 / 3.0, 5.0}};
  schema.fields = {{"oxygen", "nM"}, {"x y", ""}};
  schema.columns = {{"type", "", core::Scalar::u8, {"HepG2", ""}}, {"radius", "um", core::Scalar::f32, {}}};
  schema.series = {{"count/HepG2/live", ""}};
  ResultsSchema back;
  ASSERT_TRUE(parse_schema(schema_text(schema), back));
  EXPECT_EQ(back.grid.voxels, schema.grid.voxels);
  EXPECT_EQ(back.grid.origin, schema.grid.origin);
  EXPECT_EQ(back.grid.spacing, schema.grid.spacing);
  EXPECT_EQ(back.fields, schema.fields);
  EXPECT_EQ(back.columns, schema.columns);
  EXPECT_EQ(back.series, schema.series);
  for (const char* bad : {"", "grid", "grid\t1\t1\t1\t0\t0\t0\t1\t1\tx", "field\ta\tb", "nonsense\tx"}) {
    ResultsSchema nothing;
    EXPECT_FALSE(parse_schema(bad, nothing)) << bad;
  }
  ResultsSchema nothing;
  EXPECT_FALSE(parse_schema(schema_text(schema) + "\ncolumn\ta\tb\tf16", nothing));
}

}  // namespace results_h5_test
}  // namespace stroma::store

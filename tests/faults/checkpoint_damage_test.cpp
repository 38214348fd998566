// Faults 12 and 24: a checkpoint with one bit flipped or cut off anywhere, of another version, model or
// experiment, or no HDF5 at all, is refused in words and the one before it stands in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <random>

#include "faults/io_children.hpp"
#include "io/file.hpp"
#include "io/hdf5_file.hpp"
#include "store/checkpoints.hpp"
#include "support/archives.hpp"
#include "unit/io/temporary_folder.hpp"

namespace stroma::store {
namespace checkpoint_damage_test {

using namespace io;

using test::ArchivedState;
using test::header_at;
using test::TemporaryFolder;
using testing::HasSubstr;

constexpr std::size_t cells = 400;

ArchivedState state_at(std::int64_t tick) {
  ArchivedState state = test::archived_state(cells);
  state.next_id = static_cast<std::uint64_t>(tick);
  return state;
}

void write_at(Checkpoints& checkpoints, std::int64_t tick) {
  checkpoints.write(header_at(tick),
                    [&](core::ArchiveWriter& writer) { test::save(writer, state_at(tick)); });
}

/// Checkpoints at ticks 100 and 200; `good` are the bytes of the second.
class DamagedCheckpoint : public testing::Test {
 protected:
  DamagedCheckpoint() {
    write_at(checkpoints, 100);
    write_at(checkpoints, 200);
    good = read_file(checkpoints.file_of({200}));
  }
  const TemporaryFolder folder;
  Checkpoints checkpoints{folder / "checkpoints"};
  std::string good;
};

/// The one diagnostic with which the file of tick 200 is refused, while that of tick 100 is opened and whole.
core::Diagnostic refused_for_the_one_before(const Checkpoints& checkpoints,
                                            const CheckpointWanted& wanted = {}) {
  try {
    OpenedCheckpoint opened = checkpoints.newest(wanted);
    EXPECT_EQ(opened.archive->header().tick.count, 100);
    EXPECT_EQ(test::restored(*opened.archive), state_at(100));
    EXPECT_EQ(opened.refused.size(), 1u);
    if (opened.refused.size() == 1) return opened.refused[0];
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
  return {};
}

TEST_F(DamagedCheckpoint, one_flipped_bit_anywhere_is_found_and_the_one_before_stands_in) {
  // Spread evenly over the file, every bit of a byte in turn, and every bit of what decides how the rest is
  // read.
  std::vector<std::size_t> bits;
  for (std::size_t i = 0; i < 1000; ++i) bits.push_back(i * (good.size() * 8 - 1) / 999);
  for (std::size_t bit = 0; bit < (hdf5_user_block + 96) * 8; bit += 7) bits.push_back(bit);
  std::size_t named = 0;
  for (const std::size_t bit : bits) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    test::put(checkpoints.file_of({200}), bad);
    const core::Diagnostic said = refused_for_the_one_before(checkpoints);
    EXPECT_TRUE(said.code.starts_with("archive-")) << "bit " << bit << ": " << said.code;
    EXPECT_THAT(said.hint, HasSubstr("at tick 100")) << "bit " << bit;
    EXPECT_THAT(said.place.file, HasSubstr("checkpoint-000000000000200.h5"));
    named += said.key.starts_with("cells/") ? 1 : 0;
    if (HasFailure()) break;
  }
  EXPECT_GT(named, 300u);  // most of the file are arrays
}

TEST_F(DamagedCheckpoint, cut_off_anywhere_is_found_and_the_one_before_stands_in) {
  std::vector<std::size_t> lengths;
  for (std::size_t i = 0; i < 300; ++i) lengths.push_back(i * (good.size() - 1) / 299);
  for (std::size_t length = 0; length < 600; length += 5) lengths.push_back(length);
  for (const std::size_t length : lengths) {
    test::put(checkpoints.file_of({200}), good.substr(0, length));
    const core::Diagnostic said = refused_for_the_one_before(checkpoints);
    EXPECT_EQ(said.code, "archive-truncated") << length;
    if (HasFailure()) break;
  }
}

TEST_F(DamagedCheckpoint, bytes_exchanged_between_whole_checkpoints_are_found) {
  // Each piece is right, but not here: a page of an older file after a power failure.
  const std::string other = test::archive_bytes(test::archived_state(cells + 7), 200);
  for (std::size_t page = 0; page + 4096 < good.size(); page += 4096) {
    std::string bad = good;
    bad.replace(page, 4096, other, page, 4096);
    if (bad == good) continue;
    test::put(checkpoints.file_of({200}), bad);
    EXPECT_TRUE(refused_for_the_one_before(checkpoints).code.starts_with("archive-")) << page;
    std::fill_n(bad.begin() + static_cast<std::ptrdiff_t>(page), 4096, '\0');
    test::put(checkpoints.file_of({200}), bad);
    EXPECT_TRUE(refused_for_the_one_before(checkpoints).code.starts_with("archive-")) << page;
  }
}

TEST(ForeignCheckpoint, of_another_version_model_or_experiment_is_refused_by_name) {
  const TemporaryFolder folder;
  Checkpoints checkpoints(folder / "checkpoints");
  write_at(checkpoints, 100);
  struct Case {
    CheckpointWanted wanted;
    std::string code;
  };
  const ArchiveHeader header = header_at(100);
  for (const Case& one : {Case{{"9.9", {}, {}, {}}, "checkpoint-version"},
                          Case{{{}, std::string(32, 'c'), {}, {}}, "checkpoint-model"},
                          Case{{{}, {}, std::string(32, 'd'), {}}, "checkpoint-configuration"}}) {
    try {
      checkpoints.newest(one.wanted);
      FAIL() << one.code;
    } catch (const core::InputError& error) {
      ASSERT_EQ(error.diagnostics().size(), 1u);
      EXPECT_EQ(error.diagnostics()[0].code, one.code);
      EXPECT_FALSE(error.diagnostics()[0].hint.empty());
    }
  }
  EXPECT_NO_THROW(checkpoints.newest(
      {header.engine_version, header.model_hash, header.configuration_hash, core::Tick{100}}));
}

TEST(ForeignCheckpoint, under_another_name_is_refused) {
  const TemporaryFolder folder;
  Checkpoints checkpoints(folder / "checkpoints");
  write_at(checkpoints, 100);
  std::filesystem::copy(checkpoints.file_of({100}), checkpoints.file_of({200}));
  EXPECT_EQ(refused_for_the_one_before(checkpoints).code, "checkpoint-wrong-tick");
}

TEST(NoCheckpoint, says_so_and_reports_all_that_were_refused) {
  const TemporaryFolder folder;
  Checkpoints checkpoints(folder / "checkpoints");
  const auto refusals = [&] {
    try {
      checkpoints.newest();
    } catch (const core::InputError& error) {
      return std::vector<core::Diagnostic>(error.diagnostics().begin(), error.diagnostics().end());
    }
    return std::vector<core::Diagnostic>();
  };
  ASSERT_EQ(refusals().size(), 1u);
  EXPECT_EQ(refusals()[0].code, "no-checkpoint");
  write_at(checkpoints, 100);
  write_at(checkpoints, 200);
  test::put(checkpoints.file_of({100}), "");
  test::put(checkpoints.file_of({200}), std::string(100'000, 'x'));
  ASSERT_EQ(refusals().size(), 2u);
  EXPECT_EQ(refusals()[0].code, "archive-not-hdf5");
  EXPECT_EQ(refusals()[1].code, "archive-truncated");
}

/// Reads the file in a child with 512 MB of address space beyond what it has; returns seconds, or -1 where it
/// did not end with an InputError.
double seconds_to_refuse(const std::filesystem::path& file) {
  const auto start = std::chrono::steady_clock::now();
  const int code = test::in_child([&] {
#ifndef __SANITIZE_ADDRESS__  // its shadow alone is larger
    const rlimit limit{std::uint64_t{512} << 20, std::uint64_t{512} << 20};
    ::setrlimit(RLIMIT_DATA, &limit);
#endif
    return test::exit_code_of([&] { Hdf5ArchiveReader reader(file); });
  });
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  EXPECT_EQ(code, 3) << file;
  return code == 3 ? seconds : -1.0;
}

TEST(MalformedHdf5, ends_with_exit_3_soon_and_in_little_memory) {
  const TemporaryFolder folder;
  Hdf5File hdf5;
  const std::vector<double> values(20'000, 1.5);
  hdf5.dataset("a/b", std::span<const double>(values));
  hdf5.dataset("a/c", std::span<const double>(values), 1);
  hdf5.string("s", "text");
  const std::span<char> made = hdf5.bytes();
  const std::string good(made.data(), made.size());
  std::mt19937_64 random(24);
  for (int i = 0; i < 60; ++i) {
    std::string bad = i % 2 == 0 ? good : test::archive_bytes(test::archived_state(cells));
    for (int flips = 0; flips <= i; ++flips) bad[random() % bad.size()] = static_cast<char>(random());
    if (i % 5 == 0) bad.resize(random() % bad.size());
    test::put(folder / "bad.h5", bad);
    const double seconds = seconds_to_refuse(folder / "bad.h5");
    EXPECT_GE(seconds, 0.0) << i;
    EXPECT_LT(seconds, 5.0) << i;
  }
  // A sparse file of 2 GB that holds nothing.
  test::put(folder / "sparse.h5", good);
  std::filesystem::resize_file(folder / "sparse.h5", std::uint64_t{2} << 30);
  EXPECT_LT(seconds_to_refuse(folder / "sparse.h5"), 5.0);
}

}  // namespace checkpoint_damage_test
}  // namespace stroma::store

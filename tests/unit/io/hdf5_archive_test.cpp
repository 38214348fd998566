// Archives: what was saved comes back to the bit; every disagreement between the file and what is asked is
// said with the dataset's name; h5py sees the same values.
#include "io/hdf5_archive.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <limits>
#include <vector>

#include "core/errors.hpp"
#include "io/file.hpp"
#include "io/hdf5_archive_seal.hpp"
#include "io/hdf5_file.hpp"
#include "support/archives.hpp"
#include "unit/io/refused.hpp"
#include "unit/io/temporary_folder.hpp"

namespace stroma::io {
namespace hdf5_archive_test {

using test::archive_bytes;
using test::archived_state;
using test::refused;
using testing::HasSubstr;

TEST(Archive, gives_every_array_back_to_the_bit) {
  for (const std::size_t cells : {0u, 1u, 1000u}) {
    const test::ArchivedState state = archived_state(cells);
    const std::string bytes = archive_bytes(state);
    Hdf5ArchiveReader reader(bytes, "a.h5");
    EXPECT_EQ(test::restored(reader), state);
    EXPECT_EQ(reader.header().tick.count, 360);
    EXPECT_EQ(reader.header().engine_version, "0.2.0");
    EXPECT_EQ(reader.names().size(), 9u);
    EXPECT_EQ(reader.names()[0], "cells/HepG2/fate");
  }
}

TEST(Archive, keeps_the_bits_of_numbers_that_are_no_numbers) {
  const std::vector<double> odd{std::numeric_limits<double>::quiet_NaN(), -0.0,
                                std::numeric_limits<double>::denorm_min(),
                                -std::numeric_limits<double>::infinity()};
  Hdf5ArchiveWriter writer(test::header_at(0));
  core::Saving saving(writer);
  saving("odd", odd);
  Hdf5ArchiveReader reader(writer.finish(), "a");
  std::vector<double> back;
  core::Restoring restoring(reader);
  restoring("odd", back);
  EXPECT_EQ(std::memcmp(odd.data(), back.data(), sizeof(double) * odd.size()), 0);
}

TEST(Archive, is_the_same_bytes_for_the_same_state) {
  EXPECT_EQ(archive_bytes(archived_state(500)), archive_bytes(archived_state(500)));
}

TEST(Archive, texts_come_back) {
  Hdf5ArchiveWriter writer(test::header_at(0));
  writer.text("setup/title", "HepG2 + CAF, 3 \xC2\xB5M\nsorafenib");
  writer.text("setup/empty", "");
  Hdf5ArchiveReader reader(writer.finish(), "a");
  EXPECT_EQ(reader.text("setup/title"), "HepG2 + CAF, 3 \xC2\xB5M\nsorafenib");
  EXPECT_EQ(reader.text("setup/empty"), "");
}

TEST(Archive, names_what_is_missing_too_much_or_of_another_kind) {
  const std::string bytes = archive_bytes(archived_state(10));
  Hdf5ArchiveReader reader(bytes, "run/a.h5");
  std::vector<float> values(9);
  core::Diagnostic said = refused([&] { reader.count("cells/HepG2/nodes/ERK", core::Scalar::f32); });
  EXPECT_EQ(said.code, "archive-missing-dataset");
  EXPECT_EQ(said.place.file, "run/a.h5");
  EXPECT_THAT(said.hint, HasSubstr("cells/HepG2/node/ERK"));
  said = refused([&] { reader.count("cells/HepG2/x", core::Scalar::f32); });
  EXPECT_EQ(said.code, "archive-wrong-type");
  EXPECT_THAT(said.message, HasSubstr("'cells/HepG2/x' has type f64; expected f32"));
  said = refused([&] { reader.read("cells/HepG2/node/ERK", core::Scalar::f32, values.data(), 9); });
  EXPECT_EQ(said.code, "archive-wrong-length");
  EXPECT_THAT(said.message, HasSubstr("10 values; expected 9"));
  said = refused([&] { reader.require_all_read(); });
  EXPECT_EQ(said.code, "archive-extra-dataset");
  EXPECT_EQ(said.key, "cells/HepG2/fate");
}

TEST(Archive, a_damaged_array_is_named) {
  const std::string good = archive_bytes(archived_state(1000));
  const std::string value(reinterpret_cast<const char*>(archived_state(1000).x.data() + 500), sizeof(double));
  std::string bytes = good;
  const std::size_t at = bytes.find(value);
  ASSERT_NE(at, std::string::npos);
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  const core::Diagnostic said = refused([&] { Hdf5ArchiveReader(bytes, "a.h5"); });
  EXPECT_EQ(said.code, "archive-damaged");
  EXPECT_EQ(said.key, "cells/HepG2/x");
  EXPECT_THAT(said.message, HasSubstr("dataset 'cells/HepG2/x' is damaged"));
}

TEST(Archive, other_files_are_told_apart) {
  const auto code = [](const std::string& bytes) {
    return refused([&] { Hdf5ArchiveReader(bytes, "a.h5"); }).code;
  };
  EXPECT_EQ(code(""), "archive-truncated");
  EXPECT_EQ(code(std::string(5000, 'x')), "archive-not-hdf5");
  Hdf5File foreign;
  foreign.string("hello", "world");
  const std::span<char> bytes = foreign.bytes();
  EXPECT_EQ(code({bytes.data(), bytes.size()}), "archive-foreign");

  std::string later = archive_bytes(archived_state(10));
  later.replace(0, seal_magic.size() + 1, std::string(seal_magic) + "7");
  EXPECT_EQ(code(later), "archive-version");
  const std::string good = archive_bytes(archived_state(10));
  EXPECT_EQ(code(good + "x"), "archive-damaged");
  EXPECT_EQ(code(good.substr(0, good.size() - 1)), "archive-truncated");
}

TEST(Archive, lengths_that_are_declared_are_never_believed) {
  // A seal and a manifest that are whole in themselves and declare what the file cannot hold.
  const auto code = [](const std::string& manifest, std::uint64_t offset, std::uint64_t length) {
    const auto hash = [](std::string_view text) {
      core::Hasher hasher;
      hasher.bytes(text.data(), text.size());
      return hasher.digest();
    };
    const std::uint64_t size = hdf5_user_block + manifest.size();
    const std::string file = seal_text({size, offset, length, hash(manifest), hash(manifest)}) + manifest;
    return refused([&] { Hdf5ArchiveReader(file, "a.h5"); });
  };
  const std::string head = "engine 1\nmodel m\nconfiguration c\ntick 0\n";
  const std::string nothing(32, '0');
  for (const std::string& array : std::vector<std::string>{
           "array f64 18446744073709551615 512 " + nothing + " x\n",
           "array f64 2305843009213693952 512 " + nothing + " x\n",  // 2^61: times 8 is 0 in 64 bits
           "array f64 99999999999 512 " + nothing + " x\n",
           "array u8 4 18446744073709551615 " + nothing + " x\n",
           "array u8 4 0 " + nothing + " x\n",
           "array u8 4 512 " + nothing + " x\narray u8 4 514 " + nothing + " y\n",
           "array u8 0 0 " + nothing + " x\narray u8 0 0 " + nothing + " x\n",
           "array f16 4 512 " + nothing + " x\n",
           "array u8 4 512 " + nothing + "\n",
           "array u8 4 512 abc x\n",
           "nonsense",
       }) {
    const std::string manifest = head + array;
    EXPECT_EQ(code(manifest, hdf5_user_block, manifest.size()).code, "archive-bad-manifest") << array;
  }
  EXPECT_EQ(code(head, 0, ~std::uint64_t{0}).code, "archive-bad-manifest");
  EXPECT_EQ(code(head, ~std::uint64_t{0}, head.size()).code, "archive-bad-manifest");
  EXPECT_EQ(code("", hdf5_user_block, 0).code, "archive-bad-manifest");
}

TEST(Archive, names_that_cannot_be_are_bugs_of_ours) {
  Hdf5ArchiveWriter writer(test::header_at(0));
  const double one = 1.0;
  for (const char* name : {"", "/x", "x/", "a//b", "a/../b", ".", "manifest", "a\nb"})
    EXPECT_THROW(writer.write(name, core::Scalar::f64, &one, 1), core::InternalError) << name;
  writer.write("a/b", core::Scalar::f64, &one, 1);
  EXPECT_THROW(writer.write("a/b", core::Scalar::f64, &one, 1), core::InternalError);
  EXPECT_THROW(writer.write("a/b/c", core::Scalar::f64, &one, 1), core::InternalError);
  EXPECT_THROW(writer.write("a", core::Scalar::f64, &one, 1), core::InternalError);
}

TEST(Archive, files_that_cannot_be_opened_are_named) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(refused([&] { Hdf5ArchiveReader(folder / "none.h5"); }).code, "no-such-file");
  EXPECT_EQ(refused([&] { Hdf5ArchiveReader(folder.path()); }).code, "is-a-folder");
  const std::string bytes = archive_bytes(archived_state(100));
  write_file_atomically(folder / "a.h5", bytes);
  Hdf5ArchiveReader reader(folder / "a.h5");
  EXPECT_EQ(test::restored(reader), archived_state(100));
}

TEST(Archive, is_an_hdf5_file_for_everyone_else) {
  ASSERT_EQ(std::system("/usr/bin/python3 -c 'import h5py'"), 0)
      << "python3-h5py is missing: run tools/setup, which installs what tools/packages.txt lists under "
         "[test]";
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "a.h5", archive_bytes(archived_state(100)));
  test::put(folder / "look.py", R"(
import h5py, math, sys
f = h5py.File(sys.argv[1], "r")
assert f.attrs["tick"] == 360 and f.attrs["minutes"] == 3.6 and f.attrs["engine_version"] == "0.2.0"
cells = f["cells/HepG2"]
assert sorted(cells) == sorted(["fate", "type", "lineage", "due", "id", "node", "x"]), list(cells)
assert cells["fate"].dtype == "u1" and cells["due"].dtype == "<i8" and cells["id"].dtype == "<u8"
assert cells["due"][5] == -5 << 33 and cells["lineage"][7] == 0xFFFFFFFF - 7 and cells["id"][1] == 2**64 - 2
assert all(abs(cells["x"][i] - 100 * math.sin(0.7 * i)) < 1e-12 for i in range(100))
assert f["fields/empty"].shape == (0,) and f["next_id"][0] == 100
assert b"cells/HepG2/x" in bytes(f["manifest"][:]) and len(cells["x"].attrs["xxh3_128"]) == 32
)");
  EXPECT_EQ(std::system(("/usr/bin/python3 '" + (folder / "look.py").string() + "' '" +
                         (folder / "a.h5").string() + "'")
                            .c_str()),
            0);
}

}  // namespace hdf5_archive_test
}  // namespace stroma::io

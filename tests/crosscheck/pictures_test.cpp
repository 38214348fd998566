// Pictures between this program and Pillow, both ways.
#include "support/pictures.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "io/file.hpp"
#include "io/picture.hpp"
#include "python.hpp"

namespace stroma::io {
namespace pictures_test {

namespace fs = std::filesystem;

class Pictures : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(test::python_has("PIL")) << "install python3-pil (tools/setup)";
    folder_ = fs::temp_directory_path() / fmt::format("stroma-pictures-{}", ::getpid());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  int python(const std::string& what) const {
    return test::run_script("/usr/bin/python3", "pictures.py", what + " '" + folder_.string() + "'");
  }
  fs::path folder_;
};

TEST_F(Pictures, what_pillow_writes_is_read_value_by_value) {
  ASSERT_EQ(python("write"), 0);
  std::size_t seen = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
    if (entry.path().extension() == ".txt") continue;
    const imaging::Image image = read_picture(read_file(entry.path()), entry.path().filename().string());
    std::istringstream lines(read_file(entry.path().string() + ".txt"));
    std::string line;
    std::size_t channel = 0;
    for (; std::getline(lines, line); ++channel) {
      ASSERT_LT(channel, image.channels.size()) << entry.path();
      std::istringstream numbers(line);
      std::vector<float> meant;
      for (float v = 0.0F; numbers >> v;) meant.push_back(v);
      EXPECT_EQ(image.channels[channel].plane.values, meant) << entry.path() << ", channel " << channel;
    }
    EXPECT_EQ(channel, image.channels.size()) << entry.path();
    ++seen;
  }
  EXPECT_EQ(seen, 22U);
}

TEST_F(Pictures, what_is_written_here_pillow_reads_value_by_value) {
  for (const int bits : {8, 16, 32})
    for (const bool colour : {false, true})
      for (const bool compress : {false, true})
        for (const std::uint32_t tile : {0U, 16U}) {
          if (colour && bits != 8) continue;  // Pillow has no deep colour
          imaging::Image image = test::blank(
              37, 23,
              colour ? std::vector<std::string>{"red", "green", "blue"} : std::vector<std::string>{"a", "b"},
              colour, bits);
          std::string text;
          for (std::size_t c = 0; c < image.channels.size(); ++c) {
            for (std::size_t i = 0; i < 37 * 23; ++i) {
              float& value = image.channels[c].plane.values[i];
              value = static_cast<float>((i * 7919 + c * 31337) % (bits == 8 ? 256 : 65536));
              if (bits == 32) value = value * 0.25F - 100.0F;
              text += fmt::format("{} ", value);
            }
            text += '\n';
          }
          const fs::path path = folder_ / fmt::format("{}-{}-{}-{}.tif", bits, colour, compress, tile);
          write_file_atomically(path, write_tiff(image, {compress, tile, true}));
          write_file_atomically(path.string() + ".txt", text);
        }
  EXPECT_EQ(python("read"), 0);
}

}  // namespace pictures_test
}  // namespace stroma::io

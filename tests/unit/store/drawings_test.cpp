// Figures are drawn by another program, which may be absent, broken or endless.
#include "store/drawings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "core/errors.hpp"
#include "test_paths.hpp"

namespace stroma::store {
namespace drawings_test {

using testing::HasSubstr;

TEST(Drawings, drawing_without_node_is_an_io_error) {
  Renderer renderer("/nonexistent/node");
  EXPECT_THROW(renderer.draw({}, std::filesystem::temp_directory_path()), core::IoError);
}

// A program in the place of Node, for a moment.
std::string stub(const std::filesystem::path& folder, const std::string& name, const std::string& script) {
  const auto file = folder / name;
  std::ofstream(file) << "#!/bin/sh\n" << script << "\n";
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  return file.string();
}

TEST(Drawings, a_renderer_that_fails_hangs_or_says_nothing_is_an_io_error_within_its_time) {
  const auto folder = std::filesystem::path(STROMA_BINARY_DIR) / "stub-nodes";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const std::vector<Drawing> figures{{"one", R"({"mark": "point", "data": {"values": []}})"}};
  const auto why = [&](const std::string& node) {
    try {
      Renderer(node).draw(figures, folder, std::chrono::milliseconds(1500));
    } catch (const core::IoError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_THAT(why(stub(folder, "failing", "echo broken >&2; exit 3")),
              testing::AllOf(HasSubstr("status 3"), HasSubstr("broken")));
  EXPECT_THAT(why(stub(folder, "mute", "exit 0")), HasSubstr("0 of 1 drawings"));
  EXPECT_THAT(why(stub(folder, "loud", "head -c 5000 /dev/urandom >&4; exit 0")), HasSubstr("0 of 1"));
  EXPECT_THAT(why(stub(folder, "killed", "kill -9 $$")), HasSubstr("status 137"));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(why(stub(folder, "hanging", "sleep 1000 & sleep 1000")), HasSubstr("no answer within 1.5 s"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 5);  // the stubs and nothing else
}

TEST(Drawings, a_renderer_that_nobody_asks_ends_and_one_draws_once) {
  const auto folder = std::filesystem::path(STROMA_BINARY_DIR) / "stub-waiting";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const auto begin = std::chrono::steady_clock::now();
  {
    const Renderer unasked(stub(folder, "waiting", "sleep 1000 & sleep 1000"));
    const Renderer waiting;
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  Renderer renderer;
  const std::vector<Drawing> figures{{"one", R"({"mark": "point", "data": {"values": []}})"}};
  renderer.draw(figures, folder);
  EXPECT_TRUE(std::filesystem::exists(folder / "one.svg"));
  EXPECT_THROW(renderer.draw(figures, folder), core::InternalError);
}

TEST(Drawings, a_specification_that_cannot_be_drawn_is_named) {
  const std::vector<Drawing> bad{{"broken", R"({"mark": "no such mark", "concat": 7})"}};
  try {
    Renderer().draw(bad, std::filesystem::temp_directory_path());
    FAIL();
  } catch (const core::InternalError& error) {
    EXPECT_THAT(error.what(), HasSubstr("figure broken"));
  }
}

}  // namespace drawings_test
}  // namespace stroma::store

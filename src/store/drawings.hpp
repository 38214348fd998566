// Figures drawn without a browser: the embedded renderer runs in Node and gives one SVG per figure.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace stroma::store {

/// A figure to be drawn: the name of its file and its specification as JSON (report/figures.hpp).
struct Drawing {
  std::string id;
  std::string specification;
};

/// Node with the script that draws figures. It starts, which takes 0.1 s, while the results are computed,
/// and waits for the figures; it draws once.
class Renderer {
 public:
  /// Starts the program `node`, a path or a name to look up in PATH. Does not throw: what keeps it from
  /// starting is said by `draw`.
  explicit Renderer(const std::string& node = "node");
  ~Renderer();  ///< ends the program where it is still there
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;

  /// Draws every figure into `folder`/<id>.svg; the folder must exist. The files are the ones that the page
  /// offers for download; the page does without them. Throws core::IoError where Node could not be started,
  /// fails, gives no drawings or takes longer than `patience` (it is then killed), or where a file cannot be
  /// written; core::InternalError where a figure cannot be drawn, with those of the others written, or at a
  /// second call. Leaves no files but the drawings, in no folder.
  void draw(const std::vector<Drawing>& figures, const std::filesystem::path& folder,
            std::chrono::milliseconds patience = std::chrono::seconds(60));

 private:
  struct Process;
  std::string node_, refused_;        ///< why it could not be started; empty where it was
  std::unique_ptr<Process> process_;  ///< null: not started, or drawn
};

}  // namespace stroma::store

// Planes as OpenCV sees them, without copies. For the .cpp files of this module only.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "core/errors.hpp"
#include "imaging/image.hpp"

namespace stroma::imaging {

/// OpenCV's loops run in the caller's thread from here on: what it computes must not depend on a machine's
/// number of cores. The number is one global of the library, set to the same value by every caller.
inline void single_threaded() {
  [[maybe_unused]] static const bool once = [] {
    cv::setNumThreads(1);
    return true;
  }();
}

inline void require_size(std::size_t width, std::size_t height) {
  core::require(width <= 1'000'000 && height <= 1'000'000, "a picture beyond the size that can be measured");
}

inline cv::Mat view(Plane& plane) {
  require_size(plane.width, plane.height);
  return {static_cast<int>(plane.height), static_cast<int>(plane.width), CV_32F, plane.values.data()};
}
inline const cv::Mat view(const Plane& plane) {
  require_size(plane.width, plane.height);
  return {static_cast<int>(plane.height), static_cast<int>(plane.width), CV_32F,
          const_cast<float*>(plane.values.data())};  // read only: the result is const
}
inline const cv::Mat view(const Mask& mask) {
  require_size(mask.width, mask.height);
  return {static_cast<int>(mask.height), static_cast<int>(mask.width), CV_8U,
          const_cast<std::uint8_t*>(mask.values.data())};
}

}  // namespace stroma::imaging

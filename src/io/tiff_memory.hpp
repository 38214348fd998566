// libtiff on bytes in memory, with its errors kept for the caller instead of printed. For the .cpp files of
// this module only.
#pragma once

#include <tiffio.h>

#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "core/errors.hpp"

namespace stroma::io {

/// An open TIFF. Reading looks at `bytes` of the caller; writing fills `written`.
class TiffMemory {
 public:
  explicit TiffMemory(std::string_view bytes) : bytes_(bytes) {
    open("rm");
  }  // m: no mapping, all reads are copies
  TiffMemory() { open("w"); }
  TiffMemory(const TiffMemory&) = delete;
  TiffMemory& operator=(const TiffMemory&) = delete;
  ~TiffMemory() { close(); }

  TIFF* get() const { return tiff_; }                  ///< null where it could not be opened
  const std::string& error() const { return error_; }  ///< the first error since the last clear
  void clear_error() { error_.clear(); }
  std::string close_and_take() {
    close();
    core::require(error_.empty(), "the TIFF library refused to write");
    return std::move(written_);
  }

 private:
  static constexpr tmsize_t largest_block = tmsize_t{1} << 30;  // one strip, tile or table of the library

  void open(const char* mode) {
    TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
    core::require(options != nullptr, "the TIFF library refused to start");
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, largest_block);
    TIFFOpenOptionsSetErrorHandlerExtR(options, note_error, this);
    TIFFOpenOptionsSetWarningHandlerExtR(
        options, [](TIFF*, void*, const char*, const char*, va_list) { return 1; }, nullptr);
    tiff_ = TIFFClientOpenExt(
        "picture", mode, this, read, write, seek, [](thandle_t) { return 0; }, size, nullptr, nullptr,
        options);
    TIFFOpenOptionsFree(options);
  }
  void close() {
    if (tiff_ != nullptr) TIFFClose(tiff_);
    tiff_ = nullptr;
  }

  static TiffMemory& self(thandle_t handle) { return *static_cast<TiffMemory*>(handle); }
  std::size_t length() const { return bytes_.data() != nullptr ? bytes_.size() : written_.size(); }

  static int note_error(TIFF*, void* user, const char*, const char* format, va_list arguments) {
    auto& me = *static_cast<TiffMemory*>(user);
    if (!me.error_.empty()) return 1;
    char text[512];
    std::vsnprintf(text, sizeof text, format, arguments);
    me.error_ = text;
    return 1;  // handled: nothing is printed
  }
  static tmsize_t read(thandle_t handle, void* to, tmsize_t wanted) {
    TiffMemory& me = self(handle);
    const std::string_view all = me.bytes_.data() != nullptr ? me.bytes_ : std::string_view(me.written_);
    if (me.at_ >= all.size() || wanted <= 0) return 0;
    const std::size_t n = std::min(static_cast<std::size_t>(wanted), all.size() - me.at_);
    std::memcpy(to, all.data() + me.at_, n);
    me.at_ += n;
    return static_cast<tmsize_t>(n);
  }
  static tmsize_t write(thandle_t handle, void* from, tmsize_t given) {
    TiffMemory& me = self(handle);
    if (me.bytes_.data() != nullptr || given < 0) return 0;
    const auto n = static_cast<std::size_t>(given);
    if (me.written_.size() < me.at_ + n) me.written_.resize(me.at_ + n);
    std::memcpy(me.written_.data() + me.at_, from, n);
    me.at_ += n;
    return given;
  }
  static toff_t seek(thandle_t handle, toff_t offset, int whence) {
    TiffMemory& me = self(handle);
    if (whence == SEEK_SET) me.at_ = offset;
    if (whence == SEEK_CUR) me.at_ += offset;
    if (whence == SEEK_END) me.at_ = me.length() + offset;
    return me.at_;
  }
  static toff_t size(thandle_t handle) { return self(handle).length(); }

  TIFF* tiff_ = nullptr;
  std::string_view bytes_;
  std::string written_, error_;
  std::size_t at_ = 0;
};

}  // namespace stroma::io

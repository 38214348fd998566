#include "io/text_lines.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <vector>

#include "core/errors.hpp"

namespace stroma::io {
namespace {

constexpr std::size_t block = std::size_t{1} << 18;
constexpr std::uint64_t free_of_ratio = std::uint64_t{16} << 20;

// Puts blocks together to lines.
class Assembler {
 public:
  Assembler(const std::string& file, const LineLimits& limits, core::Diagnostics& problems,
            const std::function<bool(std::string_view, int)>& line)
      : file_(file), limits_(limits), problems_(problems), line_(line) {}

  /// False: stop.
  bool add(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      const bool whole = end != std::string_view::npos;
      const std::string_view part = text.substr(0, end);
      if (kept_.size() + part.size() > limits_.line)
        return fail("line-too-long", fmt::format("this line is longer than {} bytes", limits_.line));
      if (!whole) {
        kept_.append(part);
        return true;
      }
      text.remove_prefix(end + 1);
      if (kept_.empty()) {
        if (!give(part)) return false;
      } else {
        kept_.append(part);
        if (!give(kept_)) return false;
        kept_.clear();
      }
    }
    return true;
  }

  bool finish() { return kept_.empty() || give(kept_); }

  bool fail(std::string code, std::string message, std::string hint = {}) {
    problems_.add(std::move(code), {file_, number_ + 1, 0}, file_, std::move(message), std::move(hint));
    failed_ = true;
    return false;
  }
  bool failed() const { return failed_; }

 private:
  bool give(std::string_view text) {
    if (std::memchr(text.data(), '\0', text.size()) != nullptr)
      return fail("nul-byte", "this line holds a byte of value 0, so the file is no text");
    ++number_;
    if (number_ == 1 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return line_(text, number_);
  }

  const std::string& file_;
  const LineLimits& limits_;
  core::Diagnostics& problems_;
  const std::function<bool(std::string_view, int)>& line_;
  std::string kept_;
  int number_ = 0;
  bool failed_ = false;
};

struct Inflater {
  z_stream stream{};
  Inflater() { core::require(inflateInit2(&stream, 15 + 16) == Z_OK, "zlib does not start"); }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
};

// One or more gzip members, one behind the other.
bool inflate_into(Assembler& lines, std::string_view bytes, const LineLimits& limits) {
  Inflater inflater;
  z_stream& z = inflater.stream;
  std::vector<char> out(block);
  std::uint64_t unpacked = 0;
  std::size_t taken = 0;
  bool between_members = false;
  while (taken < bytes.size() || z.avail_in > 0) {
    if (between_members) {
      const std::string_view rest = bytes.substr(taken - z.avail_in);
      if (rest.find_first_not_of('\0') == std::string_view::npos) return true;  // padding of tapes
      inflateReset(&z);
      between_members = false;
    }
    if (z.avail_in == 0) {
      const std::size_t more = std::min(block, bytes.size() - taken);
      z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + taken));
      z.avail_in = static_cast<uInt>(more);
      taken += more;
    }
    do {
      z.next_out = reinterpret_cast<Bytef*>(out.data());
      z.avail_out = static_cast<uInt>(out.size());
      const int status = inflate(&z, Z_NO_FLUSH);
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
        return lines.fail(
            "corrupt-gzip",
            fmt::format("the compressed data are damaged ({})", z.msg != nullptr ? z.msg : "no reason given"),
            "download the file again");
      const std::size_t got = out.size() - z.avail_out;
      unpacked += got;
      if (unpacked > limits.bytes)
        return lines.fail("too-large", fmt::format("the text is longer than {} bytes", limits.bytes));
      if (unpacked > free_of_ratio &&
          static_cast<double>(unpacked) > limits.ratio * static_cast<double>(taken - z.avail_in))
        return lines.fail("gzip-bomb",
                          fmt::format("the compressed data unpack to more than {} times their size, which no "
                                      "table of measurements does",
                                      limits.ratio));
      if (!lines.add({out.data(), got})) return false;
      if (status == Z_STREAM_END) {
        between_members = true;
        break;
      }
    } while (z.avail_out == 0);
  }
  if (!between_members)
    return lines.fail("truncated-gzip", "the compressed data end before their end mark",
                      "the download was cut off: fetch the file again");
  return true;
}

}  // namespace

bool for_each_line(std::string_view bytes, const std::string& file, const LineLimits& limits,
                   core::Diagnostics& problems, const std::function<bool(std::string_view, int)>& line) {
  Assembler lines(file, limits, problems, line);
  if (bytes.starts_with("\x1F\x8B")) {
    if (inflate_into(lines, bytes, limits)) lines.finish();
  } else if (bytes.size() > limits.bytes) {
    lines.fail("too-large", fmt::format("the text is longer than {} bytes", limits.bytes));
  } else if (lines.add(bytes)) {
    lines.finish();
  }
  return !lines.failed();
}

}  // namespace stroma::io

#include "cli/messages.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <new>
#include <system_error>

#include "cli/streams.hpp"
#include "core/diagnostics.hpp"
#include "core/errors.hpp"
#include "core/folding.hpp"

namespace stroma::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

// One cause is one message on the terminal; a machine is given each with its place.
void say_diagnostics(const core::InputError& error, bool json) {
  if (json) {
    Json out = Json::array();
    for (const core::Diagnostic& d : error.diagnostics())
      out.push_back({{"code", d.code},
                     {"file", d.place.file},
                     {"line", d.place.line},
                     {"column", d.place.column},
                     {"key", d.key},
                     {"message", d.message},
                     {"hint", d.hint}});
    fmt::print("{}\n", text_of(out));
  }
  const std::vector<core::Folded> folded = core::fold(error.diagnostics());
  fmt::print(stderr, "{}", core::told(folded));
  const std::size_t n = folded.size();
  fmt::print(stderr, "{} problem{} found; nothing was run\n", n, n == 1 ? "" : "s");
}

// Standard output is the only stream whose failures reach here: results have their own error (IoError).
int cannot_write(const std::system_error& error) {
  if (error.code() == std::errc::broken_pipe) end_by_broken_pipe();
  fmt::print(stderr, "cannot write to standard output: {}\n", error.code().message());
  return exit_disk;
}

void flush_output() {
  if (std::fflush(stdout) != 0) throw std::system_error(errno, std::generic_category());
}

// Turns every way of failing into its exit code.
int coded(const std::function<int()>& act, const jobs::Shown& shown) {
  try {
    const int code = act();
    flush_output();
    return code;
  } catch (const core::InputError& error) {
    say_diagnostics(error, shown.json);
    return exit_invalid;
  } catch (const core::NumericalError& error) {
    fmt::print(stderr, "numerical failure: {}\n", error.what());
    return exit_numerical;
  } catch (const core::IoError& error) {
    fmt::print(stderr, "{}\n", error.what());
    return exit_disk;
  } catch (const core::LimitError& error) {
    fmt::print(stderr, "refused: {}\n", error.what());
    return exit_limit;
  } catch (const std::filesystem::filesystem_error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return exit_disk;
  } catch (const std::system_error&) {  // standard output: told by whoever calls
    throw;
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "refused: out of memory\n");
    return exit_limit;
  } catch (const std::exception& error) {
    fmt::print(stderr,
               "internal error: {}\nThis is a bug in Stroma; please report it with the command and the files "
               "that led to it.\n",
               error.what());
    return exit_internal;
  }
}

const char* prefix_of(jobs::Remark::Kind kind) {
  switch (kind) {
    case jobs::Remark::Kind::note:
      return "note: ";
    case jobs::Remark::Kind::warning:
      return "warning: ";
    case jobs::Remark::Kind::failure:
      return "failed: ";
    case jobs::Remark::Kind::plain:
      break;
  }
  return "";
}

}  // namespace

void print(const jobs::Result& result, const jobs::Shown& shown) {
  if (shown.json) {
    if (!result.json.is_null()) fmt::print("{}\n", text_of(result.json));
  } else if (!shown.silent) {
    if (!result.understanding.empty()) fmt::print("read as:\n");
    for (const core::Fact& fact : result.understanding.facts()) fmt::print("  {}\n", core::to_string(fact));
    fmt::print("{}", result.text);
  }
  for (const jobs::Remark& remark : result.remarks)
    fmt::print(stderr, "{}{}\n", prefix_of(remark.kind), remark.text);
}

int guarded(const std::function<int()>& act, const jobs::Shown& shown) {
  try {
    const int code = coded(act, shown);
    flush_output();
    return code;
  } catch (const std::system_error& error) {  // the messages themselves cannot be written
    return cannot_write(error);
  }
}

}  // namespace stroma::cli

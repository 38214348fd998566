// UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace stroma::core {

/// The length in bytes of the valid UTF-8 character at `text[at]`, or 0 where the bytes there are not one.
std::size_t utf8_length(std::string_view text, std::size_t at);

/// The position of the first byte that is not valid UTF-8, or npos.
std::size_t find_invalid_utf8(std::string_view text);

/// `text` with every invalid byte replaced by U+FFFD, so that it can be shown and stored.
std::string replace_invalid_utf8(std::string_view text);

/// `text` for the content of XML and HTML elements and for quoted attributes: & < > " ' are written as
/// references; NUL becomes U+FFFD.
std::string escape_markup(std::string_view text);

/// A byte as messages show it: "0xE9".
std::string show_byte(char byte);

}  // namespace stroma::core

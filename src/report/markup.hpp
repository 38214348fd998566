// Text that is safe inside a script element, and links that are safe anywhere (core::escape_markup is for the
// rest).
#pragma once

#include <string>
#include <string_view>

namespace stroma::report {

/// JSON for a <script> element: "<", ">", "&", U+2028 and U+2029 are written as \uXXXX, so that no text in it
/// can end the element or a line. The JSON means the same.
std::string script_safe(std::string_view json);

/// `url` where it is https:// or http:// , else empty: nothing else may become a link.
std::string_view safe_url(std::string_view url);

}  // namespace stroma::report

// Pictures inside the page: PNG files as data URIs, so that the page stays one file.
#pragma once

#include <string>
#include <string_view>

#include "report/document.hpp"

namespace stroma::report {

/// A <figure> with the pictures side by side, as many as fit; they stack on a narrow page. All text is
/// escaped; a legend's colour that is not "#" and six hexadecimal digits throws core::InternalError.
std::string pictures_html(const Pictures& pictures);

/// RFC 4648, with padding.
std::string base64(std::string_view bytes);

}  // namespace stroma::report

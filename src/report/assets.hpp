// The front end built from web/, embedded in the library by cmake/embed.cmake.
#pragma once

#include <string_view>

namespace stroma::report::assets {

std::string_view template_html();  ///< the page with {{slots}}
std::string_view report_css();
std::string_view report_js();

}  // namespace stroma::report::assets

// The report page: one HTML file that opens offline, with its styles, scripts and data inside.
#pragma once

#include <string>

#include "report/document.hpp"

namespace stroma::report {

/// The whole page, UTF-8. Pure: the same report gives the same bytes. It asks nothing of any network, holds
/// every figure as a Vega-Lite specification and every figure's data as CSV, and escapes all text it is
/// given. Throws core::InternalError where ids of figures or tables are malformed or repeated.
std::string render_html(const Report& report);

}  // namespace stroma::report

#include "report/pictures_html.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "report/markup.hpp"

namespace stroma::report {
namespace {

// Width and height of a PNG, from its header, so that the page does not jump while pictures are decoded.
std::string size_attributes(std::string_view png) {
  if (png.size() < 24 || !png.starts_with("\x89PNG")) return {};
  const auto number = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(png[at + i]);
    return std::to_string(value);
  };
  return " width=\"" + number(16) + "\" height=\"" + number(20) + "\"";
}

void require_colour(const std::string& colour) {
  const bool plain =
      colour.size() == 7 && colour[0] == '#' &&
      std::all_of(colour.begin() + 1, colour.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
  core::require(plain, "a colour of a legend is not of the form #rrggbb");
}

}  // namespace

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= n ? digits[group >> (18 - 6 * k) & 63U] : '=';
  }
  return out;
}

std::string pictures_html(const Pictures& pictures) {
  std::string out = "<figure id=\"fig-" + pictures.id + "\">\n<h3>" + core::escape_markup(pictures.title) +
                    "</h3>\n<p class=\"see\">" + core::escape_markup(pictures.see) + "</p>\n";
  if (!pictures.legend.empty()) {
    out += "<ul class=\"legend\">";
    for (const PictureColour& entry : pictures.legend) {
      require_colour(entry.colour);
      out += "<li><i style=\"background:" + entry.colour + "\"></i>" + core::escape_markup(entry.label) +
             "</li>";
    }
    out += "</ul>\n";
  }
  out += "<div class=\"pictures\">\n";
  for (std::size_t k = 0; k < pictures.pictures.size(); ++k) {
    const Picture& picture = pictures.pictures[k];
    out += "<div><img" + size_attributes(picture.png) + " alt=\"" + core::escape_markup(picture.alt) +
           "\" src=\"data:image/png;base64," + base64(picture.png) + "\"><p>" +
           core::escape_markup(picture.caption) +
           "</p><p class=\"buttons\"><button type=\"button\" data-png=\"" + pictures.id + "-" +
           std::to_string(k + 1) + "\" aria-label=\"" +
           core::escape_markup(pictures.title + ", " + picture.caption) +
           " as PNG\">PNG</button></p></div>\n";
  }
  out += "</div>\n";
  if (!pictures.note.empty())
    out += "<figcaption><p>" + core::escape_markup(pictures.note) + "</p></figcaption>\n";
  return out + "</figure>\n";
}

}  // namespace stroma::report

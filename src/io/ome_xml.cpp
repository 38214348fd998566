#include "io/ome_xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <pugixml.hpp>
#include <sstream>

#include "core/units.hpp"
#include "io/picture_formats.hpp"

namespace stroma::io {
namespace {

constexpr std::size_t longest = std::size_t{16} << 20;
constexpr int deepest = 32;
constexpr double alike = 0.01;

/// Walks without recursion and stops where the nesting is too deep.
struct Depth : pugi::xml_tree_walker {
  bool for_each(pugi::xml_node&) override { return depth() <= deepest; }
};

/// um of a length, or nothing.
std::optional<double> micrometres(pugi::xml_attribute value, pugi::xml_attribute unit) {
  const core::ParsedNumber number = core::parse_number(value.as_string());
  if (!number.error.empty() || !(number.value > 0.0)) return std::nullopt;
  const std::string_view name = unit.as_string("\u00B5m");
  if (name == "\u00B5m" || name == "\u03BCm" || name == "um") return number.value;
  if (name == "nm") return number.value * 1e-3;
  if (name == "mm") return number.value * 1e3;
  return std::nullopt;
}

std::uint64_t count_of(pugi::xml_attribute attribute, const std::string& file) {
  const long long value = attribute.as_llong(1);
  if (value < 1 || value > 1'000'000)
    refuse_picture(file, "ome-bad-xml",
                   fmt::format("OME-XML: {} = '{}' is not a number of planes", attribute.name(),
                               clean_name(attribute.as_string())));
  return static_cast<std::uint64_t>(value);
}

}  // namespace

bool looks_like_ome(std::string_view text) {
  return text.substr(0, 4096).find("<OME") != std::string_view::npos;
}

OmeDescription read_ome(std::string_view xml, const std::string& file) {
  const auto refuse = [&](const std::string& what) {
    refuse_picture(file, "ome-xml-refused", "OME-XML: " + what,
                   "no microscope writes this; do not trust the file");
  };
  if (xml.size() > longest) refuse("the description has more than 16 MiB");
  if (xml.find("<!DOCTYPE") != std::string_view::npos || xml.find("<!ENTITY") != std::string_view::npos)
    refuse("the description declares a document type or entities");
  pugi::xml_document document;
  const pugi::xml_parse_result parsed =
      document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!parsed)
    refuse_picture(file, "ome-bad-xml",
                   fmt::format("OME-XML: {} at byte {}", parsed.description(), parsed.offset));
  Depth depth;
  if (!document.traverse(depth)) refuse(fmt::format("the description is nested deeper than {}", deepest));

  const pugi::xml_node pixels = document.child("OME").child("Image").child("Pixels");
  if (!pixels) refuse_picture(file, "ome-bad-xml", "OME-XML: there is no OME/Image/Pixels");
  OmeDescription out;
  out.depths = count_of(pixels.attribute("SizeZ"), file);
  out.times = count_of(pixels.attribute("SizeT"), file);
  out.channels = count_of(pixels.attribute("SizeC"), file);
  for (const pugi::xml_node channel : pixels.children("Channel"))
    out.names.push_back(clean_name(channel.attribute("Name").as_string()));
  for (const pugi::xml_node data : pixels.children("TiffData"))
    if (data.attribute("IFD") && data.attribute("FirstC") &&
        data.attribute("IFD").as_llong() != data.attribute("FirstC").as_llong())
      refuse_picture(file, "ome-pages", "OME-XML: the channels are stored in another order than their pages",
                     "save the picture again with its channels in order");
  const auto x = micrometres(pixels.attribute("PhysicalSizeX"), pixels.attribute("PhysicalSizeXUnit"));
  const auto y = micrometres(pixels.attribute("PhysicalSizeY"), pixels.attribute("PhysicalSizeYUnit"));
  if (x && y && std::fabs(*x - *y) <= alike * *x) out.um_per_pixel = x;
  return out;
}

std::string write_ome(std::size_t width, std::size_t height, const std::vector<std::string>& channels,
                      bool colour, const std::string& type, std::optional<double> um_per_pixel) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node ome = document.append_child("OME");
  ome.append_attribute("xmlns") = "http://www.openmicroscopy.org/Schemas/OME/2016-06";
  pugi::xml_node image = ome.append_child("Image");
  image.append_attribute("ID") = "Image:0";
  pugi::xml_node pixels = image.append_child("Pixels");
  const auto set = [&](const char* name, const std::string& value) {
    pixels.append_attribute(name) = value.c_str();
  };
  set("ID", "Pixels:0");
  set("DimensionOrder", "XYCZT");
  set("Type", type);
  set("SizeX", std::to_string(width));
  set("SizeY", std::to_string(height));
  set("SizeC", std::to_string(channels.size()));
  set("SizeZ", "1");
  set("SizeT", "1");
  if (um_per_pixel) {
    for (const char* axis : {"X", "Y"}) {
      set((std::string("PhysicalSize") + axis).c_str(), fmt::format("{}", *um_per_pixel));
      set((std::string("PhysicalSize") + axis + "Unit").c_str(), "\u00B5m");
    }
  }
  const std::size_t entries =
      colour ? 1 : channels.size();  // a colour picture is one channel of three samples
  for (std::size_t c = 0; c < entries; ++c) {
    pugi::xml_node channel = pixels.append_child("Channel");
    channel.append_attribute("ID") = fmt::format("Channel:0:{}", c).c_str();
    channel.append_attribute("SamplesPerPixel") = colour ? 3 : 1;
    if (!colour) channel.append_attribute("Name") = channels[c].c_str();
  }
  for (std::size_t p = 0; p < entries; ++p) {
    pugi::xml_node data = pixels.append_child("TiffData");
    data.append_attribute("IFD") = static_cast<unsigned>(p);
    data.append_attribute("FirstC") = static_cast<unsigned>(p);
    data.append_attribute("PlaneCount") = 1;
  }
  std::ostringstream out;
  document.save(out, "", pugi::format_raw, pugi::encoding_utf8);
  return out.str();
}

}  // namespace stroma::io

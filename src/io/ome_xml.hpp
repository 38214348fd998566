// The description that an OME-TIFF carries (the OME data model of 2016-06): how many channels, planes of
// depth and points of time, their names, the pixels' size.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stroma::io {

struct OmeDescription {
  std::uint64_t depths = 1, times = 1, channels = 1;  ///< SizeZ, SizeT, SizeC
  std::vector<std::string> names;      ///< of the channels that have one entry each; may be empty texts
  std::optional<double> um_per_pixel;  ///< where width and height agree to 1 % and the unit is a length
};

/// Whether a TIFF's description is OME-XML.
bool looks_like_ome(std::string_view text);

/// Reads the description of `file`'s first picture. XML with a document type or entities of its own, more
/// than 16 MiB or nested deeper than 32 is refused (ome-xml-refused): no description needs them, and they are
/// how XML attacks. Nothing is ever opened. Other errors are ome-bad-xml; channels stored in another order
/// than their pages ome-pages.
OmeDescription read_ome(std::string_view xml, const std::string& file);

/// A description with one picture of `channels` planes. `type`: uint8, uint16 or float.
std::string write_ome(std::size_t width, std::size_t height, const std::vector<std::string>& channels,
                      bool colour, const std::string& type, std::optional<double> um_per_pixel);

}  // namespace stroma::io

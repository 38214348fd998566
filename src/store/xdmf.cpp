// XDMF 2 over the frames' HDF5 files. Order of dimensions is z, y, x as in the arrays.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "store/results_schema.hpp"

namespace stroma::store {
namespace {

std::string label(const std::string& name, const std::string& unit) {
  return core::escape_markup(unit.empty() ? name : fmt::format("{} ({})", name, unit));
}

const char* number_type(core::Scalar type) {
  switch (type) {
    case core::Scalar::u8:
      return R"(NumberType="UChar" Precision="1")";
    case core::Scalar::i32:
      return R"(NumberType="Int" Precision="4")";
    case core::Scalar::u32:
      return R"(NumberType="UInt" Precision="4")";
    case core::Scalar::i64:
      return R"(NumberType="Int" Precision="8")";
    case core::Scalar::f32:
      return R"(NumberType="Float" Precision="4")";
    case core::Scalar::f64:
      return R"(NumberType="Float" Precision="8")";
    case core::Scalar::u64:
      break;
  }
  throw core::InternalError("XDMF has no such number type");
}

void add_fields(std::string& out, const ResultsSchema& schema, const FrameEntry& frame) {
  const FrameGrid& grid = schema.grid;
  const auto& n = grid.voxels;
  auto to = std::back_inserter(out);
  fmt::format_to(to,
                 "      <Grid Name=\"fields\" GridType=\"Uniform\">\n"
                 "        <Time Value=\"{}\"/>\n"
                 "        <Topology TopologyType=\"3DCoRectMesh\" Dimensions=\"{} {} {}\"/>\n"
                 "        <Geometry GeometryType=\"ORIGIN_DXDYDZ\">\n"
                 "          <DataItem Dimensions=\"3\" NumberType=\"Float\" Precision=\"8\" "
                 "Format=\"XML\">{} {} {}</DataItem>\n"
                 "          <DataItem Dimensions=\"3\" NumberType=\"Float\" Precision=\"8\" "
                 "Format=\"XML\">{} {} {}</DataItem>\n"
                 "        </Geometry>\n",
                 core::minutes(frame.tick), n[2] + 1, n[1] + 1, n[0] + 1, grid.origin[2], grid.origin[1],
                 grid.origin[0], grid.spacing[2], grid.spacing[1], grid.spacing[0]);
  for (const NamedUnit& field : schema.fields)
    fmt::format_to(to,
                   "        <Attribute Name=\"{}\" AttributeType=\"Scalar\" Center=\"Cell\">\n"
                   "          <DataItem Dimensions=\"{} {} {}\" NumberType=\"Float\" Precision=\"4\" "
                   "Format=\"HDF\">{}:/fields/{}</DataItem>\n"
                   "        </Attribute>\n",
                   label(field.name, field.unit), n[2], n[1], n[0], frame_file(frame.tick),
                   core::escape_markup(field.name));
  out += "      </Grid>\n";
}

void add_cells(std::string& out, const ResultsSchema& schema, const FrameEntry& frame) {
  auto to = std::back_inserter(out);
  if (frame.cells ==
      0) {  // an empty collection: without any entry readers go on showing the cells of the frame before
    fmt::format_to(to,
                   "      <Grid Name=\"cells\" GridType=\"Collection\" CollectionType=\"Spatial\">\n"
                   "        <Time Value=\"{}\"/>\n"
                   "      </Grid>\n",
                   core::minutes(frame.tick));
    return;
  }
  const std::string file = frame_file(frame.tick);
  fmt::format_to(
      to,
      "      <Grid Name=\"cells\" GridType=\"Uniform\">\n"
      "        <Time Value=\"{}\"/>\n"
      "        <Topology TopologyType=\"Polyvertex\" NumberOfElements=\"{}\" NodesPerElement=\"1\"/>\n"
      "        <Geometry GeometryType=\"XYZ\">\n"
      "          <DataItem Dimensions=\"{} 3\" NumberType=\"Float\" Precision=\"4\" "
      "Format=\"HDF\">{}:/cells/position</DataItem>\n"
      "        </Geometry>\n",
      core::minutes(frame.tick), frame.cells, frame.cells, file);
  for (const StoredColumn& column : schema.columns)
    fmt::format_to(to,
                   "        <Attribute Name=\"{}\" AttributeType=\"Scalar\" Center=\"Node\">\n"
                   "          <DataItem Dimensions=\"{}\" {} Format=\"HDF\">{}:/cells/{}</DataItem>\n"
                   "        </Attribute>\n",
                   label(column.name, column.unit), frame.cells, number_type(column.type), file,
                   core::escape_markup(column.name));
  out += "      </Grid>\n";
}

}  // namespace

std::string xdmf_text(const ResultsSchema& schema, const std::vector<FrameEntry>& frames) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<Xdmf Version=\"2.0\">\n"
      "  <!-- lengths in um, time in minutes -->\n"
      "  <Domain>\n";
  const auto collection = [&](const char* name, const auto& add_each) {
    out += fmt::format("    <Grid Name=\"{}\" GridType=\"Collection\" CollectionType=\"Temporal\">\n", name);
    add_each();
    out += "    </Grid>\n";
  };
  if (!schema.fields.empty() && !frames.empty())
    collection("fields", [&] {
      for (const FrameEntry& frame : frames) add_fields(out, schema, frame);
    });
  const auto has_cells = [](const FrameEntry& frame) { return frame.cells > 0; };
  if (std::any_of(frames.begin(), frames.end(), has_cells))
    collection("cells", [&] {
      for (const FrameEntry& frame : frames) add_cells(out, schema, frame);
    });
  out += "  </Domain>\n</Xdmf>\n";
  return out;
}

}  // namespace stroma::store

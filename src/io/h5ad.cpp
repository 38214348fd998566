#include "io/h5ad.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <type_traits>

#include "core/errors.hpp"
#include "io/hdf5_file.hpp"

namespace stroma::io {
namespace {

void encode(Hdf5File& file, const std::string& path, const char* type, const char* version) {
  file.attribute(path, "encoding-type", type);
  file.attribute(path, "encoding-version", version);
}

void write_strings(Hdf5File& file, const std::string& path, const std::vector<std::string>& values) {
  file.strings(path, values);
  encode(file, path, "string-array", "0.2.0");
}

template <class T>
void write_array(Hdf5File& file, const std::string& path, std::span<const T> values) {
  file.dataset(path, values);
  encode(file, path, "array", "0.2.0");
}

void write_matrix(Hdf5File& file, const std::string& path, core::Scalar type, std::size_t rows,
                  std::size_t columns, const void* values) {
  file.dataset(path, type, std::array<std::uint64_t, 2>{rows, columns}, values);
  encode(file, path, "array", "0.2.0");
}

void write_categories(Hdf5File& file, const std::string& path, const H5adCategories& values) {
  const auto count = static_cast<std::int32_t>(values.categories.size());
  core::require(std::all_of(values.codes.begin(), values.codes.end(),
                            [&](std::int32_t code) { return code >= -1 && code < count; }),
                "a category's code means nothing");
  file.group(path);
  encode(file, path, "categorical", "0.2.0");
  file.boolean_attribute(path, "ordered", false);
  write_array(file, path + "/codes", values.codes);
  write_strings(file, path + "/categories", values.categories);
}

void write_frame(Hdf5File& file, const std::string& path, const std::vector<std::string>& index,
                 const std::vector<H5adColumn>& columns) {
  core::require(std::set<std::string>(index.begin(), index.end()).size() == index.size(),
                "names of rows are not all different");
  file.group(path);
  encode(file, path, "dataframe", "0.2.0");
  file.attribute(path, "_index", "_index");
  write_strings(file, path + "/_index", index);
  std::vector<std::string> order;
  for (const H5adColumn& column : columns) {
    core::require(
        !column.name.empty() && column.name != "_index" && column.name.find('/') == std::string::npos,
        "a column's name cannot be an HDF5 name");
    order.push_back(column.name);
    const std::string at = path + "/" + column.name;
    std::visit(
        [&](const auto& values) {
          using Values = std::remove_cvref_t<decltype(values)>;
          if constexpr (std::is_same_v<Values, H5adFlags>) {
            core::require(values.values.size() == index.size(), "a column has another length than the table");
            file.booleans(at, values.values);
            encode(file, at, "array", "0.2.0");
          } else if constexpr (std::is_same_v<Values, H5adCategories>) {
            core::require(values.codes.size() == index.size(), "a column has another length than the table");
            write_categories(file, at, values);
          } else {
            core::require(values.size() == index.size(), "a column has another length than the table");
            write_array(file, at, values);
          }
        },
        column.values);
  }
  file.attribute(path, "column-order", order);
}

}  // namespace

std::string h5ad_bytes(const H5adTable& table) {
  const std::size_t cells = table.cells.size();
  const std::size_t variables = table.variables.size();
  core::require(table.x.size() == cells * variables, "the matrix has another size than its names say");
  core::require(table.dimensions == 2 || table.dimensions == 3, "a cell lies in 2 or 3 dimensions");

  Hdf5File file;
  encode(file, "/", "anndata", "0.1.0");
  write_matrix(file, "X", core::Scalar::f32, cells, variables, table.x.data());
  write_frame(file, "obs", table.cells, table.obs);
  write_frame(file, "var", table.variables, table.var);
  for (const char* group : {"obsm", "varm", "obsp", "varp", "layers", "uns"}) {
    file.group(group);
    encode(file, group, "dict", "0.1.0");
  }
  if (!table.spatial.empty()) {
    const auto dimensions = static_cast<std::size_t>(table.dimensions);
    core::require(table.spatial.size() == cells * dimensions, "there are more or fewer positions than cells");
    write_matrix(file, "obsm/spatial", core::Scalar::f64, cells, dimensions, table.spatial.data());
  }
  for (const auto& [name, text] : table.uns) {
    core::require(!name.empty() && name.find('/') == std::string::npos,
                  "a name in uns cannot be an HDF5 name");
    file.string("uns/" + name, text);
    encode(file, "uns/" + name, "string", "0.2.0");
  }
  const std::span<char> bytes = file.bytes();
  return {bytes.data(), bytes.size()};
}

}  // namespace stroma::io

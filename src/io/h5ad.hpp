// Cell tables as AnnData files (.h5ad), which scanpy and Seurat open: cells x network nodes, with what is
// known of each cell and where it lies. On-disk format of AnnData 0.1.0
// (https://anndata.readthedocs.io/en/0.8.0/fileformat-prose.html), written with the HDF5 C library.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace stroma::io {

/// Categories by code; -1 is "missing".
struct H5adCategories {
  std::span<const std::int32_t> codes;
  std::vector<std::string> categories;
};

/// Yes (not 0) or no.
struct H5adFlags {
  std::span<const std::uint8_t> values;
};

struct H5adColumn {
  std::string name;
  std::variant<std::span<const double>, std::span<const float>, std::span<const std::int64_t>, H5adCategories,
               H5adFlags>
      values;
};

struct H5adTable {
  std::vector<std::string> cells;      ///< names of the rows, all different, such as "HepG2-17"
  std::vector<std::string> variables;  ///< names of the columns of x, all different, such as network nodes
  std::span<const float> x;            ///< row after row, cells x variables
  std::vector<H5adColumn> obs;         ///< one value per cell each
  std::vector<H5adColumn> var;         ///< one value per variable each
  std::span<const double> spatial;     ///< row after row, cells x dimensions, um; may be empty
  int dimensions = 3;                  ///< 2 or 3
  std::vector<std::pair<std::string, std::string>> uns;  ///< texts about the whole, such as {"title", "..."}
};

/// The bytes of the file. Lengths that do not agree are a core::InternalError.
std::string h5ad_bytes(const H5adTable& table);

}  // namespace stroma::io

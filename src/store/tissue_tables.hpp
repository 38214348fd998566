// The cells of a tissue as columns: for frames (ParaView) and for cell tables (.h5ad).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/results_h5.hpp"
#include "tissue/tissue.hpp"

namespace stroma::store {

/// Per body, in the order of Bodies.
struct CellColumns {
  std::vector<std::uint8_t> type, fate, phase;
  std::vector<std::uint64_t> lineage;
  std::vector<float> volume;
  std::vector<std::string> type_names, fate_names;
  std::vector<std::string> drug_names, mark_names;  ///< marks: damage, where the model has any
  std::vector<std::vector<float>> marks;            ///< [mark][body]
  std::vector<std::vector<float>> drugs;            ///< nM free inside
};
CellColumns cell_columns(const tissue::TissueState& state, const tissue::TissuePlan& plan);

/// Columns of a frame; they refer to `columns` and `state`, which must stay.
std::vector<CellColumn> frame_columns(const CellColumns& columns, const tissue::TissueState& state);

/// The name of a substance, cell type or drug as one link of HDF5, which a slash would part and which are
/// printable ASCII: other bytes are written %XX, as in a URL ("A/B" becomes "A%2FB").
std::string link_name(const std::string& name);

/// All cells with their network activities (NaN where a type lacks a node; `var` says by in_TYPE which types
/// have it), what each carries, the pressure of its neighbours and the concentrations at it, as an AnnData
/// file.
std::string cell_table_bytes(const tissue::TissueState& state, const tissue::TissuePlan& plan);

}  // namespace stroma::store

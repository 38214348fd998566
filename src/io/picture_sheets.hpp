// Sample sheets: what each picture shows. Comma-separated (or semicolon, or tab), one header line. Columns
// may have a laboratory's names (mouse, treatment, image: column_names.hpp); which was read as which goes to
// `to`.
#pragma once

#include <string>
#include <vector>

#include "assays/blot/blot_picture.hpp"
#include "assays/colonies/colony_picture.hpp"
#include "assays/picture_fields.hpp"
#include "core/reading.hpp"
#include "io/lab_files.hpp"

namespace stroma::io {

/// file, arm, and where known replicate (the animal or experiment, any name) and field. Throws
/// core::InputError with every problem: a missing column, an empty file or arm, a file named twice
/// (duplicate-file).
std::vector<assays::FieldSample> read_field_sheet(const NamedText& text, core::Understanding* to = nullptr);

/// file, protein, lane, arm, replicate, and where there are several membrane and band. A lane and band of one
/// file named twice is duplicate-lane.
std::vector<assays::BlotPictureLane> read_blot_sheet(const NamedText& text,
                                                     core::Understanding* to = nullptr);

/// file, arm, replicate, plated, and where wanted technical, dish (which of several in one photograph: A1, or
/// 1) and x, y, radius (pixels; all three or none). A dish named twice is duplicate-dish.
std::vector<assays::DishSample> read_dish_sheet(const NamedText& text, core::Understanding* to = nullptr);

}  // namespace stroma::io

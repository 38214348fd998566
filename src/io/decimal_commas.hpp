// Numbers with decimal commas, as spreadsheets of many countries write them. Between semicolons or tabs they
// can be told from thousands by the other numbers of the file; between commas they cannot.
#pragma once

#include <string>
#include <string_view>

#include "core/table.hpp"

namespace stroma::io {

/// Writes the numbers of a table with points where its file has decimal commas; `delimiter` is that of the
/// file. A column in which commas may be thousands (1,234 throughout, between tabs or beside numbers with
/// points), or in which both signs divide decimals, is left as it is, for the reader to refuse. Returns what
/// was done in words, or nothing.
std::string write_points(core::Table& table, char delimiter);

}  // namespace stroma::io

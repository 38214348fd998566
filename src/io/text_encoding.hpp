// Texts that are not UTF-8, and files that are no texts: what a spreadsheet or an instrument of another time
// wrote.
#pragma once

#include <string>

namespace stroma::io {

/// The bytes of a file as text: UTF-16 (by its byte-order mark, or by a NUL in every second byte) becomes
/// UTF-8; anything else stays as it is. Throws core::InputError with one problem for a workbook (xlsx, xls)
/// or another archive or picture, which is named.
std::string text_of(std::string bytes, const std::string& file);

/// Text in Windows-1252 (Latin-1 with the printers' signs) as UTF-8; undefined bytes become U+FFFD.
std::string from_windows_1252(const std::string& text);

}  // namespace stroma::io

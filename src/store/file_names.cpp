#include "store/file_names.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "io/file.hpp"

namespace stroma::store {

std::string slug(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (u >= 128) {
      out += c;
    } else if (std::isalnum(u) != 0) {
      out += static_cast<char>(std::tolower(u));
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

std::string FileNames::fresh(const std::string& wanted) {
  std::string name = wanted;
  for (int n = 2; !taken_.insert(name).second; ++n) name = wanted + "-" + std::to_string(n);
  return name;
}

std::string folder_name(const std::string& experiment) {
  std::filesystem::path out;
  for (const auto& part : std::filesystem::path(io::printable(experiment)).relative_path()) {
    std::string name = part.string();
    std::replace_if(
        name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 32 || c == '\\'; },
        '-');
    out /= name == "." || name == ".." ? "up" : name;
  }
  return out.empty() ? "experiment" : out.string();
}

}  // namespace stroma::store

// An archive in memory, for tests of what is saved and restored.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/archive.hpp"
#include "core/diagnostics.hpp"

namespace stroma::test {

/// A saved state in memory, whose arrays a test can read and spoil.
class MemoryArchive : public core::ArchiveWriter, public core::ArchiveReader {
 public:
  struct Entry {
    core::Scalar type{};
    std::vector<unsigned char> bytes;
    std::size_t count() const { return bytes.size() / core::size_of(type); }
    bool is_real() const { return type == core::Scalar::f32 || type == core::Scalar::f64; }
  };

  void write(std::string_view name, core::Scalar type, const void* data, std::size_t count) override {
    Entry& entry = entries[std::string(name)];
    entry.type = type;
    const auto* const bytes = static_cast<const unsigned char*>(data);
    entry.bytes.assign(bytes, bytes + count * core::size_of(type));
  }
  bool has(std::string_view name) const override { return entries.contains(std::string(name)); }
  std::size_t count(std::string_view name, core::Scalar type) override { return find(name, type).count(); }
  void read(std::string_view name, core::Scalar type, void* data, std::size_t count) override {
    const Entry& entry = find(name, type);
    if (entry.count() != count) refuse(name);
    std::copy(entry.bytes.begin(), entry.bytes.end(), static_cast<unsigned char*>(data));
  }
  /// Writes `value` in place of element `index` of an array of type T.
  template <class T>
  void put(const std::string& name, std::size_t index, T value) {
    std::memcpy(entries.at(name).bytes.data() + index * sizeof(T), &value, sizeof(T));
  }

  std::map<std::string, Entry> entries;

 private:
  const Entry& find(std::string_view name, core::Scalar type) const {
    const auto found = entries.find(std::string(name));
    if (found == entries.end() || found->second.type != type) refuse(name);
    return found->second;
  }
  [[noreturn]] static void refuse(std::string_view name) {
    core::Diagnostics problems;
    problems.add("bad-array", {}, std::string(name), "absent, or of another type or length");
    problems.throw_if_any();
    std::abort();
  }
};

}  // namespace stroma::test

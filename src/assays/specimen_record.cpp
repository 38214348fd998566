// A specimen as bytes: "STSP", version, fields little-endian in the order of the struct, then 32 hexadecimal
// digits of the XXH3 hash over everything before them. Numbers of elements are checked against the bytes that
// are left before memory is taken.
#include <bit>
#include <cmath>
#include <cstring>

#include "assays/specimen.hpp"
#include "core/diagnostics.hpp"
#include "core/errors.hpp"
#include "core/hash.hpp"

namespace stroma::assays {
namespace {

static_assert(std::endian::native == std::endian::little, "records are little-endian");

constexpr std::string_view magic = "STSP";
constexpr std::uint32_t version = 1;
constexpr std::size_t checksum_size = 32;

std::string checksum(std::string_view bytes) {
  core::Hasher hasher;
  hasher.bytes(bytes.data(), bytes.size());
  return hasher.digest();
}

[[noreturn]] void refuse(const char* code, std::string message) {
  core::Diagnostics problems;
  problems.add(code, {}, "specimen", std::move(message), "the run that made it has to be repeated");
  problems.throw_if_any();
  throw core::InternalError("unreachable");
}

class Writer {
 public:
  template <class T>
  void number(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void size(std::size_t n) { number(static_cast<std::uint32_t>(n)); }
  void text(std::string_view value) {
    size(value.size());
    bytes_.append(value);
  }
  std::string& bytes() { return bytes_; }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  template <class T>
  T number() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  double finite(double low) {
    const double value = number<double>();
    if (!std::isfinite(value) || value < low)
      refuse("specimen-damaged", "a stored specimen holds an impossible number");
    return value;
  }
  std::int64_t cells() {
    const auto value = number<std::int64_t>();
    if (value < 0) refuse("specimen-damaged", "a stored specimen holds a negative number of cells");
    return value;
  }
  /// A number of elements of at least `each` bytes.
  std::size_t size(std::size_t each) {
    const std::size_t n = number<std::uint32_t>();
    if (n > bytes_.size() / each) refuse("specimen-damaged", "a stored specimen ends early");
    return n;
  }
  std::string text() { return std::string(take(size(1))); }
  bool done() const { return bytes_.empty(); }

 private:
  std::string_view take(std::size_t n) {
    if (n > bytes_.size()) refuse("specimen-damaged", "a stored specimen ends early");
    const std::string_view part = bytes_.substr(0, n);
    bytes_.remove_prefix(n);
    return part;
  }
  std::string_view bytes_;
};

void write(Writer& out, const CellSpecimen& type) {
  out.text(type.cell_type);
  out.number(type.pipetted);
  out.number(type.fates.live);
  out.number(type.fates.early_apoptotic);
  out.number(type.fates.late_apoptotic);
  out.number(type.fates.necrotic);
  out.size(type.nodes.size());
  for (const std::string& node : type.nodes) out.text(node);
  out.size(type.lysate.size());
  for (const double mean : type.lysate) out.number(mean);
  out.size(type.lineage_sizes.size());
  for (const std::int32_t size : type.lineage_sizes) out.number(size);
}

CellSpecimen read_type(Reader& in) {
  CellSpecimen type;
  type.cell_type = in.text();
  type.pipetted = in.finite(0.0);
  type.fates.live = in.cells();
  type.fates.early_apoptotic = in.cells();
  type.fates.late_apoptotic = in.cells();
  type.fates.necrotic = in.cells();
  type.nodes.resize(in.size(4));
  for (std::string& node : type.nodes) node = in.text();
  type.lysate.resize(in.size(8));
  for (double& mean : type.lysate) mean = in.finite(0.0);
  type.lineage_sizes.resize(in.size(4));
  for (std::int32_t& size : type.lineage_sizes) size = in.number<std::int32_t>();
  if (type.lysate.size() != type.nodes.size())
    refuse("specimen-damaged", "a stored specimen has a node without a value");
  return type;
}

}  // namespace

std::string encode(const Specimen& specimen) {
  Writer out;
  out.bytes().append(magic);
  out.number(version);
  out.number(specimen.scale);
  out.number(specimen.minutes);
  out.number(specimen.serum);
  out.number(specimen.volume);
  out.size(specimen.medium.size());
  for (const Analyte& analyte : specimen.medium) {
    out.text(analyte.substance);
    out.number(analyte.concentration);
  }
  out.size(specimen.cells.size());
  for (const CellSpecimen& type : specimen.cells) write(out, type);
  // Weights follow where there are any, so that all others have the bytes that they had.
  if (specimen.is_weighted())
    for (const CellSpecimen& type : specimen.cells) out.number(type.weight);
  out.bytes().append(checksum(out.bytes()));
  return std::move(out.bytes());
}

Specimen decode(std::string_view bytes) {
  if (bytes.size() < magic.size() + sizeof version + checksum_size || !bytes.starts_with(magic))
    refuse("specimen-damaged", "these bytes are no stored specimen");
  const std::string_view body = bytes.substr(0, bytes.size() - checksum_size);
  if (checksum(body) != bytes.substr(body.size()))
    refuse("specimen-damaged", "a stored specimen was damaged: its checksum does not match");
  Reader in(body.substr(magic.size()));
  const auto found = in.number<std::uint32_t>();
  if (found != version)
    refuse("specimen-version",
           "a stored specimen is of version " + std::to_string(found) + ", not " + std::to_string(version));
  Specimen out;
  out.scale = in.finite(0.0);
  out.minutes = in.finite(0.0);
  out.serum = in.finite(0.0);
  out.volume = in.finite(0.0);
  out.medium.resize(in.size(12));
  for (Analyte& analyte : out.medium) {
    analyte.substance = in.text();
    analyte.concentration = in.finite(0.0);
  }
  const std::size_t types = in.size(64);
  for (std::size_t i = 0; i < types; ++i) out.cells.push_back(read_type(in));
  if (!in.done())
    for (CellSpecimen& type : out.cells) type.weight = in.finite(0.0);
  if (!in.done()) refuse("specimen-damaged", "a stored specimen has bytes left over");
  return out;
}

}  // namespace stroma::assays

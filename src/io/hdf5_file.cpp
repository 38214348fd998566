#include "io/hdf5_file.hpp"

#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <set>
#include <utility>

#include "core/errors.hpp"

namespace stroma::io {
namespace {

static_assert(std::endian::native == std::endian::little, "the files are little-endian");

/// An object of the library, closed on every way out.
class Id {
 public:
  Id(hid_t id, herr_t (*close)(hid_t), std::string_view what) : id_(id), close_(close) {
    if (id < 0) throw core::InternalError(fmt::format("the HDF5 library refused: {}", what));
  }
  Id(const Id&) = delete;
  Id& operator=(const Id&) = delete;
  ~Id() { close_(id_); }
  operator hid_t() const { return id_; }  // NOLINT: what the library's functions take

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

template <class Result>
Result check(Result result, std::string_view what) {
  if (result < 0) throw core::InternalError(fmt::format("the HDF5 library refused: {}", what));
  return result;
}

hid_t type_of(core::Scalar type) {
  switch (type) {
    case core::Scalar::u8:
      return H5T_STD_U8LE;
    case core::Scalar::i32:
      return H5T_STD_I32LE;
    case core::Scalar::u32:
      return H5T_STD_U32LE;
    case core::Scalar::i64:
      return H5T_STD_I64LE;
    case core::Scalar::u64:
      return H5T_STD_U64LE;
    case core::Scalar::f32:
      return H5T_IEEE_F32LE;
    case core::Scalar::f64:
      return H5T_IEEE_F64LE;
  }
  throw core::InternalError("unknown scalar type");
}

// What h5py takes for booleans.
hid_t boolean_type() {
  const hid_t type = H5Tenum_create(H5T_STD_I8LE);
  const std::int8_t no = 0, yes = 1;
  check(H5Tenum_insert(type, "FALSE", &no), "a boolean type");
  check(H5Tenum_insert(type, "TRUE", &yes), "a boolean type");
  return type;
}

hid_t string_type() {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

std::vector<const char*> pointers(std::span<const std::string> values) {
  std::vector<const char*> out;
  for (const std::string& value : values) {
    core::require(value.find('\0') == std::string::npos, "an HDF5 text holds a NUL");
    out.push_back(value.c_str());
  }
  return out;
}

// Chunks for compression: planes of a 3-D array, else 64 Ki elements of the slowest dimension.
std::vector<hsize_t> chunks_of(std::span<const std::uint64_t> dims) {
  std::vector<hsize_t> chunk(dims.begin(), dims.end());
  std::uint64_t row = 1;
  for (std::size_t d = 1; d < dims.size(); ++d) row *= std::max<std::uint64_t>(1, dims[d]);
  constexpr std::uint64_t elements = 65536;
  chunk[0] = dims.size() == 3
                 ? 1
                 : std::clamp<std::uint64_t>(elements / row, 1, std::max<std::uint64_t>(1, dims[0]));
  return chunk;
}

}  // namespace

struct Hdf5File::Library {
  hid_t file = -1;
  hid_t access = -1;
  std::size_t base = 0;  // where the HDF5 signature stands
  std::set<std::string> groups{"/"};
  std::set<std::string> datasets;

  Library() = default;
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() {
    if (file >= 0) H5Fclose(file);
    if (access >= 0) H5Pclose(access);
  }

  void make_groups(const std::string& path) {
    for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1))
      make_group(path.substr(0, at));
  }
  void make_group(const std::string& path) {
    if (!groups.insert(path).second) return;
    core::require(!datasets.contains(path), "an HDF5 group and a dataset share a name");
    const Id creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, "a property list");
    check(H5Pset_obj_track_times(creation, false), "no time stamps");
    const Id link(link_creation(), H5Pclose, "a property list");
    const Id made(H5Gcreate2(file, path.c_str(), link, creation, H5P_DEFAULT), H5Gclose, path);
  }
  static hid_t link_creation() {
    const hid_t list = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_char_encoding(list, H5T_CSET_UTF8);
    return list;
  }

  /// Creates (and opens) a dataset of our conventions.
  hid_t create(const std::string& path, hid_t type, hid_t space, hid_t creation) {
    make_groups(path);
    core::require(!groups.contains(path) && datasets.insert(path).second, "an HDF5 dataset is written twice");
    check(H5Pset_obj_track_times(creation, false), "no time stamps");
    const Id link(link_creation(), H5Pclose, "a property list");
    return H5Dcreate2(file, path.c_str(), type, space, link, creation, H5P_DEFAULT);
  }

  void write_attribute(const std::string& path, const char* name, hid_t file_type, hid_t memory_type,
                       hid_t space, const void* data) const {
    const Id object(H5Oopen(file, path.c_str(), H5P_DEFAULT), H5Oclose, path);
    const Id made(H5Acreate2(object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, name);
    if (data != nullptr) check(H5Awrite(made, memory_type, data), name);  // an empty array has no data
  }
  void scalar_attribute(const std::string& path, const char* name, hid_t type, const void* data) const {
    const Id space(H5Screate(H5S_SCALAR), H5Sclose, "a scalar");
    write_attribute(path, name, type, type, space, data);
  }
};

namespace {

std::string absolute(const std::string& path) {
  return path.starts_with('/') ? path : '/' + path;
}

hid_t simple_space(std::span<const std::uint64_t> dims) {
  if (dims.empty()) return H5Screate(H5S_SCALAR);
  const std::vector<hsize_t> lengths(dims.begin(), dims.end());
  return H5Screate_simple(static_cast<int>(lengths.size()), lengths.data(), nullptr);
}

}  // namespace

Hdf5File::Hdf5File(bool user_block) : library_(std::make_unique<Library>()) {
  // Failures come back as return values and are said in our words; the library's own printing is switched
  // off.
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const Id creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "a property list");
  library_->base = user_block ? hdf5_user_block : 0;
  check(H5Pset_userblock(creation, library_->base), "a user block");
  check(H5Pset_obj_track_times(creation, false), "no time stamps");
  library_->access = check(H5Pcreate(H5P_FILE_ACCESS), "a property list");
  // The memory grows by steps: realloc(3) moves pages of large blocks and does not copy them.
  constexpr std::size_t step = std::size_t{4} << 20;
  check(H5Pset_fapl_core(library_->access, step, false), "files in memory");
  // The library takes two open files of one name for one file; no two of ours live at one address.
  const std::string name = fmt::format("memory {}", static_cast<const void*>(library_.get()));
  library_->file =
      check(H5Fcreate(name.c_str(), H5F_ACC_TRUNC, creation, library_->access), "a file in memory");
}

Hdf5File::~Hdf5File() = default;

void Hdf5File::group(const std::string& path) {
  const std::string whole = absolute(path);
  library_->make_groups(whole);
  library_->make_group(whole);
}

Hdf5File::Extent Hdf5File::dataset(const std::string& path, core::Scalar type,
                                   std::span<const std::uint64_t> dims, const void* data, int deflate) {
  const std::string whole = absolute(path);
  std::uint64_t count = 1;
  for (const std::uint64_t length : dims) count *= length;
  const Id space(simple_space(dims), H5Sclose, "dimensions");
  const Id creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "a property list");
  check(H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER), "no fill values");
  const bool compressed = deflate > 0 && count > 0 && !dims.empty();
  if (compressed) {
    const std::vector<hsize_t> chunk = chunks_of(dims);
    check(H5Pset_chunk(creation, static_cast<int>(chunk.size()), chunk.data()), "chunks");
    check(H5Pset_shuffle(creation), "shuffling");
    check(H5Pset_deflate(creation, static_cast<unsigned>(std::min(deflate, 9))), "compression");
  } else {
    check(H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY), "early allocation");
  }
  const Id made(library_->create(whole, type_of(type), space, creation), H5Dclose, path);
  if (count == 0) return {};
  check(H5Dwrite(made, type_of(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, data), path);
  if (compressed) return {};
  const haddr_t offset = H5Dget_offset(made);
  core::require(offset != HADDR_UNDEF, "an HDF5 dataset has no place");
  return {offset, count * core::size_of(type)};
}

void Hdf5File::booleans(const std::string& path, std::span<const std::uint8_t> values) {
  const std::uint64_t count = values.size();
  const Id space(simple_space({&count, 1}), H5Sclose, "dimensions");
  const Id creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "a property list");
  const Id type(boolean_type(), H5Tclose, "a boolean type");
  const Id made(library_->create(absolute(path), type, space, creation), H5Dclose, path);
  const std::vector<std::int8_t> written(values.begin(), values.end());
  if (count > 0) check(H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, written.data()), path);
}

void Hdf5File::strings(const std::string& path, std::span<const std::string> values) {
  const std::uint64_t count = values.size();
  const Id space(simple_space({&count, 1}), H5Sclose, "dimensions");
  const Id creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "a property list");
  const Id type(string_type(), H5Tclose, "a text type");
  const Id made(library_->create(absolute(path), type, space, creation), H5Dclose, path);
  if (count > 0) check(H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers(values).data()), path);
}

void Hdf5File::string(const std::string& path, const std::string& value) {
  const Id space(H5Screate(H5S_SCALAR), H5Sclose, "a scalar");
  const Id creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "a property list");
  const Id type(string_type(), H5Tclose, "a text type");
  const Id made(library_->create(absolute(path), type, space, creation), H5Dclose, path);
  check(H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers({&value, 1}).data()), path);
}

void Hdf5File::attribute(const std::string& path, const char* name, std::string_view value) {
  const std::string text(value);
  const Id type(string_type(), H5Tclose, "a text type");
  library_->scalar_attribute(absolute(path), name, type, pointers({&text, 1}).data());
}

void Hdf5File::attribute(const std::string& path, const char* name, std::span<const std::string> values) {
  const Id type(string_type(), H5Tclose, "a text type");
  const std::uint64_t count = values.size();
  const Id space(simple_space({&count, 1}), H5Sclose, "dimensions");
  library_->write_attribute(absolute(path), name, type, type, space, pointers(values).data());
}

void Hdf5File::attribute(const std::string& path, const char* name, std::int64_t value) {
  library_->scalar_attribute(absolute(path), name, H5T_STD_I64LE, &value);
}

void Hdf5File::attribute(const std::string& path, const char* name, double value) {
  library_->scalar_attribute(absolute(path), name, H5T_IEEE_F64LE, &value);
}

void Hdf5File::attribute(const std::string& path, const char* name, std::span<const double> values) {
  const std::uint64_t count = values.size();
  const Id space(simple_space({&count, 1}), H5Sclose, "dimensions");
  library_->write_attribute(absolute(path), name, H5T_IEEE_F64LE, H5T_IEEE_F64LE, space, values.data());
}

void Hdf5File::boolean_attribute(const std::string& path, const char* name, bool value) {
  const Id type(boolean_type(), H5Tclose, "a boolean type");
  const std::int8_t written = value ? 1 : 0;
  library_->scalar_attribute(absolute(path), name, type, &written);
}

void Hdf5File::external_link(const std::string& path, const std::string& file, const std::string& target) {
  const std::string whole = absolute(path);
  library_->make_groups(whole);
  core::require(library_->datasets.insert(whole).second, "an HDF5 link is written twice");
  const Id link(Library::link_creation(), H5Pclose, "a property list");
  check(H5Lcreate_external(file.c_str(), target.c_str(), library_->file, whole.c_str(), link, H5P_DEFAULT),
        path);
}

std::span<char> Hdf5File::bytes() {
  check(H5Fflush(library_->file, H5F_SCOPE_GLOBAL), "flush");
  void* handle = nullptr;
  check(H5Fget_vfd_handle(library_->file, library_->access, &handle), "the file's memory");
  hsize_t held = 0;
  check(H5Fget_filesize(library_->file, &held), "the file's size");
  core::require(handle != nullptr && held > library_->base + 64, "an HDF5 file in memory has no bytes");
  // For a file in memory the handle is the address of the pointer to its first byte. How much of that memory
  // is the file stands in the superblock ("end of file address": at byte 40 of version 0, 28 of versions 2
  // and 3); the library's own answers count the last step of memory, or leave out the user block.
  char* const data = *static_cast<char**>(handle);
  const char* const superblock = data + library_->base;
  core::require(superblock[8] == 0 || superblock[8] == 2 || superblock[8] == 3, "an unknown HDF5 superblock");
  std::uint64_t size = 0;
  std::memcpy(&size, superblock + (superblock[8] == 0 ? 40 : 28), sizeof size);
  core::require(size > library_->base && size <= held + library_->base,
                "an HDF5 file ends beyond its memory");
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace stroma::io

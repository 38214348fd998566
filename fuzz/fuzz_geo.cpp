// Arbitrary bytes as a series matrix, a platform table and a list of genes, plain and as the inside of gzip:
// they are read or refused in words, and what was read obeys the format.
#include <zlib.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "core/diagnostics.hpp"
#include "io/geo_platform.hpp"
#include "io/geo_series.hpp"
#include "io/resistance_genes.hpp"

using namespace stroma;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void read_all(std::string_view bytes) {
  io::GeoSeriesOptions options;
  options.limits.bytes = std::uint64_t{8} << 20;
  options.missing_words = {"null"};
  try {
    const assays::ExpressionSeries s = io::read_geo_series(bytes, "f", options);
    check(!s.probes.empty() && !s.samples.empty());
    check(s.values.rows == s.probes.size() && s.values.columns == s.samples.size());
    check(s.values.values.size() == s.values.rows * s.values.columns);
    check(std::set<std::string>(s.probes.begin(), s.probes.end()).size() == s.probes.size());
    std::size_t missing = 0;
    for (const double v : s.values.values) {
      check(!std::isinf(v));
      missing += std::isnan(v) ? 1 : 0;
    }
    check(missing == s.missing);
    core::Diagnostics problems;
    const assays::SampleGroups groups = assays::choose_groups(s, "a|treatment=b vs c", problems);
    if (problems.empty()) assays::analyse_expression(s, groups, nullptr, {}, problems);
  } catch (const core::InputError& error) {
    check(!error.diagnostics().empty());
  }
  try {
    io::GeoPlatformOptions platform;
    platform.limits.bytes = std::uint64_t{8} << 20;
    const assays::ProbeGenes genes = io::read_geo_platform(bytes, "f", platform);
    check(genes.gene.size() == genes.probes);
  } catch (const core::InputError& error) {
    check(!error.diagnostics().empty());
  }
  try {
    for (const assays::ResistanceGene& gene : io::read_resistance_genes(bytes, "f"))
      check(!gene.symbol.empty());
  } catch (const core::InputError& error) {
    check(!error.diagnostics().empty());
  }
}

std::string packed(std::string_view text) {
  z_stream z{};
  check(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&z, text.size()), '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  check(deflate(&z, Z_FINISH) == Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read_all(bytes);
  read_all(packed(bytes));
  return 0;
}

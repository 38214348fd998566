// Series matrix files with planted genes and known truth, as GEO writes them, and gzip.
#pragma once

#include <fmt/format.h>
#include <zlib.h>

#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/random.hpp"

namespace stroma::test {

inline std::string gzip(std::string_view text, int level = 6) {
  z_stream z{};
  if (deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  std::string out(deflateBound(&z, text.size()), '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  if (deflate(&z, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("deflate");
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

struct PlantedSeries {
  std::string accession = "GSE1";
  std::size_t genes = 1000;
  std::size_t per_group = 4;
  std::uint64_t seed = 1;
  bool logarithms = true;
  double sd = 0.25;  ///< of log2 values, the typical gene; genes differ by a factor exp(N(0, 0.3))
  /// True log2 change of gene g (from 0).
  std::function<double(std::size_t)> change = [](std::size_t) { return 0.0; };
  std::function<std::string(std::size_t)> probe = [](std::size_t g) { return fmt::format("GENE{}", g); };
  /// Which samples say "CXCL12"; the planted changes are in the second half.
  std::function<bool(std::size_t, std::size_t)> treated = [](std::size_t sample, std::size_t half) {
    return sample >= half;
  };
};

/// The file's text. Samples are GSM<accession's digits><number>, with a title and the characteristic
/// "treatment: CXCL12" or "treatment: vehicle".
inline std::string series_matrix(const PlantedSeries& s) {
  const std::size_t n = 2 * s.per_group;
  std::string out = fmt::format(
      "!Series_title\t\"planted\"\n!Series_geo_accession\t\"{}\"\n"
      "!Series_platform_id\t\"GPL1\"\n\n!Sample_title",
      s.accession);
  const auto gsm = [&](std::size_t k) { return fmt::format("GSM{}{:03}", s.accession.substr(3), k + 1); };
  for (std::size_t k = 0; k < n; ++k)
    out += fmt::format("\t\"Huh7 {} replicate {}\"", s.treated(k, s.per_group) ? "CXCL12" : "vehicle", k + 1);
  out += "\n!Sample_geo_accession";
  for (std::size_t k = 0; k < n; ++k) out += fmt::format("\t\"{}\"", gsm(k));
  out += "\n!Sample_characteristics_ch1";
  for (std::size_t k = 0; k < n; ++k)
    out += fmt::format("\t\"treatment: {}\"", s.treated(k, s.per_group) ? "CXCL12" : "vehicle");
  out += "\n!series_matrix_table_begin\n\"ID_REF\"";
  for (std::size_t k = 0; k < n; ++k) out += fmt::format("\t\"{}\"", gsm(k));
  out += '\n';
  for (std::size_t g = 0; g < s.genes; ++g) {
    core::Stream draw(s.seed, core::Purpose::test, g);
    const double level = 8.0 + 1.5 * draw.normal(), sd = s.sd * std::exp(0.3 * draw.normal());
    out += fmt::format("\"{}\"", s.probe(g));
    for (std::size_t k = 0; k < n; ++k) {
      const double v = level + (k >= s.per_group ? s.change(g) : 0.0) + sd * draw.normal();
      fmt::format_to(std::back_inserter(out), "\t{:.4f}", s.logarithms ? v : std::exp2(v));
    }
    out += '\n';
  }
  return out + "!series_matrix_table_end\n";
}

}  // namespace stroma::test

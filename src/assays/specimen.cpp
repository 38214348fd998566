#include "assays/specimen.hpp"

#include <algorithm>

#include "core/diagnostics.hpp"
#include "core/errors.hpp"

namespace stroma::assays {
namespace {

[[noreturn]] void unknown(const char* code, std::string_view name, const char* what,
                          std::vector<std::string> known) {
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  core::Diagnostics problems;
  problems.add(code, {}, std::string(name), std::string(what) + " '" + std::string(name) + "'",
               core::did_you_mean(name, known));
  problems.throw_if_any();
  throw core::InternalError("unreachable");
}

}  // namespace

CellCounts Specimen::counts() const {
  CellCounts n;
  for (const CellSpecimen& type : cells) {
    n.live += type.weight * static_cast<double>(type.fates.live);
    n.early_apoptotic += type.weight * static_cast<double>(type.fates.early_apoptotic);
    n.late_apoptotic += type.weight * static_cast<double>(type.fates.late_apoptotic);
    n.necrotic += type.weight * static_cast<double>(type.fates.necrotic);
  }
  return n;
}

bool Specimen::is_weighted() const {
  return std::ranges::any_of(cells, [](const CellSpecimen& type) { return type.weight != 1.0; });
}

double Specimen::pipetted() const {
  double n = 0.0;
  for (const CellSpecimen& type : cells) n += type.pipetted;
  return n;
}

double lysate_mean(const Specimen& specimen, std::string_view node) {
  double total = 0.0, cells = 0.0;
  bool known = false;
  for (const CellSpecimen& type : specimen.cells) {
    const double n = type.weight * static_cast<double>(type.fates.total());
    cells += n;
    const auto found = std::find(type.nodes.begin(), type.nodes.end(), node);
    if (found == type.nodes.end()) continue;
    known = true;
    total += n * type.lysate[static_cast<std::size_t>(found - type.nodes.begin())];
  }
  if (!known) {
    std::vector<std::string> all;
    for (const CellSpecimen& type : specimen.cells)
      all.insert(all.end(), type.nodes.begin(), type.nodes.end());
    unknown("unknown-node", node, "no cell of the lysate has a node", std::move(all));
  }
  return cells > 0.0 ? total / cells : 0.0;
}

double medium_concentration(const Specimen& specimen, std::string_view substance) {
  std::vector<std::string> all;
  for (const Analyte& analyte : specimen.medium) {
    if (analyte.substance == substance) return analyte.concentration;
    all.push_back(analyte.substance);
  }
  unknown("unknown-substance", substance, "the medium lists no", std::move(all));
}

}  // namespace stroma::assays

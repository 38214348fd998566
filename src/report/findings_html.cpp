#include "report/findings_html.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "report/markup.hpp"
#include "report/words.hpp"

namespace stroma::report {
namespace {

constexpr std::array verdicts{Verdict::reproduced, Verdict::contradicted, Verdict::inconclusive};

std::string badge(Verdict verdict) {
  return "<span class=\"verdict " + word(verdict) + "\"><span aria-hidden=\"true\">" + mark(verdict) +
         "</span> " + word(verdict) + "</span>";
}

std::string cell(const std::string& text, const char* kind = "") {
  return "<td" + (*kind ? " class=\"" + std::string(kind) + "\"" : std::string()) + ">" +
         core::escape_markup(text) + "</td>";
}

std::string result_cells(const FindingResult& r) {
  return cell(std::to_string(r.n), "num") + cell(print(r.effect.value, 2), "num") +
         cell(print(r.effect.interval, 2), "num") + cell(print_p(r.p), "num");
}

// One row of counts and a bar of their shares.
std::string counts_row(const std::vector<Finding>& findings, Role role, bool larger) {
  std::array<int, 3> counts{};
  int total = 0, n = 0;
  for (const auto& f : findings) {
    if (f.role != role || (larger && !f.larger)) continue;
    const FindingResult& r = larger ? *f.larger : f.result;
    ++counts[static_cast<std::size_t>(r.verdict)];
    ++total;
    n = std::max(n, r.n);
  }
  if (total == 0) return "";
  std::string row = "<tr><th scope=\"row\">" + word(role) + ", <i>n</i> = " + std::to_string(n) + "</th>";
  for (std::size_t i = 0; i < 3; ++i)
    row += "<td class=\"num\"><b>" + std::to_string(counts[i]) + "</b></td>";
  row += "<td class=\"num\">" + std::to_string(total) +
         "</td><td class=\"share\" aria-hidden=\"true\"><span class=\"bar\">";
  for (std::size_t i = 0; i < 3; ++i)
    if (counts[i])
      row += "<i class=\"" + word(verdicts[i]) + "\" style=\"flex:" + std::to_string(counts[i]) + "\"></i>";
  return row + "</span></td></tr>\n";
}

}  // namespace

std::string verdict_counts_html(const std::vector<Finding>& findings) {
  std::string out =
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Number of findings by "
      "verdict\"><table class=\"counts\"><thead><tr><th scope=\"col\">findings</th>";
  for (const Verdict v : verdicts) out += "<th scope=\"col\" class=\"num\">" + badge(v) + "</th>";
  out +=
      "<th scope=\"col\" class=\"num\">all</th><th scope=\"col\" class=\"share\"><span "
      "class=\"hidden\">share</span></th></tr></thead><tbody>\n";
  for (const Role role : {Role::predicted, Role::calibrated})
    for (const bool larger : {false, true}) out += counts_row(findings, role, larger);
  return out + "</tbody></table></div>\n";
}

std::string findings_table_html(const std::vector<Finding>& findings) {
  const bool larger =
      std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.larger.has_value(); });
  int n = 0, n_larger = 0;
  for (const auto& f : findings) {
    n = std::max(n, f.result.n);
    if (f.larger) n_larger = std::max(n_larger, f.larger->n);
  }
  const auto head = [](const std::string& text, const char* kind = "") {
    return "<th scope=\"col\" class=\"" + std::string(kind) + "\">" + text + "</th>";
  };
  const auto at = [](int count) {
    return " <span class=\"at\">(<i>n</i> = " + std::to_string(count) + ")</span>";
  };
  const std::vector<int> sizes = larger ? std::vector<int>{n, n_larger} : std::vector<int>{n};
  std::string out =
      "<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"All findings\"><table "
      "class=\"findings\"><thead><tr>";
  // What decides stands first, where a narrow screen shows it; what identifies a row in other files follows.
  out += head("id");
  for (const int size : sizes) out += head("verdict" + at(size));
  out += head("arm against reference") + head("paper");
  for (const int size : sizes)
    out += head("<i>n</i>", "num") + head("log2 effect" + at(size), "num") + head("95 % interval", "num") +
           head("<i>p</i>", "num");
  out += head("readout") + head("system") + head("figure") + head("role") + head("test") +
         "</tr></thead><tbody>\n";
  for (const auto& f : findings) {
    out += "<tr id=\"finding-" + core::escape_markup(f.id) + "\"><th scope=\"row\">" +
           core::escape_markup(f.id) + "</th><td>" + badge(f.result.verdict) + "</td>";
    if (larger) out += f.larger ? "<td>" + badge(f.larger->verdict) + "</td>" : "<td>–</td>";
    out += "<td class=\"arms\">" + core::escape_markup(f.arm) + "<br><span class=\"against\">against " +
           core::escape_markup(f.reference_arm) + "</span>";
    if (!f.note.empty()) out += "<br><span class=\"note\">" + core::escape_markup(f.note) + "</span>";
    out += "</td><td class=\"short\"><span aria-hidden=\"true\">" + mark(f.expected) + "</span> " +
           word(f.expected) + "</td>";
    out += result_cells(f.result);
    if (larger) out += f.larger ? result_cells(*f.larger) : "<td>–</td><td>–</td><td>–</td><td>–</td>";
    out += cell(f.readout, "readout") + cell(f.system) + cell(f.figure) + cell(word(f.role)) +
           cell(f.test, "test") + "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

}  // namespace stroma::report

// The page is a template from web/ with slots: head, body, data, styles and script. All words are in the body
// as HTML, so that they can be read, searched and printed without a script; the script draws the figures.
#include "report/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "report/assets.hpp"
#include "report/figures.hpp"
#include "report/findings_html.hpp"
#include "report/markup.hpp"
#include "report/pictures_html.hpp"
#include "report/words.hpp"

namespace stroma::report {
namespace {

std::string paragraphs(const std::string& text) {
  std::string out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    std::size_t end = text.find("\n\n", begin);
    if (end == std::string::npos) end = text.size();
    if (end > begin)
      out += "<p>" + core::escape_markup(std::string_view(text).substr(begin, end - begin)) + "</p>\n";
    begin = end + 2;
  }
  return out;
}

std::string button(const std::string& action, const std::string& id, const std::string& label,
                   const std::string& describes) {
  return "<button type=\"button\" data-" + action + "=\"" + core::escape_markup(id) + "\" aria-label=\"" +
         core::escape_markup(describes) + "\">" + label + "</button>";
}

std::string statistics_html(const std::vector<Statistic>& statistics) {
  if (statistics.empty()) return "";
  const bool ratios = std::any_of(statistics.begin(), statistics.end(),
                                  [](const Statistic& s) { return std::isfinite(s.ratio.value); });
  std::string out =
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Statistics\"><table "
      "class=\"statistics\"><thead><tr><th scope=\"col\">comparison</th><th scope=\"col\" "
      "class=\"num\"><i>n</i></th><th scope=\"col\">test</th><th scope=\"col\">statistic</th><th "
      "scope=\"col\" class=\"num\"><i>p</i></th><th scope=\"col\" class=\"num\">estimate</th><th "
      "scope=\"col\" class=\"num\">95 % interval</th>";
  if (ratios)
    out +=
        "<th scope=\"col\" class=\"num\" title=\"ratio of geometric means of this pair alone, not adjusted "
        "for "
        "other pairs\">ratio, pair alone (95 % interval)</th>";
  out += "</tr></thead><tbody>\n";
  for (const auto& s : statistics) {
    out += "<tr><th scope=\"row\">" + core::escape_markup(s.comparison) + "</th><td class=\"num\">" +
           std::to_string(s.n) + "</td><td>" + core::escape_markup(s.test) + "</td><td>" +
           core::escape_markup(s.statistic) + "</td><td class=\"num\">" + print_p(s.p) +
           "</td><td class=\"num\">" +
           (s.estimate_name.empty() ? "" : core::escape_markup(s.estimate_name) + " ") +
           print(s.estimate.value) + "</td><td class=\"num\">" + print(s.estimate.interval) + "</td>";
    if (ratios)
      out += "<td class=\"num\">" + print(s.ratio.value) +
             (std::isfinite(s.ratio.value) ? " (" + print(s.ratio.interval) + ")" : "") + "</td>";
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string figure_html(const std::string& id, const std::string& panel, const std::string& title,
                        const std::string& see, const std::string& alt, const Caption& caption,
                        bool interactive) {
  const std::string name = panel.empty() ? title : "Figure " + panel;
  std::string out = "<figure id=\"fig-" + id + "\">\n<h3>";
  if (!panel.empty()) out += "<span class=\"panel\">Fig. " + core::escape_markup(panel) + "</span> ";
  out += core::escape_markup(title) + "</h3>\n<p class=\"see\">" + core::escape_markup(see) + "</p>\n";
  out += "<div class=\"plot\" data-figure=\"" + id + "\" tabindex=\"0\" role=\"" +
         (interactive ? "group" : "img") + "\" aria-label=\"" + core::escape_markup(alt) + "\"></div>\n";
  out += "<figcaption>" + paragraphs(caption.text) + statistics_html(caption.statistics) +
         "<p class=\"buttons\">" + button("svg", id, "SVG", name + " as SVG") +
         button("csv", id, "CSV", "data of " + name + " as CSV") + "</p></figcaption>\n</figure>\n";
  return out;
}

/// Whether a column holds counts: whole numbers only, which need no decimals.
bool holds_counts(const Table& table, std::size_t column) {
  constexpr double most = 1e6;
  return std::all_of(table.rows.begin(), table.rows.end(), [&](const std::vector<Cell>& row) {
    const auto* number = column < row.size() ? std::get_if<double>(&row[column]) : nullptr;
    return number == nullptr || std::isnan(*number) ||
           (std::abs(*number) < most && *number == std::floor(*number));
  });
}

std::string table_html(const Table& table) {
  std::string out = "<section class=\"table\" id=\"table-" + table.id + "\"><h3>" +
                    core::escape_markup(table.title) + "</h3>\n";
  if (!table.lead.empty()) out += "<p>" + core::escape_markup(table.lead) + "</p>\n";
  out += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" +
         core::escape_markup(table.title) + "\"><table><thead><tr>";
  for (const auto& column : table.columns)
    out += "<th scope=\"col\">" + core::escape_markup(column) + "</th>";
  out += "</tr></thead><tbody>\n";
  std::vector<bool> counts;
  for (std::size_t i = 0; i < table.columns.size(); ++i) counts.push_back(holds_counts(table, i));
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto* text = std::get_if<std::string>(&row[i]);
      const auto print_number = [&](double v) {
        return i < counts.size() && counts[i] && !std::isnan(v)
                   ? fmt::format("{}{:.0f}", v < 0.0 ? "−" : "", std::abs(v))
                   : print(v, 4);
      };
      const std::string shown = text ? core::escape_markup(*text) : print_number(std::get<double>(row[i]));
      if (i == 0)
        out += "<th scope=\"row\">" + shown + "</th>";
      else
        out += text ? (text->size() > 60 ? "<td class=\"long\">" : "<td>") + shown + "</td>"
                    : "<td class=\"num\">" + shown + "</td>";
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n<p class=\"buttons\">" +
         button("table", table.id, "CSV", table.title + " as CSV") + "</p></section>\n";
}

std::string facts_html(const RunFacts& f) {
  std::string out = "<dl class=\"facts\">";
  const auto add = [&](const char* name, const std::string& value, bool code = false) {
    if (!value.empty())
      out += "<div><dt>" + std::string(name) + "</dt><dd>" + (code ? "<code>" : "") +
             core::escape_markup(value) + (code ? "</code>" : "") + "</dd></div>\n";
  };
  add("program", f.program);
  add("command", f.command, true);
  add("model", f.model);
  add("model hash", f.model_hash, true);
  add("state hash", f.state_hash, true);
  if (f.has_seed) add("seed", std::to_string(f.seed), true);
  add("date", f.date);
  add("machine", f.machine);
  add("wall time", f.wall_time);
  for (const RunFacts::More& fact : f.more) add(fact.name.c_str(), fact.value);
  if (f.runs_requested == 0) return out + "</dl>\n";
  add("runs",
      std::to_string(f.runs_completed) + " of " + std::to_string(f.runs_requested) + " completed" +
          (f.runs_reused ? ", " + std::to_string(f.runs_reused) + " of them taken from the ledger" : "") +
          (f.runs_failed ? "; " + std::to_string(f.runs_failed) + " failed" : ""));
  return out + "</dl>\n";
}

std::string references_html(const std::vector<Reference>& references) {
  std::string out = "<ol class=\"references\">\n";
  for (const auto& r : references) {
    out += "<li id=\"ref-" + core::escape_markup(r.key) + "\">" + core::escape_markup(r.text);
    const auto url = safe_url(r.url);
    if (!url.empty())
      out += " <a href=\"" + core::escape_markup(url) + "\" rel=\"noreferrer\">" + core::escape_markup(url) +
             "</a>";
    out += "</li>\n";
  }
  return out + "</ol>\n";
}

std::string contents_html(const Report& report) {
  std::string out = "<ul>";
  const auto add = [&](const std::string& id, const std::string& title) {
    out += "<li><a href=\"#" + core::escape_markup(id) + "\">" + core::escape_markup(title) + "</a>";
  };
  if (!report.findings.empty()) add("findings", "Findings"), out += "</li>\n";
  for (const auto& section : report.sections) {
    add(section.id, section.title);
    out += "<ul>";
    for (const auto& pictures : section.pictures)
      out += "<li><a href=\"#fig-" + pictures.id + "\">" + core::escape_markup(pictures.title) + "</a></li>";
    for (const auto& figure : section.figures) {
      const std::string name = figure.panel.empty() ? figure.title : figure.panel + " " + figure.title;
      out += "<li><a href=\"#fig-" + figure.id + "\">" + core::escape_markup(name) + "</a></li>";
    }
    for (const auto& table : section.tables)
      out += "<li><a href=\"#table-" + table.id + "\">" + core::escape_markup(table.title) + "</a></li>";
    out += "</ul></li>\n";
  }
  if (!report.methods.empty()) add("methods", "Methods"), out += "</li>\n";
  if (!report.references.empty()) add("references", "References"), out += "</li>\n";
  add("run", report.facts.has_seed ? "This run" : "This page");
  return out + "</li></ul>\n";
}

std::string findings_html(const Report& report) {
  if (report.findings.empty()) return "";
  std::string out =
      "<section id=\"findings\"><h2>Findings</h2>\n<p>Each finding is a published comparison of two arms. "
      "<b>Calibrated</b> findings were used to set parameters; <b>predicted</b> ones were not. "
      "The verdict comes from the 95 % interval of the simulated effect: <b>reproduced</b> if the interval "
      "lies on the side that the paper reports, <b>contradicted</b> if it lies on the other, "
      "<b>inconclusive</b> if it allows both.</p>\n";
  out += verdict_counts_html(report.findings);
  Caption caption;
  caption.text =
      "Point and thick line: mean effect and its 95 % interval at the paper's number of independent "
      "experiments; small open symbol and thin line below it: at the larger number, where there is one. "
      "Shaded: the side of zero on which the paper reports the effect. Circle, reproduced; diamond, "
      "contradicted; square, inconclusive. Tests, p values and n are in the table below. Intervals wider "
      "than the axis are cut at its ends.";
  std::string alt = "Forest plot of " + std::to_string(report.findings.size()) +
                    " findings: log2 effect with 95 % interval and verdict of each. The table of all "
                    "findings below has the same numbers.";
  out += figure_html("findings", "", "All effects",
                     "An interval inside the shaded half reproduces the paper; one in the white half "
                     "contradicts it; one that crosses zero decides nothing.",
                     alt, caption, false);
  out += "<section class=\"table\" id=\"table-findings\"><h3>All findings</h3>\n" +
         findings_table_html(report.findings) + "<p class=\"buttons\">" +
         button("table", "findings", "CSV", "all findings as CSV") + "</p></section>\n";
  return out + "</section>\n";
}

std::string body_html(const Report& report) {
  std::string out = "<header class=\"top\"><p class=\"kicker\">Stroma report</p><h1>" +
                    core::escape_markup(report.title) + "</h1>\n";
  if (!report.source.empty()) out += "<p class=\"source\">" + core::escape_markup(report.source) + "</p>\n";
  if (!report.question.empty())
    out += "<p class=\"question\">" + core::escape_markup(report.question) + "</p>\n";
  if (!report.summary.empty()) out += "<div class=\"summary\">" + paragraphs(report.summary) + "</div>\n";
  std::vector<std::string> warnings = report.warnings;
  if (report.facts.runs_failed > 0)
    warnings.insert(warnings.begin(), std::to_string(report.facts.runs_failed) + " of " +
                                          std::to_string(report.facts.runs_requested) +
                                          " runs failed; what follows rests on the others.");
  for (const auto& warning : warnings)
    out += "<p class=\"warning\" role=\"note\"><b>Note.</b> " + core::escape_markup(warning) + "</p>\n";
  out += "</header>\n" + findings_html(report);
  for (const auto& section : report.sections) {
    out += "<section id=\"" + core::escape_markup(section.id) + "\"><h2>" +
           core::escape_markup(section.title) + "</h2>\n" + paragraphs(section.lead);
    for (const auto& pictures : section.pictures) out += pictures_html(pictures);
    for (const auto& f : section.figures)
      out += figure_html(f.id, f.panel, f.title, f.see, f.alt, f.caption,
                         std::holds_alternative<Network>(f.content));
    for (const auto& table : section.tables) out += table_html(table);
    out += "</section>\n";
  }
  if (!report.methods.empty())
    out += "<section id=\"methods\"><h2>Methods</h2>\n<div class=\"methods\" id=\"methods-text\">" +
           paragraphs(report.methods) + "</div>\n<p class=\"buttons\">" +
           button("copy", "methods-text", "Copy", "copy the methods to the clipboard") +
           "<span role=\"status\" id=\"copied\"></span></p></section>\n";
  if (!report.references.empty())
    out += "<section id=\"references\"><h2>References</h2>\n" + references_html(report.references) +
           "</section>\n";
  return out + "<section id=\"run\"><h2>" + (report.facts.has_seed ? "This run" : "This page") + "</h2>\n" +
         facts_html(report.facts) + "</section>\n";
}

std::string data_json(const Report& report) {
  std::string out = "{\"figures\":[";
  const auto quote = [](const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  };
  bool first = true;
  for (const auto& file : figure_files(report)) {
    out += (first ? "" : ",\n") + ("{\"id\":" + quote(file.id)) + ",\"spec\":" + file.spec +
           ",\"csv\":" + quote(file.csv) + "}";
    first = false;
  }
  out += "],\n\"tables\":[";
  first = true;
  for (const auto& file : table_files(report)) {
    out += (first ? "" : ",\n") + ("{\"id\":" + quote(file.id)) + ",\"csv\":" + quote(file.csv) + "}";
    first = false;
  }
  return out + "]}";
}

// Fills each {{slot}} once; what is filled in is not looked at again.
std::string fill(std::string_view page, const std::map<std::string, std::string, std::less<>>& slots) {
  std::string out;
  while (true) {
    const auto open = page.find("{{");
    if (open == std::string_view::npos) return out.append(page);
    const auto close = page.find("}}", open);
    core::require(close != std::string_view::npos, "the template has a slot without an end");
    const auto slot = slots.find(page.substr(open + 2, close - open - 2));
    core::require(slot != slots.end(), "the template has an unknown slot");
    out.append(page.substr(0, open)).append(slot->second);
    page.remove_prefix(close + 2);
  }
}

}  // namespace

std::string render_html(const Report& report) {
  return fill(assets::template_html(), {{"title", core::escape_markup(report.title)},
                                        {"contents", contents_html(report)},
                                        {"body", body_html(report)},
                                        {"data", script_safe(data_json(report))},
                                        {"styles", std::string(assets::report_css())},
                                        {"script", std::string(assets::report_js())}});
}

}  // namespace stroma::report

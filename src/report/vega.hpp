// Pieces that every Vega-Lite specification of the report shares: type, layers, panels side by side, legend
// of arms.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "report/palette.hpp"

namespace stroma::report::vega {

/// Panels side by side, `columns` per row on a wide page; `panel_width` (px, axes included) lets a narrow
/// page choose fewer columns.
nlohmann::json page_of_panels(std::vector<nlohmann::json> panels, int columns, int panel_width);

/// {"data": {"values": values}, "mark": mark, "encoding": encoding}
nlohmann::json layer(nlohmann::json values, nlohmann::json mark, nlohmann::json encoding);

/// A quantitative position channel on `field` with scale and axis (null: none).
nlohmann::json position(const std::string& field, nlohmann::json scale, nlohmann::json axis,
                        const std::string& title);

/// Colour or shape by field "arm" with one legend entry per arm, in order.
nlohmann::json colour_by_arm(const std::vector<std::string>& arms, const Palette& palette, bool legend);
nlohmann::json shape_by_arm(const std::vector<std::string>& arms, const Palette& palette);

/// {"field": "<field>", "type": "nominal", "scale": null, "legend": null}: the field holds the colour itself.
nlohmann::json literal_colour(const std::string& field);

/// A title for a tooltip's line. Vega-Lite writes it into an expression, so quotes, backslashes and line ends
/// become blanks.
std::string tip_title(const std::string& title);

/// About how wide a text is drawn, px: 0.63 em per character, rather too much than too little.
double text_width(const std::string& text, double font_size);

/// Round numbers from `low` to `high` (low < high), about as many as asked for.
std::vector<double> round_ticks(double low, double high, int about);

/// "a + b + c" as {"a", "+ b", "+ c"}, for titles of several lines.
std::vector<std::string> lines_of(const std::string& arm);

/// "a + b + c" as {"a", "b", "c"}.
std::vector<std::string> components_of(const std::string& arm);

}  // namespace stroma::report::vega

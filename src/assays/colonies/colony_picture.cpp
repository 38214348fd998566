#include "assays/colonies/colony_picture.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stroma::assays {
namespace {

constexpr double crowded = 0.3, foreign_share = 0.25;

}  // namespace

ColonyCount CountedDish::count() const {
  return {sample.arm, sample.replicate, sample.technical, sample.plated,
          static_cast<std::int64_t>(picture.colonies.objects.size())};
}

std::optional<double> CountedDish::mean_area() const {
  if (picture.colonies.objects.empty()) return std::nullopt;
  double sum = 0.0;
  for (const imaging::Object& o : picture.colonies.objects) sum += static_cast<double>(o.area);
  return sum / static_cast<double>(picture.colonies.objects.size());
}

std::optional<double> CountedDish::mean_area_um2() const {
  const auto area = mean_area();
  if (!area || !um_per_pixel) return std::nullopt;
  return *area * *um_per_pixel * *um_per_pixel;
}

PlacedDishes place_dishes(const imaging::Image& image, std::vector<DishSample> lines, bool whole) {
  PlacedDishes out;
  const std::string file = lines.empty() ? std::string() : lines.front().file;
  const bool all_given =
      std::all_of(lines.begin(), lines.end(), [](const DishSample& s) { return s.circle.has_value(); });
  if (whole && lines.size() == 1) {
    out.lines = std::move(lines);
    return out;
  }
  if (all_given) {
    out.lines = std::move(lines);
    return out;
  }
  const std::vector<imaging::PlacedDish> dishes = imaging::find_dishes(imaging::grey(image));
  out.found = dishes.size();
  core::Diagnostics problems;
  if (dishes.empty())
    problems.add(
        "no-dish", {file, 0, 0}, {}, "no dish stands out in the picture: where its floor ends is not known",
        "give the circle in the columns x, y and radius of the sample sheet, in pixels, or say --whole "
        "where the picture is all dish");
  problems.throw_if_any();
  std::string list;
  for (const imaging::PlacedDish& d : dishes)
    list += fmt::format("\n      {}: x = {:.0f}, y = {:.0f}, radius = {:.0f}", d.place, d.dish.x, d.dish.y,
                        d.dish.radius);
  std::size_t unsaid = 0;
  for (DishSample& line : lines) {
    if (line.circle) continue;
    if (line.place.empty()) {
      if (lines.size() == 1 && dishes.size() == 1)
        line.circle = dishes.front().dish;
      else
        ++unsaid;
      continue;
    }
    for (std::size_t d = 0; d < dishes.size(); ++d)
      if (line.place == dishes[d].place || line.place == std::to_string(d + 1)) line.circle = dishes[d].dish;
    if (!line.circle)
      problems.add("no-such-dish", {file, 0, 0}, line.place,
                   fmt::format("the picture has no dish '{}'; it has{}", line.place, list),
                   "write one of these in the column dish, or give x, y and radius");
  }
  if (unsaid > 0)
    problems.add(
        "several-dishes", {file, 0, 0}, "dish",
        fmt::format("{} dish{} found in the picture, and {} of {} line{} of the sheet that name it do "
                    "not say which dish is meant:{}",
                    dishes.size(), dishes.size() == 1 ? " was" : "es were", unsaid, lines.size(),
                    lines.size() == 1 ? "" : "s", list),
        "add a column dish to the sample sheet with these places, or x, y and radius");
  problems.throw_if_any();
  out.lines = std::move(lines);
  return out;
}

CountedDish count_dish(const imaging::Image& image, const DishSample& sample, imaging::ColonySetup setup,
                       core::Diagnostics& warnings) {
  CountedDish out;
  out.sample = sample;
  out.um_per_pixel = image.um_per_pixel;
  if (sample.circle) {
    const imaging::Dish& d = *sample.circle;
    if (d.x >= static_cast<double>(image.width) || d.y >= static_cast<double>(image.height))
      throw core::InputError(
          {{"no-such-dish",
            {sample.file, 0, 0},
            fmt::format("{}, replicate {}", sample.arm, sample.replicate),
            fmt::format("the dish about x = {}, y = {} lies beside the picture of {} x {} pixels", d.x, d.y,
                        image.width, image.height),
            "give x, y and radius in pixels of this picture, from its upper left corner"}});
    setup.dish = d;
  }
  out.picture = imaging::measure_colonies(image, setup);
  const double signal = static_cast<double>(out.picture.foreign);
  if (signal > foreign_share * out.picture.covered() * static_cast<double>(out.picture.inside) &&
      signal > 0.0)
    warnings.add("foreign-things", {sample.file, 0, 0},
                 fmt::format("{}, replicate {}", sample.arm, sample.replicate),
                 fmt::format("{} pixels are as dark as colonies and no colony by their shape or size (pen, "
                             "scratches, fibres): they were not counted and have no say in the threshold",
                             out.picture.foreign),
                 "look at the overlay: every colony should have its circle; set --roundness or "
                 "--largest-diameter where colonies are among them");
  if (out.picture.covered() > crowded)
    warnings.add("crowded", {sample.file, 0, 0}, {},
                 fmt::format("colonies cover {:.0f} % of the dish: many merge, and the count is too low",
                             100.0 * out.picture.covered()),
                 "plate fewer cells");
  return out;
}

}  // namespace stroma::assays

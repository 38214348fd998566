#include "assays/colony_picture.hpp"

#include <fmt/format.h>

namespace stroma::assays {
namespace {

constexpr double crowded = 0.3;

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
  if (!out.picture.dish && !setup.whole)
    warnings.add("no-dish", {sample.file, 0, 0}, {},
                 "no circle of a dish stands out: the whole picture was counted, rim and table included",
                 "give the circle in the columns x, y and radius of the sample sheet, or say --whole");
  if (out.picture.covered() > crowded)
    warnings.add("crowded", {sample.file, 0, 0}, {},
                 fmt::format("colonies cover {:.0f} % of the dish: many merge, and the count is too low",
                             100.0 * out.picture.covered()),
                 "plate fewer cells");
  return out;
}

}  // namespace stroma::assays

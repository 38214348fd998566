// What the program knows of its assays, as a table for people and as JSON, made of their descriptors.
#pragma once

#include "jobs/job.hpp"

namespace stroma::jobs {

/// Text: the tables of docs/assays.md, between its marks. JSON: one object for each assay.
Result assays_schema();

}  // namespace stroma::jobs

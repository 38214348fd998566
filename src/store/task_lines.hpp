// Vessels that are run elsewhere, as lines of JSON: a model, then tasks, each answered by an outcome. Numbers
// keep all their bits; cell types and substances go by name, so that a line means the same to every reader of
// the model.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "study/task.hpp"

namespace stroma::store {

/// The model with everything it was built from. Throws core::InputError for one that was not built from
/// files.
std::string model_line(const model::Model& model);
/// Whether a line says to be a model.
bool is_model_line(std::string_view line);
/// The model, built again. Throws core::InputError with what is wrong, also for another engine version
/// ("other-engine") and where it does not come out with the content hash that it was sent with.
std::shared_ptr<const model::Model> read_model_line(std::string_view line);

/// What is answered to a model that was understood.
std::string ready_line();
bool is_ready_line(std::string_view line);

std::string task_line(const study::Task& task, const study::TaskLimits& limits, const model::Model& model);
/// The reverse; of `limits` the threads and the time are set. Throws core::InputError ("bad-task") for
/// anything that `task_line` does not write.
study::Task read_task_line(std::string_view line, const model::Model& model, study::TaskLimits& limits);

std::string outcome_line(const std::string& key, const study::Outcome& outcome);
/// What is answered where an engine met a bug.
std::string bug_line(const std::string& key, const std::string& what);
/// The outcome of the task `key`. Throws core::InternalError for a bug there, core::InputError
/// ("bad-outcome") for anything else than an outcome of that task.
study::Outcome read_outcome_line(std::string_view line, const std::string& key);

}  // namespace stroma::store

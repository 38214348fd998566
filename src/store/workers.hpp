// Vessels run by other processes, here or on other machines: commands such as "ssh node7 stroma worker" that
// read tasks and answer with outcomes (task_lines.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "study/task.hpp"

namespace stroma::store {

class Workers : public study::Site {
 public:
  /// `commands` are given to the shell, in turn, one process for every call of `perform` at a time.
  explicit Workers(std::vector<std::string> commands);
  ~Workers() override;  ///< ends the processes
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// A worker that is lost is replaced by a new one that is given the task, once; std::runtime_error where
  /// that is lost too. Throws core::IoError where a worker cannot be started or is no worker of this engine,
  /// and core::InternalError for a bug in a worker.
  study::Outcome perform(const study::Task& task, const std::shared_ptr<const model::Model>& model,
                         const study::TaskLimits& limits) override;

 private:
  class Worker;
  std::unique_ptr<Worker> take(bool fresh, const std::shared_ptr<const model::Model>& model,
                               const study::TaskLimits& limits);

  std::vector<std::string> commands_;
  std::mutex mutex_;
  std::size_t started_ = 0;
  std::vector<std::unique_ptr<Worker>> idle_;
  std::shared_ptr<const model::Model> sent_;  ///< whose line `line_` is
  std::string line_;
  std::uint64_t model_ = 0;  ///< which of all that were sent it is
};

}  // namespace stroma::store

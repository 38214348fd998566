// Every option of every command: that it is declared completely, that it reaches its request, that it stands
// in the schema, and that docs/commands.md is what the tables say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include "jobs/analyse/analyse.hpp"
#include "jobs/assays_page.hpp"
#include "jobs/job.hpp"
#include "jobs/schema.hpp"
#include "test_paths.hpp"

namespace stroma::jobs {
namespace options_test {

using Json = nlohmann::ordered_json;
using testing::HasSubstr;
using Visit = std::function<void(const Job&, const std::string&)>;

void for_each(const std::vector<Job>& jobs, const std::string& path, const Visit& visit) {
  for (const Job& job : jobs) {
    visit(job, path + " " + job.command.name);
    for_each(job.jobs, path + " " + job.command.name, visit);
  }
}

void for_each_option(const std::function<void(const Job&, const core::Option&)>& visit) {
  const std::vector<Job> all = all_jobs();
  for_each(all, "stroma", [&](const Job& job, const std::string& path) {
    for (const core::Option& option : job.command.options.all()) {
      SCOPED_TRACE(path + " " + option.name());
      visit(job, option);
    }
  });
}

// A value that the option accepts and that is not what it has now.
std::vector<std::string> another_value(const core::Option& option) {
  const std::vector<std::string> now = option.values();
  const auto differs = [&](const std::string& value) {
    return std::find(now.begin(), now.end(), value) == now.end();
  };
  for (const std::string& choice : option.choices())
    if (differs(choice)) return {choice};
  switch (option.kind()) {
    case core::OptionKind::flag:
      return {};
    case core::OptionKind::whole: {
      const double low = std::max(option.low().value_or(0.0), 0.0);
      for (int step = 1;; ++step)
        if (std::string value = std::to_string(static_cast<int>(low) + step); differs(value)) return {value};
    }
    case core::OptionKind::number: {
      const double low = option.low().value_or(0.0), high = option.high().value_or(low + 10.0);
      const double share = now.empty() ? 0.3 : 0.7;
      return {std::to_string(low + share * (high - low))};
    }
    default:
      return {"another"};
  }
}

void* address_of(const core::Option& option) {
  return std::visit([](auto* to) { return static_cast<void*>(to); }, option.target());
}

TEST(Commands, have_a_name_a_summary_and_either_something_to_do_or_jobs_below) {
  const std::vector<Job> all = all_jobs();
  for_each(all, "stroma", [&](const Job& job, const std::string& path) {
    SCOPED_TRACE(path);
    EXPECT_FALSE(job.command.name.empty());
    EXPECT_FALSE(job.command.summary.empty());
    EXPECT_NE(job.run == nullptr, job.jobs.empty());
    std::set<std::string> names;
    for (const Job& below : job.jobs) EXPECT_TRUE(names.insert(below.command.name).second);
  });
}

TEST(Options, have_help_and_names_of_their_own) {
  const std::vector<Job> all = all_jobs();
  for_each(all, "stroma", [&](const Job& job, const std::string& path) {
    std::set<std::string> names{"--help", "-h"};
    std::set<void*> bound;
    for (const core::Option& option : job.command.options.all()) {
      SCOPED_TRACE(path + " " + option.name());
      EXPECT_FALSE(option.help().empty());
      for (const std::string& name : option.names()) {
        EXPECT_TRUE(names.insert(name).second) << name << " is there twice";
        EXPECT_TRUE(option.positional() || name.starts_with("--") || name.size() == 2) << name;
      }
      EXPECT_TRUE(bound.insert(address_of(option)).second) << "two options set the same member";
      for (const auto* others : {&option.needed(), &option.excluded()})
        for (const std::string& other : *others) EXPECT_NE(job.command.options.find(other), nullptr) << other;
    }
  });
}

TEST(Options, hold_a_default_that_they_would_accept) {
  for_each_option([](const Job&, const core::Option& option) {
    // An optional one that was not given, a 0 that stands for "as many as there are", have no value to
    // accept.
    if (option.default_text().empty() || option.kind() == core::OptionKind::flag) return;
    EXPECT_EQ(option.assign(option.values()), "") << option.default_text();
  });
}

TEST(Options, set_their_member_and_no_other) {
  const std::vector<Job> all = all_jobs();
  for_each(all, "stroma", [&](const Job& job, const std::string& path) {
    const std::vector<core::Option>& options = job.command.options.all();
    for (const core::Option& option : options) {
      SCOPED_TRACE(path + " " + option.name());
      std::vector<std::vector<std::string>> before;
      for (const core::Option& other : options) before.push_back(other.values());
      const std::vector<std::string> words = another_value(option);
      ASSERT_EQ(option.assign(words), "") << testing::PrintToString(words);
      for (std::size_t k = 0; k < options.size(); ++k)
        EXPECT_EQ(options[k].values() != before[k], &options[k] == &option) << options[k].name();
    }
  });
}

TEST(Options, refuse_numbers_beyond_their_limits_and_words_that_are_no_choice) {
  for_each_option([](const Job&, const core::Option& option) {
    const auto refused = [&](const std::string& word) {
      EXPECT_NE(option.assign(std::vector<std::string>{word}), "") << word;
    };
    if (option.kind() == core::OptionKind::whole || option.kind() == core::OptionKind::number) {
      refused("many");
      if (option.low()) refused(std::to_string(static_cast<long long>(*option.low()) - 1));
      if (option.low() && option.excludes_low()) refused("0");
      if (option.high() && *option.high() < 1e9)
        refused(std::to_string(static_cast<long long>(*option.high()) + 1));
    }
    if (!option.choices().empty()) refused("none of these");
  });
}

TEST(Schema, has_every_option_of_every_command) {
  const std::vector<Job> all = all_jobs();
  class Silent : public Stop {
    const std::atomic<bool>& requested() const override { return stop_; }
    std::atomic<bool> stop_{false};
  } stop;
  Progress progress;
  Session session{"stroma schema", progress, stop};
  const Json whole = schema({}, session).json;
  for_each(all, "stroma", [&](const Job& job, const std::string& path) {
    if (!job.run) return;
    const Json& one = whole.at("$defs").at(path);
    EXPECT_EQ(one.at("properties").size(), job.command.options.all().size()) << path;
    for (const auto& [name, property] : one.at("properties").items()) {
      EXPECT_TRUE(property.contains("type")) << path << " " << name;
      EXPECT_FALSE(property.at("description").get<std::string>().empty()) << path << " " << name;
    }
  });
  const Json growth = schema({{"analyse", "growth"}}, session).json;
  EXPECT_EQ(growth.at("properties").at("fold").at("maximum"), 1e6);
  EXPECT_EQ(growth.at("properties").at("one-arm").at("type"), "boolean");
  EXPECT_EQ(growth.at("allOf").size(), 2u);
  try {
    schema({{"analyse", "grwth"}}, session);
    ADD_FAILURE() << "an assay that there is not";
  } catch (const core::InputError& error) {
    EXPECT_THAT(error.diagnostics().front().hint, HasSubstr("growth"));
  }
}

TEST(Schema, lists_the_columns_of_tables_that_are_read_by_name) {
  class Silent : public Stop {
    const std::atomic<bool>& requested() const override { return stop_; }
    std::atomic<bool> stop_{false};
  } stop;
  Progress progress;
  Session session{"stroma schema", progress, stop};
  const Json tables = schema({{"tables"}}, session).json;
  std::set<std::string> assays;
  for (const Json& table : tables) {
    assays.insert(table.at("assay"));
    EXPECT_GT(table.at("columns").size(), 4u) << table.at("what");
  }
  EXPECT_THAT(assays, testing::ElementsAre("dose-response", "growth", "pk", "qpcr"));
  EXPECT_EQ(tables.at(0).at("columns").at(0).at("name"), "animal");
}

TEST(Docs, of_the_commands_are_what_the_tables_say) {
  std::ifstream file(std::string(STROMA_SOURCE_DIR) + "/docs/commands.md");
  std::stringstream there;
  there << file.rdbuf();
  class Never : public Stop {
    const std::atomic<bool>& requested() const override { return stop_; }
    std::atomic<bool> stop_{false};
  } stop;
  Progress progress;
  Session session{"stroma schema", progress, stop};
  EXPECT_EQ(there.str(), schema({}, session).text) << "make it again: stroma schema > docs/commands.md";
}

// What a page says between a mark and its end.
std::string between(const std::string& page, const std::string& mark, const std::string& end) {
  const std::size_t from = page.find('\n', page.find(mark)) + 1;
  return page.substr(from, page.find(end) - from);
}

TEST(Docs, of_the_assays_are_what_their_descriptors_say) {
  std::ifstream file(std::string(STROMA_SOURCE_DIR) + "/docs/assays.md");
  std::stringstream there;
  there << file.rdbuf();
  EXPECT_EQ(between(there.str(), "<!-- assays:", "<!-- end of assays -->"), assays_schema().text)
      << "put the answer of `stroma schema assays` between the marks";
}

// `stroma analyse` has a job for the raw files of every assay, and every job belongs to one.
TEST(Schema, of_assays_names_the_jobs_that_analyse_their_files) {
  std::set<std::string> named, jobs;
  for (const auto& assay : assays_schema().json) named.insert(assay.at("analysis"));
  for (const Job& job : analyse_job().jobs) jobs.insert(job.command.name);
  EXPECT_EQ(named, jobs);
}

}  // namespace options_test
}  // namespace stroma::jobs

// What may be asked of the program, for machines and as a page, from the tables of options.
#pragma once

#include <string>
#include <vector>

#include "jobs/job.hpp"

namespace stroma::jobs {

/// `thing`: empty: all commands; the words of one, such as "analyse", "cck8"; "tables"; or "assays".
struct SchemaRequest {
  std::vector<std::string> thing;
};
/// As JSON: a JSON Schema (2020-12) of the request, of several a schema with one definition each. As text:
/// the reference page, in Markdown.
Result schema(const SchemaRequest& request, Session& session);
Job schema_job();

/// The JSON Schema of one command's request; `path`: "stroma analyse cck8".
nlohmann::ordered_json request_schema(const core::Command& command, const std::string& path);
/// A limit of an option as it is written: whole numbers without an exponent.
std::string limit_text(const core::Option& option, double limit);
/// The reference of a command and of those below it.
std::string reference_text(const Job& job, const std::string& path);

}  // namespace stroma::jobs

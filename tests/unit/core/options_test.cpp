// Options are declared once: what they say of themselves, and what they accept.
#include "core/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.hpp"

namespace stroma::core {
namespace options_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Request {
  bool wide = false;
  int threads = 0;
  std::uint64_t seed = 1;
  double level = 0.95;
  std::optional<double> tau;
  std::string method = "auto", until;
  std::filesystem::path output;
  std::vector<std::string> columns, without;
};

class Table : public testing::Test {
 protected:
  Table() {
    options.add("table", request.output, "a table").required();
    options.add("-w,--wide", request.wide, "each column is a group");
    options.add("--threads", request.threads, "threads").range(1, 1024);
    options.add("--seed", request.seed, "seed").says_default();
    options.add("--level", request.level, "level").range(0.5, 0.9999).says_default();
    options.add("--tau", request.tau, "horizon").positive().in("h").excludes("--until");
    options.add("--method", request.method, "method").choices({"auto", "holm", "hochberg"}).any_case();
    options.add("--until", request.until, "end").in("h");
    options.add("--columns", request.columns, "groups").separated(',').needs("--wide");
    options.add("--without", request.without, "a row").repeated();
  }

  // What is wrong with the words, or nothing.
  std::string wrong(const std::string& name, std::vector<std::string> words) const {
    Diagnostics problems;
    options.assign(name, words, problems);
    return problems.empty() ? std::string() : problems.entries().front().message;
  }
  std::vector<std::string> together(std::vector<std::string> given) const {
    Diagnostics problems;
    options.check(given, problems);
    std::vector<std::string> out;
    for (const Diagnostic& d : problems.entries()) out.push_back(d.message);
    return out;
  }

  Request request;
  Options options;
};

TEST_F(Table, says_of_each_option_what_it_is) {
  EXPECT_EQ(options.find("--wide")->kind(), OptionKind::flag);
  EXPECT_EQ(options.find("-w"), options.find("--wide"));
  EXPECT_EQ(options.find("--threads")->kind(), OptionKind::whole);
  EXPECT_EQ(options.find("--tau")->kind(), OptionKind::number);
  EXPECT_EQ(options.find("--until")->kind(), OptionKind::quantity);
  EXPECT_EQ(options.find("--method")->kind(), OptionKind::text);
  EXPECT_EQ(options.find("table")->kind(), OptionKind::path);
  EXPECT_TRUE(options.find("table")->positional());
  EXPECT_TRUE(options.find("--columns")->list());
  EXPECT_EQ(options.find("--level")->default_text(), "0.95");
  EXPECT_EQ(options.find("--threads")->default_text(), "");
  EXPECT_THAT(options.find("--tau")->values(), IsEmpty());
}

TEST_F(Table, sets_the_members_of_the_request) {
  EXPECT_EQ(wrong("--wide", {}), "");
  EXPECT_EQ(wrong("--threads", {"8"}), "");
  EXPECT_EQ(wrong("--seed", {"18446744073709551615"}), "");
  EXPECT_EQ(wrong("--level", {"9e-1"}), "");
  EXPECT_EQ(wrong("--tau", {"12.5"}), "");
  EXPECT_EQ(wrong("--method", {"Holm"}), "");
  EXPECT_EQ(wrong("--columns", {"NF,CAF", "TAM"}), "");
  EXPECT_EQ(wrong("--without", {"a,b"}), "");
  EXPECT_EQ(wrong("table", {"x y.csv"}), "");
  EXPECT_TRUE(request.wide);
  EXPECT_EQ(request.threads, 8);
  EXPECT_EQ(request.seed, 18446744073709551615u);
  EXPECT_EQ(request.level, 0.9);
  EXPECT_EQ(request.tau, 12.5);
  EXPECT_EQ(request.method, "holm");
  EXPECT_THAT(request.columns, ElementsAre("NF", "CAF", "TAM"));
  EXPECT_THAT(request.without, ElementsAre("a,b"));
  EXPECT_EQ(request.output, "x y.csv");
}

TEST_F(Table, refuses_what_is_no_value_and_leaves_the_request_as_it_was) {
  EXPECT_EQ(wrong("--threads", {"none"}), "--threads: 'none' is no whole number");
  EXPECT_EQ(wrong("--threads", {"2.5"}), "--threads: '2.5' is no whole number");
  EXPECT_EQ(wrong("--threads", {"0"}), "--threads: 0 is not in the range 1 to 1024");
  EXPECT_EQ(wrong("--seed", {"-1"}), "--seed: '-1' is no whole number from 0 on");
  EXPECT_EQ(wrong("--level", {"nan"}), "--level: 'nan' is no number");
  EXPECT_EQ(wrong("--level", {"inf"}), "--level: 'inf' is no number");
  EXPECT_EQ(wrong("--level", {"95 %"}), "--level: '95 %' is no number");
  EXPECT_EQ(wrong("--tau", {"0"}), "--tau: 0 is not above 0");
  EXPECT_EQ(wrong("--tau", {"1", "2"}), "--tau: takes one value");
  EXPECT_EQ(wrong("--tau", {}), "--tau: a value is missing");
  EXPECT_EQ(wrong("--wide", {"maybe"}), "--wide: takes no value");
  EXPECT_EQ(wrong("--method", {"hochburg"}),
            "--method: 'hochburg' is none of auto, holm, hochberg; did you mean 'hochberg'?");
  EXPECT_EQ(wrong("--leven", {"0.9"}), "there is no option '--leven'");
  EXPECT_EQ(request.threads, 0);
  EXPECT_EQ(request.level, 0.95);
  EXPECT_EQ(request.method, "auto");
  EXPECT_FALSE(request.tau);
}

TEST_F(Table, names_the_option_that_was_meant) {
  Diagnostics problems;
  options.assign("--columms", std::vector<std::string>{"a"}, problems);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems.entries().front().code, "unknown-option");
  EXPECT_EQ(problems.entries().front().key, "--columms");
  EXPECT_THAT(problems.entries().front().hint, HasSubstr("--columns"));
}

TEST_F(Table, says_which_options_do_not_go_together) {
  EXPECT_THAT(together({"table", "--wide", "--columns"}), IsEmpty());
  EXPECT_THAT(together({"--columns", "--tau", "--until"}),
              ElementsAre("table is required", "--tau excludes --until", "--columns requires --wide"));
  EXPECT_THAT(together({"table", "--columns", "-w"}), IsEmpty());
}

TEST(Options, that_refer_to_one_that_is_not_there_are_a_bug) {
  bool flag = false;
  Options options;
  options.add("--a", flag, "a").needs("--b");
  Diagnostics problems;
  EXPECT_THROW(options.check(std::vector<std::string>{"--a"}, problems), InternalError);
}

}  // namespace options_test
}  // namespace stroma::core

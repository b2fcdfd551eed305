#include "source/runtime/spoken.hpp"

#include <doctest/doctest.h>

#include "support/captured.hpp"

using namespace hostmeter;
using source::runtime::Spoken;

namespace {

using File = std::pair<std::size_t, std::string>;
const File kOne{0, "one"}, kTwo{1, "two"};

Description container(const char* id, const char* name, const char* image = "") {
  return {.runtime = Runtime::containerd, .container_id = id, .name = name, .image = image};
}

// "+id name image" and "-id", and forgets them.
std::vector<std::string> told(test::Captured& out) {
  std::vector<std::string> lines;
  for (const NewsItem& item : out.news) {
    if (const auto* described = std::get_if<Described>(&item))
      lines.push_back('+' + described->description.container_id + ' ' +
                      described->description.name + ' ' + described->description.image);
    if (const auto* gone = std::get_if<Undescribed>(&item))
      lines.push_back('-' + gone->container_id);
  }
  out.clear();
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("only what is new is told") {
  Spoken spoken;
  test::Captured out;
  CHECK(spoken.says(kOne, {container("a", "web"), container("b", "db")}, out));
  CHECK(told(out) == Lines{"+a web ", "+b db "});
  CHECK_FALSE(spoken.says(kOne, {container("a", "web"), container("b", "db")}, out));
  CHECK(spoken.says(kOne, {container("a", "renamed"), container("c", "new")}, out));
  CHECK(told(out) == Lines{"+a renamed ", "+c new ", "-b"});
  CHECK(spoken.says(kOne, {}, out));
  CHECK(told(out) == Lines{"-a", "-c"});
  CHECK_FALSE(spoken.says(kOne, {}, out));
  CHECK(spoken.containers() == 0);
}

TEST_CASE("who is in two files is gone with the last") {
  Spoken spoken;
  test::Captured out;
  spoken.says(kOne, {container("a", "web")}, out);
  CHECK_FALSE(spoken.says(kTwo, {container("a", "web")}, out));
  CHECK_FALSE(spoken.says(kOne, {}, out));
  told(out);
  CHECK(spoken.says(kTwo, {}, out));
  CHECK(told(out) == Lines{"-a"});
}

TEST_CASE("where two files disagree, what they agree on is told") {
  Spoken spoken;
  test::Captured out;
  spoken.says(kOne, {container("a", "a", "nginx")}, out);
  CHECK(spoken.says(kTwo, {container("a", "a", "redis")}, out));
  CHECK(told(out) == Lines{"+a a nginx", "+a a "});
  CHECK(spoken.says(kOne, {}, out));
  CHECK(told(out) == Lines{"+a a redis"});
}

TEST_CASE("an id twice in one file counts once") {
  Spoken spoken;
  test::Captured out;
  spoken.says(kOne, {container("a", "web"), container("a", "other")}, out);
  CHECK(told(out) == Lines{"+a web "});
  spoken.says(kOne, {}, out);
  CHECK(told(out) == Lines{"-a"});
}

TEST_CASE("what is forgotten is not taken back") {
  Spoken spoken;
  test::Captured out;
  spoken.says(kOne, {container("a", "web"), container("b", "db")}, out);
  spoken.says(kTwo, {container("b", "db")}, out);
  told(out);
  spoken.forget(kOne.first);
  CHECK(told(out).empty());
  CHECK(spoken.containers() == 1);
  CHECK(spoken.says(kTwo, {}, out));
  CHECK(told(out) == Lines{"-b"});
  CHECK(spoken.says(kOne, {container("a", "web")}, out));
}

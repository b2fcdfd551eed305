#include "source/runtime/engine_trouble.hpp"

#include <doctest/doctest.h>

#include <cerrno>

using namespace hostmeter;
using namespace hostmeter::source::runtime;

TEST_CASE("what is wrong is said with its mend, and that figures go on") {
  const std::string words = trouble_words(Runtime::docker, "run/docker.sock", {EACCES, "connect"});
  CHECK(words.find("docker at /run/docker.sock") != std::string::npos);
  CHECK(words.find("figures go on") != std::string::npos);
  CHECK(words.find("group") != std::string::npos);
  const std::string other = trouble_words(Runtime::podman, "x", {EIO, "read from runtime"});
  CHECK(other.find("read from runtime: ") != std::string::npos);
}

TEST_CASE("a useless answer about one container is not the end of the connection") {
  CHECK(is_about_one({EBADMSG, {}}));
  CHECK(is_about_one({EMSGSIZE, {}}));
  CHECK(is_about_one({ENOTSUP, {}}));
  CHECK_FALSE(is_about_one({ETIMEDOUT, {}}));
  CHECK_FALSE(is_about_one({EPROTO, {}}));
  CHECK(oddity_words(Runtime::docker, "abc", {EBADMSG, {}}).find("container abc") !=
        std::string::npos);
}

#include "expose/accept_encoding.hpp"

#include <doctest/doctest.h>

using hostmeter::expose::asks_for_gzip;

TEST_CASE("gzip is asked for by its name or by *") {
  for (const char* header :
       {"gzip", "GZip", "x-gzip", "deflate, gzip", "gzip;q=1.0, identity;q=0.5",
        "br;q=1.0, gzip;q=0.8, *;q=0.1", "*", "gzip;q=0.001", " gzip ; q=0.5 ", "identity;q=0, *",
        "gzip, *;q=0", "gzip;level=9", ", ,gzip"})
    CHECK_MESSAGE(asks_for_gzip(header), header);
}

TEST_CASE("a weight of 0 refuses it") {
  for (const char* header : {"", "identity", "br", "gzip;q=0", "gzip;q=0.000", "gzip;q=0, *",
                             "*;q=0", "deflate, *;q=0", "gzipped", "not-gzip", "*;Q=0"})
    CHECK_FALSE_MESSAGE(asks_for_gzip(header), header);
}

TEST_CASE("who likes it plain better gets it plain") {
  CHECK_FALSE(asks_for_gzip("gzip;q=0.5, identity"));
  CHECK_FALSE(asks_for_gzip("identity;q=0.2, *;q=0.1"));
  CHECK(asks_for_gzip("gzip, identity"));
}

TEST_CASE("what is malformed asks for nothing") {
  for (const char* header : {"gzip;q=", "gzip;q=2", "gzip;q=1.001", "gzip;q=0.1234", "gzip;q=-1",
                             "gzip;q=x", "gzip;q=1,5;", "gzip;q=.5", ";q=1", "gzip;q=0.1;q=nan"})
    CHECK_MESSAGE(asks_for_gzip(header) == (std::string_view(header) == "gzip;q=1,5;"), header);
}

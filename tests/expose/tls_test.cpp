#include "expose/tls.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <vector>

#include "support/certificates.hpp"

using namespace hostmeter;
using expose::Tls;

namespace {

struct Loaded {
  test::Certificates made;
  std::vector<std::string> complaints;

  Tls tls(const std::string& certificate, const std::string& key, const std::string& ca = {}) {
    Tls::Files files{made.path(certificate), made.path(key)};
    if (!ca.empty()) files.client_cas = {made.path(ca)};
    return tls(std::move(files));
  }
  Tls tls(Tls::Files files) {
    return Tls(std::move(files), [this](const std::string& what) { complaints.push_back(what); });
  }
};

std::string subject(const expose::SslSession& session) {
  std::array<char, 100> name{};
  ::X509_NAME_oneline(::X509_get_subject_name(::SSL_get_certificate(session.get())), name.data(),
                      int(name.size()));
  return name.data();
}

bool holds(const std::optional<std::string>& text, const char* part) {
  return text && text->find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("what is wrong with the files names the file and the mend") {
  Loaded loaded;
  loaded.made.make("one");
  loaded.made.make("other");
  std::ofstream(loaded.made.path("empty")) << "";
  CHECK_FALSE(loaded.tls("one.pem", "one.key").load());
  const auto none = loaded.tls("none.pem", "one.key").load();
  CHECK(holds(none, "/none.pem: no certificate (it cannot be read); give a readable file"));
  CHECK(holds(loaded.tls("empty", "one.key").load(), "/empty: no certificate"));
  CHECK(holds(loaded.tls("one.pem", "other.key").load(), "/other.key: no key to the certificate"));
  CHECK(holds(loaded.tls("one.pem", "none.key").load(), "/none.key: no key"));
  CHECK(holds(loaded.tls("one.pem", "one.key", "empty").load(), "/empty: no certificates"));
  CHECK_FALSE(loaded.tls("none.pem", "one.key").session());
}

TEST_CASE("a certificate that was renewed is answered with from the next connection on") {
  Loaded loaded;
  loaded.made.make("one");
  Tls tls = loaded.tls("one.pem", "one.key");
  REQUIRE_FALSE(tls.load());
  CHECK(subject(tls.session()) == "/CN=one");
  loaded.made.make("renewed");
  loaded.made.replace("one", "renewed");
  CHECK(subject(tls.session()) == "/CN=renewed");
  CHECK(loaded.complaints.empty());
}

TEST_CASE("what was spoilt while we run is said once, and that from before stays in force") {
  Loaded loaded;
  loaded.made.make("one");
  Tls tls = loaded.tls("one.pem", "one.key");
  REQUIRE_FALSE(tls.load());
  std::ofstream(loaded.made.path("one.pem")) << "spoilt";
  CHECK(subject(tls.session()) == "/CN=one");
  CHECK(subject(tls.session()) == "/CN=one");
  REQUIRE(loaded.complaints.size() == 1);
  CHECK(holds(loaded.complaints[0], "/one.pem: no certificate"));
  CHECK(loaded.complaints[0].ends_with("; the one from before stays in force"));
}

TEST_CASE("certificates of several authorities are taken, and TLS 1.3 alone where that is wanted") {
  Loaded loaded;
  for (const char* name : {"one", "ca", "cb"}) loaded.made.make(name);
  Tls::Files files{loaded.made.path("one.pem"), loaded.made.path("one.key")};
  files.client_cas = {loaded.made.path("ca.pem"), loaded.made.path("cb.pem")};
  Tls usual = loaded.tls(files);
  REQUIRE_FALSE(usual.load());
  const auto session = usual.session();
  CHECK(sk_X509_NAME_num(::SSL_get_client_CA_list(session.get())) == 2);
  CHECK(::SSL_get_min_proto_version(session.get()) == TLS1_2_VERSION);
  files.only_13 = true;
  Tls newest = loaded.tls(files);
  REQUIRE_FALSE(newest.load());
  CHECK(::SSL_get_min_proto_version(newest.session().get()) == TLS1_3_VERSION);
  files.client_cas.push_back(loaded.made.path("none.pem"));
  CHECK(holds(loaded.tls(files).load(), "/none.pem: no certificates"));
}

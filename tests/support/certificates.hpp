// Keys and certificates made on the spot, in a directory that goes with the test.
#pragma once
#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <string>

namespace hostmeter::test {

class Certificates {
  template <class Reader>
  static auto read(const std::string& path, Reader reader) {
    std::FILE* const file = std::fopen(path.c_str(), "r");
    REQUIRE(file != nullptr);
    auto* const made = reader(file, nullptr, nullptr, nullptr);
    std::fclose(file);
    REQUIRE(made != nullptr);
    return made;
  }

 public:
  Certificates() { REQUIRE(::mkdtemp(directory_.data()) != nullptr); }
  ~Certificates() { std::filesystem::remove_all(directory_); }
  Certificates(const Certificates&) = delete;

  std::string path(const std::string& name) const { return directory_ + '/' + name; }

  // NAME.key and NAME.pem, for localhost, signed by itself or by what `issuer` made.
  void make(const std::string& name, const std::string& issuer = {}) {
    EVP_PKEY* const key = ::EVP_EC_gen("P-256");
    X509* const certificate = ::X509_new();
    REQUIRE(key != nullptr);
    ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate), ++serial_);
    ::X509_set_version(certificate, X509_VERSION_3);
    ::X509_gmtime_adj(::X509_getm_notBefore(certificate), -60);
    ::X509_gmtime_adj(::X509_getm_notAfter(certificate), 3600);
    ::X509_set_pubkey(certificate, key);
    X509_NAME* const subject = ::X509_get_subject_name(certificate);
    ::X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509* const parent = issuer.empty() ? nullptr : read(path(issuer + ".pem"), ::PEM_read_X509);
    EVP_PKEY* const signer =
        issuer.empty() ? key : read(path(issuer + ".key"), ::PEM_read_PrivateKey);
    ::X509_set_issuer_name(certificate, parent ? ::X509_get_subject_name(parent) : subject);
    add(certificate, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    add(certificate, NID_basic_constraints, issuer.empty() ? "CA:TRUE" : "CA:FALSE");
    REQUIRE(::X509_sign(certificate, signer, ::EVP_sha256()) > 0);
    std::FILE* file = std::fopen(path(name + ".pem").c_str(), "w");
    REQUIRE(::PEM_write_X509(file, certificate) == 1);
    std::fclose(file);
    file = std::fopen(path(name + ".key").c_str(), "w");
    REQUIRE(::PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    std::fclose(file);
    if (parent) {
      ::X509_free(parent);
      ::EVP_PKEY_free(signer);
    }
    ::X509_free(certificate);
    ::EVP_PKEY_free(key);
  }

  // The other's place is taken in one step, as tools that renew certificates do it.
  void replace(const std::string& name, const std::string& by) {
    for (const char* kind : {".pem", ".key"})
      std::filesystem::rename(path(by + kind), path(name + kind));
  }

 private:
  static void add(X509* certificate, int what, const char* value) {
    X509_EXTENSION* const extension = ::X509V3_EXT_conf_nid(nullptr, nullptr, what, value);
    REQUIRE(::X509_add_ext(certificate, extension, -1) == 1);
    ::X509_EXTENSION_free(extension);
  }

  std::string directory_ = "/tmp/hostmeter-certificates-XXXXXX";
  long serial_ = 0;
};

}  // namespace hostmeter::test

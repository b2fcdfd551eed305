// What is set of a listener: a part of the schema.
#pragma once
#include "config/entry.hpp"
#include "config/schema.hpp"

namespace hostmeter::config {

namespace listener_keys {

inline constexpr std::string_view kContracts[] = {"standard"};
inline constexpr std::string_view kLaterContracts[] = {"telegraf", "node_exporter", "cadvisor",
                                                       "ebpf_exporter"};

template <auto Member>
constexpr auto& in_listener(Settings& s) {
  return s.listeners.back().*Member;
}

}  // namespace listener_keys

inline constexpr Key kListenerKeys[] = {
    {"listener", "address", ListenAddress{listener_keys::in_listener<&Listener::address>},
     "HOST:PORT, such as \"127.0.0.1:9273\", \"[::1]:9273\" or, for all addresses, \":9273\"."},
    {"listener", "path", UrlPath{listener_keys::in_listener<&Listener::path>},
     "Path of the metrics in the URL."},
    {"listener", "contract",
     Choice{listener_keys::kContracts,
            [](const Settings& s) { return std::uint8_t(s.listeners.back().contract); },
            [](Settings& s, std::uint8_t at) { s.listeners.back().contract = Contract(at); },
            listener_keys::kLaterContracts},
     "Whose names and labels are served. standard: node_exporter's for the host, cAdvisor's for "
     "containers."},
    {"listener", "threads", Whole{listener_keys::in_listener<&Listener::threads>, 1, 64},
     "How many requests are answered at the same time."},
    {"listener", "allow",
     Names{.pick = listener_keys::in_listener<&Listener::allow>,
           .what = "network",
           .may_be_empty = true,
           .check = check_network},
     "Networks and addresses whose requests are answered, such as [\"10.0.0.0/8\", \"::1\"]. "
     "Empty: "
     "all."},
    {"listener", "tls_certificate",
     FilePath{listener_keys::in_listener<&Listener::tls_certificate>, true},
     "Certificate in PEM, with those between it and its root behind it: the listener then speaks "
     "https alone. It, and the files below, are read again when they change, without a reload."},
    {"listener", "tls_key", FilePath{listener_keys::in_listener<&Listener::tls_key>, true},
     "Its private key in PEM, without a passphrase. Empty: it is in the same file."},
    {"listener", "tls_client_ca",
     FilePath{listener_keys::in_listener<&Listener::tls_client_ca>, true},
     "Certificates in PEM that sign those of scrapers: who has none is not answered. Empty: "
     "scrapers need none."},
    {"listener", "users_file", FilePath{listener_keys::in_listener<&Listener::users_file>, true},
     "Who may ask, by name and password: NAME:HASH a line, as `htpasswd -B` writes it. Empty: "
     "whoever can reach the address."},
};

}  // namespace hostmeter::config

// What the tests of programs that count by cgroup share: this machine, its kernel's objects, and
// the cgroups that a test tells the reader of.
#pragma once
#include <doctest/doctest.h>

#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "source/bpf/options.hpp"
#include "source/host.hpp"
#include "source/reader.hpp"
#include "support/captured.hpp"
#include "support/fake_inventory.hpp"

namespace hostmeter::test {

inline source::Host live_host() {
  source::Host host;
  host.root = std::move(*base::Dir::open("/"));
  host.proc = std::move(*base::Dir::open("/proc"));
  host.sys = std::move(*base::Dir::open("/sys"));
  return host;
}

struct CountingLab {
  source::Host host = live_host();
  FakeInventory inventory;
  Captured out;
  source::Tick tick;

  // What load(options) answers with; else the test fails, with the verifier's words.
  template <class Load>
  static auto loaded(source::bpf::Options options, Load load) {
    std::string said;
    options.log = [&](std::string_view line) { said.append(line).append("\n"); };
    auto object = load(options);
    if (!object) FAIL(said << object.error().what);
    return std::move(*object);
  }

  // A tick that sends all.
  template <class... Reader>
  void read(Reader&... readers) {
    tick.resend = true;
    (readers.read(tick, out), ...);
    ++tick.number;
  }

  // Over all disks: of instances whose last label is this one, or of all.
  template <class Field>
  std::uint64_t sum(Subject subject, Field field, std::string_view last_label = {}) const {
    std::uint64_t total = 0;
    for (const NewsItem& item : out.news) {
      const auto* named = std::get_if<NamedInstance>(&item);
      if (named && named->subject == subject && !named->values.empty() &&
          (last_label.empty() || named->values.back() == last_label))
        total += out.value(field, subject, named->instance).value_or(0);
    }
    return total;
  }
};

// Runs the tests, or says why this machine cannot.
inline int run_unless(const std::optional<std::string_view>& lacking, int argc, char** argv) {
  constexpr int kSkipped = 77;  // meson's word for it
  if (!lacking) return doctest::Context(argc, argv).run();
  std::cout << "SKIPPED: " << *lacking << '\n';
  return kSkipped;
}

}  // namespace hostmeter::test

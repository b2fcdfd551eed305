// A source::Host over a made-up tree.
#pragma once
#include <string>

#include "source/host.hpp"
#include "support/fake_clock.hpp"
#include "support/tree.hpp"

namespace hostmeter::test {

// proc/ and sys/ of the tree; either may be missing.
struct MadeUpHost {
  explicit MadeUpHost(std::string_view text)
      : tree(std::string(text) + "\n-- proc/ --\n-- sys/ --\n") {
    std::filesystem::create_directories(tree.root() / "proc");
    std::filesystem::create_directories(tree.root() / "sys");
    host.root = std::move(*base::Dir::open(tree.root().c_str()));
    host.proc = std::move(*base::Dir::open_at(host.root.fd(), "proc"));
    host.sys = std::move(*base::Dir::open_at(host.root.fd(), "sys"));
    host.clock = &clock;
    host.live = false;
  }
  Tree tree;
  FakeClock clock;
  source::Host host;
};

}  // namespace hostmeter::test

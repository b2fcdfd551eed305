#include "app/bpf_readers.hpp"

#include <doctest/doctest.h>

#include "support/made_up_host.hpp"
#include "support/made_up_machine.hpp"

using namespace hostmeter;

TEST_CASE("nothing is loaded for a recording, or when BPF is switched off") {
  test::MadeUpHost made_up(test::kMachine);
  config::Settings settings;
  for (const bool live : {false, true}) {
    made_up.host.live = live;
    settings.bpf.enabled = !live;
    app::Readers made = app::make_readers(settings, made_up.host);
    const std::size_t remarks = made.remarks.size();
    const app::BpfReaders bpf = app::make_bpf_readers(settings, made_up.host, made);
    CHECK_FALSE(bpf.blkio);
    CHECK_FALSE(bpf.blkio_latency);
    CHECK_FALSE(bpf.run_queue);
    CHECK(made.remarks.size() == remarks);
  }
}

TEST_CASE("what is switched off by itself is not loaded; only what falls with it is remarked on") {
  test::MadeUpHost made_up(test::kMachine);
  config::Settings settings;
  settings.collect.disable = {std::string(app::kBlkio), std::string(app::kRunQueue)};
  app::Readers made = app::make_readers(settings, made_up.host);
  made_up.host.live = true;
  const app::BpfReaders bpf = app::make_bpf_readers(settings, made_up.host, made);
  CHECK_FALSE(bpf.blkio);
  CHECK_FALSE(bpf.blkio_latency);
  CHECK_FALSE(bpf.run_queue);
  REQUIRE(made.remarks.size() == 1);
  CHECK(made.remarks[0].reader == app::kBlkioLatency);
}

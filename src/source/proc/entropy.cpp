// /proc/sys/kernel/random: entropy_avail and poolsize.
#include "hostmeter/flow/facts/entropy.hpp"

#include "source/proc/numbers.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

class EntropyReader final : public Reader {
 public:
  explicit EntropyReader(Host& host) : host_(host) {}

  void read(const Tick&, Output& out) override {
    Facts<Entropy> facts;
    facts.set(Entropy::available, bits(available_));
    facts.set(Entropy::pool_size, bits(pool_size_));
    out.send(kHost, facts);
  }

 private:
  std::optional<std::uint64_t> bits(base::KeptFile& file) {
    const auto value = read_single_number(file, host_.proc.fd(), host_.buffer);
    if (value) return *value;
    failed(value.error());
    return {};
  }

  Host& host_;
  base::KeptFile available_{"sys/kernel/random/entropy_avail"};
  base::KeptFile pool_size_{"sys/kernel/random/poolsize"};
};

}  // namespace

extern const ReaderSpec entropy{"entropy",
                                [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                                  return std::make_unique<EntropyReader>(host);
                                }};

}  // namespace hostmeter::source::proc

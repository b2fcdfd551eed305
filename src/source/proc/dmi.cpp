// /sys/class/dmi/id: what the machine's firmware says it is.
#include "hostmeter/flow/facts/dmi.hpp"

#include <array>
#include <string>

#include "source/proc/attribute.hpp"
#include "source/proc/cadence.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

// It cannot change while the machine runs; read again for a consumer that missed it.
constexpr std::uint64_t kEveryTicks = 3600;

// In the order of the instance labels. Serial numbers and the UUID are readable by root alone.
constexpr const char* kFiles[] = {
    "bios_date",      "bios_release",    "bios_vendor",     "bios_version",      "board_name",
    "board_serial",   "board_vendor",    "board_version",   "chassis_asset_tag", "chassis_serial",
    "chassis_vendor", "chassis_version", "product_family",  "product_name",      "product_serial",
    "product_sku",    "product_uuid",    "product_version", "sys_vendor"};

class DmiReader final : public Reader {
 public:
  explicit DmiReader(Host& host) : host_(host), machines_(host.instances, kHost) {}

  void read(const Tick& tick, Output& out) override {
    cadence_.begin(tick);
    if (!cadence_.due()) return;
    const AttributeDir files(host_.sys.fd(), "class/dmi/id", host_.buffer);
    machines_.begin();
    if (files) {
      std::array<std::string_view, std::size(kFiles)> values;
      for (std::size_t i = 0; i < values.size(); ++i) {
        files.copy(kFiles[i], texts_[i]);
        values[i] = texts_[i];
      }
      Facts<DmiInfo> one;
      one.set(DmiInfo::info, 1);
      out.send(kHost, one, machines_.get_span(out, values.data(), values.size()));
    }
    machines_.end(out);
  }

 private:
  Host& host_;
  Cadence cadence_{kEveryTicks};
  InstanceSet machines_;
  std::array<std::string, std::size(kFiles)> texts_;
};

}  // namespace

extern const ReaderSpec dmi{"dmi", [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                              return std::make_unique<DmiReader>(host);
                            }};

}  // namespace hostmeter::source::proc

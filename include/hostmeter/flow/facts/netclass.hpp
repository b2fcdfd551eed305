// /sys/class/net: what the host's interfaces are.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// Instance labels: device.
enum class Netclass : std::uint8_t {
  address_assign_type,
  carrier,
  carrier_changes,
  carrier_up_changes,
  carrier_down_changes,
  device_id,
  dormant,
  flags,
  iface_id,
  iface_link,
  iface_link_mode,
  mtu_bytes,
  name_assign_type,
  net_dev_group,
  protocol_type,
  speed_bytes,  // per second
  transmit_queue_length,
  up,  // 1 if operstate is "up"
  count
};
constexpr Group group_of(Netclass) {
  return Group::netclass;
}

// Instance labels: address, adminstate, broadcast, device, duplex, ifalias, operstate.
enum class NetworkInfo : std::uint8_t {
  info,  // always 1
  count
};
constexpr Group group_of(NetworkInfo) {
  return Group::network_info;
}

}  // namespace hostmeter

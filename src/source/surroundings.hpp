// Where we run: on the host, or inside a container of it, and what we cannot see from there.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "source/host.hpp"

namespace hostmeter::source {

// Something that stays hidden from us, and how to change that.
struct BlindSpot {
  std::string what, mend;
};

// The namespaces of our process and of the host that is read, as the links in /proc/PID/ns print
// them: "pid:[4026531836]". Empty: could not be read.
struct Namespaces {
  std::string own_pid{}, own_net{}, own_cgroup{};     // /proc/self of the /proc we live in
  std::string host_pid{}, host_net{}, host_cgroup{};  // process 1 of the /proc that is read
  // Inodes of net/dev of both processes, which anyone may ask for: each network has files of its
  // own, under numbers that none other has. 0: could not be read.
  std::uint64_t own_net_file = 0, host_net_file = 0;
};
Namespaces namespaces(const base::Dir& own_proc, const Host& host);

enum class Network { ours, other, unknown };

// Whose network the host's is. When it is another, netlink would not answer for the host's.
Network network_of_host(const Namespaces&);
bool is_other_network(const Namespaces&);

// Pure: what these namespaces hide from us.
std::vector<BlindSpot> blind_spots(const Namespaces&);

}  // namespace hostmeter::source

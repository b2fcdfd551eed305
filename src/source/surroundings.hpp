// Where we run: on the host, or inside a container of it, and what we cannot see from there.
#pragma once
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
};
Namespaces namespaces(const base::Dir& own_proc, const Host& host);

// True when the host's network is not ours: netlink would answer for another one.
bool is_other_network(const Namespaces&);

// Pure: what these namespaces hide from us.
std::vector<BlindSpot> blind_spots(const Namespaces&);

}  // namespace hostmeter::source

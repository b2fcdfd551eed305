// What a run sees of the file system, in a mount namespace of its own.
#pragma once
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "hostmeter/base/result.hpp"
#include "source/script/job.hpp"

namespace hostmeter::source::script {

// Each step after begin(), in the order they are declared in; any may be left out. No error is
// success.
class View {
 public:
  explicit View(const Job& job) : job_(job) {}

  // Nothing that is mounted from here on reaches the host. The script is the file that was looked
  // at, whatever has taken its place since. What is to be seen through what will hide it is held,
  // and secrets are read.
  std::optional<Error> begin();

  // All but what the run may write to; no set-user-ID programs, no devices.
  std::optional<Error> make_read_only();
  // An empty one, of bounded size.
  std::optional<Error> make_tmp();
  // Nothing is left of what holds sockets and of what the rules hide, but what the run may see of
  // it; its secrets are in a directory there.
  std::optional<Error> hide();
  // Devices that are harmless, and those the run may use.
  std::optional<Error> make_dev();
  // The processes of the run, and no others.
  std::optional<Error> make_proc();

 private:
  struct Shown {
    std::string path;
    base::UniqueFd place;
    bool is_directory = false, is_writable = false;
  };
  struct Secret {
    std::string name, text;
  };
  struct Device {
    std::string path;
    mode_t type = 0;
    dev_t number = 0;
  };
  enum class Hold { read, socket, written };
  std::optional<Error> hold(const std::string& path, Hold how);
  std::optional<Error> pin_script();
  std::optional<Error> read_secret(const std::string& path);
  std::optional<Error> mask(const std::string& path);
  std::optional<Error> show(const Shown& shown) const;
  std::optional<Error> put_secrets() const;
  std::optional<Error> put_device(const Device& device) const;
  bool is_masked(const std::string& path) const;

  const Job& job_;
  std::vector<Shown> shown_;
  std::vector<Secret> secrets_;
  std::vector<Device> devices_;
  std::vector<std::string> masks_;  // directories with nothing in them but what we put there
};

}  // namespace hostmeter::source::script

// Which files a tick read, and the same reading again with nothing around it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hostmeter::bench {

// The openat, pread and close calls of one thread, in their order. This program defines these
// three in front of libc's, so that what the agent does is noted as it does it: the bare loop
// cannot differ from it in files, order or cadence. Noting costs the agent some 5 ns for each call.
class FileCalls {
 public:
  FileCalls();

  // Notes the calling thread's calls from now on, instead of what was noted before.
  void begin();
  void end();

  // The noted calls once more: kept files by the same descriptors, the others opened, read and
  // closed as they were. Each pread asks for as much as the agent's did, into one buffer.
  void repeat();

  std::size_t kept_reads() const;  // preads of descriptors that were open before begin()
  std::size_t opened_reads()
      const;  // files opened, read and closed; also those that were not there

  void note_open(int dir, const char* path, int flags, int opened);
  void note_read(int fd, std::size_t size, std::int64_t offset);
  void note_close(int fd);

 private:
  enum class Kind : std::uint8_t { open, read, close };
  struct Call {
    Kind kind;
    int fd;            // open: the directory's
    int flags;         // open
    int opened;        // open: the agent's descriptor, or -1
    std::size_t size;  // read
    std::int64_t offset;
    std::size_t path;  // open: where in paths_ it begins
  };
  std::vector<Call> calls_;
  std::string paths_;          // each ends in '\0'
  std::vector<int> reopened_;  // by the agent's descriptor
  std::vector<char> buffer_;
};

}  // namespace hostmeter::bench

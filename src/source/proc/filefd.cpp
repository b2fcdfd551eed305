// /proc/sys/fs/file-nr.
#include "source/proc/filefd.hpp"

#include "hostmeter/base/text.hpp"
#include "source/proc/file_reader.hpp"

namespace hostmeter::source::proc {

Result<Facts<Filefd>> parse_file_nr(std::string_view text) {
  Text words = Text(text).line();
  const auto allocated = words.number();
  const auto unused = words.number();  // free handles, until Linux 2.6
  const auto maximum = words.number();
  if (!allocated || !unused || !maximum) return Error{EBADMSG, "file-nr: count"};
  Facts<Filefd> facts;
  facts.set(Filefd::allocated, *allocated);
  facts.set(Filefd::maximum, *maximum);
  return facts;
}

extern const ReaderSpec filefd{"filefd", [](Host& host, const Options&) {
                                 return proc_file_reader<parse_file_nr>(host, "sys/fs/file-nr");
                               }};

}  // namespace hostmeter::source::proc

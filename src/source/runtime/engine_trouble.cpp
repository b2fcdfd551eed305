#include "source/runtime/engine_trouble.hpp"

#include <cerrno>
#include <cstring>

namespace hostmeter::source::runtime {
namespace {

struct Words {
  int code;
  std::string_view what, mend;
};
constexpr Words kWords[] = {
    {ENOENT, "there is no socket", "start it, or name its socket by endpoint"},
    {ENOTDIR, "there is no socket", "start it, or name its socket by endpoint"},
    {ECONNREFUSED, "nobody listens there", "start it"},
    {EAGAIN, "it accepts no connections", "see whether it hangs"},
    {EACCES, "its socket is closed to us", "run as root, or as a member of the socket's group"},
    {EPERM, "its socket is closed to us", "run as root, or as a member of the socket's group"},
    {ETIMEDOUT, "it did not answer in time", "see whether it hangs, or raise timeout"},
    {EBUSY, "its process is stopped", "let it go on (SIGCONT)"},
    {ECONNRESET, "it ended the connection", "nothing, if it was restarted"},
    {EPIPE, "it ended the connection", "nothing, if it was restarted"},
    {EPROTO, "it speaks no HTTP", "name the right socket by endpoint"},
    {EBADMSG, "its answer is not what was asked for", "name the right socket by endpoint"},
    {EFBIG, "its answer is too long", "see who answers at this socket"},
    {EMSGSIZE, "its answer is too long", "see who answers at this socket"},
    {ENOTSUP, "it refuses to answer", "see its own log"},
    {EPROTONOSUPPORT, "it is too old", "Docker 1.12 or later is needed"},
};

std::string reason(const Error& error) {
  for (const Words& words : kWords)
    if (words.code == error.code) return std::string(words.what) + "; " + std::string(words.mend);
  return std::string(error.what) + ": " + std::strerror(error.code);
}

}  // namespace

std::string trouble_words(Runtime runtime, std::string_view socket, const Error& error) {
  return std::string(to_string(runtime)) + " at /" + std::string(socket) +
         " does not tell who its containers are, figures go on: " + reason(error);
}

std::string oddity_words(Runtime runtime, std::string_view id, const Error& error) {
  return std::string(to_string(runtime)) + " does not tell about container " + std::string(id) +
         ", others are named: " + reason(error);
}

bool is_about_one(const Error& error) {
  return error.code == EBADMSG || error.code == EFBIG || error.code == EMSGSIZE ||
         error.code == ENOTSUP;
}

}  // namespace hostmeter::source::runtime

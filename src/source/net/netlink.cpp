// Netlink messages.
#include "source/net/netlink.hpp"

#include <linux/netlink.h>

#include <algorithm>
#include <cstdlib>

namespace hostmeter::source::net {
namespace {

// Everything in netlink begins at a multiple of 4; after the last there may be no padding.
Bytes without_first(Bytes bytes, std::size_t size) {
  const std::size_t aligned = (size + 3) & ~std::size_t{3};
  return bytes.subspan(std::min(aligned, bytes.size()));
}

}  // namespace

std::string_view to_string(Bytes bytes) {
  const auto end = std::find(bytes.begin(), bytes.end(), std::byte{0});
  if (end == bytes.end()) return {};
  return {reinterpret_cast<const char*>(bytes.data()), std::size_t(end - bytes.begin())};
}

std::optional<Message> Messages::next() {
  if (rest_.empty()) return {};
  const auto header = leading<nlmsghdr>(rest_);
  if (!header || header->nlmsg_len < sizeof(nlmsghdr) || header->nlmsg_len > rest_.size()) {
    damaged_ = true;
    rest_ = {};
    return {};
  }
  const Bytes payload = rest_.first(header->nlmsg_len).subspan(sizeof(nlmsghdr));
  rest_ = without_first(rest_, header->nlmsg_len);
  return Message{header->nlmsg_type, header->nlmsg_flags, header->nlmsg_seq, payload};
}

std::optional<Attribute> Attributes::next() {
  if (rest_.empty()) return {};
  const auto header = leading<nlattr>(rest_);
  if (!header || header->nla_len < sizeof(nlattr) || header->nla_len > rest_.size()) {
    damaged_ = true;
    rest_ = {};
    return {};
  }
  const Bytes payload = rest_.first(header->nla_len).subspan(sizeof(nlattr));
  rest_ = without_first(rest_, header->nla_len);
  return Attribute{std::uint16_t(header->nla_type & NLA_TYPE_MASK), payload};
}

Result<PartOf> part_of(const Message& message, std::uint32_t sequence) {
  if (message.sequence != sequence) return PartOf{Part::foreign, 0, false};
  const bool interrupted = (message.flags & NLM_F_DUMP_INTR) != 0;
  if (message.type == NLMSG_NOOP) return PartOf{Part::foreign, 0, false};
  if (message.type == NLMSG_OVERRUN) return Error{ENOBUFS, "netlink: overrun"};
  if (message.type != NLMSG_ERROR && message.type != NLMSG_DONE)
    return PartOf{Part::content, 0, interrupted};
  // Both carry a negative errno; the end of a dump that went wrong does so too.
  const auto code = leading<std::int32_t>(message.payload);
  if (!code && message.type == NLMSG_ERROR) return Error{EBADMSG, "netlink: error"};
  if (code && (*code > 0 || *code < -4095)) return Error{EBADMSG, "netlink: error"};
  return PartOf{Part::end, -code.value_or(0), interrupted};
}

Request::Request(std::uint16_t type, std::uint16_t flags, const void* header, std::size_t size) {
  nlmsghdr start{};
  start.nlmsg_type = type;
  start.nlmsg_flags = std::uint16_t(flags | NLM_F_REQUEST);
  append(&start, sizeof start);
  append(header, size);
}

void Request::add(std::uint16_t attribute, std::uint32_t value) {
  nlattr header{};
  header.nla_type = attribute;
  header.nla_len = sizeof header + sizeof value;
  append(&header, sizeof header);
  append(&value, sizeof value);
}

void Request::number(std::uint32_t sequence) {
  std::memcpy(data_.data() + offsetof(nlmsghdr, nlmsg_seq), &sequence, sizeof sequence);
}

void Request::append(const void* from, std::size_t size) {
  if (size > data_.size() - size_) std::abort();
  std::memcpy(data_.data() + size_, from, size);
  size_ = (size_ + size + 3) & ~std::size_t{3};
  const auto length = std::uint32_t(size_);
  std::memcpy(data_.data() + offsetof(nlmsghdr, nlmsg_len), &length, sizeof length);
}

}  // namespace hostmeter::source::net

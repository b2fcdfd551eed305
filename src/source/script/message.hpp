// Requests and answers as bytes. Either side takes the other's for hostile.
#pragma once
#include <string>
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "source/script/packets.hpp"
#include "source/script/request.hpp"

namespace hostmeter::source::script {

inline constexpr std::size_t kLongestMessage = kLongestPacket;
inline constexpr std::size_t kLongestText = 4096;
inline constexpr std::size_t kMostTexts = 128;  // in one list

// Empty: too long to be sent.
std::string encode(const Request& request);
std::string encode(const Answer& answer);

// EBADMSG: not whole, or beyond a bound; paths are absolute, no text but what was
// printed has a NUL in it.
Result<Request> decode_request(std::string_view bytes);
Result<Answer> decode_answer(std::string_view bytes);

}  // namespace hostmeter::source::script

// What protocol says of each answer, written down once more, so that the client's own tables are tested.
#include "captures/stream_cases.hpp"

#include <boost/json/value_to.hpp>

#include <iterator>
#include <stdexcept>

namespace mesosio::captures {

std::string StreamCase::name() const {
  return test_name(capture->name) + (number > 0 ? "_answer" + std::to_string(number + 1) : "");
}

std::vector<StreamCase> stream_cases() {
  std::vector<StreamCase> cases;
  for (const auto& capture : all_captures()) {
    if (!capture.subscribes()) continue;
    for (std::size_t number = 0; number < capture.responses.size(); ++number) {
      cases.push_back({&capture, number});
    }
  }
  return cases;
}

std::vector<StreamCase> accepted_cases() {
  std::vector<StreamCase> cases;
  for (const auto& stream : stream_cases()) {
    if (stream.response().first_event == "SUBSCRIBED") cases.push_back(stream);
  }
  return cases;
}

std::vector<std::string> reads_of(const StreamCase& stream, const Recording& recording) {
  if (stream.capture->responses.size() > 1) return recording.answers.at(stream.number);
  std::vector<std::string> reads;
  for (const auto& group : recording.answers) {
    std::copy(group.begin(), group.end(), std::back_inserter(reads));
  }
  return reads;
}

StreamEnd end_of(const StreamCase& stream, const std::vector<ExpectedEvent>& events) {
  using Kind = StreamEnd::Kind;
  const Response& response = stream.response();
  switch (response.status) {
    case 200:
      break;
    case 307:
      return {Kind::redirected, {}, {}, response.location};
    case 404:
    case 503:
      return {Kind::retried, {}, response.body, {}};
    case 401:
      return {Kind::ended, errc::unauthorized, response.body, {}};
    case 400:
    case 405:
    case 406:
      return {Kind::ended, errc::refused, response.body, {}};
    default:
      throw std::runtime_error(stream.name() + ": nothing is known of this status");
  }
  if (!events.empty() && events.back().type == "ERROR") {
    return {Kind::ended,
            errc::error_event,
            boost::json::value_to<std::string>(events.back().facts.at("message")),
            {}};
  }
  if (stream.capture->malformed) return {Kind::disconnected, errc::malformed_response, {}, {}};
  if (response.complete) return {Kind::disconnected, errc::stream_ended, {}, {}};
  if (stream.capture->closed_by_server) return {Kind::disconnected, errc::connection_lost, {}, {}};
  return {};
}

}  // namespace mesosio::captures

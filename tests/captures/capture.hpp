// The recordings of a real master: what was sent, what the server answered read by read, and what an
// independent decoder found in it.
#pragma once

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mesosio::captures {

struct Response {
  int status = 0;
  bool complete = false;  // the body came to its end
  std::size_t body_bytes = 0;
  std::string body;  // empty also for a compressed one, see body_bytes
  std::string location;
  std::string first_event;  // its type; empty where there is none
};

// One connection, from data/index.json.
struct Capture {
  std::string name;                // as in data/NAME.jsonl
  std::vector<std::string> calls;  // the type of each request; empty where it holds no call
  std::vector<Response> responses;
  bool closed_by_server = false;
  bool malformed = false;  // its bytes are not valid HTTP

  [[nodiscard]] bool subscribes() const { return !calls.empty() && calls.front() == "SUBSCRIBE"; }
};

// An event as the index has it.
struct ExpectedEvent {
  std::string type;
  std::size_t length = 0;
  std::string sha256;
  boost::json::object facts;
};

// What went over the connection.
struct Recording {
  std::string sent;                               // by the client
  std::vector<std::vector<std::string>> answers;  // the server's reads, in groups between the client's sends
};

// All of them. What cannot be read throws std::runtime_error, which ends the program with its words.
const std::vector<Capture>& all_captures();
std::vector<ExpectedEvent> expected_events(const Capture& capture, std::size_t response);
Recording read_recording(const Capture& capture);
// Names of all recordings that lie in the folder, sorted.
std::vector<std::string> recorded_names();

std::string decode_base64(std::string_view text);

// `name` with what may not stand in the name of a test replaced.
std::string test_name(std::string_view name);

}  // namespace mesosio::captures

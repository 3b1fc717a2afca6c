// Reads the index and the recordings, one JSON document a line.
#include "captures/capture.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace mesosio::captures {
namespace {

namespace json = boost::json;

// Made anew each time, since names of tests are read before this file's globals are there.
std::filesystem::path in_folder(std::string_view name = {}) {
  return std::filesystem::path(MESOSIO_CAPTURES_DIR) / name;
}

constexpr std::string_view events_suffix = ".events.jsonl";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

std::vector<json::object> read_lines(const std::string& name) {
  std::istringstream content(read_file(in_folder(name)));
  std::vector<json::object> lines;
  for (std::string line; std::getline(content, line);) lines.push_back(json::parse(line).as_object());
  return lines;
}

std::string text_or_empty(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? json::value_to<std::string>(*value) : std::string();
}

Response read_response(const json::object& object) {
  return {static_cast<int>(object.at("status").as_int64()),
          object.at("complete").as_bool(),
          json::value_to<std::size_t>(object.at("body_bytes")),
          text_or_empty(object, "body"),
          text_or_empty(object, "location"),
          text_or_empty(object, "first_event")};
}

Capture read_capture(const json::object& object) {
  Capture capture;
  capture.name = text_or_empty(object, "name");
  for (const auto& call : object.at("calls").as_array()) {
    capture.calls.push_back(call.is_string() ? json::value_to<std::string>(call) : std::string());
  }
  for (const auto& response : object.at("responses").as_array()) {
    capture.responses.push_back(read_response(response.as_object()));
  }
  capture.closed_by_server = object.at("closed_by_server").as_bool();
  capture.malformed = object.at("malformed").as_bool();
  return capture;
}

}  // namespace

const std::vector<Capture>& all_captures() {
  static const std::vector<Capture> captures = [] {
    std::vector<Capture> read;
    const json::value index = json::parse(read_file(in_folder("index.json")));
    for (const auto& entry : index.as_array()) read.push_back(read_capture(entry.as_object()));
    return read;
  }();
  return captures;
}

std::vector<ExpectedEvent> expected_events(const Capture& capture, std::size_t response) {
  std::vector<ExpectedEvent> events;
  const std::string name = capture.name + std::string(events_suffix);
  if (!std::filesystem::exists(in_folder(name))) return events;
  for (const auto& line : read_lines(name)) {
    const json::value* number = line.if_contains("response");
    if ((number != nullptr ? json::value_to<std::size_t>(*number) : 0) != response) continue;
    const json::value* facts = line.if_contains("facts");
    events.push_back({text_or_empty(line, "type"), json::value_to<std::size_t>(line.at("length")),
                      text_or_empty(line, "sha256"), facts != nullptr ? facts->as_object() : json::object()});
  }
  return events;
}

Recording read_recording(const Capture& capture) {
  Recording recording;
  bool client_spoke = true;
  const auto lines = read_lines(capture.name + ".jsonl");
  for (std::size_t at = 1; at < lines.size(); ++at) {
    std::string bytes = decode_base64(text_or_empty(lines[at], "b64"));
    if (bytes.empty()) continue;
    const bool from_client = text_or_empty(lines[at], "dir") == ">";
    if (from_client) {
      recording.sent += bytes;
    } else {
      if (client_spoke) recording.answers.emplace_back();
      recording.answers.back().push_back(std::move(bytes));
    }
    client_spoke = from_client;
  }
  return recording;
}

std::vector<std::string> recorded_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(in_folder())) {
    const std::string file = entry.path().filename().string();
    if (entry.path().extension() == ".jsonl" && !file.ends_with(events_suffix)) {
      names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string decode_base64(std::string_view text) {
  std::string decoded(text.size() / 4 * 3, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) throw std::runtime_error("not base64: " + std::string(text.substr(0, 40)));
  // OpenSSL counts the padding as bytes.
  const auto padding = static_cast<std::size_t>(std::count(text.begin(), text.end(), '='));
  decoded.resize(static_cast<std::size_t>(size) - padding);
  return decoded;
}

std::string test_name(std::string_view name) {
  std::string safe(name);
  for (char& c : safe) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return safe;
}

}  // namespace mesosio::captures

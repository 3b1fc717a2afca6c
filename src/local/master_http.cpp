// The HTTP face of the master.
#include "local/master_http.hpp"

#include "codec/http_status.hpp"
#include "codec/message.hpp"
#include "codec/recordio.hpp"
#include "codec/validate_call.hpp"
#include "local/events.hpp"

#include <boost/json.hpp>

#include <initializer_list>

namespace mesosio::local {
namespace {

using mesos::v1::scheduler::Call;

constexpr std::string_view json_content_type = "application/json";

// A list of a million tiny messages is small as bytes and large once parsed; this is room for reconciling a
// hundred thousand tasks in one call.
constexpr codec::ParseLimits call_limits{std::size_t{1} << 20U, 400'000};

HttpResponse method_not_allowed(const std::string& method, const std::string& expected) {
  HttpResponse response = text_response(405, "405 Method Not Allowed. Expecting one of { '" + expected +
                                                 "' }, but received '" + printable(method, 64) + "'.");
  response.headers.insert(response.headers.begin(), {"Allow", expected});
  return response;
}

HttpResponse json_response(const boost::json::value& value) {
  HttpResponse response;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = boost::json::serialize(value);
  return response;
}

boost::json::value state_of(const Master& master) {
  boost::json::array agents;
  for (const auto& [id, agent] : master.agents()) {
    agents.push_back(boost::json::object{{"id", id},
                                         {"hostname", agent.hostname},
                                         {"resources", agent.resources.to_string()},
                                         {"unused_resources", master.free_of(id).to_string()}});
  }
  boost::json::array frameworks;
  for (const auto& [id, framework] : master.frameworks()) {
    boost::json::array tasks;
    for (const auto& [task_id, task] : framework.tasks) {
      tasks.push_back(boost::json::object{{"id", printable(task_id, 255)},
                                          {"name", task.name},
                                          {"slave_id", task.agent_id},
                                          {"state", mesos::v1::TaskState_Name(task.state)}});
    }
    frameworks.push_back(boost::json::object{{"id", printable(id, 255)},
                                             {"name", printable(framework.info->name(), 255)},
                                             {"connected", framework.stream.has_value()},
                                             {"tasks", std::move(tasks)}});
  }
  return boost::json::object{{"id", master.config().id},
                             {"version", events::mesos_version},
                             {"hostname", master.config().address},
                             {"slaves", std::move(agents)},
                             {"frameworks", std::move(frameworks)}};
}

// Only these calls have an answer whose type the client chooses. Where both types would do, Mesos takes JSON.
std::optional<HttpResponse> check_accept(const HttpRequest& request) {
  const auto accept = request.header("Accept");
  const bool protobuf = accepts(accept, codec::protobuf_content_type);
  const bool json = accepts(accept, json_content_type);
  if (!protobuf && !json) {
    return text_response(406, "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'");
  }
  if (json) {
    return text_response(406,
                         "This 'Accept' asks for JSON, which this local master does not speak yet: "
                         "expecting exactly 'application/x-protobuf'");
  }
  return {};
}

HttpResponse scheduler_api(Master& master, const HttpRequest& request, Now now, MasterEffects& out) {
  if (request.method != "POST") {
    return method_not_allowed(request.method, "POST");
  }
  const auto content_type = request.header("Content-Type");
  if (!content_type) {
    return text_response(400, "Expecting 'Content-Type' to be present");
  }
  if (*content_type == json_content_type) {
    return text_response(415, "This local master speaks application/x-protobuf so far, not application/json");
  }
  if (*content_type != codec::protobuf_content_type) {
    return text_response(415, "Expecting 'Content-Type' of application/json or application/x-protobuf");
  }
  Call call;
  if (codec::parse_message(request.body, call, call_limits)) {
    return text_response(400, "Failed to parse body into Call protobuf");
  }
  if (const auto fault = codec::check_call(call, codec::CallRules::master)) {
    return text_response(400, fault->master_text);
  }
  if (call.type() == Call::SUBSCRIBE || call.type() == Call::RECONCILE_OPERATIONS) {
    if (auto refusal = check_accept(request)) {
      return *refusal;
    }
  }
  const auto stream_id = request.header(codec::stream_id_header);
  if (call.type() != Call::SUBSCRIBE) {
    CallAnswer answer = master.call(std::move(call), stream_id, now, out);
    return text_response(answer.status, std::move(answer.text));
  }
  if (stream_id) {
    return text_response(400, "Subscribe calls should not include the 'Mesos-Stream-Id' header");
  }
  HttpResponse response;
  response.is_stream = true;
  response.headers.emplace_back(codec::stream_id_header, master.subscribe(call, request.number, now, out));
  response.headers.emplace_back("Content-Type", codec::protobuf_content_type);
  return response;
}

bool is_path(std::string_view path, std::string_view name) {
  constexpr std::string_view prefix = "/master";
  if (path.substr(0, prefix.size()) == prefix) {
    path.remove_prefix(prefix.size());
  }
  if (path.size() > 1 && path.back() == '/') {
    path.remove_suffix(1);
  }
  return path == name;
}

}  // namespace

HttpResponse answer(Master& master, const HttpRequest& request, Now now, MasterEffects& out) {
  if (is_path(request.path, "/api/v1/scheduler")) {
    return scheduler_api(master, request, now, out);
  }
  const auto is = [&](std::string_view name) { return is_path(request.path, name); };
  if (is("/redirect")) {
    HttpResponse response;
    response.status = 307;
    response.headers.emplace_back(
        "Location", "//" + master.config().address + ':' + std::to_string(master.config().port));
    return response;
  }
  if (!is("/health") && !is("/version") && !is("/state")) {
    return text_response(404, "404 Not Found.");
  }
  if (request.method != "GET") {
    return method_not_allowed(request.method, "GET");
  }
  if (is("/health")) {
    return text_response(200, {});
  }
  return json_response(is("/state")
                           ? state_of(master)
                           : boost::json::value(boost::json::object{{"version", events::mesos_version}}));
}

std::string to_record(const mesos::v1::scheduler::Event& event) {
  return codec::encode_record(event.SerializePartialAsString());
}

}  // namespace mesosio::local
